"""What an encoder must do: one contract for prose, one for the space that words and pictures share."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import numpy as np

if TYPE_CHECKING:
    from PIL.Image import Image
    from tokenizers import Tokenizer


@dataclass(frozen=True)
class TokenVectors:
    """The contextual vectors of one text's tokens, special tokens and those of a prompt left out.

    `vectors` is (tokens, dimension), float32, each row of unit length; `offsets` the (start, end) characters of each token.
    """

    vectors: np.ndarray
    offsets: list[tuple[int, int]]


class TextEncoder(Protocol):
    """Prose to vectors of unit length: what is asked as a query, what is searched as a passage.

    Some models want another prompt before each. Two texts of one kind (a sentence and a sentence, a question and a question) are compared
    as the same: both as passages, or both as queries. No prompt shows in what comes back.
    """

    name: str
    dimension: int
    max_tokens: int
    """Of a passage, as `tokenizer` counts it, special tokens included; the room that its prompt takes is off already."""

    @property
    def tokenizer(self) -> Tokenizer:
        """The encoder's own tokenizer, without truncation or padding: what passages are measured with."""

    def encode_query(self, texts: Sequence[str]) -> np.ndarray:
        """(n, dimension) float32, unit length, of what is asked; what is too long is cut."""

    def encode_passages(self, texts: Sequence[str]) -> np.ndarray:
        """(n, dimension) float32, unit length, of what is searched; what is over `max_tokens` is cut."""

    def encode_query_tokens(self, texts: Sequence[str]) -> list[TokenVectors]:
        """One TokenVectors a query, for late interaction."""

    def encode_passage_tokens(self, texts: Sequence[str]) -> list[TokenVectors]:
        """One TokenVectors a passage, for late interaction."""

    def encode_both(self, texts: Sequence[str]) -> Iterator[tuple[int, np.ndarray, TokenVectors]]:
        """The place, the vector and the TokenVectors of each passage, from one pass; in the order of their lengths."""

    def passage_offsets(self, text: str) -> list[tuple[int, int]]:
        """The `offsets` that `encode_passage_tokens` gives, without encoding."""


@dataclass(frozen=True)
class Looked:
    """What one look at n images gives.

    `visual` is (n, joint dimension) float32 of unit length. `prose` is (n, text dimension) of unit length in the *text encoder's*
    space where the joint space is built on it (then a picture can search passages), else None. `guesses` holds for each image
    what it may show, likeliest first, as (name, probability); empty where nothing is likely.
    """

    visual: np.ndarray
    prose: np.ndarray | None
    guesses: list[list[tuple[str, float]]]


class JointEncoder(Protocol):
    """Pictures and words to vectors of one space."""

    name: str
    dimension: int
    in_prose_space: bool
    """Whether `Looked.prose` is given: then a picture searches passages by it, and passages need no vector of the joint space."""

    def look(self, images: Sequence[Image]) -> Looked:
        """Vectors and guesses of `images` (any size, any mode), in one pass over batches."""

    def encode_query(self, texts: Sequence[str]) -> np.ndarray:
        """(n, dimension) float32, unit length: words that look for pictures, in the joint space."""

    def encode_passages(self, texts: Sequence[str]) -> np.ndarray:
        """(n, dimension) float32, unit length: passages that pictures look for, where `in_prose_space` is false."""
