"""Mixed-modality search: routes, folding of twins, fusion by rank, rerank, hits; a question in several parts is searched part by part."""

from __future__ import annotations

import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cache, reduce
from typing import TYPE_CHECKING

from rag.embed.adapter import AS_IT_IS, Adapter
from rag.embed.exported import cores
from rag.language.measures import made_of, statements
from rag.language.question import Part
from rag.language.superlatives import columns_meant
from rag.records import Appearance, Hit, Routes, Search
from rag.retrieve import accounts
from rag.retrieve.aim import Aim, aimed
from rag.retrieve.candidates import Candidates
from rag.retrieve.fold import Wording, joined, says_the_same
from rag.retrieve.fuse import ranks, reciprocal_rank_fusion
from rag.retrieve.inside import searched
from rag.retrieve.query import Asked, Query
from rag.retrieve.ranking import INSIDE, WORD_ROUTES, clearness, ordered, wish
from rag.retrieve.rerank import LateInteraction
from rag.retrieve.routes import DEPTH, Probe, follow, probes, spelled
from rag.retrieve.scope import named
from rag.retrieve.second_stage import SecondStage
from rag.retrieve.turns import Turns
from rag.storage.catalog import Catalog
from rag.storage.entries import Stored
from rag.storage.media import Media
from rag.storage.store import Store

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from rag.embed import Encoders
    from rag.retrieve.centres import Centres
    from rag.retrieve.cross import CrossRerank
    from rag.retrieve.soundings import Soundings

RERANKED = 50  # word-borne candidates that the second stage sees
Brought = tuple[Probe, list[tuple[Stored, float]], list[tuple[Stored, float]]]  # what a probe finds, and its plain query
STEEP = 0  # the RRF constant between parts: the best of one stands above what is second in two


@dataclass(frozen=True)
class Searcher:
    """All that a search needs of a library."""

    encoders: Encoders
    store: Store
    catalog: Catalog
    media: Media
    late: LateInteraction
    centres: Centres
    cross: CrossRerank | None = None
    soundings: Soundings | None = None
    adapter: Adapter = AS_IT_IS

    def search(self, query: Query) -> Search:
        """The `k` nearest passages and pictures. Raises StoreError.

        Of several parts, the best hits of each come first. A hit keeps the ranks that its routes gave it for the part that it suits best.
        """
        as_it_is = query.image is not None or query.heard
        with _turns().one():
            scope = () if as_it_is else named(query.asked, self.catalog)
            parts = (Part.of(query.asked.whole),) if as_it_is else query.asked.parts
            found = [self._search(query, part, scope) for part in parts]
        if len(found) == 1:
            return replace(found[0], query=query.asked.whole)
        hits = self._together(found, query.k)
        timings = {stage: round(sum(each.timings_ms[stage] for each in found), 1) for stage in found[0].timings_ms}
        return Search(query.asked.whole, hits, timings, scope)

    def versions(self, source: str | None, scope: Sequence[str]) -> list[int] | None:
        """The versions of files that count: those that `source` asks for and `scope` names; None where all do."""
        named = set(self.catalog.versions_of(scope)) if scope else None
        matching = self.catalog.versions(source) if source else None
        if named is None or matching is None:
            return matching if named is None else sorted(named)
        return [version for version in matching if version in named]

    def _search(self, query: Query, part: Part, scope: tuple[str, ...]) -> Search:
        clock = _Clock()
        asked = Asked(part, searched(part.text, query.inside), query)
        if query.image is None and (lines := made_of(part.text) or next(iter(columns_meant(part.text)), "")):
            asked = replace(asked, words=f"{part.text} ({lines})")
        versions = self.versions(query.source, scope)
        with clock("retrieve", beside="encode"):
            near = _beside().submit(self._near, asked, versions, clock)
            worded, aim = self._told(asked, scope, versions)  # by the words alone: what is near is looked for meanwhile
            candidates = self._candidates(near.result(), query, worded)
            sounds = query.image is None and query.modality != "image" and (bool(part.text) or query.sound is not None)
            if self.soundings and sounds:
                self._sound(self.soundings, part.text, query, versions, candidates)
            self._within(asked, aim, candidates)
        with clock("rerank"):
            wanted = wish(part if asked.words == part.text else Part.of(asked.words), bool(asked.words), query.image is not None)
            word_borne = list(reciprocal_rank_fusion({name: candidates.routes.get(name, {}) for name in WORD_ROUTES}))
            judged = list(dict.fromkeys([*word_borne[:RERANKED], *(stored.twin for stored in candidates.aim.there), *candidates.accounts]))
            second_stage = SecondStage(self.late, self.catalog, self.cross)
            late = second_stage.ranks(asked, candidates, judged, wanted) if asked.words and query.rerank else {}
            told = ranks([*late, *word_borne])
            scores = ordered(
                told,
                candidates.routes.get("visual", {}),
                candidates.pictures,
                wanted,
                candidates.clear,
                candidates.routes.get("sounds_like", {}),
            )
        for key, stored in candidates.moments.items():
            if candidates.routes["sounds_like"][key] <= told.get(key, len(told) + 1):
                candidates.best[key] = stored
        hits: list[Hit] = []
        for key, pieces, appearances in self._distinct(list(scores)[: max(DEPTH, query.k)], candidates, query.k):
            routes = {name: ranking.get(key) for name, ranking in candidates.routes.items() if not name.endswith(INSIDE)}
            hits.append(self.hit(len(hits) + 1, scores[key], pieces, appearances, Routes(**routes, rerank=late.get(key))))
        return Search(part.text, tuple(hits), clock.done(), scope)

    def _together(self, found: Sequence[Search], k: int) -> tuple[Hit, ...]:
        """The hits of several parts as one ranking."""
        stored = self.catalog.records([hit.id for each in found for hit in each])
        best: dict[str, Hit] = {}
        rankings: dict[str, dict[str, int]] = {}
        for each in found:
            here = {stored[hit.id].twin: hit for hit in each if hit.id in stored}
            rankings[each.query] = {twin: hit.rank for twin, hit in here.items()}
            best |= {twin: hit for twin, hit in here.items() if twin not in best or hit.rank < best[twin].rank}
        scores = reciprocal_rank_fusion(rankings, k=STEEP)
        kept = _apart((best[twin], score) for twin, score in scores.items())[:k]
        return tuple(replace(hit, rank=rank, score=round(score, 6)) for rank, (hit, score) in enumerate(kept, 1))

    def _told(self, asked: Asked, scope: tuple[str, ...], versions: list[int] | None) -> tuple[list[tuple[Stored, float]], Aim]:
        """What the words of a question find by themselves, and where they lead."""
        query = asked.query
        if not asked.words or self.catalog.empty():
            return [], Aim("")
        probe = Probe("bm25", spelled(asked.words), query.modality)
        worded = follow(probe, self.store, self.catalog, versions, max(DEPTH, query.k))
        if query.image is not None:
            return worded, Aim("")
        within = self.versions(query.source, ()) if scope else versions
        named = versions if scope else None
        return worded, aimed(asked.part, asked.words, query.asked.whole, self.catalog, self.store, within, named)

    def _near(self, asked: Asked, versions: list[int] | None, clock: _Clock) -> list[Brought]:
        """What the index is asked, and what is near to it in the spaces of the encoders; the words are looked up elsewhere."""
        query = asked.query
        with clock("encode"):
            probed = probes(self.encoders, asked.part.text, query.image, query.modality, self.centres, asked.words, self.adapter)
        found, empty = [], self.catalog.empty()
        for probe in probed:
            near = [] if empty or probe.route == "bm25" else follow(probe, self.store, self.catalog, versions, max(DEPTH, query.k))
            plain = near
            if probe.plain is not None and not empty:
                plain = follow(replace(probe, query=probe.plain), self.store, self.catalog, versions, DEPTH)
            found.append((probe, near, plain))
        return found

    def _candidates(self, near: Sequence[Brought], query: Query, worded: Sequence[tuple[Stored, float]]) -> Candidates:
        found = Candidates({}, {})
        for probe, followed, plain in near:
            brought = worded if probe.route == "bm25" else followed
            if probe.route == "dense":
                found.nearness |= {stored.twin: cosine for stored, cosine in brought}
            if probe.route == "visual" and query.image is None and self.encoders.joint.in_prose_space:
                found.clear = clearness([cosine for _, cosine in plain])
            for stored, _ in brought:
                found.best.setdefault(stored.twin, stored)
            found.routes[probe.route] = found.routes.get(probe.route, {}) | ranks([stored.twin for stored, _ in brought])
        return found

    def _sound(self, soundings: Soundings, words: str, query: Query, versions: list[int] | None, found: Candidates) -> None:
        """Add what sounds like the words, or like the recording that is the query."""
        wanted = soundings.encoder.words(words) if query.sound is None else query.sound
        nearest = soundings.nearest(wanted, versions, max(DEPTH, query.k)) if wanted.any() else []
        for stored in nearest:
            found.best.setdefault(stored.twin, stored)
            found.moments[stored.twin] = stored
        found.routes["sounds_like"] = ranks([stored.twin for stored in nearest])

    def _within(self, asked: Asked, aim: Aim, found: Candidates) -> None:
        """Add what the documents that the question means hold by themselves, and what it points to by a number."""
        query, part = asked.query, asked.part
        found.aim = aim
        found.best |= {stored.twin: stored for stored in aim.there if query.modality in (None, stored.record.modality)}
        told = part.text if len(query.asked.parts) > 1 else f"{part.text} {query.asked.asked}"  # a frame may name a statement, too
        if aim.few and query.modality != "image" and (wanted := statements(told)):
            stated = accounts.looked_up(wanted, aim.few, self.catalog, self.store)
            found.best |= {stored.twin: stored for stored in stated}
            found.accounts = ranks([stored.twin for stored in stated])
        if not aim.inside:
            return
        for probe in probes(self.encoders, aim.words, None, query.modality, adapter=self.adapter)[:2]:
            followed = follow(probe, self.store, self.catalog, list(aim.inside), max(DEPTH, query.k))
            if probe.route == "dense":
                found.nearness |= {stored.twin: cosine for stored, cosine in followed}
            found.best |= {stored.twin: stored for stored, _ in followed}
            found.routes[probe.route + INSIDE] = ranks([stored.twin for stored, _ in followed])

    def _distinct(self, ranked: Iterable[str], candidates: Candidates, k: int) -> list[tuple[str, list[Stored], list[Stored]]]:
        """The first `k` candidates, each with its pieces (a passage, then its neighbours) and all its places; passages that say the same
        are one."""
        found: list[tuple[str, list[Stored], list[Stored]]] = []
        wordings: dict[frozenset[str], list[tuple[Wording, list[Stored]]]] = {}
        absorbed: set[int] = set()
        for key in ranked:
            stored = candidates.best[key]
            if stored.id in absorbed:
                continue
            wording = Wording(stored.record.text) if not stored.record.image else None
            alike = wordings.setdefault(wording.figures, []) if wording else []
            same = next((kept for other, kept in alike if wording and says_the_same(wording, other)), None)
            if same is None and len(found) == k:
                continue
            places = self.catalog.twins(stored) or [stored]  # it may have been taken out meanwhile
            if same is not None:
                same += places
                continue
            pieces = [stored]
            if wording:
                alike.append((wording, places))
                pieces += filter(None, self.catalog.around(stored))
                absorbed |= {each.id for each in pieces}
            found.append((key, pieces, places))
        return found

    def hit(self, rank: int, score: float, pieces: Sequence[Stored], places: Sequence[Stored] = (), routes: Routes = Routes()) -> Hit:
        """A passage or picture as a hit: its `pieces` (itself, then its neighbours), and all the `places` that it appears in."""
        places = places or pieces[:1]
        stored, record = pieces[0], pieces[0].record
        text = reduce(joined, (each.record.text for each in sorted(pieces, key=lambda each: each.id)))
        return Hit(
            rank=rank,
            score=round(score, 6),
            modality=record.modality,
            source=stored.source,
            origin=record.origin,
            caption=record.caption,
            locator=record.locator,
            text=replace(record, text=text).shown,
            media=str(self.media.path(record.image)) if record.image else None,
            appearances=tuple(
                Appearance(place.source, place.record.origin, place.record.caption, place.record.locator) for place in places
            ),
            routes=routes,
            evidence=text,
            id=stored.id,
            place=record.place,
            pieces=tuple((each.record.text, each.record.locator) for each in pieces) if len(pieces) > 1 else (),
        )


def _apart(hits: Iterable[tuple[Hit, float]]) -> list[tuple[Hit, float]]:
    """Without passages that hold, or stand in, one before them: two parts may have found two pieces of what was cut."""
    kept: list[tuple[Hit, float]] = []
    for hit, score in hits:
        beside = [other for other, _ in kept if hit.media is None and other.media is None and other.source == hit.source]
        if not any(hit.evidence in other.evidence or other.evidence in hit.evidence for other in beside):
            kept.append((hit, score))
    return kept


@cache
def _beside() -> ThreadPoolExecutor:
    """Where questions are encoded and what is near them is found: as many at once as there are cores, however many ask."""
    return ThreadPoolExecutor(cores(), thread_name_prefix="near")


@cache
def _turns() -> Turns:
    """Of all searches of this process: one more at once than there are cores, else all wait longer."""
    return Turns(cores() + 1)


class _Clock:
    """Milliseconds by stage; what went by in a stage `beside` another is not counted twice."""

    def __init__(self) -> None:
        self._started = time.perf_counter()
        self._stages: dict[str, float] = {}

    @contextmanager
    def __call__(self, stage: str, beside: str = "") -> Iterator[None]:
        start = time.perf_counter()
        yield
        self._stages[stage] = (time.perf_counter() - start) * 1000 - self._stages.get(beside, 0.0)

    def done(self) -> dict[str, float]:
        total = (time.perf_counter() - self._started) * 1000
        return {stage: round(ms, 1) for stage, ms in {**self._stages, "total": total}.items()}
