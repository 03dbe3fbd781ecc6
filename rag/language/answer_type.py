"""What kind of thing a question wants that can be told by its form: a sum, a time, an age, a number, a person, how to reach them; and what
holds one."""

from __future__ import annotations

import re
from typing import Literal

from rag.language.dates import MONTHS, WEEKDAY
from rag.language.numbers import in_digits

Kind = Literal["telephone", "mail", "age", "money", "time", "number", "person"]

_AMOUNT = (
    r"(?:number|amount|size|length|depth|height|width|weight|age|speed|temperature|pressure|percentage|share|limit|range|distance|duration)"
)
PERSON = (
    r"(?:man|woman|person|boy|girl|son|daughter|wife|husband|widow|brother|sister|engineer|architect|painter|artist|keeper|captain|owner|"
    r"physicist|chemist|teacher|author|poet|inventor|founder|king|queen|doctor|surveyor|assistant|clerk|president|director)"
)
_WANTED: dict[Kind, re.Pattern[str]] = {
    "telephone": re.compile(
        r"\b(?:(?:tele)?phone|mobile|cell|fax|contact) numbers?\b|"
        r"\b(?:what|which) number (?:do|should|can|must) (?:i|we) (?:call|ring|dial)\b",
        re.IGNORECASE,
    ),
    "mail": re.compile(r"\be-?mail address(?:es)?\b", re.IGNORECASE),
    "age": re.compile(r"\bhow old\b|\b(?:what|which) age\b|\b(?:what|which) is the age\b", re.IGNORECASE),
    "money": re.compile(
        r"\bhow (?:much|expensive|dear)\b.*\b(?:costs?|pay|paid|price|fee|fare|charged?|spen[dt]|earn(?:ed)?|tickets?|licen[cs]e)\b|"
        r"\b(?:what|which)\b.{0,40}\b(?:cost|price|fee|fare|salary|wage|rent)\b|^(?:the )?(?:\w+ ){0,3}(?:price|cost|fee|fare)s?\b",
        re.IGNORECASE,
    ),
    "time": re.compile(
        r"^\W*(?:and |but |so |since |until |from |by |exactly )*when\b(?! \w+ing\b)|\b(?:know|tell me|say|remember) when\b|"
        r"[,;] when (?:is|was|are|were|did|do|does|will|can)\b|\b(?:what|which) (?:year|date|day|month|time)\b|\bhow long ago\b|"
        r"\b(?:date|year) of\b",
        re.IGNORECASE,
    ),
    "number": re.compile(
        r"\bhow (?:many|much|long|old|high|far|often|deep|tall|big|large|wide|heavy|fast|thick|hot|cold|loud|bright|strong)\b|"
        rf"\b{_AMOUNT} of\b|\b(?:what|which) (?:\w+ )?{_AMOUNT}\b",
        re.IGNORECASE,
    ),
    "person": re.compile(
        rf"\b(?:who|whom|whose)\b|\b(?:what|which) (?:(?:is|was) the name of the )?(?:{PERSON}|people)\b",
        re.IGNORECASE,
    ),
}
_HELD: dict[Kind, re.Pattern[str]] = {
    "telephone": re.compile(
        r"\d(?:[ ()/.-]{0,2}\d){5,}|\b(?:tel|telephone|phone|mobile|fax|ext|extension|call|ring|dial)\b.*?\d{2,}", re.IGNORECASE
    ),
    "mail": re.compile(r"\w@\w"),
    "age": re.compile(
        r"^(?=.*\d).*\b(?:aged?|ages|old|older|years?|months?|weeks?|century|turn(?:s|ed)|birth\w*|born|built|founded|opened|made|erected|"
        r"established|begun|started|completed|created|launched|laid|raised|dat(?:es|ing)|dated|since)\b|"
        r"\b(?:in|from|of|about|around) (?:1\d|20)\d\d\b|\b(?:under|over|above|below|from|until|to) \d{1,2}\b",
        re.IGNORECASE,
    ),
    "money": re.compile(
        r"[$€£¥₹]|\b(?:free|gratis|euros?|dollars?|pounds?|pence|crowns?|marks?|francs?|cents?|kron\w+|shillings?|guineas?|rupees?|"
        r"roubles?|"
        r"usd|eur|gbp|chf|nok|sek|dkk|jpy)\b|^(?=.*\d).*\b(?:costs?|prices?|pay|pays|paid|fees?|charged?|salar(?:y|ies)|wages?|"
        r"rents?|fares?|dues|income)\b",
        re.IGNORECASE,
    ),
    "time": re.compile(
        r"\b\d{4}s?\b|\b\d{1,2} (?:to|until|till|-|–) \d{1,2}\b|\bat \d{1,2}\b|\b\d{1,2}[:.]\d\d\b|\b\d{1,2}\s?(?:am|pm|o'clock)\b|"
        r""
        rf"\b(?:{'|'.join(MONTHS)})\b|\b{WEEKDAY}s?\b|\bcentur(?:y|ies)\b|"
        r"\b(?:daily|weekly|monthly|yearly|midnight|noon|dawn|dusk|sunset|sunrise|spring|summer|autumn|winter|morning|evening|night)s?\b|"
        r"\b(?:after|before|until|till|since|during|every|once|while|as soon as|whenever|when|if|ago)\b",
        re.IGNORECASE,
    ),
    "number": re.compile(r"\d|\b(?:hundreds?|thousands?|millions?|dozens?|half|quarter|third|twice|once|both|none|no|single|double|one)\b"),
    "person": re.compile(r"\b[A-Z][^\W\d_]+"),
}


def wanted(question: str) -> Kind | None:
    """The kind of thing that a question asks for; None where its form does not tell."""
    return next((kind for kind, pattern in _WANTED.items() if pattern.search(question)), None)


def holds(kind: Kind | None, sentence: str) -> bool:
    """Whether a sentence has something of that kind in it; any has where none is known."""
    return kind is None or _HELD[kind].search(in_digits(sentence)) is not None
