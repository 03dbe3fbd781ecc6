"""The tables of Word: rows whose cells say that they go on from above, as tables of HTML."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from lxml import etree

from ingest.readers.docx.package import local

MAX_COLUMNS = 63  # as many as Word lets a table have
MAX_SPAN = 200  # rows
GONE = frozenset(
    {"del", "moveFrom", "sectPr", "tblPr", "tblGrid", "tblPrEx", "trPr", "tcPr", "pPr", "rPr", "sdtPr", "sdtEndPr", "customXmlPr"}
)
HEADINGS = frozenset(f"h{level}" for level in range(1, 11))


@dataclass(frozen=True)
class Cell:
    """A cell: how many columns of the grid it has, and whether one that spans rows begins or goes on in it."""

    made: Any
    width: int
    begins: bool = False
    goes_on: bool = False


@dataclass(frozen=True)
class Row:
    cells: list[Cell]
    head: bool


class Table:
    """A table of HTML from the rows of Word, where each row says of its cells that they go on from above."""

    def __init__(self, made: Any):
        self._made = made
        self._above: dict[int, Any] = {}  # column to the cell that may go on there

    def fill(self, rows: list[Row]) -> None:
        heads = next((at for at, row in enumerate(rows) if not row.head), len(rows))
        if heads >= len(rows):  # all rows marked as heads: then none is
            heads = min(heads, 1) if len(rows) > 1 else 0
        within = etree.SubElement(self._made, "thead") if heads else self._made
        for at, row in enumerate(rows):
            if heads and at == heads:
                within = etree.SubElement(self._made, "tbody")
                self._above.clear()
            line = etree.SubElement(within, "tr")
            column = 0
            above: dict[int, Any] = {}
            for cell in row.cells:
                holder = self._above.get(column) if cell.goes_on else None
                down = 1 if holder is None else int(holder.get("rowspan", "1"))
                if holder is not None and down < MAX_SPAN:
                    holder.set("rowspan", str(down + 1))
                else:
                    holder = cell.made if holder is None else _again(holder)
                    line.append(holder)
                    if cell.width > 1:
                        holder.set("colspan", str(cell.width))
                if cell.begins or cell.goes_on:
                    above[column] = holder
                column += cell.width
            self._above = above


def _again(cell: Any) -> Any:
    """A cell once more, where it spans more rows than one may."""
    made = deepcopy(cell)
    made.attrib.clear()
    return made


def rows(table: Any) -> list[Any]:
    """The rows of a table, also those in controls and marks of changes, not those of tables in it."""
    return _found(table, "tr", ("tbl", "tc", "p"))


def cells_of(row: Any) -> list[Any]:
    return _found(row, "tc", ("tbl", "tr", "p"))


def _found(element: Any, name: str, without: tuple[str, ...]) -> list[Any]:
    found, waiting = [], [iter(element)]
    while waiting:
        each = next(waiting[-1], None)
        if each is None:
            waiting.pop()
        elif local(each) == name:
            found.append(each)
        elif local(each) not in without and local(each) not in GONE:
            waiting.append(iter(each))
    return found


def plain_headings(table: Any) -> None:
    """Makes plain words of the headings in a table of data: those that are all that is in their cell. Where others stand in it, the table
    only arranges a page."""
    headings = list(table.iter(*HEADINGS))
    if any(len(heading.getparent()) > 1 for heading in headings):
        return
    rows = table.findall(".//tr")
    if len(rows) > 1 and max(len(row) for row in rows) > 1:
        for heading in headings:
            heading.tag = "p"
