"""What of a sentence can be looked up in a passage word for word: what it counts and dates, its names and terms, what belongs together."""

from __future__ import annotations

import re
from collections.abc import Sequence
from difflib import SequenceMatcher

from rag.language.fold import folded_form
from rag.language.names import names, terms
from rag.language.numbers import alike, counted, lacking, same
from rag.language.spelled import in_digits
from rag.language.stems import LEAST_PREFIX, content, held, shared

_BIT = re.compile(r"[;()|]|[,:](?!\d)|\b(?:and|but|while|whereas|against|or)\b")


def missing(sentence: str, evidence: str, by_capitals: bool = True) -> list[str]:
    """Quantities, dates, names (which are told `by_capitals`) and terms of `sentence` that `evidence` does not hold."""
    stated, counts = counted(sentence), counted(evidence)
    lower = folded_form(evidence).lower()
    absent = lacking(stated, counts)
    absent += sorted(term for term in terms(sentence) if term not in lower and not any(term in each.lower() for each in absent))
    if not by_capitals:
        return list(dict.fromkeys(absent))
    digits = counts.values
    spelled = {name for name in names(sentence) if in_digits(name).removesuffix("th") in digits}
    absent += sorted(name for name in names(sentence) - spelled if not _named(name, evidence))
    return list(dict.fromkeys(absent))


def strayed(sentence: str, evidence: str, topic: frozenset[str] = frozenset()) -> float:
    """The share of the sentence's content words that `evidence` has in no form; forms of a word share its beginning. Words of the `topic`,
    which any sentence about it has, do not count where there are others."""
    own = content(sentence)
    own = own - shared(own, topic) or own
    return len(own - shared(own, held(evidence))) / len(own) if own else 0.0


def misplaced(sentence: str, evidence: str) -> str | None:
    """A quantity of `sentence` that `evidence` has, but of something else: in a clause (or a cell) that shares no word with what the
    sentence says it of, while another clause has those words and another quantity. None where each stands where it belongs.

    "Children pay 9 crowns" is misplaced in "Adults pay 9 crowns, children pay 4 crowns".
    """
    own_bits, bits = _bits(sentence), _bits(evidence)
    for own in own_bits:
        own_words = content(own)
        for quantity in counted(own).all:
            right = [bit for bit in bits if any(same(quantity, each) for each in counted(bit).all)]
            wrong = [
                bit
                for bit in bits
                if bit not in right and any(alike(quantity, each) and each.value != quantity.value for each in counted(bit).all)
            ]
            if not right or not wrong:
                continue
            for rival in wrong:
                if all(_belongs_to_rival(own, own_words, bit, rival) for bit in right):
                    return quantity.text
    return None


def swapped(sentence: str, evidence: str) -> str | None:
    """Two words or phrases that have changed places in what is worded alike else: "A gave way to B" for "B gave way to A"."""
    own, theirs = (re.findall(r"[^\W_]+(?:[.,'’-][^\W_]+)*", in_digits(text).lower()) for text in (sentence, evidence))
    replaced = [
        (" ".join(own[a:b]), " ".join(theirs[c:d]))
        for kind, a, b, c, d in SequenceMatcher(None, own, theirs, autojunk=False).get_opcodes()
        if kind == "replace"
    ]
    return next((f"{other} and {one}" for one, other in replaced if one != other and (other, one) in replaced), None)


def _named(name: str, evidence: str) -> bool:
    """Whether a text has a name, an ending of up to two letters aside; an abbreviation stands for what it begins ("Capt." for Captain)."""
    for word in held(evidence):
        short, long = sorted((word, name), key=len)
        if word == name or (len(short) >= LEAST_PREFIX and len(long) - len(short) <= 2 and long.startswith(short)):
            return True
        if len(word) > 2 and name.startswith(word) and re.search(rf"\b{re.escape(word)}\.", evidence, re.IGNORECASE):
            return True
    return False


def _bits(text: str) -> Sequence[str]:
    return [bit for bit in _BIT.split(in_digits(text)) if bit.strip()]


def _belongs_to_rival(own: str, own_words: frozenset[str], right: str, rival: str) -> bool:
    ours, theirs = shared(own_words, content(right)), shared(own_words, content(rival))
    if theirs - ours and not ours - theirs:
        return True
    return bool(names(own) & (theirs - ours)) and bool(names(right) - own_words)
