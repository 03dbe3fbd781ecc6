"""From the text with its marks to HTML: paragraphs and their numbers, headings, tables with merged cells, notes, comments and boxes."""

from __future__ import annotations

import html as markup
import re
from collections.abc import Iterator
from dataclasses import dataclass

from ingest.readers import office
from ingest.readers.html.numbers import MARK
from ingest.readers.items import is_item
from ingest.readers.line import Line, Script
from ingest.readers.rtf.marks import (
    APART_END,
    AUTHOR,
    BOX,
    BREAK,
    CELL,
    COMMENT,
    END,
    HEAD,
    HIGH,
    LEVEL,
    LOW,
    NORMAL,
    NOTE,
    PICTURE,
    ROW,
    ROW_BEGINS,
    STRAY,
)  # fmt: skip

_SHOWN = re.compile(f"{PICTURE}(\\d+){END}")
_APART = re.compile(f"([{NOTE}{COMMENT}{AUTHOR}{BOX}])([^{APART_END}]*){APART_END}")
_HEADS = re.compile(f"{HEAD}([^{APART_END}]*){APART_END}")
_BULLET = re.compile(r"[·•▪◦‣–\uf0b7\uf0a7\uf0d8\uf0fco-]\t")
_NUMBER = re.compile(r"(\S{1,12}(?: \d{1,3}\S{0,3})?)\t\s*")
_SCRIPTS: dict[str, Script] = {HIGH: "high", LOW: "low", NORMAL: ""}
_SPLIT = re.compile(f"([{HIGH}{LOW}{NORMAL}])")
_NEAR = 40  # twentieths of a point between edges that are one
_MAX_COLUMNS = 63  # as many as Word lets a table have


def furniture(text: str) -> tuple[str, list[str]]:
    """The text without the heads and feet of its pages, and these."""
    return _HEADS.sub("", text), list(dict.fromkeys(_HEADS.findall(text)))


@dataclass(frozen=True)
class _Row:
    """The cells of a row; the right edges that they have, each with how it is merged, where the row says them."""

    cells: list[str]
    edges: list[tuple[int, str]]
    head: bool


def html(text: str) -> Iterator[str]:
    rows: list[_Row] = []
    *segments, rest = text.split(ROW)
    for segment in segments:
        segment, _, spec = segment.rpartition(END) if END in segment else (segment, "", "")
        first = max(segment.find(CELL), 0)
        at = segment.find(ROW_BEGINS, 0, first)
        at = at if at >= 0 else segment.rfind("\n", 0, first) + 1
        if segment[:at].strip():
            yield from _table(rows)
            rows = []
            yield from _paragraphs(segment[:at])
        rows.append(_Row(segment[at:].split(CELL)[:-1], _edges(spec), spec.startswith("t")))
    yield from _table(rows)
    yield from _paragraphs(rest)


def _edges(spec: str) -> list[tuple[int, str]]:
    found = re.findall(r"(-?\d{1,7})([vVhH]*)", spec)
    return [(int(edge), flags) for edge, flags in found][:_MAX_COLUMNS]


def _table(rows: list[_Row]) -> Iterator[str]:
    """The table; its columns are the edges that its rows have together."""
    if not rows:
        return
    columns: list[int] = []
    for edge in sorted({edge for row in rows for edge, _ in row.edges}):
        if not columns or edge - columns[-1] > _NEAR:
            columns.append(edge)
    if len(columns) > _MAX_COLUMNS:
        columns = []  # then a cell is a column
    spans = [_spans(row, columns) for row in rows]
    below: list[dict[int, int]] = [{} for _ in rows]  # rows that a cell reaches down, by its column
    reach: dict[int, int] = {}
    for at in range(len(rows) - 1, -1, -1):
        counted: dict[int, int] = {}
        for column, (_, _, flags) in spans[at].items():
            if "V" in flags:
                counted[column] = reach.get(column, 0) + 1
            elif "v" in flags:
                below[at][column] = reach.get(column, 0) + 1
        reach = counted
    heads = next((at for at, row in enumerate(rows) if not row.head), len(rows))
    yield "<table>"
    for at, line in enumerate(spans):
        yield "<thead>" if not at and 0 < heads < len(rows) else "</thead>" if at == heads and 0 < heads < len(rows) else ""
        cells = []
        for column, (text, width, flags) in line.items():
            if "V" not in flags:
                cells.append(f'<td colspan="{width}" rowspan="{below[at].get(column, 1)}">{_cell(text)}</td>')
        yield f"<tr>{''.join(cells)}</tr>"
    yield "</table>"


def _spans(row: _Row, columns: list[int]) -> dict[int, tuple[str, int, str]]:
    """The cells of a row by their first column: text, columns that they have, how they are merged with those above."""
    if len(row.edges) != len(row.cells):
        return {at: (text, 1, "") for at, text in enumerate(row.cells)}
    found: dict[int, tuple[str, int, str]] = {}
    column, last = 0, 0
    for text, (edge, flags) in zip(row.cells, row.edges, strict=True):
        end = column
        while end < len(columns) and columns[end] <= edge + _NEAR:
            end += 1
        end = max(end, column + 1)
        if "H" in flags and last in found:
            before = found[last]
            found[last] = before[0], before[1] + end - column, before[2]
        else:
            found[column] = text, end - column, flags
            last = column
        column = end
    return found


def _cell(text: str) -> str:
    parts = []
    for each in text.strip("\n").split("\n"):
        apart = [told for told in _told(each) if told]
        parts.append(_inline(_APART.sub("", each)) + "".join(f" ({told})" for told in apart))
    return "<br>".join(filter(str.strip, parts))


def _paragraphs(text: str) -> Iterator[str]:
    listed = False
    for line in _APART.sub(lambda apart: apart[0].replace("\n", BREAK), text).split("\n"):
        apart, line = list(_told(line)), _APART.sub("", line)
        level = next((ord(sign) - LEVEL for sign in line if LEVEL <= ord(sign) < LEVEL + 9), None)
        words = _inline(line)
        if words.strip():
            mark, words = _mark(words.lstrip()) if level is None else ("", words)
            if listed != bool(mark):
                yield "</ul>" if listed else "<ul>"
                listed = not listed
            if mark:
                number = "" if mark == "-" else f' {MARK}="{mark}"'
                yield f"<li{number}>{words}</li>"
            else:
                yield f"<p>{words}</p>" if level is None else f"<h{level + 1}>{words}</h{level + 1}>"
        if any(apart) and listed:
            yield "</ul>"
            listed = False
        yield from (f"<p>{told}</p>" for told in apart if told)
    if listed:
        yield "</ul>"


def _mark(words: str) -> tuple[str, str]:
    """The bullet ("-") or number that makes a paragraph an item, and its words; nothing where it is none."""
    if bullet := _BULLET.match(words):
        return "-", words[bullet.end() :]
    number = _NUMBER.match(words)
    if number and is_item(number[1]) and words[number.end() :].strip():
        return number[1], words[number.end() :]
    return "", words


def _told(line: str) -> Iterator[str]:
    """What notes, comments and boxes of a line say."""
    author = ""
    for kind, text in _APART.findall(line):
        words = _inline(re.sub(f"^[\\s{BREAK}]+|[\\s{BREAK}]+$", "", text))
        if kind == AUTHOR:
            author = words
        elif kind == COMMENT:
            yield (f"Comment by {author}: {words}" if author else f"Comment: {words}") if words.strip() else ""
            author = ""
        else:
            yield words


def _inline(text: str) -> str:
    """Words as HTML, with its pictures and line breaks, and without marks that have no meaning here."""
    line, script = Line(), NORMAL
    for part in _SPLIT.split(text):
        if part in _SCRIPTS:
            script = part
        else:
            line.add(part, _SCRIPTS[script])
    words = markup.escape(line.text(), quote=False).replace(BREAK, "<br>")
    words = _SHOWN.sub(lambda shown: f'<img src="{office.reference(shown[1])}">', words)
    return words.translate(STRAY)
