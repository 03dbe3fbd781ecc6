"""Answers in the library's own words: the sentences of the hits that answer a question, quoted.

A sentence is weighed by how well each word of the question finds a match in it or in its place (late interaction, see
`rag.retrieve.rerank`, with the sentence for the passage), by what more of the question the sentence before it holds ("It was painted
yellow" follows the name of the tower), and by signs that need no model: the place of its hit, the kind of thing that is asked for, an
introduction that ends in a colon before it. Only the best of them are encoded and compared as sentences too. What is chosen of a list or a
table brings the rest of it along where the question wants every member.

The constants were chosen on the sample, Debian Edu and KiCad by the keyword recall of `diptych eval --model quote`. To halve one of the
weights moves it by 0.05 at most; how much is quoted (WORDS, QUOTED, WITHIN, CANDIDATES) moves it most.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from rag.answer.accounts import account_rows
from rag.answer.evidence import ITEM, Bearing, Evidence, Statement
from rag.language.answer_type import holds
from rag.language.injections import asks_what_to_say, gives_orders
from rag.language.letters import asks_of_letter, directs
from rag.language.names import names
from rag.language.numbers import numbers
from rag.language.question import Part
from rag.language.split import folded, length
from rag.language.stems import content, held, shared
from rag.language.words import asks_for_reason, gives_reason, goes_on, meaning, own_words, points_at, with_digits, words
from rag.records import INSIDE, Hit

WORDS = 140  # of all quotes for one part of a question, lists and tables apart
QUOTED = 8  # sentences at most
LIST_WORDS = 220  # of a list or table that is quoted whole
MEMBERS = 60  # of it at most
SHORTEST, LONGEST = 3, 60  # words of a sentence: less is a file's name or a heading, more a page of text from a picture
LEAST_READ = 3  # letters and figures read in a picture: fewer are often a window or a wheel
CANDIDATES = 24  # sentences that are weighed to the end
ENCODED = 8  # of them; what the others mean is taken from the vectors of their tokens (12 answer no more of 149 questions)
WITHIN = 0.35  # of the best sentence's weight
WITHIN_TOLD = 0.15  # of it, where it says all that was asked

COSINE = 0.5  # against 1 for the mean match of the question's words
BEFORE = 0.4
RANK = 0.25  # for the first hit, half of it for the second, a third for the third
OWN = 0.1  # in the passage that was found, not in a neighbour of it
FITS = 0.15
INTRODUCED = 0.15
LABELS = 0.3  # off for the words read inside a figure of a document: labels and menus, where prose stands around it
ORDERS = 2.0  # off for what orders the reader about: nothing else may be worse
LONG_NUMBER = 6  # digits of a number that tells one thing from another wherever it stands
TAKEN = 0.75  # of what all of a follow-up's own words count, for all that it took from the conversation
HEAD = 4  # words at most of the head of an item
TERSE = 7  # words of a sentence that may only name what the next one tells of
WORDY, PLAIN = 0.1, 12  # off for each e-fold of words above PLAIN

_ASKS_FOR_FIGURE = re.compile(
    r"\b(?:when|since|how (?!do|does|did|can|could|should|to|is|are|was|were|would|will|must|may)\w+|"
    r"(?:year|date|time|number|height|length|width|depth|size|price|cost|bill|pressure|speed|distance|range|age|weight)s?)\b",
    re.IGNORECASE,
)
_PROSE = re.compile(r"\w[^|\"“”]*")  # nothing that is quoted already
_FACT = re.compile(r"\S.*:\s+\S|(?=.*\d).*[^\W\d]{2}|(?=.*[^\W\d]{2})\S*[\w.~]?[/\\_]\S+")  # "Port: 8080", "197 steps", "/etc/hosts"


@dataclass(frozen=True)
class Quote:
    """Sentences that follow each other in a hit: prose, items of a list, or rows of a table under its `head`.

    `score` is the weight of the best of them, `more` how many members of the list or table are left out behind them.
    """

    hit: Hit
    statements: tuple[Statement, ...]
    score: float
    head: Statement | None = None
    more: int = 0

    @property
    def sentence(self) -> str:
        """All of it as it stands in the hit, white space folded."""
        return " ".join(each.text for each in self.statements)


def quotes(part: Part, evidence: Evidence) -> list[Quote]:
    """What answers a part of a question best, of WORDS words together: hit by hit, the best hit first, in a hit the quote with the best
    sentence first and the others as they stand there.

    What ends in a colon takes what follows it along, and so does what only names a thing that the next sentence tells of. Sentences that
    follow each other are one quote; of a recording another begins with the best of them, so that it is heard from there.
    """
    chosen, more = _chosen(part, ranked(part, evidence), evidence)
    first = {evidence.told[at][0].rank: order for order, at in reversed(list(enumerate(chosen)))}
    best = {evidence.told[at][0].rank: weight for at, weight in sorted(chosen.items(), key=lambda each: each[1])}
    found: list[Quote] = []
    last = -2
    for at in sorted(chosen, key=lambda at: (first[evidence.told[at][0].rank], at)):
        each = evidence.statements[at]
        before = found[-1] if found and last == at - 1 and found[-1].hit is each.hit else None
        heard_from = bool(each.hit.locator.said) and chosen[at] == best[each.hit.rank]
        if before is not None and _goes_with(before, each) and not (heard_from and before.score < chosen[at]):
            found[-1] = Quote(each.hit, (*before.statements, each), max(before.score, chosen[at]), before.head, more.get(at, 0))
        else:
            found.append(Quote(each.hit, (each,), chosen[at], _head(each, evidence), more.get(at, 0)))
        last = at
    return sorted(found, key=lambda each: (first[each.hit.rank], each.score < best[each.hit.rank]))


def answering(part: Part, evidence: Evidence) -> list[Bearing]:
    """The CANDIDATES sentences that answer best, best first, each once; `score` is their weight, about 1.5 at most."""
    return [Bearing(*evidence.told[at], weight) for at, weight in ranked(part, evidence).items()]


def _goes_with(before: Quote, each: Statement) -> bool:
    """Whether a sentence is one quote with those before it."""
    if each.text.startswith(INSIDE):  # what is read in a picture, after what stands beside it
        return False
    if each.kind == "prose":
        joined = f"{before.sentence} {each.text}"
        return before.statements[-1].kind == "prose" and _PROSE.fullmatch(joined) is not None and joined in folded(each.hit.evidence)
    return each.group == before.statements[-1].group or (
        before.statements[-1].kind == "prose" and len(before.statements) == 1 and each.kind == "item"
    )


def _head(each: Statement, evidence: Evidence) -> Statement | None:
    lead = evidence.statements[each.lead] if each.kind == "row" and each.lead is not None else None
    return lead if lead is not None and lead.kind == "head" else None


def _chosen(part: Part, weights: Mapping[int, float], evidence: Evidence) -> tuple[dict[int, float], dict[int, int]]:
    """The sentences that are quoted, with their weights; and how many of a list are left out behind the last of it that is."""
    least = max(weights.values(), default=0.0) - (WITHIN_TOLD if _says_it_all(part, weights, evidence) else WITHIN)
    chosen: dict[int, float] = {}
    more: dict[int, int] = {}
    said: set[str] = set()
    left, count = WORDS, 0
    for best, weight in weights.items():
        if weight < least or best in chosen:
            continue
        each = evidence.statements[best]
        members = _members(best, part, evidence)
        if members:
            kept: list[int] = []
            words = LIST_WORDS
            for at in members[:MEMBERS]:
                words -= length(evidence.statements[at].text)
                if kept and words < 0:
                    break
                kept.append(at)
            if each.kind == "prose":
                kept.insert(0, best)
            elif best not in kept:
                kept.append(best)
            chosen |= dict.fromkeys(kept, weight)
            if len(members) > len(kept):
                more[kept[-1]] = sum(at > kept[-1] for at in members)
            count += 1
            left -= min(WORDS // 2, sum(length(evidence.statements[at].text) for at in kept))
            continue
        after = best + 1 if best + 1 < len(evidence.statements) and evidence.statements[best + 1].hit is each.hit else None
        leads = after is not None and (each.text.endswith(":") or (length(each.text) <= TERSE and goes_on(evidence.statements[after].text)))
        named = [] if chosen and not each.goes_on else _named_before(best, evidence)
        for at in (*named, best, after) if leads and after is not None else (*named, best):
            text = evidence.statements[at].text
            words = length(text)
            if at in chosen or text in said or (chosen and (words > left or count >= QUOTED)):
                continue
            chosen[at] = weight
            said.add(text)
            left -= words
            count += 1
    return chosen, more


def _is_head(at: int, evidence: Evidence) -> bool:
    """Whether a sentence only says of what the others of its item tell: "2. Opening hours. We close at five."."""
    each, after = evidence.statements[at], evidence.statements[at + 1] if at + 1 < len(evidence.statements) else None
    if each.kind != "item" or each.goes_on or after is None or not after.goes_on:
        return False
    bare = ITEM.sub("", each.text, count=1)
    return length(bare) <= HEAD and not any(map(str.isdecimal, bare)) and not bare.endswith(("?", "!"))


def _named_before(at: int, evidence: Evidence) -> list[int]:
    """The sentence before one that points at what that names ("This thesis closes that gap."), and the head of its item."""
    each, before = evidence.statements[at], evidence.statements[at - 1] if at else None
    if before is not None and _is_head(at - 1, evidence):
        return [at - 1]
    if before is None or before.hit is not each.hit or not before.kind == each.kind == "prose" or not points_at(each.text):
        return []
    return [at - 1] if _tells(before) else []


def _says_it_all(part: Part, weights: Mapping[int, float], evidence: Evidence) -> bool:
    """Whether a person, a time or the like is asked for, and the best sentence has one and every word of the question that does not stand
    over it: little else is needed."""
    best = next(iter(weights), None)
    if best is None or part.seeks is None or part.every or part.steps:
        return False
    text, over = evidence.statements[best].text, held(evidence.statements[best].hit.place.above)
    asked = content(own_words(part.text))
    asked -= shared(asked, over)
    return bool(asked) and asked <= shared(asked, held(text)) and holds(part.seeks, text)


def _members(at: int, part: Part, evidence: Evidence) -> list[int]:
    """The whole list or table that a sentence brings along; nothing where it stands for itself."""
    each = evidence.statements[at]
    if each.kind == "prose":
        following = [
            n
            for n in range(at + 1, len(evidence.statements))
            if evidence.statements[n].lead == at and evidence.statements[n].kind == "item"
        ]
        return following if each.text.endswith(":") or part.every or part.steps else []
    wanted = part.every or (part.steps and each.kind == "item")
    group = [n for n, other in enumerate(evidence.statements) if wanted and other.group == each.group and other.kind == each.kind]
    return [n for n in group if not gives_orders(evidence.statements[n].text) or asks_what_to_say(part.text)]


def ranked(part: Part, evidence: Evidence) -> Mapping[int, float]:
    """The places in `statements` of the CANDIDATES best sentences with their weights, best first; remembered, since the refusal, the tables
    and the quotes ask for them."""
    if part not in evidence.ranked:
        evidence.ranked[part] = _ranked(part, evidence)
    return evidence.ranked[part]


def _ranked(part: Part, evidence: Evidence) -> dict[int, float]:
    weights = _weights(part, evidence)
    fit = [at for at, each in enumerate(evidence.statements) if _tells(each) and not _is_head(at, evidence)]
    if part.seeks not in ("person", "time") and not asks_of_letter(part.text):
        fit = [at for at in fit if not directs(evidence.statements[at].text, evidence.statements[at].hit.evidence)] or fit
    distinct: dict[tuple[str, str], int] = {}
    for at in sorted(fit or range(len(evidence.statements)), key=lambda at: -weights[at]):
        each = evidence.statements[at]
        distinct.setdefault((each.text, each.hit.place.above if each.kind != "prose" else ""), at)
    best = list(distinct.values())[:CANDIDATES]
    weights[best] += COSINE * _meant(part, best, weights[best], evidence)
    best = _of_what_is_named(part, sorted(best, key=lambda at: -weights[at]), evidence)
    rows = account_rows(part.text, evidence)
    weights[rows] = max((weights[at] for at in best), default=0.0)
    return {at: float(weights[at]) for at in dict.fromkeys([*rows, *best])}


def _meant(part: Part, places: Sequence[int], weights: np.ndarray, evidence: Evidence) -> np.ndarray:
    """(n,): how near these sentences are to the question in what they mean. The ENCODED likeliest are encoded for it, and no other is
    nearer than the farthest of them."""
    own = own_words(part.text)
    asked = own if len(meaning(own)) > 1 else part.text
    found = evidence.likeness(asked, places)
    first = np.argsort(-(weights + COSINE * found), kind="stable")[:ENCODED]
    read = evidence.cosines(asked, [places[at] for at in first])
    found = np.minimum(found, read.min(initial=1.0))
    found[first] = read
    return found


def _of_what_is_named(part: Part, best: Sequence[int], evidence: Evidence) -> list[int]:
    """Without the sentences that are about another thing of the kind that the question names, where some are about that: of the reports of
    two years the one that is asked for, of "She kept bees" and "She kept goats" the one that follows her name."""
    asked, named = with_digits(part.text), names(part.text)
    full = [at for at in best if asked <= with_digits(evidence.placed(at))] if asked else []
    meant = [at for at in best if named <= _names_around(at, evidence)] if named else []
    follow_up = own_words(part.text) != part.text and best[0] in meant  # else what it took from the conversation is not what it is about

    def other(at: int) -> bool:
        each = evidence.statements[at]
        led = goes_on(each.text)
        rival = bool(full) and at not in full and (_rival(asked, each) or (follow_up and not led and bool(with_digits(each.text))))
        stranger = bool(meant) and at not in meant and (led or (follow_up and not named & _names_around(at, evidence)))
        return rival or (stranger and bool(_names_around(at, evidence, place=False)))

    return [at for at in best if not other(at)]


def _names_around(at: int, evidence: Evidence, place: bool = True) -> frozenset[str]:
    """The names in a sentence, in its place, and (where it begins with a pronoun) in those before it, back to one that does not."""
    each = evidence.statements[at]
    found = names(each.text) | (names(evidence.placed(at)) if place else frozenset())
    while at and evidence.statements[at - 1].hit is each.hit and goes_on(evidence.statements[at].text):
        at -= 1
        found |= names(evidence.statements[at].text)
    return found


def _rival(asked: set[str], each: Statement) -> bool:
    """Whether a sentence or what stands over it has numbers like those asked for, and not these."""
    over = with_digits(each.hit.place.above)
    beside = {number for number in with_digits(each.text) if len(number) >= LONG_NUMBER}
    return not asked & (over | beside) and any(len(one) == len(other) for one in asked for other in over | beside)


def _tells(each: Statement) -> bool:
    words = length(each.text)
    if each.text.startswith(INSIDE) and sum(map(str.isalnum, each.text.removeprefix(INSIDE))) < LEAST_READ:
        return False
    if each.kind == "head" or words > LONGEST or each.text.endswith("?"):
        return False
    return words >= SHORTEST or each.kind in ("row", "item") or _FACT.match(each.text) is not None


def _weights(part: Part, evidence: Evidence) -> np.ndarray:
    """(sentences,): what each weighs before it is encoded."""
    matches = evidence.matches_in_place(part.text)
    own = evidence.matches(part.text)
    telling = _telling(part, evidence.columns(part.text))
    weights = matches @ telling if matches.size else np.zeros(len(matches), dtype=np.float32)
    figure, reason = _ASKS_FOR_FIGURE.search(part.text) is not None, asks_for_reason(part.text)
    asked, named = numbers(part.text), names(part.text)
    for at, each in enumerate(evidence.statements):
        weights[at] += RANK / each.hit.rank + OWN * each.own - WORDY * max(0.0, math.log(max(1, length(each.text)) / PLAIN))
        weights[at] += FITS * (figure and bool(numbers(each.text) - asked))
        if part.seeks == "person":
            weights[at] += FITS * (holds("person", each.text) and bool(names(each.text) - named))
        if part.seeks in ("telephone", "mail"):
            weights[at] += FITS * holds(part.seeks, each.text)
        if reason:
            weights[at] += FITS * (gives_reason(each.text) - (each.kind == "row"))
        if gives_orders(each.text) and not asks_what_to_say(part.text):
            weights[at] -= ORDERS
        if each.text.startswith(INSIDE) and each.hit.origin != each.hit.source and not each.hit.locator.time:
            weights[at] -= LABELS
        if matches.size and at and evidence.statements[at - 1].hit is each.hit:
            weights[at] += BEFORE * float((np.maximum(matches[at], own[at - 1]) - matches[at]) @ telling)
            weights[at] += INTRODUCED * evidence.statements[at - 1].text.endswith(":")
    return weights


def _telling(part: Part, columns: Sequence[str]) -> np.ndarray:
    """(tokens,): how much each token of the question counts, 1 in all; all that a follow-up took from the conversation TAKEN of its own."""
    own = set(words(own_words(part.text)))
    mine = np.array([word in own or not word for word in columns], dtype=bool)
    taken = min(1.0, TAKEN * mine.sum() / max(1, (~mine).sum())) if mine.any() else 1.0
    telling = np.where(mine, 1.0, taken).astype(np.float32)
    return telling / telling.sum() if len(telling) else telling
