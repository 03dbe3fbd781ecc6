"""Tables on a PDF page that no rules part: short cells in straight columns, one of them of figures (or the first row bold).

What looks like prose in columns, a form, a table of contents, an index, a list, code or the labels of a drawing is none: a missed table is
still there line by line, and a false one would tear sentences apart.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from itertools import pairwise
from statistics import median

from ingest.readers.pdf.gutters import cells_of, gutters, straight
from ingest.readers.pdf.rows import is_drawn
from ingest.readers.pdf.statements import LEADERS, is_running, with_statements
from rag.pictures.layout import Box, Line, Rows

_NUMBER = re.compile(r"[-+−–±~≈<>≤≥]?\W?\d[\d.,:/ '×%°–−-]*\D{0,4}")
_ITEM = re.compile(r"\W|\(?\w{1,3}[.):]")
_PAGE = re.compile(r"(?:.*[\s,.…])?(?:\d{1,4}|[ivxlc]+)")
_CLOSE = 0.6  # of a line's height: what stands nearer below a cell may go on in it


def with_aligned_tables(lines: Sequence[Line], pages: int, drawn: Sequence[Box], rules: Sequence[Box]) -> list[Line]:
    """The lines of a column, with tables that have no grid each as one Line. `pages` is the length of the document, `drawn` are the
    places of drawings, whose labels are none, `rules` those of level rules."""
    lines = with_statements(lines, drawn, rules, partial(_lists_pages, pages=pages))
    result: list[Line] = []
    stretch: list[Line] = []
    for line in [*lines, None]:
        several = line is not None and len(line.parts) > 1 and not line.table and not is_drawn(line, drawn)
        if line and stretch and (_goes_on(stretch[-1], line) or (several and not _apart(_row_before(stretch), line))):
            stretch.append(line)
            continue
        result.extend(aligned(stretch, pages))
        stretch = [line] if line and several else []
        if line and not stretch:
            result.append(line)
    return result


def _goes_on(above: Line, line: Line) -> bool:
    """Whether a line only goes on in a cell of the line above, and not in its first: "(Runtime: 98 min)" under a title."""
    if line.parts or line.table or line.top - above.bottom > _CLOSE * above.height or line.size > above.size + 0.5:
        return False
    places = [part.left for part in above.parts[1:]] or [above.left]
    return line.right < above.right + 2 and any(abs(line.left - left) < 2 for left in places)


def _row_before(stretch: Sequence[Line]) -> Line:
    """The last line of several cells, as far down as it goes on."""
    row = next(line for line in reversed(stretch) if line.parts)
    return replace(row, bottom=max(row.bottom, stretch[-1].bottom))


def _apart(above: Line, below: Line) -> bool:
    return below.top - above.bottom > 1.5 * max(above.height, below.height) or abs(above.size - below.size) > 0.25 * max(above.size, 1)


def aligned(stretch: list[Line], pages: int) -> list[Line]:
    """One Line with its `table` where these lines are one, else the lines; what goes on in a cell of the row above is of that row."""
    groups: list[list[Line]] = []
    for line in stretch:
        if groups and _goes_on(groups[-1][-1], line):
            groups[-1].append(line)
        else:
            groups.append([line])
    lines = [group[0] for group in groups]
    if len(lines) < 2 or sum(line.mono for line in lines) > len(lines) / 2:
        return stretch
    edges = gutters([lines], False)
    if not edges or (len(edges) == 1 and len(lines) < 4):
        return stretch
    rows = [cells_of(line, edges) for line in lines]
    columns = list(zip(*rows, strict=True))
    cells = [cell for row in rows for cell in row]
    figures = [column for column in columns[1:] if sum(bool(_NUMBER.fullmatch(cell)) for cell in column[1:]) >= 0.6 * (len(rows) - 1)]
    bold_head = all(part.bold for part in lines[0].parts) and not any(part.bold for line in lines[1:] for part in line.parts)
    refused = (
        (not _is_head_and_row(rows) if len(rows) < 3 else not (figures or bold_head))
        or sum(map(bool, cells)) < 0.75 * len(cells)
        or max(map(len, cells)) > 60
        or median(map(len, cells)) > 25
        or sum(cell.endswith(":") or "__" in cell or "@" in cell for cell in cells) > 0.2 * len(cells)
        or sum(bool(_ITEM.fullmatch(cell)) for cell in columns[0]) > 0.5 * len(rows)
        or sum(map(str.isalpha, "".join(cells))) < 0.15 * sum(map(len, cells))
        or any(LEADERS.search(line.text) or any(part.text == "." for part in line.parts) for line in lines)
        or _lists_pages(columns, pages)
        or is_running(columns[0])
        or sum(straight(lines, edges, n) for n in range(len(columns))) < len(columns)
    )
    if refused:
        return stretch
    filled: list[list[tuple[str, ...]]] = [[(cell,) if cell else () for cell in row] for row in rows]
    for row, (_, *further) in zip(filled, groups, strict=True):
        for line in further:
            row[sum(edge < line.left + 2 for edge in edges)] += (line.text,)
    return [placed(tuple(map(tuple, filled)), stretch)[0]]


def _is_head_and_row(rows: Sequence[Sequence[str]]) -> bool:
    """Whether two lines are a head and the one row below it: three columns at least, all of them filled, figures in the row alone."""
    (head, row), figured = rows, [any(map(str.isdigit, cell)) for cell in rows[1]]
    return len(head) >= 3 and all(head) and all(row) and not any(map(str.isdigit, "".join(head))) and sum(figured) >= len(head) / 3


def _lists_pages(columns: Sequence[Sequence[str]], pages: int) -> bool:
    """Whether this is a table of contents, or an index: the last column of rising page numbers, or every column ending in them."""
    last = [int(cell) if cell.isdigit() else 0 for cell in columns[-1]]
    rising = all(a <= b for a, b in pairwise(n for n in last if n))
    if (
        len(columns) <= 3
        and rising
        and max(last) <= pages + 20
        and sum(map(bool, last)) > len(last) / 2
        and all(map(_PAGE.fullmatch, columns[-1]))
    ):
        return True
    return all(
        sum(bool(re.fullmatch(r".*[^\W\d].*[\s,]\d+(?:[,–-]\s?\d+)*", cell)) for cell in column) > 0.5 * len(column) for column in columns
    )


def placed(rows: Rows, runs: list[Line]) -> tuple[Line, list[Line]]:
    box = min(x.left for x in runs), min(x.top for x in runs), max(x.right for x in runs), max(x.bottom for x in runs)
    return Line("", *box, table=rows), runs
