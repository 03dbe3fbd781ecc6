"""OCR that is not done twice: what was read on a page stays in the catalogue until the ingest is done, however often it is stopped."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rag.pictures.ocr import Ocr
from rag.storage.catalog import PAGE, Catalog
from rag.storage.media import pixel_hash

if TYPE_CHECKING:
    from PIL.Image import Image


class RememberedOcr(Ocr):
    """Reads as `engine` does, and remembers it by the pixels."""

    def __init__(self, engine: Ocr, catalog: Catalog):
        super().__init__()
        self._inner, self._catalog = engine, catalog

    def read(self, image: Image) -> str:
        key = PAGE + pixel_hash(image)
        text = self._catalog.recall(key, self.name)
        if text is None:
            text = self._inner.read(image)
            self._catalog.remember(key, self.name, text)
        return text
