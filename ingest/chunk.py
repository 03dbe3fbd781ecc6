"""Blocks to passages: never over the encoder's limit, one matter each, nothing lost."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import reduce
from typing import TYPE_CHECKING

from semantic_text_splitter import TextSplitter

from ingest.blocks import Text
from ingest.cells import Cells
from ingest.readers.headings import SEPARATOR
from rag.records import Locator

if TYPE_CHECKING:
    from tokenizers import Tokenizer

CHARACTERS_A_TOKEN = 16  # some tokenizers make one token of the longest word or of any white space: this bounds a passage's length

_WORD = re.compile("\\s{0,32}(?:[\u3040-\u9fff\U00020000-\U0003ffff]|[^\\s\u3040-\u9fff\U00020000-\U0003ffff]{1,32})|\\s{1,32}")
_MAX_WORDS = 100_000
_WINDOW = 5_000  # characters that are parted into sentences at once: the splitter's time grows faster than its text


def chunk(blocks: Iterable[Text], encoder_tokenizer: Tokenizer, limit: int = 256) -> Iterator[Text]:
    """The passages of `blocks`, in order, as they come: only the last is held.

    "heading path, line break, text" of each is at most `limit` tokens of the tokenizer, its special tokens counted. Short neighbours
    under one heading are joined up to about three quarters of the limit, with the locator of the first and the cells of all; long
    blocks are cut at paragraphs, sentences, words; tables between rows, with the header repeated; code between lines. Each part has
    its own `line` and `cells`. Of the passages of one section all but the first are marked as going on. A heading path that takes
    over a third of the limit is cut to its last parts.
    """
    cutter = _Cutter(encoder_tokenizer, limit)
    held: _Piece | None = None
    section: tuple[str | None, int | None, str | None] | None = None

    def marked(piece: _Piece) -> Iterator[Text]:
        nonlocal section
        for passage in cutter.checked(piece):
            yield replace(passage, continues=_place(passage.locator) == section)
            section = _place(passage.locator)

    for block in blocks:
        for piece in cutter.pieces(block):
            joined = cutter.join(held, piece) if held else None
            if held and not joined:
                yield from marked(held)
            held = joined or piece
    if held:
        yield from marked(held)


@dataclass(frozen=True)
class _Piece:
    texts: tuple[Text, ...]  # that become one passage
    tokens: int
    whole: bool = True  # False for a part of a table, which stands alone under its repeated header


class _Cutter:
    """Cuts and joins by the sum of the tokens of single words, which is remembered; each passage is counted exactly once, at its end.

    Where a tokenizer parts words before anything else, as WordPiece does, the sum is all but exact. Where it is not and a passage comes out
    too long, that passage is cut anew with less room.
    """

    def __init__(self, tokenizer: Tokenizer, limit: int):
        self._tokenizer = tokenizer
        self._limit = limit
        self._target = limit * 25 // 32  # 200 of 256
        self._least = limit // 8  # what is shorter is joined even beyond the target
        self._special = self._encoded("")
        self._words: dict[str, int] = {}
        self._headings: dict[str, str] = {}

    def _encoded(self, text: str) -> int:
        return len(self._tokenizer.encode(text).ids)

    def _exact(self, text: str) -> int:
        return max(self._encoded(text), -(-len(text) // CHARACTERS_A_TOKEN))

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

    def _base(self, heading: str | None) -> int:
        """What is counted in each passage beside its text."""
        return self._special + (self._sum(f"{heading}\n") if heading else 0)

    def pieces(self, block: Text) -> Iterator[_Piece]:
        """`block` in pieces within the limit, by the sum of the words."""
        text = block.text.encode("utf-8", "replace").decode().rstrip()
        if not text:
            return
        start = len(text) - len(text.lstrip("\n"))
        line = block.locator.line
        locator = replace(block.locator, heading=self._short(block.locator.heading), line=line and line + start)
        yield from self._cut(Text(text[start:], locator, block.kind), self._limit)

    def checked(self, piece: _Piece, room: int | None = None) -> Iterator[Text]:
        """The passage that `piece` is; several, cut to less than the `room` it had, where it comes out too long."""
        passage = _together(piece.texts)
        heading = passage.locator.heading
        tokens = self._exact(f"{heading}\n{passage.text}" if heading else passage.text)
        if tokens <= self._limit:
            yield passage
            return
        room = (room or self._limit) * self._limit * 9 // (tokens * 10)
        if room < self._base(heading) + self._least:
            yield from self._cut_exactly(passage)
            return
        for text in piece.texts:
            for part in self._cut(text, room):
                yield from self.checked(part, room)

    def join(self, before: _Piece, after: _Piece) -> _Piece | None:
        """Both as one, where they belong together and are short enough; else None."""
        locator = before.texts[0].locator
        if not (before.whole and after.whole) or _place(locator) != _place(after.texts[0].locator):
            return None
        room = self._limit if min(before.tokens, after.tokens) < self._least else self._target
        tokens = before.tokens + after.tokens - self._base(locator.heading)  # which is counted in both
        return _Piece((*before.texts, *after.texts), tokens) if tokens <= room else None

    def _cut(self, block: Text, room: int) -> Iterator[_Piece]:
        base = self._base(block.locator.heading)
        tokens = base + self._sum(block.text)
        if tokens <= room:
            yield _Piece((block,), tokens)
            return
        whole = block.kind != "table"
        for part in (None if whole else self._rows(block, base, room)) or self._parts(block, base, room):
            yield _Piece((part,), base + self._sum(part.text), whole)

    def _cut_exactly(self, block: Text) -> Iterator[Text]:
        heading = block.locator.heading
        splitter = TextSplitter.from_callback(lambda text: self._exact(f"{heading}\n{text}" if heading else text), self._limit)
        yield from (replace(block, text=part) for part in splitter.chunks(block.text))

    def _short(self, heading: str | None) -> str | None:
        """The last parts of a heading path that fit into a third of the limit; of a single long one, its beginning."""
        if not heading:
            return None
        if heading not in self._headings:
            if len(self._headings) >= _MAX_WORDS:
                self._headings.clear()
            most = self._limit // 3
            parts = heading.encode("utf-8", "replace").decode().split(SEPARATOR)
            while len(parts) > 1 and self._exact(SEPARATOR.join(parts)) > most:
                parts.pop(0)
            short = SEPARATOR.join(parts)
            if self._exact(short) > most:
                short = TextSplitter.from_callback(self._exact, most).chunks(short[:_WINDOW])[0]
            self._headings[heading] = short
        return self._headings[heading]

    def _parts(self, block: Text, base: int, room: int) -> Iterator[Text]:
        text, located = block.text, _located(block)
        at = line = 0
        for start, end in self._spans(text, 0, len(text), base, room, _SEPARATORS[block.kind]):
            part = text[start:end].rstrip()
            start += len(part) - len(part := part.lstrip("\n"))
            line += text.count("\n", at, start)
            at = start
            if part:
                yield Text(part, located(line, line + part.count("\n")), block.kind)

    def _spans(self, text: str, start: int, end: int, base: int, room: int, separators: tuple[str, ...]) -> Iterator[tuple[int, int]]:
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
            if held and tokens + size <= room:
                held = held[0], stop
                tokens += size
            else:
                if held:
                    yield held
                held, tokens = (start, stop), base + size
                if tokens > room:
                    yield from self._spans(text, start, stop, base, room, separators[1:])
                    held = None
            start = stop + len(separators[0])
        if held:
            yield held

    def _sentences(self, text: str, start: int, end: int, base: int, room: int) -> Iterator[tuple[int, int]]:
        def measure(part: str) -> int:
            return max(base + self._sum(part), -(-len(part) // CHARACTERS_A_TOKEN))

        most = min(self._target, room)
        splitter = TextSplitter.from_callback(measure, (most * 7 // 10, most))
        while start < end:
            stop = _window_end(text, start, end)
            for part in splitter.chunks(text[start:stop]):
                start = text.index(part, start)
                yield start, start + len(part)
                start += len(part)
            start = stop

    def _rows(self, block: Text, base: int, room: int) -> Iterator[Text] | None:
        """Rows of a Markdown table under its repeated header; None where this is no such table or its header takes half the room."""
        lines = block.text.split("\n")
        ruler = _ruler(block.text)
        header = "\n".join(lines[: ruler + 1])
        if not ruler or (above := base + self._sum(header)) > room // 2:
            return None
        return self._under(header, lines, ruler + 1, _located(block), base, above, room)

    def _under(
        self, header: str, lines: list[str], first: int, located: Callable[[int, int], Locator], base: int, above: int, room: int
    ) -> Iterator[Text]:
        rows: list[str] = []
        place = 0  # the first line of the passage: of the first, the header
        tokens = above
        for number, row in enumerate(lines[first:], first):
            size = self._sum(row)
            if rows and tokens + size > room:
                yield Text("\n".join([header, *rows]), located(place, number - 1), "table")
                rows, place, tokens = [], number, above
            if tokens + size > room:
                for start, end in self._sentences(row, 0, len(row), base, room):
                    yield Text(row[start:end], located(number, number), "table")
                place = number + 1
            else:
                rows.append(row)
                tokens += size
        if rows:
            yield Text("\n".join([header, *rows]), located(place, len(lines) - 1), "table")


_SEPARATORS: dict[str, tuple[str, ...]] = {"prose": (), "code": ("\n\n", "\n"), "table": ("\n",)}


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

    Lines are rows of its cells, and of a file that has such cells, where there are as many; the ruler of a table is none, and its
    header is none either where there are only as many cells as other rows (it was repeated).
    """
    locator, lines = block.locator, block.text.count("\n") + 1
    cells = Cells.parse(locator.cells or "")
    ruler = _ruler(block.text) if block.kind == "table" else 0
    repeated = cells is not None and ruler > 0 and cells.height == lines - ruler - 1
    above = ruler + 1 if repeated else 1 if ruler else 0

    def place(first: int, last: int) -> Locator:
        if cells is None:
            return replace(locator, line=locator.line and locator.line + first)
        if cells.height != lines - above:
            return locator
        top, bottom = (max(n - above if n >= ruler else n, 0) for n in (first, last))
        return replace(locator, cells=str(cells.rows(top, bottom)), line=locator.line and locator.line + top)

    return place


def _together(texts: tuple[Text, ...]) -> Text:
    """`texts` as one, with the place of the first and the cells of all."""
    first = texts[0]
    if len(texts) == 1:
        return first
    ranges = [Cells.parse(text.locator.cells or "") for text in texts]
    cells = reduce(lambda one, other: one and other and one.around(other), ranges)
    kind = first.kind if all(text.kind == first.kind for text in texts) else "prose"
    locator = replace(first.locator, cells=str(cells)) if cells else first.locator
    return Text("\n\n".join(text.text for text in texts), locator, kind)


def _place(locator: Locator) -> tuple[str | None, int | None, str | None]:
    return locator.heading, locator.slide, locator.sheet
