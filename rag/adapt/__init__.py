"""A library's own adapter: learnt from what belongs together in it, and used only on routes where what was held back gains by it.

A fifth of the sections is held back, with all that stands in them, and what is worded like a pair that is learnt from counts for nothing.
Where a map finds more of the rest than before, beyond chance, the whole search must not find less: of passages with a map for pictures, of
pictures with a map for passages, and of what the questions of a gold need, where there is one, none of which was learnt from by then. (The
own words of a picture tell the whole search nothing of its looks: it finds it by them.) What passes is learnt once more, from everything.
How much of a map is used is chosen before, within what is learnt from.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from typing import Any

import numpy as np

from rag.adapt.pairs import Pair, pairs
from rag.embed import learning
from rag.embed.adapter import AS_IT_IS, FILE, ROUTES, Adapter, Turned
from rag.evaluate.compare import Difference, difference
from rag.evaluate.questions import Asked
from rag.evaluate.run import evaluate
from rag.library import Library
from rag.storage.sqlite import ReadOnly

RATES: dict[Turned, float] = {"dense": 3e-4, "visual": 1e-3}
HELD = 0.2
FEWEST = 10  # held back, below which nothing is said
MOST = 20_000  # pairs of a route
SEARCHED = 100  # held-back words that the whole search is asked
LOSS = 0.005  # of the mean reciprocal rank: less is no loss
STRENGTHS = (0.15, 0.3, 0.5, 0.75, 1.0)
CUTS = (1, 5, 10)
OTHERS: dict[Turned, str] = {"dense": "pictures", "visual": "passages"}

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True)
class Route:
    """What was learnt for a route: from how many pairs by kind, whether it is on, else why not, and what was measured.

    `held_back` are passages or pictures, of which `before` and `after` tell hit@k, MRR and nDCG on this route alone, and `gain` the
    difference of the nDCG (of the whole ranking: the MRR of a route that finds little hangs on the few that come first). `searched` is the
    MRR of the whole search for what the other route is for, `gold` with the questions of a gold. `strength` is the part of the map that
    is used.
    """

    pairs: dict[str, int]
    held_back: int = 0
    on: bool = False
    why: str = ""
    strength: float = 0.0
    before: dict[str, float] | None = None
    after: dict[str, float] | None = None
    gain: Difference | None = None
    searched: Difference | None = None
    gold: Difference | None = None


@dataclass(frozen=True)
class Report:
    """What `adapt` did, by route: `dense` are words that look for passages, `visual` words that look for pictures."""

    encoders: dict[str, Any]
    at: str
    seed: int
    routes: dict[Turned, Route]

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)


def adapt(library: Library, gold: Sequence[Asked] = (), *, seed: int = 0, progress: Progress = lambda stage, done, of: None) -> Report:
    """Learn from the library and from `gold`, and keep what gains in the library, in place of what was kept before.

    Raises ReadOnly, StoreError, LibraryError.
    """
    if library.read_only:
        raise ReadOnly(library.folder)
    progress("pairs", 0, 0)
    with library.trying(AS_IT_IS):
        found = pairs(library, gold)
    bench = Bench(library, found, gold, seed, progress)
    made = AS_IT_IS
    routes: dict[Turned, Route] = {}
    for route in ROUTES:
        routes[route], made = bench.weighed(route, made)
    for route in (route for route in ROUTES if routes[route].on):
        made = made.but(route, bench.learnt(route, bench.of(route), routes[route].strength))
    report = Report(library.made_with, datetime.now(UTC).isoformat(timespec="seconds"), seed, routes)
    if any(each.on for each in routes.values()):
        replace(made, card=report.to_dict()).save(library.folder)
    else:
        forget(library)
    return report


def forget(library: Library) -> bool:
    """Take the adapter back; whether there was one. Raises ReadOnly."""
    if library.read_only:
        raise ReadOnly(library.folder)
    try:
        (library.folder / FILE).unlink()
    except FileNotFoundError:
        return False
    return True


class Bench:
    """The pairs of a library, parted, with their vectors."""

    def __init__(self, library: Library, found: Sequence[Pair], gold: Sequence[Asked], seed: int, progress: Progress):
        self._library, self._gold, self._seed, self._progress = library, gold, seed, progress
        chance = random.Random(seed)
        self._pairs = {route: [pair for pair in found if pair.route == route] for route in ROUTES}
        for route, each in self._pairs.items():
            if len(each) > MOST:
                self._pairs[route] = chance.sample(each, MOST)
        self._held = _fifth(found, chance)
        self._asked = {route: self._encoded(route) for route in ROUTES}
        self._found = {route: self._vectors(route) for route in ROUTES}

    def of(self, route: Turned) -> list[Pair]:
        """All pairs of a route with vectors of what they belong to."""
        return [pair for pair in self._pairs[route] if self._targets(pair)]

    def parted(self, route: Turned) -> tuple[list[Pair], list[Pair]]:
        """The pairs of a route that are learnt from while it is weighed, and those that are held back, apart from these."""
        ours = self.of(route)
        learn = [pair for pair in ours if pair.section not in self._held and pair.kind != "question"]
        known = {pair.wording for pair in learn}
        return learn, [pair for pair in ours if pair.section in self._held and pair.wording not in known]

    def weighed(self, route: Turned, beside: Adapter) -> tuple[Route, Adapter]:
        """What a map gains on a route where `beside` is there too; and that adapter with it, where it is on."""
        kinds = dict(Counter(pair.kind for pair in self.of(route)))
        learn, held = self.parted(route)
        count = len({pair.ids for pair in held})
        if count < FEWEST or not learn:
            return Route(kinds, count, why="there are too few pairs"), beside
        strength = self._strength(route, learn)
        trial = beside.but(route, self.learnt(route, learn, strength))
        before, after = self.ranks(route, held, beside), self.ranks(route, held, trial)
        gain = difference([(_ndcg(one), _ndcg(other)) for one, other in zip(before, after, strict=True)])
        told = Route(kinds, count, strength=strength, before=_measures(before), after=_measures(after), gain=gain)
        if gain.interval[0] <= 0:
            return replace(told, why="what was held back gains nothing beyond chance"), beside
        told = replace(told, searched=self._searched(route, beside, trial), gold=self._on_gold(beside, trial))
        for what, each in ((OTHERS[route], told.searched), ("of what the gold needs", told.gold)):
            if each and each.difference < -LOSS:
                return replace(told, why=f"the whole search finds less {what}"), beside
        return replace(told, on=True), trial

    def learnt(self, route: Turned, learn: Sequence[Pair], strength: float) -> np.ndarray:
        """So much of the map of a route from these pairs."""
        rows = [(self._asked[route][pair.words], self._found[route][id]) for pair in learn for id in self._targets(pair)]
        questions, targets = (np.stack(column) for column in zip(*rows, strict=True))
        return strength * learning.turning(questions, targets, RATES[route], self._seed, lambda done, of: self._progress("learn", done, of))

    def _strength(self, route: Turned, learn: Sequence[Pair]) -> float:
        """How much of a map finds most of a fifth of what is learnt from; in doubt the least."""
        aside = _fifth(learn, random.Random(self._seed))
        rest = [pair for pair in learn if pair.section not in aside]
        if not aside or not rest:
            return STRENGTHS[0]
        whole, held = self.learnt(route, rest, 1.0), [pair for pair in learn if pair.section in aside]
        ndcg = {each: _measures(self.ranks(route, held, AS_IT_IS.but(route, each * whole)))["ndcg"] for each in STRENGTHS}
        return max(STRENGTHS, key=lambda each: ndcg[each])

    def _targets(self, pair: Pair) -> list[int]:
        return [id for id in _places(pair) if id in self._found[pair.route]]

    def ranks(self, route: Turned, held: Sequence[Pair], adapter: Adapter) -> list[list[int]]:
        """For each thing held back, the ranks at which its words find it on the route alone."""
        ids = list(self._found[route])
        at = {id: number for number, id in enumerate(ids)}
        vectors = np.stack([self._found[route][id] for id in ids])
        found: dict[tuple[int, ...], list[int]] = {}
        for pair in held:
            scores = vectors @ adapter.turned(route, self._asked[route][pair.words][None])[0]
            best = max(scores[at[id]] for id in self._targets(pair))
            found.setdefault(pair.ids, []).append(int((scores >= best).sum()))
        return list(found.values())

    def _searched(self, route: Turned, before: Adapter, after: Adapter) -> Difference | None:
        """The whole search asked with held-back words of the other route, by the rank of what belongs to them."""
        [other] = set(ROUTES) - {route}
        held = [pair for pair in self.of(other) if pair.section in self._held and pair.kind != "question"]
        if not held:
            return None
        asked = random.Random(self._seed).sample(held, min(SEARCHED, len(held)))
        found: list[list[float]] = []
        for number, adapter in enumerate((before, after)):
            with self._library.trying(adapter):
                found.append([])
                for done, pair in enumerate(asked, 1):
                    hits = self._library.search(pair.words, k=max(CUTS))
                    found[-1].append(next((1 / hit.rank for hit in hits if hit.id in pair.ids), 0.0))
                    self._progress("search", done + number * len(asked), 2 * len(asked))
        return difference(list(zip(*found, strict=True)))

    def _on_gold(self, before: Adapter, after: Adapter) -> Difference | None:
        """The whole search asked the questions of the gold, by the ranks of what they need."""
        asked = [each for each in self._gold if each.relevant]
        if not asked:
            return None
        found: list[list[float]] = []
        for number, adapter in enumerate((before, after)):
            with self._library.trying(adapter):
                self._progress("gold", number, 2)
                outcomes = evaluate(self._library, asked, retrieval_only=True)
            found.append([float(np.mean([1 / rank if rank else 0.0 for rank in outcome.ranks])) for outcome in outcomes])
        return difference(list(zip(*found, strict=True)))

    def _encoded(self, route: Turned) -> dict[str, np.ndarray]:
        encoder = self._library.encoders.text if route == "dense" else self._library.encoders.joint
        words = list(dict.fromkeys(pair.words for pair in self._pairs[route]))
        found: dict[str, np.ndarray] = {}
        for start in range(0, len(words), learning.BATCH):
            part = words[start : start + learning.BATCH]
            found.update(zip(part, encoder.encode_query(part), strict=True))
            self._progress("encode", len(found), len(words))
        return found

    def _vectors(self, route: Turned) -> dict[int, np.ndarray]:
        ids = {id for pair in self._pairs[route] for id in _places(pair)}
        return self._library.store.vectors(sorted(ids), route=route)


def _places(pair: Pair) -> tuple[int, ...]:
    """Every passage of a section; a picture is the same in all its places."""
    return pair.ids if pair.route == "dense" else pair.ids[:1]


def _fifth(found: Iterable[Pair], chance: random.Random) -> set[Hashable]:
    sections = sorted({pair.section for pair in found}, key=repr)
    return set(chance.sample(sections, round(HELD * len(sections))))


def _ndcg(ranks: Sequence[int]) -> float:
    return float(np.mean([1 / np.log2(1 + rank) for rank in ranks]))


def _measures(found: Sequence[Sequence[int]]) -> dict[str, float]:
    each = {f"hit@{k}": [float(np.mean([rank <= k for rank in ranks])) for ranks in found] for k in CUTS}
    each |= {"mrr": [float(np.mean([1 / rank for rank in ranks])) for ranks in found], "ndcg": [_ndcg(ranks) for ranks in found]}
    return {name: round(float(np.mean(values)), 4) for name, values in each.items()}
