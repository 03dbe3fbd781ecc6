"""Numbers of cells as their format shows them: 7.5%, $1,234.50, 00042, 36:00; a day in figures as ISO writes it, plain everywhere."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from typing import NamedTuple

# The formats that are not written down in a file (ECMA-376 part 1, 18.8.30).
BUILT_IN = {
    1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00", 5: '"$"#,##0_);("$"#,##0)', 6: '"$"#,##0_);("$"#,##0)',
    7: '"$"#,##0.00_);("$"#,##0.00)', 8: '"$"#,##0.00_);("$"#,##0.00)', 9: "0%", 10: "0.00%", 11: "0.00E+00", 12: "# ?/?", 13: "# ??/??",
    14: "mm-dd-yyyy", 15: "d-mmm-yy", 16: "d-mmm", 17: "mmm-yy", 18: "h:mm AM/PM", 19: "h:mm:ss AM/PM", 20: "h:mm", 21: "h:mm:ss",
    22: "m/d/yyyy h:mm", 37: "#,##0_);(#,##0)", 38: "#,##0_);(#,##0)", 39: "#,##0.00_);(#,##0.00)", 40: "#,##0.00_);(#,##0.00)",
    45: "mm:ss", 46: "[h]:mm:ss", 47: "mm:ss.0", 48: "##0.0E+0", 49: "@",
    **dict.fromkeys((27, 28, 29, 30, 31, 34, 35, 36, 50, 51, 52, 53, 54, 55, 56, 57, 58), "yyyy-mm-dd"),
}  # fmt: skip

_LONGEST = 255  # characters of a format, as in the programs
_GENERAL = {"", "general", "standard", "@"}
_COLOURS = r"\[(?:black|blue|cyan|green|magenta|red|white|yellow|color\s*\d+)\]"
_LITERAL = re.compile(rf'"[^"]*"|\\.|_.|\*.|\[\$[^\]]*\]|\[[><=][^\]]*\]|{_COLOURS}', re.I)
_WORD = re.compile(rf'"([^"]*)"|\\(.)|_.|\[\$([^\]-]*)[^\]]*\]|{_COLOURS}|([$€£ ])', re.I)
_WORDS = rf'(?:"[^"]*"|\\.|_.|\[\$[^\]]*\]|{_COLOURS}|[$€£ ])*'
_USUAL = re.compile(rf"({_WORDS})(#,##0|0)(\.0{{1,9}})?(%)?({_WORDS})", re.I)
_ELAPSED = re.compile(r"\[[hms]+\]", re.I)
_DOT = re.compile(r'("[^"]*"|\\.)|\.(?!0)')
_MOST = 1e15
_LAST_DAY = 2_958_466  # 1 January 10000


class _Usual(NamedTuple):
    """A format of the usual sort, which most cells have, and which is written at once: so many decimals between two words."""

    before: str
    decimals: int
    after: str
    grouped: bool
    percent: bool

    def write(self, number: float) -> str:
        exact = Decimal(f"{number:.15g}") * (100 if self.percent else 1)
        figures = exact.quantize(Decimal(1).scaleb(-self.decimals), ROUND_HALF_UP)
        return f"{self.before}{figures:,f}{self.after}" if self.grouped else f"{self.before}{figures:f}{self.after}"


class _Kind(NamedTuple):
    """What a format makes of a number: a day in figures, with the time or its seconds; what `code` writes, or at once where `usual`."""

    code: str
    day: bool = False
    time: bool = False
    seconds: bool = False
    usual: _Usual | None = None


def plain(number: float) -> str:
    """A number without a format: no point in whole ones, 15 digits as in the programs themselves."""
    return str(int(number)) if number.is_integer() and abs(number) < _MOST else f"{number:.15g}"


def shown(number: float, code: str, from_1904: bool = False) -> str:
    """A number as a cell of this format shows it."""
    kind = _kind(code)
    if kind is None or not abs(number) < 1e24:
        return plain(number)
    if kind.day and 0 <= number < _LAST_DAY:
        return _iso(number, kind, from_1904)
    if kind.usual and (number > 0 or (number == 0 and kind.code.count(";") < 2)):
        return kind.usual.write(number)
    from xlfmt import format_value

    try:
        text = " ".join(format_value(number, kind.code, date1904=from_1904).split())
    except (ArithmeticError, ValueError, OverflowError, TypeError, IndexError):  # what it says of formats that are none
        return plain(number)
    return plain(number) if text.startswith("####") else text


def worded(text: str, code: str) -> str:
    """A text as a cell of this format shows it."""
    if (("@" not in code or code == "@") and code.count(";") != 3) or len(code) > _LONGEST:
        return text
    from xlfmt import format_value

    try:
        return format_value(text, code).strip()
    except (ArithmeticError, ValueError, TypeError, IndexError):
        return text


@lru_cache(1000)
def _kind(code: str) -> _Kind | None:
    """None where it is no format of numbers, or is too long to be one."""
    first = code.split(";")[0].strip()
    if code.strip() and not code.strip(" ;"):  # all is hidden
        return _Kind(code)
    if first.lower() in _GENERAL or len(code) > _LONGEST:
        return None
    letters = _LITERAL.sub("", first).lower()
    elapsed = bool(_ELAPSED.search(letters))
    letters = re.sub(r"general|standard|am/pm|a/p|e[+-]", lambda found: "n" if found[0][0] in "gs" else "", letters)
    if not elapsed and not set("ymdhs") & set(letters):
        return _Kind(code, usual=_usual(first))
    dated = _DOT.sub(lambda found: found[1] or "\\.", code)
    numbers = not re.search(r"m{3,}|d{3,}", letters)
    if "y" in letters and "d" in letters and "m" in letters and numbers and not elapsed:
        return _Kind(dated, True, "h" in letters, "s" in letters)
    return _Kind(dated)


def _usual(section: str) -> _Usual | None:
    match = _USUAL.fullmatch(section)
    if not match:
        return None
    before, after = (_WORD.sub(lambda found: next(filter(None, found.groups()), ""), match[part]) for part in (1, 5))
    decimals = len(match[3]) - 1 if match[3] else 0
    return _Usual(before.lstrip(), decimals, ((match[4] or "") + after).rstrip(), "," in match[2], bool(match[4]))


def _iso(number: float, kind: _Kind, from_1904: bool) -> str:
    start = datetime(1904, 1, 1) if from_1904 else datetime(1899, 12, 30) if number >= 60 else datetime(1899, 12, 31)
    moment = start + timedelta(seconds=round(number * 86400))
    if not kind.time or moment.time() == datetime.min.time():
        return moment.date().isoformat()
    return moment.isoformat(" ", "seconds" if kind.seconds and moment.second else "minutes")
