"""Whether the library holds the answer at all: several signals of the search, weighed together."""

from __future__ import annotations

import math

from rag.records import Signals

REFUSAL = "I do not know: the library does not hold the answer."

BIAS = -3.41
WEIGHTS = {"dense": 5.93, "weakest": 2.04, "unseen": -1.56}
THRESHOLD = 0.3


def answerable(signals: Signals, unseen: float) -> float:
    """The probability that the library holds the answer, by logistic regression; constants from benchmarks/refusal.py."""
    values = {"dense": signals.dense, "weakest": signals.weakest, "unseen": unseen}
    return 1 / (1 + math.exp(-(BIAS + sum(WEIGHTS[name] * value for name, value in values.items()))))
