"""One search for a question that asks several things: each part looked up by itself, and their rankings brought together."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from rag.records import Hit, Search, Signals
from rag.retrieve.fuse import reciprocal_rank_fusion
from rag.retrieve.parts import parts

if TYPE_CHECKING:
    from rag.retrieve.search import Query, Searcher

STEEP = 0  # the RRF constant: the best of one part stands above what is second in two


def search(searcher: Searcher, query: Query) -> Search:
    """The `k` nearest passages and pictures, whatever the words ask; of words that come with a picture, no part is searched alone.

    Of several parts, the best hits of each come first. A hit keeps the ranks that its routes gave it for the part that it suits best;
    the signals are those of the part that the library knows most of.
    """
    asked = parts(query.text) if query.image is None else (query.text,)
    if len(asked) == 1:
        return searcher.search(query)
    found = [searcher.search(replace(query, text=part)) for part in asked]
    known = searcher.catalog.records([hit.id for each in found for hit in each.hits])
    best: dict[str, Hit] = {}
    rankings: dict[str, dict[str, int]] = {}
    for part, each in zip(asked, found, strict=True):
        ranking = rankings[part] = {known[hit.id].twin: hit.rank for hit in each.hits if hit.id in known}
        for hit in each.hits:
            twin = known[hit.id].twin if hit.id in known else None
            if twin is not None and (twin not in best or ranking[twin] < best[twin].rank):
                best[twin] = hit
    scores = list(reciprocal_rank_fusion(rankings, k=STEEP).items())[: query.k]
    hits = tuple(replace(best[twin], rank=rank, score=round(score, 6)) for rank, (twin, score) in enumerate(scores, 1))
    timings = {stage: round(sum(each.timings_ms[stage] for each in found), 1) for stage in found[0].timings_ms}
    return Search(query.text, hits, timings, max((each.signals for each in found), key=_nearness))


def _nearness(signals: Signals) -> float:
    return signals.dense + signals.weakest
