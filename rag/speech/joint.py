"""Sounds and words as vectors of one space, where the setting `sound_model` names one: a sentence-transformers model that takes both, as
CLAP does (Wu et al. 2023, arXiv:2211.06687)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from threading import Lock
from typing import Any

import numpy as np

from rag.embed.prose import encodable
from rag.embed.sources import fingerprint, load
from rag.embed.unit import direction, unit
from rag.errors import EncoderError
from rag.speech.sound import Sound

SECONDS = 10  # of a piece: as much as CLAP hears at once
LEAST = 1.0  # seconds of the last piece
SILENT = 1e-4  # in the mean of a piece: what is less has no sound
LOOKED_FOR = 6  # pieces from the beginning of a recording that is a query
KEPT = np.dtype("<f2")


class SoundEncoder:
    """Over a hub name or a folder. Raises EncoderError where it cannot be loaded or does not take words and sounds."""

    def __init__(self, model: str, device: str | None = None):
        self.name = fingerprint(model)
        self._model = load(model, device)
        self._lock = Lock()
        if not self._model.supports("audio") or not self._model.supports("text"):
            raise EncoderError(f"{model} does not take both words and sounds.", "Name a CLAP-like model as sound_model.")
        processor: Any = self._model[0].processor
        self._rate: int = processor.feature_extractor.sampling_rate

    def words(self, text: str) -> np.ndarray:
        """(dimension,) float32 of unit length."""
        return self._encoded(encodable([text]))[0]

    def pieces(self, sound: Sound, beat: Callable[[], None] = lambda: None) -> Iterator[np.ndarray]:
        """A vector for every SECONDS of a recording, (dimension,) float32 of unit length, zero where it is silent. `beat` is called on the
        way. Raises ReadError."""
        whole, held = SECONDS * self._rate, np.zeros(0, np.float32)
        for numbers in sound.pieces(self._rate):
            held = np.concatenate([held, numbers])
            while len(held) >= whole:
                beat()
                yield self._piece(held[:whole])
                held = held[whole:]
        if len(held) >= LEAST * self._rate:
            yield self._piece(held)

    def asked(self, sound: Sound) -> np.ndarray:
        """(dimension,) float32: a recording as a query, by how it begins; zero where that is silent. Raises ReadError."""
        first = [piece for piece, _ in zip(self.pieces(sound), range(LOOKED_FOR), strict=False)]
        return direction(np.sum(first, axis=0)) if first else np.zeros(1, np.float32)

    def _piece(self, numbers: np.ndarray) -> np.ndarray:
        vector = self._encoded([{"array": numbers, "sampling_rate": self._rate}])[0]
        return vector * (np.abs(numbers).mean() > SILENT)

    def _encoded(self, inputs: Sequence[object]) -> np.ndarray:
        with self._lock:
            return unit(self._model.encode(inputs, show_progress_bar=False, convert_to_numpy=True))


def packed(vectors: Sequence[np.ndarray]) -> bytes:
    """The vectors of one recording as they are kept."""
    return np.array(vectors).astype(KEPT).tobytes()


def unpacked(kept: bytes, dimension: int) -> np.ndarray:
    """(pieces, dimension) float32."""
    return np.frombuffer(kept, KEPT).reshape(-1, dimension).astype(np.float32)


@lru_cache(maxsize=1)
def load_sounds(model: str, device: str | None) -> SoundEncoder:
    """The one of this process. Raises EncoderError."""
    return SoundEncoder(model, device)
