"""Which language a text is in, told by a kept classifier (py3langid) from its letters and its short words, not from the names in it."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from threading import Lock
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from py3langid.langid import LanguageIdentifier

KNOWN = ("en",)  # languages that the rules of this room know
# Fitted by benchmarks/languages.py on the English questions of data/gold and benchmarks/gold and on benchmarks/gold/languages.jsonl: from
# 0.55 to 0.65 no English one is taken for another language, and at least 98 of 104 others are told; below names win, above others are lost.
SURE = 0.6
LONGEST = 1000  # characters that are looked at
# Of the 139 that the classifier has, those that questions are likely to be in; each more takes some from its likes (Pidgin from English).
_LANGUAGES = """en de fr es nl it pt sv da no fi pl cs hu ro tr ru uk bg zh ja ko el he ar ca hr sr sk sl lt lv et id vi hi bn th fa ur ta
te ka hy af sw is""".split()
_LOADING = Lock()
# Words that only English begins a question with, and words of which one stands in nearly every question: no classifier is needed for it.
_ASKS = re.compile(r"(?:[Ww]h(?:o|at|en|ere|y|ich|ose)|[Hh]ow)\b.*\b(?:the|is|are|was|were|do|does|did|has|have|can|of|to|and|a|an)\b")
_LETTERS = re.compile(r"[^\W\d_]{2}|[^\W\d_A-Za-z]")


@lru_cache(maxsize=2048)
def language_of(text: str) -> str:
    """The ISO 639-1 code of the language that a text is in; "" where it is not told: a name, a number, two words that several have.

    What is English by its small words is English, whatever names stand in it: "How tall is Karel van der Berg?".
    """
    text = text[:LONGEST]
    if not _LETTERS.search(text):
        return ""
    if _ASKS.match(text) and text.isascii():
        return "en"
    whole, sure = _classifier().classify(text)
    if whole == "en":
        return "en" if sure >= SURE else ""
    plain, plainly = _classifier().classify(_without_names(text))
    return whole if whole == plain and min(sure, plainly) >= SURE else ""


def known(text: str) -> bool:
    """Whether the rules of this room may be used on a text: it is in a language that they know, or in none that could be told."""
    return language_of(text) in ("", *KNOWN)


def _without_names(text: str) -> str:
    """The words behind the first that are written small and bare; the text where too few are."""
    first, *others = text.split()
    plain = [word for word in others if word.islower() and not re.search(r"[\d@_/]|\w\.\w", word)]
    return " ".join([first, *plain]) if plain else text


def _classifier() -> LanguageIdentifier:
    with _LOADING:
        return _loaded()


@cache
def _loaded() -> LanguageIdentifier:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    classifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    classifier.set_languages(_LANGUAGES)
    return classifier
