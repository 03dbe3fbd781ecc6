"""Tables on a PDF page that rules part into rows.

Where level and upright rules cross, they are the grid of a table. Where there are level rules only (or grounds, whose edges are such), the
bands between neighbouring rules of one width are one if most of their lines have several cells, as in printed books.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from itertools import pairwise
from statistics import mean

from ingest.readers.pdf.aligned import aligned, placed
from ingest.readers.pdf.data import head_above, holds_caption, is_only_head
from ingest.readers.pdf.grid import Grid, edges_of, grids
from ingest.readers.pdf.gutters import cells_of, gutters
from ingest.readers.pdf.objects import Mark
from ingest.readers.pdf.rows import as_rows, is_sign
from ingest.readers.pdf.spans import LEAST_FIGURES, is_figure, spanned
from ingest.readers.pdf.statements import LEADERS, is_statement
from ingest.readers.tables import markdown_table
from rag.pictures.layout import Box, Line, Rows, flow, in_rows

MOST_SLANTED = 4  # marks that are neither level nor upright, in a table
LEAST_FILLED = 0.4  # of the cells between rules; forms have fewer
MOST_CHARACTERS = 1200  # of a cell: what has more is a page laid out in a grid
LEAST_HEADS = 3  # cells of a bold head that tells the columns by itself
PROSE = 25  # characters a cell, on the average, from which on columns side by side are prose


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
        if signed and (is_statement(level) or is_statement(as_rows(in_rows(inside)))) and not _headed(in_rows(inside)):
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


def _headed(lines: Sequence[Line]) -> bool:
    """Whether the first line is a bold head of words, and all that stands below is straight under a cell of it, as in a list of goods."""
    head = lines[0].parts if lines else ()
    if len(head) < LEAST_HEADS or not all(part.bold for part in head) or any(map(str.isdigit, lines[0].text)):
        return False
    below = [run for line in lines[1:] for run in line.runs]
    return all(any(abs(run.left - part.left) < 3 or abs(run.right - part.right) < 3 for part in head) for run in below)


def _within(box: Box, outer: Box) -> bool:
    return outer[0] - 2 < (box[0] + box[2]) / 2 < outer[2] + 2 and outer[1] < (box[1] + box[3]) / 2 < outer[3]


def _tables_in(grid: Grid, runs: list[Line]) -> Iterable[tuple[Line, list[Line]]]:
    if len(runs) < 4 or (sum(run.mono for run in runs) > len(runs) / 2 and not grid.xs):
        return
    if sum(bool(LEADERS.search(run.text)) or run.text == "." for run in runs) > len(runs) / 10:
        return
    if grid.xs and (rows := spanned(grid, runs)) and not holds_caption(rows) and _well_filled(rows, grid, runs):
        yield placed(rows, runs)
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
            yield from ((line, bands[start]) for line in aligned(lines[0], 0) if line.table)
            continue
        edges = grid.xs or []
        edges = sorted([*edges, *(x for x in gutters(lines, bool(edges)) if all(abs(x - edge) > 4 for edge in edges))])
        rows = _rows(lines, edges)
        if rows and not holds_caption(rows) and (not grid.xs or _well_filled(rows, grid, runs)):
            yield placed(rows, [run for band in bands[start:end] for run in band])


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


def _rows(bands: list[list[Line]], edges: Sequence[float]) -> Rows:
    """The cells; () where there are not two rows and two columns of words."""
    if not edges:
        return ()
    filled = [[cells_of(line, edges) for line in band] for band in bands]
    wordy = [n for n in range(len(edges) + 1) if any(cells[n] for band in filled for cells in band)]
    filled = [[[cells[n] for n in wordy] for cells in band] for band in filled]
    rows: list[list[list[str]]] = []  # of lines of cells
    many_bands = len(bands) >= 4 and sum(sum(map(all, band)) > 1 for band in filled) < len(bands) / 3
    for n, (band, lines) in enumerate(zip(filled, bands, strict=True)):
        head = n == 0 and len(bands) > 1 and len(band) <= 3 and sum(map(len, filled[1:])) >= 2
        if head or many_bands or (sum(map(all, band)) <= 1 < len(bands) - 1 and not _has_figures(band)):
            rows.append(band)
        else:
            rows.extend([band[at] for at in group] for group in _together(band, lines))
    made = tuple(tuple(tuple(filter(None, (cells[n] for cells in row))) for n in range(len(wordy))) for row in rows if row)
    full = [row for row in made if sum(map(bool, row)) > 1]
    return made if len(full) >= 2 and len(wordy) > 1 else ()


def _has_figures(band: Sequence[Sequence[str]]) -> bool:
    """Whether figures stand under one another in a column behind the first, each beside words: its lines are rows."""
    return any(sum(is_figure(line[n]) for line in band if any(line[:n])) >= LEAST_FIGURES for n in range(1, len(band[0]) if band else 0))


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


def as_markdown(rows: Rows, words: Collection[str], headed: bool = True) -> str:
    """The table as Markdown, the lines of a cell made one with the `words` of the document (see `flow`); a title over it stays one."""
    if not headed:
        return markdown_table([[(flow(cell, words), 1, 1) for cell in row] for row in rows if any(row)], headed)
    title = next(n for n, row in enumerate(rows) if sum(map(bool, row)) > 1)
    above = [" ".join(flow(cell, words) for cell in row if cell) for row in rows[:title]]
    return "\n".join([*above, markdown_table([[(flow(cell, words), 1, 1) for cell in row] for row in rows[title:]])])
