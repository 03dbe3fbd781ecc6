"""An evaluation: every question of a gold file asked, and what came measured."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from statistics import mean, median, quantiles
from typing import Any

from rag.errors import DiptychError
from rag.evaluate.metrics import first_met, folded, is_image_need, retrieval_metrics
from rag.evaluate.questions import Asked
from rag.library import Library
from rag.records import Answer

LEAST_K = 10


@dataclass(frozen=True)
class Outcome:
    """One question with its answer (or None and the error), and for each need the rank at which it was met."""

    asked: Asked
    answer: Answer | None
    ranks: list[int | None]
    seconds: float
    error: str | None = None


def evaluate(
    library: Library,
    questions: Sequence[Asked],
    *,
    retrieval_only: bool = False,
    model: str | None = None,
    progress: Callable[[int, int], None] = lambda done, of: None,
) -> list[Outcome]:
    """Ask every question with k of at least 10. A question that fails is an Outcome with its error."""
    outcomes = []
    for count, asked in enumerate(questions):
        progress(count, len(questions))
        start = time.perf_counter()
        try:
            answer = ask(library, replace(asked, k=max(asked.k or library.settings.k, LEAST_K)), model, retrieval_only)
            outcomes.append(Outcome(asked, answer, first_met(answer.hits, asked.relevant), time.perf_counter() - start, answer.error))
        except DiptychError as error:
            outcomes.append(Outcome(asked, None, [None] * len(asked.relevant), time.perf_counter() - start, str(error)))
    progress(len(questions), len(questions))
    return outcomes


def ask(library: Library, asked: Asked, model: str | None = None, retrieval_only: bool = False) -> Answer:
    """One row of a question file, asked as the chat would."""
    answer = library.ask(
        asked.question,
        history=asked.history,
        image=asked.image,
        k=asked.k,
        modality=asked.modality,
        source=asked.source,
        model=model,
        retrieval_only=retrieval_only,
    )
    return answer.with_id(asked.id)


def summary(outcomes: Sequence[Outcome], retrieval_only: bool) -> dict[str, Any]:
    """The contract's metrics."""
    kinds: dict[str, Callable[[dict[str, Any]], bool]] = {
        "all": lambda need: True,
        "text": lambda need: not is_image_need(need),
        "image": is_image_need,
    }
    retrieval = {
        kind: retrieval_metrics([[r for r, need in zip(o.ranks, o.asked.relevant, strict=True) if wanted(need)] for o in outcomes])
        for kind, wanted in kinds.items()
    }
    retrieve = [sum(o.answer.timings_ms.get(stage, 0) for stage in ("encode", "retrieve", "rerank")) for o in outcomes if o.answer]
    return {
        "n": len(outcomes),
        "retrieval": retrieval,
        "answer": _answers([] if retrieval_only else outcomes),
        "latency_ms": {
            "retrieve_p50": round(median(retrieve), 1) if retrieve else None,
            "retrieve_p95": round(quantiles(retrieve, n=20, method="inclusive")[-1], 1) if len(retrieve) > 1 else None,
            "total_p50": round(1000 * median(o.seconds for o in outcomes), 1) if outcomes else None,
        },
    }


def misses(outcomes: Sequence[Outcome], k: int = 5) -> list[dict[str, Any]]:
    """Needs not met within `k`, with what came instead."""
    return [
        {
            "id": outcome.asked.id,
            "question": outcome.asked.question,
            "need": need,
            "rank": rank,
            "came": [{"source": hit.source, "modality": hit.modality, "text": hit.text[:160]} for hit in outcome.answer.hits[:k]]
            if outcome.answer
            else [],
            "error": outcome.error,
        }
        for outcome in outcomes
        for rank, need in zip(outcome.ranks, outcome.asked.relevant, strict=True)
        if rank is None or rank > k
    ]


def _answers(outcomes: Sequence[Outcome]) -> dict[str, Any]:
    told = [(o.asked, o.answer) for o in outcomes if o.answer]
    given = [(asked, answer) for asked, answer in told if not answer.refused]
    refused = [asked for asked, answer in told if answer.refused]
    unanswerable = [asked for asked, _ in told if not asked.answerable]
    right = sum(not asked.answerable for asked in refused)

    def over(values: list[float]) -> float | None:
        return round(mean(values), 4) if values else None

    return {
        "n": len(told),
        "keyword_recall": over([_keywords(asked, answer.answer or "") for asked, answer in told if asked.answerable and asked.keywords]),
        "citation_precision": None,
        "supported": over([a.grounding.supported for _, a in given if a.grounding and a.grounding.supported is not None]),
        "fallback_rate": over([float(answer.fallback is not None) for _, answer in given]),
        "words": over([float(len((answer.answer or "").split())) for _, answer in given]),
        "refusal_precision": round(right / len(refused), 4) if refused else None,
        "refusal_recall": round(right / len(unanswerable), 4) if unanswerable else None,
        "refusal_auc": None,
    }


def _keywords(asked: Asked, answer: str) -> float:
    return mean(float(folded(keyword) in folded(answer)) for keyword in asked.keywords)
