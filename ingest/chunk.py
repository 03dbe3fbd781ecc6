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

_WORD = re.compile(r"\s{0,32}\S{1,32}|\s{1,32}")
_MAX_WORDS = 100_000

Measure = Callable[[str], int]


def chunk(blocks: Iterable[Text], encoder_tokenizer: Tokenizer, limit: int = 256) -> Iterator[Text]:
    """The passages of `blocks`, in order, as they come: only the last is held.

    "heading path, line break, text" of each is at most `limit` tokens of the tokenizer, its special tokens counted. Short neighbours
    under one heading are joined up to about three quarters of the limit, with the locator of the first and the cells of all; long
    blocks are cut at paragraphs, sentences, words; tables between rows, with the header repeated; code between lines. Each part has
    its own `line` and `cells`. A heading path that takes over a third of the limit is cut to its last parts.
    """
    cutter = _Cutter(encoder_tokenizer, limit)
    held: _Piece | None = None
    for block in blocks:
        for piece in cutter.pieces(block):
            joined = cutter.join(held, piece) if held else None
            if held and not joined:
                yield from cutter.checked(held)
            held = joined or piece
    if held:
        yield from cutter.checked(held)


@dataclass(frozen=True)
class _Piece:
    texts: tuple[Text, ...]  # that become one passage
    tokens: int
    whole: bool = True  # False for a part of a table, which stands alone under its repeated header


class _Cutter:
    """Cuts and joins by the sum of the tokens of single words, which is remembered; each passage is counted exactly once, at its end.

    For WordPiece, and where a tokenizer parts words before anything else, the sum is exact. Where it is not and a passage comes out
    too long, that passage is cut anew by exact counts.
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

    def _summed(self, text: str) -> int:
        tokens = self._special
        for word in _WORD.findall(text):
            count = self._words.get(word)
            if count is None:
                if len(self._words) >= _MAX_WORDS:
                    self._words.clear()
                count = self._words[word] = self._encoded(word) - self._special
            tokens += count
        return max(tokens, -(-len(text) // CHARACTERS_A_TOKEN))

    def pieces(self, block: Text) -> Iterator[_Piece]:
        """`block` in pieces within the limit, by the sum of the words."""
        text = block.text.encode("utf-8", "replace").decode().rstrip()
        if not text:
            return
        start = len(text) - len(text.lstrip("\n"))
        line = block.locator.line
        locator = replace(block.locator, heading=self._short(block.locator.heading), line=line and line + start)
        yield from self._cut(Text(text[start:], locator, block.kind), self._summed)

    def checked(self, piece: _Piece) -> Iterator[Text]:
        """The passage that `piece` is; passages cut by exact counts where it comes out too long."""
        passage = _together(piece.texts)
        if self._under(passage.locator.heading, self._exact)(passage.text) <= self._limit:
            yield passage
            return
        for text in piece.texts:
            for part in self._cut(text, self._exact):
                yield from part.texts

    def join(self, before: _Piece, after: _Piece) -> _Piece | None:
        """Both as one, where they belong together and are short enough; else None."""
        locator = before.texts[0].locator
        if not (before.whole and after.whole) or _place(locator) != _place(after.texts[0].locator):
            return None
        room = self._limit if min(before.tokens, after.tokens) < self._least else self._target
        shared = self._summed(f"{locator.heading}\n") if locator.heading else self._special  # is counted in both
        tokens = before.tokens + after.tokens - shared
        return _Piece((*before.texts, *after.texts), tokens) if tokens <= room else None

    def _cut(self, block: Text, count: Measure) -> Iterator[_Piece]:
        measure = self._under(block.locator.heading, count)
        tokens = measure(block.text)
        if tokens <= self._limit:
            yield _Piece((block,), tokens)
            return
        for part in (block.kind == "table" and self._rows(block, measure)) or self._parts(block, measure, _SEPARATORS[block.kind]):
            yield _Piece((part,), measure(part.text), whole=block.kind != "table")

    def _under(self, heading: str | None, count: Measure) -> Measure:
        return (lambda text: count(f"{heading}\n{text}")) if heading else count

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
                short = TextSplitter.from_callback(self._exact, most).chunks(short)[0]
            self._headings[heading] = short
        return self._headings[heading]

    def _parts(self, block: Text, measure: Measure, separators: tuple[str, ...]) -> Iterator[Text]:
        text, located = block.text, _located(block)
        at = line = 0
        for start, end in self._spans(text, 0, len(text), measure, separators):
            part = text[start:end].rstrip()
            start += len(part) - len(part := part.lstrip("\n"))
            line += text.count("\n", at, start)
            at = start
            if part:
                yield Text(part, located(line, line + part.count("\n")), block.kind)

    def _spans(self, text: str, start: int, end: int, measure: Measure, separators: tuple[str, ...]) -> list[tuple[int, int]]:
        """Where `text` is cut between `start` and `end`: at the first separators if that will do, then at the next, then between
        sentences, words, letters; each span as full as can be."""
        filled: list[tuple[int, int]] = []
        if not separators:
            for part in TextSplitter.from_callback(measure, (min(140, self._target * 7 // 10), self._target)).chunks(text[start:end]):
                start = text.index(part, start)
                filled.append((start, start + len(part)))
                start += len(part)
            return filled
        for part in text[start:end].split(separators[0]):
            stop = start + len(part)
            if filled and measure(text[filled[-1][0] : stop]) <= self._limit:
                filled[-1] = filled[-1][0], stop
            elif measure(part) <= self._limit:
                filled.append((start, stop))
            else:
                filled.extend(self._spans(text, start, stop, measure, separators[1:]))
            start = stop + len(separators[0])
        return filled

    def _rows(self, block: Text, measure: Measure) -> list[Text] | None:
        """Rows of a Markdown table under its repeated header; None where this is no such table or its header takes half the room."""
        lines, ruler, located = block.text.split("\n"), _ruler(block.text), _located(block)
        header = "\n".join(lines[: ruler + 1])
        if not ruler or measure(header) > self._limit // 2:
            return None
        parts: list[Text] = []
        filled, first = header, 0
        for number, row in enumerate(lines[ruler + 1 :], ruler + 1):
            if measure(both := f"{filled}\n{row}") <= self._limit:
                filled = both
                continue
            if filled != header:
                parts.append(Text(filled, located(first, number - 1), "table"))
            filled, first = header, number
            if measure(alone := f"{header}\n{row}") <= self._limit:
                filled = alone
                continue
            splitter = TextSplitter.from_callback(measure, self._target)
            parts.extend(Text(part, located(number, number), "table") for part in splitter.chunks(row))
            first = number + 1
        if filled != header:
            parts.append(Text(filled, located(first, len(lines) - 1), "table"))
        return parts


_SEPARATORS: dict[str, tuple[str, ...]] = {"prose": (), "code": ("\n\n", "\n"), "table": ("\n",)}


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
