"""How far the cells of a workbook reach, told before a parser makes room for all that lies between them."""

from __future__ import annotations

import re
import struct
import zipfile
from collections.abc import Callable
from typing import IO, Any

from lxml import etree

from ingest.cells import Cells
from ingest.readers.compound import Compound
from ingest.readers.packed import MAX_PART, part
from ingest.readers.sheet import biff
from rag.errors import ReadError

MAX_AREA = 8_000_000  # cells of the rectangle that a sheet takes, blank ones too: the parser holds 32 bytes for each
MAX_STRINGS = 100_000_000  # bytes of the strings that the sheets of a workbook share

_PASSWORD = "It is protected by a password.", "Save a copy without the password."
_DAMAGED = "Open it in a spreadsheet program and save it anew."
_USED = re.compile(rb"""\br=["']([A-Z]{0,3})([0-9]{1,7})(?:["']|["'][^<>]*[^/<>])>""")
_STEP = 1 << 20


def weigh(archive: zipfile.ZipFile) -> None:
    """Raises ReadError where the package has a part, or Excel's sheets a reach, that would flood the memory of the parser."""
    if b"encryption-data" in (part(archive, "META-INF/manifest.xml") or b""):
        raise ReadError(*_PASSWORD)
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
    except Exception as error:  # BadZipFile, zlib.error, XMLSyntaxError: each has its own
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
    """The same of the largest sheet of an OpenDocument, where rows and cells are written once and repeated. Names are taken without
    their prefix, as the parser takes them; it never ends on XML that is not well-formed, at which this raises."""
    largest = rows = reach = width = 0
    for _, element in etree.iterparse(file, no_network=True, resolve_entities=False):
        name = _local(element.tag)
        if name == "table":
            largest = max(largest, reach * width)
            rows = reach = width = 0
        elif name == "table-row":
            column = used = 0
            for cell in element:
                column += _repeated(cell, "number-columns-repeated")
                if len(cell) or len(cell.attrib) > 2:  # more than how often, and a style
                    used = column
            rows += _repeated(element, "number-rows-repeated")
            reach, width = rows if used else reach, max(width, used)
            element.clear()
    return max(largest, reach * width)


def _repeated(element: Any, attribute: str) -> int:
    number = next((value for name, value in element.attrib.items() if _local(name) == attribute), "")
    return int(number) if number.isascii() and number.isdigit() and len(number) < 10 else 1


def _local(name: Any) -> str:
    return name.replace("}", ":").rpartition(":")[2] if isinstance(name, str) else ""
