"""How far the cells of an old Excel workbook (.xls) reach, told from its records before a parser makes room for them.

After [MS-XLS], "Excel Binary File Format (.xls) Structure".
"""

from __future__ import annotations

import struct
from collections.abc import Iterator

_SHEET = 0x85
_DIMENSIONS = 0x200
_END = 0x0A
_SEVERAL = 0xBD  # numbers side by side: the last column is at the end
_WORD = 0xFFFFFFFF
_LARGEST = 65536 * 256  # cells of a sheet
_CELLS = {0x06, 0xD6, 0xFD, _SEVERAL, 0x203, 0x204, 0x205, 0x27E}


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
