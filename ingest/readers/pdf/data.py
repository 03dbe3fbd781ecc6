"""What of a table of ruled lines is head and what is data: a head over the grid, rules that go round nothing but a head, a caption."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from ingest.figures import label
from ingest.readers.pdf.grid import Grid
from ingest.readers.pdf.rows import as_rows
from ingest.readers.pdf.values import Cell
from rag.pictures.layout import Line, Rows, in_rows

MOST_HEADS = 4  # rows
_YEAR = re.compile(r"(?:19|20)\d\d")


def head_above(table: Line, runs: Sequence[Line], grid: Grid) -> Line | None:
    """The line close above a table in a grid that is its head: its words stand one over each column, and the first row is one of data."""
    above = in_rows(runs)[-1:]
    edges = [grid.box[0], *grid.xs, grid.box[2]]
    if not above or above[0].table or len(above[0].runs) != len(edges) - 1 or len(table.table[0]) != len(edges) - 1:
        return None
    if any(not a < (run.left + run.right) / 2 < b for run, (a, b) in zip(above[0].runs, pairwise(edges), strict=True)):
        return None
    return above[0] if is_data(table.table) and not any(is_number(run.text) for run in above[0].runs) else None


def is_data(rows: Rows) -> bool:
    """Whether the first row of a table is one of data and no head: it has figures where most of the others have."""
    for column in range(len(rows[0])):
        cells = [" ".join(row[column]) for row in rows if row[column]]
        first = " ".join(rows[0][column])
        if first and is_number(first) and not _YEAR.fullmatch(first) and sum(map(is_number, cells)) >= max(2, 0.7 * len(cells)):
            return True
    return False


def is_number(text: str) -> bool:
    return Cell(text, 0, 0).is_value


def is_only_head(table: Line, runs: Sequence[Line]) -> bool:
    """Whether rules go round nothing but the head of a table of figures, whose first rows stand below it among `runs`."""
    cells = [Cell(" ".join(cell), 0, 0) for row in table.table for cell in row]
    if len(cells) > MOST_HEADS * len(table.table[0]) or any(cell.is_value and not cell.is_period for cell in cells):
        return False
    reach = table.bottom + 5 * (table.height / len(table.table))
    below = [run for run in runs if table.bottom - 2 < run.top < reach and table.left - 5 < (run.left + run.right) / 2 < table.right + 5]
    return any(row.is_data(False) for row in as_rows(in_rows(below))[:3])


def holds_caption(rows: Rows) -> bool:
    """Whether a caption got between the rules, as those of figures side by side do."""
    return any(
        label(cell[0]) and (n == 0 or ":" in cell[0]) for n, row in enumerate(rows) for cell in row if cell and sum(map(bool, row)) > 1
    )
