"""Delimited text (CSV, TSV) as a stream of tables, its delimiter found out."""

from __future__ import annotations

import csv
from collections import Counter, deque
from collections.abc import Iterable, Iterator
from itertools import chain, islice
from pathlib import Path
from typing import TYPE_CHECKING

from ingest.blocks import Block
from ingest.readers.rows import Row, lines, table
from ingest.readers.text import lines as text_lines
from rag.errors import ReadError
from rag.records import Locator

if TYPE_CHECKING:
    from rag.pictures.ocr import Ocr

_DELIMITERS = ",;\t|"
_SAMPLE = 200  # lines
_LONGEST = 500_000  # characters of a line, and of a value: a quote that is never closed ends there


def read(path: Path, source: str, root: Path, ocr: Ocr | None) -> Iterator[Block]:
    """Tables under the header in the first row, each with its `line` and, as a spreadsheet counts, `cells`.

    A row whose quotes do not match is taken as it stands. Raises ReadError where the file is not text or holds no values.
    """
    found = text_lines(path, _LONGEST)
    sample = list(islice(found, _SAMPLE))
    delimiter = _delimiter([line for _, line in sample])
    rows = _rows(chain(sample, found), delimiter or ",")
    first = next(rows, None)
    if first is None:
        raise ReadError("The file is empty.", "Put something in it, or take it out.")
    rows = chain([first], rows)
    yield from table(rows, 1, Locator()) if delimiter else lines((row._replace(values=[_joined(row)]) for row in rows), 1, Locator())


def _joined(row: Row) -> str:
    return ", ".join(filter(None, row.values))


def _delimiter(sample: list[str]) -> str | None:
    """The delimiter that gives most rows the same number of values, and the most; None where half the rows have no two."""

    def regularity(delimiter: str) -> tuple[float, int]:
        widths = Counter(len(row.values) for row in _rows(enumerate(sample, 1), delimiter))
        width, rows = max(widths.items(), key=lambda item: (item[0] > 1, item[1]), default=(1, 0))
        return (rows / widths.total() if width > 1 else 0.0), width

    best = max(_DELIMITERS, key=regularity)
    return best if regularity(best)[0] >= 0.5 else None


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
        while values and not values[-1].strip():
            values.pop()
        if values:
            yield Row(number, values, taken[0][0])
