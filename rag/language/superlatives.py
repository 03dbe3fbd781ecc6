"""Questions that compare or count the rows of a table: by what, and which way."""

from __future__ import annotations

import re
from typing import NamedTuple

_COLUMNS = {  # adjectives, and what the column may be called that they compare
    r"expensive|dear(?:est)?|cheap(?:est)?|costly|costliest": "price cost fee fare rate amount",
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
    "west east northwest southwest northeast southeast forest interest request guest test rest harvest chest nest best honest "
    "protest invest suggest digest contest latest manifest priest crest vest pest quest arrest modest".split()
) - {"latest"}
_ORDINALS = ("second", "third", "fourth", "fifth")
_CARDINALS = ("two", "three", "four", "five")
_BEFORE = re.compile(rf"\b(?:({'|'.join(_ORDINALS)})|({'|'.join(_CARDINALS)}))\s+\Z", re.IGNORECASE)
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
    place = _ORDINALS.index(number) + 2 if number in _ORDINALS else 1
    most = _CARDINALS.index(number) + 2 if number in _CARDINALS else 1
    said = frozenset(word.lower() for word in re.findall(r"\w+", f"{number} {found[0]}"))
    return Comparison(_LEAST.search(question) is not None, frozenset(names.split()), by_age, place, most, said)


def columns_meant(question: str) -> frozenset[str]:
    """What the column may be called that a question asks for by an adjective ("How tall is it?": "height")."""
    found = re.search(r"\bhow ([a-z]+)\b", question, re.IGNORECASE)
    names = next((names for adjectives, names in _COLUMNS.items() if found and re.fullmatch(adjectives, found[1].lower())), "")
    return frozenset(names.split())


def counted_thing(question: str) -> str:
    """What a question wants counted ("How many items are in the list?": "items"); empty where it counts nothing."""
    found = _COUNT.match(question)
    return found["what"].strip() if found else ""
