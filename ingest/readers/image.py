"""An image file: one figure, whatever its size."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from ingest.blocks import Block, Figure
from rag.errors import ReadError
from rag.pictures.open import MAX_BYTES, open_image

if TYPE_CHECKING:
    from rag.pictures.ocr import Ocr


def read(path: Path, source: str, root: Path, ocr: Ocr | None) -> Iterator[Block]:
    """One Figure, its `origin` the source's own name. Raises ReadError as `open_image` does."""
    if path.stat().st_size > MAX_BYTES:
        raise ReadError("The image file is too large.", f"Save it with at most {MAX_BYTES // 1_000_000} MB.")
    data = path.read_bytes()
    yield Figure(open_image(data), origin=source, data=data)
