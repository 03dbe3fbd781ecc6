"""Items of lists in a tree of HTML, for formats in which each item only says its level and its number."""

from __future__ import annotations

import re
from typing import Any

from lxml import etree

from ingest.readers.html.numbers import MARK
from ingest.readers.line import last_child

_ITEM = re.compile(r"\(?(?:\d{1,5}|[a-zA-Z]|[ivxl]{2,7}|[IVXL]{2,7})[.)]|\d{1,5}|[a-zA-Z]")


def is_item(mark: str | None) -> bool:
    """Whether what stands before a paragraph makes it an item of a list: a bullet (None), "2." or "(b)". Clauses with longer numbers
    ("2.1", "Article 3") are paragraphs that begin with them."""
    return mark is None or bool(_ITEM.fullmatch(mark))


class Lists:
    """The lists that are open, from the outermost."""

    def __init__(self) -> None:
        self._open: list[tuple[int, Any, bool]] = []  # level, element, whether it is numbered

    def __bool__(self) -> bool:
        return bool(self._open)

    def item(self, into: Any, level: int, mark: str | None) -> Any:
        """A new item of this level, in its list at the end of `into`."""
        numbered = mark is not None
        while self._open and self._open[-1][0] > level:
            self._open.pop()
        if len(self._open) == 1 and self._open[0][0] == level and self._open[0][2] != numbered:
            self._open.pop()
        if not self._open or self._open[-1][0] < level:
            within = last_child(self._open[-1][1]) if self._open else into
            self._open.append((level, etree.SubElement(within, "ul"), numbered))
        item = etree.SubElement(self._open[-1][1], "li")
        if mark:
            item.set(MARK, f"{mark}." if mark.isalnum() else mark)
        return item

    def end(self) -> None:
        self._open.clear()
