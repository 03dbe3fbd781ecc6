"""The token vectors that were stored with the passages of a hit, each at its place in the text: what spares encoding every sentence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from rag.embed.base import TextEncoder, TokenVectors
from rag.embed.compact import unpacked
from rag.language.fold import folded_form
from rag.language.split import folded
from rag.records import Hit
from rag.retrieve.rerank import content
from rag.storage.catalog import Catalog
from rag.storage.tokens import TokenStore


@dataclass(frozen=True)
class Passage:
    """A text (white space folded) with the vectors of its content tokens, rotated, and where in the text each of them starts."""

    text: str
    starts: np.ndarray
    vectors: np.ndarray

    def of(self, sentence: str) -> np.ndarray | None:
        """(n, dimension): the vectors of `sentence`; None where it does not stand here."""
        sentence = folded_form(sentence)
        at = self.text.rfind(sentence)  # a heading in front may be the same words
        return None if at < 0 else self.vectors[(self.starts >= at) & (self.starts < at + len(sentence))]


@dataclass(frozen=True)
class StoredTokens:
    """The passages of hits, as a library has stored them."""

    catalog: Catalog
    tokens: TokenStore
    encoder: TextEncoder

    def passages(self, hits: Sequence[Hit]) -> dict[int, list[Passage]]:
        """By the rank of each hit the passages that it was joined of; those are left out whose vectors do not tell their tokens."""
        known = self.catalog.records([hit.id for hit in hits])
        pieces = {
            hit.rank: [known[hit.id], *(filter(None, self.catalog.around(known[hit.id])) if hit.pieces else ())]
            for hit in hits
            if hit.id in known
        }
        packed = self.tokens.fetch([piece.id for each in pieces.values() for piece in each])
        return {
            rank: [found for piece in each if (found := self._passage(piece.record.gist, packed.get(piece.id, b"")))]
            for rank, each in pieces.items()
        }

    def _passage(self, gist: str, packed: bytes) -> Passage | None:
        text = folded(gist)
        plain = self.encoder.passage_offsets(text)
        vectors = unpacked(packed, self.encoder.dimension)
        kept = content(text, TokenVectors(np.array([start for start, _ in plain])[:, None], plain))[:, 0]
        return Passage(text, kept, vectors) if len(kept) == len(vectors) else None  # of very long ones, neighbours were averaged
