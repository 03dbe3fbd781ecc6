"""PDF: paragraphs in reading order, headings by font size, tables, figures cut out with their captions, scanned pages by OCR."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from functools import partial
from itertools import chain, islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ingest.blocks import Block, Document, Figure, Text
from ingest.figures import beside, worth_keeping
from ingest.lists import lead_of
from ingest.readers.headings import Heading, under_headings
from ingest.readers.pdf.attachments import attachments
from ingest.readers.pdf.charts import lettering, title_above
from ingest.readers.pdf.figures import covers_page, figures, nearest_caption
from ingest.readers.pdf.legible import Seen, looked_at
from ingest.readers.pdf.levels import Headings
from ingest.readers.pdf.page import PDFIUM, Sheet, render, scan
from ingest.readers.pdf.paragraphs import Paragraph, mend, paragraphs
from ingest.readers.pdf.statistics import LARGE, Statistics
from ingest.readers.pdf.xfa import xfa_form
from ingest.readers.resumed import once
from ingest.readers.titles import own_title
from rag.errors import ReadError
from rag.language.periods import covered
from rag.pictures.layout import Box
from rag.records import Locator

if TYPE_CHECKING:
    from PIL.Image import Image

    from rag.pictures.ocr import Ocr

OCR_SCALE = 200 / 72
SCAN_CHARACTERS = 200  # with more, a picture of the whole page is the scan of its text and no figure
LEAST_AROUND = 40  # characters: what is shorter is a label, not the words around a figure
MOST_TITLES = 3  # paragraphs over a table that are its title and its units
TITLE_GAP = 2.5  # line heights to the table
TITLE_WORDS = 25
MOST_MISSING = 1000  # pages in a row that cannot be read: more are only claimed to be there
STRETCH_PAGES = 400  # that are held at once
STRETCH_WEIGHT = 3_000_000  # of their characters, with 100 for each run

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class _Page:
    number: int
    sheet: Sheet
    paragraphs: list[Paragraph]


def read(path: Path, source: str, root: Path, ocr: Ocr | None) -> Iterator[Block]:
    """The blocks of a PDF with `page`, figures also with `bbox`. Raises ReadError where it is damaged or protected.

    Pages are read in stretches of 400. What repeats, which type is the body's and which a heading's is known from all the pages up to
    the end of the stretch, so that a book of any length is held in bounded memory and gives its first blocks soon.
    """
    import pypdfium2

    with PDFIUM:
        document = _open(path)
        if document.get_formtype() != pypdfium2.raw.FORMTYPE_XFA_FULL:  # read from its data
            with suppress(pypdfium2.PdfiumError):  # then its fields stay unread
                document.init_forms()
    known = Statistics(len(document))
    empty = True
    try:
        for block in chain(under_headings(_items(document, known, ocr)), xfa_form(document), attachments(document, known.pinned, ocr)):
            empty = empty and isinstance(block, Document)
            yield block
        if empty and known.too_large:
            raise ReadError("The pictures in the PDF have too many pixels.", "Save it with smaller pictures.")
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


@contextmanager
def _opened(document: Any, number: int) -> Iterator[Any]:
    """Page `number` (from 1). PDFium is locked while it is opened and closed, not between."""
    with PDFIUM:
        page = document[number - 1]
    try:
        yield page
    finally:
        with PDFIUM:
            page.close()


def _scanned(document: Any, number: int) -> Sheet:
    with PDFIUM, _opened(document, number) as page:
        return scan(page)


def _items(document: Any, known: Statistics, ocr: Ocr | None) -> Iterator[Heading | Block]:
    headings = Headings()
    outline: dict[int, list[tuple[int, str]]] | None = None
    told = False
    before: list[_Page] = []  # the last page of the stretch before, which the next may go on from
    for sheets in _stretches(document, known):
        pages = [_Page(number, sheet, paragraphs(sheet, number, known)) for number, sheet in sheets]
        headings.see((each for page in pages for each in page.paragraphs), known.body_size)
        if outline is None:
            found = any(headings.level(each) for page in pages for each in page.paragraphs)
            outline = {} if found else _outline(document)
        if not told:
            told = True
            yield Document(_title(document, pages, headings, known), _date(pages[0]))
        pages = before + pages
        mend((page.paragraphs for page in pages), headings, known)
        before = pages[-1:] if pages[-1].number < len(document) else []
        for page in pages[: len(pages) - len(before)]:
            yield from _page_items(document, page, headings, outline.get(page.number, []), known, ocr)
    for page in before:
        yield from _page_items(document, page, headings, (outline or {}).get(page.number, []), known, ocr)


def _title(document: Any, pages: list[_Page], headings: Headings, known: Statistics) -> str:
    """What the document's information says; else the paragraph in the upper half of the first page whose large type is in these pages its
    own."""
    with PDFIUM:
        title = own_title(document.get_metadata_value("Title"))
    first = pages[0]
    if title or first.number != 1:
        return title
    large = [each for page in pages for each in page.paragraphs if headings.level(each) == 1 and each.size >= LARGE * known.body_size]
    if len(large) != 1 or large[0].locator.page != 1 or large[0].box[1] > first.sheet.height / 2:
        return ""
    return own_title(large[0].text)


def _date(first: _Page) -> str:
    """The end of the period that a report is for, where its first page says so."""
    return covered("\n".join(each.text for each in first.paragraphs)) if first.number == 1 else ""


def _stretches(document: Any, known: Statistics) -> Iterator[list[tuple[int, Sheet]]]:
    """The pages that can be read, with their numbers, as many at a time as may be held. Raises ReadError where none can."""
    import pypdfium2

    sheets: list[tuple[int, Sheet]] = []
    weight, readable, missing = 0, 0, 0
    for number in range(1, len(document) + 1):
        try:
            sheet = once(number, partial(_scanned, document, number))
        except pypdfium2.PdfiumError as error:
            _log.debug("page %d passed over: %s", number, error)
            missing += 1
            if missing == MOST_MISSING:
                break
            continue
        readable, missing = readable + 1, 0
        known.add(sheet, number)
        sheets.append((number, sheet))
        weight += sheet.characters + 100 * (len(sheet.upright) + len(sheet.turned) + len(sheet.pictures) + len(sheet.rules))
        if len(sheets) >= STRETCH_PAGES or weight > STRETCH_WEIGHT:
            yield sheets
            sheets, weight = [], 0
    if sheets:
        yield sheets
    if len(document) and not readable:
        raise ReadError("The PDF is damaged: none of its pages can be read.", "Open it in a viewer and print it to a new PDF.")


def _page_items(
    document: Any, page: _Page, headings: Headings, entries: list[tuple[int, str]], known: Statistics, ocr: Ocr | None
) -> Iterator[Heading | Block]:
    titles = {_bare(title): level for level, title in entries}
    here = {_bare(each.text) for each in page.paragraphs} if entries else set()
    yield from (Heading(level, title, Locator(page=page.number)) for level, title in entries if _bare(title) not in here)
    if any(picture.too_large for picture in page.sheet.pictures):
        _log.debug("page %d has a picture of too many pixels: its figures are left out", page.number)
        sheet = replace(page.sheet, pictures=[], drawings=[])
        page = replace(page, sheet=sheet)
    seen = looked_at(page.sheet, page.number, page.paragraphs, lambda: _whole(document, page.number), ocr) if ocr else Seen(page.paragraphs)
    page = replace(page, paragraphs=seen.paragraphs)
    characters = max(page.sheet.characters, sum(len(each.text) for each in seen.paragraphs))
    placed = list(_figures(document, page, characters, known, seen.words))
    for at, each in enumerate(page.paragraphs):
        yield from (figure for place, figure in placed if place == at)
        if each.merged:
            continue
        level = (titles.get(_bare(each.text)) if titles else None) or headings.level(each)
        lead = _caption(page.paragraphs, at, headings) if each.kind == "table" else ""
        yield Heading(level, each.text, each.locator) if level else Text(each.text, each.locator, each.kind, lead)
    yield from (figure for place, figure in placed if place >= len(page.paragraphs))
    yield from (Text(note.text, Locator(page=page.number, bbox=_fractions(note.box, page.sheet))) for note in page.sheet.notes)


def _caption(paragraphs: list[Paragraph], at: int, headings: Headings) -> str:
    """What of the caption above a table leads it, or of that below, where that is not the caption of another table below it; without
    one, the title and the units that stand close above it, or the end of the sentence that does."""
    above, below = paragraphs[:at][-1:], paragraphs[at + 1 : at + 3]
    if len(below) > 1 and below[1].kind == "table":
        below = []
    for each in (*above, *below[:1]):
        if (each.caption or "").lower().startswith("table"):
            return lead_of(each.text)
    lead: list[str] = []
    below_it = paragraphs[at]
    for each in reversed(paragraphs[max(at - MOST_TITLES, 0) : at]):
        far = below_it.box[1] - each.box[3] > TITLE_GAP * each.lines[-1].height or each.page != below_it.locator.page
        if far or each.kind != "prose" or each.caption or headings.level(each):
            break
        text = " ".join(each.text.split())
        if text.endswith(":"):
            lead.insert(0, lead_of(text))
            break
        if text.endswith((".", ";", ",")) or len(text.split()) > TITLE_WORDS:
            break
        lead.insert(0, text)
        below_it = each
    return lead_of(" ".join(lead))


def _outline(document: Any) -> dict[int, list[tuple[int, str]]]:
    """The bookmarks of the document as (level, title), by page (from 1)."""
    import pypdfium2

    entries: dict[int, list[tuple[int, str]]] = {}
    with PDFIUM:
        try:
            for bookmark in islice(document.get_toc(max_depth=6), 10_000):
                destination = bookmark.get_dest()
                page = destination.get_index() if destination else None
                title = " ".join(bookmark.get_title().split())
                if page is not None and title:
                    entries.setdefault(page + 1, []).append((bookmark.level + 1, title))
        except pypdfium2.PdfiumError as error:
            _log.debug("no outline: %s", error)
    return entries


def _bare(text: str) -> str:
    """A heading for comparison: without case, numbers, punctuation and white space."""
    return "".join(filter(str.isalpha, text.casefold()))


def _whole(document: Any, number: int) -> Image:
    with _opened(document, number) as shown, PDFIUM:
        return render(shown, None, OCR_SCALE)


def _figures(document: Any, page: _Page, characters: int, known: Statistics, words: str | None) -> Iterator[tuple[int, Figure]]:
    """The figures of a page, each with the number of the paragraph that it stands before: its caption, else what follows the nearest."""
    sheet = page.sheet
    captioned = [each for each in page.paragraphs if each.caption]
    boxes = [each.box for each in captioned]
    drawn = [each.box for each in captioned if not (each.caption or "").lower().startswith("table")]
    areas = figures(sheet, known.logos, characters <= SCAN_CHARACTERS, boxes, drawn)
    if not areas:
        return
    with _opened(document, page.number) as shown:
        for box, density in areas:
            with PDFIUM:
                image = render(shown, box, min(max(density or OCR_SCALE, 2.0), 300 / 72))
            if not worth_keeping(image):
                continue
            at = nearest_caption(box, boxes, sheet.height)
            under = captioned[at] if at is not None else None
            over = [] if under else title_above(box, page.paragraphs, known.body_size, sheet.height)
            caption = under.text if under else " ".join(each.text for each in over) or None
            others = [each for each in page.paragraphs if each is not under and not any(each is title for title in over)]
            near = sorted(others, key=lambda each: _distance(each.box, box))
            around = beside([each.text for each in near if len(each.text) >= LEAST_AROUND and each.kind == "prose"], caption)
            inside = words if words is not None and covers_page(box, sheet) else None
            if words is None and not density:
                inside = lettering(box, sheet)
            first = under or (near[0] if near else None)
            place = next((n + (not under) for n, each in enumerate(page.paragraphs) if each is first), 0)
            yield place, Figure(image, caption, around, locator=Locator(page=page.number, bbox=_fractions(box, sheet)), inside=inside)


def _fractions(box: Box, sheet: Sheet) -> Box:
    left, top, right, bottom = box[0] / sheet.width, box[1] / sheet.height, box[2] / sheet.width, box[3] / sheet.height
    return _share(left), _share(top), _share(right), _share(bottom)


def _share(x: float) -> float:
    return round(min(max(x, 0.0), 1.0), 4)


def _distance(a: Box, b: Box) -> float:
    return max(a[0] - b[2], b[0] - a[2], 0.0) + max(a[1] - b[3], b[1] - a[3], 0.0)
