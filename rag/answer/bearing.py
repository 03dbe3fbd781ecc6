"""Which sentences of the hits bear on a question or a statement: encoder similarity, sentence by sentence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from rag.answer.sentences import sentences
from rag.embed.base import TextEncoder
from rag.records import Hit
from rag.retrieve.words import content_words

BEGINNING = 5  # letters


@dataclass(frozen=True)
class Bearing:
    """A sentence of a hit's evidence (white space folded), and its cosine to what was asked."""

    hit: Hit
    sentence: str
    score: float


class Evidence:
    """The sentences of some hits, encoded when they are first weighed.

    Those of a hit's own passage always are. Those of its neighbours are where they share a word with the statement: most have nothing to do
    with it, and to encode a sentence is what an answer's time goes into.
    """

    def __init__(self, hits: Sequence[Hit], encoder: TextEncoder):
        self._encoder = encoder
        self._asked: dict[str, np.ndarray] = {}
        self._of = [(hit, sentence) for hit in hits for sentence in sentences(hit.evidence)]
        self._own = [not hit.pieces or sentence in _folded(hit.pieces[0][0]) for hit, sentence in self._of]
        self._words = [_beginnings(sentence) for _, sentence in self._of]
        self._known = np.zeros(len(self._of), dtype=bool)
        self._vectors = np.zeros((2, len(self._of), encoder.dimension), dtype=np.float32)  # alone, and under the heading

    def bearing(self, statement: str, ranks: Sequence[int] | None = None) -> list[Bearing]:
        """Sentences by falling similarity to `statement`, alone or under their heading; of the hits with these ranks (None: all)."""
        meant = _beginnings(statement)
        weighed = [
            at
            for at, (hit, _) in enumerate(self._of)
            if (ranks is None or hit.rank in ranks) and (self._own[at] or not meant.isdisjoint(self._words[at]))
        ]
        if not weighed:
            return []
        self._encode([at for at in weighed if not self._known[at]])
        if statement not in self._asked:
            self._asked[statement] = self._encoder.encode([statement])[0]
        scores = (self._vectors[:, weighed] @ self._asked[statement]).max(axis=0)
        return [Bearing(self._of[weighed[at]][0], self._of[weighed[at]][1], float(scores[at])) for at in np.argsort(-scores, kind="stable")]

    def _encode(self, places: Sequence[int]) -> None:
        if not places:
            return
        plain = [self._of[at][1] for at in places]
        told = [f"{self._of[at][0].locator.heading or ''}\n{self._of[at][1]}" for at in places]
        self._vectors[:, places] = self._encoder.encode([*plain, *told]).reshape(2, len(places), -1)
        self._known[places] = True


def _beginnings(text: str) -> set[str]:
    """What the words of a text begin with, so that forms of a word meet."""
    return {word.lower()[:BEGINNING] for word in content_words(text)}


def _folded(text: str) -> str:
    return " ".join(text.split())
