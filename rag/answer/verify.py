"""Does a passage bear a sentence: its numbers, dates and names occur there, and its meaning is near."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from rag.answer.bearing import Bearing, Evidence
from rag.answer.facts import missing, strayed
from rag.records import Hit

NEAR = 0.5  # cosine of a sentence to the sentence of the passage that bears it
MARK = re.compile(r"\s*\[(\d+)\]")


@dataclass(frozen=True)
class Rule:
    """How freely a model may put things: `spread` sentences of one passage bear a statement together, and of its content words the
    share `strays` may stand in none of them."""

    spread: int
    strays: float


FREE = Rule(spread=3, strays=0.6)
STRICT = Rule(spread=1, strays=0.15)  # for a small model, which blends what stands near each other into what nobody said


@dataclass(frozen=True)
class Verdict:
    """A sentence without its marks, the sentences that bear it (best first), and what is wrong where none do."""

    sentence: str
    bearing: tuple[Bearing, ...]
    reason: str | None


class Verifier:
    """Checks sentences against the hits that were packed, in the order in which they were numbered from 1."""

    def __init__(self, packed: Sequence[Hit], evidence: Evidence, rule: Rule = FREE):
        self._packed = packed
        self._evidence = evidence
        self._rule = rule

    def check(self, sentence: str) -> Verdict:
        """The verdict on one sentence; a citation that bears nothing is moved to the passage that does."""
        cited = [int(n) for n in MARK.findall(sentence)]
        plain = MARK.sub("", sentence).strip()
        named = [self._packed[n - 1] for n in cited if 1 <= n <= len(self._packed)]
        others = [hit for hit in self._packed if hit not in named]
        reason = None
        for hit in (*named, *others):
            near = [each for each in self._evidence.bearing(plain, [hit.rank])[: self._rule.spread] if each.score >= NEAR]
            if not near:
                continue
            told = " ".join([hit.locator.heading or "", hit.source, *(each.sentence for each in near)])
            lacking = missing(plain, told)
            if lacking:
                reason = reason or f"The passage does not say: {', '.join(lacking)}."
            elif strayed(plain, told) > self._rule.strays:
                reason = reason or "The passage says something else."
            else:
                return Verdict(plain, (near[0],), None)
        return Verdict(plain, (), reason or "No passage says anything near it.")
