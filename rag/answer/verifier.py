"""Does a passage bear what a model wrote: its quantities, dates and names stand there, its meaning is near, and nothing says the opposite.

A sentence is taken in its place: names and dates that stand over it are its own. What is looked up word for word decides first, since
vectors cost. Where a statement or a passage is in a language that the rules do not know, numbers, terms and cosine remain. What it cannot
tell is an invention in words that the passage has, or nearly has, and roles that a parser does not see changed about.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from rag.answer.evidence import Bearing, Evidence, statements
from rag.language.claims import MARK, Piece
from rag.language.detect import known
from rag.language.injections import gives_orders, only_ordered
from rag.language.lookup import misplaced, missing, strayed, swapped
from rag.language.names import names
from rag.language.negation import denied, opposite
from rag.language.non_claims import SCRAP, bare, is_scrap, opens, tells_of_none
from rag.language.roles import misattributed
from rag.language.split import folded
from rag.language.stems import content, held
from rag.language.superlatives import unheld
from rag.language.words import goes_on
from rag.records import Hit

# Fitted on the first half of the development part of benchmarks/gold/statements.jsonl by benchmarks/verifying.py (verifying.md has the
# curves): NEAR up to 0.45 and STRAY up to 0.4 move a figure by a point at most; NEAR 0.35 lets two points more of the false ones pass. One
# step of the others moves none by more than half a point, but for STRAYS_ROW down (1.5), OFTEN down (2.1) and TRIED down (1.0).
NEAR = 0.4  # cosine of a sentence to the sentence of the passage that bears it, where it has all of its words
STRAY = 0.2  # more, for a sentence that has none of them
NEAR_ROW = 0.25  # to the row of a table, which says much at once
STRAYS_ROW = 0.4
SHORT = 4  # words with meaning of a sentence that only goes on from the one before it
OFTEN = 3  # sentences of a passage that have a word of its topic
BACK = 2  # sentences before one that may tell what it is about
TRIED = 3  # sentences of a passage, the nearest ones
LONGEST = 1000  # characters of a statement that is checked: what a model gone astray writes without a stop takes minutes
LONGEST_ABSENT = 16  # words of a sentence that only says that the passages do not tell, whatever it names

NOTHING_NEAR = "No passage says anything near it."
ELSE = "The passage says something else."
SEEN = "Seen in the picture by the model; no words bear it."
NO_CODE = "No passage has it word for word."
TOO_LONG = "It is too long to be checked."


@dataclass(frozen=True)
class Rule:
    """How freely a model may put things: `spread` sentences of one passage bear a statement together, and of its content words the
    share `strays` may stand in none of them; words of the topic are not counted. One who has to keep `to_the_point` may only say what would
    be quoted."""

    spread: int
    strays: float
    to_the_point: bool = False


# Rules around these two are swept by benchmarks/verifying.py: a spread of 2 to 4 or strays of 0.8 move a figure of FREE by a point at most.
FREE = Rule(spread=3, strays=0.67)
# for a small model, which blends what stands near each other into what nobody said, and takes a true sentence for an answer
STRICT = Rule(spread=1, strays=0.25, to_the_point=True)


@dataclass(frozen=True)
class Verdict:
    """A piece without its marks, the sentences that bear it (best first), and what is wrong where none do.

    What is no statement (a heading, a line that leads over) is not `stated`, and nothing has to bear it; an `absent` one says that the
    passages do not tell. `seen` is a statement that no words bear and a picture may.
    """

    sentence: str
    bearing: tuple[Bearing, ...] = ()
    reason: str | None = None
    stated: bool = True
    absent: bool = False
    seen: bool = False
    piece: Piece = field(default_factory=lambda: Piece(""))


@dataclass(frozen=True)
class _Source:
    """A hit as it is checked against."""

    hit: Hit

    @cached_property
    def sentences(self) -> list[str]:
        return [each.text for each in statements([self.hit])]

    def after(self, sentence: str) -> str:
        """The sentence behind one, where it is short: "It was never raised."."""
        at = self.sentences.index(sentence) + 1
        return self.sentences[at] if at < len(self.sentences) and len(content(self.sentences[at])) <= SHORT else ""

    @cached_property
    def named(self) -> str:
        """What stands over it and gives its sentences their meaning: names and dates there are those of each of them."""
        return "\n".join(filter(None, [self.hit.place.above, self.hit.caption]))

    @cached_property
    def known(self) -> bool:
        return known(self.hit.evidence)

    @cached_property
    def words(self) -> frozenset[str]:
        return held(f"{self.named}\n{self.hit.evidence}")

    @cached_property
    def topic(self) -> frozenset[str]:
        """What the passage is about: the words of its place, and those that stand in several of its sentences."""
        several = Counter(word for sentence in self.sentences for word in content(sentence))
        return content(self.named) | {word for word, times in several.items() if times >= OFTEN}

    @cached_property
    def folded(self) -> str:
        return folded(self.hit.evidence)

    @cached_property
    def rows(self) -> dict[str, str]:
        """Rows of tables by themselves, each cell behind what its row and its column are called: "Thornsay tower height 33 m; ..." """
        found: dict[str, str] = {}
        head: list[str] = []
        lines = self.hit.evidence.splitlines()
        for at, line in enumerate(lines):
            if not line.lstrip().startswith("|"):
                head = []
                continue
            cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
            if at + 1 < len(lines) and "--" in lines[at + 1] and set(lines[at + 1]) <= set("|:- \t"):
                head = cells
            elif head and len(cells) == len(head) and not set(line) <= set("|:- "):
                found[folded(line)] = "; ".join(
                    [cells[0], *(f"{cells[0]} {name} {cell}" for name, cell in zip(head[1:], cells[1:], strict=True))]
                )
        return found


class Verifier:
    """Checks pieces against the hits that were packed, in the order in which they were numbered from 1. `seen` has the ranks of hits whose
    picture the model was shown, 0 for the picture in the question."""

    def __init__(self, packed: Sequence[Hit], evidence: Evidence, rule: Rule = FREE, seen: Collection[int] = ()):
        self._sources = [_Source(hit) for hit in packed]
        self._evidence = evidence
        self.rule = rule
        self._seen = seen
        self._about: frozenset[str] = frozenset()  # the names in the last piece that had some
        told = (sentence for source in self._sources for sentence in source.sentences if not gives_orders(sentence))
        self._all = "\n".join([*(source.named for source in self._sources), *told])

    def check(self, piece: Piece | str) -> Verdict:
        """The verdict on one piece; a citation that bears nothing is moved to the passage that does."""
        if isinstance(piece, str):
            piece = Piece(piece)
        plain = piece.plain
        stripped = bare(plain)
        if piece.kind == "code":
            return self._code(piece)
        looked_up = stripped.lower() if stripped.startswith("|") else stripped  # every column has a capital: "| Fact | Value |"
        by_rule = known(stripped)
        absent = tells_of_none(stripped) and (len(stripped.split()) <= LONGEST_ABSENT or not missing(stripped, self._all))
        if absent or (opens(piece, stripped) and not missing(looked_up, self._all)):
            return Verdict(plain, stated=False, absent=absent, piece=piece)
        named = [self._sources[n - 1] for n in dict.fromkeys(piece.cited) if 1 <= n <= len(self._sources)]
        about, self._about = self._about, (names(stripped) if by_rule else frozenset()) or self._about
        about = about if goes_on(stripped) else frozenset()
        found = self._borne(" ".join(stripped.replace("|", " ").split()) if piece.kind == "row" else stripped, named, about)
        if isinstance(found, tuple):
            return Verdict(plain, found, piece=piece)
        if found in (NOTHING_NEAR, ELSE) and self._may_be_seen(named, stripped):
            return Verdict(plain, reason=SEEN, seen=True, piece=piece)
        return Verdict(plain, reason=found, piece=piece)

    def _borne(self, plain: str, named: Sequence[_Source], about: frozenset[str]) -> tuple[Bearing, ...] | str:
        """The sentences that bear a statement, or what is wrong. One that only points back ("It weighs 3 t.") is borne by passages that
        have the names of what it is `about`."""
        order = [source for source in (*named, *(other for other in self._sources if other not in named)) if about <= source.words]
        whole = _whole(plain)
        for source in order:
            for sentence in source.sentences:
                if whole and whole == _whole(sentence) and not (known(plain) and is_scrap(plain)):
                    return (Bearing(source.hit, sentence, 1.0),)
        if len(plain) > LONGEST:
            return TOO_LONG
        reason, against, denied = "", 0.0, ""
        english = known(plain)
        for source in order:
            by_rule = english and source.known
            lacking = missing(plain, f"{source.named}\n{source.hit.evidence}", english)
            if lacking:
                if source in named or len(self._sources) == 1:
                    reason = reason or f"The passage does not say: {', '.join(lacking)}."
                continue
            for near in self._near(plain, source):
                told, said = self._told(near, source)
                lacking = missing(plain, f"{source.named}\n{told}", english)
                if lacking:
                    reason = reason or f"The passage does not say: {', '.join(lacking)}."
                    continue
                strays = strayed(plain, f"{source.named}\n{told}", source.topic) if by_rule else 0.0
                row = near[0].sentence in source.rows
                if strays > (min(STRAYS_ROW, self.rule.strays) if row else self.rule.strays):
                    reason = reason or ELSE
                    continue
                if not row and near[0].score < NEAR + STRAY * strays:
                    reason = reason or ELSE
                    continue
                fault = self._fault(plain, said, source, source.after(near[0].sentence), row) if by_rule else None
                if fault is None and near[0].score > against:
                    return (near[0],)
                if fault and near[0].score > against:
                    against, denied = near[0].score, fault
        return denied or reason or NOTHING_NEAR

    def _near(self, plain: str, source: _Source) -> Iterator[list[Bearing]]:
        """Groups of sentences of a source that may bear a statement, each behind the one that is nearest: that alone, then with what may
        go on from it."""
        near = self._evidence.bearing(plain, [source.hit.rank])[:TRIED]
        found = [each for each in near if each.score >= (NEAR_ROW if each.sentence in source.rows else NEAR) and self._states(each, plain)]
        for each in found:
            yield [each]
        if self.rule.spread == 1:
            return
        for each in found:
            at = source.sentences.index(each.sentence)
            before = [Bearing(source.hit, sentence, 0.0) for sentence in source.sentences[max(0, at - BACK) : at]]
            led = goes_on(each.sentence)  # "Pellan Point had a bell. It weighs 640 kilograms."
            for group in ([each, *reversed(before)], [each, *(other for other in found if other is not each)]):
                going = [
                    each,
                    *(
                        other
                        for other in group[1:]
                        if other.sentence not in source.rows and ((led and other in before[-1:]) or _goes_on(each.sentence, other.sentence))
                    ),
                ]
                if len(going) > 1:
                    yield going[: self.rule.spread]

    def _states(self, near: Bearing, plain: str) -> bool:
        """Whether a sentence of a document tells something: it does not lead over, ask, or order what to say, and is no scrap."""
        if near.sentence.endswith((":", "?")) or only_ordered(plain, near.sentence):
            return False
        return not known(plain) or not is_scrap(plain) or len(content(near.sentence) - content(plain)) >= SCRAP

    def _told(self, near: Sequence[Bearing], source: _Source) -> tuple[str, list[str]]:
        said = [source.rows.get(each.sentence, each.sentence) for each in near]
        return "\n".join(said), said

    def _fault(self, plain: str, said: Sequence[str], source: _Source, after: str, row: bool) -> str | None:
        told = " ; ".join(said)
        against = opposite(plain, told) or (after and denied(plain, after))
        if against:
            return f"The passage says the opposite: {against}."
        turned = next(filter(None, (swapped(plain, sentence) for sentence in said)), None)
        if not turned and not row:  # the cells of a row are no sentence to a parser
            turned = misattributed(plain, " ".join(said))
        if turned:
            return f"The passage has it the other way about: {turned}."
        if not row and (most := unheld(plain, " ".join([source.named, told, after]))):
            return f"The passage calls none {most}."
        wrong = misplaced(plain, told)
        return f"The passage says this of something else: {wrong}." if wrong else None

    def _code(self, piece: Piece) -> Verdict:
        lines = [folded(line) for line in piece.text.splitlines() if line.strip() and not line.lstrip().startswith(("```", "~~~"))]
        if not re.search(r"[^\W\d_]", "".join(lines)):  # a number stands everywhere
            return Verdict(piece.text, reason=NO_CODE, piece=piece)
        for source in self._sources:
            if all(line in source.folded for line in lines):
                sentence = next((each for each in source.sentences if lines[0] in each), lines[0])
                return Verdict(piece.text, (Bearing(source.hit, sentence, 1.0),), piece=piece)
        return Verdict(piece.text, reason=NO_CODE, piece=piece)

    def _may_be_seen(self, named: Sequence[_Source], text: str) -> bool:
        shown = any(source.hit.rank in self._seen and source.hit.modality == "image" for source in named) or (not named and 0 in self._seen)
        return shown and not missing(text, self._all)


def _goes_on(one: str, other: str) -> bool:
    """Whether two sentences may speak of one thing: not where both name things and none in common."""
    first, second = names(one), names(other)
    return not first or not second or not first.isdisjoint(second)


def _whole(text: str) -> str:
    return folded(bare(MARK.sub("", text))).rstrip(".!").lower()
