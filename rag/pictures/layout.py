"""Lines on a page to reading order: columns, rows, paragraphs. Boxes have their origin at the top left, in any unit."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from statistics import median

_BULLET = re.compile(r"(?:[•▪◦‣●■□–—*·-]|\(?\d{1,3}[.)]|\(?[a-z][.)])\s")
_ENDS = (".", "!", "?", ":", ";", "”", "»", '."', ".)")
_HYPHENS = ("-", "\u00ad", "\u2010")
_RIGHT_TO_LEFT = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")
_ADDRESS = re.compile(r"://|www\.|@|\w/\w|_")
_ADDRESS_GOES_ON = re.compile(r"(?:https?://|www\.)\S*[/?=&_%#]$")
_LONGEST_TOKEN = 300  # characters of what may be an address at the end of a line
_SUSPENDED = frozenset("and or to und oder bis et ou".split())  # after a hyphen that stands for what follows: "pre- and postwar"
_CJK = re.compile("[\u2e80-\u2fff\u3000-\u30ff\u3400-\u9fff\uf900-\ufaff\uff00-\uff9f\U00020000-\U0003ffff]")
_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")

Box = tuple[float, float, float, float]  # left, top, right, bottom
Gap = tuple[int, float, float]  # a wide space inside a run: where in its text what follows begins, its left and its right edge
Rows = tuple[tuple[tuple[str, ...], ...], ...]  # a table: rows of cells of lines


@dataclass(frozen=True, slots=True)
class Line:
    """A run of text and its box. `size` is the font's (0 where unknown), `mono` of a typewriter's kind; `parts` are the runs that
    were joined in it. A table stands among the lines as one without text, with its `table`, whose first row is its head if `headed`."""

    text: str
    left: float
    top: float
    right: float
    bottom: float
    size: float = 0.0
    bold: bool = False
    mono: bool = False
    gaps: tuple[Gap, ...] = ()
    parts: tuple[Line, ...] = ()
    table: Rows = ()
    headed: bool = True

    @property
    def height(self) -> float:
        return self.bottom - self.top

    @property
    def box(self) -> Box:
        return self.left, self.top, self.right, self.bottom

    @property
    def runs(self) -> tuple[Line, ...]:
        return self.parts or (self,)


def columns(runs: Sequence[Line]) -> list[list[Line]]:
    """The runs of one page as lines, in groups that are read one after the other.

    A gutter is a white strip that few runs cross, with running text (not the cells of a table) on both sides. Runs that cross it (a
    title, a wide figure's caption) part the page into bands; within a band the left side is read before the right.
    """
    gutter = _gutter(runs)
    if gutter is None:
        return [in_rows(runs)] if runs else []
    groups: list[list[Line]] = []
    crossing, rest = _crossing(runs, gutter)
    for wide in [*crossing, None]:
        band = [run for run in rest if wide is None or (run.top + run.bottom) / 2 < (wide.top + wide.bottom) / 2]
        taken = set(map(id, band))
        rest = [run for run in rest if id(run) not in taken]
        sides = [run for run in band if run.right <= gutter], [run for run in band if run.left >= gutter]
        for side in reversed(sides) if _leftward(runs) else sides:
            groups.extend(columns(side))
        if wide:
            groups.append([wide])
    return _joined(groups, set(crossing))


def _crossing(runs: Sequence[Line], gutter: float) -> tuple[list[Line], list[Line]]:
    """The runs that cross the gutter, from the top down, with the shorter lines that end their paragraphs; and all others."""
    crossing = sorted((run for run in runs if run.left < gutter < run.right), key=lambda run: run.top)
    rest = [run for run in runs if not run.left < gutter < run.right]
    for wide in crossing:  # grows while it is walked: what continues a wide line is one
        for run in rest:
            same_type = abs(run.size - wide.size) < 0.5 and abs(run.left - wide.left) < wide.height
            if not same_type or not 0 < run.bottom - wide.bottom < 1.7 * wide.height:
                continue
            if not any(other is not run and run.top < (other.top + other.bottom) / 2 < run.bottom for other in rest):
                crossing.append(run)
                rest = [other for other in rest if other is not run]
                break
    return sorted(crossing, key=lambda run: run.top), rest


def _joined(groups: list[list[Line]], crossing: set[Line]) -> list[list[Line]]:
    """Neighbouring wide lines as one group, and what stands beside them in the same row."""
    result: list[list[Line]] = []
    for group in groups:
        if result and group[0] in crossing and result[-1][-1] in crossing:
            result[-1] = in_rows([*result[-1], *group])
            crossing.update(result[-1])
        else:
            result.append(group)
    return result


def _gutter(runs: Sequence[Line]) -> float | None:
    if len(runs) < 6:
        return None
    left, right = min(run.left for run in runs), max(run.right for run in runs)
    edges = sorted({edge for run in runs for edge in (run.left, run.right)})
    lefts, rights = sorted(run.left for run in runs), sorted(run.right for run in runs)
    least = 0.3 * median(run.height for run in runs)
    best: tuple[int, float, float] | None = None
    for start, end in pairwise(edges):
        middle = (start + end) / 2
        if not 0.15 < (middle - left) / (right - left) < 0.85 or end - start < least:
            continue
        crossed = bisect_left(lefts, middle) - bisect_right(rights, middle)
        rank = (crossed, start - end, middle)
        if crossed > len(runs) * 0.2 or (best and rank >= best):
            continue
        before, after = [run for run in runs if run.right <= middle], [run for run in runs if run.left >= middle]
        if _running(before) and _running(after) and _overlap(before, after):
            best = rank
    return best[2] if best else None


def _running(runs: Sequence[Line]) -> bool:
    """Whether most of these words stand in lines of running text: at least three, of some words, over half as wide as their column."""
    if len(runs) < 3:
        return False
    width = max(run.right for run in runs) - min(run.left for run in runs)
    wide = [len(run.text) for run in runs if run.right - run.left > width / 2 and len(run.text) >= 15]
    return len(wide) >= 3 and sum(wide) > 0.6 * sum(len(run.text) for run in runs)


def _overlap(before: Sequence[Line], after: Sequence[Line]) -> bool:
    top = max(min(run.top for run in side) for side in (before, after))
    bottom = min(max(run.bottom for run in side) for side in (before, after))
    shorter = min(max(run.bottom for run in side) - min(run.top for run in side) for side in (before, after))
    return bottom - top > shorter / 2


def in_rows(runs: Iterable[Line]) -> list[Line]:
    """Runs on one base line joined from left to right, from the top down."""
    rows: list[list[Line]] = []
    for run in sorted(runs, key=lambda run: (run.top + run.bottom, run.left)):
        row = rows[-1] if rows and not (run.table or rows[-1][0].table) else None
        if row and _level(row[-1], run):
            row.append(run)
        else:
            rows.append([run])
    return [row[0] if len(row) == 1 else _row(sorted(row, key=lambda run: run.left, reverse=_leftward(row))) for row in rows]


def _level(a: Line, b: Line) -> bool:
    """Whether two runs stand on one line: they share more than half of the lower one's height."""
    top, bottom = a.top if a.top > b.top else b.top, a.bottom if a.bottom < b.bottom else b.bottom  # min and max take twice as long
    own, other = a.bottom - a.top, b.bottom - b.top
    return bottom - top > (own if own < other else other) / 2


def _leftward(runs: Iterable[Line]) -> bool:
    """Whether the words are read from the right: most letters are of writing that is."""
    text = "".join([run.text for run in runs])
    return not text.isascii() and 2 * len(_RIGHT_TO_LEFT.findall(text)) > sum(map(str.isalpha, text))


def _row(row: list[Line]) -> Line:
    first = max(row, key=lambda run: len(run.text))
    return replace(
        first,
        text=" ".join(run.text for run in row),
        left=min(run.left for run in row),
        right=max(run.right for run in row),
        top=min(run.top for run in row),
        bottom=max(run.bottom for run in row),
        bold=all(run.bold for run in row),
        mono=all(run.mono for run in row),
        gaps=(),
        parts=tuple(part for run in row for part in run.runs),
    )


def passages(groups: Iterable[Sequence[Line]]) -> list[list[Line]]:
    """The paragraphs of a page's `columns`; one that runs on in the next column is one."""
    result: list[list[Line]] = []
    for column in filter(None, groups):
        first, *others = paragraphs(column)
        if result and runs_on(result[-1][-1], first[0]):
            result[-1] = result[-1] + first
        else:
            result.append(first)
        result.extend(others)
    return result


def runs_on(line: Line, below: Line) -> bool:
    """Whether a paragraph that ends in `line` goes on with `below`, which does not stand right under it."""
    same_type = abs(line.size - below.size) < 0.5 and line.bold == below.bold
    return same_type and not line.text.endswith(_ENDS) and len(line.text) >= 15 and below.text[:1].islower()


def paragraphs(lines: Sequence[Line]) -> list[list[Line]]:
    """The lines of one column (at least one) in paragraphs: at wider gaps, other font sizes, bullets, indents, short last lines, and
    between the rows of a table."""
    left, right = min(line.left for line in lines), max(line.right for line in lines)
    steps = [(below.bottom - line.bottom) / max(line.height, 1) for line, below in pairwise(lines)]  # in line heights
    close = [step for step in steps if 0 < step < 2.5]
    usual = median(close) if close else 0
    result = [[lines[0]]]
    for line, below, step in zip(lines, lines[1:], steps, strict=False):
        em = below.size or below.height
        ended = line.text.endswith(_ENDS)
        parted = (
            line.table
            or below.table
            or step > 1.3 * usual + 0.1
            or (line.size and abs(below.size - line.size) > 0.12 * line.size)
            or (line.bold and not below.bold and line.right < right - 2 * em)
            or _BULLET.match(below.text)
            or (len(line.parts) > 1 and len(below.parts) > 1)
            or (ended and below.left - line.left > 0.8 * em and line.left - left < 0.5 * em)
            or (ended and line.right < right - (right - left) / 5)
        )
        if parted:
            result.append([below])
        else:
            result[-1].append(below)
    return result


def flow(lines: Iterable[str], words: Collection[str] = frozenset()) -> str:
    """Lines as one running text, with words that were hyphenated at line ends made whole.

    The hyphen stays where `words` (of the whole document) has the word with it, in codes, ranges, names and addresses. An address goes on
    after its slash, and there is no space between the signs of Chinese and Japanese.
    """
    text = ""
    for line in map(str.strip, lines):
        if not text or not line:
            text = text or line
        elif text.endswith(_HYPHENS) and len(text) > 1 and text[-2].isalnum() and (kept := _after_hyphen(text, line, words)) is not None:
            text = f"{text[:-1]}{kept}{line}"
        elif (_ADDRESS_GOES_ON.search(text[-_LONGEST_TOKEN:]) and not line[0].isspace()) or (_CJK.match(text[-1]) and _CJK.match(line[0])):
            text += line
        else:
            text = f"{text} {line}"
    return text.replace("\u00ad", "")


def _after_hyphen(text: str, line: str, words: Collection[str]) -> str | None:
    """What stands between a line that ends in a hyphen and the next: nothing, a hyphen, or None where a space parts them too."""
    token = text[-_LONGEST_TOKEN:].split()[-1]
    if _ADDRESS.search(token):
        return "-"
    first = line[0]
    if not (text[-2].isalpha() and first.islower()):
        code = any(map(str.isdigit, token)) or token[:-1].isupper()
        return "-" if first.isalnum() and (code or (first.isupper() and token[0].isupper())) and not text.endswith("\u00ad") else None
    before, after = _WORD.findall(token[:-1]), _WORD.match(line)
    if not before or not after or text.endswith("\u00ad"):
        return ""
    if after[0].lower() in _SUSPENDED:
        return None
    whole, compound = f"{before[-1]}{after[0]}".lower(), f"{before[-1]}-{after[0]}".lower()
    if compound in words or (token[:-1].isupper() and len(token) > 2) or any(map(str.isdigit, token)):
        return "-"
    return "-" if "-" in after[0] and whole not in words and before[-1].lower() in words else ""


def vocabulary(lines: Iterable[str]) -> set[str]:
    """The words in `lines` in lower case, hyphenated compounds as one; what is cut at a line's end is left out."""
    found: set[str] = set()
    for line in lines:
        words = _WORD.findall(line)
        if line.rstrip().endswith(_HYPHENS):
            words = words[:-1]
        found.update(words)
    return set(map(str.lower, found))
