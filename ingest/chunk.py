"""Blocks to passages: never over the encoder's limit, one matter each, nothing lost."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from semantic_text_splitter import TextSplitter

from ingest.blocks import Text
from ingest.readers.headings import SEPARATOR
from rag.records import Locator

if TYPE_CHECKING:
    from tokenizers import Tokenizer

CHARACTERS_A_TOKEN = 16  # some tokenizers make one token of the longest word or of any white space: this bounds a passage's length

Measure = Callable[[str], int]


class _Piece(NamedTuple):
    text: Text
    tokens: int
    whole: bool  # False for a part of a table, which stands alone under its repeated header


def chunk(blocks: Iterable[Text], encoder_tokenizer: Tokenizer, limit: int = 256) -> list[Text]:
    """The passages of `blocks`, in order.

    "heading path, line break, text" of each is at most `limit` tokens of the tokenizer, its special tokens counted. Short neighbours
    under one heading are joined up to about three quarters of the limit, with the locator of the first; long blocks are cut at
    paragraphs, sentences, words; tables between rows, with the header repeated; code between lines. A heading path that takes over a
    third of the limit is cut to its last parts.
    """
    cutter = _Cutter(encoder_tokenizer, limit)
    passages: list[_Piece] = []
    for block in blocks:
        for piece in cutter.pieces(block):
            joined = cutter.join(passages[-1], piece) if passages else None
            if joined:
                passages[-1] = joined
            else:
                passages.append(piece)
    return [passage.text for passage in passages]


class _Cutter:
    def __init__(self, tokenizer: Tokenizer, limit: int):
        self._tokenizer = tokenizer
        self._limit = limit
        self._target = limit * 25 // 32  # 200 of 256
        self._least = limit // 8  # what is shorter is joined even beyond the target
        self._headings: dict[str, str] = {}

    def _tokens(self, text: str) -> int:
        return max(len(self._tokenizer.encode(text).ids), -(-len(text) // CHARACTERS_A_TOKEN))

    def _measure(self, heading: str | None) -> Measure:
        return (lambda text: self._tokens(f"{heading}\n{text}")) if heading else self._tokens

    def pieces(self, block: Text) -> Iterator[_Piece]:
        text = block.text.encode("utf-8", "replace").decode().strip("\n").rstrip()
        if not text.strip():
            return
        heading = self._short(block.locator.heading)
        block = replace(block, text=text, locator=replace(block.locator, heading=heading))
        measure = self._measure(heading)
        tokens = measure(text)
        if tokens <= self._limit:
            yield _Piece(block, tokens, True)
            return
        parts = self._rows(text, measure) if block.kind == "table" else self._lines(text, measure) if block.kind == "code" else None
        at = 0
        for part in parts or self._sentences(text, measure):
            locator = block.locator
            if locator.line is not None and (found := text.find(part, at)) >= 0:
                at = found
                locator = replace(locator, line=locator.line + text.count("\n", 0, at))
            yield _Piece(Text(part, locator, block.kind), measure(part), block.kind != "table")

    def join(self, before: _Piece, after: _Piece) -> _Piece | None:
        """Both as one passage, where they belong together and are short enough; else None."""
        if not (before.whole and after.whole) or _place(before.text.locator) != _place(after.text.locator):
            return None
        room = self._limit if min(before.tokens, after.tokens) < self._least else self._target
        if before.tokens + after.tokens > room + 2 * self._limit // 3:  # the heading is counted in both
            return None
        text = f"{before.text.text}\n\n{after.text.text}"
        tokens = self._measure(before.text.locator.heading)(text)
        kind = before.text.kind if before.text.kind == after.text.kind else "prose"
        return _Piece(Text(text, before.text.locator, kind), tokens, True) if tokens <= room else None

    def _short(self, heading: str | None) -> str | None:
        """The last parts of a heading path that fit into a third of the limit; of a single long one, its beginning."""
        if not heading:
            return None
        if heading not in self._headings:
            most = self._limit // 3
            parts = heading.encode("utf-8", "replace").decode().split(SEPARATOR)
            while len(parts) > 1 and self._tokens(SEPARATOR.join(parts)) > most:
                parts.pop(0)
            short = SEPARATOR.join(parts)
            if self._tokens(short) > most:
                short = TextSplitter.from_callback(self._tokens, most).chunks(short)[0]
            self._headings[heading] = short
        return self._headings[heading]

    def _sentences(self, text: str, measure: Measure) -> list[str]:
        return TextSplitter.from_callback(measure, (min(140, self._target * 7 // 10), self._target)).chunks(text)

    def _lines(self, text: str, measure: Measure, separators: tuple[str, ...] = ("\n\n", "\n")) -> list[str]:
        """Cut at blank lines, then at line ends, then anywhere; each part as full as can be."""
        if not separators:
            return self._sentences(text, measure)
        filled: list[str] = []
        for part in text.split(separators[0]):
            if filled and measure(both := filled[-1] + separators[0] + part) <= self._limit:
                filled[-1] = both
            elif measure(part) <= self._limit:
                filled.append(part)
            else:
                filled.extend(self._lines(part, measure, separators[1:]))
        return [part for part in (part.strip("\n").rstrip() for part in filled) if part]

    def _rows(self, text: str, measure: Measure) -> list[str] | None:
        """Rows of a Markdown table under its repeated header; None where this is no such table or its header takes half the room."""
        lines = text.split("\n")
        ruler = next((n for n, line in enumerate(lines[:5]) if line.startswith("|") and set(line) <= set("|-: ")), None)
        if ruler is None:
            return None
        header = "\n".join(lines[: ruler + 1])
        if measure(header) > self._limit // 2:
            return self._lines(text, measure, ("\n",))
        filled: list[str] = []
        for row in lines[ruler + 1 :]:
            if filled and filled[-1].startswith(header) and measure(both := filled[-1] + "\n" + row) <= self._limit:
                filled[-1] = both
            elif measure(alone := f"{header}\n{row}") <= self._limit:
                filled.append(alone)
            else:
                filled.extend(self._sentences(row, measure))
        return filled


def _place(locator: Locator) -> tuple[str | None, int | None, str | None]:
    return locator.heading, locator.slide, locator.sheet
