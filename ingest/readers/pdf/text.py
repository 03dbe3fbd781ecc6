"""The characters of a PDF page as runs: words side by side on one line, with their box, size and weight."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from itertools import chain

from ingest.readers.pdf.characters import Characters
from ingest.readers.pdf.leftward import RTL, words
from ingest.readers.pdf.scripts import LEVEL, RAISED, SMALL, lowered, place, raised, written
from ingest.readers.pdf.unseen import LEAST_SIZE, Unseen
from ingest.readers.pdf.words import WIDE_SPACE, one_by_one, spans
from rag.pictures.layout import Box, Gap, Line

MOST_MIXED = 60  # characters of a word whose raised ones are looked for
MOST_BEFORE = 12  # words and spaces before raised ones that are looked at

_WORDS = re.compile(r"[^\s\x01\x03-\x1f\x7f]+")  # \x02 is a hyphen at a line's end, \x00 a character without meaning
_SURROGATES = re.compile("[\ud800-\udfff]")
_LIGATURES = {0xFB00: "ff", 0xFB01: "fi", 0xFB02: "fl", 0xFB03: "ffi", 0xFB04: "ffl", 0xFB05: "st", 0xFB06: "st"}
_LETTERS = str.maketrans({**_LIGATURES, 0x00: "", 0x02: "-", 0xAD: "", 0xFFFE: "", 0xFFFF: ""})
_CLOSING = re.compile(r"[.,;:!?)\]]+")
_LINE = re.compile(r"[^\n\r]+")
_WORD = re.compile(r"[^\s\x01\x03-\x1f\x7f]")
_SPACES = " \t\u00a0\u3000"
_SPACE = re.compile("( )")
_LAST_FIGURE = re.compile(r"\d(?=\D*$)")


def runs(characters: Characters, rotation: int, unseen: Unseen) -> Iterator[tuple[Line, bool]]:
    """Runs of words side by side on one line, each with whether it is upright as shown.

    A run ends at a line's end and at a space wider than the line is high. PDFium is asked for the boxes of a word's first and last
    character only, and for all of them where these two do not stand on one line.
    """
    run = _Run(characters, rotation, unseen)
    text, box = characters.text, characters.box
    passed = 0  # up to where lines that are read from the right are done
    broken = False  # whether a line of PDFium's ended, as it also does beside raised characters
    leftward = _leftward(text)
    places = [match.span() for match in _WORDS.finditer(text)]
    ends = [n for first, following in places for n in (first, following - 1)]
    suspects = unseen.suspects(ends[::2])
    hidden, add, is_far_from = unseen.hidden, run.add, run.is_far_from
    done = 0
    todo = spans(characters, ends, suspects, unseen, not leftward)
    while (span := next(todo, None)) is not None:
        number, start, end, around, level, uneven, more, around_last = span
        first, following = places[number]
        between, done = text[done:first], following
        if between != " " and ("\n" in between or "\r" in between):
            broken = True
        if leftward and (line := leftward.get(first)) is not None:
            if run.words:
                yield from run.ended()
            seen = words(text[first:line], first, box, _letters)
            for other in seen:
                if hidden(other.first, other.box):
                    continue
                if run.words and run.is_beyond(other.box):
                    yield from run.ended()
                add(other.text, other.first, other.last, other.box, other.spaced)
            if run.words:
                yield from run.ended()
            passed = line
        if leftward and first < passed:
            continue
        letters, last = text[first:following], following - 1
        if not letters.isascii() or not letters.isprintable():
            letters = _letters(letters)
            if not letters:
                continue
        height = start[3] - start[1]
        if (suspects[number] or height < LEAST_SIZE) and hidden(first, start):
            continue
        if height < run.small and run.words and run.upright and (kind := run.place(start, end)):
            spaced = text[first - 1] in _SPACES
            add(raised(letters, run.text(spaced)) if kind == RAISED else lowered(letters), first, last, around, spaced, kind)
            broken = False
            if more:
                todo = chain(one_by_one(characters, ends, range(number + 1, number + 1 + more)), todo)
            continue
        if broken:
            if run.words and not run.goes_on(start):
                yield from run.ended()
            broken = False
        if run.upright or not run.words:
            if not level:
                for n in range(first, last + 1):
                    each = box(n)
                    if run.words and run.upright and is_far_from(each):
                        yield from run.ended()
                    add(_letters(text[n]), n, n, each, n == first)
                continue
            if run.words and is_far_from(start):
                yield from run.ended()
            beside = run.base if height < run.small and run.words else None
            plain = not uneven and letters.isalpha()  # as most words are
            if last > first and (beside or (not plain and _mixed(letters, uneven, (start, end), first, box))):
                boxes = [box(n) for n in range(first, last + 1)]
                letters = written([_letters(text[n]) for n in range(first, last + 1)], boxes, run.text(True), beside)
                base = max(start, end, beside or start, key=lambda each: each[3] - each[1])
                add(letters, first, first, (start[0], base[1], end[2], base[3]), True)
                if more:
                    todo = chain(one_by_one(characters, ends, range(number + 1, number + 1 + more)), todo)
                continue
        add(letters, first, last, around, True)
        if more:
            done = ends[2 * (number + more) + 1] + 1
            run.go_on(text[following:done], ends[2 * (number + 1) : 2 * (number + 1 + more)], around_last)
    if run.words:
        yield from run.ended()


def _leftward(text: str) -> dict[int, int]:
    """Where the lines of PDFium's with letters that are read from the right begin and end: at their first word."""
    if not RTL.search(text):
        return {}
    found = {}
    for line in _LINE.finditer(text):
        if RTL.search(line[0]) and (first := _WORD.search(line[0])):
            found[line.start() + first.start()] = line.end()
    return found


def _mixed(letters: str, uneven: bool, ends: tuple[Box, Box], first: int, box: Callable[[int], Box]) -> bool:
    """Whether a word has raised or lowered characters: its first, its last or its last figure is smaller than another of these."""
    if len(letters) > MOST_MIXED:
        return False
    if uneven or not (figure := _LAST_FIGURE.search(letters)) or figure.start() == len(letters) - 1:
        return uneven
    heights = [each[3] - each[1] for each in (*ends, box(first + figure.start()))]
    return min(heights) < SMALL * max(heights)


def _letters(text: str) -> str:
    if _SURROGATES.search(text):
        text = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "ignore")
    return text.translate(_LETTERS)


class _Run:
    """The run that is being put together."""

    def __init__(self, characters: Characters, rotation: int, unseen: Unseen):
        self._characters = characters
        self._lines = unseen if unseen.strikes else None
        self._struck: dict[int, Box] = {}  # the lines through words, by their number
        self._rotation = rotation
        self.words: list[str] = []
        self.upright = True
        self._length = 0
        self._numbers: list[int] = []  # of first and last characters
        self._gaps: list[Gap] = []
        self._box: Box = (0, 0, 0, 0)
        self.base: Box = (0, 0, 0, 0)  # of the last word that is neither raised nor lowered
        self._last_left = 0.0
        self._last_kind = LEVEL
        self.small = 0.0  # what is less high may be raised or lowered beside it

    def is_far_from(self, box: Box) -> bool:
        """Whether what stands in `box` is of another run."""
        _, top, right, bottom = self._box
        height, own = box[3] - box[1], bottom - top
        height = own if own < height else height
        shared = (bottom if bottom < box[3] else box[3]) - (top if top > box[1] else box[1])
        return shared <= height / 2 or box[0] > right + height or box[0] < self._last_left - 0.5 * height

    def text(self, spaced: bool) -> str:
        """What stands in it so far, with a space after it where the next word is spaced."""
        return "".join(self.words[-MOST_BEFORE:]) + (" " if spaced and self.words else "")

    def place(self, start: Box, end: Box) -> int:
        """Whether a word that begins and ends in these boxes stands right beside the run, raised or lowered."""
        height = self.base[3] - self.base[1]
        if not -0.5 * height < start[0] - self._box[2] < 0.6 * height:
            return LEVEL
        kind = place(start, self.base)
        return kind if kind and place(end, self.base) == kind else LEVEL

    def goes_on(self, box: Box) -> bool:
        """Whether what stands in `box` is on the line of the run, after raised or lowered characters."""
        level = abs(box[3] - self.base[3]) < 0.1 * (self.base[3] - self.base[1])
        return self._last_kind != LEVEL and level and not self.is_far_from(box)

    def is_beyond(self, box: Box) -> bool:
        """Whether what stands in `box` is of another run, on whichever side of this one."""
        left, top, right, bottom = self._box
        height = min(box[3] - box[1], bottom - top)
        return min(box[3], bottom) - max(box[1], top) <= height / 2 or box[0] > right + height or box[2] < left - height

    def add(self, word: str, first: int, last: int, box: Box, spaced: bool, kind: int = LEVEL) -> None:
        if not word:
            return
        words = self.words
        if self._last_kind != LEVEL and _CLOSING.fullmatch(word):
            spaced = False
        if kind == LEVEL:
            if len(words) == 1 and words[0].isdigit() and place(self.base, box) == RAISED:
                self._length += 2  # the mark before the words of a footnote
                words[0] = f"[{words[0]}]"
            self.base = box
            self.small = SMALL * (box[3] - box[1])
            self._numbers += first, last
        else:
            spaced = spaced or word[0] == "("
            box = box[0], self._box[1], box[2], self._box[3]
        self._last_kind = kind
        left, top, right, bottom = box
        if words:
            own_left, own_top, own_right, own_bottom = self._box
            if spaced:
                words.append(" ")
                self._length += 1
                if left - own_right > WIDE_SPACE * (bottom - top):
                    self._gaps.append((self._length, own_right, left))
            self._box = (  # min and max take twice as long, for every word
                own_left if own_left < left else left,
                own_top if own_top < top else top,
                own_right if own_right > right else right,
                own_bottom if own_bottom > bottom else bottom,
            )
        else:
            self._box = box
            angle = self._characters.angle(first) + self._rotation
            self.upright = abs((angle + 180) % 360 - 180) < 10
        if self._lines and kind == LEVEL and (line := self._lines.struck(box)):
            self._struck[len(words)] = line
        words.append(word)
        self._length += len(word)
        self._last_left = left

    def go_on(self, words: str, numbers: list[int], last: Box) -> None:
        """Takes in words, each with the space before it, that merely go on from the last, as `spans` tells; the box is of the last."""
        self.words += _SPACE.split(words)[1:]
        self._length += len(words)
        self._numbers += numbers
        left, top, right, bottom = self._box
        self._box = left, top, max(right, last[2]), bottom
        self.base = last
        self._last_left = last[0]

    def ended(self) -> Iterator[tuple[Line, bool]]:
        """The run without the words that are struck out, if any are left; it is begun anew."""
        numbers = self._numbers
        font = self._characters.font
        size, bold, mono = font(numbers[len(numbers) // 2])
        bold = bold and font(numbers[0])[1] and font(numbers[-1])[1]
        if self.words[0].isupper() and self.words[-1].isupper():  # small capitals are of the size of what is large beside them
            size = max(size, font(numbers[0])[0], font(numbers[-1])[0])
        left, _, right, _ = self._box
        struck = self._struck and {n for n, line in self._struck.items() if line[0] >= left - 3 and line[2] <= right + 3}
        text = "".join(self.words) if not struck else " ".join("".join(w for n, w in enumerate(self.words) if n not in struck).split())
        line = Line(text, *self._box, size=size, bold=bold, mono=mono, gaps=() if struck else tuple(self._gaps))
        self.words, self._numbers, self._gaps, self._length, self._struck = [], [], [], 0, {}
        if text:
            yield line, self.upright
