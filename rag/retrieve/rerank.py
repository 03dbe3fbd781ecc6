"""Late interaction: a passage is scored by how well each word of the question finds a match in it.

MaxSim as in ColBERT (Khattab and Zaharia 2020, arXiv:2004.12832), over the token vectors of the prose encoder as it is, without ColBERT's
training: the mean over the question's content tokens of the best cosine to a token of the passage.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from threading import Lock

import numpy as np

from rag.embed.base import TextEncoder, TokenVectors
from rag.retrieve.words import FUNCTION_WORDS, words

CACHED_PASSAGES = 1_000


@dataclass(frozen=True)
class MaxSim:
    """`score` is the mean of the best cosine of each content token of the question, `weakest` the mean of the lowest third."""

    score: float
    weakest: float


class LateInteraction:
    """Scores passages against a question; token vectors of the passages met last are kept (float16)."""

    def __init__(self, encoder: TextEncoder):
        self._encoder = encoder
        self._kept: OrderedDict[str, np.ndarray] = OrderedDict()
        self._lock = Lock()

    def score(self, question: str, passages: Sequence[str]) -> list[MaxSim]:
        """One MaxSim a passage."""
        asked = _content(question, self._encoder.encode_tokens([question])[0])
        scores = []
        for vectors in self._vectors(passages):
            if not len(vectors) or not len(asked):
                scores.append(MaxSim(0.0, 0.0))
                continue
            best = np.sort((asked @ vectors.T.astype(np.float32)).max(axis=1))
            scores.append(MaxSim(float(best.mean()), float(best[: max(1, len(best) // 3)].mean())))
        return scores

    def _vectors(self, passages: Sequence[str]) -> list[np.ndarray]:
        with self._lock:
            missing = [passage for passage in dict.fromkeys(passages) if passage not in self._kept]
            found = {passage: self._kept[passage] for passage in passages if passage in self._kept}
        for passage, tokens in zip(missing, self._encoder.encode_tokens(missing) if missing else [], strict=True):
            found[passage] = tokens.vectors.astype(np.float16)
        with self._lock:
            for passage in found:
                self._kept[passage] = found[passage]
                self._kept.move_to_end(passage)
            while len(self._kept) > CACHED_PASSAGES:
                self._kept.popitem(last=False)
        return [found[passage] for passage in passages]


def _content(question: str, tokens: TokenVectors) -> np.ndarray:
    """Vectors of the question's tokens that belong to a word with meaning; of all where none does."""
    spans, at = [], 0
    for word in words(question):
        at = question.index(word, at)
        if word.lower() not in FUNCTION_WORDS:
            spans.append((at, at + len(word)))
        at += len(word)
    inside = [any(start < right and left < end for left, right in spans) for start, end in tokens.offsets]
    return tokens.vectors[np.asarray(inside, dtype=bool)] if any(inside) else tokens.vectors
