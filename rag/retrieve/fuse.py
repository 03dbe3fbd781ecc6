"""Fusion of ranked lists by reciprocal rank (Cormack, Clarke and Büttcher 2009), so that scores of unlike spaces are never compared."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from typing import TypeVar

Key = TypeVar("Key", bound=Hashable)

RRF_K = 60


def ranks(ranking: Sequence[Key]) -> dict[Key, int]:
    """Each key's place, from 1; the first place of a key that comes twice."""
    places: dict[Key, int] = {}
    for key in ranking:
        places.setdefault(key, len(places) + 1)
    return places


def reciprocal_rank_fusion(
    rankings: Mapping[str, Mapping[Key, int]], weights: Mapping[str, float] | None = None, k: float = RRF_K
) -> dict[Key, float]:
    """Score each key by the sum over rankings of weight / (k + rank), best first; ties keep the order of the rankings."""
    scores: dict[Key, float] = {}
    for name, ranking in rankings.items():
        weight = (weights or {}).get(name, 1.0)
        for key, rank in ranking.items():
            scores[key] = scores.get(key, 0.0) + weight / (k + rank)
    return dict(sorted(scores.items(), key=lambda pair: -pair[1]))
