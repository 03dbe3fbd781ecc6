"""When two words are forms of one, and the words of a text that forms are looked for among."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from rag.language.fold import folded_form
from rag.language.words import FUNCTION_WORDS

WORD = re.compile(r"[^\W\d_](?:[\w'’-]*\w)?")  # begins with a letter
# Fitted on the development part of benchmarks/gold/statements.jsonl by benchmarks/verifying.py: 3 or 5 loses half a point.
LEAST_PREFIX = 4
_ENDING = re.compile(r"(?:ings?|ed|e?s|ers?|d|e|ly|ments?|ations?|ions?)$")
_BLANK_WORDS = frozenset(
    """not no never neither nor none without cannot may might must shall more most less least than also only very just both each every all
    any such same other another there here still even yet already however therefore thus too so up out off down back""".split()
)


@lru_cache(maxsize=8192)
def stem(word: str) -> str:
    """Lower case, without the possessive."""
    return re.sub(r"['’]s?$", "", folded_form(word).lower())


def akin(word: str, other: str) -> bool:
    """Whether two words may be forms of one: one begins the other, or they share two thirds of their letters from the beginning."""
    if word == other:
        return True
    short, long = sorted((word, other), key=len)
    if len(short) >= LEAST_PREFIX and len(long) - len(short) <= 3 and long.startswith(short):
        return True
    beginning = max(3, -(-2 * len(long) // 3))
    return word[:beginning] == other[:beginning]


def has_form(word: str, text: str) -> bool:
    """Whether a text has a word, in lower case, with whatever ending ("recommends", "recommended"): surer than `akin`, and English."""
    return word in held(text) or (len(bare := _bare(word)) > 2 and bare in _all_bare(text))


def shared(words: Iterable[str], others: Iterable[str]) -> frozenset[str]:
    """Those of some words that have a form among others. What is akin has its first three letters in common, so few pairs are compared."""
    near: dict[str, list[str]] = {}
    for other in others:
        near.setdefault(other[:3], []).append(other)
    return frozenset(word for word in words if any(akin(word, other) for other in near.get(word[:3], ())))


def content(text: str) -> frozenset[str]:
    """Words with meaning in lower case, numbers left out."""
    words = (word for word in WORD.findall(folded_form(text)) if word.lower() not in FUNCTION_WORDS and word.lower() not in _BLANK_WORDS)
    return frozenset(stem(word) for word in words if not word.lower().endswith("n't"))


@lru_cache(maxsize=2048)
def held(text: str) -> frozenset[str]:
    """The words of a text in lower case, without the possessive."""
    return frozenset(stem(word) for word in WORD.findall(folded_form(text)))


def _bare(word: str) -> str:
    return _ENDING.sub("", word)


@lru_cache(maxsize=2048)
def _all_bare(text: str) -> frozenset[str]:
    return frozenset(map(_bare, held(text)))
