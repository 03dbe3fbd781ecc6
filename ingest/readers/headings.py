"""From headings as a reader meets them to the heading path on everything that stands under them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from ingest.blocks import Document, Lost, Passed, Text
from ingest.readers.labelled import named
from rag.records import HEADING_SEPARATOR, Locator


@dataclass(frozen=True)
class Heading:
    """A heading of `level` (1 is the outermost)."""

    level: int
    text: str
    locator: Locator = Locator()


def under_headings(items: Iterable[Any], title: str | None = None) -> Iterator[Any]:
    """The items (dataclasses with a `locator`, or what has none) without the headings among them, each with the path that it stands under.

    A heading under which nothing stands becomes a Text of its own, so that its words are not lost; one without words ends those of
    its level. `title` is above all headings, the name of a record of labels and values below them.
    """
    stack: list[tuple[int, str]] = [(0, title)] if title else []
    bare: Text | None = None
    for name, item in named(items):
        if isinstance(item, Document | Lost | Passed):
            yield item
            continue
        if not isinstance(item, Heading):
            bare = None
            yield replace(item, locator=replace(item.locator, heading=_path(stack, name)))
            continue
        if bare and stack[-1][0] >= item.level:
            yield bare
        while stack and stack[-1][0] >= item.level:
            stack.pop()
        bare = Text(item.text, replace(item.locator, heading=_path(stack))) if item.text else None
        stack.append((item.level, item.text))
    if bare:
        yield bare


def _path(stack: list[tuple[int, str]], name: str = "") -> str | None:
    return HEADING_SEPARATOR.join(filter(None, [*(text for _, text in stack), name])) or None
