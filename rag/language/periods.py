"""The periods that a text names: "Q3 2023", "the third quarter of fiscal 2023", "FY22", "three months ended 25 June 2022"."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta

from rag.language.dates import Date, dates_of

_ORDINALS = {"first": 1, "second": 2, "third": 3, "fourth": 4, "1st": 1, "2nd": 2, "3rd": 3, "4th": 4}
_SHORT = r"(?:(?:19|20)\d\d|\d\d(?!\d))"
_LONG = r"(?:19|20)\d\d"
_FISCAL = r"(?:fy|fiscal(?:\s+year)?)"
_SIGN = r"\s*[-–_/,’']?\s*"
_QUARTERS = [  # with the groups `quarter` and `year`
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"\b(?:{_FISCAL}\s*)?(?P<year>{_LONG}){_SIGN}(?:q(?P<quarter>[1-4])|(?P<other>[1-4])q)(?![\d])",
        rf"\b(?:q(?P<quarter>[1-4])|(?P<other>[1-4])q){_SIGN}(?:of\s+)?(?:{_FISCAL}\s*)?{_SIGN}(?P<year>{_SHORT})\b",
        rf"\b(?P<ordinal>{'|'.join(_ORDINALS)})(?:\s+|-)(?:fiscal\s+)?quarter,?\s+(?:of\s+)?(?:the\s+)?(?:{_FISCAL}\s*)?{_SIGN}(?P<year>{_LONG})\b",
    )
]
_FISCAL_YEAR = re.compile(rf"\b{_FISCAL}{_SIGN}(?P<year>{_SHORT})\b", re.IGNORECASE)
_YEAR = re.compile(rf"(?<![\w.,$€£-])(?P<year>{_LONG})(?![\w%]|[.,]\d|-\d)")
_ENDED = re.compile(r"\b(?:quarter|period|months|weeks|year)\s+end(?:ed|ing)\s*:?\s+(?=\S)", re.IGNORECASE)
_OF_A_DAY = re.compile(
    r"\b(?:(?:in|for|during|of)\s+)?(?:the\s+)?(?:(?:three|six|nine|twelve|\d{1,2})\s+)?(?:quarter(?:ly\s+period)?|period|months|weeks|"
    r"(?:fiscal\s+)?year)\s+end(?:ed|ing)\b",
    re.IGNORECASE,
)
_COVERED = re.compile(r"\bfor the (?:[\w-]+ ){0,4}?(?:year|quarter|period|months|weeks)\s+ended\s*:?\s+(?=\S)", re.IGNORECASE)
_LOOKED_AT = 40  # characters behind "ended"
_LATE = timedelta(days=9)  # years of 52 weeks end up to so many days after a month


@dataclass(frozen=True, order=True)
class Period:
    """A year, or one of its quarters, as whoever reports counts them."""

    year: int
    quarter: int = 0


def periods(text: str) -> tuple[list[Period], str]:
    """The years and quarters that a text names, and the text without them. A day or a month is no period."""
    found: list[Period] = []
    _, text = dates_of(text)
    text = _OF_A_DAY.sub(" ", text)
    for pattern in (*_QUARTERS, _FISCAL_YEAR, _YEAR):

        def take(match: re.Match[str]) -> str:
            parts = match.groupdict()
            quarter = parts.get("quarter") or parts.get("other") or _ORDINALS.get((parts.get("ordinal") or "").lower()) or 0
            year = int(parts["year"])
            found.append(Period(year if year > 99 else 2000 + year, int(quarter)))
            return " "

        text = pattern.sub(take, text)
    return list(dict.fromkeys(found)), text


def ends(text: str) -> list[tuple[int, int]]:
    """The years and months at whose end the periods that a text tells of end: (2022, 6) of "three months ended June 25, 2022", and of "July
    1, 2022" too."""
    behind = [dates_of(text[match.end() : match.end() + _LOOKED_AT])[0] for match in _ENDED.finditer(text)]
    return list(dict.fromkeys(month for dates in behind for each in dates[:1] if (month := _closed(each))))


def covered(text: str) -> str:
    """The last day (ISO 8601) of the period that a report says it is for: "For the quarterly period ended July 1, 2023"; nothing where it
    says none."""
    for match in _COVERED.finditer(text):
        for each in dates_of(text[match.end() : match.end() + _LOOKED_AT])[0][:1]:
            if each.year and each.day:
                return f"{each.year:04}-{each.month:02}-{each.day:02}"
    return ""


def months(text: str) -> list[tuple[int, int]]:
    """The years and months of the dates in a text."""
    return list(dict.fromkeys(month for each in dates_of(text)[0] if (month := _closed(each))))


def _closed(each: Date) -> tuple[int, int] | None:
    if each.year is None:
        return None
    try:
        day = date(each.year, each.month, each.day or 28) - (_LATE if each.day and each.day <= _LATE.days else timedelta())
    except ValueError:
        return None
    return day.year, day.month
