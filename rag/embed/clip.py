"""The joint encoder of the `clip` profile: any sentence-transformers model that takes words and pictures."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from threading import Lock
from typing import TYPE_CHECKING

import numpy as np

from rag.embed import prompts
from rag.embed.base import Looked
from rag.embed.imagenet import first_names, guesses
from rag.embed.pixels import flat
from rag.embed.prose import encodable
from rag.embed.remembered import remembered
from rag.embed.sources import load
from rag.embed.unit import unit
from rag.errors import EncoderError

if TYPE_CHECKING:
    from PIL.Image import Image

BATCH = 16
PROMPT = "a photo of a {}"
SCALE = 100.0


class ClipEncoder:
    """A JointEncoder over a hub name or a folder. Raises EncoderError where it cannot be loaded or takes no pictures.

    What a picture may show is asked of the model itself, zero-shot over the class names of ImageNet (Radford et al. 2021,
    arXiv:2103.00020), at CLIP's own temperature.
    """

    in_prose_space = False

    def __init__(self, model: str, device: str | None = None):
        self.name = prompts.named(model)
        self._model = load(model, device)
        self._prompts = prompts.chosen(model, self._model.prompts, self._model.default_prompt_name)
        self._lock = Lock()
        if not self._model.supports("image") or not self._model.supports("text"):
            raise EncoderError(f"{model} does not take both words and pictures.", "Name a CLIP-like model as joint_model.")
        self.dimension = self.encode_query(["a"]).shape[1]

    @cached_property
    def _classes(self) -> np.ndarray:
        return remembered(self.name, [PROMPT.format(name) for name in first_names()], self.encode_query)

    def look(self, images: Sequence[Image]) -> Looked:
        if not images:
            return Looked(np.zeros((0, self.dimension), dtype=np.float32), None, [])
        with self._lock:
            visual = unit(
                self._model.encode([flat(image) for image in images], batch_size=BATCH, show_progress_bar=False, convert_to_numpy=True)
            )
        logits = SCALE * visual @ self._classes.T
        chances = np.exp(logits - logits.max(axis=1, keepdims=True))
        chances /= chances.sum(axis=1, keepdims=True)
        return Looked(visual, None, guesses(chances))

    def encode_query(self, texts: Sequence[str]) -> np.ndarray:
        return self._words(texts, self._prompts.query)

    def encode_passages(self, texts: Sequence[str]) -> np.ndarray:
        return self._words(texts, self._prompts.passage)

    def _words(self, texts: Sequence[str], prompt: str) -> np.ndarray:
        if not texts:
            return np.zeros((0, self.dimension), dtype=np.float32)
        with self._lock:
            return unit(
                self._model.encode(encodable(texts), prompt=prompt, batch_size=BATCH, show_progress_bar=False, convert_to_numpy=True)
            )
