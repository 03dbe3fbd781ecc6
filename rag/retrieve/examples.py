"""The question and answer pairs of a library that are nearest to a question: examples for a model, never hits."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from rag.retrieve.routes import Probe, follow

if TYPE_CHECKING:
    from rag.retrieve.search import Searcher

SHOWN = 3
NEAR = 0.3  # cosine of a question to a pair: what is further away has nothing to do with it


@dataclass(frozen=True)
class Pair:
    """A question with the answer that somebody gave it, and the file that holds both."""

    question: str
    answer: str
    source: str


def nearest(searcher: Searcher, question: str) -> list[Pair]:
    """The nearest pairs, best first. Raises StoreError."""
    probe = Probe("dense", searcher.encoders.text.encode_query([question])[0], "example")
    found = [stored for stored, score in follow(probe, searcher.store, searcher.catalog, None, SHOWN) if score >= NEAR]
    asked = [stored.record.caption or "" for stored in found]
    return [Pair(each, stored.record.text.removeprefix(each).strip(), stored.source) for each, stored in zip(asked, found, strict=True)]
