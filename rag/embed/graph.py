"""An ONNX graph, written node by node: what the packaged weights become for ONNX Runtime."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

OURS, THEIRS = 18, 1  # the versions of ONNX's operators and of those that ONNX Runtime adds
FORMAT = 10
ADDED = "com.microsoft"
RUNTIME = {"Attention", "BiasGelu", "MatMulIntegerToFloat", "MultiHeadAttention", "SkipLayerNormalization"}  # operators of its own


class Graph:
    """Grows by nodes and constants, whose names it gives; `encoded` ends it."""

    def __init__(self) -> None:
        self._nodes: list[Any] = []
        self._constants: list[Any] = []

    def constant(self, value: Any, kind: Any = np.float32) -> str:
        from onnx import numpy_helper

        name = f"c{len(self._constants)}"
        self._constants.append(numpy_helper.from_array(np.ascontiguousarray(value, dtype=kind), name))
        return name

    def node(self, operator: str, inputs: Sequence[str], **attributes: Any) -> str:
        """The name of its output."""
        return self.nodes(operator, inputs, 1, **attributes)[0]

    def nodes(self, operator: str, inputs: Sequence[str], outputs: int, **attributes: Any) -> list[str]:
        from onnx import helper

        names = [f"n{len(self._nodes)}.{at}" for at in range(outputs)]
        domain = ADDED if operator in RUNTIME else ""
        self._nodes.append(helper.make_node(operator, inputs, names, domain=domain, **attributes))
        return names

    def encoded(self, inputs: Mapping[str, tuple[Any, Sequence[str | int]]], outputs: Sequence[str], shape: Sequence[str | int]) -> bytes:
        """The model: its inputs as {name: (kind, shape)}, and its outputs, all of one shape."""
        from onnx import helper

        taken = [helper.make_tensor_value_info(name, _kind(kind), each) for name, (kind, each) in inputs.items()]
        given = [helper.make_tensor_value_info(name, _kind(np.float32), shape) for name in outputs]
        graph = helper.make_graph(self._nodes, "packaged", taken, given, self._constants)
        versions = [helper.make_opsetid("", OURS), helper.make_opsetid(ADDED, THEIRS)]
        return helper.make_model(graph, opset_imports=versions, ir_version=FORMAT).SerializeToString()


def _kind(kind: Any) -> int:
    from onnx import helper

    return helper.np_dtype_to_tensor_dtype(np.dtype(kind))
