"""Tables of figures on a PDF page, with or without rules, as statements of accounts and statistics have them.

A table is the rows that have a label and values whose columns keep apart, with the lines of labels between them. Its head is what stands
close above over the columns, in one line or several; it becomes one line, as what a cell of it spans is told by the rule under it, else
by where its middle stands. Signs of money, brackets and per cents are joined with their values. What looks like a list of contents, an
index or the labels of a drawing is none.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from itertools import pairwise

from ingest.readers.pdf.heads import PERIOD, Column, HeadLine, joined
from ingest.readers.pdf.labels import Labelled, told, whole
from ingest.readers.pdf.rows import LONGEST_HEAD, Row, is_unit, seen_rows
from ingest.readers.pdf.values import Cell, parts
from rag.pictures.layout import Box, Line, Rows

MOST_COLUMNS = 30
_MOST_HEADS = 8  # lines
_MOST_LABELS = 4  # lines without values between rows
_MOST_GAP = 3.0  # line heights between two rows
_MANY = 6  # rows, which are taken for a table without a look
_HEAD_GAP = 2.5
_WIDER = 40.0  # points that a head may be wider than its column
_RUNNING = 25  # characters of a label from which it may be a line of prose
LEADERS = re.compile(r"(?:\s?\.){4,}")
_SENTENCE = re.compile(r"(?:\S+\s+){6,}\S+[.;]$")


def is_statement(rows: Sequence[Row]) -> bool:
    """Whether most of the lines are rows of figures, and more than one of them make a table."""
    if sum(row.is_data(False) for row in rows) < max(1, 0.45 * len(rows)):
        return False
    return (
        len(rows) == 1
        or len(rows) >= _MANY
        or any(line.table for line in with_statements([row.line for row in rows], [], [], lambda _: False))
    )


def with_statements(
    lines: Sequence[Line], drawn: Sequence[Box], rules: Sequence[Box], is_contents: Callable[[Sequence[Sequence[str]]], bool]
) -> list[Line]:
    """The lines of a column, with its tables of figures each as one Line. `drawn` are the places of drawings, whose labels are none."""
    seen = seen_rows(lines, drawn)
    result: list[Line] = []
    done = at = 0
    while at < len(seen):
        row = seen[at]
        if row is None or not row.is_data(False):
            at += 1
            continue
        end, columns = _body(seen, at)
        if not columns:
            at += 1
            continue
        columns = _with_words(seen[at:end], columns)
        start = _head(seen, done, at, columns)
        table = _table(seen, start, at, end, columns, rules, is_contents)
        if table:
            result += [*lines[done:start], table]
            done = end
        at = end
    return [*result, *lines[done:]]


def _body(seen: Sequence[Row | None], at: int) -> tuple[int, list[Column]]:
    """Where the table that begins with the row `at` ends, and its columns of values."""
    columns: list[Column] = []
    end = at
    labels = 0
    for number in range(at, len(seen)):
        row = seen[number]
        above = seen[number - 1] if number > at else None
        if row is None or (above and row.line.top - above.line.bottom > _MOST_GAP * max(row.line.height, above.line.height)):
            break
        if row.is_data(True):
            grown = _with(columns, row.values)
            if grown is None or len(grown) > MOST_COLUMNS:
                break
            columns, end, labels = grown, number + 1, 0
        elif _is_label(row, columns) and labels < _MOST_LABELS:
            labels += 1
        else:
            break
    return end, columns


def _with(columns: Sequence[Column], values: Sequence[Cell]) -> list[Column] | None:
    """The columns with those of a row's values; None where two of the values stand in one column, or one in two."""
    taken: set[int] = set()
    grown = list(columns)
    for cell in values:
        over = [n for n, (left, right) in enumerate(columns) if min(right, cell.right) - max(left, cell.left) > 0.5]
        if len(over) > 1 or (over and over[0] in taken):
            return None
        if over:
            taken.add(over[0])
            grown[over[0]] = min(columns[over[0]][0], cell.left), max(columns[over[0]][1], cell.right)
        else:
            grown.append((cell.left, cell.right))
    grown.sort()
    return grown if all(a[1] <= b[0] + 0.5 for a, b in pairwise(grown)) else None


def _is_label(row: Row, columns: Sequence[Column]) -> bool:
    """Whether a line without values stands where the labels do."""
    if len(row.cells) != 1 or not columns:
        return False
    (cell,) = row.cells
    if cell.left > columns[0][0] - 5 or (cell.is_value and not cell.is_period):
        return False
    return cell.right < columns[0][0] + 5 or (len(cell.text) <= LONGEST_HEAD and (cell.bold or cell.text.endswith(":")))


def _head(seen: Sequence[Row | None], done: int, at: int, columns: Sequence[Column]) -> int:
    """Where the head of the table begins whose first row is `at`: the lines above over its columns, and labels between."""
    start = labels_from = at
    for number in range(at - 1, done - 1, -1):
        row, below = seen[number], seen[number + 1]
        if row is None or below is None or start - number > _MOST_HEADS:
            break
        most = _HEAD_GAP if start == at else 1.6
        if below.line.top - row.line.bottom > most * max(row.line.height, below.line.height):
            break
        if _is_head(row, columns):
            start = number
        elif start == at and _is_label(row, columns) and at - number <= _MOST_LABELS:
            labels_from = number
        else:
            break
    if start == at:
        while labels_from < at and not _opens(seen[labels_from]):
            labels_from += 1
        return labels_from
    return start


def _opens(row: Row | None) -> bool:
    text = row.cells[0].text if row else ""
    return text.endswith(":") and text[:1].isupper() and len(text) <= LONGEST_HEAD


def _is_head(row: Row, columns: Sequence[Column]) -> bool:
    beside, over = _parted(row, columns)
    if not over or len(beside) > 1 or len(over) > len(columns) or any(len(cell.text) > LONGEST_HEAD for cell in row.cells):
        return False
    if any(cell.is_value and not cell.is_period for cell in over) or any(_SENTENCE.search(cell.text) for cell in over):
        return False
    left, right = columns[0][0], columns[-1][1]
    if over[0].left < left - 45 or over[-1].right > right + 45:
        return False
    return not (len(row.cells) == 1 and row.cells[0].text.endswith(":") and not PERIOD.search(row.cells[0].text))


def _parted(row: Row, columns: Sequence[Column]) -> tuple[list[Cell], list[Cell]]:
    """The cells of a line of the head beside the columns, over the labels, and those over the columns, which may be wider than these."""
    beside = [cell for cell in row.cells if cell.middle < columns[0][0]]
    near = beside and len(row.cells) - len(beside) < len(columns) and beside[-1].right > columns[0][0] - _WIDER
    if near and (len(beside) > 1 or beside[0].left > row.margin + _WIDER):
        beside = beside[:-1]
    over: list[Cell] = []
    for cell in row.cells[len(beside) :]:
        pieces = parts(cell, row.line)
        at = [max(range(len(columns)), key=lambda n: _shared(piece, columns[n])) for piece in pieces]
        clear = all(_shared(piece, columns[n]) > 0 for piece, n in zip(pieces, at, strict=True))
        over += pieces if clear and len(set(at)) == len(at) > 1 else [cell]
    return beside, over


def _table(
    seen: Sequence[Row | None],
    start: int,
    at: int,
    end: int,
    columns: list[Column],
    rules: Sequence[Box],
    is_contents: Callable[[Sequence[Sequence[str]]], bool],
) -> Line | None:
    body = [row for row in seen[at:end] if row]
    data = [row for row in body if row.is_data(True)]
    above = [row for row in seen[start:at] if row]
    is_head = [_is_head(row, columns) for row in above]
    heads = [row for row, head in zip(above, is_head, strict=True) if head]
    labelled = sum(bool(row.label and (row.label.is_period or any(map(str.isalpha, row.label.text)))) for row in data)
    alone = len(data) == 1 and not (heads and 3 <= len(columns) <= len(data[0].values) and all(_heads(heads, columns, rules)[1]))
    if alone or labelled < 0.6 * len(data) or any(LEADERS.search(row.line.text) for row in data):
        return None
    if _is_prose(data) or sum(len(row.values) for row in data) < (0.25 if heads else 0.45) * len(data) * len(columns):
        return None
    if len(columns) == 1 and not (len(data) >= 3 and (heads or _telling(data))):
        return None
    label_head, head = _heads(heads, columns, rules)
    rows = told(whole(_rows([row for row, head in zip(above, is_head, strict=True) if not head] + body, columns)))
    if is_contents(list(zip(*([row.label, *row.values] for row in rows), strict=True))):
        return None
    lines = [row.line for row in (*above, *body)]
    box = min(x.left for x in lines), min(x.top for x in lines), max(x.right for x in lines), max(x.bottom for x in lines)
    made: Rows = tuple(
        tuple((cell,) if cell else () for cell in cells) for cells in ([label_head, *head], *([r.label, *r.values] for r in rows))
    )
    return Line("", *box, size=lines[-1].size, table=made, headed=bool(any(head)))


def _is_prose(data: Sequence[Row]) -> bool:
    """Whether the labels are lines of running text, beside which there are figures."""
    return is_running([row.label.text for row in data if row.label])


def is_running(labels: Sequence[str]) -> bool:
    running = sum(len(text) > _RUNNING and (text[0].islower() or text.endswith(".")) for text in labels)
    return running > 0.3 * len(labels)


def _telling(data: Sequence[Row]) -> bool:
    """Whether most of the values of one column are of money or per cents, or have several digits."""
    values = [cell.text for row in data for cell in row.values]
    return sum(bool(re.search(r"[$€£¥%]|\d[.,]\d", text)) for text in values) > 0.6 * len(values)


def _heads(heads: Sequence[Row], columns: Sequence[Column], rules: Sequence[Box]) -> tuple[str, list[str]]:
    """The head of the column of labels, and those of the columns. A period that stands beside years is told with them."""
    beside: list[str] = []
    lines: list[HeadLine] = []
    for row in heads:
        beside_it, over = _parted(row, columns)
        label = " ".join(cell.text for cell in beside_it)
        if label and PERIOD.search(label) and all(cell.is_period for cell in over):
            over = [Cell(f"{label} {cell.text}", cell.left, cell.right, cell.bold) for cell in over]
            label = ""
        units = [cell for cell in over if len(over) == 1 and is_unit(cell.text)]
        over = [cell for cell in over if cell not in units]
        beside += filter(None, [label, *(cell.text for cell in units)])
        lines.append((over, row.line.bottom))
    return " ".join(beside), joined(lines, columns, rules)


def _with_words(body: Sequence[Row | None], columns: list[Column]) -> list[Column]:
    """The columns of values with those of words between and beside them."""
    loose = [cell for row in body if row and row.is_data(True) for cell in row.cells[1 if row.label else 0 :] if not cell.is_value]
    loose = [cell for cell in loose if all(min(right, cell.right) <= max(left, cell.left) for left, right in columns)]
    groups: list[list[Cell]] = []
    for cell in sorted(loose, key=lambda cell: cell.left):
        if groups and cell.left < max(each.right for each in groups[-1]):
            groups[-1].append(cell)
        else:
            groups.append([cell])
    for group in groups:
        if len(group) > 1:
            wider = _with(columns, [Cell("", group[0].left, max(each.right for each in group))])
            columns = wider if wider and len(wider) <= MOST_COLUMNS else columns
    return columns


def _rows(body: Sequence[Row], columns: Sequence[Column]) -> list[Labelled]:
    """The rows, each with its label and one text for each column."""
    rows: list[Labelled] = []
    for row in body:
        data = row.is_data(True)
        label = row.label if data else row.cells[0]
        values = [""] * len(columns)
        words = [label.text] if label else []
        for cell in (row.cells[1 if label else 0 :]) if data else row.cells[1:]:
            near = max(range(len(columns)), key=lambda n: _shared(cell, columns[n]))
            if _shared(cell, columns[near]) <= 0 and not cell.is_value and not any(values):
                words.append(cell.text)
            else:
                values[near] = f"{values[near]} {cell.text}".strip()
        first = label or row.cells[0]
        rows.append(Labelled(" ".join(words), first.left, row.line.top, row.line.bottom, values, first.right, bool(label and label.bold)))
    return rows


def _shared(cell: Cell, column: Column) -> float:
    return min(cell.right, column[1]) - max(cell.left, column[0])
