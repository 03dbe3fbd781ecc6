"""Delimited text (CSV, TSV) as a stream of tables, its delimiter found out."""

from __future__ import annotations

import csv
import re
from collections import Counter, deque
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import chain, islice, pairwise
from pathlib import Path, PurePath
from typing import TYPE_CHECKING

from ingest.blocks import Block
from ingest.lists import lead_of
from ingest.readers.rows import Row, headed, lines, table
from ingest.readers.stacked import stacked
from ingest.readers.text import lines as text_lines
from rag.errors import ReadError
from rag.records import Locator

if TYPE_CHECKING:
    from rag.pictures.ocr import Ocr

_DELIMITERS = ",;\t|"
_SAMPLE = 200  # lines
_MOST_ABOVE = 40  # rows
_SEPARATOR = re.compile(r'"?sep=(.)?"?', re.I)
_DECIMAL = re.compile(r"(?<=\d),(?=\d)")
_LITERAL = re.compile(r'="([^"]*)"')  # how a text that looks like a number is kept one
_LONGEST = 500_000  # characters of a line, and of a value: a quote that is never closed ends there


def read(path: Path, source: str, root: Path, ocr: Ocr | None) -> Iterator[Block]:
    """Tables under the header in the first row that is as wide as the others, each with its `line` and, as a spreadsheet counts,
    `cells`; what stands above the header leads them.

    A row whose quotes do not match is taken as it stands. Raises ReadError where the file is not text or holds no values.
    """
    found = text_lines(path, _LONGEST)
    sample = list(islice(found, _SAMPLE))
    told = _SEPARATOR.fullmatch(sample[0][1].strip()) if sample else None  # a line for the program that opens the file
    sample = sample[1:] if told else sample
    delimiter = (told[1] if told else None) or _delimiter([line for _, line in sample], PurePath(source).suffix.lower() == ".tsv")
    rows = _rows(chain(sample, found), delimiter or ",")
    first = list(islice(rows, _SAMPLE))
    if not first:
        raise ReadError("The file is empty.", "Put something in it, or take it out.")
    if not delimiter:
        yield from lines((row._replace(values=[_joined(row)]) for row in chain(first, rows)), 1, Locator())
        return
    above = _above(first)
    lead = ""
    if above:
        yield from lines((row._replace(values=[_joined(row)]) for row in first[:above]), 1, Locator())
        lead = lead_of(_joined(first[0]).strip("# "))
    header, known, body = headed(_named(first[above:]))
    texts = table(chain([header] if known is None else [], body, rows), 1, Locator(), known)
    yield from (replace(text, lead=lead) for text in texts)


def _joined(row: Row) -> str:
    return ", ".join(filter(None, row.values))


def _above(rows: list[Row]) -> int:
    """How many rows stand above the header: the first that have less than half the values of most rows, and are no part of it; or that
    are narrower than these, and parted from them by a blank line."""
    width = _usual(rows)
    if width < 2:
        return 0
    for at, (above, below) in enumerate(pairwise(rows[:_MOST_ABOVE]), 1):
        if len(above.values) >= width:
            break
        if len(below.values) == width and (below.line or 0) - (above.line or 0) > 1:
            return at
    full = (at for at, row in enumerate(rows[:_MOST_ABOVE]) if sum(map(bool, row.values)) >= max(2, width / 2))
    at = next(full, 0)
    return at - 1 if at and stacked([row.values for row in rows[at - 1 :]]) is not None else at


def _usual(rows: list[Row]) -> int:
    widths = Counter(len(row.values) for row in rows)
    return max(widths, key=lambda width: (widths[width] * (width > 1), width), default=0)


def _named(rows: list[Row]) -> list[Row]:
    """The rows with their header as a name for each column: without the mark of a comment, and with a blank for the numbers of the rows,
    which some programs leave without a name."""
    header = rows[0]
    values = header.values
    if values[0].startswith("#") and len(values) > 1 and not any(row.values[0].startswith("#") for row in rows[1:]):
        values = [values[0].lstrip("# "), *values[1:]]
    counted = [row.values[0] for row in rows[1:]]
    if len(rows) > 1 and len(values) == _usual(rows[1:]) - 1 and counted == [str(n) for n in range(1, len(rows))]:
        values = ["", *values]
    return [header._replace(values=values), *rows[1:]]


def _delimiter(sample: list[str], tabs: bool) -> str | None:
    """The delimiter that gives most rows the same number of values, and the most; None where half the rows have no two. A comma that
    stands only between figures is a decimal one where another does as well; in a file of `tabs` a tab comes first."""

    def regularity(delimiter: str) -> tuple[float, int]:
        widths = Counter(len(row.values) for row in _rows(enumerate(sample, 1), delimiter))
        width, rows = max(widths.items(), key=lambda item: (item[0] > 1, item[1]), default=(1, 0))
        return (rows / widths.total() if width > 1 else 0.0), width

    found = {delimiter: regularity(delimiter) for delimiter in _DELIMITERS}
    text = "\n".join(sample)
    if found[","][0] and len(_DECIMAL.findall(text)) >= 0.9 * text.count(",") and any(found[each][0] >= 0.5 for each in _DELIMITERS[1:]):
        del found[","]
    if tabs and found["\t"][0] >= 0.5:
        return "\t"
    best = max(found, key=lambda each: found[each])
    return best if found[best][0] >= 0.5 else None


def _rows(numbered: Iterable[tuple[int, str]], delimiter: str) -> Iterator[Row]:
    """The rows that are not blank. One whose quotes do not match is parsed again without them, its first line alone."""
    csv.field_size_limit(_LONGEST)
    waiting: deque[tuple[int, str]] = deque()
    taken: list[tuple[int, str]] = []
    source = iter(numbered)

    def feed() -> Iterator[str]:
        while True:
            item = waiting.popleft() if waiting else next(source, None)
            if item is None:
                return
            taken.append(item)
            yield item[1] + "\n"

    def parsed() -> Iterator[list[str]]:
        return csv.reader(feed(), delimiter=delimiter, strict=True, skipinitialspace=delimiter != "\t")

    records = parsed()
    number = 0
    while True:
        taken.clear()
        try:
            values = next(records)
        except StopIteration:
            return
        except csv.Error:
            waiting.extendleft(reversed(taken[1:]))
            del taken[1:]
            values = taken[0][1].split(delimiter)
            records = parsed()
        number += 1
        values = [_bare(value) for value in values]
        while values and not values[-1].strip():
            values.pop()
        if values:
            yield Row(number, values, taken[0][0])


def _bare(value: str) -> str:
    """A value without what keeps a text that looks like a number one: ="00042"."""
    kept = _LITERAL.fullmatch(value) if value.startswith("=") else None
    return kept[1] if kept else value
