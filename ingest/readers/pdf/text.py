"""The characters of a PDF page as runs: words side by side on one line, with their box, size and weight."""

from __future__ import annotations

import ctypes
import math
import re
from collections.abc import Callable, Iterator
from typing import Any

from rag.pictures.layout import Box, Gap, Line

MAX_CHARACTERS = 200_000
SAMPLE = 200  # characters of a page
WIDE_SPACE = 0.35  # of a line's height: what is wider may part two cells of a table

_WORD_OR_BREAK = re.compile(r"[\n\r]+|[^\s\x01\x03-\x1f\x7f]+")  # \x02 is a hyphen at a line's end, \x00 a character without meaning
_SURROGATES = re.compile("[\ud800-\udfff]")
_LIGATURES = {0xFB00: "ff", 0xFB01: "fi", 0xFB02: "fl", 0xFB03: "ffi", 0xFB04: "ffl", 0xFB05: "st", 0xFB06: "st"}
_LETTERS = str.maketrans({**_LIGATURES, 0x00: "", 0x02: "-", 0xAD: "", 0xFFFE: "", 0xFFFF: ""})
_MONOSPACED = re.compile(rb"mono|courier|consol|typewriter|menlo|fixed|cm[a-z]*tt|(?:lm|sf|ec)tt|nimbusmon|tt\d+$", re.I)
_FIXED_PITCH = 1


def runs(textpage: Any, rotation: int, shown: Callable[[float, float, float, float], Box]) -> Iterator[tuple[Line, bool]]:
    """Runs of words side by side on one line, each with whether it is upright as shown.

    A run ends at a line's end and at a space wider than the line is high. PDFium is asked for the boxes of a word's first and last
    character only, and for all of them where these two do not stand on one line.
    """
    import pypdfium2.raw as raw

    page = textpage.raw
    run = _Run(page, rotation)
    rect = raw.FS_RECTF()
    at = ctypes.byref(rect)
    box_of = raw.FPDFText_GetLooseCharBox

    def box(n: int) -> Box:
        box_of(page, n, at)
        return shown(rect.left, rect.bottom, rect.right, rect.top)

    text = _text(page)
    for word in _WORD_OR_BREAK.finditer(text):
        letters = word[0]
        if letters[0] in "\n\r":
            if run.words:
                yield run.ended()
            continue
        if not letters.isascii() or not letters.isprintable():
            letters = _letters(letters)
            if not letters:
                continue
        first, last = word.start(), word.end() - 1
        start = box(first)
        end = box(last) if last > first else start
        if run.upright or not run.words:
            if not _is_level(start, end, last - first + 1):
                for n in range(first, last + 1):
                    each = box(n)
                    if run.words and run.upright and run.is_far_from(each):
                        yield run.ended()
                    run.add(_letters(text[n]), n, n, each, n == first)
                continue
            if run.words and run.is_far_from(start):
                yield run.ended()
        run.add(letters, first, last, _around(start, end), True)
    if run.words:
        yield run.ended()


def unmapped_share(textpage: Any) -> float:
    """The share of a page's characters, by a sample of them, that the page's fonts name no letter for."""
    import pypdfium2.raw as raw

    count = min(textpage.count_chars(), MAX_CHARACTERS)
    asked = range(0, count, max(1, count // SAMPLE))
    return sum(raw.FPDFText_HasUnicodeMapError(textpage.raw, n) == 1 for n in asked) / max(1, len(asked))


def _text(page: Any) -> str:
    """The characters of a page, so that each stands at its number."""
    import pypdfium2.raw as raw

    count = min(raw.FPDFText_CountChars(page), MAX_CHARACTERS)
    buffer = (ctypes.c_ushort * (count + 1))()
    if count > 0 and raw.FPDFText_GetText(page, 0, count, buffer) == count + 1:
        text = bytes(buffer)[:-2].decode("utf-16-le", "surrogatepass")
        if len(text) == count:
            return re.sub("\ufffe", lambda found: chr(raw.FPDFText_GetUnicode(page, found.start())), text)
    return "".join([chr(raw.FPDFText_GetUnicode(page, n)) for n in range(count)])


def _letters(text: str) -> str:
    if _SURROGATES.search(text):
        text = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "ignore")
    return text.translate(_LETTERS)


def _around(a: Box, b: Box) -> Box:
    return min(a[0], b[0]), min(a[1], b[1]), max(a[2], b[2]), max(a[3], b[3])


def _on_one_line(a: Box, b: Box) -> bool:
    return min(a[3], b[3]) - max(a[1], b[1]) > min(a[3] - a[1], b[3] - b[1]) / 2


def _is_level(start: Box, end: Box, letters: int) -> bool:
    """Whether a word's last character stands on a line with its first, as far to the right as so many letters reach at most."""
    height = min(start[3] - start[1], end[3] - end[1])
    return _on_one_line(start, end) and -height < end[2] - start[0] < 1.5 * (letters + 1) * max(height, 1)


class _Run:
    """The run that is being put together."""

    def __init__(self, page: Any, rotation: int):
        self._page = page
        self._rotation = rotation
        self.words: list[str] = []
        self.upright = True
        self._length = 0
        self._numbers: list[int] = []  # of first and last characters
        self._gaps: list[Gap] = []
        self._box: Box = (0, 0, 0, 0)
        self._last_left = 0.0

    def is_far_from(self, box: Box) -> bool:
        """Whether what stands in `box` is of another run."""
        _, top, right, bottom = self._box
        height = min(box[3] - box[1], bottom - top)
        shared = min(box[3], bottom) - max(box[1], top)
        return shared <= height / 2 or box[0] > right + height or box[0] < self._last_left - 0.5 * height

    def add(self, word: str, first: int, last: int, box: Box, spaced: bool) -> None:
        import pypdfium2.raw as raw

        if not word:
            return
        if self.words:
            if spaced:
                self.words.append(" ")
                self._length += 1
                if box[0] - self._box[2] > WIDE_SPACE * (box[3] - box[1]):
                    self._gaps.append((self._length, self._box[2], box[0]))
            self._box = _around(self._box, box)
        else:
            self._box = box
            angle = math.degrees(raw.FPDFText_GetCharAngle(self._page, first)) + self._rotation
            self.upright = abs((angle + 180) % 360 - 180) < 10
        self.words.append(word)
        self._length += len(word)
        self._numbers += first, last
        self._last_left = box[0]

    def ended(self) -> tuple[Line, bool]:
        """The run, which is begun anew."""
        numbers = self._numbers
        size, bold, mono = _font(self._page, numbers[len(numbers) // 2])
        bold = bold and _font(self._page, numbers[0])[1] and _font(self._page, numbers[-1])[1]
        line = Line("".join(self.words), *self._box, size=size, bold=bold, mono=mono, gaps=tuple(self._gaps))
        self.words, self._numbers, self._gaps, self._length = [], [], [], 0
        return line, self.upright


def _font(page: Any, n: int) -> tuple[float, bool, bool]:
    """The size in points as shown, whether the font is bold, and whether all its letters are of one width, of the character `n`."""
    import pypdfium2.raw as raw

    matrix = raw.FS_MATRIX()
    scale = math.hypot(matrix.c, matrix.d) if raw.FPDFText_GetMatrix(page, n, matrix) else 1
    size = raw.FPDFText_GetFontSize(page, n) * (scale or 1)
    name, flags = ctypes.create_string_buffer(128), ctypes.c_int(0)
    length = raw.FPDFText_GetFontInfo(page, n, name, 128, flags)
    known = name.value if 0 < length <= 128 else b""
    bold = raw.FPDFText_GetFontWeight(page, n) >= 600 or b"bold" in known.lower()
    return round(size, 1), bold, bool(flags.value & _FIXED_PITCH or _MONOSPACED.search(known))
