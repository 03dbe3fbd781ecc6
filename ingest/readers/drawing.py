"""A drawing (SVG) as a file: one figure, its words taken as they are written."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from ingest.blocks import Block, Figure, Text
from ingest.svg import MAX_BYTES, Drawing
from rag.errors import ReadError

if TYPE_CHECKING:
    from ingest.ocr import Ocr

MAX_WORDS = 2000  # characters that a figure carries


def read(path: Path, source: str, root: Path, ocr: Ocr | None) -> Iterator[Block]:
    """One Figure, its `origin` the source's own name, its <title> the caption, its other words around it; where they are many, as on
    a map, all of them as a Text too. Raises ReadError as `Drawing` and its `render` do."""
    if path.stat().st_size > MAX_BYTES:
        raise ReadError("The drawing is too large.", f"Save it with at most {MAX_BYTES // 1_000_000} MB, or as PNG.")
    drawing = Drawing(path.read_bytes())
    lines = [line for line in drawing.words.split("\n") if line != drawing.title]
    yield Figure(drawing.render(), drawing.title, "\n".join(lines)[:MAX_WORDS] or None, source)
    if len("\n".join(lines)) > MAX_WORDS:
        yield Text("\n".join(lines))
