"""Answers in the library's own words: the sentences of the hits that answer a question, quoted.

A sentence is weighed by how well each word of the question finds a match in it (late interaction, see `rag.retrieve.rerank`, with the
sentence for the passage), by what more of the question the sentence before it holds ("It was painted yellow" follows the name of the
tower), and by signs that need no model: the place of its hit, a figure where one is asked for, an introduction that ends in a colon before
it. Only the best of them are encoded and compared as sentences too. The weights were chosen on the sample, Debian Edu and KiCad
(benchmarks/answers.md), where to halve any one of them moves keyword recall by less than 0.02.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence

import numpy as np

from rag.answer.evidence import Bearing, Evidence
from rag.language.numbers import numbers
from rag.records import Hit

WORDS = 70  # of all quotes
QUOTED = 5  # sentences at most
SHORTEST, LONGEST = 3, 60  # words of a sentence: less is a file's name or a heading, more a page of text from a picture
CANDIDATES = 8  # sentences that are encoded
WITHIN = 0.3  # of the best sentence's weight

COSINE = 0.5  # against 1 for the mean match of the question's words
BEFORE = 0.4
RANK = 0.25  # for the first hit, half of it for the second, a third for the third
OWN = 0.1  # in the passage that was found, not in a neighbour of it
FIGURE = 0.15
INTRODUCED = 0.15
TERSE = 7  # words of a sentence that may only name what the next one tells of
WORDY, PLAIN = 0.1, 12  # off for each e-fold of words above PLAIN

_ASKS_FOR_FIGURE = re.compile(
    r"\b(?:when|since|how (?!do|does|did|can|could|should|to|is|are|was|were|would|will|must|may)\w+|"
    r"(?:year|date|time|number|height|length|width|depth|size|price|cost|bill|pressure|speed|distance|range|age|weight)s?)\b",
    re.IGNORECASE,
)
_GOES_ON = re.compile(r"(?:it|its|he|his|she|her|they|their|this|these)\b", re.IGNORECASE)
_PROSE = re.compile(r"\w[^|\"“”]*")  # no rows or items, nothing that is quoted already


def bearing_sentences(question: str, hits: Sequence[Hit], evidence: Evidence) -> list[Bearing]:
    """The sentences that answer best, of WORDS words together: hit by hit, the best hit first, in a hit as they stand there. What ends in a
    colon takes what follows it along, and so does what only names a thing that the next sentence tells of. Sentences that follow each other
    are one piece."""
    chosen = _chosen(ranked(question, evidence), evidence)
    first = {evidence.told[at][0].rank: order for order, at in reversed(list(enumerate(chosen)))}
    pieces: list[Bearing] = []
    for at in sorted(chosen, key=lambda at: (first[evidence.told[at][0].rank], at)):
        hit, sentence = evidence.told[at]
        joined = f"{pieces[-1].sentence} {sentence}" if pieces and pieces[-1].hit is hit else ""
        if joined and _PROSE.fullmatch(joined) and joined in " ".join(hit.evidence.split()):
            pieces[-1] = Bearing(hit, joined, max(pieces[-1].score, chosen[at]))
        else:
            pieces.append(Bearing(hit, sentence, chosen[at]))
    return pieces


def answering(question: str, evidence: Evidence) -> list[Bearing]:
    """The CANDIDATES sentences that answer best, best first, each once; `score` is their weight, about 1.5 at most."""
    return [Bearing(*evidence.told[at], weight) for at, weight in ranked(question, evidence).items()]


def nearest_picture(hits: Sequence[Hit]) -> Hit | None:
    """The first picture among the hits."""
    return next((hit for hit in hits if hit.modality == "image"), None)


def _chosen(weights: Mapping[int, float], evidence: Evidence) -> dict[int, float]:
    """The places in `told` of what is quoted, with their weights."""
    least = max(weights.values(), default=0.0) - WITHIN
    chosen: dict[int, float] = {}
    left = WORDS
    for best, weight in weights.items():
        hit, sentence = evidence.told[best]
        after = evidence.told[best + 1][1] if best + 1 < len(evidence.told) and evidence.told[best + 1][0] is hit else ""
        leads = sentence.endswith(":") or (len(sentence.split()) <= TERSE and _GOES_ON.match(after))
        for at in (best, best + 1) if after and leads else (best,):
            words = len(evidence.told[at][1].split())
            if weight >= least and at not in chosen and (not chosen or (words <= left and len(chosen) < QUOTED)):
                chosen[at] = weight
                left -= words
    return chosen


def ranked(question: str, evidence: Evidence) -> dict[int, float]:
    """The places in `told` of the CANDIDATES best sentences with their weights, best first."""
    weights = _weights(question, evidence)
    told = [sentence for _, sentence in evidence.told]
    fit = [at for at, sentence in enumerate(told) if SHORTEST <= len(sentence.split()) <= LONGEST and not sentence.endswith("?")]
    distinct: dict[str, int] = {}
    for at in sorted(fit or range(len(told)), key=lambda at: -weights[at]):
        distinct.setdefault(told[at], at)
    best = list(distinct.values())[:CANDIDATES]
    weights[best] += COSINE * evidence.cosines(question, best)
    return {at: float(weights[at]) for at in sorted(best, key=lambda at: -weights[at])}


def _weights(question: str, evidence: Evidence) -> np.ndarray:
    """(sentences,): what each weighs before it is encoded."""
    matches = evidence.matches(question)
    weights = matches.mean(axis=1) if matches.size else np.zeros(len(matches), dtype=np.float32)
    figure = _ASKS_FOR_FIGURE.search(question) is not None
    asked = numbers(question)
    for at, (hit, sentence) in enumerate(evidence.told):
        weights[at] += RANK / hit.rank + OWN * evidence.own[at] - WORDY * max(0.0, math.log(max(1, len(sentence.split())) / PLAIN))
        weights[at] += FIGURE * (figure and bool(numbers(sentence) - asked))
        if matches.size and at and evidence.told[at - 1][0] is hit:
            weights[at] += BEFORE * float((np.maximum(matches[at], matches[at - 1]) - matches[at]).mean())
            weights[at] += INTRODUCED * evidence.told[at - 1][1].endswith(":")
    return weights
