"""The packaged joint encoder: a classifier of photographs whose classes are read by the prose encoder, and a head learnt from clip art.

ConSE (Norouzi et al. 2014, arXiv:1312.5650) averages the text vectors of the classes that a picture is taken for. That gives `prose`, a
picture's place in the prose encoder's space. The joint space goes the other way: its axes are the 1,000 classes; words become a
distribution over the classes that they are near to, a picture its standardized logits where they are above the mean, and the inner product
counts how far both mean the same classes. Beside these stands what the head sees (`rag.embed.head`), which was learnt for the packaged
prose encoder and goes with no other. On captioned pictures both together find most, and the names nearest to a picture are the better
guesses at what it shows (benchmarks/pictures.md, where the constants were chosen).
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from rag.embed import exported, names
from rag.embed.base import Looked, TextEncoder
from rag.embed.classifier import Classifier
from rag.embed.head import DIMENSION, Head, shipped
from rag.embed.imagenet import classes, guesses
from rag.embed.lite0 import CLASSES, FEATURES, SIDE
from rag.embed.pixels import flat, squares
from rag.embed.remembered import remembered
from rag.embed.unit import unit

if TYPE_CHECKING:
    from PIL.Image import Image

MARGIN = 16
SHARPNESS = 12.0
TOP = 10
SHARE = 1.5  # of the classes, beside the head, in a cosine
TOLD = 2.0  # of the head, beside the classes, in `prose`


class ConseEncoder:
    """A JointEncoder over any TextEncoder, by the classes alone. Classifier and class texts are loaded when first needed."""

    name = "lite0-conse"
    dimension = CLASSES
    in_prose_space = True

    def __init__(self, text: TextEncoder, device: str | None = None):
        self._text = text
        self.classifier = Classifier(device)

    @cached_property
    def head(self) -> Head:
        """Its mean and deviation are the reference for the classes too, also where nothing else of it is used."""
        return shipped()

    @cached_property
    def _center(self) -> np.ndarray:
        return self._texts.mean(axis=0)

    @cached_property
    def _texts(self) -> np.ndarray:
        """(1000, text dimension): each class between its names and its definition."""
        texts = [text for pair in classes() for text in pair]
        vectors = remembered(self._text.name, texts, self._text.encode_passages)
        return unit(vectors.reshape(len(classes()), 2, -1).sum(axis=1))

    def look(self, images: Sequence[Image]) -> Looked:
        first, seen = self.seen(images)
        chances = softmax(first[:, FEATURES:])
        visual = self.placed(seen)
        return Looked(visual, self._read(seen, chances), self.guessed(visual, chances))

    def seen(self, images: Sequence[Image]) -> tuple[np.ndarray, np.ndarray]:
        """What the classifier sees in the first view of each, and in all of its views on average; both (n, FEATURES + CLASSES)."""
        views = list(exported.each(lambda image: self._views(flat(image)), images))
        seen = self.classifier([view for each in views for view in each])
        counts = np.array([len(each) for each in views], dtype=int)
        starts = np.cumsum(counts) - counts
        return seen[starts], np.add.reduceat(seen, starts) / counts[:, None] if views else seen

    def encode_query(self, texts: Sequence[str]) -> np.ndarray:
        return self.meant(self._text.encode_passages(texts))  # as the names of the classes are read, since both are centred alike

    def encode_passages(self, texts: Sequence[str]) -> np.ndarray:
        return self.encode_query(texts)

    def _views(self, image: Image) -> list[Image]:
        return squares(image, SIDE, MARGIN)

    def placed(self, seen: np.ndarray) -> np.ndarray:
        """(n, dimension) of what the classifier sees in pictures."""
        return unit(np.clip(self.head.standard(seen)[:, FEATURES:], 0, None))

    def meant(self, vectors: np.ndarray) -> np.ndarray:
        """(n, dimension) of words, which the text encoder reads as these."""
        return self.classwise(vectors)

    def classwise(self, vectors: np.ndarray) -> np.ndarray:
        """(n, 1000) of unit length: the distribution over the classes of words that the text encoder reads as these."""
        near = unit(vectors - self._center) @ unit(self._texts - self._center).T
        return unit(softmax(SHARPNESS * near))

    def guessed(self, visual: np.ndarray, chances: np.ndarray) -> list[list[tuple[str, float]]]:
        """What pictures at these places, with these chances of the classes, may show."""
        return guesses(chances)

    def _read(self, seen: np.ndarray, chances: np.ndarray) -> np.ndarray:
        """(n, text dimension) of pictures."""
        return unit(strongest(chances, TOP) @ self._texts - self._center)


class HeadEncoder(ConseEncoder):
    """By the classes and the head, over the packaged prose encoder."""

    name = "lite0-head"
    dimension = CLASSES + DIMENSION

    def placed(self, seen: np.ndarray) -> np.ndarray:
        return _beside(super().placed(seen), self.head.see(seen))

    def meant(self, vectors: np.ndarray) -> np.ndarray:
        return _beside(self.classwise(vectors), self.head.read(vectors))

    @cached_property
    def names(self) -> np.ndarray:
        """(n, dimension) of what pictures may be guessed to show."""
        return self.meant(remembered(self._text.name, names.names()[0], self._text.encode_passages))

    def guessed(self, visual: np.ndarray, chances: np.ndarray) -> list[list[tuple[str, float]]]:
        return names.guesses(visual @ self.names.T, chances)

    def _read(self, seen: np.ndarray, chances: np.ndarray) -> np.ndarray:
        return unit(super()._read(seen, chances) + TOLD * self.head.told(self.head.see(seen)))


class FormerEncoder(ConseEncoder):
    """As libraries were made until November 2026, which are searched and added to as before until they are made anew."""

    name = "conse-efficientnet-lite0"

    def _views(self, image: Image) -> list[Image]:
        return super()._views(image)[:1]

    def placed(self, seen: np.ndarray) -> np.ndarray:
        logits = seen[:, FEATURES:]
        spread = np.maximum(logits.std(axis=1, keepdims=True), 1e-9)
        return unit(np.clip((logits - logits.mean(axis=1, keepdims=True)) / spread, 0, None))


def _beside(classes: np.ndarray, learnt: np.ndarray) -> np.ndarray:
    """Two places of unit length as one, so that its cosine is the mean of theirs, the classes' counted SHARE times."""
    return unit(np.hstack([SHARE**0.5 * classes, learnt]))


def softmax(logits: np.ndarray) -> np.ndarray:
    """Probabilities of each row of `logits`."""
    chances = np.exp(logits - logits.max(axis=1, keepdims=True))
    return chances / chances.sum(axis=1, keepdims=True)


def strongest(chances: np.ndarray, top: int) -> np.ndarray:
    """The `top` largest of each row as shares of 1, zeros for the rest."""
    least = np.sort(chances, axis=1)[:, -top, None]
    kept = np.where(chances >= least, chances, 0)
    return kept / kept.sum(axis=1, keepdims=True)
