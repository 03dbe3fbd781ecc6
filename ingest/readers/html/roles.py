"""Tables that a page makes of other elements, and says to be such by their roles."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

_TABLES = {"table", "grid", "treegrid"}
_CELLS = {"cell": "td", "gridcell": "td", "columnheader": "th", "rowheader": "th"}


def make_tables(tree: Any) -> None:
    """Makes tables of the elements that have their roles, of those in each other only the innermost ones."""
    for element in [each for each in tree.iter("div", "span", "section", "ul", "ol", "dl") if _role(each) in _TABLES]:
        rows = [(row, list(_within(row, set(_CELLS)))) for row in _within(element, {"row"})]
        if sum(bool(cells) for _, cells in rows) < 2 or any(_role(each) in _TABLES for each in element.iterdescendants()):
            continue
        titles = list(_within(element, {"caption"}))
        tail = element.tail
        for child in list(element):
            element.remove(child)
        element.tag, element.text, element.tail = "table", None, tail
        for title in titles[:1]:
            title.tag, title.tail = "caption", None
            element.append(title)
        for row, cells in rows:
            for cell in cells:
                cell.tag, cell.tail = _CELLS[_role(cell)], None
                if cell.get("aria-colspan"):
                    cell.set("colspan", cell.get("aria-colspan"))
            row.tag, row.text, row.tail = "tr", None, None
            row[:] = cells
            element.append(row)


def _within(element: Any, roles: set[str]) -> Iterator[Any]:
    """The outermost elements of these roles in an element, in its order."""
    waiting = [iter(element)]
    while waiting:
        each = next(waiting[-1], None)
        if each is None:
            waiting.pop()
        elif _role(each) in roles:
            yield each
        else:
            waiting.append(iter(each))


def _role(element: Any) -> str:
    return (element.get("role") or "").strip().lower() if isinstance(element.tag, str) else ""
