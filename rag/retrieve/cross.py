"""A rerank by a cross-encoder, which reads the question and a passage together: the one that the setting `rerank_model` names.

It sees more than late interaction, and takes a pass of the whole model for each passage (Nogueira and Cho 2019, arXiv:1901.04085).
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from threading import Lock
from typing import TYPE_CHECKING, Any

import numpy as np

from rag.embed.prose import encodable
from rag.embed.sources import load_cross

if TYPE_CHECKING:
    from sentence_transformers import CrossEncoder

BATCH = 16


class CrossRerank:
    """Scores passages with a sentence-transformers CrossEncoder, a hub name or a folder, loaded with the first question.

    Safe from several threads; they take turns.
    """

    def __init__(self, model: str, device: str | None = None):
        self.name = model
        self._device = device
        self._lock = Lock()

    @cached_property
    def _model(self) -> CrossEncoder:
        return load_cross(self.name, self._device)

    def score(self, question: str, passages: Sequence[str]) -> list[float]:
        """One score a passage, higher is better; a passage is cut to what the model reads. Raises EncoderError."""
        if not passages:
            return []
        asked, *texts = encodable([question, *passages])
        pairs: list[Any] = [(asked, text) for text in texts]
        with self._lock:
            scores = self._model.predict(pairs, batch_size=BATCH, show_progress_bar=False, convert_to_numpy=True)
        return [float(score) for score in np.nan_to_num(scores, nan=-np.inf)]
