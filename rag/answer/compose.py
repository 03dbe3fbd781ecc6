"""The finished answer: sentences with their verdicts, citations numbered in the order of first use, quotes where little is left."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from rag.answer.evidence import Bearing, Evidence
from rag.answer.quote import bearing_sentences, nearest_picture
from rag.answer.refuse import REFUSAL
from rag.answer.verify.claims import MARK, Piece
from rag.answer.verify.verifier import Verdict, Verifier
from rag.language.parts import parts
from rag.language.split import sentences
from rag.language.words import asks_for_fact, asks_for_picture
from rag.records import Answer, Citation, Grounding, Hit, Unsupported

LEAST_SUPPORTED = 0.5
BESIDE = "A passage says so, but other sentences answer the question."
UNVERIFIED = "[unverified]"


class Draftsman:
    """Collects the pieces of a model's text with their verdicts, and makes the answer of them."""

    def __init__(self, verifier: Verifier):
        self._verifier = verifier
        self.verdicts: list[Verdict] = []

    def check(self, piece: Piece) -> Verdict:
        verdict = self._verifier.check(piece)
        self.verdicts.append(verdict)
        return verdict

    def finish(self, blank: Answer, question: str, evidence: Evidence) -> Answer:
        """The model's text where at least half of what it states stands (or may be seen in a picture it was shown), else the bearing
        passages, quoted; a refusal where it only says that the passages do not tell."""
        told = [verdict for verdict in self.verdicts if verdict.sentence]
        if self._verifier.rule.to_the_point:
            told = _to_the_point(told, question, blank.hits, evidence)
        stated = [verdict for verdict in told if verdict.stated]
        if not stated and any(verdict.absent for verdict in told):
            return refusal(blank)
        held = [verdict for verdict in stated if verdict.reason is None]
        kept = len(held) + sum(verdict.seen for verdict in stated)
        unsupported = tuple(Unsupported(verdict.sentence, verdict.reason) for verdict in stated if verdict.reason)
        if not kept or kept < LEAST_SUPPORTED * len(stated):
            answer = quoted(blank, question, blank.hits, evidence)
            return replace(answer, fallback="quote", grounding=Grounding(1.0, unsupported))
        notes = _Notes()
        text = ""
        for verdict in told:
            text += ("\n" if verdict.piece.line else " ") * bool(text) + _marked(verdict, notes)
        text = " ".join([text, *_picture(question, blank.hits, notes)])
        return replace(blank, answer=text, citations=notes.citations, grounding=Grounding(len(held) / len(stated), unsupported))


def _to_the_point(told: Sequence[Verdict], question: str, hits: Sequence[Hit], evidence: Evidence) -> list[Verdict]:
    """The verdicts, where one that was borne rests on no sentence that would be quoted with that as its fault."""
    quotes = _quotes(question, hits, evidence)

    def fits(verdict: Verdict) -> bool:
        return any(own.hit.rank == each.hit.rank and own.sentence in each.sentence for own in verdict.bearing for each in quotes)

    return [verdict if verdict.reason or not verdict.stated or fits(verdict) else replace(verdict, reason=BESIDE) for verdict in told]


def refusal(blank: Answer) -> Answer:
    """The answer that there is none: no citations, the hits as the nearest."""
    return replace(blank, answer=REFUSAL, refused=True, fallback=None, citations=(), grounding=Grounding())


def quoted(blank: Answer, question: str, hits: Sequence[Hit], evidence: Evidence) -> Answer:
    """The sentences of the hits that bear on the question, each in quotation marks with its citation; the picture first where one is
    asked for, and alone where nothing else is asked."""
    notes = _Notes()
    pieces = _picture(question, hits, notes)
    if not pieces or asks_for_fact(question):
        distinct = {(each.hit.rank, each.sentence): each for each in _quotes(question, hits, evidence)}
        pieces += [f"“{MARK.sub('', each.sentence)}” {notes.mark(each)}" for each in distinct.values()]
    pieces = pieces or _shown(nearest_picture(hits), notes)
    return replace(blank, answer=" ".join(pieces), citations=notes.citations, grounding=Grounding(1.0 if pieces else None))


def _quotes(question: str, hits: Sequence[Hit], evidence: Evidence) -> list[Bearing]:
    """What is quoted for a question, part by part."""
    return [each for part in parts(question) for each in bearing_sentences(part, hits, evidence)]


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


def _marked(verdict: Verdict, notes: _Notes) -> str:
    """A piece with its marks behind it: in the last cell of a row, under a block of code."""
    marks = [UNVERIFIED] if verdict.reason else [notes.mark(each) for each in verdict.bearing]
    if verdict.piece.kind == "row" and verdict.sentence.endswith("|"):
        return " ".join([verdict.sentence[:-1].rstrip(), *marks, "|"])
    if verdict.piece.kind == "code" and marks:
        return "\n".join([verdict.sentence, *marks])
    return " ".join([verdict.sentence, *marks])


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
