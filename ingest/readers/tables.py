"""Tables as Markdown, the form in which the encoder and the model read them."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ingest.readers.spans import Cell, head_rows, joined, laid_out, signs_joined, title_of, under_labels

__all__ = [
    "Cell",
    "head_rows",
    "markdown_row",
    "markdown_table",
    "plain_rows",
    "reads_as_data",
    "reads_as_head",
    "ruler",
    "title_of",
    "written",
]

HEAD_WORDS = 6  # of a cell of a head at most, where nothing but its words tells that it is one

# what a cell of data may be: a year (also of two numbers, "2021-22"), another figure, the name of a file or an address, a sentence
_YEAR = re.compile(r"[^\d.,]*(?:1[5-9]|20)\d\d(?:\s?[-–/]\s?(?:\d\d){1,2})?[^\d.,]*")
_DATA = (
    _YEAR,
    re.compile(r"\W*\d.*"),
    re.compile(r".*[\w*][._@\\]\w.*|/.*"),
    re.compile(r".*\w\."),
)


def markdown_table(rows: Sequence[Sequence[Cell]], heads: int = 1) -> str:
    """The rows as a Markdown table (see `plain_rows`); empty where there are no words in it. A title over the whole table is no head: see
    `title_of`."""
    lines = plain_rows(rows, heads)
    return written(lines) if lines else ""


def plain_rows(rows: Sequence[Sequence[Cell]], heads: int = 1) -> list[list[str]]:
    """One head, made of the first `heads` rows (none: empty cells), and the other rows, each of which tells all: a cell that spans
    columns or rows is repeated in each, and the label of a group of rows stands before each of these. Blank columns go."""
    grid, heads = laid_out(rows, heads)
    if not grid:
        return []
    grid = signs_joined(grid, heads)
    return [joined(grid, heads), *under_labels(grid[heads:])]


def written(lines: Sequence[Sequence[str]]) -> str:
    """Rows as a Markdown table, the first as its head."""
    width = max(map(len, lines))
    return "\n".join([markdown_row(lines[0], width), ruler(width), *(markdown_row(line, width) for line in lines[1:])])


def reads_as_head(rows: Sequence[Sequence[str]]) -> bool:
    """Whether the first of some rows names the columns of the others, where nothing marks it: its cells are short, and it does not read
    as data."""
    if not rows:
        return False
    first, *others = rows
    if any(len(cell.split()) > HEAD_WORDS for cell in first) or _is_form(first, others):
        return False
    return bool(others) and any(first) and not reads_as_data(rows)


def _is_form(first: Sequence[str], others: Sequence[Sequence[str]]) -> bool:
    """Whether a cell of the first row is the label of what stands beside it, as those below are: "Vessel:"."""
    below = [row[n] for n, cell in enumerate(first) if cell.endswith(":") for row in others if len(row) > n and row[n]]
    return bool(below) and all(cell.endswith(":") for cell in below) and not all(cell.endswith(":") for cell in first if cell)


def reads_as_data(rows: Sequence[Sequence[str]]) -> bool:
    """Whether in the first of some rows a cell is a figure, a file's name or a sentence above others like it. Years name columns, but not
    where all of them stand above years."""
    if not rows:
        return False
    first, *others = rows
    years: list[bool] = []
    for column, cell in enumerate(first):
        kind = _datum(cell)
        below = [row[column] for row in others if len(row) > column and row[column]]
        alike = kind is not None and bool(below) and sum(_datum(each) == kind for each in below) * 2 >= len(below)
        if kind is _YEAR:
            years.append(alike)
        elif alike:
            return True
    return bool(years) and all(years)


def _datum(cell: str) -> re.Pattern[str] | None:
    """Which kind of data a cell is; None for what may name a column."""
    return next((kind for kind in _DATA if kind.fullmatch(cell)), None)


def markdown_row(cells: Sequence[str], width: int) -> str:
    """The cells as a row of `width` columns, on one line."""
    written = [" ".join(cell.split()).replace("|", "\\|") for cell in cells]
    return "| " + " | ".join(written + [""] * (width - len(written))) + " |"


def ruler(width: int) -> str:
    """What stands under the header of a table of `width` columns."""
    return "|" + " --- |" * width
