"""Tables on a PDF page: those that rules part into rows, and those that only stand in columns of words and figures.

A table of ruled lines is found in two ways. Where level and upright rules cross, they are its grid. Where there are level rules only,
the bands between neighbouring rules of one width are a table if most of their lines have several cells, as in printed books. A table
without rules must be of short cells in straight columns, one of them of figures (or its first row bold). What looks like prose in
columns, a form, a table of contents, an index, a list, code or the labels of a drawing is none: a missed table is still there line by
line, and a false one would tear sentences apart.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from functools import partial
from itertools import pairwise
from statistics import mean, median

from ingest.readers.pdf.continued import goes_on
from ingest.readers.pdf.data import head_above, holds_caption, is_only_head
from ingest.readers.pdf.grid import Grid, edges_of, grids
from ingest.readers.pdf.objects import Mark
from ingest.readers.pdf.rows import as_rows, is_sign
from ingest.readers.pdf.spans import spanned
from ingest.readers.pdf.statements import is_running, is_statement, with_statements
from ingest.readers.tables import markdown_table
from rag.pictures.layout import Box, Line, Rows, flow, in_rows

MOST_SLANTED = 4  # marks that are neither level nor upright, in a table
LEAST_FILLED = 0.4  # of the cells between rules; forms have fewer
MOST_CHARACTERS = 1200  # of a cell: what has more is a page laid out in a grid
PROSE = 25  # characters a cell, on the average, from which on columns side by side are prose

_NUMBER = re.compile(r"[-+−–±~≈<>≤≥]?\W?\d[\d.,:/ '×%°–−-]*\D{0,4}")
_ITEM = re.compile(r"\W|\(?\w{1,3}[.):]")
_LEADERS = re.compile(r"(?:\s?\.){4,}")
_PAGE = re.compile(r"(?:.*[\s,.…])?(?:\d{1,4}|[ivxlc]+)")


def ruled_tables(runs: Sequence[Line], marks: Sequence[Mark]) -> tuple[list[Line], list[Line], list[Box]]:
    """The tables among `runs` that `marks` rule, each as one Line with its `table`; the runs that are in none; and where rules and grounds
    are those of a table of figures, whose columns they do not tell."""
    plain = [rule for mark in marks for rule in mark.rules]
    slanted = [mark.box for mark in marks if not mark.plain]
    tables: list[Line] = []
    statements: list[Box] = []
    left = list(runs)
    found_grids = grids(plain)
    rows = as_rows(in_rows(runs)) if found_grids else []
    edges = edges_of(mark.box for mark in marks if mark.ground) if found_grids else set()
    for grid in found_grids:
        if sum(_within(box, grid.box) for box in slanted) > MOST_SLANTED:
            continue  # a diagram
        start, top, end, bottom = grid.box
        inside = [run for run in left if start - 2 < (run.left + run.right) / 2 < end + 2 and top < (run.top + run.bottom) / 2 < bottom]
        level = [row for row in rows if grid.box[1] < (row.line.top + row.line.bottom) / 2 < grid.box[3]]
        part = any(row.line.left < grid.box[0] - 5 for row in level)  # of a table, whose labels stand outside
        signed = part or not grid.is_closed(edges) or sum(map(is_sign, inside)) > 1
        if signed and (is_statement(level) or is_statement(as_rows(in_rows(inside)))):
            statements.append(grid.box)
            continue
        for found, used in _tables_in(grid, inside):
            level = [row for row in rows if found.top - 1 < (row.line.top + row.line.bottom) / 2 < found.bottom + 1]
            part = any(row.line.left < found.left - 5 for row in level) and is_statement(level)
            if part or is_only_head(found, left):
                statements.append(found.box)
                continue
            head = head_above(found, [run for run in left if found.top - 2.5 * run.height < run.bottom < found.top + 2], grid)
            if head:
                used = [*used, *head.runs]
                found = replace(found, top=head.top, table=(tuple((part.text,) for part in head.runs), *found.table))
            tables.append(found)
            taken = set(map(id, used))
            left = [run for run in left if id(run) not in taken]
    return tables, left, statements


def _within(box: Box, outer: Box) -> bool:
    return outer[0] - 2 < (box[0] + box[2]) / 2 < outer[2] + 2 and outer[1] < (box[1] + box[3]) / 2 < outer[3]


def _tables_in(grid: Grid, runs: list[Line]) -> Iterable[tuple[Line, list[Line]]]:
    if len(runs) < 4 or (sum(run.mono for run in runs) > len(runs) / 2 and not grid.xs):
        return
    if sum(bool(_LEADERS.search(run.text)) or run.text == "." for run in runs) > len(runs) / 10:
        return
    if grid.xs and (rows := spanned(grid, runs)) and not holds_caption(rows) and _well_filled(rows, grid, runs):
        yield _placed(rows, runs)
        return
    bands: list[list[Line]] = [[] for _ in range(len(grid.ys) + 1)]
    for run in runs:
        middle = (run.top + run.bottom) / 2
        bands[sum(y < middle for y in grid.ys)].append(run)
    bands = bands[1:-1]
    stretches = [(0, len(bands))] if grid.xs else _tabular_stretches([in_rows(band) for band in bands])
    for start, end in stretches:
        lines = [in_rows(band) for band in bands[start:end]]
        if not grid.xs and end - start == 1:  # a frame tells nothing: what is in it must be a table by itself
            yield from ((line, bands[start]) for line in _aligned(lines[0], 0) if line.table)
            continue
        edges = grid.xs or []
        edges = sorted([*edges, *(x for x in _gutters(lines, bool(edges)) if all(abs(x - edge) > 4 for edge in edges))])
        rows = _rows(lines, edges)
        if rows and not holds_caption(rows) and (not grid.xs or _well_filled(rows, grid, runs)):
            yield _placed(rows, [run for band in bands[start:end] for run in band])


def _tabular_stretches(bands: list[list[Line]]) -> list[tuple[int, int]]:
    """From where to where the bands between level rules are a table, two of them at least; the first may be a head over columns."""
    found: list[tuple[int, int]] = []
    start = None
    for n, band in enumerate([*bands, []]):
        if band and _tabular(band):
            if start is None:
                start = n - 1 if n and (not found or found[-1][1] < n) and _is_head(bands[n - 1], band) else n
        elif start is not None:
            if n - start >= 2 or len(bands[start]) >= 4:
                found.append((start, n))
            start = None
    return found


def _is_head(lines: list[Line], body: list[Line]) -> bool:
    """Whether the lines between two rules over a table may be its head: few, close to one another, in type as large as below."""
    if not 0 < len(lines) <= 3 or not any(len(line.parts) > 1 for line in lines):
        return False
    close = lines[-1].bottom - lines[0].top < 2 * len(lines) * lines[0].height and body[0].top - lines[-1].bottom < 2 * lines[0].height
    return close and all(line.size < body[0].size + 1 for line in lines)


def _tabular(lines: list[Line]) -> bool:
    """Whether most lines have several cells, or go on in a cell that is not the first."""
    several = [line for line in lines if len(line.parts) > 1 or any(gap[2] - gap[1] > 0.8 * line.height for gap in line.gaps)]
    if not several:
        return False
    first, others = [line.runs[0].text for line in several], [run.text for line in several for run in line.runs[1:]]
    if len(lines) >= 4 and min(mean(map(len, first)), mean(map(len, others or [""]))) > PROSE:
        return False
    later = [part.left for line in several for part in line.parts[1:]]
    goes_on = [line for line in lines if len(line.parts) < 2 and any(abs(line.left - left) < 3 for left in later)]
    return len(several) + len(goes_on) >= 0.6 * len(lines)


def _gutters(bands: list[list[Line]], between_rules: bool) -> list[float]:
    """Where the columns part: in the middle of upright strips of white that hardly a line crosses, with words on both sides."""
    lines = [line for band in bands for line in band]
    if len(bands) > 1 and len(lines) - len(bands[0]) >= 2:
        lines = [line for band in bands[1:] for line in band]  # a head may span columns
    height = median(line.height for line in lines)
    least = (1.0 if between_rules else 0.45) * height
    taken = [[(piece.left, piece.right) for piece in _pieces(line, least)] for line in lines]
    edges = sorted({edge for line in taken for span in line for edge in span})
    allowed = len(lines) // 8
    strips: list[tuple[float, float]] = []
    for start, end in pairwise(edges):
        middle = (start + end) / 2
        if sum(any(left < middle < right for left, right in line) for line in taken) > allowed:
            continue
        if strips and abs(strips[-1][1] - start) < 0.01:
            strips[-1] = strips[-1][0], end
        else:
            strips.append((start, end))
    both = (sum(line[0][0] < start and line[-1][1] > end for line in taken) for start, end in strips)
    enough = max(1 if len(lines) < 3 else 2, len(lines) // 4)
    return [(start + end) / 2 for (start, end), count in zip(strips, both, strict=True) if end - start >= least and count >= enough]


def _pieces(line: Line, least: float) -> list[Line]:
    """The runs of a line, also cut at their spaces that are at least so wide."""
    found = []
    for run in line.runs:
        start, left = 0, run.left
        for at, right, next_left in run.gaps:
            if next_left - right >= least:
                found.append(replace(run, text=run.text[start:at].strip(), left=left, right=right, gaps=()))
                start, left = at, next_left
        found.append(replace(run, text=run.text[start:], left=left, gaps=()) if start else run)
    return found


def _cells(line: Line, edges: Sequence[float]) -> list[str]:
    """The words of a line by column: a run that reaches over an edge is cut at its wide space there, else stays where it begins."""
    cells = [""] * (len(edges) + 1)
    for run in line.runs:
        start, left = 0, run.left
        cuts = [gap for gap in run.gaps if any(gap[1] - 1 <= edge <= gap[2] + 1 for edge in edges)]
        for at, right, next_left in [*cuts, (len(run.text), run.right, run.right)]:
            column = sum(edge < left + min(2.0, (right - left) / 2) for edge in edges)
            text = run.text[start:at].strip()
            cells[column] = f"{cells[column]} {text}".strip()
            start, left = at, next_left
    return cells


def _rows(bands: list[list[Line]], edges: Sequence[float]) -> Rows:
    """The cells; () where there are not two rows and two columns of words."""
    if not edges:
        return ()
    filled = [[_cells(line, edges) for line in band] for band in bands]
    wordy = [n for n in range(len(edges) + 1) if any(cells[n] for band in filled for cells in band)]
    filled = [[[cells[n] for n in wordy] for cells in band] for band in filled]
    rows: list[list[list[str]]] = []  # of lines of cells
    many_bands = len(bands) >= 4 and sum(sum(map(all, band)) > 1 for band in filled) < len(bands) / 3
    for n, (band, lines) in enumerate(zip(filled, bands, strict=True)):
        head = n == 0 and len(bands) > 1 and len(band) <= 3 and sum(map(len, filled[1:])) >= 2
        if head or many_bands or sum(map(all, band)) <= 1 < len(bands) - 1:
            rows.append(band)
        else:
            rows.extend([band[at] for at in group] for group in _together(band, lines))
    made = tuple(tuple(tuple(filter(None, (cells[n] for cells in row))) for n in range(len(wordy))) for row in rows if row)
    full = [row for row in made if sum(map(bool, row)) > 1]
    return made if len(full) >= 2 and len(wordy) > 1 else ()


def _together(band: list[list[str]], lines: list[Line]) -> list[list[int]]:
    """Which lines are one row, by number: a line goes on with the row above where it lacks that row's first cell and most others, or
    stands nearer to it than the rows stand to one another."""
    groups: list[list[int]] = []
    steps = [below.bottom - above.bottom for above, below in pairwise(lines)]
    least, most = (min(steps), max(steps)) if steps else (0.0, 0.0)
    near = [n for n, step in enumerate(steps, 1) if most > 1.2 * least and step < 1.1 * least]
    by_distance = bool(near) and sum(not all(band[n]) for n in near) > 0.5 * len(near)
    for n, cells in enumerate(band):
        above = band[groups[-1][0]] if groups else None
        few = above and not cells[0] and sum(map(bool, cells)) <= max(1, sum(map(bool, above)) // 2)
        if groups and ((few and (not by_distance or n in near)) or (by_distance and n in near and not all(cells))):
            groups[-1].append(n)
        else:
            groups.append([n])
    return groups


def _well_filled(rows: Rows, grid: Grid, runs: Sequence[Line]) -> bool:
    cells = [cell for row in rows for cell in row]
    if sum(map(bool, cells)) < LEAST_FILLED * len(cells) or max(sum(map(len, cell)) for cell in cells) > MOST_CHARACTERS:
        return False
    crossed = sum(
        any(run.left + 2 < x < run.right - 2 and top < run.top and run.bottom < bottom for x, top, bottom in grid.walls) for run in runs
    )
    gapped = sum(bool(run.gaps) for run in runs)
    return crossed - gapped <= len(runs) / 5


def _placed(rows: Rows, runs: list[Line]) -> tuple[Line, list[Line]]:
    box = min(x.left for x in runs), min(x.top for x in runs), max(x.right for x in runs), max(x.bottom for x in runs)
    return Line("", *box, table=rows), runs


def with_aligned_tables(lines: Sequence[Line], pages: int, drawn: Sequence[Box], rules: Sequence[Box]) -> list[Line]:
    """The lines of a column, with tables that have no grid each as one Line. `pages` is the length of the document, `drawn` are the
    places of drawings, whose labels are none, `rules` those of level rules."""
    lines = with_statements(lines, drawn, rules, partial(_lists_pages, pages=pages))
    result: list[Line] = []
    stretch: list[Line] = []
    for line in [*lines, None]:
        several = line and len(line.parts) > 1 and not line.table and not any(_within(line.box, box) for box in drawn)
        several = several or (bool(stretch) and line is not None and goes_on(line, stretch[-1], _row_above(stretch)))
        if line and several and not (stretch and _apart(stretch[-1], line)):
            stretch.append(line)
            continue
        result.extend(_aligned(stretch, pages))
        stretch = [line] if line and several else []
        if line and not stretch:
            result.append(line)
    return result


def _row_above(lines: Sequence[Line]) -> Line:
    """The last of the lines that is no continuation of a row, as those are that begin where the first does."""
    return next(line for line in reversed(lines) if line is lines[0] or line.left < lines[0].left + 2)


def _apart(above: Line, below: Line) -> bool:
    return below.top - above.bottom > 1.5 * max(above.height, below.height) or abs(above.size - below.size) > 0.25 * max(above.size, 1)


def _aligned(lines: list[Line], pages: int) -> list[Line]:
    if len(lines) < 3 or sum(line.mono for line in lines) > len(lines) / 2:
        return lines
    edges = _gutters([lines], False)
    if not edges or (len(edges) == 1 and len(lines) < 4):
        return lines
    parted = [_cells(line, edges) for line in lines]
    rows: list[list[list[str]]] = []  # of lines of cells
    for n, (line, row) in enumerate(zip(lines, parted, strict=True)):
        if rows and goes_on(line, lines[n - 1], _row_above(lines[:n])):
            rows[-1].append(row)
        else:
            rows.append([row])
    columns = list(zip(*(row[0] for row in rows), strict=True))
    cells = [cell for row in rows for cell in row[0]]
    figures = [column for column in columns[1:] if sum(bool(_NUMBER.fullmatch(cell)) for cell in column[1:]) >= 0.6 * (len(rows) - 1)]
    bold_head = all(part.bold for part in lines[0].parts) and not any(part.bold for line in lines[1:] for part in line.parts)
    refused = (
        not (figures or bold_head)
        or sum(map(bool, cells)) < 0.75 * len(cells)
        or max(map(len, cells)) > 60
        or median(map(len, cells)) > 25
        or sum(cell.endswith(":") or "__" in cell or "@" in cell for cell in cells) > 0.2 * len(cells)
        or sum(bool(_ITEM.fullmatch(cell)) for cell in columns[0]) > 0.5 * len(rows)
        or sum(map(str.isalpha, "".join(cells))) < 0.15 * sum(map(len, cells))
        or any(_LEADERS.search(line.text) or any(part.text == "." for part in line.parts) for line in lines)
        or _lists_pages(columns, pages)
        or is_running(columns[0])
        or sum(_straight(lines, edges, n) for n in range(len(columns))) < len(columns)
    )
    if refused:
        return lines
    return [_placed(tuple(tuple(tuple(filter(None, cell)) for cell in zip(*row, strict=True)) for row in rows), list(lines))[0]]


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


def _straight(lines: Sequence[Line], edges: Sequence[float], column: int) -> bool:
    """Whether the words of a column stand under one another at their left, their right or their middle."""
    left, right = ([float("-inf"), *edges, float("inf")])[column : column + 2]
    runs = [piece for line in lines for piece in _pieces(line, 0.45 * line.height) if left <= (piece.left + piece.right) / 2 < right]
    for place in (lambda run: run.left, lambda run: run.right, lambda run: (run.left + run.right) / 2):
        usual = median(map(place, runs)) if runs else 0.0
        if sum(abs(place(run) - usual) < 3 for run in runs) >= 0.6 * len(runs):
            return True
    return False


def as_markdown(rows: Rows, words: Collection[str], headed: bool = True) -> str:
    """The table as Markdown, the lines of a cell made one with the `words` of the document (see `flow`); a title over it stays one."""
    if not headed:
        return markdown_table([[(flow(cell, words), 1, 1) for cell in row] for row in rows if any(row)], headed)
    title = next(n for n, row in enumerate(rows) if sum(map(bool, row)) > 1)
    above = [" ".join(flow(cell, words) for cell in row if cell) for row in rows[:title]]
    return "\n".join([*above, markdown_table([[(flow(cell, words), 1, 1) for cell in row] for row in rows[title:]])])
