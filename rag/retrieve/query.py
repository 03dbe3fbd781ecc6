"""What is searched for: a question, a picture or a recording, and in which documents."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from rag.language.question import Part, Question

if TYPE_CHECKING:
    import numpy as np
    from PIL.Image import Image

NOTHING = Question("", "", "", (Part(""),))


@dataclass(frozen=True)
class Query:
    """A question, a picture (with the words `inside` it), or both; filters on modality and on the source (`rag.storage.source_filter`).

    Words that come with a picture, or were `heard` in a recording, are searched as they are; `sound` is how that recording sounds, where
    there is a space for it. Documents that the question names are searched alone.
    """

    asked: Question = NOTHING
    image: Image | None = None
    inside: str = ""
    k: int = 8
    modality: str | None = None
    source: str | None = None
    rerank: bool = True
    heard: bool = False
    sound: np.ndarray | None = None


@dataclass(frozen=True)
class Asked:
    """A part of a query, and the words that the word routes search for."""

    part: Part
    words: str
    query: Query
