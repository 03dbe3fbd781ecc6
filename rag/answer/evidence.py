"""The sentences of some hits, each in its place: how well each matches a question word for word, and how near it is in meaning.

A sentence is nothing without its place: "The architect was Marten Opdal" tells of a tower only under the name of the tower, "3.60" of a
price only under the head of its column. `placed` puts both together, and all that weighs, quotes or checks a sentence takes it from here.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise
from typing import Literal

import numpy as np

from rag.embed.base import TextEncoder, TokenVectors
from rag.embed.compact import rotated
from rag.language.fold import folded_form
from rag.language.numbers import Counted, counted, lacking
from rag.language.question import Part
from rag.language.split import folded, paragraphs, sentences
from rag.language.stems import content as stems
from rag.language.stems import has_form, held, shared
from rag.language.tabular import gist_of_row, head_in_words
from rag.language.words import with_digits, without_marks, words
from rag.records import GUESS_MARK, Hit
from rag.retrieve.rerank import content, of_words
from rag.retrieve.search import Searcher
from rag.retrieve.stored import Passage, StoredTokens

PLACE = 0.9  # of a match in the place of a sentence, against 1 in its own words
FORM = 0.8  # at least, of a match with another form of a word
OTHER_NUMBER = 0.4  # at most, of a match between two numbers that are not one
FIGURE = 0.4  # at least, of a match of "how many" with a row of figures, of which the encoder gets none
LEAD = 15  # words of a line that may head a list without a colon

Kind = Literal["prose", "item", "row", "head"]

ITEM = re.compile(r"(?:[-*+•▪◦‣–]|\(?\d{1,3}[.)]|\(?[a-zA-Z]\))\s")
_NUMBERED = re.compile(r"\(?\d{1,2}[.)]\s")  # within a paragraph: "Do so: 1. Turn it off. 2. Wait."
_RULER = re.compile(r"\|?[\s|:+-]*-[\s|:+-]*")


@dataclass(frozen=True)
class Bearing:
    """A sentence of a hit's evidence (white space folded), and how near it is to what was asked: its cosine, if nothing else is said."""

    hit: Hit
    sentence: str
    score: float


@dataclass(frozen=True)
class Statement:
    """A sentence of a hit as it stands there, white space folded; of a table a row, or its `head`.

    `lead` is where in the evidence the head of its list or table stands, `group` numbers the list or table that it belongs to (-1 where it
    is prose); `own` is false for what stands in a neighbour of the passage that was found. `goes_on` is true for what is not the first
    sentence of its item.
    """

    hit: Hit
    text: str
    kind: Kind = "prose"
    lead: int | None = None
    group: int = -1
    own: bool = True
    goes_on: bool = False

    @property
    def cells(self) -> list[str]:
        """Of a row or a head, its cells."""
        return [cell.strip() for cell in self.text.strip().strip("|").split("|")]


def statements(hits: Sequence[Hit]) -> list[Statement]:
    """The sentences of the hits, in order."""
    found: list[Statement] = []
    groups = 0
    for hit in hits:
        own = folded(hit.own)
        heads = _heads(hit.evidence)
        lead: int | None = None
        before: Kind = "prose"
        start = len(found)
        for paragraph in paragraphs(hit.evidence):
            text = folded(paragraph.text)
            kind: Kind = "row" if text.startswith("|") else "item" if paragraph.kind == "item" or ITEM.match(text) else "prose"
            if kind == "row" and text in heads:
                kind = "head"
            if kind in ("item", "row", "head") and (
                kind == "head" or before not in ("item", "row", "head") or (kind == "item") != (before == "item")
            ):
                groups += 1
                lead = len(found) - 1 if len(found) > start and before == "prose" and _leads(found[-1].text) else None
            listed = kind != "prose"
            for n, sentence in enumerate([text] if kind in ("row", "head") or paragraph.whole else sentences(text)):
                inside = not hit.pieces or sentence in own
                if kind == "prose" and n and _NUMBERED.match(sentence) and (found[-1].kind == "item" or found[-1].text.endswith(":")):
                    groups += found[-1].kind == "prose"
                    over = found[-1].lead if found[-1].kind == "item" else len(found) - 1
                    found.append(Statement(hit, sentence, "item", over, groups, inside))
                    continue
                goes_on = kind == "item" and n > 0
                found.append(Statement(hit, sentence, kind, lead if listed else None, groups if listed else -1, inside, goes_on))
            if kind == "head":
                lead = len(found) - 1
            before = kind
    return found


def _heads(text: str) -> set[str]:
    """The rows of a text that stand over the ruler of a table."""
    lines = text.splitlines()
    return {folded(line) for line, after in pairwise(lines) if line.lstrip().startswith("|") and _RULER.fullmatch(after.strip())}


def _leads(sentence: str) -> bool:
    return sentence.endswith(":") or (len(sentence.split()) <= LEAD and not sentence.endswith((".", "!", "?", ";", ",")))


class Evidence:
    """The sentences of some hits, encoded when they are first weighed.

    To encode a sentence is what an answer's time goes into. For a question the sentences are compared by the token vectors that are stored
    with their passages, where `stored` has them. For a statement those of a hit's own passage are encoded, and those of its neighbours
    where they share a word with it: most have nothing to do with it.
    """

    def __init__(self, hits: Sequence[Hit], encoder: TextEncoder, stored: StoredTokens | None = None):
        self.hits = hits
        self.statements = statements(hits)
        self.told = [(each.hit, each.text) for each in self.statements]
        self.own = [each.own for each in self.statements]
        self.ranked: dict[Part, dict[int, float]] = {}  # the best sentences for a part of a question, as `rag.answer.quote` finds them
        self._encoder = encoder
        self._stored = stored
        self._asked: dict[str, np.ndarray] = {}
        self._questions: dict[str, tuple[str, TokenVectors]] = {}
        self._matches: dict[str, tuple[np.ndarray, np.ndarray]] = {}
        self._words = [held(each.text) for each in self.statements]
        self._known = np.zeros(len(self.told), dtype=bool)
        self._vectors = np.zeros((2, len(self.told), encoder.dimension), dtype=np.float32)  # alone, and in its place

    def placed(self, at: int) -> str:
        """The sentence at a place of `statements` with all that gives it its meaning: what stands over its passage, the head of its list,
        and of a row each cell behind the head of its column."""
        each = self.statements[at]
        lead = self.statements[each.lead] if each.lead is not None else None
        head = lead if lead is not None and lead.kind == "head" else None
        if head is not None and head.lead is not None:
            lead = self.statements[head.lead]
        above = [each.hit.place.above, lead.text if lead is not None and lead is not head else ""]
        return "\n".join(filter(None, [*above, under(head, each) if head is not None else each.text]))

    def bearing(self, statement: str, ranks: Sequence[int] | None = None) -> list[Bearing]:
        """Sentences by falling similarity to `statement`, alone or in their place; of the hits with these ranks (None: all)."""
        meant = stems(statement) or held(statement)
        weighed = [
            at
            for at, (hit, _) in enumerate(self.told)
            if (ranks is None or hit.rank in ranks) and (self.own[at] or shared(meant, self._words[at]))
        ]
        scores = self.cosines(statement, weighed)
        return [
            Bearing(self.told[weighed[at]][0], self.told[weighed[at]][1], float(scores[at])) for at in np.argsort(-scores, kind="stable")
        ]

    def cosines(self, statement: str, places: Sequence[int]) -> np.ndarray:
        """(n,): the cosine of each of these sentences to `statement`, alone or in its place, whichever is higher."""
        if not places:
            return np.zeros(0, dtype=np.float32)
        self._encode([at for at in places if not self._known[at]])
        if statement not in self._asked:
            self._asked[statement] = self._encoder.encode_passages([statement])[0]
        return (self._vectors[:, places] @ self._asked[statement]).max(axis=0)

    def matches(self, question: str) -> np.ndarray:
        """(sentences, tokens): the best cosine of each content token of the question to a token of each sentence."""
        return self._matched(question)[0]

    def matches_in_place(self, question: str) -> np.ndarray:
        """(sentences, tokens): the same for each sentence in its place, what is only in the place counting PLACE of it."""
        return self._matched(question)[1]

    def _matched(self, question: str) -> tuple[np.ndarray, np.ndarray]:
        if question not in self._matches:  # the refusal asks for them, and then the quotes
            asked = rotated(content(*self._read(question)))
            own = _best(asked, self._tokens)
            over = _best(asked, [self._places[each.hit.place.above] for each in self.statements])
            self._by_letter(question, own, over)
            for at, each in enumerate(self.statements):
                if each.lead is not None:
                    over[at] = np.maximum(over[at], np.maximum(own[each.lead], over[each.lead]))
            self._matches[question] = own, np.maximum(own, PLACE * over)
        return self._matches[question]

    def _by_letter(self, question: str, *found: np.ndarray) -> None:
        """What letters tell better than vectors: a form of a word matches it, and a number is matched by itself alone."""
        columns = self.columns(question)
        asked = {word: with_digits(word) for word in set(columns)}
        dates = counted(question).dates
        of_dates = {word for date in dates for word in words(date.text)}
        sides = ([each.text for each in self.statements], [each.hit.place.above for each in self.statements])
        for matches, texts in zip(found, sides, strict=True):
            at_text: dict[str, list[int]] = {}
            for at, text in enumerate(texts):
                at_text.setdefault(text, []).append(at)
            for text, rows in at_text.items():
                numbers = with_digits(text)
                dated = bool(dates) and not lacking(
                    Counted(quantities=(), dates=dates, times=(), units=frozenset(), rest=""), counted(text)
                )
                for column, word in enumerate(columns):
                    if word in of_dates:
                        matches[rows, column] = 1.0 if dated else np.minimum(matches[rows, column], OTHER_NUMBER)
                    elif asked[word]:
                        matches[rows, column] = (
                            1.0 if not asked[word].isdisjoint(numbers) else np.minimum(matches[rows, column], OTHER_NUMBER)
                        )
                    elif word.lower() in ("many", "much") and numbers and text.startswith("|"):
                        matches[rows, column] = np.maximum(matches[rows, column], FIGURE)
                    elif has_form(word.lower(), text):
                        matches[rows, column] = np.maximum(matches[rows, column], FORM)

    def columns(self, question: str) -> list[str]:
        """The word that each column of `matches` belongs to; empty texts where no word carries meaning."""
        text, tokens = self._read(question)
        return [word for word in of_words(text, tokens) if word] or [""] * len(tokens.vectors)

    def _read(self, question: str) -> tuple[str, TokenVectors]:
        """The question in the spelling in which numbers are compared, and its tokens; remembered."""
        if question not in self._questions:
            text = without_marks(folded_form(question))
            self._questions[question] = text, self._encoder.encode_query_tokens([text])[0]
        return self._questions[question]

    def likeness(self, question: str, places: Sequence[int]) -> np.ndarray:
        """(n,): the cosine of the mean of each of these sentences' token vectors to that of the question's. It is near to what `cosines`
        gives, and nothing is encoded for it."""
        asked = rotated(content(*self._read(question))).sum(axis=0)
        return self.means[list(places)] @ asked / max(float(np.linalg.norm(asked)), 1e-9)

    @cached_property
    def means(self) -> np.ndarray:
        """(sentences, dimension): the mean of each sentence's token vectors, of unit length; zeros for one without."""
        found = np.zeros((len(self.statements), self._encoder.dimension), dtype=np.float32)
        for at, tokens in enumerate(self._tokens):
            if len(tokens) and (length := np.linalg.norm(total := tokens.sum(axis=0))):
                found[at] = total / length
        return found

    @cached_property
    def _places(self) -> dict[str, np.ndarray]:
        """The token vectors of what stands over the passages, rotated."""
        found = {"": np.zeros((0, self._encoder.dimension), dtype=np.float32)}
        for hit in self.hits:
            passage = next(iter(self._passages.get(hit.rank, ())), None)
            if passage is not None and hit.place.above not in found and passage.text.startswith(above := folded(hit.place.above)):
                found[hit.place.above] = passage.vectors[passage.starts < len(above)]
        lacking = list(dict.fromkeys(hit.place.above for hit in self.hits if hit.place.above not in found))
        for text, read in zip(lacking, self._encoder.encode_passage_tokens(lacking) if lacking else (), strict=True):
            found[text] = rotated(content(text, read))
        return found

    @cached_property
    def _passages(self) -> dict[int, list[Passage]]:
        return self._stored.passages(self.hits) if self._stored else {}

    @cached_property
    def _tokens(self) -> list[np.ndarray]:
        """The token vectors of every sentence, rotated."""
        found = [
            next((tokens for passage in self._passages.get(each.hit.rank, ()) if (tokens := passage.of(_encoded(each))) is not None), None)
            for each in self.statements
        ]
        lacking = [at for at, tokens in enumerate(found) if tokens is None]
        plain = [folded_form(_encoded(self.statements[at])) for at in lacking]
        encoded = self._encoder.encode_passage_tokens(plain) if lacking else []
        for at, text, read in zip(lacking, plain, encoded, strict=True):
            found[at] = rotated(content(text, read))
        return [tokens for tokens in found if tokens is not None]

    def _encode(self, places: Sequence[int]) -> None:
        if not places:
            return
        told = [folded_form(text) for text in [*(self.told[at][1] for at in places), *map(self.placed, places)]]
        distinct = {text: at for at, text in enumerate(dict.fromkeys(told))}
        read = self._encoder.encode_passages(list(distinct))
        self._vectors[:, places] = read[[distinct[text] for text in told]].reshape(2, len(places), -1)
        self._known[places] = True


def _encoded(each: Statement) -> str:
    """A statement as the encoder reads it in its passage: of a table, words without bars and figures."""
    return gist_of_row(each.text) if each.kind == "row" else head_in_words(each.text) if each.kind == "head" else each.text


def under(head: Statement, row: Statement) -> str:
    """A row in words: each of its cells behind the head of its column."""
    names, cells = head.cells, row.cells
    if len(names) != len(cells):
        return row.text
    return "; ".join(f"{name}: {cell}" if name else cell for name, cell in zip(names, cells, strict=True) if cell)


def evidence_of(searcher: Searcher, hits: Sequence[Hit], guesses: bool = False) -> Evidence:
    """The sentences of what was found; with `guesses` also what pictures are taken for, which bears no answer."""
    text = searcher.encoders.text
    told = [replace(hit, evidence=hit.text.replace(GUESS_MARK, "")) for hit in hits] if guesses else hits
    return Evidence(told, text, StoredTokens(searcher.catalog, searcher.late.tokens, text))


def _best(asked: np.ndarray, texts: Sequence[np.ndarray]) -> np.ndarray:
    """(texts, tokens): the best cosine of each token asked for to a token of each text; 0 where a text has none."""
    found = np.zeros((len(texts), len(asked)), dtype=np.float32)
    for at, tokens in enumerate(texts):
        if len(tokens):
            found[at] = (asked @ tokens.T).max(axis=1)
    return found
