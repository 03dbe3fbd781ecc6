"""Workbooks in binary formats (.xls, .xlsb): the values that a library reads, in the formats of their cells where these can be told."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ingest.cells import Cells
from ingest.readers.compound import MAGIC, open_compound
from ingest.readers.rows import Row
from ingest.readers.sheet import biff
from ingest.readers.sheet.book import Merged, Sheet
from ingest.readers.sheet.formats import plain, shown
from rag.errors import ReadError

_PASSWORD = "It is protected by a password.", "Save a copy without the password."
_DAMAGED = "Open it in a spreadsheet program and save it anew."


def sheets(path: Path, passed: dict[str, int]) -> Iterator[Sheet]:
    """The shown sheets in order; what else is on them is counted in `passed`."""
    import python_calamine as calamine

    try:
        with _opened(path) as book:
            looks = _looks(path, passed)
            for number, sheet in enumerate(book.sheets_metadata):
                if sheet.visible == calamine.SheetVisibleEnum.Visible and sheet.typ == calamine.SheetTypeEnum.WorkSheet:
                    cells = book.get_sheet_by_name(sheet.name)
                    yield Sheet(sheet.name, _rows(cells, looks, number) if cells.start is not None else ())
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


def _looks(path: Path, passed: dict[str, int]) -> biff.Looks | None:
    """The formats of the cells of an .xls."""
    with path.open("rb") as file:
        if file.read(8) != MAGIC:
            return None
    workbook = open_compound(path)
    looks = biff.looks(workbook.stream("Workbook") or workbook.stream("Book") or b"")
    if looks.notes:
        passed["notes on cells"] = looks.notes
    return looks


def _rows(sheet: Any, looks: biff.Looks | None, number: int) -> Iterator[Row]:
    """The rows of the sheet as text, numbered and in columns as the program counts them."""
    left = sheet.start[1]
    merged = Merged(Cells(first + 1, start + 1, last + 1, end + 1) for (start, first), (end, last) in sheet.merged_cell_ranges or ())
    codes = looks.sheets[number] if looks and number < len(looks.sheets) else {}
    for at, cells in enumerate(sheet.iter_rows(), 1):
        values = [""] * left + [_written(value, codes.get((at - 1, column), ""), looks) for column, value in enumerate(cells, left)]
        merged.fill(at, values)
        yield Row(at, values)


def _written(value: Any, code: str, looks: biff.Looks | None) -> str:
    """A value as its cell shows it, as far as the format is known: days in ISO's order, no point in whole numbers."""
    if isinstance(value, str):
        return value.replace("\r\n", "\n").replace("\x00", "").strip()
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, float | int):
        return shown(float(value), code, bool(looks and looks.from_1904)) if code else plain(float(value))
    if isinstance(value, datetime.date) and not isinstance(value, datetime.datetime):
        value = datetime.datetime.combine(value, datetime.time())
    if code and isinstance(value, datetime.datetime | datetime.timedelta | datetime.time):
        return shown(_serial(value), code)
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


def _serial(value: datetime.datetime | datetime.timedelta | datetime.time) -> float:
    """The number that the cell holds, in days from the end of 1899."""
    if isinstance(value, datetime.time):
        value = datetime.timedelta(hours=value.hour, minutes=value.minute, seconds=value.second, microseconds=value.microsecond)
    if isinstance(value, datetime.datetime):
        value = value - datetime.datetime(1899, 12, 30)
    return value.total_seconds() / 86400
