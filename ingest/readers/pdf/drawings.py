"""Drawings on a PDF page: the marks that stand close together, and whether they look like a picture of something.

Marks in touching cells of a grid of six points are one drawing. It is taken for a chart or a diagram by itself, without a caption that
says so, if it is larger than an inch both ways, is no box around text (lines of text fill less than a quarter of it), and has either
curves or slanted lines (twelve segments of them at least), or three bars on one base that differ in length.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import NamedTuple

from ingest.readers.pdf.objects import THIN, Mark
from rag.pictures.layout import Box, Line

LEAST_AREA = 0.03  # of the page
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
    """The drawings of a page: those of over 3 % of it that do not fill it."""
    whole = width * height
    found = []
    for group in clusters([mark.box for mark in marks], width, height):
        members = [marks[n] for n in group]
        box = union([mark.box for mark in members])
        if LEAST_AREA * whole <= area(box) <= WHOLE_PAGE * whole:
            found.append(Drawing(box, _speaks(box, members, text), not all(mark.plain for mark in members)))
    return found


def _speaks(box: Box, marks: Sequence[Mark], text: Sequence[Line]) -> bool:
    if min(box[2] - box[0], box[3] - box[1]) < LEAST_SIDE:
        return False
    if sum(overlap(run.box, box) for run in text if len(run.text) > 3) > MOST_TEXT * area(box):
        return False
    slanted = sum(mark.segments for mark in marks if not mark.plain)
    return slanted >= LEAST_SLANTED or _bars(marks)


def _bars(marks: Sequence[Mark]) -> bool:
    """Whether boxes stand on one base line, level or upright, and differ in how far they reach from it."""
    for start, end in ((3, 1), (0, 2)):
        bases: defaultdict[int, set[int]] = defaultdict(set)
        for mark in marks:
            box = mark.box
            if mark.plain and min(box[2] - box[0], box[3] - box[1]) > THIN:
                bases[round(box[start])].add(round(box[end] / 2))
        if any(len(lengths) >= LEAST_BARS for lengths in bases.values()):
            return True
    return False


def clusters(boxes: Sequence[Box], width: float, height: float) -> list[list[int]]:
    """The numbers of the boxes that touch or all but touch one another, in groups. The page is `width` by `height` points."""
    import numpy as np

    if not boxes:
        return []
    cell = max(_CELL, max(width, height) / _MOST_CELLS)
    across = int(width / cell) + 3
    taken = np.zeros((int(height / cell) + 3, across), dtype=bool)
    places = [(int(left / cell), int(top / cell), int(right / cell) + 1, int(bottom / cell) + 1) for left, top, right, bottom in boxes]
    for left, top, right, bottom in set(places):
        taken[top:bottom, left:right] = True
    free = set(np.flatnonzero(taken).tolist())
    number: dict[int, int] = {}  # of the group of a cell
    while free:
        pending = [free.pop()]
        group = len(number)
        while pending:
            at = pending.pop()
            number[at] = group
            for near in (at - 1, at + 1, at - across, at + across):
                if near in free:
                    free.remove(near)
                    pending.append(near)
    groups: dict[int, list[int]] = {}
    for n, (left, top, _, _) in enumerate(places):
        groups.setdefault(number[top * across + left], []).append(n)
    return list(groups.values())
