"""A page of a PDF as an image, with what an answer rests on marked: a figure by its outline, a quote by its lines."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ingest.readers.pdf.page import PDFIUM, Box, render, shown_box

if TYPE_CHECKING:
    from PIL.Image import Image

SCALE = 1.6  # pixels a point: type of 10 points is still read
OUTLINE = (29, 90, 99)
MARKED = (248, 232, 174)
# hyphens come and go at line ends, and brackets tell what was raised
_PASSED_OVER = set("-\u00ad\u2010\x02[]()^|")
_MOST_ROWS = 40  # of a table that is quoted


def pages(path: Path) -> int:
    """How many pages the PDF at `path` has; 0 where it cannot be opened."""
    import pypdfium2

    with PDFIUM:
        try:
            with pypdfium2.PdfDocument(path) as document:
                return len(document)
        except (pypdfium2.PdfiumError, OSError):
            return 0


def marked(path: Path, page: int, box: Box | None = None, quote: str | None = None, width: int | None = None) -> Image | None:
    """Page `page` (1-based) of the PDF at `path`: `box` (page fractions) outlined, the lines of `quote` marked where it is found; as many
    pixels wide as asked for, where that is.

    None where there is no such page any more.
    """
    import pypdfium2
    from PIL import ImageDraw

    with PDFIUM:
        try:
            with pypdfium2.PdfDocument(path) as document:
                if document.get_formtype() == pypdfium2.raw.FORMTYPE_ACRO_FORM:
                    document.init_forms()
                sheet = document[page - 1]
                image = render(sheet, None, width / max(sheet.get_width(), 1) if width else SCALE, pinned=True)
                lines = list(_lines(sheet, quote)) if quote and not box else []
        except (pypdfium2.PdfiumError, OSError, IndexError):
            return None
    across, down = image.size
    if lines:
        _mark(image, [(left * across - 1, top * down - 2, right * across + 1, bottom * down + 2) for left, top, right, bottom in lines])
    if box:
        pen = ImageDraw.Draw(image)
        pen.rectangle([box[0] * across - 4, box[1] * down - 4, box[2] * across + 4, box[3] * down + 4], outline=OUTLINE, width=4)
    return image


def _mark(image: Image, boxes: list[Box]) -> None:
    """Colours the boxes as a marker does: what is printed stays readable."""
    from PIL import Image as images
    from PIL import ImageChops, ImageDraw

    ink = images.new("RGB", image.size, "white")
    pen = ImageDraw.Draw(ink)
    for box in boxes:
        pen.rectangle(box, fill=MARKED)
    image.paste(ImageChops.multiply(image, ink))


def _lines(page: Any, quote: str) -> Iterator[Box]:
    """The boxes of a quote's lines, as page fractions; letters are compared without white space and hyphens."""
    import ctypes

    import pypdfium2.raw as raw

    textpage = page.get_textpage()
    try:
        letters: list[str] = []
        numbers: list[int] = []
        for n in range(textpage.count_chars()):
            for letter in _compact(chr(raw.FPDFText_GetUnicode(textpage, n) or 32)):
                letters.append(letter)
                numbers.append(n)
        width, height = page.get_size()
        shown = shown_box(page)
        for at, length in _places("".join(letters), quote):
            first, last = numbers[at], numbers[at + length - 1]
            for n in range(raw.FPDFText_CountRects(textpage, first, last - first + 1)):
                left, top, right, bottom = (ctypes.c_double() for _ in range(4))
                raw.FPDFText_GetRect(textpage, n, left, top, right, bottom)
                box = shown(left.value, bottom.value, right.value, top.value)
                yield box[0] / width, box[1] / height, box[2] / width, box[3] / height
    finally:
        textpage.close()


def _places(letters: str, quote: str) -> Iterator[tuple[int, int]]:
    """Where the quote stands among the letters of a page and how long it is there; of a table where each of its rows does, as its heads
    and the groups of its rows may be told with it."""
    whole = _compact(quote)
    if whole and (at := letters.find(whole)) >= 0:
        yield at, len(whole)
    elif "|" in quote:
        for row in quote.split("\n")[:_MOST_ROWS]:
            told = [row, row.rsplit(": ", 1)[-1], row.strip("| ").partition("|")[2]]
            for wanted in filter(None, map(_compact, told)):
                if (at := letters.find(wanted)) >= 0:
                    yield at, len(wanted)
                    break


def _compact(text: str) -> str:
    folded = unicodedata.normalize("NFKC", text).casefold()
    return "".join(letter for letter in folded if not letter.isspace() and letter not in _PASSED_OVER)
