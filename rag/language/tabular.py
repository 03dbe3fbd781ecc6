"""A Markdown table as the search reads it: its heads once and its rows in words, without bars and rulers.

The figures of a table tell an encoder next to nothing, and take most of what it can read at once. So it reads the heads and the rows
without them, and a table of many rows is one passage; the words are searched with all figures.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from itertools import takewhile

_BAR = re.compile(r"(?<!\\)\|")
_RULER = re.compile(r"\|[\s|:-]*-[\s|:-]*\|?")
_FIGURE = re.compile(r"[^\w]*\d[\d\W]*|[\W_]*")


def cells(line: str) -> list[str]:
    """The cells of a row of a Markdown table."""
    return [cell.strip().replace("\\|", "|") for cell in _BAR.split(line.strip().removeprefix("|").removesuffix("|"))]


def label(row: Sequence[str]) -> str:
    """What the cells of a row with figures call it; nothing where there are none."""
    first, *rest = row
    return first if any(any(map(str.isdecimal, cell)) for cell in rest) else ""


def is_ruler(line: str) -> bool:
    """Whether a line parts the head of a Markdown table from its rows."""
    return _RULER.fullmatch(line.strip()) is not None


def told(text: str) -> str:
    """`text` with its Markdown tables in words: the heads once, what heads beside each other begin with in common too, then the rows."""
    return _rewritten(text, _row)


def gist(text: str) -> str:
    """The same without the cells that are figures alone; what a row begins with stays."""
    return _rewritten(text, gist_of_row)


def head_in_words(line: str) -> str:
    """The head of a table in words."""
    kept: list[str] = []
    before: list[str] = []
    for cell in cells(line):
        words = cell.split()
        common = len(list(takewhile(lambda pair: pair[0] == pair[1], zip(before, words, strict=False))))
        if words and words != before:
            while 0 < common < len(words) and words[common][0].isdigit():  # a day is nothing without its month
                common -= 1
            kept.append(" ".join(words[common if common < len(words) else 0 :]))
            before = words
    return "; ".join(kept)


def gist_of_row(line: str) -> str:
    """A row of a table in words, without the cells that are figures alone; its first stays."""
    first, *rest = [cell for cell in cells(line) if cell] or [""]
    return "; ".join([first, *(cell for cell in rest if not _FIGURE.fullmatch(cell))])


def _row(line: str) -> str:
    return "; ".join(cell for cell in cells(line) if cell)


def _rewritten(text: str, row: Callable[[str], str]) -> str:
    return "\n".join(_lines(text.split("\n"), row)) if "|" in text else text


def _lines(lines: Sequence[str], row: Callable[[str], str]) -> Iterator[str]:
    tabled = False
    for at, line in enumerate(lines):
        if not line.lstrip().startswith("|"):
            tabled = False
            yield line
        elif is_ruler(line) and tabled:
            continue
        elif at + 1 < len(lines) and is_ruler(lines[at + 1]):
            tabled = True
            if head := head_in_words(line):
                yield head
        elif not tabled:
            yield line
        elif words := row(line):
            yield words
