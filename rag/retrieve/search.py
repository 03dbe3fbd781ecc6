"""Mixed-modality search: routes, folding of twins, fusion by rank, rerank, hits."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rag.catalog import Catalog, Stored
from rag.media import Media
from rag.records import Appearance, Hit, Routes, Search, Signals
from rag.retrieve.fuse import ranks, reciprocal_rank_fusion
from rag.retrieve.rerank import LateInteraction, MaxSim
from rag.retrieve.routes import Probe, follow, probes
from rag.retrieve.words import asks_for_picture, content_words, is_question
from rag.store import Filter, Store

if TYPE_CHECKING:
    from collections.abc import Iterator

    from PIL.Image import Image

    from rag.embed import Encoders

RERANKED = 20  # word-borne candidates that late interaction sees
FINAL_K = 5  # the RRF constant of the last fusion: of the reranked words with the pictures that were seen
SEEN_WEIGHT = 0.5  # of the visual route there
SEEN_WEIGHT_ASKED = 0.7  # the same where words ask for a picture, or come with one; a picture alone is compared by what is seen first
PICTURE_LEAN = 1.25  # times the score of every picture then
PICTURE_REST = 0.7  # times the score of every picture that words found, for a question that can be answered in words


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
            candidates = self._candidates(asked, query.source)
        with clock("rerank"):
            word_borne = list(reciprocal_rank_fusion({name: candidates.routes.get(name, {}) for name in ("dense", "bm25")}))
            judged: dict[str, MaxSim] = {}
            if query.rerank and query.text:
                judged = self._judged(query.text, {key: candidates.best[key] for key in word_borne[:RERANKED]})
            reranked = ranks(sorted(judged, key=lambda key: -judged[key].score))
            by_words = ranks([*reranked, *word_borne])
            scores = _fused(by_words, candidates.routes.get("visual", {}), candidates.best, query)
        hits = []
        for rank, (key, score) in enumerate(list(scores.items())[: query.k], 1):
            routes = {name: ranking.get(key) for name, ranking in candidates.routes.items()}
            hits.append(self._hit(rank, score, candidates.best[key], Routes(**routes, rerank=reranked.get(key))))
        top = next((judged[key] for key in reranked), MaxSim(0.0, 0.0))
        return Search(query.text, tuple(hits), clock.done(), Signals(candidates.nearest, top.weakest))

    def _candidates(self, asked: Sequence[Probe], source: str | None) -> _Candidates:
        versions = self.catalog.versions(source) if source else None
        found = _Candidates({}, {}, 0.0)
        for probe in asked:
            followed = follow(probe, self.store, self.catalog, versions)
            if probe.route == "dense" and followed:
                found.nearest = max(found.nearest, followed[0][1])
            for stored, _ in followed:
                found.best.setdefault(_twin(stored), stored)
            ranking = found.routes.setdefault(probe.route, {})
            for key, rank in ranks([_twin(stored) for stored, _ in followed]).items():
                ranking.setdefault(key, rank)
        return found

    def _judged(self, question: str, candidates: Mapping[str, Stored]) -> dict[str, MaxSim]:
        scores = self.late.score(question, [stored.record.words for stored in candidates.values()])
        return dict(zip(candidates, scores, strict=True))

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


@dataclass
class _Candidates:
    """What the routes brought: each twin's best record, its rank by route, and the best cosine of the dense route."""

    best: dict[str, Stored]
    routes: dict[str, dict[str, int]]
    nearest: float


def _fused(by_words: Mapping[str, int], seen: Mapping[str, int], best: Mapping[str, Stored], query: Query) -> dict[str, float]:
    """Scores of all candidates, best first: those that words found in their order, and the pictures that were seen at their rank.

    Only pictures can have both ranks, and their words repeat the passage beside them. So a question in words takes the better of the two
    and lets the passages go first; bare words ("bell buoy") add them up; a question that asks for a picture or shows one leans to pictures.
    """
    asked = query.image is not None or asks_for_picture(query.text)
    pictures = {key for key in {**by_words, **seen} if best[key].record.modality == "image"}
    if asked or not is_question(query.text):
        weights = {"seen": SEEN_WEIGHT if not asked else SEEN_WEIGHT_ASKED if query.text else 1.0}
        scores = reciprocal_rank_fusion({"words": by_words, "seen": seen}, weights, FINAL_K)
        lean = PICTURE_LEAN if asked else 1.0
        scores = {key: score * (lean if key in pictures else 1.0) for key, score in scores.items()}
    else:
        scores = reciprocal_rank_fusion({"words": by_words}, k=FINAL_K)
        scores = {key: score * (PICTURE_REST if key in pictures else 1.0) for key, score in scores.items()}
        for key, score in reciprocal_rank_fusion({"seen": seen}, {"seen": SEEN_WEIGHT}, FINAL_K).items():
            scores[key] = max(score, scores.get(key, 0.0))
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
