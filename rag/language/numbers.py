"""Numbers, measures, times and dates of a text, in whatever form they are written: "25 kilometres" and "25 km" are one, "25 miles" is not.

Numbers are compared as written: nothing is converted from one unit to another, and nothing is rounded.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import lru_cache

_ONES = "one two three four five six seven eight nine".split()
_TEENS = "ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen".split()
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()
_VALUES = {word: value for value, word in enumerate(["zero", *_ONES, *_TEENS])} | {word: 10 * value for value, word in enumerate(_TENS, 2)}
_ORDINALS = """third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth fifteenth sixteenth seventeenth
eighteenth nineteenth twentieth""".split()
_SMALL = rf"(?:(?:{'|'.join(_TENS)})(?:[ -](?:{'|'.join(_ONES)}))?|{'|'.join(sorted(_VALUES, key=len, reverse=True))})"
_HUNDREDS = rf"(?:(?:{_SMALL}|a)[ -]hundred(?:(?:[ -]and)?[ -]{_SMALL})?|{_SMALL})"
_WORDS = re.compile(rf"\b(?:(?:{_HUNDREDS}|a)[ -]thousand(?:,?(?: and)? {_HUNDREDS})?|a dozen|{_HUNDREDS})\b", re.IGNORECASE)
_EVERY = re.compile(
    r"\b(every|each|per|once an?)(?= (?:second|minute|hour|day|week|month|year|mile|metre|meter|kilometre|kilometer)\b)", re.IGNORECASE
)
_PERIODS = {"hourly": "hour", "daily": "day", "weekly": "week", "monthly": "month", "yearly": "year", "annually": "year"}
_PERIOD = re.compile(rf"\b(?:{'|'.join(_PERIODS)})\b", re.IGNORECASE)
_HALF_A = re.compile(r"\bhalf an? (?=\w)", re.IGNORECASE)
_ORDINAL_WORD = re.compile(rf"\b(?:{'|'.join(_ORDINALS)})\b", re.IGNORECASE)
_ORDINAL = re.compile(r"(?:st|nd|rd|th)\b", re.IGNORECASE)
_HALVES = {"½": ".5", "¼": ".25", "¾": ".75"}
_HALF = re.compile(r"(?<!\d)(\d+)\s?(½|¼|¾|and a half\b)", re.IGNORECASE)

_NUMBER = re.compile(
    r"(?<![^\W\d])(?:(?<![\w.,)\]])[-−])?"
    r"(?:\d+(?:\.\d+){2,}|\d+(?:[,'’\u00a0\u202f ]\d{3}(?!\d))*(?:[.,]\d+)?(?:\s(?:thousand|million|billion)\b)?)"
)
_SCALES = {"thousand": 3, "million": 6, "billion": 9}
_TIME = re.compile(r"(?<![\d.:])(\d{1,2})(?:([:.])([0-5]\d))?(?![\d:]|\.\d)(?:\s?([ap])\.?m\b\.?)?", re.IGNORECASE)

_CLOCK = re.compile(r"(?<![\d.])\d{1,2}:[0-5]\d(?::[0-5]\d)?(?:\s?[ap]\.?m\b)?|\b\d{1,2}(?:\.[0-5]\d)?\s?[ap]\.?m\b", re.IGNORECASE)

_MONTHS = "january february march april may june july august september october november december".split()
_MONTH = rf"(?P<month>{'|'.join(f'{month[:3]}(?:{month[3:]})?' if month != 'september' else 'sept?(?:ember)?' for month in _MONTHS)})\b\.?"
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

# each group has the spellings of one unit, the first of which stands for it
_SPELLINGS = """
mm millimetre millimetres millimeter millimeters|cm centimetre centimetres centimeter centimeters|m metre metres meter meters
km kilometre kilometres kilometer kilometers|inch inches|ft foot feet|yd yard yards|mi mile miles|fathom fathoms|µm micrometre micrometres
mg milligram milligrams|g gram grams gramme grammes|kg kilo kilos kilogram kilograms kilogramme kilogrammes|t tonne tonnes ton tons
lb lbs pound pounds £ GBP|oz ounce ounces|ml millilitre millilitres milliliter milliliters|l L litre litres liter liters
gal gallon gallons|pt pint pints|ha hectare hectares|acre acres
ms millisecond milliseconds|s sec secs second seconds|min mins minute minutes|h hr hrs hour hours|day days|week weeks|month months
yr yrs year years|decade decades|century centuries|µs microsecond microseconds|ns nanosecond nanoseconds
% percent|°C celsius centigrade|°F fahrenheit|° degree degrees|bit bits|B byte bytes|KB kB kilobyte kilobytes|MB megabyte megabytes
GB gigabyte gigabytes|TB terabyte terabytes|KiB kibibyte kibibytes|MiB mebibyte mebibytes|GiB gibibyte gibibytes|TiB tebibyte tebibytes
kbit/s kbps|Mbit/s Mbps|Gbit/s Gbps|V volt volts|mV millivolt millivolts|kV kilovolt kilovolts|A amp amps ampere amperes
mA milliamp milliamps|mW milliwatt milliwatts|W watt watts|kW kilowatt kilowatts|MW megawatt megawatts
kWh|Hz hertz|kHz kilohertz|MHz megahertz|GHz gigahertz
Ω ohm ohms|kΩ kiloohm kiloohms|dB decibel decibels|bar bars|psi|Pa pascal pascals|hPa|kPa|km/h kph|mph|m/s|knot knots kn|px pixel pixels
dpi|fps|rpm|$ dollar dollars USD|€ euro euros EUR|¥ yen JPY|crown crowns|cent cents|penny pence|shilling shillings|franc francs CHF
candela candelas|calorie calories|kcal|times
"""
_UNITS = {spelling: group.split()[0] for group in re.split(r"[|\n]", _SPELLINGS) for spelling in group.split()}
_LONG = {spelling.lower(): unit for spelling, unit in _UNITS.items() if len(spelling) > 3 and spelling.isalpha()}
_UNITS |= {
    "per cent": "%",
    "degrees Celsius": "°C",
    "degrees Fahrenheit": "°F",
    "degrees C": "°C",
    "degrees F": "°F",
    "° C": "°C",
    "° F": "°F",
}
_LATER = sorted(_UNITS, key=len, reverse=True)
_AFTER = re.compile(
    r"[\s\u00a0\u202f]?-?(?:(?:nautical|statute|metric|full|whole|more) )?(square |cubic )?"
    rf"(?:({'|'.join(map(re.escape, _LATER))})|(?i:({'|'.join(_LONG)})))([²³]?)(?!\w)"
)
_BEFORE = re.compile(r"([$€£¥]|\b(?:USD|EUR|GBP|CHF|JPY)) ?$")
_JOINT = re.compile(r"^\s*(?:-|–|—|to|and|or|/|,|x|×)\s*$")
_RECURS = re.compile(r"\b(?:every|each|per)\s+$", re.IGNORECASE)
_UNIT_WORD = re.compile(rf"\b({'|'.join(set(_LONG) - {'second', 'minute'})})\b", re.IGNORECASE)  # a second season, minute traces
_UNIT_IN_BRACKETS = re.compile(rf"[(\[]\s*(?:in )?({'|'.join(map(re.escape, _LATER))})\s*[)\]]")


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
class Date:
    """A date; year and day may be missing."""

    year: int | None
    month: int
    day: int | None
    text: str


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
        times = [Quantity(str(minutes % 720), "clock", None, text, 0, 0) for minutes, text in self.times]
        return [*self.quantities, *times, *(Quantity(f"{each.day} {each.month}", "date", None, each.text, 0, 0) for each in self.dates)]

    @property
    def values(self) -> set[str]:
        return {each.value for each in self.quantities}


def in_digits(text: str) -> str:
    """The text with its spelled numbers in digits, "three and a half" as 3.5 and "third" as 3th; "one" by itself, and what only may be a
    number ("second"), stay."""
    text = _EVERY.sub(r"\1 1", _PERIOD.sub(lambda found: f"every 1 {_PERIODS[found.group().lower()]}", text))
    text = _WORDS.sub(_digits, _HALF_A.sub("0.5 ", text))
    text = _ORDINAL_WORD.sub(lambda found: f"{_ORDINALS.index(found.group().lower()) + 3}th", text)
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


@lru_cache(maxsize=2048)
def counted(text: str) -> Counted:
    """The quantities, dates and times of a text."""
    text = in_digits(text)
    dates, rest = _dates(text)
    times = tuple(_times(rest))
    clock = _CLOCK.sub(_blank, rest)
    quantities = tuple(_quantities(clock))
    named = {_LONG[word.lower()] for word in _UNIT_WORD.findall(text)} | {_canonical(unit) for unit in _UNIT_IN_BRACKETS.findall(text)}
    for each in quantities:
        clock = clock[: each.start] + " " * (each.end - each.start) + clock[each.end :]
    return Counted(quantities, tuple(dates), times, frozenset(named | {each.unit for each in quantities if each.unit}), clock)


def lacking(stated: Counted, held: Counted) -> list[str]:
    """What is counted, measured or dated in a statement and not in what it rests on, as it is written."""
    years = {each.value for each in held.quantities} | {str(date.year) for date in held.dates}
    days = {str(date.day) for date in held.dates} | years
    missing = [date.text for date in stated.dates if not any(_same_day(date, other, years) for other in held.dates)]
    clock = {minutes for minutes, _ in held.times} | {_minutes(each.text) for each in held.quantities}
    half = {minutes % 720 for minutes in clock if minutes is not None}
    missing += [text for minutes, text in stated.times if minutes not in clock and ("m" in text.lower() or minutes % 720 not in half)]
    missing += [
        each.text
        for each in stated.quantities
        if not (_measured(each, held) or (each.unit is None and (each.value in days or (_minutes(each.text) or -1) in clock)))
    ]
    return list(dict.fromkeys(missing))


def alike(one: Quantity, other: Quantity) -> bool:
    """Whether two quantities are of one kind: the same unit, or none."""
    return (one.unit or one.shared) == (other.unit or other.shared)


def same(one: Quantity, other: Quantity) -> bool:
    """Whether a quantity states what the other one does."""
    return one.value == other.value and (one.unit is None or one.unit in (other.unit, other.shared) or other.unit is None)


def _minutes(text: str) -> int | None:
    """The minutes of a day that a number with a point may stand for: 8.30."""
    match = re.fullmatch(r"([01]?\d|2[0-3])\.([0-5]\d)", text)
    return 60 * int(match.group(1)) + int(match.group(2)) if match else None


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


def _same_day(stated: Date, held: Date, years: Iterable[str]) -> bool:
    if stated.month != held.month or (stated.day and stated.day != held.day):
        return False
    return stated.year is None or stated.year == held.year or (held.year is None and str(stated.year) in years)


def _dates(text: str) -> tuple[list[Date], str]:
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


def _month(name: str) -> int:
    return int(name) if name.isdigit() else next(n for n, month in enumerate(_MONTHS, 1) if month.startswith(name[:3].lower()))


def _times(text: str) -> list[tuple[int, str]]:
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


def _quantities(text: str) -> list[Quantity]:
    found: list[Quantity] = []
    for match in _NUMBER.finditer(text):
        number = match.group()
        after = _AFTER.match(text, match.end())
        before = _BEFORE.search(text[max(0, match.start() - 4) : match.start()])
        if _ORDINAL.match(text, match.end()):
            after = None
        unit = _unit(after) if after else _canonical(before.group(1)) if before else None
        if unit == "s" and re.fullmatch(r"\d{3}0", number) and text[match.end() : match.end() + 1] == "s":
            unit = None  # the 1850s
        start = match.start() - len(before.group()) if before and not after else match.start()
        told = text[start : after.end() if after and unit else match.end()].strip()
        period = _RECURS.search(text[max(0, start - 8) : start]) is not None
        found.append(Quantity(_plain(number), unit, None, told, match.start(), after.end() if after else match.end(), period))
    for at in range(len(found) - 2, -1, -1):
        one, other = found[at], found[at + 1]
        if one.unit is None and _JOINT.match(text[one.end : other.start]):
            found[at] = replace(one, shared=other.unit or other.shared)
    return found


def _unit(match: re.Match[str]) -> str:
    kind, symbol, word, power = match.groups()
    unit = _canonical(symbol) if symbol else _LONG[word.lower()]
    power = power or {"square ": "²", "cubic ": "³"}.get(kind or "", "")
    return unit + power


def _canonical(unit: str) -> str:
    return _UNITS.get(unit, unit)


def _plain(number: str) -> str:
    """Digits without marks between thousands, decimals after a point without trailing zeros, the scale multiplied out."""
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


def _blank(match: re.Match[str]) -> str:
    return " " * len(match.group())
