"""Late interaction: a passage is scored by how well each word of the question finds a match in it.

MaxSim as in ColBERT (Khattab and Zaharia 2020, arXiv:2004.12832), over the token vectors of the prose encoder as it is, without ColBERT's
training: the mean over the question's content tokens of the best cosine to a content token of the passage.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from rag.embed.base import TextEncoder, TokenVectors
from rag.embed.compact import packed, rotated, unpacked
from rag.language.words import FUNCTION_WORDS, words
from rag.storage.tokens import TokenStore


@dataclass(frozen=True)
class MaxSim:
    """`score` is the mean of the best cosine of each content token of the question, `weakest` the mean of the lowest third."""

    score: float
    weakest: float


class LateInteraction:
    """Scores records of a library against a question by the token vectors that were stored with them."""

    def __init__(self, encoder: TextEncoder, tokens: TokenStore):
        self._encoder = encoder
        self.tokens = tokens

    def score(self, question: str, ids: Sequence[int]) -> list[MaxSim]:
        """One MaxSim a record; zeros for one that is no longer there."""
        asked = rotated(content(question, self._encoder.encode_query_tokens([question])[0]))
        stored = self.tokens.fetch(ids)
        scores = []
        for id in ids:
            vectors = unpacked(stored.get(id, b""), self._encoder.dimension)
            if not len(vectors) or not len(asked):
                scores.append(MaxSim(0.0, 0.0))
                continue
            best = np.sort((asked @ vectors.T).max(axis=1))
            scores.append(MaxSim(float(best.mean()), float(best[: max(1, len(best) // 3)].mean())))
        return scores


def kept(text: str, tokens: TokenVectors) -> bytes:
    """What is stored of a passage: the vectors of its content tokens, packed."""
    return packed(content(text, tokens))


def content(text: str, tokens: TokenVectors) -> np.ndarray:
    """(n, dimension): vectors of the tokens that belong to a word with meaning; of all where none does."""
    meant = np.array([word is not None for word in of_words(text, tokens)], dtype=bool)
    return tokens.vectors[meant] if meant.any() else tokens.vectors


def of_words(text: str, tokens: TokenVectors) -> list[str | None]:
    """For each token the word with meaning that it belongs to."""
    words_at: list[str | None] = [None] * (len(text) + 1)
    at = 0
    for word in words(text):
        at = text.index(word, at)
        if word.lower() not in FUNCTION_WORDS:
            words_at[at : at + len(word)] = [word] * len(word)
        at += len(word)
    return [next(filter(None, words_at[start:end]), None) for start, end in tokens.offsets]
