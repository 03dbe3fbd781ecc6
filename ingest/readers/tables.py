"""Tables as Markdown, the form in which the encoder and the model read them."""

from __future__ import annotations

import re
from collections.abc import Sequence

MAX_SPAN = 200
MAX_COLUMNS = 500

HEAD_WORDS = 6  # of a cell of a head at most, where nothing but its words tells that it is one

Cell = tuple[str, int, int]  # text, columns and rows that it spans

# what a cell of data may be: a year (also of two numbers, "2021-22"), another figure, the name of a file or an address, a sentence
_YEAR = re.compile(r"[^\d.,]*(?:1[5-9]|20)\d\d(?:\s?[-–/]\s?(?:\d\d){1,2})?[^\d.,]*")
_DATA = (
    _YEAR,
    re.compile(r"\W*\d.*"),
    re.compile(r".*[\w*][._@\\]\w.*|/.*"),
    re.compile(r".*\w\."),
)


def markdown_table(rows: Sequence[Sequence[Cell]], headed: bool = True) -> str:
    """The rows as a Markdown table, the first as its header, or where it is not `headed` under a header of empty cells; a cell that spans
    rows is repeated in each, so that every row tells all.

    Empty where there are no words in it.
    """
    held: dict[int, tuple[str, int]] = {}  # column -> text of a cell from above, and the rows that it still reaches into
    lines: list[list[str]] = []
    for row in rows:
        line: list[str] = []

        def fill(line: list[str] = line) -> None:
            while len(line) in held:
                column = len(line)
                text, left = held.pop(column)
                line.append(text)
                if left > 1:
                    held[column] = (text, left - 1)

        for text, columns, down in row:
            fill()
            for n in range(min(columns, MAX_SPAN, MAX_COLUMNS - len(line))):
                if down > 1:
                    held[len(line)] = (text if n == 0 else "", min(down, MAX_SPAN) - 1)
                line.append(text if n == 0 else "")
        fill()
        if any(line):
            lines.append(line)
    if not lines:
        return ""
    width = max(map(len, lines))
    if not headed:
        lines.insert(0, [])
    return "\n".join([markdown_row(lines[0], width), ruler(width), *(markdown_row(line, width) for line in lines[1:])])


def reads_as_head(rows: Sequence[Sequence[str]]) -> bool:
    """Whether the first of some rows names the columns of the others, where nothing marks it: its cells are short, and none is a figure, a
    file's name or a sentence above others like it. Years name columns, but not where all of them stand above years."""
    first, *others = rows
    if not others or not any(first) or any(len(cell.split()) > HEAD_WORDS for cell in first):
        return False
    years: list[bool] = []
    for column, cell in enumerate(first):
        kind = _datum(cell)
        below = [row[column] for row in others if len(row) > column and row[column]]
        alike = kind is not None and bool(below) and sum(_datum(each) == kind for each in below) * 2 >= len(below)
        if kind is _YEAR:
            years.append(alike)
        elif alike:
            return False
    return not (years and all(years))


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
