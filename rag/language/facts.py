"""What a sentence states that can be looked up word for word: what it counts and dates, and the names in it; and what belongs together."""

from __future__ import annotations

import re
from collections.abc import Sequence
from difflib import SequenceMatcher
from functools import lru_cache

from rag.language.numbers import alike, counted, in_digits, lacking, same
from rag.language.words import FUNCTION_WORDS

_NAME = re.compile(r"[^\W\d_](?:[\w'’-]*\w)?")
_TERM = re.compile(  # what is written as nothing else is: paths, options, identifiers, addresses
    r"(?:https?://|www\.)[^\s)\]>]+|(?<![\w/])(?:[~.]{0,2}/[\w.+-]+)+/?|(?<!\w)--?[a-zA-Z][\w-]+|\b\w+(?:_\w+)+\b|\b\w+@[\w.]+\b|"
    r"\b[a-z]+[A-Z]\w*\b|\b(?=\w*\d)(?=\w*[^\W\d])\w{2,}\b"
)
_BIT = re.compile(r"[;()|]|[,:](?!\d)|\b(?:and|but|while|whereas|against|or)\b")
_LEAST_PREFIX = 4
_OPENERS = frozenset(  # words that begin a sentence before a name
    """under over in on at by for from with without after before during since until through as of to into near use using open click set
    select choose run press see note both each every all most many some several only go type enter add create install enable disable start
    stop then next first second finally also however although though because while whereas when if unlike like according today here there
    no not neither nor captain none put make take find check edit save change remove""".split()
)
_COMMON_ENDING = re.compile(r"(?:s|ing|ed|ly|tion|sion|ment|ness|ity|ance|ence|ism|ship|age|ure|ery|ive)$")
_SUBJECT = re.compile(r"^(?:is|was|has|had|can|will|does|did|together|and|with|for|uses?|comes?|may|must|should|supports?)$")
_BLANK_WORDS = frozenset(
    """not no never neither nor none without cannot may might must shall more most less least than also only very just both each every all
    any such same other another there here still even yet already however therefore thus too so up out off down back""".split()
)


def numbers(text: str) -> set[str]:
    """The numbers of a text in digits, those of its dates and times too, marks between thousands and trailing zeros taken out."""
    found = counted(text)
    days = {str(value) for each in found.dates for value in (each.year, each.day) if value}
    return found.values | days | {text for _, text in found.times}


@lru_cache(maxsize=2048)
def names(sentence: str) -> frozenset[str]:
    """Capitalised words in lower case; the first word of the sentence counts only where the next one is capitalised too, or where it has
    more capitals, or where it stands bare before its verb ("Blender is"). Months of dates and units are none."""
    words = _NAME.findall(counted(sentence).rest)
    found = set()
    for at, word in enumerate(words):
        if not word[0].isupper() or word.lower() in FUNCTION_WORDS:
            continue
        if at == 0 and word[1:] == word[1:].lower() and not _begins_with_name(words):
            continue
        found.add(stem(word))
    return frozenset(found)


def _begins_with_name(words: Sequence[str]) -> bool:
    first, second = words[0].lower(), words[1] if len(words) > 1 else ""
    if first in _OPENERS or not second:
        return False
    return second[0].isupper() or (_SUBJECT.match(second) is not None and not _COMMON_ENDING.search(first))


def terms(text: str) -> set[str]:
    """Words that are written as no other word is (paths, options, identifiers), in lower case."""
    return {
        found.rstrip(".").lower() for found in _TERM.findall(text) if not re.fullmatch(r"\d+(?:st|nd|rd|th|s|m|[a-z]{1,3})", found.lower())
    }


def missing(sentence: str, evidence: str) -> list[str]:
    """Quantities, dates, names and terms of `sentence` that `evidence` does not hold; empty where it holds them all."""
    stated, counts = counted(sentence), counted(evidence)
    lower = evidence.lower()
    absent = lacking(stated, counts)
    absent += sorted(term for term in terms(sentence) if term not in lower and not any(term in each.lower() for each in absent))
    digits = counts.values
    spelled = {name for name in names(sentence) if in_digits(name).removesuffix("th") in digits}
    absent += sorted(name for name in names(sentence) - spelled if not _named(name, evidence))
    return list(dict.fromkeys(absent))


def strayed(sentence: str, evidence: str, topic: frozenset[str] = frozenset()) -> float:
    """The share of the sentence's content words that `evidence` has in no form; forms of a word share its beginning. Words of the `topic`,
    which any sentence about it has, do not count where there are others."""
    own = content(sentence)
    own = frozenset(word for word in own if not any(akin(word, other) for other in topic)) or own
    theirs = held(evidence)
    return sum(not any(akin(word, other) for other in theirs) for word in own) / len(own) if own else 0.0


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
    replaced = {
        (" ".join(own[a:b]), " ".join(theirs[c:d]))
        for kind, a, b, c, d in SequenceMatcher(None, own, theirs, autojunk=False).get_opcodes()
        if kind == "replace"
    }
    return next((f"{other} and {one}" for one, other in replaced if one != other and (other, one) in replaced), None)


def content(text: str) -> frozenset[str]:
    """Words with meaning in lower case, numbers left out."""
    words = (word for word in _NAME.findall(text) if word.lower() not in FUNCTION_WORDS and word.lower() not in _BLANK_WORDS)
    return frozenset(stem(word) for word in words if not word.lower().endswith("n't"))


def akin(word: str, other: str) -> bool:
    """Whether two words may be forms of one."""
    if word == other:
        return True
    short, long = sorted((word, other), key=len)
    if len(short) >= _LEAST_PREFIX and len(long) - len(short) <= 3 and long.startswith(short):
        return True
    beginning = max(3, -(-2 * len(long) // 3))
    return word[:beginning] == other[:beginning]


def stem(word: str) -> str:
    """Lower case, without the possessive."""
    return re.sub(r"['’]s?$", "", word.lower())


@lru_cache(maxsize=2048)
def held(evidence: str) -> frozenset[str]:
    """The words of a text in lower case, without the possessive."""
    return frozenset(stem(word) for word in _NAME.findall(evidence))


def _named(name: str, evidence: str) -> bool:
    """Whether a text has a name, an ending of up to two letters aside; an abbreviation stands for what it begins ("Capt." for Captain)."""
    for word in held(evidence):
        short, long = sorted((word, name), key=len)
        if word == name or (len(short) >= _LEAST_PREFIX and len(long) - len(short) <= 2 and long.startswith(short)):
            return True
        if len(word) > 2 and name.startswith(word) and re.search(rf"\b{re.escape(word)}\.", evidence, re.IGNORECASE):
            return True
    return False


def _bits(text: str) -> Sequence[str]:
    return [bit for bit in _BIT.split(in_digits(text)) if bit.strip()]


def _belongs_to_rival(own: str, own_words: frozenset[str], right: str, rival: str) -> bool:
    ours, theirs = _shared(own_words, right), _shared(own_words, rival)
    if theirs - ours and not ours - theirs:
        return True
    return bool(names(own) & (theirs - ours)) and bool(names(right) - own_words)


def _shared(words: frozenset[str], bit: str) -> frozenset[str]:
    theirs = content(bit)
    return frozenset(word for word in words if any(akin(word, other) for other in theirs))
