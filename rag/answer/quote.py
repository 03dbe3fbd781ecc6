"""Answers in the library's own words: the sentences that bear on the question, quoted."""

from __future__ import annotations

from collections.abc import Sequence

from rag.answer.bearing import Bearing, Evidence
from rag.records import Hit

QUOTED = 3  # sentences at most
SHORTEST = 3  # words: less is a file's name or a heading
WITHIN = 0.12  # of the best sentence's cosine
RANK_BONUS = 0.02  # per place in the first five: the rerank has seen the whole passage


def bearing_sentences(question: str, hits: Sequence[Hit], evidence: Evidence) -> list[Bearing]:
    """The best sentence, and up to two more that are nearly as near, best first."""
    found = sorted(evidence.bearing(question), key=lambda each: -(each.score + RANK_BONUS * max(0, 6 - each.hit.rank)))
    found = [each for each in found if len(each.sentence.split()) >= SHORTEST and not each.sentence.endswith("?")] or found
    distinct = list({each.sentence: each for each in reversed(found)}.values())[::-1]
    return [each for each in distinct[:QUOTED] if each.score >= distinct[0].score - WITHIN]


def nearest_picture(hits: Sequence[Hit]) -> Hit | None:
    """The first picture among the hits."""
    return next((hit for hit in hits if hit.modality == "image"), None)
