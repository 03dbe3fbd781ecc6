"""An image file: one figure, whatever its size, with the words that its file carries; each page of a TIFF is one."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from ingest.blocks import Block, Figure, Lost
from ingest.readers.picture_words import said_of
from rag.errors import ReadError
from rag.pictures.open import MAX_BYTES, open_pages
from rag.records import Locator

if TYPE_CHECKING:
    from rag.pictures.ocr import Ocr


def read(path: Path, source: str, root: Path, ocr: Ocr | None) -> Iterator[Block]:
    """One Figure, its `origin` the source's own name, its caption what the file says of it; of a TIFF with several pages one for each,
    with `page`, and as Lost those of them that cannot be read. Raises ReadError as `open_pages` does, and where no page can be read.
    """
    if path.stat().st_size > MAX_BYTES:
        raise ReadError("The image file is too large.", f"Save it with at most {MAX_BYTES // 1_000_000} MB.")
    data = path.read_bytes()
    caption, keywords = said_of(data)
    pages = enumerate(open_pages(data), 1)
    lost: list[tuple[int, ReadError]] = []
    held = next(pages, None)
    several, empty = False, True
    while held:
        (number, image), held = held, next(pages, None)
        several = several or held is not None
        if isinstance(image, ReadError):
            lost.append((number, image))
            continue
        empty = False
        yield Figure(image, caption, keywords, source, Locator(page=number if several else None), None if several else data)
    if empty and lost:
        raise lost[0][1]
    yield from (Lost(f"page {number}", str(error), error.hint) for number, error in lost)
