"""Whether the library holds the answer at all: several signals of the search, weighed together."""

from __future__ import annotations

import math
from dataclasses import asdict
from typing import TYPE_CHECKING

from rag.answer.bearing import Evidence
from rag.answer.signals import Signals, signals
from rag.retrieve.parts import parts

if TYPE_CHECKING:
    from rag.retrieve.search import Searcher

REFUSAL = "I do not know: the library does not hold the answer."

BIAS = -5.41
WEIGHTS = {"sentence": 5.38, "matched": 4.55, "least": 1.77, "strange": -3.05, "lacking": -3.38}
THRESHOLD = 0.36


def chance(searcher: Searcher, question: str, evidence: Evidence, source: str | None = None) -> float:
    """The probability that the library (or what of it `source` names) holds the answer to a question, by the hits found for it; of a
    question in several parts, that of the part of which it knows most. Raises StoreError."""
    return max(answerable(signals(searcher, part, evidence, source)) for part in parts(question))


def answerable(found: Signals) -> float:
    """The probability by logistic regression; its constants come from benchmarks/refusal.py."""
    return 1 / (1 + math.exp(-(BIAS + sum(WEIGHTS[name] * value for name, value in asdict(found).items()))))
