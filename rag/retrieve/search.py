"""Mixed-modality search: routes, folding of twins, fusion by rank, rerank, hits."""

from __future__ import annotations

import time
from collections.abc import Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from rag.catalog import Catalog, Stored
from rag.media import Media
from rag.records import Appearance, Hit, Routes, Search, Signals
from rag.retrieve.fuse import ranks, reciprocal_rank_fusion
from rag.retrieve.rerank import LateInteraction, MaxSim
from rag.retrieve.routes import follow, probes
from rag.retrieve.words import asks_for_picture, content_words
from rag.store import Filter, Store

if TYPE_CHECKING:
    from collections.abc import Iterator

    from PIL.Image import Image

    from rag.embed import Encoders

RERANKED = 20  # word-borne candidates that late interaction sees
FINAL_K = 10  # the RRF constant of the last fusion, of the reranked words with the pictures that were seen
VISUAL_WEIGHT = 0.6  # of the visual route in that fusion, for a plain question
VISUAL_WEIGHT_ASKED = 1.0  # the same where the question asks for a picture
PICTURE_LEAN = 0.25  # added to the score of pictures that words found, as a share, where the question asks for a picture


@dataclass(frozen=True)
class Query:
    """Words, a picture, or both; filters on modality and on the source (a glob, `*` crosses `/`)."""

    text: str = ""
    image: Image | None = None
    k: int = 8
    modality: str | None = None
    source: str | None = None
    rerank: bool = True


@dataclass(frozen=True)
class Searcher:
    """All that a search needs of a library."""

    encoders: Encoders
    store: Store
    catalog: Catalog
    media: Media
    late: LateInteraction

    def search(self, query: Query) -> Search:
        """The `k` nearest passages and pictures. Raises StoreError."""
        clock = _Clock()
        with clock("encode"):
            asked = probes(self.encoders, query.text, query.image, query.modality)
        with clock("retrieve"):
            versions = self.catalog.versions(query.source) if query.source else None
            best: dict[str, Stored] = {}
            found: dict[str, dict[str, int]] = {}
            dense = 0.0
            for probe in asked:
                followed = follow(probe, self.store, self.catalog, versions) if versions != [] else []
                if probe.route == "dense" and followed:
                    dense = max(dense, followed[0][1])
                for stored, _ in followed:
                    best.setdefault(_twin(stored), stored)
                placed = ranks([_twin(stored) for stored, _ in followed])
                found[probe.route] = {**placed, **found.get(probe.route, {})} if probe.route in found else placed
        with clock("rerank"):
            word_borne = [key for key in reciprocal_rank_fusion({r: found[r] for r in ("dense", "bm25") if r in found})]
            judged: dict[str, MaxSim] = {}
            if query.rerank and query.text:
                top = word_borne[:RERANKED]
                judged = dict(zip(top, self.late.score(query.text, [best[key].record.words for key in top]), strict=True))
            order = _order(found, word_borne, judged, query.text, best)
        chosen = list(order.items())[: query.k]
        reranked = ranks(sorted(judged, key=lambda key: -judged[key].score))
        hits = [
            self._hit(rank, score, best[key], Routes(**{r: found[r].get(key) for r in found}, rerank=reranked.get(key)))
            for rank, (key, score) in enumerate(chosen, 1)
        ]
        top = max(judged.values(), key=lambda each: each.score, default=MaxSim(0.0, 0.0))
        return Search(query.text, tuple(hits), clock.done(), Signals(dense, top.score, top.weakest))

    def _hit(self, rank: int, score: float, stored: Stored, routes: Routes) -> Hit:
        record = stored.record
        return Hit(
            rank=rank,
            score=round(score, 6),
            modality=record.modality,
            source=stored.source,
            origin=record.origin,
            caption=record.caption,
            locator=record.locator,
            text=record.shown,
            media=str(self.media.path(record.image)) if record.image else None,
            appearances=tuple(
                Appearance(twin.source, twin.record.origin, twin.record.caption, twin.record.locator) for twin in self.catalog.twins(stored)
            ),
            routes=routes,
            evidence=record.text,
            id=stored.id,
        )

    def unseen(self, text: str) -> float:
        """The share of a question's content words that the library does not hold."""
        asked = list(dict.fromkeys(word.lower() for word in content_words(text)))
        missing = [word for word in asked if not self.store.search("bm25", word, 1, Filter())]
        return len(missing) / len(asked) if asked else 0.0


def _twin(stored: Stored) -> str:
    """Records of one key are one hit: the same image, or the same passage."""
    return stored.record.image or " ".join(stored.record.text.split())


def _order(
    found: dict[str, dict[str, int]], word_borne: Sequence[str], judged: dict[str, MaxSim], text: str, best: dict[str, Stored]
) -> dict[str, float]:
    """Scores of all candidates, best first: the reranked words, then what words found besides, with the seen pictures at their rank."""
    by_words = ranks([*sorted(judged, key=lambda key: -judged[key].score), *word_borne])
    wants_picture = asks_for_picture(text)
    weights = {"words": 1.0, "visual": (VISUAL_WEIGHT_ASKED if wants_picture else VISUAL_WEIGHT) if text else 1.0}
    scores = reciprocal_rank_fusion({"words": by_words, "visual": found.get("visual", {})}, weights, FINAL_K)
    if wants_picture:
        scores = {key: score * (1 + PICTURE_LEAN * (best[key].record.modality == "image")) for key, score in scores.items()}
    return dict(sorted(scores.items(), key=lambda pair: -pair[1]))


class _Clock:
    """Milliseconds by stage."""

    def __init__(self) -> None:
        self._started = time.perf_counter()
        self._stages: dict[str, float] = {}

    @contextmanager
    def __call__(self, stage: str) -> Iterator[None]:
        start = time.perf_counter()
        yield
        self._stages[stage] = (time.perf_counter() - start) * 1000

    def done(self) -> dict[str, float]:
        total = (time.perf_counter() - self._started) * 1000
        return {stage: round(ms, 1) for stage, ms in {**self._stages, "total": total}.items()}
