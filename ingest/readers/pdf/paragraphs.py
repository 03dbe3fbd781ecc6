"""The lines of PDF pages to paragraphs, tables and code; and paragraphs that a page's end breaks made whole."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import pairwise
from typing import Literal

from ingest.figures import label
from ingest.readers.labelled import whole_lines
from ingest.readers.pdf.aligned import with_aligned_tables
from ingest.readers.pdf.data import is_data
from ingest.readers.pdf.figures import axis_labels
from ingest.readers.pdf.levels import LEADERS, NAMED, Headings
from ingest.readers.pdf.page import Sheet
from ingest.readers.pdf.statistics import Statistics
from ingest.readers.pdf.tables import as_markdown
from rag.language.split import are_listed, are_priced
from rag.pictures.layout import Box, Line, columns, flow, in_rows, passages, runs_on
from rag.records import Locator

TURNED_CHARACTERS = 200  # with more text that is not upright, it is a table laid on its side, and not a label or a stamp
LEAST_ASIDE = 4  # letters
MOST_NOTE = 0.95  # times the size of the type that points to it
MOST_CONTINUED = 120  # characters of a line that says that a table goes on
_CENTRED = 3.0  # line heights
_NEAR = 20.0  # points
_CONTINUED = re.compile(r"\bcont(?:inued|['’]d|\.)|\bfortsetzung\b|\bsuite\b", re.I)

_BESIDE = 20.0  # points between lines that are not upright
_FROM_FIGURE = 45.0  # from a figure to its labels
_POINTED = re.compile(r"(?<=\S)\s?\[(\d{1,3})\]")
_NOTE = re.compile(r"(\d{1,3})[.)]?\s+(?=[^\W\d])")
_FACT = re.compile(r"[^\W\d_][\w .()/'’&#-]{0,30}:(?:\s+\S.*)?$")  # a label, and what it says where that stands close
_DOTS = re.compile(r"(?:\s?\.){4,}\s?")  # from an entry in a table of contents to its page
_MOST_BETWEEN_CODE = 2.5  # line heights of a blank line in code


@dataclass
class Paragraph:
    """`page` is the last that it stands on, the locator's the first; `merged` where its words are in the one that it goes on from."""

    text: str
    box: Box
    lines: list[Line]
    locator: Locator
    page: int
    kind: Literal["prose", "table", "code"] = "prose"
    merged: bool = field(default=False, compare=False)
    aside: bool = False  # its words are not upright: a label or a stamp, no heading, and nothing goes on from it

    @property
    def size(self) -> float:
        return self.lines[0].size

    @property
    def bold(self) -> bool:
        return all(line.bold for line in self.lines)

    @property
    def caption(self) -> str | None:
        """Its label, where it is a caption."""
        return label(self.text) if self.kind == "prose" else None


def paragraphs(sheet: Sheet, n: int, known: Statistics) -> list[Paragraph]:
    """What stands on page `n`, in reading order."""
    kept = known.without_furniture(sheet, n)
    if sheet.drawings and (labels := axis_labels(sheet, known.body_size)):
        kept = [run for run in kept if id(run) not in labels]
    drawn = [drawing.box for drawing in sheet.drawings if drawing.speaks or drawing.slanted]
    groups = [_facts_apart(with_aligned_tables(group, known.pages, drawn, sheet.rules)) for group in columns(kept)]
    wide = sum(len(run.text) for run in sheet.turned) > TURNED_CHARACTERS
    aside = [] if wide else list(_aside(sheet, known))
    found: list[Paragraph] = []
    upright = list(_apart(passages(groups) + ([sheet.turned] if wide else [])))
    for number, lines in enumerate([*upright, *aside]):
        box = min(x.left for x in lines), min(x.top for x in lines), max(x.right for x in lines), max(x.bottom for x in lines)
        if lines[0].table:
            text = as_markdown(lines[0].table, known.words, lines[0].headed)
            found.append(Paragraph(text, box, lines, Locator(page=n), n, "table"))
            continue
        joined = partial(flow, words=known.words)
        told = [line.text for line in lines]
        whole = told if are_listed(told) or are_priced(told) else whole_lines(told, joined)
        text = "\n".join(whole) or _DOTS.sub(f" {LEADERS} ", joined(told)).strip()
        found.append(Paragraph(text, box, lines, Locator(page=n), n, aside=number >= len(upright)))
    _marked(found)
    return found if known.typewritten else _code_made_whole(found)


def _facts_apart(lines: Sequence[Line]) -> list[Line]:
    """The lines, those of a form on which several facts stand side by side ("Order: 4711    Room: 12") each as so many lines."""
    found: list[Line] = []
    for line in lines:
        begins = [n for n, part in enumerate(line.parts) if _FACT.match(part.text)]
        told = [line.parts[start:end] for start, end in pairwise([*begins, len(line.parts)])]
        if begins[:1] == [0] and len(begins) > 1 and all(len(parts) > 1 or not parts[0].text.endswith(":") for parts in told):
            found += [each for parts in told for each in in_rows(parts)]
        else:
            found.append(line)
    return found


def _aside(sheet: Sheet, known: Statistics) -> Iterator[list[Line]]:
    """The few words of a page that are not upright, those in lines side by side together, without what a figure shows and what is stamped
    on page after page."""
    figures = [drawing.box for drawing in sheet.drawings] + [picture.box for picture in sheet.pictures]
    together: list[Line] = []
    for run in sheet.turned:
        x, y = (run.left + run.right) / 2, (run.top + run.bottom) / 2
        shown = any(left - _FROM_FIGURE < x < right + _FROM_FIGURE and top < y < bottom for left, top, right, bottom in figures)
        if shown or known.is_stamped(run) or sum(map(str.isalpha, run.text)) < LEAST_ASIDE:
            continue
        last = together[-1] if together else None
        if last and min(max(run.left - last.right, last.left - run.right), max(run.top - last.bottom, last.top - run.bottom)) > _BESIDE:
            yield together
            together = []
        together.append(run)
    if together:
        yield together


def _marked(found: Sequence[Paragraph]) -> None:
    """Puts the numbers of footnotes in small type into brackets, as the raised marks are that point to them."""
    pointed = {mark: each for each in found for mark in _POINTED.findall(each.text) if not each.aside}
    for each in found if pointed else ():
        note = _NOTE.match(each.text) if each.kind == "prose" else None
        at = pointed.get(note[1]) if note else None
        if note and at and at is not each and each.box[1] > at.box[1] and each.size < MOST_NOTE * at.size:
            each.text = f"[{note[1]}] {each.text[note.end() :]}"


def _apart(passages: Iterable[list[Line]]) -> Iterator[list[Line]]:
    """The passages, those of bold lines parted where one calls itself an item or a part, and where another one is centred below it."""
    for lines in passages:
        start = 0
        for n, (above, below) in enumerate(pairwise(lines), 1):
            named = below.bold and NAMED.match(below.text)
            centred = above.bold and NAMED.match(above.text) and below.left - above.left > _CENTRED * below.height
            if not below.table and (named or centred):
                yield lines[start:n]
                start = n
        yield lines[start:]


def _code_made_whole(found: Iterable[Paragraph]) -> list[Paragraph]:
    """Neighbouring paragraphs in a typewriter's type as one piece of code, line by line; a line alone stays prose."""
    result: list[Paragraph] = []
    for each in found:
        mono = each.kind == "prose" and all(line.mono for line in each.lines)
        above = result[-1] if result else None
        if mono and above and all(line.mono for line in above.lines) and above.kind != "table":
            gap = each.lines[0].top - above.lines[-1].bottom
            if -each.lines[0].height < gap < _MOST_BETWEEN_CODE * each.lines[0].height:
                above.lines = above.lines + each.lines
                above.box = (*map(min, above.box[:2], each.box[:2]), *map(max, above.box[2:], each.box[2:]))  # type: ignore[assignment]
                continue
        result.append(each)
    for each in result:
        if len(each.lines) > 1 and each.kind == "prose" and all(line.mono for line in each.lines):
            each.kind, each.text = "code", _indented(each.lines)
    return result


def _indented(lines: Sequence[Line]) -> str:
    """The lines with the white space that they show before and between their words."""
    runs = [run for line in lines for run in line.runs]
    left = min(run.left for run in runs)
    width = sum(run.right - run.left for run in runs) / sum(len(run.text) for run in runs) or 1
    written = []
    for line in lines:
        text = ""
        for run in line.runs:
            text = f"{text} " if text else ""
            text = text.ljust(round((run.left - left) / width)) + run.text
        written.append(text)
    return "\n".join(written)


def mend(pages: Iterable[Sequence[Paragraph]], headings: Headings, known: Statistics) -> None:
    """Carries the heads of tables on, and joins a paragraph that is broken by the end of its page, or by a figure, a table or a footnote,
    to what it goes on with.

    What goes on is the next paragraph of body type on the same or the next page, after a line without an end. It begins with a small
    letter, or the line before it is full, ends in a letter or comma, and both have several lines.
    """
    begun: Paragraph | None = None
    table: Paragraph | None = None
    passed = False
    for page in pages:
        for each in page:
            if each.merged or each.aside:
                continue
            if each.kind == "table":
                _carry_head(table, each, known)
                table = each
            elif not _CONTINUED.search(each.text[:MOST_CONTINUED]):
                table = None
            if each.kind != "prose" or each.caption or each.size < 0.95 * known.body_size:
                passed = True
                continue
            if headings.level(each):
                begun, passed = None, False
                continue
            last = begun.lines[-1] if begun else None
            if begun and last and each.page - begun.page <= 1 and (passed or each.page > begun.page) and _goes_on(begun, each):
                begun.text = flow([begun.text, each.text], known.words)
                begun.lines = [*begun.lines, *each.lines]
                begun.page = each.page
                each.merged = True
            else:
                begun = each
            passed = False


def _carry_head(table: Paragraph | None, each: Paragraph, known: Statistics) -> None:
    """Puts the head of a `table` over what it goes on with: one as wide right after it that has no head, on its page or the next."""
    if table is None or each.page - table.page > 1:
        return
    above, below = table.lines[0], each.lines[0]
    alike = len(above.table[0]) == len(below.table[0]) and abs(above.left - below.left) < _NEAR
    if not alike or not above.headed or (below.headed and not (each.page > table.page and is_data(below.table))):
        return
    head = next((row for row in above.table if sum(map(bool, row)) > 1), above.table[0])
    rows = below.table if below.headed else below.table[1:]
    each.lines = [replace(below, table=(head, *rows), headed=True)]
    each.text = as_markdown(each.lines[0].table, known.words)


def _goes_on(begun: Paragraph, each: Paragraph) -> bool:
    last, first = begun.lines[-1], each.lines[0]
    if runs_on(last, first):
        return True
    if abs(last.size - first.size) >= 0.5 or last.bold != first.bold or min(len(begun.lines), len(each.lines)) < 2:
        return False
    full = last.right > max(line.right for line in begun.lines[-3:]) - 1.5 * last.size
    level = first.left - min(line.left for line in each.lines) < 0.8 * (first.size or first.height)
    return full and level and (last.text[-1].isalpha() or last.text[-1] in ",-") and first.text[:1].isalpha()
