"""Whether the library holds the answer at all: several signals of the search, weighed together."""

from __future__ import annotations

import math

from rag.records import Signals

REFUSAL = "I do not know: the library does not hold the answer."

BIAS = 0.0
WEIGHTS = {"dense": 0.0, "maxsim": 0.0, "weakest": 0.0, "unseen": 0.0}
THRESHOLD = 0.5


def answerable(signals: Signals, unseen: float) -> float:
    """The probability that the library holds the answer, by logistic regression; constants and data in benchmarks/refusal.md."""
    values = {"dense": signals.dense, "maxsim": signals.maxsim, "weakest": signals.weakest, "unseen": unseen}
    return 1 / (1 + math.exp(-(BIAS + sum(WEIGHTS[name] * value for name, value in values.items()))))
