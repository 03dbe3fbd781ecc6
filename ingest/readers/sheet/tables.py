"""The rows of a sheet as tables, parted at blank rows and columns, each under its title and its heads."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import chain
from typing import Any

from ingest.blocks import Text
from ingest.cells import Cells
from ingest.lists import lead_of
from ingest.readers.rows import Row, Spanned, headed, labelled, lines, table
from rag.records import Locator

_WINDOW = 200_000  # cells looked at together for blank columns
_DEPTH = 8


def texts(rows: Iterable[Row], place: Locator) -> Iterator[Text]:
    """Tables and lines, their cells counted as the rows are and from the first column. Rows may be of any length; blank ones may be
    left out."""
    window: list[Row] = []
    headers: dict[tuple[int, int], Row] = {}
    width, last = 0, 0
    for row in rows:
        if not any(row.values):
            continue
        if window and row.number != last + 1:
            yield from _tables(_even(window, width), place, headers)
            window, headers, width = [], {}, 0
        width, last = max(width, len(row.values)), row.number
        window.append(row)
        if len(window) * width >= _WINDOW:
            headers = yield from _tables(_even(window, width), place, headers)
            window, width = [], 0
    yield from _tables(_even(window, width), place, headers)


def _even(rows: list[Row], width: int) -> list[Row]:
    return [row._replace(values=row.values + [""] * (width - len(row.values))) for row in rows]


def _tables(rows: list[Row], place: Locator, headers: dict[tuple[int, int], Row]) -> Any:
    """The texts of `rows`, which follow each other. A table that goes on from rows before has its header in `headers`, by its first
    column and its width; returns such headers for what follows."""
    going_on: dict[tuple[int, int], Row] = {}
    for part, at in _parted(rows, 1):
        shape = at, len(part[0].values)
        header = headers.get(shape) if part[0].number == rows[0].number else None
        if shape[1] == 1 or all(_spans(row) for row in part):
            yield from lines((row._replace(values=row.values[:1]) for row in part), at, place)
            continue
        lead = ""
        while header is None and part and _alone(part[0]):  # a title above the table, or one line after the other
            title = part.pop(0)
            column = next(n for n, value in enumerate(title.values) if value)
            lead = lead_of(title.values[column]) if not lead else f"{lead} {lead_of(title.values[column])}"
            yield from lines([title._replace(values=[title.values[column]])], at + column, place)
        if not part:
            continue
        last = part[-1].number
        known = header
        if header is None:
            header, known, part = headed(part)
        found = table(chain([header] if known is None else [], labelled(part)), at, place, known)
        yield from (replace(text, lead=lead) for text in found)
        if last == rows[-1].number:
            going_on[shape] = header
    return going_on


def _alone(row: Row) -> bool:
    """Whether a row is one value, which may span all columns."""
    return sum(bool(value) and not isinstance(value, Spanned) for value in row.values) == 1


def _spans(row: Row) -> bool:
    """Whether a row is one value over all columns."""
    return all(isinstance(value, Spanned) for value in row.values[1:])


def _parted(rows: list[Row], left: int, depth: int = 0) -> Iterator[tuple[list[Row], int]]:
    """The tables that blank rows and columns part from each other, each with its first column."""
    for run in _runs(rows):
        used = [any(values) for values in zip(*(row.values for row in run), strict=True)]
        starts = [n for n, is_used in enumerate(used) if is_used and not (n and used[n - 1])]
        for start in starts:
            end = next((n for n in range(start, len(used)) if not used[n]), len(used))
            inside = [row._replace(values=row.values[start:end]) for row in run]
            if len(starts) > 1 and depth < _DEPTH:
                yield from _parted(inside, left + start, depth + 1)
            else:
                yield [row for row in inside if any(row.values)], left + start


def _runs(rows: list[Row]) -> Iterator[list[Row]]:
    run: list[Row] = []
    for row in rows:
        if any(row.values):
            run.append(row)
        elif run:
            yield run
            run = []
    if run:
        yield run


def place_of(cells: Cells, place: Locator) -> Locator:
    """The place of a range on a sheet."""
    return replace(place, cells=str(cells))
