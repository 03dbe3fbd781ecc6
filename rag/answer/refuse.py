"""Whether the library holds the answer at all: several signals of the search, weighed together."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

from rag.answer.evidence import Evidence, evidence_of
from rag.answer.signals import Signals, signals
from rag.language.parts import parts
from rag.language.words import asks_for_picture, is_question, wanted_in_picture

if TYPE_CHECKING:
    from rag.library import Library

REFUSAL = "I do not know: the library does not hold the answer."

BIAS = -5.41
WEIGHTS = {"sentence": 5.38, "matched": 4.55, "least": 1.77, "strange": -3.05, "lacking": -3.38}
THRESHOLD = 0.36
SHOWN = 0.8  # more, in log-odds, where a picture is asked for: what it is taken for is one word, and the nearest is shown as such
LOOKED_AT = 3  # hits: where they are pictures without a word, nothing can be weighed


def chance(library: Library, question: str, evidence: Evidence, source: str | None = None) -> float:
    """The probability that the library (or what of it `source` names) holds the answer to a question, by the hits found for it; of a
    question in several parts, that of the part of which it knows most. Raises StoreError."""
    return max(answerable(weighed(library, part, evidence, source)) for part in parts(question)) if evidence.hits else 0.0


def weighed(library: Library, question: str, evidence: Evidence, source: str | None = None) -> Signals | None:
    """The signals of a question that asks one thing. Who asks for a picture, or gives bare words to search for, means what pictures show:
    there what they are taken for counts too; None where the first have not even that."""
    if is_question(question) and not asks_for_picture(question):
        return signals(library.searcher, question, evidence, source)
    if not any(hit.text.strip() for hit in evidence.hits[:LOOKED_AT]):
        return None
    guessed = evidence_of(library, evidence.hits, guesses=True)
    found = signals(library.searcher, question, guessed, source, wanted_in_picture(question))
    return replace(found, shown=float(asks_for_picture(question)))


def answerable(found: Signals | None) -> float:
    """The probability by logistic regression, whose constants come from benchmarks/refusal.py; 1 for what cannot be weighed."""
    if found is None:
        return 1.0
    return 1 / (1 + math.exp(-(BIAS + SHOWN * found.shown + sum(weight * getattr(found, name) for name, weight in WEIGHTS.items()))))
