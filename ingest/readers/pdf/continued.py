"""Lines of a table without rules that only go on with cells of the row above them."""

from __future__ import annotations

from collections.abc import Sequence

from ingest.readers.pdf.values import Cell, cells
from rag.pictures.layout import Line

_LEAST_CELLS = 3  # of a row: two are also a label and what it says
_MOST_GAP = 0.8  # line heights
_ALIGNED = 2.0  # points


def goes_on(line: Line, last: Line, row: Line) -> bool:
    """Whether `line`, close below `last`, only goes on with cells of `row`: its words begin where words in that row do that are not its
    first, and end before the next cell, or where they stand alone, before the end of the row: "(Runtime: 98 min)" under a title."""
    gap = line.top - last.bottom
    if line.table or line.mono or row.table or not -0.5 * line.height < gap < _MOST_GAP * min(line.height, last.height):
        return False
    if not (row.parts or row.gaps):
        return False
    above = max(cells(row), [Cell(part.text, part.left, part.right) for part in row.parts], key=len)
    own = cells(line) if line.parts or line.gaps else [Cell(line.text, line.left, line.right)]
    alone = len(own) == 1 and line.right < row.right + _ALIGNED
    return _LEAST_CELLS <= len(above) > len(own) + 1 and all(_under(cell, above, alone) for cell in own)


def _under(cell: Cell, above: Sequence[Cell], alone: bool) -> bool:
    if cell.is_value and not alone:
        return False
    for number, over in enumerate(above[1:], 2):
        if abs(over.left - cell.left) < _ALIGNED and not over.is_value:
            return alone or number == len(above) or cell.right < above[number].left
    return False
