"""Which paragraphs of a PDF are headings, and of which level."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING

from ingest.figures import label
from ingest.readers.numerals import roman_value

if TYPE_CHECKING:
    from ingest.readers.pdf.paragraphs import Paragraph

HEADING_RATIO = 1.15
LEAST_HEADING = 0.5  # times the body's size: what is smaller is the lettering of a figure
LEAST_LETTERS = 4  # of a heading in capitals
MOST_BOLD = 0.5  # of the paragraphs of a document: with more, bold type is no sign of a heading
MOST_NAMED = 12  # words of what calls itself an item, in plain type
LEADERS = "…"
_NUMBERED = re.compile(r"((?:\d{1,2}\.)*\d{1,2})\.?\s+\S*[^\W\d_]")
_IN_CAPITALS = re.compile(r"((?:\d{1,2}|[A-Z])(?:\.\d{1,2})+|[IVX]{1,5}(?=\.))\.?\s+\S")
NAMED = re.compile(
    r"(?:(part|chapter|book)|(item|section|article)|(?:note|appendix|annex|exhibit|schedule))\s+(?:[IVXLC]+|\d{1,3}[A-Z]?|[A-Z])"
    r"(?:\s*[.:—–-]|\s+(?=[A-Z])|$)",
    re.I,
)

Number = tuple[str, int]  # of a section: its parts but the last, and the last


class Headings:
    """Which paragraphs are headings, and of which level: by the type sizes above the body's, the largest first; then what calls itself a
    part, an item, a note; then bold lines, those in capitals first, if these are few in the document; and lines of capitals whose number
    has a neighbour. `seen` is shown every page before."""

    def __init__(self) -> None:
        self._sizes: set[float] = set()
        self._numbers: set[Number] = set()
        self._least = 0.0
        self._ranks: dict[float, int] = {}
        self._bold = 1
        self._all = self._bolds = 0

    def see(self, found: Iterable[Paragraph], body_size: float) -> None:
        found = [each for each in found if each.kind == "prose" and not each.aside]
        self._all += len(found)
        self._bolds += sum(each.bold and each.size < HEADING_RATIO * body_size for each in found)
        self._sizes |= {each.size for each in found if each.size >= HEADING_RATIO * body_size and _short(each)}
        self._numbers |= {number for each in found if (number := _in_capitals(each))}
        self._least = LEAST_HEADING * body_size
        self._ranks = {}
        level, last = 0, 0.0
        for size in sorted(self._sizes, reverse=True):
            if not level or last - size > 0.6:
                level += 1
            self._ranks[size], last = min(level, 5), size
        self._bold = min(level, 5) + 1

    def level(self, paragraph: Paragraph) -> int | None:
        """The level of a heading, from 1; None for what is none."""
        if paragraph.aside or not _short(paragraph):
            return None
        if paragraph.size in self._ranks:
            return self._ranks[paragraph.size]
        if paragraph.size < self._least:
            return None
        if own := _in_capitals(paragraph):
            chapter, section = own
            if (chapter, section - 1) in self._numbers or (chapter, section + 1) in self._numbers:
                return self._bold + chapter.count(".")
        number = _NUMBERED.match(paragraph.text) if paragraph.bold and len(paragraph.lines) <= 2 else None
        if number:
            return self._bold + number[1].count(".")
        words = paragraph.text.split()
        named = NAMED.match(paragraph.text)
        if named and not words[-1].isdigit() and (paragraph.bold or len(words) <= MOST_NAMED):
            return self._bold + (0 if named[1] else 1 if named[2] else 2)
        if not paragraph.bold or self._bolds > MOST_BOLD * self._all or paragraph.text.endswith(":"):
            return None
        if (paragraph.text.endswith(".") and len(words) > MOST_NAMED) or not words[0][:1].isalnum():
            return None
        if any(len(line.parts) > 1 for line in paragraph.lines):
            return None  # words in columns
        return self._bold + (2 if paragraph.text.isupper() and len(words) > 1 else 3)


def _in_capitals(paragraph: Paragraph) -> Number | None:
    """The number of a line of capitals, in which papers head their sections."""
    text = paragraph.text
    if paragraph.bold or len(paragraph.lines) > 2 or not text.isupper() or not (found := _IN_CAPITALS.match(text)):
        return None
    if sum(map(str.isalpha, text[found.end() - 1 :])) < LEAST_LETTERS:
        return None
    chapter, _, section = found[1].rpartition(".")
    return chapter, int(section) if chapter else roman_value(section)


def _short(paragraph: Paragraph) -> bool:
    """Whether a paragraph may be a heading by its length, and is no entry of a table of contents, no caption, no part of a sentence."""
    text = paragraph.text
    if paragraph.kind != "prose" or len(paragraph.lines) > 3 + paragraph.bold or len(text) > 150 or sum(map(str.isalpha, text)) < 3:
        return False
    return not (text.endswith((",", ";")) or LEADERS in text or label(text))
