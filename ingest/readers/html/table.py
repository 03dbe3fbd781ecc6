"""The tables of a page: which have heads, how many rows these take, and where a table begins anew."""

from __future__ import annotations

from typing import Any

from ingest.readers.html.fields import FIELDS
from ingest.readers.html.navigation import HEADINGS
from ingest.readers.html.numbers import integer
from ingest.readers.spans import laid_out
from ingest.readers.tables import Cell, head_rows, reads_as_head, title_of

_BLOCKS = ("table", "pre", "listing", "figure", "blockquote", *HEADINGS)
_MOST_IN_A_CELL = 300  # characters of a cell that holds more than words and is told in a row all the same
_LEAST_ROWS = 3  # of several cells, by which a table without heads is one though a cell holds more than words
_MOST_HOLDERS = 0.25  # of the cells
_MOST_INSIDE = 20  # cells of a table in a cell


def rows_of(element: Any) -> list[list[Any]]:
    """The cells of the rows of a table, those of its foot last, without those of the tables in it."""
    rows = [row for row in element.iter("tr") if next(row.iterancestors("table")) is element]
    rows.sort(key=_is_foot)
    return [[cell for cell in row if cell.tag in ("td", "th")] for row in rows]


def _is_foot(row: Any) -> bool:
    return next(row.iterancestors("tfoot", "table")).tag == "tfoot"


def spans(cell: Any) -> tuple[int, int]:
    """Columns and rows that a cell spans."""
    down = integer(cell.get("rowspan"), 1)
    return max(integer(cell.get("colspan"), 1), 1), (max(down, 1) if down else 1000)


def is_layout(element: Any, cells: list[list[Any]]) -> bool:
    """Whether a table is walked cell by cell: it only lays out a page, or its cells hold what does not fit into a row."""
    if max(map(len, cells), default=0) < 2 or (element.get("role") or "").lower() in ("presentation", "none"):
        return True
    holders = {next(each.iterancestors("td", "th", "caption", "table")) for each in element.iter(*_BLOCKS) if each is not element}
    holders |= {next(each.iterancestors("td", "th", "caption", "table")) for each in element.iter("ol", "ul") if _long(each)}
    if not holders:
        return False
    marked = [[cell.tag == "th" for cell in row] for row in cells]
    headed = element.find("thead") is not None or (sum(marked[0]) > 1 and all(marked[0]) and len(cells) > 1)
    told = sum(len(row) > 1 for row in cells) >= _LEAST_ROWS and len(holders) <= _MOST_HOLDERS * sum(map(len, cells))
    return not (headed or told) or any(each.tag not in ("td", "th") or not _fits(each) for each in holders)


def _long(listed: Any) -> bool:
    return next(listed.iter(*_BLOCKS), None) is not None


def _fits(cell: Any) -> bool:
    inside = sum(1 for _ in cell.iter("td", "th")) - 1
    return inside <= _MOST_INSIDE and sum(map(len, cell.itertext())) <= _MOST_IN_A_CELL and next(cell.iter("img", "svg"), None) is None


def parts(cells: list[list[Any]], grid: list[list[Cell]], in_head: int) -> tuple[str, list[tuple[list[list[Cell]], int]]]:
    """The title above the heads of a table, and its rows in parts, each with the number of its head rows, of which `in_head` stand in a
    <thead>: rows of heads further down begin a part of their own, but where they are the same again."""
    title, taken = title_of(grid)
    cells, grid, in_head = cells[taken:], grid[taken:], max(in_head - taken, 0)
    heads = min(in_head, len(grid)) or _heads(cells, grid)
    headed = [sum(bool(text) for text, *_ in texts) > 1 and _all_heads(row, texts) for row, texts in zip(cells, grid, strict=True)]
    found = [(grid[:heads], heads)]
    at = heads
    many = sum(headed[heads:]) * 3 > len(grid) - heads
    while at < len(grid):
        end = at
        while end < len(grid) and headed[end] and not many:
            end += 1
        if end > at and end < len(grid) and found[-1][0][:heads] != grid[at:end]:
            heads = end - at
            found.append((grid[at:end], heads))
        elif end == at or end == len(grid):
            end = at + 1
            found[-1][0].append(grid[at])
        at = end
    return title, found


def _heads(cells: list[list[Any]], grid: list[list[Cell]]) -> int:
    """How many of the first rows are the head: those of <th> alone, else the first, where it is one, with those that it reaches into."""
    marked = [[cell.tag == "th" for cell in row] for row in cells]
    whole = 0
    while whole < len(cells) - 1 and _all_heads(cells[whole], grid[whole]) and not (whole and len(cells[whole]) == 1):
        whole += 1
    whole = 1 if whole == len(cells) - 1 > 1 and _all_heads(cells[-1], grid[-1]) else whole
    if whole and (len(cells[0]) > 1 or whole > 1) and not all(row and row[0] and len(row) == 1 for row in marked):
        return whole
    first = marked[0]
    body = [row for row, line in zip(marked, cells, strict=True) if not (line and _is_foot(line[0].getparent()))]
    if any(first[1:]) or (any(first) and not all(row and row[0] for row in body)):
        return head_rows(grid)
    texts = [[slot.text for slot in line] for line in laid_out(grid)[0]]
    if (any(first) and max(map(len, cells)) == 2) or any(next(cell.iter(*FIELDS), None) is not None for cell in cells[0]):
        return 0  # a name and a value
    if not texts:
        return 0
    depth = head_rows(grid)
    if depth > 1 and all(len(text.split()) <= 6 for text in texts[0]):
        return depth
    return depth if reads_as_head(texts) else 0


def _all_heads(row: list[Any], texts: list[Cell]) -> bool:
    """Whether a row has only heads, the corner perhaps a blank cell."""
    return all(cell.tag == "th" or (not at and not texts[0][0]) for at, cell in enumerate(row)) and any(cell.tag == "th" for cell in row)
