"""The labels of the rows of a table of figures: those of several lines made one, and those below a group told with it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from statistics import median

from rag.pictures.layout import flow

_LONGEST = 90  # characters of the groups that a label is told with: the inmost come first
_LEVEL = 1.5  # points: what is indented less stands at one level
_TOTAL = re.compile(r"(?:sub-?)?totals?\b|(?:net )?cash (?:flows? )?(?:generated|provided|used|from)\b", re.I)
_END = re.compile(r"\s*:\s*((?:\(\w{1,2}\))*)\s*$")
_OPEN = re.compile(r"(?:.*\s)?(?:and|or|of|the|in|on|to|for|from|by|with|at|net|[-–—,(/&])", re.I | re.S)


@dataclass
class Labelled:
    """`values` are empty in a row that is a group's label, or a part of the label of the next."""

    label: str
    indent: float
    top: float
    bottom: float
    values: list[str]
    right: float = 0.0
    bold: bool = False
    group: bool = field(default=False, compare=False)

    @property
    def bare(self) -> bool:
        return not any(self.values)


def whole(rows: Sequence[Labelled], words: frozenset[str] | set[str] = frozenset()) -> list[Labelled]:
    """The rows with every label of several lines on the row that has its values."""
    steps = [below.bottom - above.bottom for above, below in pairwise(rows) if not (above.bare or below.bare)]
    usual = median(steps) if steps else 0.0
    wide = max((row.right for row in rows), default=0.0)
    found: list[Labelled] = []
    for row in rows:
        above = found[-1] if found else None
        if above and row.label and above.label and _goes_on(above, row, usual, wide):
            above.label = flow([above.label, row.label], words)
            above.values = row.values if above.bare else above.values
            above.bottom, above.right = row.bottom, row.right
        else:
            found.append(row)
    return found


def _goes_on(above: Labelled, row: Labelled, usual: float, wide: float) -> bool:
    """Whether a label goes on in `row`: one of the two has no values, and the words or the distance show that they belong together."""
    if not (above.bare or row.bare) or above.label.endswith(":") or above.bold != row.bold:
        return False
    if row.bare and not above.bare and (row.indent < above.indent - _LEVEL or row.label.endswith(":")):
        return False
    if row.label[:1].islower() or _OPEN.fullmatch(above.label):
        return True
    near = bool(usual) and row.bottom - above.bottom < 0.85 * usual
    full = above.right > wide - 40 and row.indent >= above.indent
    return near and full


def told(rows: Sequence[Labelled]) -> list[Labelled]:
    """The rows, each label below a group with the group's; the groups' own rows only where no row is told with them.

    What belongs to a group is indented more; where nothing in the table is, it is all down to its total or the next group.
    """
    groups = [row for row in rows if row.bare]
    deeper = any(not below.bare and below.indent > above.indent + _LEVEL for above, below in pairwise(rows) if above.bare)
    open_groups: list[Labelled] = []
    found: list[Labelled] = []
    for row in rows:
        if row.bare:
            while open_groups and (open_groups[-1].indent >= row.indent - _LEVEL):
                open_groups.pop()
            open_groups.append(row)
            found.append(row)
            continue
        if deeper:
            while open_groups and open_groups[-1].indent >= row.indent - _LEVEL and row.label:
                open_groups.pop()
        total = bool(_TOTAL.match(row.label))
        if not (total and len(row.label.split()) > 1):
            row.label = ": ".join(filter(None, [*_above(open_groups), row.label]))
        found.append(row)
        if total and open_groups:
            open_groups[-1].group = True
            open_groups = open_groups[:-1] if deeper else []
    return [row for row in found if not row.group] if groups else found


def _above(groups: Sequence[Labelled]) -> list[str]:
    """The labels of the inmost groups, as many as are not too long, which then need no rows of their own."""
    told_with: list[str] = []
    for group in reversed(groups):
        label = _END.sub(lambda found: f" {found[1]}".rstrip(), group.label).strip()
        if sum(map(len, told_with)) + len(label) > _LONGEST:
            break
        told_with.insert(0, label)
        group.group = True
    return told_with
