"""Where words and where pictures lie on average in a joint space, so that both halves of a composed query count alike.

The words of a CLIP lie in one narrow cone and its pictures in another (the modality gap: Liang et al. 2022, arXiv:2203.02053). What two
pictures differ in is what is left without the mean of pictures; and the narrower the cone, the smaller a part of the vector that is.
"""

from __future__ import annotations

from functools import cached_property
from threading import Lock

import numpy as np

from rag.embed.base import JointEncoder
from rag.embed.clip import PROMPT
from rag.embed.imagenet import first_names
from rag.embed.remembered import remembered
from rag.embed.unit import direction
from rag.storage.store import Store

FEWEST = 50  # pictures that make a mean: of fewer it is what they show
SAMPLE = 500


class Centres:
    """The means of one library: of words over ImageNet's class names, of pictures over a sample of the library's own."""

    def __init__(self, joint: JointEncoder, store: Store):
        self._joint = joint
        self._store = store
        self._lock = Lock()
        self._counted = -1
        self._pictures = np.zeros(joint.dimension, dtype=np.float32)

    def words(self, vector: np.ndarray) -> np.ndarray:
        """A vector of words without what all words share, of unit length."""
        return direction(vector - self._words)

    def picture(self, vector: np.ndarray) -> np.ndarray:
        """A picture's vector without what the library's pictures share, of unit length. Raises StoreError."""
        with self._lock:
            count = self._store.count()
            if count != self._counted:
                sample = self._store.pictures(SAMPLE)
                self._pictures = sample.mean(axis=0) if len(sample) >= FEWEST else np.zeros_like(self._pictures)
                self._counted = count
        return direction(vector - self._pictures)

    @cached_property
    def _words(self) -> np.ndarray:
        prompts = [PROMPT.format(name) for name in first_names()]
        return remembered(self._joint.name, prompts, self._joint.encode_query).mean(axis=0)
