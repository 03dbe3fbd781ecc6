"""Whether the library holds the answer at all: how near the hits come to the question, and what of it they lack, weighed together."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from rag.answer.evidence import Evidence, evidence_of
from rag.answer.quote import LONG_NUMBER, ranked
from rag.language.answer_type import holds
from rag.language.detect import known
from rag.language.foreign import held_among, telling_words
from rag.language.names import specifics
from rag.language.numbers import Counted, counted, lacking
from rag.language.question import Part, Question
from rag.language.words import asked_of, content_words, form_words, with_digits
from rag.records import GUESS_MARK, HEADING_SEPARATOR, Hit
from rag.retrieve.routes import scores_of_words
from rag.retrieve.search import Searcher

# Fitted by benchmarks/refusal.py on the sample, Debian Edu and KiCad; fitted without the corpus that is asked, its area falls by 0.01.
# `steps` and `exact` were held at half of what fits best: in a folder of a few pages most of such questions are answered.
BIAS = -4.11
WEIGHTS = {
    "sentence": 3.09,
    "matched": 2.1,
    "least": 2.36,
    "strange": -2.62,
    "lacking": -2.25,
    "unmet": -1.11,
    "unheard": -1.35,
    "long": 0.25,
    "exact": -0.6,
    "steps": -0.8,
}
THRESHOLD = 0.36
FOREIGN = 0.7  # times the share of the words that are held: half of them are too few
SHOWN = 0.8  # more, in log-odds, where a picture is asked for: what it is taken for is one word, and the nearest is shown as such
LOOKED_AT = 3  # hits: where they are pictures without a word, nothing can be weighed
HITS = 3  # of which the best match counts
LIKELY = 8  # sentences that may answer
SENTENCES = 3  # of which one should hold what is asked for
WORDS = 64  # of a question that are looked up: a pasted page has thousands
UNMET = 1.2  # times the logarithm of the passages: how much a word counts that the library never met, about what one does that it met once
LONG = 12  # words at most that lengthen a question
EXACT = ("person", "time", "number", "age", "telephone", "mail")
_CODE = re.compile(r"\d+\.\d+\.\d+|[A-Z]\w*-\w*\d|\d-0\d")  # of parts that the index knows each, which tell one thing only as a whole
COUNTED = ("money", "time", "number", "age", "telephone", "mail")  # kinds of things that a sentence shows by its form that it has


@dataclass(frozen=True)
class Signals:
    """`sentence` is the cosine of the question to the nearest sentence that may answer it. `matched` is the mean of the best cosines of the
    question's words in the hit that matches best, rare words counting more; `least` is that of the word that matches worst. `strange` is 1
    where a name or a number stands nowhere in the library, `lacking` where a sum, a time or a number is asked for and no sentence that may
    answer has one, `shown` where a picture is asked for. `unmet` is the share of the words that the library never met,
    `unheard` 1 where the thing that is asked about has one of these. Three tell what is asked: `long` counts the words with meaning, since
    a longer question finds all of them less well, `exact` is 1 for a person, a time or a number, which a text that treats a thing need not
    tell, and `steps` is 1 for a way to do something, which is told in the words of other ways."""

    sentence: float = 0.0
    matched: float = 0.0
    least: float = 0.0
    strange: float = 0.0
    lacking: float = 0.0
    unmet: float = 0.0
    unheard: float = 0.0
    long: float = 0.0
    exact: float = 0.0
    steps: float = 0.0
    shown: float = 0.0


def chance(searcher: Searcher, question: Question, evidence: Evidence, versions: Sequence[int] | None = None) -> float:
    """The probability that the library (or what of it `versions` name) holds the answer to a question, by the hits found for it; of a
    question in several parts, that of the part of which it knows most. Raises StoreError."""
    return max(_of_part(searcher, part, evidence, versions) for part in question.parts) if evidence.hits else 0.0


def answers(searcher: Searcher, question: Question, hits: Sequence[Hit]) -> bool:
    """Whether the library is likely enough to hold the answer, by the hits found for the question. Raises StoreError."""
    return chance(searcher, question, evidence_of(searcher, hits)) >= THRESHOLD


def _of_part(searcher: Searcher, part: Part, evidence: Evidence, versions: Sequence[int] | None) -> float:
    """The chance of one part. Of a question in a language that the rules do not know, the share of its words that the best hit has."""
    if known(part.text) or part.picture:
        return answerable(weighed(searcher, part, evidence, versions))
    asked = telling_words(part.text)
    texts = {hit.rank: f"{hit.place.above}\n{hit.evidence}" for hit in evidence.hits}
    return max(FOREIGN * len(held_among(asked, text)) / len(asked) for text in texts.values()) if asked else 1.0


def weighed(searcher: Searcher, part: Part, evidence: Evidence, versions: Sequence[int] | None = None) -> Signals | None:
    """The signals of one thing that is asked. Who asks for a picture, or gives bare words to search for, means what pictures show: there
    what they are taken for counts too; None where the first have not even that."""
    if part.question and not part.picture:
        return signals(searcher, part, evidence, versions)
    if not any(hit.text.strip() for hit in evidence.hits[:LOOKED_AT]):
        return None
    about = replace(part, text=part.picture) if part.picture else part
    guessed = any(GUESS_MARK in hit.text for hit in evidence.hits)
    found = signals(searcher, about, evidence_of(searcher, evidence.hits, guesses=True) if guessed else evidence, versions)
    return replace(found, shown=float(bool(part.picture)), unmet=0.0, unheard=0.0)  # what a picture is taken for is one word of many


def answerable(found: Signals | None) -> float:
    """The probability by logistic regression, whose constants come from benchmarks/refusal.py; 1 for what cannot be weighed."""
    if found is None:
        return 1.0
    return 1 / (1 + math.exp(-(BIAS + SHOWN * found.shown + sum(weight * getattr(found, name) for name, weight in WEIGHTS.items()))))


def signals(searcher: Searcher, part: Part, evidence: Evidence, versions: Sequence[int] | None = None) -> Signals:
    """The signals of one thing that is asked, by the hits that were found for it. Raises StoreError."""
    places = list(ranked(part, evidence))
    if not places:
        return Signals()
    if any(_heading_answers(part, at, evidence) or _has_number(part, at, evidence) for at in places[:SENTENCES]):
        return Signals(sentence=1.0, matched=1.0, least=1.0)
    kind = part.seeks if part.seeks in COUNTED else None
    fit = [at for at in places[:LIKELY] if holds(kind, _where_it_may_stand(kind, at, evidence))]
    met = _met(searcher, part.text, evidence, versions)
    unmet = UNMET * math.log(2 * searcher.catalog.counts()["passages"] + 2)
    matched, least = _matched(part.text, evidence, {word: unmet if score is None else score for word, score in met.items()})
    strange = any(met.get(word, 0.0) is None for word in specifics(part.text)) or not _dated(part.text, evidence)
    return Signals(
        sentence=float(evidence.cosines(part.text, fit or places[-1:]).max()),
        matched=matched,
        least=least,
        strange=float(strange),
        lacking=float(not set(places[:SENTENCES]) & set(fit)),
        unheard=float(any(met.get(word, 0.0) is None for word in asked_of(part.text))),
        unmet=sum(score is None for score in met.values()) / len(met) if met else 0.0,
        long=min(LONG, len(content_words(part.text))),
        exact=float(part.seeks in EXACT),
        steps=float(part.steps),
    )


def _heading_answers(part: Part, at: int, evidence: Evidence) -> bool:
    """Whether what stands over a sentence has all that the question names and the day that it asks for: "2.3.0 (2024-05-01)"."""
    asked = with_digits(" ".join(specifics(part.text)))
    pieces = evidence.statements[at].hit.place.above.split(HEADING_SEPARATOR) if part.seeks == "time" and asked else []
    return any(asked <= with_digits(piece) and bool(counted(piece).dates) for piece in pieces)


def _has_number(part: Part, at: int, evidence: Evidence) -> bool:
    """Whether a sentence has a number of the question that is long enough to be of one thing alone: a telephone, an invoice."""
    long = {number for number in with_digits(part.text) if len(number) >= LONG_NUMBER}
    return bool(long) and long <= with_digits(evidence.placed(at))


def _where_it_may_stand(kind: str | None, at: int, evidence: Evidence) -> str:
    """What of a sentence in its place may hold what is asked for: of a row its cells under their heads, a time in the heading too."""
    placed = evidence.placed(at)
    return " ".join((placed if kind == "time" else placed.rpartition("\n")[2]).split())


def _dated(question: str, evidence: Evidence) -> bool:
    """Whether the days that a question names stand in the hits, each as a whole."""
    days = tuple(date for date in counted(question).dates if date.day)
    if not days:
        return True
    asked = Counted(quantities=(), dates=days, times=(), units=frozenset(), rest="")
    return any(not lacking(asked, counted(" ".join(evidence.placed(at).split()))) for at in range(len(evidence.statements)))


def _met(searcher: Searcher, question: str, evidence: Evidence, versions: Sequence[int] | None) -> dict[str, float | None]:
    """The best BM25 score of each word of a question, None for one that the library never met; numbers are met in any spelling, and what
    only gives the question its form need not be."""
    asked_for = list(dict.fromkeys(content_words(question)[:WORDS]))
    met = scores_of_words(asked_for, searcher.store, searcher.catalog, None if versions is None else list(versions))
    held: set[str] | None = None
    form = form_words(question)
    for word, score in met.items():
        if score is None and word.lower() in form:
            met[word] = 0.0
            continue
        if (score is None or _CODE.search(word)) and (asked := with_digits(word)):
            held = with_digits("\n".join(map(evidence.placed, range(len(evidence.statements))))) if held is None else held
            met[word] = (score or 0.0) if asked & held else None
    return met


def _matched(question: str, evidence: Evidence, weights: dict[str, float]) -> tuple[float, float]:
    matches, ranks = evidence.matches_in_place(question), np.array([each.hit.rank for each in evidence.statements])
    if not matches.size:
        return 0.0, 0.0
    weight = np.array([weights.get(word, 1.0) for word in evidence.columns(question)])
    hits = [matches[ranks == rank].max(axis=0) for rank in sorted(set(ranks))[:HITS]]
    return max((float(each @ weight / weight.sum()), float(each.min())) for each in hits)
