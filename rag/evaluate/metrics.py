"""The measures: what meets a need, how well the ranks of the needs are, and how well a score tells two classes apart."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import PurePosixPath
from statistics import mean
from typing import Any

import numpy as np

from rag.records import Hit, Span

CUTS = (1, 5, 10)
NEAR = 5.0  # seconds from the time that a need names
NAMES = (*(f"hit@{k}" for k in CUTS), *(f"recall@{k}" for k in CUTS[1:]), "mrr@10", "ndcg@10")


def is_image_need(need: Mapping[str, Any]) -> bool:
    """Whether an entry of `relevant` asks for a picture."""
    return "image" in need or need.get("modality") == "image"


def meets(hit: Hit, need: Mapping[str, Any]) -> bool:
    """Whether a hit is what an entry of `relevant` names: the snippet's passage, the image by path, the image on that page, or what is said
    or shown in a recording within NEAR of that time."""
    if hit.modality != ("image" if is_image_need(need) else "text"):
        return False
    places = hit.appearances
    if need.get("source") is not None:
        places = tuple(place for place in places if place.source == need["source"])
    if need.get("page") is not None:
        places = tuple(place for place in places if place.locator.page == need["page"])
    if need.get("time") is not None:
        places = tuple(place for place in places if place.locator.time and _near(place.locator.time, need["time"]))
    if "image" in need:
        places = tuple(place for place in places if _ends_with(place.origin or place.source, need["image"]))
    return bool(places) and ("text" not in need or folded(need["text"]) in folded(hit.text))


def first_met(hits: Iterable[Hit], needs: Sequence[Mapping[str, Any]]) -> list[int | None]:
    """For each need the rank of the first hit that meets it."""
    ranked = list(hits)
    return [next((hit.rank for hit in ranked if meets(hit, need)), None) for need in needs]


def retrieval_measures(questions: Sequence[Sequence[int | None]]) -> list[dict[str, float]]:
    """For each question, given as the ranks at which its needs were first met, its hit@k, recall@k, MRR@10 and nDCG@10.

    Empty where a question has no need. By ir-measures over hits: a hit is relevant where a need is first met, so that nDCG (Järvelin and
    Kekäläinen 2002) has gain 1 there; needs that nothing met are relevant hits that did not come, so that the ideal has all needs on top.
    Recall counts needs, of which one hit may meet several, and is a sum of our own.
    """
    from ir_measures import RR, Success, iter_calc, nDCG

    names = {Success @ k: f"hit@{k}" for k in CUTS} | {RR @ 10: "mrr@10", nDCG @ 10: "ndcg@10"}
    qrels: dict[str, dict[str, int]] = {}
    run: dict[str, dict[str, float]] = {}
    measures: list[dict[str, float]] = []
    for at, ranks in enumerate(questions):
        measures.append(dict.fromkeys(NAMES, 0.0) if ranks else {})
        if ranks:
            met = {rank for rank in ranks if rank is not None}
            qrels[str(at)] = {f"rank {rank}": 1 for rank in met} | {f"not met {n}": 1 for n in range(len(ranks) - len(met))}
            run[str(at)] = {f"rank {rank}": -float(rank) for rank in range(1, max(CUTS) + 1)}
            measures[at] |= {f"recall@{k}": sum(rank is not None and rank <= k for rank in ranks) / len(ranks) for k in CUTS[1:]}
    for each in iter_calc(list(names), qrels, run) if qrels else ():
        measures[int(each.query_id)][names[each.measure]] = float(each.value)
    return measures


def retrieval_metrics(questions: Sequence[Sequence[int | None]]) -> dict[str, float | int | None]:
    """The number of questions that have needs, and the mean of each measure over them; None where there is no such question."""
    asked = [each for each in retrieval_measures(questions) if each]
    return {"n": len(asked), **{name: average(each[name] for each in asked) for name in NAMES}}


def average(values: Iterable[float | None]) -> float | None:
    """The mean to four places, of the values that are not None; None where there is none."""
    known = [value for value in values if value is not None]
    return round(mean(known), 4) if known else None


def roc_auc(positive: Sequence[float], negative: Sequence[float]) -> float | None:
    """The area under the ROC curve: how often a positive case scores above a negative one, ties half (Hanley and McNeil 1982)."""
    if not positive or not negative:
        return None
    apart = np.subtract.outer(np.asarray(positive), np.asarray(negative))
    return round(float(np.mean((apart > 0) + (apart == 0) / 2)), 4)


def folded(text: str) -> str:
    """Case and white space folded, no-break spaces too."""
    return " ".join(text.casefold().split())


def _near(span: Span, seconds: float) -> bool:
    return span[0] - NEAR <= seconds <= span[1] + NEAR


def _ends_with(path: str, tail: str) -> bool:
    """Whether `path` ends with the whole components of `tail`."""
    wanted = PurePosixPath(tail).parts
    return PurePosixPath(path).parts[-len(wanted) :] == wanted
