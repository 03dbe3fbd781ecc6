"""Heads and feet of pages: what they say of their own is told once, after all else."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from ingest.blocks import Figure, Text
from rag.records import HEADING_SEPARATOR

_WORD = re.compile(r"[^\W\d_]{2,}")
_PAGES = re.compile(
    r"\W*(?:(?:page|p|pg|seite|página|pagina|pág|sida|side|strona|stránka|blad|of|von|de|sur|di|av|af|van|z|und|and)\b\W*)*", re.I
)
_MOST = 60  # that are told


class Told:
    """What a document has said already."""

    def __init__(self) -> None:
        self._lines: set[str] = set()
        self._count = 0

    def heard(self, blocks: Iterable[Text | Figure]) -> Iterator[Text | Figure]:
        """The blocks of the body as they come, remembered."""
        for block in blocks:
            if isinstance(block, Text):
                headings = (block.locator.heading or "").split(HEADING_SEPARATOR)
                self._lines.update(map(_folded, [*block.text.split("\n"), *headings]))
            yield block

    def new(self, blocks: Iterable[Text | Figure]) -> Iterator[Text]:
        """Of a head or foot what was not said before and is more than the number of the page; it stands under no heading."""
        for block in blocks:
            if not isinstance(block, Text) or self._count >= _MOST:
                continue
            lines = [line for line in block.text.split("\n") if self._is_new(line)]
            self._lines.update(map(_folded, lines))
            if lines:
                self._count += 1
                text = block.text if block.kind == "table" else "\n".join(lines)
                yield replace(block, text=text, locator=replace(block.locator, heading=None))

    def _is_new(self, line: str) -> bool:
        words = _PAGES.sub("", line) if len(line) < 80 else line
        return bool(_WORD.search(words)) and _folded(line) not in self._lines and _folded(line).strip(" |-") not in self._lines


def _folded(line: str) -> str:
    return " ".join(line.split()).casefold()
