"""BERT as a graph of ONNX, from the weights of its folder: in float32, or with its products in eight bits.

The rows of the table of words are taken outside of the graph, so that a process which asks one question reads 20 of them, and not 47 MB.

In eight bits (W8A8) every token has a scale of its own, so that no text changes another's vectors. Channels that grow large behind a norm
are scaled down before they are rounded, and their weights up (SmoothQuant, Xiao et al. 2022, arXiv:2211.10438). What GELU gives has no
value below -0.17: moved by that, it takes all 256 levels.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from rag.embed.graph import Graph

BOTTOM = 0.17  # of GELU, to be added


class Words:
    """The sum of a token's word, place and kind, which the graph begins with."""

    def __init__(self, folder: Path):
        with (folder / "model.safetensors").open("rb") as file:
            length = int.from_bytes(file.read(8), "little")
            parts = json.loads(file.read(length))

        def part(name: str) -> np.ndarray:
            told = parts[f"embeddings.{name}_embeddings.weight"]
            if told["dtype"] != "F32":
                raise ValueError(f"the weights are {told['dtype']}")
            start = 8 + length + told["data_offsets"][0]
            return np.memmap(folder / "model.safetensors", np.float32, "r", start, tuple(told["shape"]))

        self._words = part("word")
        self._places = part("position") + part("token_type")[0]

    def __call__(self, ids: np.ndarray) -> np.ndarray:
        """(n, length, dimension) of (n, length)."""
        return self._words[ids] + self._places[: ids.shape[1]]


class Bert:
    """The model in a folder, as graphs with "words" (n, length, dimension) and "lengths" (n,) int32 in, and the tokens' vectors out."""

    def __init__(self, folder: Path):
        from safetensors.numpy import load_file

        told = json.loads((folder / "config.json").read_text("utf-8"))
        if told["model_type"] != "bert" or told["hidden_act"] != "gelu":
            raise ValueError(f"{told['model_type']} with {told['hidden_act']} is not what this is for")
        self.dimension, self.layers = told["hidden_size"], told["num_hidden_layers"]
        self._heads, self._tiny = told["num_attention_heads"], told["layer_norm_eps"]
        self._weights = load_file(folder / "model.safetensors")

    def exact(self) -> bytes:
        """In float32."""
        graph = Graph()
        return self._encoded(graph, self._layers(graph)[-1:])

    def norms(self) -> bytes:
        """In float32, with what comes from each norm as an output of its own."""
        graph = Graph()
        return self._encoded(graph, self._layers(graph))

    def rounded(self, reaches: Sequence[np.ndarray]) -> bytes:
        """With products of eight bits, where `reaches` are the largest values by channel of each of the `norms`."""
        graph = Graph()
        return self._encoded(graph, self._layers(graph, reaches)[-1:])

    def _encoded(self, graph: Graph, outputs: Sequence[str]) -> bytes:
        shape = ["n", "length", self.dimension]
        return graph.encoded({"words": (np.float32, shape), "lengths": (np.int32, ["n"])}, outputs, shape)

    def _layers(self, graph: Graph, reaches: Sequence[np.ndarray] = ()) -> list[str]:
        """What comes from each norm: of the words, and two in a layer, behind what it attends to and at its end."""
        norms = [graph.node("LayerNormalization", ["words", *self._norm(graph, "embeddings.LayerNorm")], epsilon=self._tiny)]
        for layer in range(self.layers):
            at = f"encoder.layer.{layer}."
            for part, heard in (("attention.output", self._attention), ("output", self._wide)):
                given = heard(graph, at, norms[-1], reaches[len(norms) - 1] if reaches else None)
                parts = [given, norms[-1], *self._norm(graph, f"{at}{part}.LayerNorm"), self._bias(graph, f"{at}{part}.dense")]
                norms.append(graph.node("SkipLayerNormalization", parts, epsilon=self._tiny))
        return norms

    def _attention(self, graph: Graph, at: str, x: str, reach: np.ndarray | None) -> str:
        three = [f"{at}attention.self.{each}" for each in ("query", "key", "value")]
        into = np.concatenate([self._weights[f"{each}.weight"].T for each in three], axis=1)
        bias = graph.constant(np.concatenate([self._weights[f"{each}.bias"] for each in three]))
        out = self._weights[f"{at}attention.output.dense.weight"].T
        if reach is None:
            heard = graph.node("Attention", [x, graph.constant(into), bias, "lengths"], num_heads=self._heads)
            return graph.node("MatMul", [heard, graph.constant(out)])
        parts = graph.nodes("Split", [_product(graph, x, into, reach)], 3, axis=-1, num_outputs=3)
        return _product(graph, graph.node("MultiHeadAttention", [*parts, bias, "lengths"], num_heads=self._heads), out)

    def _wide(self, graph: Graph, at: str, x: str, reach: np.ndarray | None) -> str:
        into, out = (self._weights[f"{at}{part}.dense.weight"].T for part in ("intermediate", "output"))
        wide = graph.node("MatMul", [x, graph.constant(into)]) if reach is None else _product(graph, x, into, reach)
        wide = graph.node("BiasGelu", [wide, self._bias(graph, f"{at}intermediate.dense")])
        return graph.node("MatMul", [wide, graph.constant(out)]) if reach is None else _positive_product(graph, wide, out)

    def _norm(self, graph: Graph, name: str) -> list[str]:
        return [graph.constant(self._weights[f"{name}.{part}"]) for part in ("weight", "bias")]

    def _bias(self, graph: Graph, name: str) -> str:
        return graph.constant(self._weights[f"{name}.bias"])


def _product(graph: Graph, given: str, matrix: np.ndarray, reach: np.ndarray | None = None) -> str:
    """`given` @ `matrix`, both rounded around zero, each row and each column by its own scale; smoothed where `reach` is known."""
    if reach is not None:
        reach = np.maximum(reach, 1e-3)
        factor = np.sqrt(reach / np.abs(matrix).max(axis=1))
        factor /= np.median(factor)
        given, matrix = graph.node("Mul", [given, graph.constant(1 / factor)]), matrix * factor[:, None]
    most = graph.node("ReduceMax", [graph.node("Abs", [given]), graph.constant([-1], np.int64)], keepdims=1)
    return _scaled_product(graph, given, matrix, graph.node("Mul", [most, graph.constant(1 / 127)]), 128)[0]


def _positive_product(graph: Graph, given: str, matrix: np.ndarray) -> str:
    """`given`, which is nowhere under -BOTTOM, @ `matrix`."""
    moved = graph.node("Add", [given, graph.constant(BOTTOM)])
    most = graph.node("ReduceMax", [moved, graph.constant([-1], np.int64)], keepdims=1)
    product, near = _scaled_product(graph, moved, matrix, graph.node("Mul", [most, graph.constant(1 / 255)]), 0)
    return graph.node("Sub", [product, graph.constant(BOTTOM * near.sum(axis=0))])


def _scaled_product(graph: Graph, given: str, matrix: np.ndarray, scale: str, zero: int) -> tuple[str, np.ndarray]:
    """The product where a row of `given` is rounded to multiples of its `scale` around `zero`; and the matrix as it was rounded."""
    steps = np.abs(matrix).max(axis=0) / 127
    columns = np.clip(np.round(matrix / steps), -127, 127)
    one, nought = graph.constant(1.0), graph.constant(zero, np.uint8)
    levels = graph.node("QuantizeLinear", [graph.node("Div", [given, scale]), one, nought])
    product = graph.node("MatMulIntegerToFloat", [levels, graph.constant(columns, np.int8), one, graph.constant(steps), nought])
    return graph.node("Mul", [product, scale]), columns * steps
