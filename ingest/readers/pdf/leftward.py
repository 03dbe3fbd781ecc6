"""Lines of a PDF page with words that are read from the right, in the order in which they are read, by where their characters stand."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from operator import itemgetter

from rag.pictures.layout import Box

RTL = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")
_BRACKETS = "()[]{}"
_CLOSING = ")]}"
_MIRRORED = str.maketrans("()[]{}", ")(][}{")
_SPACE = 0.1  # of a line's height, between two words
_WORDS = re.compile(r"[^\s\x01\x03-\x1f\x7f]+")


@dataclass(frozen=True)
class Word:
    """`first` and `last` are the numbers of its first and last character on the page."""

    text: str
    box: Box
    first: int
    last: int
    leftward: bool  # its letters are read from the right
    letters: bool  # it holds letters that are read from the left
    spaced: bool = True


def reads_leftward(text: str) -> bool:
    """Whether most letters of a text are read from the right."""
    right = len(RTL.findall(text))
    return right > 0 and right >= sum(map(str.isalpha, text)) / 2


def words(text: str, start: int, box: Callable[[int], Box], letters: Callable[[str], str]) -> Iterator[Word]:
    """The words of a line of PDFium's, whose first character has the number `start`, in the order in which they are read."""
    found: list[Word] = []
    for match in _WORDS.finditer(text):
        for part in _parts(match[0], start + match.start(), box):
            numbers, boxes = [n for n, _ in part], [each for _, each in part]
            chars = [text[n - start] for n in numbers]
            leftward = any(map(RTL.match, chars))
            if leftward and _is_visual(chars, boxes):
                chars.reverse()
            elif not leftward:
                chars = [char for _, char in sorted(zip(((b[0] + b[2]) / 2 for b in boxes), chars, strict=True), key=itemgetter(0))]
            written = letters("".join(chars))
            if written:
                around = min(b[0] for b in boxes), min(b[1] for b in boxes), max(b[2] for b in boxes), max(b[3] for b in boxes)
                latin = any(char.isalpha() for char in chars) and not leftward
                found.append(Word(folded(written), around, min(numbers), max(numbers), leftward, latin))
    ordered = list(_ordered(found, reads_leftward(text)))
    first = next((char for word in ordered if not word.letters for char in word.text if char in _BRACKETS), "")
    before: Word | None = None
    for word in ordered:
        if first in _CLOSING and first and not word.letters:  # as they are seen, not as they are meant
            word = replace(word, text=word.text.translate(_MIRRORED))
        gap = max(word.box[0] - before.box[2], before.box[0] - word.box[2]) if before else 0.0
        yield replace(word, spaced=gap > _SPACE * (word.box[3] - word.box[1]))
        before = word


def folded(text: str) -> str:
    """Arabic and Hebrew letters in the forms that they have beside others as the letters that they are."""
    return "".join(unicodedata.normalize("NFKC", char) if "\ufb1d" <= char <= "\ufefc" and RTL.match(char) else char for char in text)


def _parts(word: str, start: int, box: Callable[[int], Box]) -> Iterator[list[tuple[int, Box]]]:
    """The characters of a word with their boxes, parted where figures or Latin letters stand among letters read from the right."""
    placed = [(n, box(n)) for n in range(start, start + len(word))]
    if not RTL.search(word):
        yield placed
        return
    left = [char.isalnum() and not RTL.match(char) for char in word]
    kinds = [
        2 if RTL.match(char) or unicodedata.combining(char) else int(left[n] or (0 < n < len(word) - 1 and left[n - 1] and left[n + 1]))
        for n, char in enumerate(word)
    ]
    for _, group in groupby(zip(kinds, placed, strict=True), key=lambda each: each[0]):
        yield [each for _, each in group]


def _is_visual(chars: Sequence[str], boxes: Sequence[Box]) -> bool:
    """Whether the characters come as they are seen from the left."""
    middles = [(b[0] + b[2]) / 2 for char, b in zip(chars, boxes, strict=True) if RTL.match(char) and not unicodedata.combining(char)]
    return len(middles) > 1 and middles[0] < middles[-1]


def _ordered(found: list[Word], leftward: bool) -> Iterator[Word]:
    """The words of a line by where they stand; those of the other direction side by side keep theirs."""
    by_place = sorted(found, key=lambda word: (word.box[0] + word.box[2]) / 2, reverse=leftward)
    for other, group in groupby(by_place, key=lambda word: word.letters if leftward else word.leftward):
        side_by_side = list(group)
        yield from reversed(side_by_side) if other else side_by_side
