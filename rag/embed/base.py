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
    """The contextual vectors of one text's tokens, special tokens left out.

    `vectors` is (tokens, dimension), float32, each row of unit length; `offsets` the (start, end) characters of each token.
    """

    vectors: np.ndarray
    offsets: list[tuple[int, int]]


class TextEncoder(Protocol):
    """Prose to vectors of unit length."""

    name: str
    dimension: int
    max_tokens: int

    @property
    def tokenizer(self) -> Tokenizer:
        """The encoder's own tokenizer, without truncation or padding: what passages are measured with."""

    def encode(self, texts: Sequence[str]) -> np.ndarray:
        """(n, dimension) float32, unit length; what is over `max_tokens` is cut."""

    def encode_tokens(self, texts: Sequence[str]) -> list[TokenVectors]:
        """One TokenVectors a text, for late interaction."""

    def encode_both(self, texts: Sequence[str]) -> Iterator[tuple[int, np.ndarray, TokenVectors]]:
        """The place, the vector of `encode` and the TokenVectors of each text, from one pass; in the order of their lengths."""


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

    def encode_words(self, texts: Sequence[str]) -> np.ndarray:
        """(n, dimension) float32, unit length: queries (and, where `Looked.prose` is None, passages) in the joint space."""
