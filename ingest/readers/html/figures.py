"""The pictures of a page, opened: from beside it, or written into it; drawings are rendered."""

from __future__ import annotations

import logging
import os
import re
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from ingest import svg
from ingest.figures import ICON_SIDE, MIN_SIDE, worth_keeping
from ingest.readers.references import Fetch, inline_data, local_name
from rag.errors import ReadError
from rag.pictures.open import open_image

if TYPE_CHECKING:
    from PIL.Image import Image

MAX_FAILURES = 3  # drawings that cannot be rendered: each may have taken seconds
_MAX_WORDS = 2000  # characters, of a drawing
_KEPT = 4  # drawings, for pages that show one again and again

_SLASHES = re.compile("/{2,}")
_log = logging.getLogger(__name__)


class Opened(NamedTuple):
    """An image, its file as it came, what the document calls that; of a drawing also its title and its other words."""

    image: Image
    data: bytes | None
    origin: str | None = None
    title: str | None = None
    words: str | None = None


class Opener:
    """Opens the pictures of one document, whose references `fetch` follows. After three drawings that cannot be rendered it leaves
    drawings alone."""

    def __init__(self, fetch: Fetch):
        self._fetch = fetch
        self._failures = 0
        self.missing = False  # whether there was no file at all for the last picture
        self._rendered = lru_cache(_KEPT)(self._render)

    def open(self, candidates: tuple[str, ...], icon_side: int = 0) -> Opened | None:
        """The first of the candidates that opens and is worth keeping; None where both its sides are under `icon_side` pixels."""
        self.missing = True
        for reference in candidates:
            inline = reference[:5].lower() == "data:"
            data = inline_data(reference) if inline else self._fetch(reference)
            if data is None:
                _log.debug("passed over: %.200s", reference)
                continue
            self.missing = False
            try:
                opened = self._rendered(data) if svg.is_svg(data) else Opened(open_image(data), data)
            except ReadError as error:
                _log.debug("passed over: %.200s: %s", reference, error)
                continue
            if opened and worth_keeping(opened.image):
                name = None if inline else local_name(reference)
                origin = name and _SLASHES.sub("/", os.fsencode(name).decode("utf-8", "backslashreplace"))
                return opened._replace(origin=origin) if max(opened.image.size) >= icon_side else None
        return None

    def _render(self, data: bytes) -> Opened | None:
        """A drawing; None where it is meant to be shown as small as an icon."""
        drawing = svg.Drawing(data)
        if self._failures >= MAX_FAILURES or (drawing.size and min(drawing.size) < MIN_SIDE):
            return None
        try:
            image = drawing.render(enlarge=not drawing.size or max(drawing.size) >= ICON_SIDE)
        except ReadError:
            self._failures += 1
            raise
        words = " ".join(line for line in drawing.words.split("\n") if line != drawing.title)
        return Opened(image, None, None, drawing.title, words[:_MAX_WORDS] or None)
