"""The head lines over a table of figures: which columns each of their cells spans, and all of them joined, column by column."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from ingest.readers.pdf.values import Cell
from rag.pictures.layout import Box

PERIOD = re.compile(r"\b(?:end(?:ed|ing)|as (?:of|at)|months?|quarters?|years?|weeks?|fiscal)\b", re.I)
_YEAR = re.compile(r"(?:19|20)\d\d")
_TOLD = re.compile(r"(.*\D)\s(?:19|20)\d\d")
MOST_TRIED = 4000  # cells of a line times columns times columns: beyond, each stands over the nearest
_BARE = 8.0  # what it costs, in points, to leave a column without a head on a line
_PASSED = 15.0  # to leave out a column that the cell stands over
_SPAN = 1.0  # for every further column
_TOUCH = 1.5  # points between the parts of one rule
_APART = 30.0  # between the parts of one that every column has
_MIDDLE = 8.0  # off the middle of what it spans a cell stands at most
_FAR = 60.0  # for a cell that stands beside the columns given to it

Column = tuple[float, float]  # its left and its right edge
HeadLine = tuple[Sequence[Cell], float]  # cells over the columns, and their lower edge


def joined(lines: Sequence[HeadLine], columns: Sequence[Column], rules: Sequence[Box]) -> list[str]:
    """The head of each column: the words over it, from the top down."""
    heads: list[list[str]] = [[] for _ in columns]
    for cells, bottom in lines:
        for cell, (first, last) in zip(cells, spans(cells, columns, _under(cells, bottom, columns, rules)), strict=True):
            for n in range(first, last):
                heads[n].append(cell.text)
    return _periods([" ".join(words) for words in heads])


def _periods(heads: list[str]) -> list[str]:
    """The heads, where a year beside one that tells more, as "Three Months Ended June 30, 2021", is told as much."""
    for n, head in enumerate(heads):
        if not _YEAR.fullmatch(head):
            continue
        near = next((other for other in (*heads[n + 1 : n + 3], *reversed(heads[max(n - 2, 0) : n])) if not _YEAR.fullmatch(other)), "")
        if (told := _TOLD.fullmatch(near)) and PERIOD.search(told[1]):
            heads[n] = f"{told[1]} {head}"
    return heads


def spans(cells: Sequence[Cell], columns: Sequence[Column], known: dict[int, tuple[int, int]]) -> list[tuple[int, int]]:
    """From which column to before which each cell of a head line reaches, so that each stands over the middle of its own as well as can be.

    `known` are those that a rule under them tells.
    """
    if len(cells) == len(columns) and not known:
        return [(n, n + 1) for n in range(len(columns))]
    if len(cells) * len(columns) ** 2 > MOST_TRIED:
        return _nearest(cells, columns)
    best: list[dict[int, tuple[float, list[tuple[int, int]]]]] = [{0: (0.0, [])}]  # by how many columns are done, for so many cells
    for number, cell in enumerate(cells):
        over = [min(cell.right, right) - max(cell.left, left) > (right - left) / 2 for left, right in columns]
        found: dict[int, tuple[float, list[tuple[int, int]]]] = {}
        for done, (cost, chosen) in best[-1].items():
            for first in range(done, len(columns)):
                for last in range(first + 1, len(columns) + 1):
                    if number in known and (first, last) != known[number]:
                        continue
                    total = cost + _BARE * (first - done) + _cost(cell, columns, over, first, last)
                    if last not in found or total < found[last][0]:
                        found[last] = total, [*chosen, (first, last)]
        best.append(found)
    ended = [(cost + _BARE * (len(columns) - done), chosen) for done, (cost, chosen) in best[-1].items()]
    if ended:
        return min(ended)[1]
    if known:
        return spans(cells, columns, {})
    return _nearest(cells, columns)


def _nearest(cells: Sequence[Cell], columns: Sequence[Column]) -> list[tuple[int, int]]:
    nearest = [min(range(len(columns)), key=lambda n: abs(cell.middle - sum(columns[n]) / 2)) for cell in cells]
    return [(n, n + 1) for n in nearest]


def _cost(cell: Cell, columns: Sequence[Column], over: Sequence[bool], first: int, last: int) -> float:
    """What it costs that a cell reaches from a column to before another. `over` says of each column whether it stands over most of it."""
    left, right = columns[first][0], columns[last - 1][1]
    away = abs(cell.middle - (left + right) / 2)
    if last - first == 1:
        away = min(away, abs(cell.left - left), abs(cell.right - right))
    passed = sum(over[:first]) + sum(over[last:])
    beside = cell.left > right or cell.right < left
    return away + _PASSED * passed + _SPAN * (last - first - 1) + _FAR * beside


def _under(cells: Sequence[Cell], bottom: float, columns: Sequence[Column], rules: Sequence[Box]) -> dict[int, tuple[int, int]]:
    """The columns that the rule under a cell of a head line covers, for the cells that have one; rules that reach beyond two are none."""
    known: dict[int, tuple[int, int]] = {}
    near = [rule for rule in rules if bottom - 3 < (rule[1] + rule[3]) / 2 < bottom + 6]
    near += _whole(near, _TOUCH)
    for number, cell in enumerate(cells):
        over = [rule for rule in near if rule[0] <= cell.left + 3 and rule[2] >= cell.right - 3 and rule[0] > columns[0][0] - 60]
        for rule in sorted(over, key=lambda rule: rule[0] - rule[2]):
            others = any(other is not cell and rule[0] < other.middle < rule[2] for other in cells)
            covered = [n for n, (left, right) in enumerate(columns) if rule[0] - 2 <= (left + right) / 2 <= rule[2] + 2]
            if covered and not others:
                bare = [part for part in near if not any(part[0] < other.middle < part[2] for other in cells)]
                whole = _whole([rule, *bare], _APART)
                left, right = next((part[0], part[2]) for part in whole if part[0] <= rule[0] and rule[2] <= part[2])
                if abs((left + right) / 2 - cell.middle) < _MIDDLE:  # a line in parts under one cell in their middle
                    covered = [n for n, column in enumerate(columns) if left - 2 <= sum(column) / 2 <= right + 2] or covered
                known[number] = covered[0], covered[-1] + 1
                break
    taken = [span for _, span in sorted(known.items())]
    return known if all(a[1] <= b[0] for a, b in pairwise(taken)) else {}


def _whole(rules: Sequence[Box], gap: float) -> list[Box]:
    """Rules that are drawn in parts, less than a `gap` apart, put together."""
    found: list[Box] = []
    for rule in sorted(rules, key=lambda rule: (round(rule[1]), rule[0])):
        last = found[-1] if found else None
        if last and abs(last[1] - rule[1]) < 1 and rule[0] - last[2] < gap:
            found[-1] = last[0], last[1], max(last[2], rule[2]), last[3]
        else:
            found.append(rule)
    return found
