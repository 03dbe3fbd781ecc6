"""Records of an old Excel workbook (.xls): how far its cells reach, told before a parser makes room for them, and their formats.

After [MS-XLS], "Excel Binary File Format (.xls) Structure".
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field

from ingest.readers.sheet.formats import BUILT_IN

_SHEET = 0x85
_DIMENSIONS = 0x200
_END = 0x0A
_SEVERAL = 0xBD  # numbers side by side: the last column is at the end
_WORD = 0xFFFFFFFF
_LARGEST = 65536 * 256  # cells of a sheet
_FORMAT, _STYLE, _FROM_1904, _NOTE = 0x41E, 0xE0, 0x22, 0x1C
_NUMBERS = {0x06, 0x203, 0x27E}  # a formula, a number, a short number: row, column, style
_MOST_STYLED = 4_000_000  # cells
_CELLS = {0x06, 0xD6, 0xFD, _SEVERAL, 0x203, 0x204, 0x205, 0x27E}


@dataclass
class Looks:
    """The formats of the numbers of each sheet, by row and column from 0; when days are counted from; how many notes there are."""

    sheets: list[dict[tuple[int, int], str]] = field(default_factory=list)
    from_1904: bool = False
    notes: int = 0


def looks(workbook: bytes) -> Looks:
    """The formats in a workbook of Excel 97 or later; none where it is older or damaged."""
    found, codes, styles, starts = Looks(), dict(BUILT_IN), [], []
    try:
        for kind, data in _records(workbook, 0):
            if kind == _SHEET and len(data) >= 4:
                starts.append(struct.unpack_from("<I", data)[0])
            elif kind == _FORMAT and len(data) > 5:
                number, length, wide = struct.unpack_from("<HHB", data)
                text = data[5 : 5 + 2 * length].decode("utf-16-le", "replace") if wide & 1 else data[5 : 5 + length].decode("latin-1")
                codes[number] = text
            elif kind == _STYLE and len(data) >= 4:
                styles.append(codes.get(struct.unpack_from("<H", data, 2)[0], ""))
            elif kind == _FROM_1904 and len(data) >= 2:
                found.from_1904 = data[0] == 1
        for start in starts:
            sheet: dict[tuple[int, int], str] = {}
            found.sheets.append(sheet)
            for kind, data in _records(workbook, start):
                found.notes += kind == _NOTE
                if len(sheet) < _MOST_STYLED:
                    sheet.update((at, styles[style]) for at, style in _styled(kind, data) if style < len(styles) and styles[style])
    except (struct.error, IndexError):
        return Looks()
    return found


def _styled(kind: int, data: bytes) -> Iterator[tuple[tuple[int, int], int]]:
    """The cells of numbers in a record, each with the number of its style."""
    if kind in _NUMBERS and len(data) >= 6:
        row, column, style = struct.unpack_from("<HHH", data)
        yield (row, column), style
    elif kind == _SEVERAL and len(data) >= 6:
        row, first = struct.unpack_from("<HH", data)
        for number in range((len(data) - 6) // 6):
            yield (row, first + number), struct.unpack_from("<H", data, 4 + 6 * number)[0]


def area(workbook: bytes) -> int:
    """How many cells the rectangles around all cells of each sheet have together, or such a rectangle as a sheet announces, if that is
    more than any sheet can have. `workbook` is the stream of that name."""
    starts = [struct.unpack_from("<I", data)[0] for kind, data in _records(workbook, 0) if kind == _SHEET and len(data) >= 4]
    return sum(_sheet(workbook, start) for start in starts)


def _sheet(workbook: bytes, start: int) -> int:
    rows: set[int] = set()
    columns: set[int] = set()
    announced = 0
    for kind, data in _records(workbook, start):
        if kind in _CELLS and len(data) >= 4:
            row, column = struct.unpack_from("<HH", data)
            rows.add(row)
            columns.add(column)
            if kind == _SEVERAL:
                columns.add(struct.unpack("<H", data[-2:])[0])
        elif kind == _DIMENSIONS and len(data) >= 10:
            top, bottom, left, right = struct.unpack_from("<IIHH" if len(data) >= 12 else "<HHHH", data)
            announced = max(announced, ((bottom - top) & _WORD) * ((right - left) & _WORD))  # what parsers make of a minus
    reach = (max(rows) - min(rows) + 1) * (max(columns) - min(columns) + 1) if rows else 0
    return max(reach, announced) if announced > _LARGEST else reach


def _records(stream: bytes, at: int) -> Iterator[tuple[int, bytes]]:
    """Kind and contents of each record from `at` to the end of its part of the stream."""
    while at + 4 <= len(stream):
        kind, length = struct.unpack_from("<HH", stream, at)
        yield kind, stream[at + 4 : at + 4 + length]
        if kind == _END:
            return
        at += 4 + length
