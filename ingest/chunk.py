"""Blocks to passages: never over the encoder's limit, one matter each, lists with their heads, nothing lost."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import groupby
from typing import TYPE_CHECKING

from ingest.above import Above
from ingest.blocks import Document, Text
from ingest.cut import Cutter, Piece, Room
from ingest.lists import Section, is_caption, is_head, is_list, led, section
from rag.records import Place, Record

if TYPE_CHECKING:
    from tokenizers import Tokenizer


def chunk(blocks: Iterable[Document | Text], encoder_tokenizer: Tokenizer, limit: int = 256, name: str = "") -> Iterator[Record]:
    """The passages of `blocks`, in order, as they come: only the last is held. `name` is the name of their file in words.

    The `words` of each (its place and its text) are at most `limit` tokens of the tokenizer, its special tokens counted; the place is
    cut to a third of that (`ingest.above`). Short neighbours under one heading are joined up to about three quarters of the limit, with
    the locator of the first and the cells of all; long blocks are cut at paragraphs, sentences, words; tables between rows, with the
    header repeated; code between lines. Each part has its own `line` and `cells`. A head (a paragraph that ends in a colon) and the
    caption of a table stand in one passage with the beginning of what follows, and a list that fits is not cut; what goes on from a
    head in another passage has it as its `lead`. Of the passages of one section all but the first are marked as going on.
    """
    above = Above(encoder_tokenizer, limit)
    for document, texts in groupby(blocks, _Documents()):
        cutter = Cutter(encoder_tokenizer, limit, above, Place(title=document.title, name=name, date=document.date))
        before: Section | None = None
        for piece in _Packer(cutter).packed(text for text in texts if isinstance(text, Text)):
            for passage, place in cutter.checked(piece):
                yield Record(
                    "text",
                    passage.text,
                    replace(passage.locator, heading=place.heading or None, sheet=place.sheet or None),
                    continues=section(passage) == before,
                    title=place.title,
                    name=place.name,
                    lead=place.lead,
                    date=place.date,
                )
                before = section(passage)


class _Documents:
    """Gives the document that a block belongs to."""

    def __init__(self) -> None:
        self._last = Document()

    def __call__(self, block: Document | Text) -> Document:
        if isinstance(block, Document):
            self._last = block
        return self._last


class _Packer:
    """Puts texts together to passages; holds the last."""

    def __init__(self, cutter: Cutter):
        self._cutter = cutter
        self._held: Piece | None = None

    def packed(self, texts: Iterable[Text]) -> Iterator[Piece]:
        """Texts in pieces that each are a passage, as far as the sum of their tokens tells."""
        for run in self._runs(led(_trimmed(texts))):
            yield from self._take(run)
        if self._held:
            yield self._held

    def _runs(self, texts: Iterable[Text]) -> Iterator[Piece]:
        """Each text alone, but items of a list that follow each other together, as many as fit into a passage."""
        run: Piece | None = None
        for text in texts:
            piece, listed = self._cutter.piece(text), is_list(text)
            if run and listed and self._one_list(run, piece):
                run += piece
                continue
            if run:
                yield run
            run = piece if listed else None
            if not listed:
                yield piece
        if run:
            yield run

    def _one_list(self, run: Piece, piece: Piece) -> bool:
        first, text = run.texts[0], piece.texts[0]
        return section(first) == section(text) and first.lead == text.lead and self._cutter.tokens(run + piece) <= self._cutter.limit

    def _take(self, run: Piece) -> Iterator[Piece]:
        """What is held and done with when `run` comes; it, or its end, is held then."""
        cutter, held = self._cutter, self._held
        if held and (joined := cutter.join(held, run)):
            self._held = joined
            return
        body, head = self._parted(run)
        if held and body and head and cutter.tokens(body) < cutter.least:  # too little to stand alone
            body, head = None, held
        fits = cutter.tokens(run) <= cutter.limit
        if fits and (head is None or cutter.tokens(head + run) <= cutter.limit):
            if body:
                yield body
            self._held = head + run if head else run
        elif len(run.texts) > 1:
            for text in run.texts:
                yield from self._take(cutter.piece(text))
        else:
            if held and head and run.texts[0].kind != "table" and 2 * cutter.tokens(held) <= cutter.limit:
                body, head = None, held
            yield from self._begin(run, body, head)

    def _begin(self, run: Piece, body: Piece | None, head: Piece | None) -> Iterator[Piece]:
        """The parts of a text that must be cut, the first of them in one passage with its `head`; both were held, `body` before it."""
        cutter = self._cutter
        first = cutter.limit - head.size if head else cutter.limit
        for part in cutter.cut(run.texts[0], Room(first, cutter.limit)):
            held = self._held
            if head and cutter.tokens(head + part) <= cutter.limit:
                if body:
                    yield body
                self._held = head + part
            elif held and (joined := cutter.join(held, part)):
                self._held = joined
            else:
                if held:
                    yield held
                self._held = part
            head = None

    def _parted(self, run: Piece) -> tuple[Piece | None, Piece | None]:
        """What is held in two: what stands before the head of `run`, and this head; a long head stays where it is, its lead will do."""
        held = self._held
        if held is None or section(held.texts[0]) != section(run.texts[0]):
            return held, None
        at = len(held.texts)
        while at and (is_head(held.texts[at - 1]) or (run.texts[0].kind == "table" and is_caption(held.texts[at - 1]))):
            at -= 1
        head = _of(self._cutter, held.texts[at:])
        if head is None or self._cutter.tokens(head) > self._cutter.limit // 3 + self._cutter.least:
            return held, None
        return _of(self._cutter, held.texts[:at]), head


def _of(cutter: Cutter, texts: tuple[Text, ...]) -> Piece | None:
    pieces = [cutter.piece(text) for text in texts]
    return sum(pieces[1:], pieces[0]) if pieces else None


def _trimmed(texts: Iterable[Text]) -> Iterator[Text]:
    """The texts that say something, encodable, without blank lines around them."""
    for each in texts:
        text = each.text.encode("utf-8", "replace").decode().rstrip()
        if text:
            start = len(text) - len(text.lstrip("\n"))
            line = each.locator.line
            yield replace(each, text=text[start:], locator=replace(each.locator, line=line and line + start))
