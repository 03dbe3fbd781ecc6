"""One search for a question that asks several things: each part looked up by itself, and their rankings brought together."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING

from rag.language.parts import parts
from rag.records import Hit, Search
from rag.retrieve.fuse import reciprocal_rank_fusion

if TYPE_CHECKING:
    from rag.retrieve.search import Query, Searcher

STEEP = 0  # the RRF constant: the best of one part stands above what is second in two


def search(searcher: Searcher, query: Query) -> Search:
    """The `k` nearest passages and pictures, whatever the words ask. Words that come with a picture are searched as they are.

    Of several parts, the best hits of each come first. A hit keeps the ranks that its routes gave it for the part that it suits best.
    """
    asked = parts(query.text) if query.image is None else (query.text,)
    if len(asked) == 1:
        return searcher.search(query)
    found = [searcher.search(replace(query, text=part)) for part in asked]
    stored = searcher.catalog.records([hit.id for each in found for hit in each])
    best: dict[str, Hit] = {}
    rankings: dict[str, dict[str, int]] = {}
    for part, each in zip(asked, found, strict=True):
        here = {stored[hit.id].twin: hit for hit in each if hit.id in stored}
        rankings[part] = {twin: hit.rank for twin, hit in here.items()}
        best |= {twin: hit for twin, hit in here.items() if twin not in best or hit.rank < best[twin].rank}
    scores = reciprocal_rank_fusion(rankings, k=STEEP)
    kept = _apart((best[twin], score) for twin, score in scores.items())[: query.k]
    hits = tuple(replace(hit, rank=rank, score=round(score, 6)) for rank, (hit, score) in enumerate(kept, 1))
    timings = {stage: round(sum(each.timings_ms[stage] for each in found), 1) for stage in found[0].timings_ms}
    return Search(query.text, hits, timings)


def _apart(hits: Iterable[tuple[Hit, float]]) -> list[tuple[Hit, float]]:
    """Without passages that hold, or stand in, one before them: two parts may have found two pieces of what was cut."""
    kept: list[tuple[Hit, float]] = []
    for hit, score in hits:
        beside = [other for other, _ in kept if hit.media is None and other.media is None and other.source == hit.source]
        if not any(hit.evidence in other.evidence or other.evidence in hit.evidence for other in beside):
            kept.append((hit, score))
    return kept
