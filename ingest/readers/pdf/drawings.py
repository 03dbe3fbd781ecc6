"""Drawings on a PDF page: the marks that stand close together, and whether they look like a picture of something.

Marks in touching cells of a grid of six points are one drawing. It is taken for a chart or a diagram by itself, without a caption that
says so, if it is larger than an inch both ways, is no box around text (lines of text fill less than a quarter of it), and has either
curves or slanted lines (twelve segments of them at least), or three bars on one base that differ in length.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import NamedTuple

from ingest.readers.pdf.objects import THIN, Mark
from rag.pictures.layout import Box, Line

LEAST_AREA = 0.03  # of the page
LEAST_PANEL = 0.006  # of the page: several of them side by side may be one figure
WHOLE_PAGE = 0.85
LEAST_SIDE = 72.0  # points
LEAST_SLANTED = 12
MOST_TEXT = 0.25
LEAST_BARS = 3
_CELL = 6.0  # points
_MOST_CELLS = 300  # of the grid, each way: on a larger page its cells are larger


class Drawing(NamedTuple):
    """Where marks stand close together, whether they are a chart or a diagram by their own looks, and whether any is slanted."""

    box: Box
    speaks: bool
    slanted: bool


def area(box: Box) -> float:
    return max(0.0, box[2] - box[0]) * max(0.0, box[3] - box[1])


def overlap(a: Box, b: Box) -> float:
    """The area that two boxes share."""
    return area((max(a[0], b[0]), max(a[1], b[1]), min(a[2], b[2]), min(a[3], b[3])))


def union(boxes: Sequence[Box]) -> Box:
    return min(b[0] for b in boxes), min(b[1] for b in boxes), max(b[2] for b in boxes), max(b[3] for b in boxes)


def drawn(marks: Sequence[Mark], text: Sequence[Line], width: float, height: float) -> list[Drawing]:
    """The drawings of a page: those of over 3 % of it, those that fill it where they are charts, plans or maps by their looks, and smaller
    ones that may be the panels of one."""
    whole = width * height
    found = []
    charts = [union([marks[n].box for n in group]) for group in bar_groups(marks)]  # their bars may stand apart
    for group in clusters([*(mark.box for mark in marks), *charts], width, height):
        members = [marks[n] for n in group if n < len(marks)]
        box = union([mark.box for mark in members])
        speaks = _speaks(box, members, text)
        if LEAST_PANEL * whole <= area(box) and (speaks or area(box) <= WHOLE_PAGE * whole):
            found.append(Drawing(box, speaks, not all(mark.plain for mark in members)))
    return found


def _speaks(box: Box, marks: Sequence[Mark], text: Sequence[Line]) -> bool:
    if min(box[2] - box[0], box[3] - box[1]) < LEAST_SIDE:
        return False
    if sum(overlap(run.box, box) for run in text if len(run.text) > 3) > MOST_TEXT * area(box):
        return False
    slanted = sum(mark.segments for mark in marks if not mark.plain)
    return slanted >= LEAST_SLANTED or bool(bar_groups(marks, alike=False)) or any(mark.dark and _steps(mark) for mark in marks)


def bars(marks: Sequence[Mark]) -> set[int]:
    """The numbers of the marks that are bars of a chart, with what is stacked on them."""
    found = {n for group in bar_groups(marks) for n in group}
    rows = {place for n in found for place in _rows(marks[n].box)}
    found.update(n for n in _boxes(marks, True) if rows & set(_rows(marks[n].box)))
    one = [mark for mark in marks if mark.dark and len(mark.rules) > 2 * LEAST_BARS and _steps(mark)]
    for n, mark in enumerate(marks):
        if any(mark is each or (mark.dark and overlap(mark.box, each.box) > 0.3 * area(mark.box) > 0) for each in one):
            found.add(n)
    return found


def bar_groups(marks: Sequence[Mark], alike: bool = True) -> list[list[int]]:
    """Boxes on one base line, level or upright, at least three of different lengths; with `alike` all dark, and as thick."""
    found = []
    for start, end, across in ((3, 1, 0), (0, 2, 1)):
        bases: defaultdict[tuple[int, int], list[int]] = defaultdict(list)
        for n in _boxes(marks, alike):
            box = marks[n].box
            bases[round(box[start]), round(box[across + 2] - box[across]) if alike else 0].append(n)
        found += [group for group in bases.values() if len({round(marks[n].box[end] / 2) for n in group}) >= LEAST_BARS]
    return found


def _boxes(marks: Sequence[Mark], dark: bool) -> list[int]:
    return [
        n
        for n, mark in enumerate(marks)
        if mark.plain and mark.dark >= dark and min(mark.box[2] - mark.box[0], mark.box[3] - mark.box[1]) > THIN
    ]


def _rows(box: Box) -> tuple[tuple[bool, int, int], ...]:
    """Which row and which column of boxes a box stands in."""
    return (True, round(box[1]), round(box[3])), (False, round(box[0]), round(box[2]))


def _steps(mark: Mark) -> bool:
    """Whether one path draws the bars of a chart: three rules of it at least begin on one line and differ in length, two of each."""
    for start, end, across in ((0, 2, 1), (3, 1, 0)):
        level = [box for box in mark.rules if box[across + 2] - box[across] < 1]
        lengths: defaultdict[int, Counter[int]] = defaultdict(Counter)
        for box in level:
            lengths[round(box[start])][round(box[end] / 2)] += 1
        if any(sum(count >= 2 for count in each.values()) >= LEAST_BARS for each in lengths.values()):
            return True
    return False


def clusters(boxes: Sequence[Box], width: float, height: float) -> list[list[int]]:
    """The numbers of the boxes that touch or all but touch one another, in groups. The page is `width` by `height` points."""
    import numpy as np

    if not boxes:
        return []
    cell = max(_CELL, max(width, height) / _MOST_CELLS)
    across = int(width / cell) + 3
    taken = np.zeros((int(height / cell) + 3, across), dtype=np.int8)
    places = [(int(left / cell), int(top / cell), int(right / cell) + 1, int(bottom / cell) + 1) for left, top, right, bottom in boxes]
    for left, top, right, bottom in set(places):
        taken[top:bottom, left:right] = 1
    edges = np.diff(taken, axis=1, prepend=0, append=0)
    stretches = [  # of neighbouring cells in a row of the grid: the row, the first cell, and the one after the last
        (row, start, end)
        for (row, start), (_, end) in zip(np.argwhere(edges == 1).tolist(), np.argwhere(edges == -1).tolist(), strict=True)
    ]
    parent = list(range(len(stretches)))

    def root(n: int) -> int:
        while parent[n] != n:
            parent[n] = parent[parent[n]]
            n = parent[n]
        return n

    above = 0
    for n, (row, start, end) in enumerate(stretches):
        while stretches[above][0] < row - 1 or (stretches[above][0] == row - 1 and stretches[above][2] <= start):
            above += 1
        for m in range(above, n):
            if stretches[m][0] == row or stretches[m][1] >= end:
                break
            parent[root(n)] = root(m)
    number = np.zeros(taken.shape, dtype=np.int32)  # of the group of a cell
    for n, (row, start, end) in enumerate(stretches):
        number[row, start:end] = root(n)
    groups: dict[int, list[int]] = {}
    for n, (left, top, _, _) in enumerate(places):
        groups.setdefault(int(number[top, left]), []).append(n)
    return list(groups.values())
