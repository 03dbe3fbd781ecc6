"""Retrieval metrics from the ranks at which needs are first met."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from pathlib import PurePosixPath
from statistics import mean
from typing import Any

from rag.records import Hit

CUTS = (1, 5, 10)


def is_image_need(need: Mapping[str, Any]) -> bool:
    """Whether an entry of `relevant` asks for a picture."""
    return "image" in need or need.get("modality") == "image"


def meets(hit: Hit, need: Mapping[str, Any]) -> bool:
    """Whether a hit is what an entry of `relevant` names: the snippet's passage, the image by path, or the image on that page."""
    if hit.modality != ("image" if is_image_need(need) else "text"):
        return False
    places = hit.appearances
    if need.get("source") is not None:
        places = tuple(place for place in places if place.source == need["source"])
    if need.get("page") is not None:
        places = tuple(place for place in places if place.locator.page == need["page"])
    if "image" in need:
        places = tuple(place for place in places if _ends_with(place.origin or place.source, need["image"]))
    return bool(places) and ("text" not in need or folded(need["text"]) in folded(hit.text))


def first_met(hits: Iterable[Hit], needs: Sequence[Mapping[str, Any]]) -> list[int | None]:
    """For each need the rank of the first hit that meets it."""
    ranked = list(hits)
    return [next((hit.rank for hit in ranked if meets(hit, need)), None) for need in needs]


def retrieval_metrics(questions: Sequence[Sequence[int | None]]) -> dict[str, float | int | None]:
    """hit@k, recall@k, MRR@10 and nDCG@10 over questions, each given as the ranks at which its needs were first met.

    nDCG (Järvelin and Kekäläinen 2002) with gain 1 at every rank where a need is first met; the ideal has all needs on top.
    """
    asked = [list(ranks) for ranks in questions if ranks]

    def over(value: Any) -> float | None:
        return round(mean(value(ranks) for ranks in asked), 4) if asked else None

    return {
        "n": len(asked),
        **{f"hit@{k}": over(lambda ranks, k=k: float(_met(ranks, k) > 0)) for k in CUTS},
        **{f"recall@{k}": over(lambda ranks, k=k: _met(ranks, k) / len(ranks)) for k in CUTS[1:]},
        "mrr@10": over(lambda ranks: max((1 / rank for rank in ranks if rank and rank <= 10), default=0.0)),
        "ndcg@10": over(_ndcg),
    }


def folded(text: str) -> str:
    """Case and white space folded, no-break spaces too."""
    return " ".join(text.casefold().split())


def _met(ranks: Sequence[int | None], k: int) -> int:
    return sum(rank is not None and rank <= k for rank in ranks)


def _ndcg(ranks: Sequence[int | None]) -> float:
    gained = sum(1 / math.log2(1 + rank) for rank in {rank for rank in ranks if rank and rank <= 10})
    return gained / sum(1 / math.log2(1 + place) for place in range(1, min(len(ranks), 10) + 1))


def _ends_with(path: str, tail: str) -> bool:
    """Whether `path` ends with the whole components of `tail`."""
    wanted = PurePosixPath(tail).parts
    return PurePosixPath(path).parts[-len(wanted) :] == wanted
