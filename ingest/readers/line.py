"""The words of a paragraph as they come in runs, put together: then what is raised or lowered is written out, and trees of HTML grow."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Literal

from lxml import etree

from ingest.readers.scripts import lowered, raised

Script = Literal["", "high", "low"]

_CONTROL = dict.fromkeys([*range(9), 11, 12, *range(14, 32)], " ")


@dataclass(frozen=True)
class Look:
    """What of the look of words tells: whether they are there at all, whether they are raised, lowered or in italics, and their font."""

    unseen: bool = False
    script: Script = ""
    italic: bool = False
    font: str = ""


@dataclass(frozen=True)
class _Run:
    words: str
    script: Script
    italic: bool


class Line:
    """A paragraph: runs of words, and elements of HTML (a line break, a picture) between them."""

    def __init__(self) -> None:
        self._items: list[Any] = []  # runs and elements

    def add(self, words: str, script: Script = "", italic: bool = False) -> None:
        if words:
            self._items.append(_Run(words.translate(_CONTROL), script, italic))

    def put(self, element: Any) -> None:
        self._items.append(element)

    def begin(self, words: str) -> None:
        """Puts words before all others."""
        self._items.insert(0, _Run(words, "", False))

    @property
    def words(self) -> str:
        return "".join(item.words for item in self._items if isinstance(item, _Run))

    @property
    def empty(self) -> bool:
        """Whether there is nothing but white space and line breaks."""
        return not any(item.words.strip() if isinstance(item, _Run) else item.tag != "br" for item in self._items)

    def into(self, holder: Any) -> None:
        """Puts all of it at the end of an element."""
        for item in self._written():
            if not isinstance(item, _Run):
                holder.append(item)
            elif item.italic and item.words.strip():
                etree.SubElement(holder, "em").text = item.words
            else:
                grow(holder, item.words)

    def text(self, of: Callable[[Any], str] = lambda element: "\n") -> str:
        """All of it as text; `of` an element is a line break by default."""
        return "".join(item.words if isinstance(item, _Run) else of(item) for item in self._written())

    def _written(self) -> Iterator[Any]:
        joined: list[Any] = []
        for item in self._items:
            last = joined[-1] if joined else None
            if isinstance(item, _Run) and isinstance(last, _Run) and (last.script, last.italic) == (item.script, item.italic):
                joined[-1] = _Run(last.words + item.words, item.script, item.italic)
            else:
                joined.append(item)
        before = ""
        for at, item in enumerate(joined):
            if not isinstance(item, _Run):
                before = ""
                yield item
                continue
            words = item.words
            if item.script == "low":
                words = lowered(words)
            elif item.script == "high":
                after = joined[at + 1] if at + 1 < len(joined) else None
                words = raised(words, before, after.words if isinstance(after, _Run) else "")
            before = words
            yield _Run(words, item.script, item.italic)


def grow(element: Any, words: str | None) -> None:
    """Puts words at the end of what is in the element."""
    if not words:
        return
    last = last_child(element)
    if last is not None:
        last.tail = (last.tail or "") + words
    else:
        element.text = (element.text or "") + words


def last_child(element: Any) -> Any:
    """The last child, None where there is none; `len` counts all of them."""
    return next(element.iterchildren(reversed=True), None)
