"""Numbers that are written as words, put in digits."""

from __future__ import annotations

import re

from rag.language.fold import folded_form

ONES = "one two three four five six seven eight nine".split()
TEENS = "ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen".split()
TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()
_VALUES = {word: value for value, word in enumerate(["zero", *ONES, *TEENS])} | {word: 10 * value for value, word in enumerate(TENS, 2)}
ORDINALS = """first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth fifteenth sixteenth
seventeenth eighteenth nineteenth twentieth""".split()
_SMALL = rf"(?:(?:{'|'.join(TENS)})(?:[ -](?:{'|'.join(ONES)}))?|{'|'.join(sorted(_VALUES, key=len, reverse=True))})"
_HUNDREDS = rf"(?:(?:{_SMALL}|a)[ -]hundred(?:(?:[ -]and)?[ -]{_SMALL})?|{_SMALL})"
_WORDS = re.compile(rf"\b(?:(?:{_HUNDREDS}|a)[ -]thousand(?:,?(?: and)? {_HUNDREDS})?|a dozen|{_HUNDREDS})\b", re.IGNORECASE)
_EVERY = re.compile(
    r"\b(every|each|per|once an?)(?= (?:second|minute|hour|day|week|month|year|mile|metre|meter|kilometre|kilometer)\b)", re.IGNORECASE
)
_PERIODS = {"hourly": "hour", "daily": "day", "weekly": "week", "monthly": "month", "yearly": "year", "annually": "year"}
_PERIOD = re.compile(rf"\b(?:{'|'.join(_PERIODS)})\b", re.IGNORECASE)
_HALF_A = re.compile(r"\bhalf an? (?=\w)", re.IGNORECASE)
_ORDINAL_WORD = re.compile(rf"\b(?:{'|'.join(ORDINALS[2:])})\b", re.IGNORECASE)
_HALVES = {"½": ".5", "¼": ".25", "¾": ".75"}
_HALF = re.compile(r"(?<!\d)(\d+)\s?(½|¼|¾|and a half\b)", re.IGNORECASE)


def in_digits(text: str) -> str:
    """The text with its spelled numbers in digits, "three and a half" as 3.5 and "third" as 3th; "one" by itself, and what only may be a
    number ("second"), stay. The text is in its folded form."""
    text = folded_form(text)
    text = _EVERY.sub(r"\1 1", _PERIOD.sub(lambda found: f"every 1 {_PERIODS[found.group().lower()]}", text))
    text = _WORDS.sub(_digits, _HALF_A.sub("0.5 ", text))
    text = _ORDINAL_WORD.sub(lambda found: f"{ORDINALS.index(found.group().lower()) + 1}th", text)
    return _HALF.sub(lambda found: found.group(1) + _HALVES.get(found.group(2), ".5"), text)


def _digits(found: re.Match[str]) -> str:
    words = re.split(r"[ ,-]+", found.group().lower())
    if words == ["one"] or words == ["a"]:
        return found.group()
    total = part = 0
    for word in words:
        if word == "dozen":
            part = 12
        elif word == "a":
            part = 1
        elif word == "hundred":
            part *= 100
        elif word == "thousand":
            total, part = total + 1000 * part, 0
        elif word != "and":
            part += _VALUES[word]
    return str(total + part)
