"""Which sentences of the hits bear on a question or a statement, sentence by sentence: by the encoder, and word for word."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from rag.answer.stored import StoredTokens
from rag.embed.base import TextEncoder
from rag.embed.compact import rotated
from rag.language.split import folded, sentences
from rag.language.words import content_words
from rag.records import GUESS_MARK, Hit
from rag.retrieve.rerank import content, of_words

if TYPE_CHECKING:
    from rag.library import Library

BEGINNING = 5  # letters


@dataclass(frozen=True)
class Bearing:
    """A sentence of a hit's evidence (white space folded), and how near it is to what was asked: its cosine, if nothing else is said."""

    hit: Hit
    sentence: str
    score: float


class Evidence:
    """The sentences of some hits, encoded when they are first weighed.

    To encode a sentence is what an answer's time goes into. For a question the sentences are compared by the token vectors that are stored
    with their passages, where `stored` has them. For a statement those of a hit's own passage are encoded, and those of its neighbours
    where they share a word with it: most have nothing to do with it.
    """

    def __init__(self, hits: Sequence[Hit], encoder: TextEncoder, stored: StoredTokens | None = None):
        self.hits = hits
        self._encoder = encoder
        self._stored = stored
        self._asked: dict[str, np.ndarray] = {}
        self._matches: dict[str, np.ndarray] = {}
        self.told = [(hit, sentence) for hit in hits for sentence in sentences(hit.evidence)]
        self.own = [not hit.pieces or sentence in folded(hit.pieces[0][0]) for hit, sentence in self.told]
        self._words = [_beginnings(sentence) for _, sentence in self.told]
        self._known = np.zeros(len(self.told), dtype=bool)
        self._vectors = np.zeros((2, len(self.told), encoder.dimension), dtype=np.float32)  # alone, and under the heading

    def bearing(self, statement: str, ranks: Sequence[int] | None = None) -> list[Bearing]:
        """Sentences by falling similarity to `statement`, alone or under their heading; of the hits with these ranks (None: all)."""
        meant = _beginnings(statement)
        weighed = [
            at
            for at, (hit, _) in enumerate(self.told)
            if (ranks is None or hit.rank in ranks) and (self.own[at] or not meant.isdisjoint(self._words[at]))
        ]
        scores = self.cosines(statement, weighed)
        return [
            Bearing(self.told[weighed[at]][0], self.told[weighed[at]][1], float(scores[at])) for at in np.argsort(-scores, kind="stable")
        ]

    def cosines(self, statement: str, places: Sequence[int]) -> np.ndarray:
        """(n,): the cosine of each of these sentences of `told` to `statement`, alone or under its heading, whichever is higher."""
        if not places:
            return np.zeros(0, dtype=np.float32)
        self._encode([at for at in places if not self._known[at]])
        if statement not in self._asked:
            self._asked[statement] = self._encoder.encode_passages([statement])[0]
        return (self._vectors[:, places] @ self._asked[statement]).max(axis=0)

    def matches(self, question: str) -> np.ndarray:
        """(sentences, tokens): for each sentence of `told` the best cosine of each content token of the question to a token of it."""
        if question in self._matches:  # the refusal asks for them, and then the quotes
            return self._matches[question]
        asked = rotated(content(question, self._encoder.encode_query_tokens([question])[0]))
        found = np.zeros((len(self.told), len(asked)), dtype=np.float32)
        for at, tokens in enumerate(self._tokens):
            if len(tokens):
                found[at] = (asked @ tokens.T).max(axis=1)
        self._matches[question] = found
        return found

    def columns(self, question: str) -> list[str]:
        """The word that each column of `matches` belongs to; empty texts where no word carries meaning."""
        [tokens] = self._encoder.encode_query_tokens([question])
        return [word for word in of_words(question, tokens) if word] or [""] * len(tokens.vectors)

    @cached_property
    def _tokens(self) -> list[np.ndarray]:
        """The token vectors of every sentence, rotated."""
        passages = self._stored.passages(self.hits) if self._stored else {}
        found = [
            next((tokens for passage in passages.get(hit.rank, ()) if (tokens := passage.of(sentence)) is not None), None)
            for hit, sentence in self.told
        ]
        lacking = [at for at, tokens in enumerate(found) if tokens is None]
        encoded = self._encoder.encode_passage_tokens([self.told[at][1] for at in lacking]) if lacking else []
        for at, read in zip(lacking, encoded, strict=True):
            found[at] = rotated(content(self.told[at][1], read))
        return [tokens for tokens in found if tokens is not None]

    def _encode(self, places: Sequence[int]) -> None:
        if not places:
            return
        plain = [self.told[at][1] for at in places]
        told = [f"{self.told[at][0].locator.heading or ''}\n{self.told[at][1]}" for at in places]
        self._vectors[:, places] = self._encoder.encode_passages([*plain, *told]).reshape(2, len(places), -1)
        self._known[places] = True


def evidence_of(library: Library, hits: Sequence[Hit], guesses: bool = False) -> Evidence:
    """The sentences of what a library found; with `guesses` also what its pictures are taken for, which bears no answer."""
    text = library.encoders.text
    told = [replace(hit, evidence=hit.text.replace(GUESS_MARK, "")) for hit in hits] if guesses else hits
    return Evidence(told, text, StoredTokens(library.catalog, library.tokens, text))


def _beginnings(text: str) -> set[str]:
    """What the words of a text begin with, so that forms of a word meet."""
    return {word.lower()[:BEGINNING] for word in content_words(text)}
