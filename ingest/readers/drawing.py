"""A drawing (SVG) as a file: one figure, its words taken as they are written."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from ingest import svg
from ingest.blocks import Block, Figure, Text
from rag.errors import ReadError

if TYPE_CHECKING:
    from rag.pictures.ocr import Ocr

MAX_WORDS = 2000  # characters that a figure carries


def read(path: Path, source: str, root: Path, ocr: Ocr | None) -> Iterator[Block]:
    """One Figure, its `origin` the source's own name, its <title> the caption, its other words around it; where they are many, as on
    a map, all of them as a Text too. Raises ReadError as `Drawing` and its `render` do."""
    if path.stat().st_size > svg.MAX_BYTES:
        raise ReadError("The drawing is too large.", f"Save it with at most {svg.MAX_BYTES // 1_000_000} MB, or as PNG.")
    drawing = svg.Drawing(path.read_bytes())
    words = "\n".join(line for line in drawing.words.split("\n") if line != drawing.title)
    image = drawing.render()
    if image.getcolors(1):  # None where there are more
        raise ReadError("The drawing shows nothing.", "Open it in a browser; if something shows there, save it as PNG.")
    yield Figure(image, drawing.title, words[:MAX_WORDS] or None, source)
    if len(words) > MAX_WORDS:
        yield Text(words)
