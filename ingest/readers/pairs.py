"""Pairs of a question and its answer, as JSON lines (`.qa.jsonl`) or a table (`.qa.csv`): examples for a model, not passages."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, Any

from ingest.blocks import Block, Example
from ingest.readers.text import MAX_WHOLE, lines, whole
from rag.errors import ReadError
from rag.records import Locator

if TYPE_CHECKING:
    from rag.pictures.ocr import Ocr

NAMES = ("question", "answer")
_DELIMITERS = ",;\t"
_HINT = """Write rows like {"question": "...", "answer": "..."}, or a table with the columns question and answer."""


def read(path: Path, source: str, root: Path, ocr: Ocr | None) -> Iterator[Block]:
    """An Example for every row that has a question and an answer, with its line. Other rows are passed over; raises ReadError where they
    are as many as the good ones."""
    rows = _table if PurePath(source).suffix.lower() == ".csv" else _json_lines
    good = bad = 0
    for line, row in rows(path):
        question, answer = (_text(row.get(name)) for name in NAMES)
        if question and answer:
            good += 1
            yield Example(question, answer, Locator(line=line))
        else:
            bad += 1
    if bad >= good:
        raise ReadError(f"Of {good + bad} rows only {good} have a question and an answer.", _HINT)


def _json_lines(path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    for number, line in lines(path, MAX_WHOLE):
        if line.strip():
            try:
                row = json.loads(line, strict=False)
            except (ValueError, RecursionError):
                row = None
            yield number, row if isinstance(row, dict) else {}


def _table(path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    text = whole(path)
    csv.field_size_limit(MAX_WHOLE)
    for delimiter in _DELIMITERS:
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
        try:
            columns = [name.strip().lower() for name in next(reader, [])]
            if not set(NAMES) <= set(columns):
                continue
            last = reader.line_num
            for cells in reader:
                if any(cells):
                    yield last + 1, dict(zip(columns, cells, strict=False))
                last = reader.line_num
        except csv.Error as error:
            raise ReadError(f"The table cannot be read: {error} in line {reader.line_num}.", "Save it as CSV anew.") from None
        return
    raise ReadError("The table has no columns 'question' and 'answer'.", _HINT)


def _text(value: object) -> str:
    return value.encode("utf-8", "replace").decode().strip() if isinstance(value, str) else ""
