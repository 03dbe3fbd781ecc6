"""Workbooks (Excel, OpenDocument): each shown sheet as tables, what is said on it beside them, its charts and pictures."""

from __future__ import annotations

import zipfile
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ingest.blocks import Block, Document, Figure, Passed, Text
from ingest.cells import Cells
from ingest.figures import beside, describes, worth_keeping
from ingest.readers.chart import chart_words
from ingest.readers.compound import MAGIC, open_compound
from ingest.readers.packed import open_packed, part
from ingest.readers.sheet import excel, old, opendocument, package
from ingest.readers.sheet.book import Drawn, Remark, Sheet
from ingest.readers.sheet.reach import weigh, weigh_old
from ingest.readers.sheet.tables import place_of, texts
from ingest.readers.titles import packed_title
from rag.errors import ReadError
from rag.pictures.open import open_image
from rag.records import Locator

if TYPE_CHECKING:
    from rag.pictures.ocr import Ocr

_LONGEST_RANGE = 200  # characters
_FEW_RANGES = 12
_PROPERTIES = ("docProps/core.xml", "meta.xml")


def read(path: Path, source: str, root: Path, ocr: Ocr | None) -> Iterator[Block]:
    """The tables, lines, notes, charts and pictures of each sheet under its name, with `sheet` and `cells`. What is hidden is left out.

    Raises ReadError where it is no workbook, is damaged, protected by a password, or has a sheet that is far too large.
    """
    with ExitStack() as stack:
        with path.open("rb") as file:
            head = file.read(8)
        archive = None
        if head.startswith(b"PK"):
            archive = stack.enter_context(open_packed(path))
            weigh(archive)
        elif head == MAGIC:
            weigh_old(open_compound(path))
        else:
            raise ReadError("The file is not a workbook.", "Give it the suffix of what it is (.csv, .html, .xml), or save it as .xlsx.")
        yield Document(next(filter(None, (packed_title(archive, name) for name in _PROPERTIES)), "") if archive else "")
        passed: dict[str, int] = {}
        for sheet in _sheets(path, archive, passed):
            yield from _told(sheet, archive, passed)
        yield from (Passed(kind, count) for kind, count in passed.items())


def _sheets(path: Path, archive: zipfile.ZipFile | None, passed: dict[str, int]) -> Iterator[Sheet]:
    if archive and package.main_part(archive) in archive.NameToInfo and not package.main_part(archive).endswith(".bin"):
        return excel.sheets(archive)
    if archive and "content.xml" in archive.NameToInfo:
        return opendocument.sheets(archive)
    return old.sheets(path, passed)


def _told(sheet: Sheet, archive: zipfile.ZipFile | None, passed: dict[str, int]) -> Iterator[Block]:
    """The texts of a sheet, what is said beside them, and the pictures, each with the text around it that is nearest to its first cell."""
    place = Locator(heading=sheet.name, sheet=sheet.name)
    drawn, remarks = sheet.drawn, [each for each in sheet.remarks if each.text]
    near: dict[int, tuple[int, str]] = {}
    told: dict[int, str] = {}
    for text in _true(texts(sheet.rows, place), sheet):
        yield text
        cells = Cells.parse(text.locator.cells or "")
        for number, (at, _, _) in enumerate(drawn if cells else ()):
            distance = max(cells.top - at.top, at.top - cells.bottom, 0) + max(cells.left - at.left, at.left - cells.right, 0)  # type: ignore[union-attr]
            if number not in near or distance < near[number][0]:
                near[number] = distance, text.text
        for number, remark in enumerate(remarks if cells else ()):
            if number not in told and remark.kind and remark.cells and (row := _row_of(text, cells, remark.cells, sheet)):  # type: ignore[arg-type]
                told[number] = row
    yield from (_remark(remark, told.get(number, ""), place) for number, remark in enumerate(remarks))
    for chart in sheet.charts:
        yield from _chart(chart, archive, place, passed)
    for number, (at, name, alt) in enumerate(drawn):
        try:
            data = part(archive, name) if archive else None
            image = open_image(data) if data else None
        except ReadError:
            continue
        if image and worth_keeping(image):
            caption = alt if describes(alt) else None
            around = beside([near[number][1]] if number in near else [], caption)
            yield Figure(image, caption, around, None, place_of(at, place), data)


def _true(found: Iterable[Text], sheet: Sheet) -> Iterator[Text]:
    """The texts with the cells that the program names."""
    for text in found:
        cells = Cells.parse(text.locator.cells or "")
        yield replace(text, locator=replace(text.locator, cells=str(sheet.true(cells)))) if cells else text


def _row_of(text: Text, cells: Cells, at: Cells, sheet: Sheet) -> str:
    """What a cell is in a table: the first cell of its row, the head of its column and its value."""
    inside = cells.left <= at.left <= cells.right and cells.top <= at.top <= cells.bottom
    if not inside or sheet.columns.hides(at.left) or sheet.lines.hides(at.top):
        return ""
    lines = text.text.split("\n")
    column = sheet.columns.nth(at.left) - sheet.columns.nth(cells.left)
    row = sheet.lines.nth(at.top) - sheet.lines.nth(cells.top)
    if text.kind != "table":
        return lines[row] if row < len(lines) else ""
    height = sheet.lines.nth(cells.bottom) - sheet.lines.nth(cells.top) + 1
    line = row + 2 if height == len(lines) - 2 else row + 1 if row else 0
    if line >= len(lines):
        return ""
    head, values = (_cells(lines[n]) for n in (0, line))
    told = [n for n in dict.fromkeys((0, column)) if n < len(values) and values[n]]
    return ", ".join(f"{head[n]}: {values[n]}" if line and n < len(head) and head[n] else values[n] for n in told)


def _cells(line: str) -> list[str]:
    return [cell.replace("\\|", "|") for cell in line[2:-2].split(" | ")]


def _remark(remark: Remark, row: str, place: Locator) -> Text:
    where = str(remark.cells) if remark.cells and remark.kind.endswith((" on", " for", " at")) else ""
    head = " ".join(filter(None, (remark.kind, where, f"({row})" if row else "")))
    return Text(f"{head}: {remark.text}" if head else remark.text, place_of(remark.cells, place) if remark.cells else place)


def _ranges(root: Any) -> list[str]:
    """The cells whose values a chart shows, which stand on a sheet."""
    found = (" ".join((each.text or "").replace("$", "").split()) for each in package.elements(root, "f"))
    return list(dict.fromkeys(each for each in found if 0 < len(each) < _LONGEST_RANGE))[:_FEW_RANGES]


def _chart(chart: Drawn, archive: zipfile.ZipFile | None, place: Locator, passed: dict[str, int]) -> Iterator[Text]:
    root = package.parsed(archive, chart.part) if archive else None
    words = chart_words(root) if root is not None else None
    tables = words.markdown() if words else []
    title = (words.title if words else "") or (chart.alt if describes(chart.alt) else "") or ""
    where = place_of(chart.cells, place)
    drawn_from = [] if tables else _ranges(root)
    if title or drawn_from:
        yield Text(f"Chart: {title}" + (f" (drawn from {', '.join(drawn_from)})" if drawn_from else ""), where)
    if not tables:
        passed["charts without data"] = passed.get("charts without data", 0) + 1
    yield from (Text(table, where, "table", title) for table in tables)
