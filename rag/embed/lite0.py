"""EfficientNet-Lite0 as a graph of ONNX, from the weights of its package: each norm folded into the convolution before it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np

from rag.embed.graph import Graph

FILE = "efficientnet-lite0-57934424.pth"
SIDE = 224
FEATURES, CLASSES = 1280, 1000
TINY = 1e-3  # of its norms
HALVING = (1, 3, 5, 11)  # the blocks that give a picture of half the side, as the first convolution does
BLOCKS = 16


def build(folder: Path) -> bytes:
    """The classifier: "pixels" (n, SIDE, SIDE, 3) from 0 to 255 in; out (n, FEATURES + CLASSES): its features, then its outputs."""
    import torch

    loaded = torch.load(folder / FILE, weights_only=True, map_location="cpu")
    return _encoded({name: part.numpy() for name, part in loaded.items()})


def _encoded(weights: Mapping[str, np.ndarray]) -> bytes:
    graph = Graph()
    nought, six = graph.constant(0.0), graph.constant(6.0)
    side = SIDE

    def convolved(x: str, name: str, norm: str, stride: int = 1, bounded: bool = True) -> str:
        nonlocal side
        kernel = weights[f"{name}.weight"]
        scale = weights[f"{norm}.weight"] / np.sqrt(weights[f"{norm}.running_var"] + TINY)
        bias = weights[f"{norm}.bias"] - weights[f"{norm}.running_mean"] * scale
        width = kernel.shape[2]
        padding = max((-(-side // stride) - 1) * stride + width - side, 0)  # as TensorFlow pads, which it was trained with
        side = -(-side // stride)
        inputs = [x, graph.constant(kernel * scale[:, None, None, None]), graph.constant(bias)]
        groups = len(kernel) if "depthwise" in name else 1
        pads = [padding // 2] * 2 + [padding - padding // 2] * 2
        x = graph.node("Conv", inputs, kernel_shape=[width, width], strides=[stride, stride], pads=pads, group=groups)
        return graph.node("Clip", [x, nought, six]) if bounded else x

    scaled = graph.node("Div", [graph.node("Sub", ["pixels", graph.constant(127)]), graph.constant(128)])
    x = convolved(graph.node("Transpose", [scaled], perm=[0, 3, 1, 2]), "_conv_stem", "_bn0", stride=2)
    for number in range(BLOCKS):
        at, before = f"_blocks.{number}.", x
        stride = 2 if number in HALVING else 1
        if f"{at}_expand_conv.weight" in weights:
            x = convolved(x, f"{at}_expand_conv", f"{at}_bn0")
        x = convolved(x, f"{at}_depthwise_conv", f"{at}_bn1", stride)
        x = convolved(x, f"{at}_project_conv", f"{at}_bn2", bounded=False)
        if stride == 1 and _width(weights, number) == _width(weights, number - 1):
            x = graph.node("Add", [x, before])
    x = graph.node("Flatten", [graph.node("GlobalAveragePool", [convolved(x, "_conv_head", "_bn1")])])
    logits = graph.node("Gemm", [x, graph.constant(weights["_fc.weight"]), graph.constant(weights["_fc.bias"])], transB=1)
    both = graph.node("Concat", [x, logits], axis=1)
    return graph.encoded({"pixels": (np.float32, ["n", SIDE, SIDE, 3])}, [both], ["n", FEATURES + CLASSES])


def _width(weights: Mapping[str, np.ndarray], number: int) -> int:
    """How many channels come from a block."""
    return len(weights["_conv_stem.weight" if number < 0 else f"_blocks.{number}._project_conv.weight"])
