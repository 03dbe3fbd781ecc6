"""A linear head: from what a classifier sees in a picture to the space of the prose encoder, and from its texts to the same place.

It was learnt from pictures with words (`rag.embed.learning`); the one that ships is `head.npz`, of which `head.md` tells the origin.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from functools import cache
from pathlib import Path

import numpy as np

from rag.embed.unit import unit

SHIPPED = Path(__file__).with_name("head.npz")
DIMENSION = 384


@dataclass(frozen=True)
class Head:
    """`mean` and `deviation` (width,) of what was seen in the pictures that it was learnt from, `pictures` (width, d) and `bias` (d,)
    for what is seen, in these deviations, and `words` (d, d) for texts."""

    mean: np.ndarray
    deviation: np.ndarray
    pictures: np.ndarray
    bias: np.ndarray
    words: np.ndarray

    @classmethod
    def load(cls, file: Path) -> Head:
        with np.load(file, allow_pickle=False) as kept:
            return cls(**{each.name: kept[each.name].astype(np.float32) for each in fields(cls)})

    def save(self, file: Path) -> None:
        """In 16 bits, and as the same bytes each time."""
        np.savez(file, **{each.name: getattr(self, each.name).astype(np.float16) for each in fields(self)})

    def standard(self, seen: np.ndarray) -> np.ndarray:
        """What was seen (n, width) in deviations from the mean of what it was learnt from: a picture's own, whatever else is looked at."""
        return (seen - self.mean) / self.deviation

    def see(self, seen: np.ndarray) -> np.ndarray:
        """(n, d) of unit length."""
        return unit(self.standard(seen) @ self.pictures + self.bias)

    def read(self, texts: np.ndarray) -> np.ndarray:
        """(n, d) of unit length: where pictures of what the texts (n, d) mean are."""
        return unit(texts @ self.words)

    def told(self, placed: np.ndarray) -> np.ndarray:
        """(n, d) of unit length: the texts that pictures at these places would be read as."""
        return unit(placed @ self.words.T)


@cache
def shipped() -> Head:
    return Head.load(SHIPPED)
