"""Rows of a sheet or a delimited file to texts: tables in slices under their header, wide or wordy rows as records, one column as lines."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import NamedTuple

from ingest.blocks import Text
from ingest.cells import Cells
from ingest.readers.spans import Cell, grouped, head_rows, joined, laid_out
from ingest.readers.stacked import stacked
from ingest.readers.tables import markdown_row, reads_as_data, ruler
from rag.records import Locator

MAX_COLUMNS = 30  # of a table; a wider one, or one with a longer header, comes as records
MAX_HEADER = 400  # characters
MAX_ROW = 600
MAX_SLICE = 20_000
_MAX_LINES = 4_000
_LOOK = 20  # rows that tell what the first is


class Spanned(str):
    """The value of a cell that spans columns, in those after its first."""

    __slots__ = ()


class Row(NamedTuple):
    """`number` counts from 1 in the sheet, `line` in the file."""

    number: int
    values: list[str]
    line: int | None = None


def table(rows: Iterable[Row], left: int, locator: Locator, header: Row | None = None) -> Iterator[Text]:
    """The rows, not empty, as Markdown tables under `header`, by default the first of them; `left` is the number of the first column.

    Each has the `cells` and the `line` of its rows. A row of over 600 characters, and every row where the header is too wide to be
    repeated, is a record instead: "column: value" on a line each.
    """
    rest = iter(rows)
    slice_: list[Row] = []
    if header is None:
        header = next(rest, None)
        if header is None:
            return
        slice_ = [header]
    wide = len(header.values) > MAX_COLUMNS or sum(map(len, header.values)) > MAX_HEADER
    size = 0
    for row in rest:
        long = wide or sum(map(len, row.values)) + 3 * len(row.values) > MAX_ROW
        if slice_ and (long or size > MAX_SLICE or not _follows(slice_[-1], row)):
            if slice_ != [header]:
                yield _slice(header, slice_, left, locator)
            slice_, size = [], 0
        if long:
            yield _record(header, row, left, locator)
            continue
        slice_.append(row)
        size += sum(map(len, row.values))
    if slice_:
        yield _slice(header, slice_, left, locator)


def headed(rows: list[Row]) -> tuple[Row, Row | None, list[Row]]:
    """The head of a table, what `table` is to be told of it (None: it comes as the first of the rows), and the rows below: several first
    rows are one head where cells of them span columns; it is blank where the first row is data like the others."""
    first = rows[0]
    sample = [_cells(row) for row in rows[:_LOOK]]
    heads = head_rows(sample) if any(isinstance(value, Spanned) for value in first.values) else 1
    if heads == 1:
        if (names := stacked([row.values for row in rows[:_LOOK]])) is not None:
            made = Row(first.number, names, first.line)
            return made, made, rows[2:]
        if len(rows) > 1 and reads_as_data([row.values for row in rows[:_LOOK]]):
            blank = Row(first.number, [""] * len(first.values), first.line)
            return blank, blank, rows
        return first, None, rows[1:]
    grid, heads = laid_out(sample[:heads], heads)
    made = Row(first.number, joined(grid, heads), first.line)
    return made, made, rows[heads:]


def labelled(rows: list[Row]) -> Iterator[Row]:
    """The rows of a table, those below the label of a group with this before their first cell."""
    over = [len(set(row.values)) == 1 and len(row.values) > 1 and isinstance(row.values[1], Spanned) for row in rows]
    told = grouped([list(row.values) for row in rows], over)
    for row, values in zip(rows, told, strict=True):
        yield row._replace(values=[row.values[0], *[""] * (len(row.values) - 1)] if values is None else values)


def _cells(row: Row) -> list[Cell]:
    """The cells of a row, one for those that span columns."""
    cells: list[Cell] = []
    for value in row.values:
        if isinstance(value, Spanned) and cells:
            text, columns, down = cells[-1]
            cells[-1] = text, columns + 1, down
        else:
            cells.append((value, 1, 1))
    return cells


def lines(rows: Iterable[Row], left: int, locator: Locator) -> Iterator[Text]:
    """Rows of one column as lines, many to a Text; a value of several lines is a Text of its own."""
    run: list[Row] = []
    size = 0
    for row in rows:
        alone = "\n" in row.values[0]
        if run and (alone or size > _MAX_LINES or not _follows(run[-1], row)):
            yield _run(run, left, locator)
            run, size = [], 0
        if alone:
            yield _run([row], left, locator)
        else:
            run.append(row)
            size += len(row.values[0])
    if run:
        yield _run(run, left, locator)


def _follows(one: Row, other: Row) -> bool:
    return other.number == one.number + 1 and (one.line is None or other.line == one.line + 1)


def _slice(header: Row, rows: list[Row], left: int, locator: Locator) -> Text:
    body = rows[1:] if rows[0] is header else rows
    width = max(len(row.values) for row in (header, *body))
    text = "\n".join([markdown_row(header.values, width), ruler(width), *(markdown_row(row.values, width) for row in body)])
    return Text(text, _at(rows, width, left, locator), "table")


def _record(header: Row, row: Row, left: int, locator: Locator) -> Text:
    names = [*header.values, *([""] * (len(row.values) - len(header.values)))]
    pairs = [(" ".join(name.split()), value.strip()) for name, value in zip(names, row.values, strict=False)]
    text = "\n".join(f"{name}: {value}" if name else value for name, value in pairs if value)
    return Text(text, _at([row], len(row.values), left, locator))


def _run(rows: list[Row], left: int, locator: Locator) -> Text:
    return Text("\n".join(row.values[0].rstrip() for row in rows), _at(rows, 1, left, locator))


def _at(rows: list[Row], width: int, left: int, locator: Locator) -> Locator:
    cells = Cells(left, rows[0].number, left + width - 1, rows[-1].number)
    return replace(locator, cells=str(cells), line=rows[0].line)
