"""PDF: paragraphs in reading order, headings by font size, figures cut out with their captions, scanned pages by OCR."""

from __future__ import annotations

import logging
import re
import threading
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ingest.blocks import Block, Figure, Text
from ingest.figures import beside, label, worth_keeping
from ingest.layout import Line, columns, flow, passages, vocabulary
from ingest.readers.headings import Heading, under_headings
from ingest.readers.pdf_figures import drawings, nearest_caption, pictures
from ingest.readers.pdf_page import Box, Sheet, render, scan
from rag.errors import ReadError
from rag.records import Locator

if TYPE_CHECKING:
    from PIL.Image import Image

    from ingest.ocr import Ocr

PDFIUM = threading.RLock()  # PDFium may be used by one thread at a time
OCR_SCALE = 200 / 72
FEW_CHARACTERS = 10  # a page with fewer is taken for a scan
SCAN_CHARACTERS = 200  # with more, a picture of the whole page is the scan of its text and no figure
TURNED_CHARACTERS = 200  # with more text that is not upright, it is a table laid on its side, and not a label or a stamp
HEADING_RATIO = 1.15
LEAST_AROUND = 40  # characters: what is shorter is a label, not the words around a figure
EDGE = 0.12  # of the page's height: where running heads, feet and page numbers stand

_log = logging.getLogger(__name__)
_NUMBERED = re.compile(r"((?:\d{1,2}\.)*\d{1,2})\.?\s+\S*[^\W\d_]")
_DOTS = re.compile(r"(?:\s?\.){4,}\s?")  # from an entry in a table of contents to its page
_LEADERS = "…"
_NUMBERS = re.compile(r"\d+|\b[ivxlc]+\b")


@dataclass(frozen=True)
class _Paragraph:
    text: str
    box: Box
    size: float
    bold: bool
    lines: int
    locator: Locator = Locator()


def read(path: Path, source: str, root: Path, ocr: Ocr | None) -> Iterator[Block]:
    """The blocks of a PDF with `page`, figures also with `bbox`. Raises ReadError where it is damaged or protected."""
    import pypdfium2

    with PDFIUM:
        document = _open(path)
    try:
        sheets = [_sheet(document, n) for n in range(len(document))]
        if sheets and not any(sheets):
            raise ReadError("The PDF is damaged: none of its pages can be read.", "Open it in a viewer and print it to a new PDF.")
        yield from under_headings(_items(document, sheets, ocr))
    except pypdfium2.PdfiumError as error:
        raise ReadError(f"The PDF is damaged: {error}.", "Open it in a viewer and print it to a new PDF.") from error
    finally:
        with PDFIUM:
            document.close()


def _open(path: Path) -> Any:
    import pypdfium2

    try:
        return pypdfium2.PdfDocument(path)
    except pypdfium2.PdfiumError as error:
        if "password" in str(error).lower():
            raise ReadError("The PDF is protected by a password.", "Save a copy without the password.") from None
        raise ReadError("The PDF is damaged, or is no PDF.", "Open it in a viewer and print it to a new PDF.") from error


def _sheet(document: Any, n: int) -> Sheet | None:
    import pypdfium2

    with PDFIUM:
        try:
            page = document[n]
        except pypdfium2.PdfiumError as error:
            _log.debug("page %d passed over: %s", n + 1, error)
            return None
        try:
            return scan(page)
        finally:
            page.close()


def _items(document: Any, sheets: list[Sheet | None], ocr: Ocr | None) -> Iterator[Heading | Block]:
    sizes = Counter[float]()
    for run in (run for sheet in sheets if sheet for run in sheet.upright):
        sizes[run.size] += len(run.text)
    body_size = sizes.most_common(1)[0][0] if sizes else 0.0
    words = vocabulary(run.text for sheet in sheets if sheet for run in sheet.upright)
    furniture = _repeated_lines(sheets, body_size)
    logos = _repeated_pictures(sheets)
    pages = [list(_paragraphs(sheet, furniture, words, n)) if sheet else [] for n, sheet in enumerate(sheets, 1)]
    ranks = _ranks(pages, body_size)
    outline = {} if any(_level(each, ranks) for page in pages for each in page) else _outline(document)
    for n, (sheet, page) in enumerate(zip(sheets, pages, strict=True)):
        if sheet is None:
            continue
        entries = outline.get(n, [])
        titles = {_bare(title): level for level, title in entries}
        here = {_bare(each.text) for each in page}
        yield from (Heading(level, title, Locator(page=n + 1)) for level, title in entries if _bare(title) not in here)
        characters = sheet.characters
        if ocr and characters < FEW_CHARACTERS and (sheet.images or sheet.paths):
            for text in _scanned(document, n, ocr):
                characters += len(text)
                yield Text(text, Locator(page=n + 1))
        figures = list(_figures(document, n, sheet, page, characters, logos))
        for at, each in enumerate(page):
            yield from (figure for place, figure in figures if place == at)
            level = titles.get(_bare(each.text)) or _level(each, ranks)
            yield Heading(level, each.text, each.locator) if level else Text(each.text, each.locator)
        yield from (figure for place, figure in figures if place >= len(page))


def _paragraphs(sheet: Sheet, furniture: set[tuple[bool, str]], words: set[str], page: int) -> Iterator[_Paragraph]:
    kept = [run for run in sheet.upright if _edge_key(run, sheet) not in furniture]
    turned = [sheet.turned] if sum(len(run.text) for run in sheet.turned) > TURNED_CHARACTERS else []
    for lines in passages(columns(kept or sheet.upright)) + turned:  # a page of nothing but repeated lines is taken as it is
        box = min(x.left for x in lines), min(x.top for x in lines), max(x.right for x in lines), max(x.bottom for x in lines)
        text = _DOTS.sub(f" {_LEADERS} ", flow((line.text for line in lines), words)).strip()
        yield _Paragraph(text, box, lines[0].size, all(line.bold for line in lines), len(lines), Locator(page=page))


def _edge_key(line: Line, sheet: Sheet) -> tuple[bool, str] | None:
    """Which edge of the page a line stands at, and its words with numbers left out; None for a line that stands at neither."""
    at_top = line.bottom < EDGE * sheet.height
    if not at_top and line.top < (1 - EDGE) * sheet.height:
        return None
    return at_top, _NUMBERS.sub("#", line.text.casefold())


def _repeated_lines(sheets: list[Sheet | None], body_size: float) -> set[tuple[bool, str]]:
    """Running heads and feet: lines that stand at the same edge of three pages or of more than half of them, large type left out."""
    counts = Counter[tuple[bool, str]]()
    for sheet in filter(None, sheets):
        counts.update({key for run in sheet.upright if run.size < 1.3 * body_size and (key := _edge_key(run, sheet))})
    return {key for key, count in counts.items() if count >= 3 or (count >= 2 and count > len(sheets) / 2)}


def _repeated_pictures(sheets: list[Sheet | None]) -> set[Box]:
    """The places of pictures in the margins of three pages or of more than half of them: logos and rules."""
    counts = Counter[Box]()
    for sheet in filter(None, sheets):
        margins = (box for box, _ in sheet.images if box[3] < EDGE * sheet.height or box[1] > (1 - EDGE) * sheet.height)
        counts.update({_rounded(box) for box in margins})
    return {box for box, count in counts.items() if count >= 3 or (count >= 2 and count > len(sheets) / 2)}


def _rounded(box: Box) -> Box:
    left, top, right, bottom = (round(edge) for edge in box)
    return left, top, right, bottom


def _ranks(pages: list[list[_Paragraph]], body_size: float) -> dict[float, int]:
    """The type sizes of headings, largest first, as levels from 1; the last level, under the key 0, is of bold numbered lines."""
    sizes = {each.size for page in pages for each in page if each.size >= HEADING_RATIO * body_size and _short(each)}
    ranks: dict[float, int] = {}
    level, last = 0, 0.0
    for size in sorted(sizes, reverse=True):
        if not level or last - size > 0.6:
            level += 1
        ranks[size], last = min(level, 5), size
    return ranks | {0.0: min(level, 5)}


def _level(paragraph: _Paragraph, ranks: dict[float, int]) -> int | None:
    if not _short(paragraph):
        return None
    if paragraph.size in ranks:
        return ranks[paragraph.size]
    number = _NUMBERED.match(paragraph.text) if paragraph.bold and paragraph.lines <= 2 else None
    return ranks[0.0] + 1 + number[1].count(".") if number else None


def _short(paragraph: _Paragraph) -> bool:
    """Whether a paragraph may be a heading by its length, and is no entry of a table of contents, no caption, no part of a sentence."""
    text = paragraph.text
    if paragraph.lines > 3 or len(text) > 150 or sum(map(str.isalpha, text)) < 3:
        return False
    return not (text.endswith((",", ";")) or _LEADERS in text or label(text))


def _outline(document: Any) -> dict[int, list[tuple[int, str]]]:
    """The bookmarks of the document as (level, title), by page (from 0)."""
    import pypdfium2

    entries: dict[int, list[tuple[int, str]]] = {}
    with PDFIUM:
        try:
            for bookmark in islice(document.get_toc(max_depth=6), 10_000):
                destination = bookmark.get_dest()
                page = destination.get_index() if destination else None
                title = " ".join(bookmark.get_title().split())
                if page is not None and title:
                    entries.setdefault(page, []).append((bookmark.level + 1, title))
        except pypdfium2.PdfiumError as error:
            _log.debug("no outline: %s", error)
    return entries


def _bare(text: str) -> str:
    """A heading for comparison: without case, numbers, punctuation and white space."""
    return "".join(filter(str.isalpha, text.casefold()))


def _scanned(document: Any, n: int, ocr: Ocr) -> Iterator[str]:
    image = _cut(document, n, None, OCR_SCALE)
    for paragraph in filter(None, ocr.read(image).split("\n\n")):
        yield flow(paragraph.split("\n"))


def _figures(document: Any, n: int, sheet: Sheet, page: list[_Paragraph], characters: int, logos: set[Box]) -> Iterator[tuple[int, Figure]]:
    """The figures of a page, each with the number of the paragraph that it stands before: its caption, else what follows the nearest."""
    captioned = [each for each in page if label(each.text)]
    boxes = [each.box for each in captioned]
    found = [each for each in pictures(sheet, keep_page=characters <= SCAN_CHARACTERS) if _rounded(each[0]) not in logos]
    drawn = [each.box for each in captioned if not (label(each.text) or "").lower().startswith("table")]
    for box, scale in found + [(box, OCR_SCALE) for box in drawings(sheet, drawn, [box for box, _ in found])]:
        image = _cut(document, n, box, min(max(scale, 2.0), 300 / 72))
        if not worth_keeping(image):
            continue
        at = nearest_caption(box, boxes, sheet.height)
        under = captioned[at] if at is not None else None
        caption = under.text if under else None
        near = sorted((each for each in page if each is not under), key=lambda each: _distance(each.box, box))
        around = beside([each.text for each in near if len(each.text) >= LEAST_AROUND], caption)
        left, top, right, bottom = (round(min(max(x, 0.0), 1.0), 4) for x in _fractions(box, sheet))
        place = page.index(under) if under else page.index(near[0]) + 1 if near else 0
        yield place, Figure(image, caption, around, locator=Locator(page=n + 1, bbox=(left, top, right, bottom)))


def _cut(document: Any, n: int, box: Box | None, scale: float) -> Image:
    with PDFIUM:
        page = document[n]
        try:
            return render(page, box, scale)
        finally:
            page.close()


def _fractions(box: Box, sheet: Sheet) -> Box:
    return box[0] / sheet.width, box[1] / sheet.height, box[2] / sheet.width, box[3] / sheet.height


def _distance(a: Box, b: Box) -> float:
    return max(a[0] - b[2], b[0] - a[2], 0.0) + max(a[1] - b[3], b[1] - a[3], 0.0)
