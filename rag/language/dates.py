"""Dates and times of day of a text, in whatever form they are written: "12 March 1874", "March 12, 1874", "12.3.1874", "1874-03-12"."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

MONTHS = "january february march april may june july august september october november december".split()
WEEKDAY = "(?:mon|tues|wednes|thurs|fri|satur|sun)day"
WEEKDAY_NAME = rf"(?:{WEEKDAY}|(?:mon|tues?|wed|thu(?:rs?)?|fri|sat|sun)\b\.?)"
MONTH_NAME = rf"(?:{'|'.join(f'{month[:3]}(?:{month[3:]})?' if month != 'september' else 'sept?(?:ember)?' for month in MONTHS)})"
_YEAR = re.compile(r"\b(?:1[5-9]|20)\d\d\b")
_TIME = re.compile(r"(?<![\d.:])(\d{1,2})(?:([:.])([0-5]\d))?(?![\d:]|\.\d)(?:\s?([ap])\.?m\b\.?)?", re.IGNORECASE)
_CLOCK = re.compile(r"(?<![\d.])\d{1,2}:[0-5]\d(?::[0-5]\d)?(?:\s?[ap]\.?m\b)?|\b\d{1,2}(?:\.[0-5]\d)?\s?[ap]\.?m\b", re.IGNORECASE)
_MONTH = rf"(?P<month>{MONTH_NAME})\b\.?"
_DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?"
_DATES = [
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"\b{_DAY}(?: of)? {_MONTH}(?:,? (?P<year>\d{{4}})\b)?",
        rf"\b{_MONTH} (?:the )?{_DAY}(?![\d:.]*\d)(?:,? (?P<year>\d{{4}})\b)?",
        rf"\b{_MONTH} (?P<year>\d{{4}})\b",
        r"\b(?P<year>\d{4})-(?P<month>\d\d)-(?P<day>\d\d)\b",
        r"\b(?P<day>\d{1,2})[./](?P<month>\d{1,2})[./](?P<year>\d{4})\b",
    )
]


@dataclass(frozen=True)
class Date:
    """A date; year and day may be missing."""

    year: int | None
    month: int
    day: int | None
    text: str


def dates_of(text: str) -> tuple[list[Date], str]:
    """The dates, and the text with blanks in their places."""
    found = []
    for pattern in _DATES:

        def take(match: re.Match[str]) -> str:
            parts = match.groupdict()
            month, day = _month(parts["month"]), parts.get("day")
            if match.group("month")[0].islower() and match.group("month")[0].isalpha():  # "may 5": no month is written small
                return match.group()
            if not 1 <= month <= 12 or not 1 <= int(day or 1) <= 31:
                return match.group()
            found.append(Date(int(parts["year"]) if parts.get("year") else None, month, int(day) if day else None, match.group()))
            return _blank(match)

        text = pattern.sub(take, text)
    return found, text


def years(text: str) -> list[str]:
    """What a text has that is written like a year of the last centuries."""
    return _YEAR.findall(text)


def _month(name: str) -> int:
    return int(name) if name.isdigit() else next(n for n, month in enumerate(MONTHS, 1) if month.startswith(name[:3].lower()))


def times_of(text: str) -> list[tuple[int, str]]:
    """The times of day: minutes since midnight, and how they are written."""
    found = []
    for match in _TIME.finditer(text):
        hour, point, minute, half = match.groups()
        if (point is None and half is None) or int(hour) > 23:
            continue
        hours = int(hour) % 12 + (12 if half.lower() == "p" else 0) if half else int(hour)
        if point == "." and half is None:
            continue
        found.append((60 * hours + int(minute or 0), match.group().strip()))
    return found


def without_times(text: str) -> str:
    """The text with blanks in the places of its times of day."""
    return _CLOCK.sub(_blank, text)


def same_day(stated: Date, held: Date, years: Iterable[str]) -> bool:
    """Whether a date is the one that was stated; a year that it lacks may be one of `years`, which stand beside it."""
    if stated.month != held.month or (stated.day and stated.day != held.day):
        return False
    return stated.year is None or stated.year == held.year or (held.year is None and str(stated.year) in years)


def minutes(text: str) -> int | None:
    """The minutes of a day that a number with a point may stand for: 8.30."""
    match = re.fullmatch(r"([01]?\d|2[0-3])\.([0-5]\d)", text)
    return 60 * int(match.group(1)) + int(match.group(2)) if match else None


def _blank(match: re.Match[str]) -> str:
    return " " * len(match.group())
