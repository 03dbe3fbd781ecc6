"""Tables in cells of tables: small ones in a table of data become words of their cell, so that the row stays a row."""

from __future__ import annotations

from typing import Any

from lxml import etree

_MOST_CELLS = 30
_MOST_WORDS = 400  # characters


def fold_in(table: Any) -> None:
    """Turns the small tables in the cells of an HTML table into words ("mast: oak; keel: elm"), where the table is one of data: several
    rows, whose first cells are all words, of which the first row holds none."""
    inner = [each for each in table.iter("table") if each is not table]
    rows = [row for row in table.iter("tr") if next(row.iterancestors("table")) is table]
    if not inner or len(rows) < 2 or any(each in inner for each in rows[0].iter("table")):
        return
    if not all(len(row) > 1 and _words(row[0]) and row[0].find(".//table") is None for row in rows):
        return
    if any(_cells(each) > _MOST_CELLS or len(_words(each)) > _MOST_WORDS or each.find(".//img") is not None for each in inner):
        return
    for each in reversed(inner):  # the innermost first
        holder = etree.Element("p")
        holder.tail = each.tail
        holder.text = "; ".join(filter(None, (": ".join(filter(None, map(_words, row))) for row in each.iter("tr"))))
        each.getparent().replace(each, holder)


def _cells(table: Any) -> int:
    return sum(1 for _ in table.iter("td", "th"))


def _words(element: Any) -> str:
    return " ".join(" ".join(element.itertext()).split())
