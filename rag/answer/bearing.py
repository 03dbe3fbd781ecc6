"""Which sentences of the hits bear on a question or a statement: encoder similarity, sentence by sentence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from rag.answer.sentences import sentences
from rag.embed.base import TextEncoder
from rag.records import Hit


@dataclass(frozen=True)
class Bearing:
    """A sentence of a hit's evidence (white space folded), and its cosine to what was asked."""

    hit: Hit
    sentence: str
    score: float


class Evidence:
    """The sentences of some hits with their vectors, encoded once."""

    def __init__(self, hits: Sequence[Hit], encoder: TextEncoder):
        self._encoder = encoder
        self._asked: dict[str, np.ndarray] = {}
        self._of = [(hit, sentence) for hit in hits for sentence in sentences(hit.evidence)]
        told = [f"{hit.locator.heading or ''}\n{sentence}" for hit, sentence in self._of]
        plain = [sentence for _, sentence in self._of]
        vectors = encoder.encode([*plain, *told]) if plain else np.zeros((0, encoder.dimension), np.float32)
        self._plain, self._told = vectors[: len(plain)], vectors[len(plain) :]

    def bearing(self, statement: str, ranks: Sequence[int] | None = None) -> list[Bearing]:
        """Sentences by falling similarity to `statement`, alone or under their heading; of the hits with these ranks (None: all)."""
        if not self._of:
            return []
        if statement not in self._asked:
            asked = self._encoder.encode([statement])[0]
            self._asked[statement] = np.maximum(self._plain @ asked, self._told @ asked)
        scores = self._asked[statement]
        return [
            Bearing(self._of[at][0], self._of[at][1], float(scores[at]))
            for at in np.argsort(-scores, kind="stable")
            if ranks is None or self._of[at][0].rank in ranks
        ]
