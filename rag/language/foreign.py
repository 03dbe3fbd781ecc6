"""What can be said of a question in a language whose grammar no rule here knows: which of its words tell, and which of them a text has."""

from __future__ import annotations

import re

from rag.language.fold import UNSPACED, folded_form
from rag.language.stems import shared

LONG = 5  # letters of a word that tells something; shorter ones mostly hold a sentence together
_SIGN = re.compile(f"[{UNSPACED}]")
_WORD = re.compile(rf"[^\W\d_{UNSPACED}]{{{LONG},}}|\d[\d.,]*\d|\d")
_ASKING = frozenset(  # signs that ask or hold together, of Chinese and of Japanese
    "是什么麼时時候的了在有谁誰哪里裡怎为為吗嗎呢几幾多少个個和与與中上下这這那它们們何なにがはをにのでとかもしましたですいつどこだれ"
)


def telling_words(question: str) -> frozenset[str]:
    """The words of a question that tell what it is about: long ones and numbers, of Chinese and the like the signs that do not only ask."""
    text = folded_form(question).lower()
    signs = frozenset(_SIGN.findall(text)) - _ASKING
    return signs | frozenset(_WORD.findall(text))


def held_among(asked: frozenset[str], text: str) -> frozenset[str]:
    """Those of the words that a text has, in some form."""
    text = folded_form(text).lower()
    signs = frozenset(sign for sign in asked if _SIGN.fullmatch(sign) and sign in text)
    here = frozenset(re.findall(r"[^\W_]+(?:[.,]\d+)*", text))
    numbers = frozenset(word for word in asked if word[0].isdecimal())
    return signs | (numbers & here) | shared(asked - signs - numbers, here)
