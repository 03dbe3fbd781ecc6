"""OCR that is not done twice: what was read on the pages of a long file is kept with what else was made of it while it is read."""

from __future__ import annotations

from typing import Any, cast

from ingest.readers.resumed import once
from rag.pictures.ocr import Ocr
from rag.storage.media import pixel_hash

REMEMBERED = ("read", "paragraphs")  # ways to read a picture


class _Remembered:
    def __init__(self, engine: Ocr):
        self._engine = engine

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._engine, name)
        if name not in REMEMBERED:
            return found
        return lambda image: once((name, pixel_hash(image)), lambda: found(image))


def remembering(engine: Ocr) -> Ocr:
    """`engine`, for a reader; what it reads is remembered where `ingest.readers.resumed` keeps the parts of a file."""
    return cast(Ocr, _Remembered(engine))
