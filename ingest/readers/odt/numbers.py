"""The numbers of headings and items in OpenDocument, through lists that go on elsewhere."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ingest.readers.odt.markup import get, number
from ingest.readers.odt.styles import Level, Styles, written


@dataclass(frozen=True)
class Counting:
    """A level of a list that counts: the numbers of all its levels, and the style that this one is of."""

    counts: dict[int, int]
    style: str
    level: int = 1

    def inner(self, element: Any, again: bool) -> Counting:
        """The list in an item; the numbers of a second one in the same item begin `again`, unless it says that it goes on."""
        if again and get(element, "continue-numbering") != "true":
            self.counts.pop(self.level + 1, None)
        return Counting(self.counts, get(element, "style-name") or self.style, self.level + 1)


class Numbers:
    """Counts through the headings and lists of a document in their order."""

    def __init__(self, styles: Styles):
        self._styles = styles
        self._lists: dict[str, dict[int, int]] = {}
        self._outline: dict[int, int] = {}

    def heading(self, element: Any) -> str | None:
        """The number of a heading, where the outline has numbers."""
        if get(element, "is-list-header") == "true":
            return None
        return _next(self._outline, self._styles.outline, max(number(get(element, "outline-level")), 1), get(element, "start-value"))

    def begun(self, element: Any) -> Counting:
        """A list, which may go on from another."""
        goes_on = get(element, "continue-list") or ""
        style = get(element, "style-name") or ""
        counts: dict[int, int] = {}
        if goes_on or get(element, "continue-numbering") == "true":
            counts = self._lists.get(f"#{goes_on}" if goes_on else style, counts)
        if id := get(element, "id"):
            self._lists[f"#{id}"] = counts
        self._lists[style] = counts
        return Counting(counts, style)

    def alone(self, element: Any) -> Counting:
        """A paragraph that says itself which list it is of."""
        style = get(element, "style-name") or ""
        counts = self._lists.setdefault(f"#{get(element, 'list-id') or style}", {})
        return Counting(counts, style, max(number(get(element, "level")), 1))

    def item(self, element: Any, counting: Counting, start: str | None) -> str | None:
        """The number of an item that begins with this paragraph; None where it has a bullet or none."""
        levels = self._styles.levels(counting.style) or self._styles.levels(self._styles.list_of(element))
        return _next(counting.counts, levels, counting.level, start)


def _next(counts: dict[int, int], levels: dict[int, Level], level: int, start: str | None) -> str | None:
    """Counts on at a level, the levels below it from the beginning, and writes the number."""
    of = levels.get(level)
    if of is None:
        return None
    counts[level] = number(start) if start else counts.get(level, of.start - 1) + 1
    for below in [each for each in counts if each > level]:
        del counts[below]
    return written(levels, counts, level)
