"""What the pages of a PDF have told so far of the whole: its body type, its words, and what repeats from page to page."""

from __future__ import annotations

import re
from collections import Counter

from ingest.readers.numerals import roman_value
from ingest.readers.pdf.figures import EDGE, places_and_identities
from ingest.readers.pdf.page import Sheet
from ingest.readers.pdf.values import cells
from rag.pictures.layout import Line, in_rows, vocabulary

LARGE = 1.3  # times the body's size: what is larger is a heading and no running head
OFTEN = 3  # pages
MOST_HEAD = 120  # characters of a running head with a page number

_HEAD_REACH = 80.0  # points below the last line that repeats
_HEAD_GAP = 2.5  # line heights, between the head of a table and its first row
_NUMBERS = re.compile(r"\d+|\b[ivxlc]+\b")
_ROMAN = frozenset("ivxlc")

Edge = tuple[bool, str]  # at the top, and the words with numbers left out


class Statistics:
    """Grows with every page that is `added`, in their order. `pages` is how many the document has, `too_large` whether a picture in
    it has too many pixels to be shown, `pinned` the pages that files are pinned to."""

    def __init__(self, pages: int):
        self.pages = pages
        self.words: set[str] = set()
        self.too_large = False
        self.pinned: list[int] = []
        self._sizes = Counter[float]()
        self._mono = 0
        self._seen = 0
        self._repeated = Counter[object]()
        self._lines = Counter[Edge]()
        self._chains: dict[Edge, tuple[int, float, int]] = {}  # page and place where it stood last, and how often in a row
        self._furniture: set[Edge] = set()
        self._offsets = Counter[tuple[bool, int]]()
        self._turned = Counter[str]()
        self._edges: dict[int, dict[int, Edge]] = {}  # of pages that are still to be read

    def add(self, sheet: Sheet, n: int) -> None:
        """Takes in page `n`."""
        self._seen += 1
        if sheet.pinned:
            self.pinned.append(n)
        self.too_large |= any(picture.too_large for picture in sheet.pictures)
        self.words |= vocabulary(run.text for run in sheet.upright)
        self._repeated.update(places_and_identities(sheet))
        self._turned.update({run.text for run in sheet.turned})
        edges: dict[Edge, float] = {}
        offsets: set[tuple[bool, int]] = set()
        at_edges = self._edges[n] = _edges(sheet)
        for run in sheet.upright:
            self._sizes[run.size] += len(run.text)
            self._mono += len(run.text) * run.mono
            if key := at_edges.get(id(run)):
                if key[1]:
                    edges[key] = run.top
                offsets.update((key[0], number - n) for number in _page_numbers(run.text))
        self._offsets.update(offsets)
        self._lines.update(edges.keys())
        for key, top in edges.items():
            page, place, times = self._chains.get(key, (-9, 0.0, 0))
            times = times + 1 if n - page <= 2 and abs(top - place) < 6 else 1
            self._chains[key] = n, top, times
            if times >= OFTEN:
                self._furniture.add(key)

    @property
    def body_size(self) -> float:
        return self._sizes.most_common(1)[0][0] if self._sizes else 0.0

    @property
    def typewritten(self) -> bool:
        """Whether most of the document is in type of one width, which so is no sign of code."""
        return self._mono > 0.5 * self._sizes.total()

    @property
    def logos(self) -> set[object]:
        """The places and identities of pictures on over half of the pages, or on ten and a fifth of them."""
        seen = self._seen
        often = {what for what, count in self._repeated.items() if count >= OFTEN and (count > seen / 2 or count > max(9, seen / 5))}
        if seen == 2:
            often |= {what for what, count in self._repeated.items() if count == 2}
        return often

    def is_stamped(self, run: Line) -> bool:
        """Whether words that are not upright stand on page after page, as stamps and marks of water do."""
        return self._turned[run.text] >= OFTEN

    def without_furniture(self, sheet: Sheet, n: int) -> list[Line]:
        """The upright runs of page `n` without running heads, feet and page numbers.

        These are lines at the edge of the page that stood at the same place on three pages in a row (every other page counts as one)
        or are on over half of all; lines that begin or end with the page's number, counted as on a third of the pages; and what stands
        beside these. Large type is none, and a page of nothing else is taken as it is.
        """
        edges = self._edges.pop(n, None) or _edges(sheet)
        large = LARGE * self.body_size
        rows: list[Line] = []
        for run in sheet.upright:
            if run.size >= large or not (key := edges.get(id(run))):
                continue
            count = self._lines[key]
            repeated = key in self._furniture or (count >= 2 and count > self._seen / 2)
            if repeated and "#" not in key[1]:
                rows.append(run)
            elif repeated or any(
                self._offsets[key[0], number - n] > max(OFTEN - 1, 0.3 * self._seen) for number in _page_numbers(run.text)
            ):
                beyond = (other for other in sheet.upright if (other.bottom < run.top if key[0] else other.top > run.bottom))
                if all(edges.get(id(other)) in self._furniture for other in beyond):
                    rows.append(run)
                    rows += [other for other in sheet.upright if _level(run, other) and other.size < large]
        gone = set(map(id, rows))
        top = [run for run in rows if run.top < EDGE * sheet.height]
        if len(top) > 1:
            reach = max(run.bottom for run in top) + _HEAD_REACH
            gone -= _heads_of_tables(top, [run for run in sheet.upright if id(run) not in gone and run.top < reach])
        return [run for run in sheet.upright if id(run) not in gone] or sheet.upright


def _heads_of_tables(repeated: list[Line], others: list[Line]) -> set[int]:
    """The ids of the repeated runs that are the head of a table: each stands over a column of short words right below, twice at least."""
    below = in_rows(run for run in others if not run.table)[:2]
    kept: set[int] = set()
    if len(below) < 2 or any(len(row.text) > MOST_HEAD for row in below):
        return kept
    columns = [[(cell.left, cell.right) for cell in cells(row)] for row in below]
    if any(len(each) < 2 for each in columns):
        return kept
    edge = below[0].top
    for row in reversed(in_rows(repeated)):
        found = cells(row)
        gap = edge - row.bottom
        if gap < -row.height or gap > (_HEAD_GAP if not kept else 1.0) * row.height:
            break
        over = len(found) > 1 and all(
            all(any(_over(cell.left, cell.right, *other) for other in each) for cell in found) for each in columns
        )
        if not over and not kept:
            continue
        if not over and not columns[0][0][0] - 5 < row.left < row.right < columns[0][-1][1] + 45:
            break
        kept.update(id(run) for run in row.runs)
        edge = row.top
    return kept


def _over(left: float, right: float, other_left: float, other_right: float) -> bool:
    """Whether words stand over others: at their left, their right or their middle."""
    return abs(left - other_left) < 5 or abs(right - other_right) < 5 or abs(left + right - other_left - other_right) < 10


def _level(a: Line, b: Line) -> bool:
    return not b.table and min(a.bottom, b.bottom) - max(a.top, b.top) > 0.5 * min(a.height, b.height)


def _edges(sheet: Sheet) -> dict[int, Edge]:
    """Of the runs at the edges of the page, by id: which edge, and their words with numbers left out; and of its first and its last line
    with a number, wherever it ends, which end."""
    runs = [run for run in sheet.upright if not run.table]
    if not runs:
        return {}
    first, last = min(runs, key=lambda run: run.top + run.bottom), max(runs, key=lambda run: run.top + run.bottom)
    found: dict[int, Edge] = {}
    for end, at_top in ((last, False), (first, True)):
        level = [run for run in runs if run.top < end.bottom and run.bottom > end.top and _level(end, run)]
        if any(_page_numbers(run.text) for run in level):
            found.update((id(run), (at_top, "")) for run in level)
    upper, lower = EDGE * sheet.height, (1 - EDGE) * sheet.height
    for run in runs:
        if (at_top := run.bottom < upper) or run.top >= lower:
            found[id(run)] = at_top, _NUMBERS.sub("#", run.text.casefold())
    return found


def _page_numbers(text: str) -> list[int]:
    """The numbers that a line begins or ends with, as far as they may be its page's."""
    if len(text) > MOST_HEAD:
        return []
    found = []
    for word in {text.split()[0], text.split()[-1]}:
        bare = word.strip("-–—.|[]()·").lower()
        if bare.isdecimal() and len(bare) <= 5:
            found.append(int(bare))
        elif bare and _ROMAN.issuperset(bare):
            found.append(roman_value(bare))
    return found
