"""What an evaluation sums up: the measures of each question, the contract's figures over all of them, and the misses."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from statistics import mean, median, quantiles
from typing import Any

from rag.evaluate.agreement import Judgement
from rag.evaluate.metrics import average, folded, is_image_need, retrieval_measures, retrieval_metrics, roc_auc
from rag.evaluate.run import Outcome
from rag.evaluate.support import support
from rag.records import Answer

MODALITIES: dict[str, Callable[[Mapping[str, Any]], bool]] = {
    "all": lambda need: True,
    "text": lambda need: not is_image_need(need),
    "image": is_image_need,
}
MISSED_BEYOND = 5


def ranks_of(outcomes: Sequence[Outcome], modality: str, way: str | None = None) -> list[list[int | None]]:
    """For each question the ranks of its needs of one modality ("all", "text", "image"), as asked, or as in `Outcome.apart[way]`."""
    wanted = MODALITIES[modality]
    ranks = [outcome.ranks if way is None else outcome.apart.get(way, []) for outcome in outcomes]
    return [
        [rank for rank, need in zip(each, outcome.asked.relevant, strict=False) if wanted(need)]
        for each, outcome in zip(ranks, outcomes, strict=True)
    ]


def measured(outcomes: Sequence[Outcome]) -> list[dict[str, dict[str, float | None]]]:
    """For each question its measures by group: the modalities (empty without such a need), "answer" and "latency_ms"."""
    retrieval = {modality: retrieval_measures(ranks_of(outcomes, modality)) for modality in MODALITIES}
    return [
        {
            **{modality: dict(rows[at]) for modality, rows in retrieval.items()},
            "answer": _answer(outcome),
            "latency_ms": {"retrieve": retrieve_ms(outcome.answer) if outcome.answer else None, "total": round(1000 * outcome.seconds, 1)},
        }
        for at, outcome in enumerate(outcomes)
    ]


def summary(outcomes: Sequence[Outcome], judgement: Judgement | None = None) -> dict[str, Any]:
    """The contract's metrics, and "judge" where one was asked. Those of answers are means over questions, null where only the search was
    asked for."""
    retrieve = [retrieve_ms(outcome.answer) for outcome in outcomes if outcome.answer]
    return {
        "n": len(outcomes),
        "retrieval": {modality: retrieval_metrics(ranks_of(outcomes, modality)) for modality in MODALITIES},
        "answer": _answers(outcomes),
        "latency_ms": {
            "retrieve_p50": round(median(retrieve), 1) if retrieve else None,
            "retrieve_p95": round(quantiles(retrieve, n=20, method="inclusive")[-1], 1) if len(retrieve) > 1 else None,
            "total_p50": round(1000 * median(outcome.seconds for outcome in outcomes), 1) if outcomes else None,
        },
        **({"judge": judgement.to_dict()} if judgement else {}),
    }


def misses(outcomes: Sequence[Outcome], k: int = MISSED_BEYOND) -> list[dict[str, Any]]:
    """Needs not met within `k`, with what came instead."""
    return [
        {
            "id": outcome.asked.id,
            "question": outcome.asked.question,
            "need": need,
            "rank": rank,
            "came": [{"source": hit.source, "modality": hit.modality, "text": hit.own[:160]} for hit in outcome.answer.hits[:k]]
            if outcome.answer
            else [],
            "error": outcome.error,
        }
        for outcome in outcomes
        for rank, need in zip(outcome.ranks, outcome.asked.relevant, strict=True)
        if rank is None or rank > k
    ]


def refusal_scores(outcomes: Sequence[Outcome]) -> tuple[list[float], list[float]]:
    """How sure the refusal was that the library does not hold the answer (from 0 to 1): of unanswerable questions, and of answerable."""
    weighed = [(o.asked.answerable, 1 - o.answer.chance) for o in outcomes if o.answer and o.answer.chance is not None]
    return [score for answerable, score in weighed if not answerable], [score for answerable, score in weighed if answerable]


def _answers(outcomes: Sequence[Outcome]) -> dict[str, Any]:
    told = [outcome for outcome in outcomes if _told(outcome)]
    rows = [_answer(outcome) for outcome in told]
    refused = [not outcome.asked.answerable for outcome in told if outcome.answer and outcome.answer.refused]
    unanswerable = sum(not outcome.asked.answerable for outcome in told)
    means = {
        name: average(row[name] for row in rows) for name in ("keyword_recall", "citation_precision", "supported", "fallback_rate", "words")
    }
    return {
        "n": len(told),
        **means,
        "refusal_precision": average(map(float, refused)),
        "refusal_recall": round(sum(refused) / unanswerable, 4) if unanswerable else None,
        "refusal_auc": roc_auc(*refusal_scores(told)),
    }


def _told(outcome: Outcome) -> bool:
    """Whether an answer was asked for and came."""
    return outcome.answer is not None and outcome.answer.refused is not None


def _answer(outcome: Outcome) -> dict[str, float | None]:
    """The measures of one answer; None where they do not apply, nothing where no answer was asked for or came."""
    asked, answer = outcome.asked, outcome.answer
    if answer is None or not _told(outcome):
        return {}
    text = folded(answer.answer or "")
    keywords = mean(float(folded(keyword) in text) for keyword in asked.keywords) if asked.answerable and asked.keywords else None
    right = float(answer.refused is not asked.answerable)
    if answer.refused:
        nothing = dict.fromkeys(("citation_precision", "supported", "fallback_rate", "words"))
        return {"keyword_recall": keywords, **nothing, "refused_rightly": right}
    counted = support(answer)
    return {
        "keyword_recall": keywords,
        "citation_precision": counted.precise / counted.citations if counted.citations else None,
        "supported": counted.supported / counted.sentences if counted.sentences else None,
        "fallback_rate": float(answer.fallback is not None),
        "words": float(len((answer.answer or "").split())),
        "refused_rightly": right,
    }


def retrieve_ms(answer: Answer) -> float:
    """Milliseconds of the search behind an answer."""
    return round(sum(answer.timings_ms.get(stage, 0) for stage in ("encode", "retrieve", "rerank")), 1)
