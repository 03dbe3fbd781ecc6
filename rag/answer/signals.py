"""What speaks for and against that a library holds the answer to a question: how near it comes, and what of the question it lacks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from rag.answer.evidence import Evidence
from rag.answer.quote import ranked
from rag.language.answer_type import holds, wanted
from rag.language.words import content_words, names
from rag.retrieve.routes import Probe, follow

if TYPE_CHECKING:
    from rag.retrieve.search import Searcher

HITS = 3  # of which the best match counts
SENTENCES = 3  # of which one should hold what is asked for
WORDS = 64  # of a question that are looked up: a pasted page has thousands
UNMET = 9.0  # how much a word counts that the library never met; of those that it did the best BM25 score, which is seldom more


@dataclass(frozen=True)
class Signals:
    """`sentence` is the cosine of the question to the nearest sentence that may answer it. `matched` is the mean of the best cosines of the
    question's words in the hit that matches best, rare words counting more; `least` is that of the word that matches worst. `strange` is 1
    where a name or a number stands nowhere in the library, `lacking` where a sum, a time or a number is asked for and no sentence that may
    answer has one, `shown` where a picture is asked for."""

    sentence: float = 0.0
    matched: float = 0.0
    least: float = 0.0
    strange: float = 0.0
    lacking: float = 0.0
    shown: float = 0.0


def signals(searcher: Searcher, question: str, evidence: Evidence, source: str | None = None, about: str | None = None) -> Signals:
    """The signals of a question by the hits that were found for it, within the files that `source` names. `about` are the words of it that
    say what is wanted, if not all do. Raises StoreError."""
    about = about or question
    places = list(ranked(about, evidence))
    if not places:
        return Signals()
    versions = searcher.catalog.versions(source) if source else None
    met: dict[str, float | None] = {}
    for word in dict.fromkeys(content_words(about)[:WORDS]):
        found = follow(Probe("bm25", word, None), searcher.store, searcher.catalog, versions, 1)
        met[word] = found[0][1] if found else None
    kind = wanted(question)
    fit = [at for at in places if holds(kind, evidence.told[at][1])]
    matched, least = _matched(about, evidence, {word: UNMET if score is None else score for word, score in met.items()})
    return Signals(
        sentence=float(evidence.cosines(about, fit or places[-1:]).max()),
        matched=matched,
        least=least,
        strange=float(any(met.get(word, 0.0) is None for word in names(question))),
        lacking=float(not set(places[:SENTENCES]) & set(fit)),
    )


def _matched(question: str, evidence: Evidence, weights: dict[str, float]) -> tuple[float, float]:
    matches, ranks = evidence.matches(question), np.array([hit.rank for hit, _ in evidence.told])
    if not matches.size:
        return 0.0, 0.0
    weight = np.array([weights.get(word, 1.0) for word in evidence.columns(question)])
    hits = [matches[ranks == rank].max(axis=0) for rank in sorted(set(ranks))[:HITS]]
    return max((float(each @ weight / weight.sum()), float(each.min())) for each in hits)
