"""Heads of tables in two rows of cells that are not merged: groups over the columns below them, or units under their names."""

from __future__ import annotations

import re
from collections.abc import Sequence

_FIGURE = re.compile(r"[-+−(]?\s?[^\w\s]{0,3}\s?\d[\d.,'’\s]*[^\w\s]{0,3}\s?\w{0,3}\)?")
_UNIT = re.compile(
    r"\(.{1,30}\)|\[.{1,30}\]|[%°$€£‰]\w{0,3}|[kmcdµ]?(?:m|g|l|W|V|A|s|h|Hz|Pa|Wh|J|N)[²³]?(?:/\w{1,4}[²³]?)?|EUR|USD|GBP|CHF|pcs\.?|no\.?"
)
_LEAST_ROWS = 2  # below the head
_MOSTLY = 0.7


def stacked(rows: Sequence[Sequence[str]]) -> list[str] | None:
    """The head of the columns, where the first two of these rows are one together; else None."""
    if len(rows) < 2 + _LEAST_ROWS:
        return None
    above, below, data = rows[0], rows[1], rows[2:]
    width = min(map(len, rows))
    figures = [n for n in range(width) if _is_of_figures([row[n] for row in data])]
    if not figures or any(_FIGURE.fullmatch(below[n].strip()) for n in figures):
        return None
    if sum(map(bool, below)) > 1 and all(not cell.strip() or _UNIT.fullmatch(cell.strip()) for cell in below):
        return [" ".join(filter(None, (name.strip(), unit.strip()))) for name, unit in zip(above, below, strict=True)]
    bare = [n for n in figures if not above[n]]
    if not bare or any(not below[n] for n in bare) or len({cell for cell in above if cell}) < 2 or sum(map(bool, above)) == len(above):
        return None
    heads: list[str] = []
    group = ""
    for name, own in zip(above, below, strict=True):
        group = name.strip() if name else group
        heads.append(" ".join(filter(None, (group, own.strip()))) if own else group if name else "")
        if name and not own:
            group = ""  # a column with one head spans no others
    return heads


def _is_of_figures(cells: Sequence[str]) -> bool:
    told = [cell.strip() for cell in cells if cell.strip()]
    return len(told) >= _LEAST_ROWS and sum(bool(_FIGURE.fullmatch(cell)) for cell in told) >= _MOSTLY * len(told)
