"""Workbooks (Excel, OpenDocument): each shown sheet as tables, parted at its blank rows and columns, and its pictures."""

from __future__ import annotations

import datetime
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ingest.blocks import Block, Document, Figure, Text
from ingest.cells import Cells
from ingest.figures import beside, describes, worth_keeping
from ingest.lists import lead_of
from ingest.readers.compound import MAGIC, open_compound
from ingest.readers.packed import open_packed, part
from ingest.readers.rows import Row, lines, table
from ingest.readers.sheet.pictures import Anchored, pictures
from ingest.readers.sheet.reach import weigh, weigh_old
from ingest.readers.titles import packed_title
from rag.errors import ReadError
from rag.pictures.open import open_image
from rag.records import Locator

if TYPE_CHECKING:
    from rag.pictures.ocr import Ocr

_PASSWORD = "It is protected by a password.", "Save a copy without the password."
_DAMAGED = "Open it in a spreadsheet program and save it anew."
_PROPERTIES = ("docProps/core.xml", "meta.xml")
_WINDOW = 200_000  # cells looked at together for blank columns
_DEPTH = 8
_MAX_MERGED = 200  # rows


def read(path: Path, source: str, root: Path, ocr: Ocr | None) -> Iterator[Block]:
    """The tables, lines and pictures of each sheet under its name, with `sheet` and `cells`. Hidden sheets are left out.

    Raises ReadError where it is no workbook, is damaged, protected by a password, or has a sheet that is far too large.
    """
    import python_calamine as calamine

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
        try:
            book = stack.enter_context(_opened(path))
            yield Document(next(filter(None, (packed_title(archive, name) for name in _PROPERTIES)), "") if archive else "")
            shown = pictures(archive) if archive else {}
            for sheet in book.sheets_metadata:
                if sheet.visible == calamine.SheetVisibleEnum.Visible and sheet.typ == calamine.SheetTypeEnum.WorkSheet:
                    place = Locator(heading=sheet.name, sheet=sheet.name)
                    texts = _texts(book.get_sheet_by_name(sheet.name), place)
                    yield from _with_pictures(texts, shown.get(sheet.name, []), place, archive)
        except calamine.PasswordError as error:
            raise ReadError(*_PASSWORD) from error
        except calamine.CalamineError as error:
            raise ReadError(f"The workbook cannot be read: {error}.", _DAMAGED) from error
        except OSError as error:
            if error.errno is not None:
                raise
            raise ReadError("The file is damaged or cut short.", _DAMAGED) from None  # the parser met its end too early
        except BaseException as error:
            if type(error).__name__ != "PanicException":  # what the parser raises where it meets what it holds for impossible
                raise
            raise ReadError("The workbook is damaged.", _DAMAGED) from error


def _opened(path: Path) -> Any:
    import python_calamine as calamine

    try:
        return calamine.load_workbook(path)  # goes by the suffix
    except calamine.PasswordError:
        raise
    except calamine.CalamineError as error:
        try:
            with path.open("rb") as file:
                return calamine.load_workbook(file)  # goes by what is in it
        except calamine.CalamineError:
            raise error from None


def _texts(sheet: Any, place: Locator) -> Iterator[Text]:
    if sheet.start is None:
        return
    window: list[Row] = []
    headers: dict[tuple[int, int], Row] = {}
    left = sheet.start[1] + 1
    for row in _rows(sheet):
        if any(row.values):
            window.append(row)
            if len(window) * len(row.values) >= _WINDOW:
                headers = yield from _tables(window, left, place, headers)
                window = []
        elif window:
            yield from _tables(window, left, place, headers)
            window, headers = [], {}
    yield from _tables(window, left, place, headers)


def _rows(sheet: Any) -> Iterator[Row]:
    """The rows of the sheet as text; a value that spans rows is repeated in each of them where that is not blank."""
    left = sheet.start[1]
    merged: dict[int, list[tuple[int, int]]] = {}
    for (top, first), (bottom, _) in sheet.merged_cell_ranges or ():
        if top < bottom <= top + _MAX_MERGED:
            merged.setdefault(top + 1, []).append((first - left, bottom + 1))
    spanning: list[tuple[int, int, str]] = []
    for number, cells in enumerate(sheet.iter_rows(), 1):
        values = list(map(_written, cells))
        if any(values):
            for column, _, value in spanning:
                values[column] = values[column] or value
        spanning = [each for each in spanning if each[1] > number]
        spanning += [(at, bottom, values[at]) for at, bottom in merged.get(number, ()) if 0 <= at < len(values) and values[at]]
        yield Row(number, values)


def _written(value: Any) -> str:
    """A value as one would write it: no point in whole numbers, ISO dates, 15 digits as in the programs themselves."""
    if isinstance(value, str):
        return value.replace("\r\n", "\n").replace("\x00", "").strip()
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else f"{value:.15g}"
    if isinstance(value, datetime.datetime):
        if value.time() == datetime.time():
            return value.date().isoformat()
        return value.isoformat(" ", "seconds" if value.second else "minutes")
    if isinstance(value, datetime.time):
        return value.isoformat("seconds" if value.second else "minutes")
    if isinstance(value, datetime.timedelta):
        minutes, seconds = divmod(int(value.total_seconds()), 60)
        return f"{minutes // 60}:{minutes % 60:02d}" + (f":{seconds:02d}" if seconds else "")
    return str(value)


def _tables(rows: list[Row], left: int, place: Locator, headers: dict[tuple[int, int], Row]) -> Any:
    """The texts of `rows`, which follow each other. A table that goes on from rows before has its header in `headers`, by its first
    column and its width; returns such headers for what follows."""
    going_on: dict[tuple[int, int], Row] = {}
    for part_, at in _parted(rows, left):
        shape = at, len(part_[0].values)
        header = headers.get(shape) if part_[0].number == rows[0].number else None
        if shape[1] == 1:
            yield from lines(part_, at, place)
            continue
        lead = ""
        while header is None and len(part_) > 1 and sum(map(bool, part_[0].values)) == 1:  # a title above the table
            title = part_.pop(0)
            column = next(n for n, value in enumerate(title.values) if value)
            lead = lead_of(title.values[column])
            yield from lines([title._replace(values=[title.values[column]])], at + column, place)
        yield from (replace(text, lead=lead) for text in table(part_, at, place, header))
        if part_[-1].number == rows[-1].number:
            going_on[shape] = header or part_[0]
    return going_on


def _parted(rows: list[Row], left: int, depth: int = 0) -> Iterator[tuple[list[Row], int]]:
    """The tables that blank rows and columns part from each other, each with its first column."""
    for run in _runs(rows):
        used = [any(values) for values in zip(*(row.values for row in run), strict=True)]
        starts = [n for n, is_used in enumerate(used) if is_used and not (n and used[n - 1])]
        for start in starts:
            end = next((n for n in range(start, len(used)) if not used[n]), len(used))
            inside = [row._replace(values=row.values[start:end]) for row in run]
            if len(starts) > 1 and depth < _DEPTH:
                yield from _parted(inside, left + start, depth + 1)
            else:
                yield [row for row in inside if any(row.values)], left + start


def _runs(rows: list[Row]) -> Iterator[list[Row]]:
    run: list[Row] = []
    for row in rows:
        if any(row.values):
            run.append(row)
        elif run:
            yield run
            run = []
    if run:
        yield run


def _with_pictures(texts: Iterable[Text], anchored: list[Anchored], place: Locator, archive: zipfile.ZipFile | None) -> Iterator[Block]:
    """The texts, and after them the pictures, each with the text around it that is nearest to its first cell."""
    near: dict[int, tuple[int, str]] = {}
    for text in texts:
        yield text
        cells = Cells.parse(text.locator.cells or "")
        for number, (at, _, _) in enumerate(anchored if cells else ()):
            distance = max(cells.top - at.top, at.top - cells.bottom, 0) + max(cells.left - at.left, at.left - cells.right, 0)  # type: ignore[union-attr]
            if number not in near or distance < near[number][0]:
                near[number] = distance, text.text
    for number, (at, name, alt) in enumerate(anchored):
        try:
            data = part(archive, name) if archive else None
            image = open_image(data) if data else None
        except ReadError:
            continue
        if image and worth_keeping(image):
            caption = alt if describes(alt) else None
            around = beside([near[number][1]] if number in near else [], caption)
            yield Figure(image, caption, around, None, Locator(heading=place.heading, sheet=place.sheet, cells=str(at)), data)
