"""What a question compares or counts, by what and which way; and which of its words take the place of another's."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from rag.language.spelled import ONES, ORDINALS
from rag.language.words import with_digits

_COLUMNS = {  # adjectives, and what the column may be called that they compare
    r"expensive|dear(?:est)?|cheap(?:est)?|costly|costliest": "price cost fee fare rent rate amount",
    r"valuable": "value worth price",
    r"tall(?:est)?|high(?:est)?|low(?:est)?": "height altitude elevation level",
    r"long(?:est)?|short(?:est)?": "length distance duration time",
    r"big(?:gest)?|large(?:st)?|small(?:est)?": "size area volume amount number",
    r"heav(?:y|iest)|light(?:est)?": "weight mass",
    r"deep(?:est)?|shallow(?:est)?": "depth",
    r"wid(?:e|est)|narrow(?:est)?|broad(?:est)?": "width",
    r"fast(?:est)?|slow(?:est)?|quick(?:est)?": "speed time",
    r"old(?:est)?|young(?:est)?|new(?:est)?|earl(?:y|iest)|lat(?:e|est)|recent|first|last": "year built age lit opened born founded made",
    r"rich(?:est)?|poor(?:est)?|(?:best|worst) paid": "salary income pay wage",
    r"far(?:thest)?|near(?:est)?|close(?:st)?": "distance range",
    r"powerful|strong(?:est)?|weak(?:est)?": "power force",
    r"popular|visited": "visitors visits",
}
_LEAST = re.compile(
    r"\b(?:least|lowest|cheapest|smallest|shortest|lightest|shallowest|narrowest|slowest|nearest|closest|fewest|poorest|worst|weakest|minimum|"
    r"minimal)\b",
    re.IGNORECASE,
)
_EARLY = re.compile(r"\b(?:oldest|earliest|first)\b", re.IGNORECASE)
_YOUNG = re.compile(r"\b(?:youngest|newest|latest|last|most recent)\b", re.IGNORECASE)
_MOST = re.compile(
    r"\b(?:(?:most|least)(?:\s+(?P<adjective>[a-z]+))?|(?P<superlative>[a-z]{2,}est)|best|worst|maximum|minimum|fewest)\b", re.IGNORECASE
)
_NO_SUPERLATIVES = frozenset(
    "west east northwest southwest northeast southeast forest interest request guest test rest harvest chest nest best honest feast beast "
    "breast yeast protest invest suggest digest contest manifest priest crest vest pest quest arrest modest".split()
)
_CLAIMED = re.compile(r"\bthe (?:\w+ )?(?:(?:most|least) [a-z]+|(?P<superlative>[a-z]{2,}est)|best|worst)\b", re.IGNORECASE)
_OF_ALL = re.compile(
    r"\b(?:than (?:any|all|every|the (?:others?|rest))|no (?:other|more)|none|never|nothing|record|only|main|top|first|last|up to|ever|"
    r"at all)\b",
    re.IGNORECASE,
)
_PLACES, _SEVERAL = ORDINALS[1:5], ONES[1:5]
_BEFORE = re.compile(rf"\b(?:({'|'.join(_PLACES)})|({'|'.join(_SEVERAL)}))\s+\Z", re.IGNORECASE)
_SUM = re.compile(r"\bhow much\b.*\b(?:costs?|pay|paid|worth|charged?)\b|\bhow much (?:is|are|was|were)\b", re.IGNORECASE)
_WHERE = re.compile(r"^\W*where\b", re.IGNORECASE)
_COLUMNS_OF_PLACES = "where location place address town city country site room floor building hall shelf aisle stand venue".split()
STANDING = frozenset("located situated found based kept stored held live lives stand stands lie lies sit sits go goes".split())
"""Verbs that say no more of something than that it is there."""
_ORDER = frozenset([*ORDINALS, "last", "next", "former", "latter"])
_COUNT = re.compile(
    r"^\W*(?:how many|what (?:is|was) the (?:total )?number of|count (?:all )?(?:the )?)\s*(?P<what>[\w -]+?)"
    r"\s+(?:are|is|do|does|has|have|were|was|in|on|there|can|stand|lie)\b",
    re.IGNORECASE,
)


class Comparison(NamedTuple):
    """`least` is true where the smallest is wanted; `columns` are words that the head of the column may have. `by_age` is true where the
    oldest is wanted, False where the youngest: that has the greatest year and the smallest age; else None. `place` is 2 for the second,
    `most` how many are wanted; `said` are the words that say all this."""

    least: bool
    columns: frozenset[str]
    by_age: bool | None = None
    place: int = 1
    most: int = 1
    said: frozenset[str] = frozenset()


def compared(question: str) -> Comparison | None:
    """What a question for the most or the least compares by; None where it is none."""
    found = next((each for each in _MOST.finditer(question) if (each["superlative"] or "").lower() not in _NO_SUPERLATIVES), None)
    if found is None:
        return None
    adjective = (found["adjective"] or found["superlative"] or "").lower()
    names = next((names for adjectives, names in _COLUMNS.items() if re.fullmatch(adjectives, adjective)), "")
    by_age = True if _EARLY.search(question) else False if _YOUNG.search(question) else None
    before = _BEFORE.search(question[: found.start()])
    number = (before[1] or before[2] or "").lower() if before else ""
    place = _PLACES.index(number) + 2 if number in _PLACES else 1
    most = _SEVERAL.index(number) + 2 if number in _SEVERAL else 1
    said = frozenset(word.lower() for word in re.findall(r"\w+", f"{number} {found[0]}"))
    return Comparison(_LEAST.search(question) is not None, frozenset(names.split()), by_age, place, most, said)


def unheld(statement: str, told: str) -> str | None:
    """The superlative of a statement, where what is told compares with no all: "Xfce uses the fewest" of "Xfce uses more than LXDE"."""
    found = (each for each in _CLAIMED.finditer(statement) if (each["superlative"] or "").lower() not in _NO_SUPERLATIVES)
    claimed = next(found, None)
    return claimed[0] if claimed and not _OF_ALL.search(told) and compared(told) is None else None


def columns_meant(question: str) -> list[str]:
    """What the column may be called that a question asks for by an adjective ("How tall is it?": "height"), the most likely first."""
    found = re.search(r"\bhow ([a-z]+)\b", question, re.IGNORECASE)
    return next((names.split() for adjectives, names in _COLUMNS.items() if found and re.fullmatch(adjectives, found[1].lower())), [])


def sums_meant(question: str) -> list[str]:
    """What the column may be called that a question for a sum asks for ("How much is it worth?"); nothing where it asks for none."""
    return ["price", "cost", "fee", "fare", "value"] if _SUM.search(question) else []


def places_meant(question: str) -> list[str]:
    """What the column may be called that a question for a place asks for ("Where is it kept?"); nothing where it asks for none."""
    return _COLUMNS_OF_PLACES if _WHERE.match(question) else []


def comparatives(question: str) -> frozenset[str]:
    """The words of a question, in lower case, that ask which of two has more: "cheaper", "more"."""
    found = {word for word in re.findall(r"[a-z]+", question.lower()) if word in ("more", "less", "fewer", "better") or _compares(word)}
    return frozenset(found)


def _compares(word: str) -> bool:
    most = f"{word.removesuffix('er')}est"
    return word.endswith("er") and any(re.fullmatch(adjectives, most) for adjectives in _COLUMNS)


def counted_thing(question: str) -> str:
    """What a question wants counted ("How many items are in the list?": "items"); empty where it counts nothing."""
    found = _COUNT.match(question)
    return found["what"].strip() if found else ""


def superseded(word: str, own: Sequence[str]) -> bool:
    """Whether the words of a later question put another number, ordinal or superlative in the place of this one."""
    if with_digits(word):
        return any(other != word and len(other) == len(word) and with_digits(other) for other in own)
    kind = next((kind for kind in (_in_order, _superlative) if kind(word.lower())), None)
    return kind is not None and any(other.lower() != word.lower() and kind(other.lower()) for other in own)


def _in_order(word: str) -> bool:
    return word in _ORDER


def _superlative(word: str) -> bool:
    return word in ("most", "least") or (re.fullmatch("[a-z]{2,}est", word) is not None and word not in _NO_SUPERLATIVES)
