"""How far the cells of a workbook reach, told before a parser makes room for all that lies between them."""

from __future__ import annotations

import re
import struct
import zipfile
from collections.abc import Callable
from typing import IO, Any

from lxml import etree

from ingest.cells import Cells
from ingest.readers import biff
from ingest.readers.compound import Compound
from ingest.readers.packed import MAX_PART
from rag.errors import ReadError

MAX_AREA = 8_000_000  # cells of the rectangle that a sheet takes, blank ones too: the parser holds 32 bytes for each
MAX_STRINGS = 100_000_000  # bytes of the strings that the sheets of a workbook share

_PASSWORD = "It is protected by a password.", "Save a copy without the password."
_DAMAGED = "Open it in a spreadsheet program and save it anew."
_USED = re.compile(rb"""\br=["']([A-Z]{0,3})([0-9]{1,7})(?:["']|["'][^<>]*[^/<>])>""")
_STEP = 1 << 20
_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"


def weigh(archive: zipfile.ZipFile) -> None:
    """Raises ReadError where the package has a part, or Excel's sheets a reach, that would flood the memory of the parser."""
    for info in archive.infolist():
        strings = info.filename.lower().endswith("sharedstrings.xml")
        if info.file_size > (MAX_STRINGS if strings else MAX_PART):
            raise ReadError("A sheet of it is too large.", "Save its sheets as .csv.")
        measure = _document_area if info.filename == "content.xml" else _area if info.filename.startswith("xl/") and not strings else None
        if measure and info.filename.endswith(".xml") and _measured(archive, info, measure) > MAX_AREA:
            raise _too_far()


def weigh_old(workbook: Compound) -> None:
    """As `weigh`, of a compound file; also raises ReadError where that is how a newer workbook with a password is kept."""
    if "EncryptedPackage" in workbook:
        raise ReadError(*_PASSWORD)
    try:
        reach = biff.area(workbook.stream("Workbook") or workbook.stream("Book") or b"")
    except (struct.error, IndexError) as error:
        raise ReadError("The file is damaged or cut short.", _DAMAGED) from error
    if reach > MAX_AREA:
        raise _too_far()


def _too_far() -> ReadError:
    return ReadError(f"A sheet reaches over more than {MAX_AREA:,} cells.", "Delete what stands far out in it, or save it as .csv.")


def _measured(archive: zipfile.ZipFile, info: zipfile.ZipInfo, measure: Callable[[IO[bytes]], int]) -> int:
    try:
        with archive.open(info) as file:
            return measure(file)
    except RuntimeError as error:  # zipfile's word for a password
        raise ReadError(*_PASSWORD) from error
    except Exception as error:  # BadZipFile, zlib.error, EOFError: each compression has its own
        raise ReadError("The file is damaged or cut short.", "Save it anew, or fetch it again.") from error


def _area(file: IO[bytes]) -> int:
    """How many cells the rectangle around all filled cells of a sheet of Excel has."""
    columns: set[bytes] = set()
    rows: set[bytes] = set()
    tail = b""
    while data := file.read(_STEP):
        data = tail + data
        for column, row in _USED.findall(data):
            columns.add(column)
            rows.add(row)
        tail = data[-1000:]
    numbers = list(map(int, rows))
    lefts = [cells.left for column in columns if (cells := Cells.parse(f"{column.decode()}1"))]
    return (max(lefts) - min(lefts) + 1) * (max(numbers) - min(numbers) + 1) if lefts else 0


def _document_area(file: IO[bytes]) -> int:
    """The same of the largest sheet of an OpenDocument, where rows and cells are written once and repeated."""
    largest = rows = reach = width = 0
    try:
        for _, element in etree.iterparse(file, tag=(f"{_TABLE}table-row", f"{_TABLE}table"), no_network=True, resolve_entities=False):
            if element.tag == f"{_TABLE}table":
                largest = max(largest, reach * width)
                rows = reach = width = 0
            else:
                column = used = 0
                for cell in element:
                    column += _repeated(cell, "columns")
                    if len(cell) or len(cell.attrib) > 2:  # more than how often, and a style
                        used = column
                rows += _repeated(element, "rows")
                reach, width = rows if used else reach, max(width, used)
            element.clear()
    except etree.XMLSyntaxError:
        return 0  # which the parser will say
    return largest


def _repeated(element: Any, what: str) -> int:
    number = element.get(f"{_TABLE}number-{what}-repeated") or ""
    return int(number) if number.isascii() and number.isdigit() and len(number) < 10 else 1
