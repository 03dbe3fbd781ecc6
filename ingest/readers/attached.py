"""A file inside a document: it is read as its kind is, under the heading of its name."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextvars import ContextVar
from dataclasses import replace
from pathlib import Path, PurePath
from typing import TYPE_CHECKING

from ingest.blocks import Block, Document, Example, Figure, Lost, Passed
from ingest.figures import worth_keeping
from rag.errors import ReadError
from rag.records import HEADING_SEPARATOR

if TYPE_CHECKING:
    from rag.pictures.ocr import Ocr

MAX_DEPTH = 3  # of files in files
UNKNOWN = "attachments of unknown kinds"

_depth: ContextVar[int] = ContextVar("depth", default=0)


def attached(name: str, data: bytes, above: tuple[str, ...], ocr: Ocr | None, *, paged: bool = False) -> Iterator[Block]:
    """The blocks of the file `data` under the headings `above` and its `name`; as Lost what cannot be read or is nested too deeply, as
    Passed what no reader knows. Its pages are told where it is `paged`: where what it is in has none of its own."""
    from ingest.readers import kind, read

    if not kind(PurePath(name)):
        yield Passed(UNKNOWN)
        return
    depth = _depth.get() + 1
    if depth > MAX_DEPTH:
        yield Lost(name, f"Files in files are read to a depth of {MAX_DEPTH}.", "Save it as a file of its own, and take that in.")
        return
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / ("attachment" + PurePath(name).suffix.lower())
        file.write_bytes(data)
        found = read(file, name, Path(folder), ocr)
        title = ""
        while True:
            within = _depth.set(depth)
            try:
                block = next(found, None)
            except ReadError as error:
                block = Lost("", str(error), error.hint)
            finally:
                _depth.reset(within)
            if block is None:
                return
            if isinstance(block, Document):
                title = block.title
            elif isinstance(block, Lost):
                yield replace(block, name=f"{name} > {block.name}" if block.name else name)
            elif isinstance(block, Passed):
                yield block
            elif not isinstance(block, Example) and (not isinstance(block, Figure) or worth_keeping(block.image)):
                inner = block.locator.heading or ""
                own = [] if inner.startswith(title) else [title]
                heading = HEADING_SEPARATOR.join(filter(None, [*above, name, *own, inner]))
                place = block.locator if paged else replace(block.locator, page=None, bbox=None)
                yield replace(block, locator=replace(place, heading=heading))
