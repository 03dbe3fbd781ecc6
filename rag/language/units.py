"""Units of measure, each by its symbol, however it is written: "kilometres", "kilometers" and "km" are "km"."""

from __future__ import annotations

import re

from rag.language.fold import folded_form

# each group has the spellings of one unit, the first of which stands for it
_SPELLINGS = folded_form("""
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
""")
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
_UNIT_WORD = re.compile(rf"\b({'|'.join(set(_LONG) - {'second', 'minute'})})\b", re.IGNORECASE)  # a second season, minute traces
_UNIT_IN_BRACKETS = re.compile(rf"[(\[]\s*(?:in )?({'|'.join(map(re.escape, _LATER))})\s*[)\]]")


def unit_behind(text: str, at: int) -> tuple[str, int] | None:
    """The unit that begins at a place of a text, and where it ends."""
    match = _AFTER.match(text, at)
    if match is None:
        return None
    kind, symbol, word, power = match.groups()
    unit = canonical(symbol) if symbol else _LONG[word.lower()]
    return unit + (power or {"square ": "²", "cubic ": "³"}.get(kind or "", "")), match.end()


def canonical(unit: str) -> str:
    """The symbol that stands for a unit."""
    return _UNITS.get(unit, unit)


def units_named(text: str) -> set[str]:
    """Units that a text writes out or has in brackets, with or without a number."""
    return {_LONG[word.lower()] for word in _UNIT_WORD.findall(text)} | {canonical(unit) for unit in _UNIT_IN_BRACKETS.findall(text)}
