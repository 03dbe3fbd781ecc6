"""The finished answer: sentences with their verdicts, citations numbered in the order of first use, quotes where little is left."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from rag.answer.bearing import Bearing, Evidence
from rag.answer.quote import bearing_sentences, nearest_picture
from rag.answer.sentences import sentences
from rag.answer.verify import MARK, Verdict, Verifier
from rag.records import Answer, Citation, Grounding, Hit, Unsupported
from rag.retrieve.parts import parts
from rag.retrieve.words import asks_for_fact, asks_for_picture

LEAST_SUPPORTED = 0.5
UNVERIFIED = "[unverified]"


class Draftsman:
    """Collects a model's sentences with their verdicts, and makes the answer of them."""

    def __init__(self, verifier: Verifier):
        self._verifier = verifier
        self.verdicts: list[Verdict] = []

    def check(self, sentence: str) -> Verdict:
        verdict = self._verifier.check(sentence)
        self.verdicts.append(verdict)
        return verdict

    def finish(self, blank: Answer, question: str, evidence: Evidence) -> Answer:
        """The model's text where at least half of its sentences stand, else the bearing passages, quoted."""
        told = [verdict for verdict in self.verdicts if verdict.sentence]
        held = [verdict for verdict in told if verdict.reason is None]
        supported = len(held) / len(told) if told else 0.0
        unsupported = tuple(Unsupported(verdict.sentence, verdict.reason) for verdict in told if verdict.reason)
        if supported < LEAST_SUPPORTED or not held:
            answer = quoted(blank, question, blank.hits, evidence)
            return replace(answer, fallback="quote", grounding=Grounding(1.0, unsupported))
        notes = _Notes()
        pieces = [
            f"{verdict.sentence} {UNVERIFIED}" if verdict.reason else " ".join([verdict.sentence, *map(notes.mark, verdict.bearing)])
            for verdict in told
        ]
        pieces += _picture(question, blank.hits, notes)
        return replace(blank, answer=" ".join(pieces), citations=notes.citations, grounding=Grounding(supported, unsupported))


def quoted(blank: Answer, question: str, hits: Sequence[Hit], evidence: Evidence) -> Answer:
    """The sentences of the hits that bear on the question, each in quotation marks with its citation; the picture first where one is
    asked for, and alone where nothing else is asked."""
    notes = _Notes()
    pieces = _picture(question, hits, notes)
    if not pieces or asks_for_fact(question):
        found = [each for part in parts(question) for each in bearing_sentences(part, hits, evidence)]
        distinct = {(each.hit.rank, each.sentence): each for each in found}
        pieces += [f"“{MARK.sub('', each.sentence)}” {notes.mark(each)}" for each in distinct.values()]
    pieces = pieces or _shown(nearest_picture(hits), notes)
    return replace(blank, answer=" ".join(pieces), citations=notes.citations, grounding=Grounding(1.0 if pieces else None))


def _picture(question: str, hits: Sequence[Hit], notes: _Notes) -> list[str]:
    """Where the question asks for a picture and none is cited yet, the nearest one."""
    wanted = asks_for_picture(question) and not any(citation.modality == "image" for citation in notes.citations)
    return _shown(nearest_picture(hits), notes) if wanted else []


def _shown(picture: Hit | None, notes: _Notes) -> list[str]:
    if picture is None:
        return []
    told = sentences(picture.caption or "")[:1] or sentences(picture.evidence)[:1]
    mark = notes.mark(Bearing(picture, told[0] if told else "", 1.0))
    return [
        f"The nearest picture: “{MARK.sub('', told[0])}” {mark}"
        if told
        else f"The nearest picture is {picture.origin or picture.source}. {mark}"
    ]


class _Notes:
    """Citations by (hit, quote), numbered from 1 in the order of first use; one number for one hit and piece."""

    def __init__(self) -> None:
        self._numbers: dict[tuple[int, str], Citation] = {}

    def mark(self, bearing: Bearing) -> str:
        hit, key = bearing.hit, (bearing.hit.rank, bearing.sentence)
        if key not in self._numbers:
            number = len(self._numbers) + 1
            self._numbers[key] = Citation(
                number, hit.source, hit.where(bearing.sentence), hit.modality, bearing.sentence, hit.media, hit.rank
            )
        return f"[{self._numbers[key].n}]"

    @property
    def citations(self) -> tuple[Citation, ...]:
        return tuple(self._numbers.values())
