"""Does a passage bear a sentence: its numbers, dates and names occur there, and its meaning is near."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from rag.answer.bearing import Bearing, Evidence
from rag.answer.facts import missing
from rag.records import Hit

NEAR = 0.5  # cosine of a sentence to the sentence of the passage that bears it
MARK = re.compile(r"\s*\[(\d+)\]")
SPREAD = 2  # sentences of one passage that may bear a statement together


@dataclass(frozen=True)
class Verdict:
    """A sentence without its marks, the sentences that bear it (best first), and what is wrong where none do."""

    sentence: str
    bearing: tuple[Bearing, ...]
    reason: str | None


class Verifier:
    """Checks sentences against the hits that were packed, in the order in which they were numbered from 1."""

    def __init__(self, packed: Sequence[Hit], evidence: Evidence):
        self._packed = packed
        self._evidence = evidence

    def check(self, sentence: str) -> Verdict:
        """The verdict on one sentence; a citation that bears nothing is moved to the passage that does."""
        cited = [int(n) for n in MARK.findall(sentence)]
        plain = MARK.sub("", sentence).strip()
        named = [self._packed[n - 1] for n in cited if 1 <= n <= len(self._packed)]
        others = [hit for hit in self._packed if hit not in named]
        reason = "No passage says anything near it."
        for hit in (*named, *others):
            near = [each for each in self._evidence.bearing(plain, [hit.rank])[:SPREAD] if each.score >= NEAR]
            if not near:
                continue
            lacking = missing(plain, " ".join([hit.locator.heading or "", hit.source, hit.evidence]))
            if not lacking:
                return Verdict(plain, (near[0],), None)
            if reason.startswith("No passage") or hit in named:
                reason = f"The passage does not say: {', '.join(lacking)}."
        return Verdict(plain, (), reason)
