"""rag/evaluate/run.py: what an evaluation sums up."""

from __future__ import annotations

import pytest

from rag.evaluate.questions import Asked
from rag.evaluate.run import Outcome, summary
from rag.records import Answer


@pytest.mark.parametrize(("times", "p95"), [([10, 20], 19.5), ([*range(1, 22)], 20), ([7], None)])
def test_the_95th_percentile_is_within_what_was_measured(times, p95):
    answers = [Answer("a", "a", None, (), timings_ms={"encode": 0, "retrieve": time, "rerank": 0}) for time in times]
    outcomes = [Outcome(Asked("a", "a"), answer, [], 0.1) for answer in answers]
    assert summary(outcomes, retrieval_only=True)["latency_ms"]["retrieve_p95"] == p95
