"""The finished answer: sentences with their verdicts, citations numbered in the order of first use, quotes where little is left."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from rag.answer.evidence import ITEM, Bearing, Evidence
from rag.answer.quote import Quote, quotes
from rag.answer.verifier import FREE, STRICT, Verdict, Verifier
from rag.language.claims import MARK, Piece
from rag.language.dates import years
from rag.language.injections import gives_orders
from rag.language.names import names
from rag.language.numbers import counted
from rag.language.question import Part, Question
from rag.language.split import folded, sentences
from rag.language.stems import akin, content, shared
from rag.language.words import asks_for_looks, with_digits
from rag.records import HEADING_SEPARATOR, Answer, Citation, Grounding, Hit, Unsupported

REFUSAL = "I do not know: the library does not hold the answer."
LEAST_SUPPORTED = 0.5
BRIEF = 2  # sentences of a refusal, with a reason behind it
BESIDE = "A passage says so, but other sentences answer the question."
UNVERIFIED = "[unverified]"
LABELS = 2  # pieces of a place that are shown before a quote, the innermost
_NUMBERED = re.compile(r"^\d+(?:\.\d+)*\.\s+(?=[^\W\d_])")


class Draftsman:
    """Collects the pieces of a model's text with their verdicts, and makes the answer of them. `packed` are the hits that the model was
    given, in the order of their numbers, `small` tells whether it is one that blends what it reads, `seen` has the ranks of the pictures
    that it was shown."""

    def __init__(self, packed: Sequence[Hit], evidence: Evidence, small: bool = False, seen: Collection[int] = ()):
        self._verifier = Verifier(packed, evidence, STRICT if small else FREE, seen)
        self._evidence = evidence
        self.verdicts: list[Verdict] = []

    def check(self, piece: Piece) -> Verdict:
        verdict = self._verifier.check(piece)
        self.verdicts.append(verdict)
        return verdict

    def finish(self, blank: Answer, question: Question) -> Answer:
        """The model's text where at least half of what it states stands (or may be seen in a picture it was shown), else the bearing
        passages, quoted; a refusal where it only says that the passages do not tell, or refuses in the words that it was given. What a
        small model writes heads the quotes: it often leaves out what was asked for."""
        evidence = self._evidence
        told = [verdict for verdict in self.verdicts if verdict.sentence]
        if len(told) <= BRIEF and any(REFUSAL.split(":")[0].lower() in verdict.sentence.lower() for verdict in told):
            return refusal(blank)
        if self._verifier.rule.to_the_point:
            told = _to_the_point(told, question, evidence)
        stated = [verdict for verdict in told if verdict.stated]
        if not stated and any(verdict.absent for verdict in told):
            return refusal(blank)
        held = [verdict for verdict in stated if verdict.reason is None]
        kept = len(held) + sum(verdict.seen for verdict in stated)
        unsupported = tuple(Unsupported(verdict.sentence, verdict.reason) for verdict in stated if verdict.reason)
        if not kept or kept < LEAST_SUPPORTED * len(stated):
            answer = quoted(blank, question, evidence)
            return replace(answer, fallback="quote", grounding=Grounding(1.0, unsupported))
        notes = _Notes()
        text = ""
        for verdict in told:
            text += ("\n" if verdict.piece.line else " ") * bool(text) + _marked(verdict, notes)
        if self._verifier.rule.to_the_point:
            text = _joined([_Block(text, True), *_quotes(blank, question, evidence, notes)])
        else:
            text = " ".join([text, *(piece for part in question.parts for piece in _picture(part, blank.hits, notes))])
        return replace(blank, answer=text, citations=notes.citations, grounding=Grounding(len(held) / len(stated), unsupported))


def _to_the_point(told: Sequence[Verdict], question: Question, evidence: Evidence) -> list[Verdict]:
    """The verdicts, each that was borne resting on what is quoted; where that has no sentence that bears it, with that as its fault."""
    chosen = [each for part in question.parts for each in quotes(part, evidence)]

    def pointed(verdict: Verdict) -> Verdict:
        if verdict.reason or not verdict.stated:
            return verdict
        wider = [
            replace(own, sentence=each.sentence)
            for own in verdict.bearing
            for each in chosen
            if own.hit.rank == each.hit.rank and own.sentence in each.sentence
        ]
        return replace(verdict, bearing=tuple(wider)) if wider else replace(verdict, reason=BESIDE)

    return [pointed(verdict) for verdict in told]


def refusal(blank: Answer) -> Answer:
    """The answer that there is none: no citations, the hits as the nearest."""
    return replace(blank, answer=REFUSAL, refused=True, fallback=None, citations=(), grounding=Grounding())


def quoted(blank: Answer, question: Question, evidence: Evidence) -> Answer:
    """The sentences of the hits that bear on the question, part by part, each in quotation marks with its citation; the picture first where
    one is asked for, and alone where nothing else is asked."""
    notes = _Notes()
    blocks = _quotes(blank, question, evidence, notes)
    return replace(blank, answer=_joined(blocks), citations=notes.citations, grounding=Grounding(1.0 if blocks else None))


def _quotes(blank: Answer, question: Question, evidence: Evidence, notes: _Notes) -> list[_Block]:
    blocks: list[_Block] = []
    said: set[tuple[int, str]] = set()
    for part in question.parts:
        pictures = _picture(part, blank.hits, notes)
        blocks += map(_Block, pictures)
        if pictures and not part.fact and not (asks_for_looks(part.text) and _elsewhere(part, blank.hits)):
            continue
        for each in quotes(part, evidence):
            fresh = replace(each, statements=tuple(one for one in each.statements if (each.hit.rank, one.text) not in said))
            said |= {(each.hit.rank, one.text) for one in each.statements}
            if fresh.statements:
                moment = each.hit.where(fresh.sentence).moment if question.moment else ""
                blocks.append(_block(fresh, " · ".join(filter(None, [moment, _over(fresh, part)])), notes, apart=bool(moment)))
    return blocks or [_Block(piece) for piece in _shown(nearest_picture(blank.hits), notes)]


def recited(blank: Answer, chosen: Sequence[Quote], said: str = "", by_source: bool = False) -> Answer:
    """Quotes that were chosen otherwise, each under the place (or with `by_source` the document) that it stands in; `said` comes first, and
    rests on the first of them."""
    notes = _Notes()
    blocks = [_Block(f"{said} {notes.mark(chosen[0].hit, chosen[0].sentence)}")] if said and chosen else []
    before = ""
    for each in chosen:
        over = each.hit.source if by_source else "" if said or each.head is not None else _last(each.hit.place.above)
        blocks.append(_block(each, over if over != before else "", notes, apart=True))
        before = over
    return replace(blank, answer=_joined(blocks), citations=notes.citations, grounding=Grounding(1.0 if blocks else None))


@dataclass(frozen=True)
class _Block:
    """A piece of an answer; what is a list or a table stands on lines of its own."""

    text: str
    lines: bool = False
    table: str = ""


def _joined(blocks: Sequence[_Block]) -> str:
    text = ""
    for before, block in zip([None, *blocks], blocks, strict=False):
        if before is not None:
            same = block.table and before.table == block.table
            text += "\n" if same else "\n\n" if block.lines or before.lines else " "
            text += "\n".join(block.text.splitlines()[2:]) if same else block.text
        else:
            text = block.text
    return text


def _block(each: Quote, over: str, notes: _Notes, apart: bool = False) -> _Block:
    """A quote with its citation: prose in quotation marks, a list as its items, rows under their head; `over` says where it stands."""
    mark = notes.mark(each.hit, each.sentence)
    above = f"{_plain(over)}: " if over else ""
    kinds = {one.kind for one in each.statements}
    more = f" … and {each.more:,} more" if each.more else ""
    if kinds <= {"row", "head"}:
        rows = [f"{_plain(one.text).rstrip().removesuffix('|').rstrip()} {mark} |" for one in each.statements if one is not each.head]
        width = len((each.head or each.statements[0]).cells)
        head = _plain(each.head.text) if each.head is not None else f"|{'  |' * width}"
        lines = [head, f"|{' --- |' * width}", *rows, *([more.strip()] if more else [])]
        return _Block("\n".join([above.strip(), *lines] if above else lines), True, head if each.head is not None and not above else "")
    if "item" in kinds and len(each.statements) > 1 and (more or not all(one.goes_on for one in each.statements[1:])):
        lines = [f"{line} {mark}" for line in _items(each)]
        return _Block("\n".join([above.strip(), *lines, *([more.strip()] if more else [])] if above or more else lines), True)
    return _Block(f"{above}“{_plain(each.sentence)}” {mark}", apart)


def _items(each: Quote) -> list[str]:
    """The members of a list, each on one line with all its sentences that are quoted."""
    lines: list[str] = []
    for at, one in enumerate(each.statements):
        text = _plain(one.text)
        if one.goes_on and at and f"{each.statements[at - 1].text} {one.text}" in folded(each.hit.evidence):
            lines[-1] += f" {text}"
        else:
            lines.append(text if one.kind != "item" or ITEM.match(one.text) else f"- {text}")
    return lines


def _over(each: Quote, part: Part) -> str:
    """What of a quote's place has words of the question that the quote itself lacks."""
    own = content(" ".join([each.sentence, each.head.text if each.head is not None else ""]))
    asked = [word for word in content(part.text) if not any(akin(word, other) for other in own)]
    asked += [word for word in with_digits(part.text) if word not in with_digits(each.sentence)]
    telling = [
        piece
        for piece in each.hit.place.above.split(HEADING_SEPARATOR)
        if not gives_orders(piece)
        and (
            any(akin(word, other) for word in asked for other in content(piece))
            or not with_digits(piece).isdisjoint(asked)
            or _is_asked_for(piece, each, part)
        )
    ]
    return " › ".join(_NUMBERED.sub("", piece) for piece in telling[-LABELS:])


def _is_asked_for(piece: str, each: Quote, part: Part) -> bool:
    """Whether a piece of the place has what the part asks for, and the sentence has none: the person, the day, the version."""
    if part.seeks == "person":
        own = names(part.text)
        return not names(each.sentence) - own and bool(names(f"the {piece}") - own)
    if part.seeks == "time":
        return bool(counted(piece).dates or years(piece)) and not (counted(each.sentence).dates or years(each.sentence))
    return part.seeks is None and part.which and bool(with_digits(piece)) and not with_digits(each.sentence)


def _last(above: str) -> str:
    last = above.split(HEADING_SEPARATOR)[-1]
    return "" if gives_orders(last) else last


def _plain(text: str) -> str:
    """Text of a document without what would look like a citation."""
    return MARK.sub("", text)


def _elsewhere(part: Part, hits: Sequence[Hit]) -> bool:
    """Whether the words for what is to be seen stand in a passage, and none of them with the picture that is shown."""
    asked, shown = content(part.picture), pictured(part.picture, hits)
    told = content(shown.evidence) if shown else frozenset()
    texts = [content(hit.evidence) for hit in hits if hit.modality == "text"]
    return not shared(asked, told) and any(asked and asked <= shared(asked, text) for text in texts)


def _picture(part: Part, hits: Sequence[Hit], notes: _Notes) -> list[str]:
    """Where a part asks for a picture and none is cited yet, the one that is named as what is asked for, else the nearest."""
    if not part.picture or any(citation.modality == "image" for citation in notes.citations):
        return []
    return _shown(pictured(part.picture, hits), notes)


def nearest_picture(hits: Sequence[Hit]) -> Hit | None:
    """The first picture among the hits."""
    return next((hit for hit in hits if hit.modality == "image"), None)


def pictured(wanted: str, hits: Sequence[Hit]) -> Hit | None:
    """The first picture whose name, caption or place has every word of what it should show; else the first."""
    asked = content(wanted)

    def names(hit: Hit) -> bool:
        told = content(
            " ".join(filter(None, [hit.caption, hit.origin and hit.origin.replace("-", " ").replace("_", " "), hit.place.above]))
        )
        return bool(asked) and all(any(akin(word, other) for other in told) for word in asked)

    return next((hit for hit in hits if hit.modality == "image" and names(hit)), nearest_picture(hits))


def _shown(picture: Hit | None, notes: _Notes) -> list[str]:
    if picture is None:
        return []
    told = sentences(picture.caption or "")[:1]
    if not told and not picture.locator.time:  # what is said over a scene of a film is seldom said of it
        told = sentences(picture.evidence)[:1]
    mark = notes.mark(picture, told[0] if told else "")
    if told:
        return [f"The nearest picture: “{_plain(told[0])}” {mark}"]
    name = " · ".join(filter(None, [picture.origin or picture.source, picture.locator.moment]))
    return [f"The nearest picture is {name}. {mark}"]


def _marked(verdict: Verdict, notes: _Notes) -> str:
    """A piece with its marks behind it: in the last cell of a row, under a block of code."""
    marks = [UNVERIFIED] if verdict.reason else [notes.bearing(each) for each in verdict.bearing]
    if verdict.piece.kind == "row" and verdict.sentence.endswith("|"):
        return " ".join([verdict.sentence[:-1].rstrip(), *marks, "|"])
    if verdict.piece.kind == "code" and marks:
        return "\n".join([verdict.sentence, *marks])
    return " ".join([verdict.sentence, *marks])


class _Notes:
    """Citations by (hit, quote), numbered from 1 in the order of first use; one number for one hit and piece."""

    def __init__(self) -> None:
        self._numbers: dict[tuple[int, str], Citation] = {}

    def bearing(self, bearing: Bearing) -> str:
        return self.mark(bearing.hit, bearing.sentence)

    def mark(self, hit: Hit, quote: str) -> str:
        key = (hit.rank, quote)
        if key not in self._numbers:
            number = len(self._numbers) + 1
            self._numbers[key] = Citation(number, hit.source, hit.where(quote), hit.modality, quote, hit.media, hit.rank)
        return f"[{self._numbers[key].n}]"

    @property
    def citations(self) -> tuple[Citation, ...]:
        return tuple(self._numbers.values())
