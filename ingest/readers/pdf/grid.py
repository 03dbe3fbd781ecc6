"""The rules of a PDF page put together into grids, in which tables may stand."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence, Set
from itertools import islice
from typing import NamedTuple

from ingest.readers.pdf.objects import THIN, Mark
from rag.pictures.layout import Box

MAX_RULES = 20_000  # of a page, before they are put together
MAX_CROSSINGS = 400_000  # level times upright rules: with more it is a chart or a map
LEAST_WIDTH = 40.0  # points, of level rules
LEAST_PART = 8.0  # points, of a part of one
MAX_LEVEL = 1000  # that are kept of a page
LEAST_HEIGHT = 6.0  # points, of upright rules
WHOLE = 0.6  # of a grid's width or height: a rule of so much parts all of it
CLOSED = 0.9  # of its height
NEAR = 3.0

Rule = tuple[float, float, float]  # y, left, right of a level rule; x, top, bottom of an upright one


class Grid(NamedTuple):
    """`ys` are its level rules from the top down, `xs` the upright rules inside it, `walls` every upright rule with its ends, and
    `levels` every level one."""

    box: Box
    ys: list[float]
    xs: list[float]
    walls: list[Rule]
    levels: list[Rule]

    def is_closed(self, edges: Set[int]) -> bool:
        """Whether upright rules part its columns from top to bottom, as the borders of cells do, and the `edges_of` grounds do not."""
        if not self.xs:
            return False
        whole = self.box[3] - self.box[1]
        walls = [wall for wall in self.walls if round(wall[0]) not in edges]
        return any(_covered([wall for wall in walls if abs(wall[0] - x) <= NEAR]) >= CLOSED * whole for x in self.xs)


def edges_of(grounds: Iterable[Box]) -> set[int]:
    """Where grounds end on the left and on the right, in points, and beside it."""
    return {round(edge) + off for edge in {edge for ground in grounds for edge in (ground[0], ground[2])} for off in (-1, 0, 1)}


def grids(rules: Sequence[Box]) -> list[Grid]:
    """The grids of rules that cross; and of level rules with nothing upright between them, those of one place and width."""
    if len(rules) > MAX_RULES:
        return []
    level = _merged(((b + d) / 2, a, c) for a, b, c, d in rules if d - b <= THIN < c - a)
    upright = _merged(((a + c) / 2, b, d) for a, b, c, d in rules if c - a <= THIN < d - b)
    level = [rule for rule in level if rule[2] - rule[1] >= LEAST_WIDTH]
    upright = [rule for rule in upright if rule[2] - rule[1] >= LEAST_HEIGHT]
    if len(level) * len(upright) > MAX_CROSSINGS:
        return []
    found: list[Grid] = []
    loose: list[Rule] = []
    for levels, uprights in _connected(level, upright):
        grid = _grid(levels, uprights) if len(levels) > 1 and uprights else None
        if grid and grid.xs:
            found.append(grid)
        else:
            loose.extend(levels)
    while loose:
        _, left, right = loose[0]
        alike = [rule for rule in loose if abs(rule[1] - left) < 4 and abs(rule[2] - right) < 4]
        loose = [rule for rule in loose if rule not in alike]
        ys = apart(y for y, _, _ in alike)
        if len(ys) > 1:
            found.append(Grid((left, ys[0], right, ys[-1]), ys, [], [], alike))
    return found


def level_rules(marks: Iterable[Mark]) -> list[Box]:
    """The level rules of a page, also in parts."""
    found = (
        rule for mark in marks if not mark.ground for rule in mark.rules if rule[3] - rule[1] <= THIN and rule[2] - rule[0] >= LEAST_PART
    )
    return list(islice(found, MAX_LEVEL))


def _covered(walls: Iterable[Rule]) -> float:
    covered, reached = 0.0, float("-inf")
    for _, start, end in sorted(walls, key=lambda wall: wall[1]):
        covered += max(0.0, end - max(start, reached))
        reached = max(reached, end)
    return covered


def _merged(rules: Iterable[Rule]) -> list[Rule]:
    """Rules on one line as one, where they touch."""
    found: list[Rule] = []
    lines: list[list[Rule]] = []
    for rule in sorted(rules):
        if lines and rule[0] - lines[-1][0][0] < 1.5:
            lines[-1].append(rule)
        else:
            lines.append([rule])
    for line in lines:
        place = line[len(line) // 2][0]
        for _, start, end in sorted(line, key=lambda rule: rule[1]):
            if found and found[-1][0] == place and start - found[-1][2] <= NEAR:
                found[-1] = place, found[-1][1], max(end, found[-1][2])
            else:
                found.append((place, start, end))
    return found


def _connected(level: list[Rule], upright: list[Rule]) -> list[tuple[list[Rule], list[Rule]]]:
    parent = list(range(len(level) + len(upright)))

    def root(n: int) -> int:
        while parent[n] != n:
            parent[n] = parent[parent[n]]
            n = parent[n]
        return n

    xs = [x for x, _, _ in upright]  # in order
    for n, (y, left, right) in enumerate(level):
        for m in range(bisect_left(xs, left - NEAR), bisect_right(xs, right + NEAR)):
            if upright[m][1] - NEAR <= y <= upright[m][2] + NEAR:
                parent[root(len(level) + m)] = root(n)
    groups: dict[int, tuple[list[Rule], list[Rule]]] = {}
    for n, rule in enumerate([*level, *upright]):
        groups.setdefault(root(n), ([], []))[n >= len(level)].append(rule)
    return list(groups.values())


def _grid(level: list[Rule], upright: list[Rule]) -> Grid:
    left, right = min(rule[1] for rule in level), max(rule[2] for rule in level)
    top, bottom = min(rule[1] for rule in upright), max(rule[2] for rule in upright)
    left, right = min(left, *(x for x, _, _ in upright)), max(right, *(x for x, _, _ in upright))
    top, bottom = min(top, *(y for y, _, _ in level)), max(bottom, *(y for y, _, _ in level))
    ys = apart([top, bottom, *_long(level, right - left)])
    xs = [x for x in apart(_long(upright, bottom - top)) if left + NEAR < x < right - NEAR]
    return Grid((left, top, right, bottom), ys, xs, upright, level)


def _long(rules: Sequence[Rule], whole: float) -> list[float]:
    """The places of the rules that together reach over most of the `whole`."""
    lengths: dict[float, float] = {}
    for place, start, end in rules:
        lengths[place] = lengths.get(place, 0.0) + end - start
    return [place for place, length in lengths.items() if length >= WHOLE * whole]


def apart(places: Iterable[float]) -> list[float]:
    """The places in order, of those that all but touch only the first: double rules are one."""
    found: list[float] = []
    for place in sorted(places):
        if not found or place - found[-1] > NEAR:
            found.append(place)
    return found
