"""Numbers, measures, times and dates of a text, in whatever form they are written: "25 kilometres" and "25 km" are one, "25 miles" is not.

Numbers are compared as written: nothing is converted from one unit to another, and nothing is rounded. A telephone number is one
with and without spaces, hyphens and brackets.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import lru_cache

from rag.language.dates import Date, dates_of, minutes, same_day, times_of, without_times
from rag.language.fold import UNSPACED
from rag.language.spelled import in_digits
from rag.language.units import canonical, unit_behind, units_named

_NUMBER = re.compile(
    rf"(?<![^\W\d{UNSPACED}])(?:(?<![\w.,)\]])[-−])?"
    r"(?:\d+(?:\.\d+){2,}|\d+(?:[,'’\u00a0\u202f ]\d{3}(?!\d))*(?:[.,]\d+)?(?:\s(?:thousand|million|billion)\b|[⁻⁰¹²³⁴-⁹]+|\^\d+)?)"
)
_POWER = re.compile(r"10(?:([⁰¹²³⁴-⁹]+)|\^(\d+))")
_RAISED_AT_END = re.compile(r"[⁻⁰¹²³⁴-⁹]+$|\^\d+$")
_FIGURES = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")
MOST_ZEROS = 15  # of a power of ten that is written out
_SCALES = {"thousand": 3, "million": 6, "billion": 9}
_BEFORE = re.compile(r"([$€£¥]|\b(?:USD|EUR|GBP|CHF|JPY)) ?$")
_JOINT = re.compile(r"^\s*(?:-|–|—|to|and|or|/|,|x|×)\s*$")
_ORDINAL = re.compile(r"(?:st|nd|rd|th)\b", re.IGNORECASE)
_PHONE = re.compile(r"(?<![\w+.,-])(?:(?:\+\d|0\d{2,4}(?=[ -]\d{3}))(?:[ -]?\(?\d+\)?){2,6}|(?:\(\d{3}\) ?|\d{3}[ -])\d{3}-\d{4})(?![\w-])")
_RECURS = re.compile(r"\b(?:every|each|per)\s+$", re.IGNORECASE)


@dataclass(frozen=True)
class Quantity:
    """A number as digits, with its unit; `shared` is the unit of the number that it is in a range or list with ("10 to 12 km").

    `start` and `end` are characters of the text with its spelled numbers in digits (`in_digits`).
    """

    value: str
    unit: str | None
    shared: str | None
    text: str
    start: int
    end: int
    period: bool = False  # "every 15 s"


@dataclass(frozen=True)
class Counted:
    """What a text counts, measures and dates, and the `rest` of it.

    `times` are minutes of the day, with their text; `units` are those that it names anywhere.
    """

    quantities: tuple[Quantity, ...]
    dates: tuple[Date, ...]
    times: tuple[tuple[int, str], ...]
    units: frozenset[str]
    rest: str

    @property
    def all(self) -> list[Quantity]:
        """Quantities, and times and dates as such."""
        times = [Quantity(str(minute % 720), "clock", None, text, 0, 0) for minute, text in self.times]
        return [*self.quantities, *times, *(Quantity(f"{each.day} {each.month}", "date", None, each.text, 0, 0) for each in self.dates)]

    @property
    def values(self) -> set[str]:
        return {each.value for each in self.quantities}


@lru_cache(maxsize=2048)
def counted(text: str) -> Counted:
    """The quantities, dates and times of a text."""
    text = in_digits(text)
    dates, rest = dates_of(text)
    times = tuple(times_of(rest))
    clock = without_times(rest)
    quantities = tuple(_quantities(clock))
    named = units_named(text)
    for each in quantities:
        clock = clock[: each.start] + " " * (each.end - each.start) + clock[each.end :]
    return Counted(quantities, tuple(dates), times, frozenset(named | {each.unit for each in quantities if each.unit}), clock)


def lacking(stated: Counted, held: Counted) -> list[str]:
    """What is counted, measured or dated in a statement and not in what it rests on, as it is written."""
    years = {each.value for each in held.quantities} | {str(date.year) for date in held.dates}
    days = {str(date.day) for date in held.dates} | years
    missing = [date.text for date in stated.dates if not any(same_day(date, other, years) for other in held.dates)]
    clock = {minute for minute, _ in held.times} | {minutes(each.text) for each in held.quantities}
    half = {minute % 720 for minute in clock if minute is not None}
    missing += [text for minute, text in stated.times if minute not in clock and ("m" in text.lower() or minute % 720 not in half)]
    missing += [
        each.text
        for each in stated.quantities
        if not (_measured(each, held) or (each.unit is None and (each.value in days or (minutes(each.text) or -1) in clock)))
    ]
    return list(dict.fromkeys(missing))


def alike(one: Quantity, other: Quantity) -> bool:
    """Whether two quantities are of one kind: the same unit, or none."""
    return (one.unit or one.shared) == (other.unit or other.shared)


def same(one: Quantity, other: Quantity) -> bool:
    """Whether a quantity states what the other one does."""
    return one.value == other.value and (one.unit is None or one.unit in (other.unit, other.shared) or other.unit is None)


def _measured(stated: Quantity, held: Counted) -> bool:
    if stated.period and stated.value == "1" and (stated.unit in held.units or not any(each.period for each in held.quantities)):
        return True  # "per year" of pay "in a year", "every year" of what is done on a day of May
    for each in held.quantities:
        if each.value == stated.value:
            if stated.unit is None or stated.unit in (each.unit, each.shared):
                return True
            if each.unit is None and stated.unit in held.units:
                return True
    return False


def _quantities(text: str) -> list[Quantity]:
    found = [
        Quantity(re.sub(r"[^+\d]", "", match.group()).lstrip("0"), None, None, match.group(), *match.span()) for match in _phones(text)
    ]
    for each in found:
        text = text[: each.start] + " " * (each.end - each.start) + text[each.end :]
    for match in _NUMBER.finditer(text):
        number = match.group()
        after = None if _ORDINAL.match(text, match.end()) else unit_behind(text, match.end())
        before = _BEFORE.search(text[max(0, match.start() - 4) : match.start()])
        unit, end = after or (canonical(before.group(1)) if before else None, match.end())
        if unit == "s" and re.fullmatch(r"\d{3}0", number) and text[match.end() : match.end() + 1] == "s":
            unit = None  # the 1850s
        start = match.start() - len(before.group()) if before and not after else match.start()
        told = text[start : end if unit else match.end()].strip()
        period = _RECURS.search(text[max(0, start - 8) : start]) is not None
        found.append(Quantity(_plain(number), unit, None, told, match.start(), end, period))
    found.sort(key=lambda each: each.start)
    for at in range(len(found) - 2, -1, -1):
        one, other = found[at], found[at + 1]
        if one.unit is None and _JOINT.match(text[one.end : other.start]):
            found[at] = replace(one, shared=other.unit or other.shared)
    return found


def _phones(text: str) -> list[re.Match[str]]:
    """Telephone numbers, which are one with and without spaces and hyphens."""
    return [match for match in _PHONE.finditer(text) if 8 <= sum(sign.isdigit() for sign in match.group()) <= 15]


def _plain(number: str) -> str:
    """Digits without marks between thousands and trailing zeros of decimals, the scale and a power of ten multiplied out."""
    if (power := _POWER.fullmatch(number)) and (zeros := int((power[1] or power[2]).translate(_FIGURES))) <= MOST_ZEROS:
        return "1" + "0" * zeros
    number = _RAISED_AT_END.sub("", number)  # the mark of a note more often than a power
    number, _, scale = re.sub(r"\s(?=[a-z])", "|", number.replace("−", "-")).partition("|")
    if number.count(".") > 1:
        return number
    number = re.sub(r"[\s\u00a0\u202f'’]|,(?=\d{3}(?!\d))", "", number).replace(",", ".")
    whole, _, part = number.partition(".")
    if scale:
        zeros = _SCALES[scale]
        whole, part = whole + part[:zeros].ljust(zeros, "0"), part[zeros:]
    sign, whole = ("-", whole[1:]) if whole.startswith("-") else ("", whole)
    part = part.rstrip("0")
    return sign + (whole.lstrip("0") or "0") + (f".{part}" if part else "")


def numbers(text: str) -> set[str]:
    """The numbers of a text in digits, those of its dates and times too, marks between thousands and trailing zeros taken out."""
    found = counted(text)
    days = {str(value) for each in found.dates for value in (each.year, each.day) if value}
    return found.values | days | {text for _, text in found.times}
