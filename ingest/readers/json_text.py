"""JSON and JSON lines as text that reads well: "key: value" lines under the path of keys that leads to them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ingest.blocks import Block, Text
from ingest.readers.text import MAX_WHOLE, lines, whole, without_blobs
from rag.errors import ReadError
from rag.records import HEADING_SEPARATOR, Locator

if TYPE_CHECKING:
    from rag.pictures.ocr import Ocr

_TOGETHER = 1000  # characters: what is shorter stays one Text, what is longer is parted by its keys
_MANY_NUMBERS = 100
_RUN = 4000
_DEPTH = 40  # levels that are parted
_INDENTED = 8  # levels that are indented; what is deeper is written as JSON
_PATIENCE = 100  # lines
_COMMENT_OR_STRING = re.compile(r'("(?:[^"\\]|\\.)*(?:"|\Z))|//[^\n]*|/\*(?:.*?\*/|.*)', re.S)
_LAST_COMMA_OR_STRING = re.compile(r'("(?:[^"\\]|\\.)*(?:"|\Z))|,(?=\s*[}\]])', re.S)


class _Number(str):
    """A number, as it was written."""


def read(path: Path, source: str, root: Path, ocr: Ocr | None) -> Iterator[Block]:
    """A .json file's values by path; comments and last commas are allowed, and several values, a line each, are JSON lines.

    Left out: encoded data, and the rest of lists of over 100 numbers. Raises ReadError where it is not JSON.
    """
    if path.stat().st_size > MAX_WHOLE and _is_whole_value(next(lines(path, MAX_WHOLE), (0, ""))[1]):
        yield from read_lines(path, source, root, ocr)
        return
    text = whole(path)
    try:
        value = _parsed(text)
    except json.JSONDecodeError as error:
        if error.msg == "Extra data" and error.lineno > 1 and _is_whole_value(text.lstrip().split("\n", 1)[0]):
            yield from read_lines(path, source, root, ocr)
            return
        try:
            value = _parsed(_LAST_COMMA_OR_STRING.sub(_string, _COMMENT_OR_STRING.sub(_string, text)))
        except json.JSONDecodeError:
            raise ReadError(
                f"The file is not JSON: {error.msg} in line {error.lineno}, column {error.colno}.", "It may be cut short: save it anew."
            ) from None
    del text
    yield from _texts(value)


def read_lines(path: Path, source: str, root: Path, ocr: Ocr | None) -> Iterator[Block]:
    """The values of a .jsonl file, each with its `line`. Broken lines are passed over; raises ReadError where they are as many as the
    others."""
    good = bad = 0
    for number, line in lines(path, MAX_WHOLE):
        if not line.strip():
            continue
        try:
            value = _parsed(line)
        except json.JSONDecodeError:
            bad += 1
            if bad > good + _PATIENCE:
                break
            continue
        good += 1
        for text in _texts(value):
            yield replace(text, locator=replace(text.locator, line=number))
    if bad and bad >= good:
        raise ReadError(f"The file is not JSON lines: {bad} of {good + bad} lines cannot be parsed.", "Give it the suffix of what it is.")


def _parsed(text: str) -> Any:
    try:
        return json.loads(text, parse_int=_Number, parse_float=_Number, strict=False)
    except RecursionError:
        raise _too_deep() from None


def _too_deep() -> ReadError:
    return ReadError("The JSON is nested too deeply.", "Save it in simpler form.")


def _is_whole_value(line: str) -> bool:
    try:
        return isinstance(_parsed(line), dict | list)
    except json.JSONDecodeError:
        return False


def _string(match: re.Match[str]) -> str:
    return match[1] or ""


def _texts(value: Any, path: tuple[str, ...] = (), depth: int = 0) -> Iterator[Text]:
    """`value` as one Text where it is short; else its short parts under its path, run by run, and each long one under its own."""
    if depth > _DEPTH or not isinstance(value, dict | list) or _is_short(value):
        yield from _written(_lines(value), path)
        return
    run: list[str] = []
    size = 0
    for name, inner in value.items() if isinstance(value, dict) else ((None, each) for each in value):
        parted = isinstance(inner, dict | list) and not _is_short(inner)
        record = name is None and isinstance(inner, dict)
        if parted or record or size > _RUN:
            yield from _written(run, path)
            run, size = [], 0
        if parted or record:
            yield from _texts(inner, path if name is None else (*path, name), depth + 1)
        else:
            run.extend(_lines([inner] if name is None else {name: inner}))
            size += len(run[-1])
    yield from _written(run, path)


def _written(run: list[str], path: tuple[str, ...]) -> Iterator[Text]:
    text = "\n".join(run)
    if text.strip():
        yield Text(text, Locator(heading=HEADING_SEPARATOR.join(filter(None, path)) or None))


def _lines(value: Any, depth: int = 0) -> list[str]:
    if depth > _INDENTED and isinstance(value, dict | list) and value:
        try:
            return [json.dumps(value, ensure_ascii=False)]
        except RecursionError:
            raise _too_deep() from None
    if isinstance(value, dict):
        return [line for name, inner in value.items() for line in _entry(f"{name}:", inner, depth)]
    if isinstance(value, list):
        if not any(isinstance(each, dict | list) for each in value) or _numbers(value):
            return [_in_line(value)] if value else []
        return [line for inner in value for line in _item(_lines(inner, depth + 1))]
    return [_scalar(value)]


def _entry(name: str, value: Any, depth: int) -> list[str]:
    lines = _lines(value, depth + 1)
    if isinstance(value, dict) or len(lines) > 1:
        return [name, *(f"  {line}" for line in lines)]
    return [f"{name} {lines[0]}" if lines else name]


def _item(lines: list[str]) -> list[str]:
    return [("  " if n else "- ") + line for n, line in enumerate(lines or [""])]


def _in_line(values: list[Any]) -> str:
    count = _numbers(values)
    if count <= _MANY_NUMBERS:
        return ", ".join(f"[{_in_line(each)}]" if isinstance(each, list) else _scalar(each) for each in values)
    first = list(islice(_flat(values), _MANY_NUMBERS // 5))
    return f"{', '.join(first)}, … ({count:,} numbers)"


def _scalar(value: Any) -> str:
    return (
        {None: "null", True: "true", False: "false"}.get(value, "")
        if value is None or isinstance(value, bool)
        else without_blobs(str(value))
    )


def _numbers(values: list[Any]) -> int:
    """How many numbers a list and the lists in it hold; 0 where anything else is in them."""
    count = 0
    for each in _flat(values):
        if not isinstance(each, _Number):
            return 0
        count += 1
    return count


def _flat(values: list[Any]) -> Iterator[Any]:
    waiting = [iter(values)]
    while waiting:
        for each in waiting[-1]:
            if isinstance(each, list):
                waiting.append(iter(each))
                break
            yield each
        else:
            waiting.pop()


def _is_short(value: Any) -> bool:
    room = _TOGETHER
    waiting = [value]
    while waiting:
        each = waiting.pop()
        if isinstance(each, dict):
            room -= sum(len(name) + 2 for name in each)
            waiting.extend(each.values())
        elif isinstance(each, list):
            if not _numbers(each):
                room -= len(each)
                waiting.extend(each)
        else:
            room -= len(_scalar(each))
        if room < 0:
            return False
    return True
