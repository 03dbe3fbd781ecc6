"""An evaluation: every question of a gold file asked, and for each need the rank at which it was met."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from rag.errors import DiptychError
from rag.evaluate.metrics import first_met
from rag.evaluate.questions import Asked
from rag.library import Library
from rag.records import Answer, Hit

LEAST_K = 10
ROUTES = ("dense", "bm25", "visual")
FUSED = "fused, no rerank"
PROBED = (100, 400)  # hits among which the first of each route are looked for


@dataclass(frozen=True)
class Outcome:
    """One question with its answer (or None and the error), and for each need the rank at which it was met.

    `apart` has the same ranks by each route alone and by the fused routes without a rerank, where they were asked for.
    """

    asked: Asked
    answer: Answer | None
    ranks: list[int | None]
    seconds: float
    error: str | None = None
    apart: Mapping[str, list[int | None]] = field(default_factory=dict)


def evaluate(
    library: Library,
    questions: Sequence[Asked],
    *,
    retrieval_only: bool = False,
    model: str | None = None,
    k: int | None = None,
    ablation: bool = False,
    progress: Callable[[int, int], None] = lambda done, of: None,
    stop: Callable[[], bool] = lambda: False,
) -> list[Outcome]:
    """Ask every question, with `k` (default: the setting) where it names none, and of at least 10. A question that fails is an Outcome with
    its error. Those before a `stop` are kept.

    With `ablation` each is searched again, out of the measured time, for the ranks of each route alone and without a rerank.
    """
    outcomes: list[Outcome] = []
    for count, asked in enumerate(questions):
        if stop():
            return outcomes
        progress(count, len(questions))
        asked = replace(asked, k=max(asked.k or k or library.settings.k, LEAST_K))
        start = time.perf_counter()
        try:
            answer = ask(library, asked, model, retrieval_only)
            seconds = time.perf_counter() - start
            apart = _apart(library, asked, answer.query) if ablation and asked.relevant else {}
            outcomes.append(Outcome(asked, answer, first_met(answer.hits, asked.relevant), seconds, answer.error, apart))
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


def _apart(library: Library, asked: Asked, query: str) -> dict[str, list[int | None]]:
    """The ranks of the needs by each route alone (within its first LEAST_K), and by the fused routes without a rerank.

    A hit tells its rank on every route, but a search gives only the best of all routes together: where the first of a route are not among
    its hits, it is made deeper once.
    """
    filters: dict[str, Any] = {"image": asked.image, "modality": asked.modality, "source": asked.source, "rerank": False}
    filters["inside"] = ""  # what was read in the picture stands in the query
    fused = library.search(query, k=asked.k, **filters)
    ranked: dict[str, list[Hit]] = {}
    for depth in PROBED:
        found = library.search(query, k=depth, **filters)
        for route in ROUTES:
            first = [(rank, hit) for hit in found if (rank := getattr(hit.routes, route)) and rank <= LEAST_K]
            ranked[route] = [replace(hit, rank=rank) for rank, hit in sorted(first, key=lambda pair: pair[0])]
        if len(found) < depth or all(len(hits) in (0, LEAST_K) for hits in ranked.values()):
            break
    return {route: first_met(hits, asked.relevant) for route, hits in ranked.items()} | {FUSED: first_met(fused, asked.relevant)}
