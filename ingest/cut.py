"""Blocks cut to the encoder's limit: prose between sentences, lists between items, tables between rows, code between lines."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import reduce
from typing import TYPE_CHECKING

from semantic_text_splitter import TextSplitter

from ingest.above import CHARACTERS_A_TOKEN, Above
from ingest.blocks import Text
from ingest.cells import Cells
from ingest.lists import line_leads, section
from ingest.records import record
from rag.language.tabular import cells, gist, gist_of_row, head_in_words
from rag.records import Locator, Place

if TYPE_CHECKING:
    from tokenizers import Tokenizer

_WORD = re.compile("\\s{0,32}(?:[\u3040-\u9fff\U00020000-\U0003ffff]|[^\\s\u3040-\u9fff\U00020000-\U0003ffff]{1,32})|\\s{1,32}")
_MAX_WORDS = 100_000
TABLE = 4  # times the tokens that a passage may have: so long may a table be for a reader, where the encoder needs no figures of it
SILENCE = 60  # seconds of a recording that no passage goes beyond
_WINDOW = 5_000  # characters that are parted into sentences at once: the splitter's time grows faster than its text
_SEPARATORS: dict[str, tuple[str, ...]] = {"prose": (), "code": ("\n\n", "\n"), "table": ("\n",)}


@dataclass(frozen=True)
class Piece:
    """Texts that become one passage, and the sum of their tokens."""

    texts: tuple[Text, ...]
    size: int
    whole: bool = True  # False for a part of a table, which stands alone under its repeated header

    def __add__(self, other: Piece) -> Piece:
        return Piece((*self.texts, *other.texts), self.size + other.size, self.whole and other.whole)


class Room:
    """The tokens that a part may have: the first, which joins what stands before it, fewer than the rest."""

    def __init__(self, first: int, rest: int):
        self.now, self.rest = first, rest

    def spend(self) -> bool:
        """The first part is done; whether there is other room now."""
        other, self.now = self.now != self.rest, self.rest
        return other


class Cutter:
    """Cuts and joins by the sum of the tokens of single words, which is remembered; each passage is counted exactly once, at its end.

    Where a tokenizer parts words before anything else, as WordPiece does, the sum is all but exact. Where it is not and a passage comes out
    too long, that passage is cut anew with less room. `document` is what stands above all of its passages.
    """

    def __init__(self, tokenizer: Tokenizer, limit: int, above: Above, document: Place):
        self.limit = limit
        self.least = limit // 8  # what is shorter is joined even beyond the target
        self._tokenizer = tokenizer
        self._target = limit * 25 // 32  # 200 of 256
        self._above = above
        self._document = document
        self._special = self._encoded("")
        self._words: dict[str, int] = {}
        self._places: dict[tuple[str, str, str], tuple[Place, int]] = {}

    def _encoded(self, text: str) -> int:
        return len(self._tokenizer.encode(text).ids)

    def _sum(self, text: str) -> int:
        tokens = 0
        for word in _WORD.findall(text):
            count = self._words.get(word)
            if count is None:
                if len(self._words) >= _MAX_WORDS:
                    self._words.clear()
                count = self._words[word] = self._encoded(word) - self._special
            tokens += count
        return tokens

    def place(self, texts: tuple[Text, ...]) -> Place:
        """What stands above a passage of these texts, cut to what fits."""
        return self._stands(texts)[0]

    def _base(self, texts: tuple[Text, ...]) -> int:
        """What is counted in a passage beside its texts."""
        return self._stands(texts)[1]

    def _stands(self, texts: tuple[Text, ...]) -> tuple[Place, int]:
        heading, sheet = texts[0].locator.heading or "", texts[0].locator.sheet or ""
        key = heading, sheet, next(iter(_needed(texts)), "")
        if key not in self._places:
            if len(self._places) >= _MAX_WORDS:
                self._places.clear()
            place = self._above.fitted(replace(self._document, heading=heading, sheet=sheet, lead=key[2]))
            self._places[key] = place, self._special + (self._sum(f"{place.above}\n") if place.above else 0)
        return self._places[key]

    def tokens(self, piece: Piece) -> int:
        return self._base(piece.texts) + piece.size

    def piece(self, text: Text) -> Piece:
        """A text as one piece, of whatever size."""
        return Piece((text,), self._size(text))

    def _size(self, text: Text) -> int:
        """What counts of a text: of a table what the encoder reads of it, or its part of what a reader gets."""
        return max(self._sum(gist(text.text)), self._sum(text.text) // TABLE) if text.kind == "table" else self._sum(text.text)

    def _of_row(self, row: str) -> int:
        return max(self._sum(gist_of_row(row)), -(-self._sum(row) // TABLE))

    def checked(self, piece: Piece, room: int | None = None) -> Iterator[tuple[Text, Place]]:
        """The passage that `piece` is, with its place; several, cut to less than the `room` it had, where it comes out too long."""
        passage, place = _together(piece.texts), self.place(piece.texts)
        tokens = self._exact(passage.text, place.above)
        if tokens <= self.limit:
            yield passage, place
            return
        room = (room or self.limit) * self.limit * 9 // (tokens * 10)
        if room < self._base(piece.texts) + self.least:
            yield from ((part, place) for part in self._cut_exactly(passage, place.above))
            return
        for text in piece.texts:
            for part in self.cut(text, Room(room, room)):
                yield from self.checked(part, room)

    def join(self, before: Piece, after: Piece) -> Piece | None:
        """Both as one, where they belong together and are short enough; else None."""
        if not (before.whole and after.whole) or section(before.texts[0]) != section(after.texts[0]):
            return None
        if _silence(before.texts[-1], after.texts[0]) > SILENCE:
            return None
        if bool(before.texts[-1].locator.said) != bool(after.texts[0].locator.said):  # what is said, and what is written meanwhile
            return None
        joined = before + after
        if len(_needed(joined.texts)) > 1:
            return None
        room = self.limit if min(self.tokens(before), self.tokens(after)) < self.least else self._target
        return joined if self.tokens(joined) <= room else None

    def cut(self, block: Text, room: Room) -> Iterator[Piece]:
        """`block` in pieces within the room, by the sum of the words."""
        base = self._base((block,))
        size = self._size(block)
        if base + size <= room.now:
            yield Piece((block,), size)
            return
        whole = block.kind != "table"
        for part in (None if whole else self._rows(block, base, room)) or self._parts(block, base, room):
            yield Piece((part,), self._size(part), whole)

    def _cut_exactly(self, block: Text, above: str) -> Iterator[Text]:
        splitter = TextSplitter.from_callback(lambda text: self._exact(text, above), self.limit)
        yield from (replace(block, text=part) for part in splitter.chunks(block.text))

    def _exact(self, text: str, above: str) -> int:
        """The tokens that the encoder reads of a passage; of its tables what a reader gets may be TABLE times as long."""
        read = gist(text)
        whole = "\n".join(filter(None, [above, text]))
        return max(self._above.exact("\n".join(filter(None, [above, read]))), 0 if read == text else self._above.exact(whole) // TABLE)

    def _parts(self, block: Text, base: int, room: Room) -> Iterator[Text]:
        text, located = block.text, _located(block)
        leads = line_leads(block) if block.kind == "prose" else []
        at = line = 0
        for start, end in self._spans(text, 0, len(text), base, room, _SEPARATORS[block.kind]):
            part = text[start:end].rstrip()
            start += len(part) - len(part := part.lstrip("\n"))
            line += text.count("\n", at, start)
            at = start
            if part:
                lead = leads[line] if leads else block.lead
                yield Text(part, located(line, line + part.count("\n")), block.kind, lead)

    def _spans(self, text: str, start: int, end: int, base: int, room: Room, separators: tuple[str, ...]) -> Iterator[tuple[int, int]]:
        """Where `text` is cut between `start` and `end`: at the first separators if that will do, then at the next, then between
        sentences, words, letters; each span as full as can be."""
        if not separators:
            yield from self._sentences(text, start, end, base, room)
            return
        held: tuple[int, int] | None = None
        tokens = 0
        for part in text[start:end].split(separators[0]):
            stop = start + len(part)
            size = self._sum(part)
            if held and tokens + size <= room.now:
                held = held[0], stop
                tokens += size
            else:
                if held:
                    yield held
                    room.spend()
                held, tokens = (start, stop), base + size
                if tokens > room.now:
                    yield from self._spans(text, start, stop, base, room, separators[1:])
                    held = None
            start = stop + len(separators[0])
        if held:
            yield held

    def _sentences(self, text: str, start: int, end: int, base: int, room: Room) -> Iterator[tuple[int, int]]:
        def measure(part: str) -> int:
            return max(base + self._sum(part), -(-len(part) // CHARACTERS_A_TOKEN))

        while start < end:
            stop = _window_end(text, start, end)
            most = min(self._target, room.now)
            splitter = TextSplitter.from_callback(measure, (most * 7 // 10, most))
            for part in splitter.chunks(text[start:stop]):
                start = text.index(part, start)
                yield start, start + len(part)
                start += len(part)
                if room.spend():
                    break
            else:
                start = stop

    def _rows(self, block: Text, base: int, room: Room) -> Iterator[Text] | None:
        """Rows of a Markdown table under its repeated header, as records where that takes two thirds of the room; None where this is no
        such table."""
        lines = block.text.split("\n")
        ruler = _ruler(block.text)
        header = "\n".join(lines[: ruler + 1])
        if not ruler:
            return None
        above = base + max(self._sum(head_in_words(lines[ruler - 1])), self._sum(header) // TABLE)
        if above > room.rest * 2 // 3:
            return self._records(block, lines, ruler, base, room)
        return self._under(header, block, lines, ruler + 1, base, above, room)

    def _records(self, block: Text, lines: list[str], ruler: int, base: int, room: Room) -> Iterator[Text]:
        """Each row as records of its own."""
        located, head = _located(block), cells(lines[ruler - 1])
        if not lines[ruler + 1 :]:
            yield from (replace(block, text=part) for part in self._record([], lines[ruler - 1], base, room))
        for number, row in enumerate(lines[ruler + 1 :], ruler + 1):
            for part in self._record(head, row, base, room):
                yield Text(part, located(number, number), "prose", block.lead)

    def _record(self, head: list[str], row: str, base: int, room: Room) -> Iterator[str]:
        """A row as one record or several, each of which begins with its first value, as that mostly is a name."""
        values = record(head, row)
        name = values[0] if values and self._sum(values[0]) <= self.least else ""
        top = base + self._sum(name)
        held: list[str] = []
        tokens = top
        for line in values[1:] if name else values:
            size = self._sum(line)
            if held and tokens + size > room.now:
                yield "\n".join(filter(None, [name, *held]))
                room.spend()
                held, tokens = [], top
            if tokens + size > room.now:
                yield from (
                    "\n".join(filter(None, [name, line[start:end]])) for start, end in self._sentences(line, 0, len(line), top, room)
                )
            else:
                held.append(line)
                tokens += size
        if held or (name and len(values) == 1):
            yield "\n".join(filter(None, [name, *held]))

    def _under(self, header: str, block: Text, lines: list[str], first: int, base: int, above: int, room: Room) -> Iterator[Text]:
        located, head = _located(block), cells(lines[first - 2])
        rows: list[str] = []
        place = 0  # the first line of the passage: of the first, the header
        tokens = above
        for number, row in enumerate(lines[first:], first):
            size = self._of_row(row)
            if rows and tokens + size > room.now:
                yield Text("\n".join([header, *rows]), located(place, number - 1), "table", block.lead)
                room.spend()
                rows, place, tokens = [], number, above
            if not rows and tokens + size > room.now:
                room.spend()  # not one row fits below what stands before
            if tokens + size > room.now:
                for part in self._record(head, row, base, room):
                    yield Text(part, located(number, number), "prose", block.lead)
                place = number + 1
            else:
                rows.append(row)
                tokens += size
        if rows:
            yield Text("\n".join([header, *rows]), located(place, len(lines) - 1), "table", block.lead)


def _silence(before: Text, after: Text) -> float:
    """The seconds between two texts of a recording."""
    one, other = before.locator.time, after.locator.time
    return other[0] - one[1] if one and other else 0.0


def _needed(texts: tuple[Text, ...]) -> list[str]:
    """The leads of the texts that no text before them says."""
    needed: dict[str, None] = {}
    for at, text in enumerate(texts):
        if text.lead and text.lead not in needed and not any(text.lead in " ".join(each.text.split()) for each in texts[:at]):
            needed[text.lead] = None
    return list(needed)


def _window_end(text: str, start: int, end: int) -> int:
    """Where to stop in a long text: at the last line end, sentence, or word of the second half of the window, if there is one."""
    if end - start <= _WINDOW:
        return end
    middle, stop = start + _WINDOW // 2, start + _WINDOW
    return next((at for mark in ("\n", ". ", "。", " ") if (at := text.rfind(mark, middle, stop) + len(mark)) >= middle), stop)


def _ruler(table: str) -> int:
    """The line of a Markdown table that is under its header, counted from 0; 0 where there is none."""
    lines = table.split("\n", 5)[:5]
    return next((n for n, line in enumerate(lines) if n and line.startswith("|") and set(line) <= set("|-: ")), 0)


def _located(block: Text) -> Callable[[int, int], Locator]:
    """Gives the place of the lines of `block` from one to another, counted from 0.

    Lines are sentences of what is said, where there are as many, or rows of its cells, and of a file that has such cells, where there are
    as many; the ruler of a table is none, and its header is none either where there are only as many cells as other rows (it was repeated).
    """
    locator, lines = block.locator, block.text.count("\n") + 1
    cells = Cells.parse(locator.cells or "")
    ruler = _ruler(block.text) if block.kind == "table" else 0
    repeated = cells is not None and ruler > 0 and cells.height == lines - ruler - 1
    above = ruler + 1 if repeated else 1 if ruler else 0

    def place(first: int, last: int) -> Locator:
        if lines == len(locator.said):
            return locator.lines(first, last)
        if cells is None:
            return replace(locator, line=locator.line and locator.line + first)
        if cells.height != lines - above:
            return locator
        top, bottom = (max(n - above if n >= ruler else n, 0) for n in (first, last))
        return replace(locator, cells=str(cells.rows(top, bottom)), line=locator.line and locator.line + top)

    return place


def _together(texts: tuple[Text, ...]) -> Text:
    """`texts` as one, with the place of the first, the cells of all, and a box around all where they stand on one page."""
    first = texts[0]
    if len(texts) == 1:
        return first
    ranges = [Cells.parse(text.locator.cells or "") for text in texts]
    cells = reduce(lambda one, other: one and other and one.around(other), ranges)
    kind = first.kind if all(text.kind == first.kind for text in texts) else "prose"
    locator = replace(first.locator, cells=str(cells)) if cells else first.locator
    if all(text.locator.said for text in texts):
        said = tuple(span for text in texts for span in text.locator.said)
        locator = replace(locator, said=said).lines(0, len(said))
    if any(text.locator.bbox for text in texts):
        locator = replace(locator, bbox=_around(texts))
    return Text("\n\n".join(text.text for text in texts), locator, kind)


def _around(texts: tuple[Text, ...]) -> tuple[float, float, float, float] | None:
    boxes = [text.locator.bbox for text in texts if text.locator.bbox]
    if len(boxes) < len(texts) or len({text.locator.page for text in texts}) > 1:
        return None
    return min(b[0] for b in boxes), min(b[1] for b in boxes), max(b[2] for b in boxes), max(b[3] for b in boxes)
