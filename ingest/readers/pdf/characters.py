"""The characters of a PDF page: their letters, and where each stands, in which font, asked of PDFium for many words at once."""

from __future__ import annotations

import ctypes
import math
import re
from collections import deque
from collections.abc import Callable, Sequence
from itertools import repeat
from typing import Any

from ingest.readers.pdf.calls import address, calls
from ingest.readers.pdf.objects import Colour
from rag.pictures.layout import Box

MAX_CHARACTERS = 200_000
SAMPLE = 200  # characters of a page
_MONOSPACED = re.compile(rb"mono|courier|consol|typewriter|menlo|fixed|cm[a-z]*tt|(?:lm|sf|ec)tt|nimbusmon|tt\d+$", re.I)
_FIXED_PITCH = 1


class Characters:
    """Of one page, by their numbers on it. `shown` takes a box of the page's own space, or columns of them, to what is shown."""

    def __init__(self, textpage: Any, shown: Callable[[Any, Any, Any, Any], tuple[Any, Any, Any, Any]]):
        import pypdfium2.raw as raw

        self._page = textpage.raw
        self._at = address(self._page)
        self._calls = calls()
        self._shown = shown
        self._rect, self._matrix = raw.FS_RECTF(), raw.FS_MATRIX()
        self._at_rect, self._at_matrix = ctypes.addressof(self._rect), ctypes.addressof(self._matrix)
        self._fonts: dict[int, tuple[bool, bool]] = {}
        self._types: dict[int | None, tuple[float, bool, bool]] = {}  # by the object of PDFium's
        self.text = self._text()

    def _text(self) -> str:
        """The characters, so that each stands at its number."""
        import pypdfium2.raw as raw

        count = min(raw.FPDFText_CountChars(self._page), MAX_CHARACTERS)
        buffer = (ctypes.c_ushort * (count + 1))()
        if count > 0 and raw.FPDFText_GetText(self._page, 0, count, buffer) == count + 1:
            text = bytes(buffer)[:-2].decode("utf-16-le", "surrogatepass")
            if len(text) == count:
                return re.sub("\ufffe", lambda found: chr(raw.FPDFText_GetUnicode(self._page, found.start())), text)
        return "".join([chr(raw.FPDFText_GetUnicode(self._page, n)) for n in range(count)])

    def box(self, n: int) -> Box:
        self._calls.loose_box(self._at, n, self._at_rect)
        rect = self._rect
        return self._shown(rect.left, rect.bottom, rect.right, rect.top)

    def boxes(self, numbers: Sequence[int]) -> Any:
        """An array of the boxes of these characters."""
        import numpy as np
        import pypdfium2.raw as raw

        rects = (raw.FS_RECTF * len(numbers))()
        first, size = ctypes.addressof(rects), ctypes.sizeof(raw.FS_RECTF)
        deque(map(self._calls.loose_box, repeat(self._at), numbers, range(first, first + size * len(numbers), size)), maxlen=0)
        left, top, right, bottom = np.frombuffer(rects, dtype=np.float32).reshape(-1, 4).astype(float).T
        return np.stack(self._shown(left, bottom, right, top), axis=1)

    def text_objects(self, numbers: Sequence[int]) -> list[int | None]:
        """The addresses of PDFium's objects that characters are of."""
        return list(map(self._calls.text_object, repeat(self._at), numbers))

    def looks(self, numbers: Sequence[int], items: Sequence[int | None]) -> list[tuple[int, Colour | None]]:
        """How characters of these objects are painted, as PDF numbers the modes, and the colours that they are filled with."""
        channels = (ctypes.c_uint * (4 * len(numbers)))()
        first = ctypes.addressof(channels)
        at = (range(first + start, first + ctypes.sizeof(channels), 16) for start in (0, 4, 8, 12))
        known = list(map(self._calls.fill_colour, repeat(self._at), numbers, *at))
        colours = zip(channels[0::4], channels[1::4], channels[2::4], strict=True)
        modes = [self._calls.render_mode(item) if item else 0 for item in items]
        return [(mode, colour if told else None) for mode, told, colour in zip(modes, known, colours, strict=True)]

    def angle(self, n: int) -> float:
        """In degrees, as the page's own space has it."""
        return math.degrees(self._calls.angle(self._at, n))

    def font(self, n: int) -> tuple[float, bool, bool]:
        """The size in points as shown, whether the font is bold, and whether all its letters are of one width."""
        item = self._calls.text_object(self._at, n)
        if known := self._types.get(item):
            return known
        scale = math.hypot(self._matrix.c, self._matrix.d) if self._calls.matrix(self._at, n, self._at_matrix) else 1
        size = self._calls.font_size(self._at, n) * (scale or 1)
        font = self._calls.font(item) if item else None
        if font is None:
            return round(size, 1), *self._looks(n)
        if font not in self._fonts:
            self._fonts[font] = self._looks(n)
        self._types[item] = found = round(size, 1), *self._fonts[font]
        return found

    def _looks(self, n: int) -> tuple[bool, bool]:
        import pypdfium2.raw as raw

        name, flags = ctypes.create_string_buffer(128), ctypes.c_int(0)
        length = raw.FPDFText_GetFontInfo(self._page, n, name, 128, flags)
        known = name.value if 0 < length <= 128 else b""
        bold = raw.FPDFText_GetFontWeight(self._page, n) >= 600 or b"bold" in known.lower()
        return bold, bool(flags.value & _FIXED_PITCH or _MONOSPACED.search(known))

    def unmapped_share(self) -> float:
        """The share of the characters, by a sample of them, that the page's fonts name no letter for."""
        count = len(self.text)
        asked = range(0, count, max(1, count // SAMPLE))
        return sum(error == 1 for error in map(self._calls.has_map_error, repeat(self._at), asked)) / max(1, len(asked))
