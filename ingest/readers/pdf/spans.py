"""The cells of a table in a grid of rules, some of which span columns or rows: what a missing piece of a rule does not part is one cell.

Its words are told in all the rows and columns that it spans, but in a row of one cell only once; the lines of a head are one.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from ingest.readers.pdf.grid import NEAR, Grid, apart
from rag.pictures.layout import Line, Rows, in_rows

MOST_CELLS = 4000
LEAST_STEP = 4.0  # points: rules that are nearer are one
_MOST_HEADS = 4  # rows
LEAST_FIGURES = 3  # under one another in a cell, beside the lines of another: they are rows

Span = tuple[int, int, int, int]  # the first row and column, and those after the last


def spanned(grid: Grid, runs: Sequence[Line]) -> Rows:
    """The cells of a table of which some span others; () where none do, or rows of words stand in a band without rules between them."""
    ys = [y for y in apart(place for place, _, _ in grid.levels) if grid.box[1] - NEAR <= y <= grid.box[3] + NEAR]
    xs = [grid.box[0], *grid.xs, grid.box[2]]
    rows, columns = len(ys) - 1, len(xs) - 1
    if rows < 2 or columns < 2 or rows * columns > MOST_CELLS or any(b - a < LEAST_STEP for a, b in pairwise(ys)):
        return ()
    cells = _cells(grid, ys, xs)
    if all(bottom - top == 1 and right - left == 1 for top, left, bottom, right in cells.values()):
        return ()
    inside: dict[Span, list[Line]] = {}
    for run in runs:
        x, y = (run.left + run.right) / 2, (run.top + run.bottom) / 2
        row, column = sum(place < y for place in ys) - 1, sum(place < x for place in xs) - 1
        inside.setdefault(cells[min(max(row, 0), rows - 1), min(max(column, 0), columns - 1)], []).append(run)
    if _holds_rows(inside):
        return ()
    words = {span: tuple(line.text for line in in_rows(found)) for span, found in inside.items()}
    return _told(cells, words, rows, columns)


def _cells(grid: Grid, ys: Sequence[float], xs: Sequence[float]) -> dict[tuple[int, int], Span]:
    """For every place of the grid, the cell that it belongs to."""
    rows, columns = len(ys) - 1, len(xs) - 1
    group = {(row, column): (row, column) for row in range(rows) for column in range(columns)}

    def root(at: tuple[int, int]) -> tuple[int, int]:
        while group[at] != at:
            group[at] = group[group[at]]
            at = group[at]
        return at

    for row in range(rows):
        for column in range(columns):
            x, y = (xs[column] + xs[column + 1]) / 2, (ys[row] + ys[row + 1]) / 2
            if column + 1 < columns and not _crosses(grid.walls, xs[column + 1], y):
                group[root((row, column + 1))] = root((row, column))
            if row + 1 < rows and not _crosses(grid.levels, ys[row + 1], x):
                group[root((row + 1, column))] = root((row, column))
    spans: dict[tuple[int, int], Span] = {}
    for row, column in group:
        at = root((row, column))
        top, left, bottom, right = spans.get(at, (row, column, row + 1, column + 1))
        spans[at] = min(top, row), min(left, column), max(bottom, row + 1), max(right, column + 1)
    return {at: spans[root(at)] for at in group}


def _crosses(rules: Sequence[tuple[float, float, float]], place: float, at: float) -> bool:
    return any(abs(rule[0] - place) <= NEAR and rule[1] - 1 <= at <= rule[2] + 1 for rule in rules)


def _holds_rows(inside: dict[Span, list[Line]]) -> bool:
    """Whether cells side by side hold lines on the same base lines, which then are rows: as many of them, or figures on some."""
    for span, runs in inside.items():
        lines = [line.bottom for line in in_rows(runs)]
        for other, found in inside.items():
            if other[0] != span[0] or other == span or len(lines) <= 3:
                continue
            beside = in_rows(found)
            level = [line for line in beside if any(abs(line.bottom - bottom) < 1 for bottom in lines)]
            same = len(level) == len(beside) == len(lines)
            figures = sum(is_figure(line.text) for line in level)
            if same or (len(level) >= len(beside) - 1 and figures >= LEAST_FIGURES):  # a head may stand over them
                return True
    return False


def is_figure(text: str) -> bool:
    """Whether it has digits, and no letters."""
    return any(map(str.isdigit, text)) and not any(map(str.isalpha, text))


def _told(cells: dict[tuple[int, int], Span], words: dict[Span, tuple[str, ...]], rows: int, columns: int) -> Rows:
    first = [cells[0, column] for column in range(columns)]
    heads = max(span[2] for span in first) if any(1 < span[3] - span[1] < columns for span in first) else 1
    heads = heads if heads <= min(_MOST_HEADS, rows - 1) else 1
    if heads == 1 and any(1 < span[3] - span[1] < columns for span in first):
        heads = min(2, rows - 1)
    made: list[tuple[tuple[str, ...], ...]] = []
    head = []
    for column in range(columns):
        over = dict.fromkeys(cells[row, column] for row in range(heads))
        head.append(tuple(" ".join(words[span]) for span in over if span in words))
    made.append(tuple((" ".join(lines),) if lines else () for lines in head) if heads > 1 else _row(cells, words, 0, columns))
    made += [_row(cells, words, row, columns) for row in range(heads, rows)]
    filled = [row for row in made if any(row)]
    return tuple(filled) if sum(sum(map(bool, row)) > 1 for row in filled) >= 2 else ()


def _row(cells: dict[tuple[int, int], Span], words: dict[Span, tuple[str, ...]], row: int, columns: int) -> tuple[tuple[str, ...], ...]:
    spans = [cells[row, column] for column in range(columns)]
    if len(set(spans)) == 1:
        return (words.get(spans[0], ()), *(() for _ in range(columns - 1)))
    return tuple(words.get(span, ()) for span in spans)
