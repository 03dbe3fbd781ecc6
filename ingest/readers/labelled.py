"""Records of labels and values ("Name: Grey Plover") in any format: one line each, each record under what its first line says."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Any

from ingest.blocks import Text

LONGEST_NAME = 70  # characters
LEAST_SHARED = 3  # labels, by which records are known that stand in no paragraphs of their own; two may be people who talk
MOST_HELD = 2_000  # lines

_LABELLED = re.compile(r"([^\W\d_](?:[\w .()/'’&-]{0,28}[\w.)])?):[ \t]+(\S.*)")


def is_record(lines: Iterable[str]) -> bool:
    """Whether these are lines of one label and what it says each, which so are no lines of a sentence."""
    lines = list(lines)
    return len(lines) > 1 and all(map(_LABELLED.match, lines))


def whole_lines(lines: Sequence[str], joined: Callable[[list[str]], str]) -> list[str]:
    """Lines of labels and what they say, those that go on with the one above put to it as they are `joined`; none where they are no
    record: at least three of them begin with a label, the first and most of the others."""
    if not _LABELLED.match(lines[0]):
        return []
    begun = [n for n, line in enumerate(lines) if _LABELLED.match(line)]
    if len(begun) == len(lines) > 1:
        return list(lines)
    if len(begun) < LEAST_SHARED or len(begun) <= 0.6 * len(lines):
        return []
    return [joined(list(lines[start:end])) for start, end in pairwise([*begun, len(lines)])]


def named(items: Iterable[Any]) -> Iterator[tuple[str, Any]]:
    """The items, each with the name of the record that it is of: that of its first line, where one beside it begins with the same label.

    A record is a paragraph of such lines, or such lines from one label to the next of the same name.
    """
    held: list[list[Text]] = []  # paragraphs of labelled lines, by lines
    size = 0
    for item in items:
        lines = _lines(item)
        if lines and size < MOST_HELD:
            held.append(lines)
            size += len(lines)
            continue
        yield from _told(held)
        held, size = ([lines], len(lines)) if lines else ([], 0)
        if not lines:
            yield "", item
    yield from _told(held)


def _lines(item: Any) -> list[Text]:
    if not isinstance(item, Text) or item.kind != "prose" or item.lead or ":" not in item.text:
        return []
    lines = item.text.split("\n")
    if not all(map(_LABELLED.match, lines)):
        return []
    at = item.locator.line
    return (
        [replace(item, text=line, locator=replace(item.locator, line=at and at + n)) for n, line in enumerate(lines)]
        if lines[1:]
        else [item]
    )


def _told(held: list[list[Text]]) -> Iterator[tuple[str, Text]]:
    records = list(_records(held))
    labels = [_label(record) for record in records]
    alike = [False, *(a == b for a, b in pairwise(labels)), False]
    for n, record in enumerate(records):
        value = _value(record) if len(record) > 1 and (alike[n] or alike[n + 1]) else ""
        yield from ((value, line) for line in record)


def _records(held: list[list[Text]]) -> Iterator[list[Text]]:
    loose: list[Text] = []  # lines that are paragraphs of their own
    for lines in held:
        if len(lines) == 1:
            loose += lines
            continue
        yield from _parted(loose)
        loose = []
        yield from _parted(lines)
    yield from _parted(loose)


def _parted(lines: list[Text]) -> Iterator[list[Text]]:
    """The lines from each with the first one's label to the next, where these share labels enough; else all of them."""
    labels = [_label([line]) for line in lines]
    starts = [n for n, label in enumerate(labels) if label == labels[0]]
    records = [(start, end) for start, end in pairwise([*starts, len(lines)])]
    shared = set.intersection(*(set(labels[start:end]) for start, end in records)) if records else set()
    if len(records) > 1 and len(shared) >= LEAST_SHARED:
        yield from (lines[start:end] for start, end in records)
    elif lines:
        yield lines


def _label(record: list[Text]) -> str:
    found = _LABELLED.match(record[0].text)
    return found[1].casefold() if found else ""


def _value(record: list[Text]) -> str:
    found = _LABELLED.match(record[0].text)
    value = " ".join(found[2].split()) if found else ""
    return value if len(value) <= LONGEST_NAME else ""
