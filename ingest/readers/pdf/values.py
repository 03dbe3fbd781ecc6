"""The cells of a line of a table of figures: words, and values with the signs of money, brackets and per cents that are theirs."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from rag.pictures.layout import Line

_ITEM_GAP = 3.0
WORD_GAP = 1.0  # line heights: nearer words are of one cell, and the sign of a value may stand farther off

_MONEY = r"(?:(?:US|CA|AU|NZ|HK|NT|R|C|A|S)?\$|[€£¥₹₩₽]|CHF|EUR|USD|GBP|RMB|Rs\.?)"
_MONIES = tuple("$ € £ ¥ ₹ ₩ ₽ CHF EUR USD GBP RMB Rs Rs.".split())
_DIGITS = r"(?:\d{1,3}(?:[,.'\u2019\u00a0\u202f ]\d{3})+(?:[.,]\d+)?|\d+(?:[.,]\d+)*|[.,]\d+)"
_MARK = r"(?:\s?(?:[a-h]{1,4}|\(\w{1,2}\)|[*†‡§]{1,3}|\[\w{1,2}\]|[¹²³⁰⁴-⁹ᵃ-ᵿ]+))*"
_UNIT = r"(?:\s?(?:%|‰|x|pp[ts]?|pts?\.?|bps?|bp|[kKmMbB]n?|years?|months?|days?))?"
_VALUE = re.compile(
    rf"(?:{_MONEY}?\s?{_DIGITS}{_UNIT}\s?[-–—]\s?)?(?:[<>~≈≤≥±+]\s?)?(?:{_MONEY}\s?)?[(\[]?\s?[-–−+]?\s?(?:{_MONEY}\s?)?{_DIGITS}{_UNIT}\s?[)\]]?\s?%?(?:\s?(?:{_MONEY}))?{_MARK}"
)
_NOTHING = re.compile(rf"(?:{_MONEY}\s?)?(?:[—–―−-]{{1,3}}|n/?[am]\.?|nil|\*+|\.{{3}})\s?%?{_MARK}", re.I)
SIGN = re.compile(rf"{_MONEY}|[(\[]|[-–−+]|{_MONEY}\s?[(\[]")
_CLOSING = re.compile(rf"[)\]]?\s?(?:%|pts?\.?|pp|bps|x)?{_MARK}")
_ITEM = re.compile(r"\(?[\w•·▪*–-]{1,2}[.)]?")
_TAILED = re.compile(rf"(.*\d[)\]%]*)\s+({_MONEY})")
_LOOSE = re.compile(rf"({_MONEY}|[(\[])\s+(?=[\d(.\[—–-])|(?<=\d)\s+(?=[)%\]])|(?<=\))\s+(?=%)")
_OPEN = re.compile(r"[(\[].{0,40}\d%?")
_BEGINS = re.compile(r"[\d(.\[—–-]")
_MINUS = re.compile(r"[-–−+]")
_MARKS = re.compile(r"(?:\(\w{1,2}\)|[*†‡§]|\[\w{1,2}\])+")
_MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?"
_YEAR = r"(?:19|20)\d\d"
_PREFIX = rf"(?:fy|cy|fiscal|year|h[12]|[1-4]h|q[1-4]|[1-4]q|{_MONTH})"
_PERIOD = re.compile(
    rf"(?:(?:{_PREFIX}[\s'’]*)?(?:\d{{1,2}},?\s*)?{_YEAR}[ae]?|{_PREFIX}[\s'’]*\d\d|{_MONTH}\s*\d{{0,2}},?|q[1-4]|"
    rf"\d{{1,2}}[./-]\d{{1,2}}[./-](?:\d\d|{_YEAR})|{_YEAR}\s?[-–/]\s?(?:{_YEAR}|\d\d)|\d{{1,2}}\s{_MONTH}\s{_YEAR}){_MARK}",
    re.I,
)
_LONGEST = 48  # characters of a value or a period
_REMEMBERED = 4096  # texts: a page asks of the same cells again and again


class Cell(NamedTuple):
    """Some words of a line, side by side."""

    text: str
    left: float
    right: float
    bold: bool = False

    @property
    def is_value(self) -> bool:
        """Whether it is a number or what stands for none."""
        return _is_value(self.text)

    @property
    def is_period(self) -> bool:
        """Whether it is a year, a date or a part of one, as columns are headed by."""
        return _is_period(self.text)

    @property
    def is_nothing(self) -> bool:
        return _is_nothing(self.text)

    @property
    def middle(self) -> float:
        return (self.left + self.right) / 2


@lru_cache(_REMEMBERED)
def _is_value(text: str) -> bool:
    return len(text) <= _LONGEST and bool(_VALUE.fullmatch(text) or _NOTHING.fullmatch(text))


@lru_cache(_REMEMBERED)
def _is_period(text: str) -> bool:
    return len(text) <= _LONGEST and bool(_PERIOD.fullmatch(text))


@lru_cache(_REMEMBERED)
def _is_nothing(text: str) -> bool:
    return len(text) <= _LONGEST and bool(_NOTHING.fullmatch(text))


def cells(line: Line) -> list[Cell]:
    """The cells of a line from left to right."""
    if not line.parts and not line.gaps and len(line.text) > _LONGEST:
        return [Cell(line.text, line.left, line.right, line.bold)]
    found: list[Cell] = []
    height = line.height or 1.0
    near = WORD_GAP * height
    for piece in _pieces(line):
        if found and piece.left - found[-1].right < near / 2 and not found[-1].is_value and _MARKS.fullmatch(piece.text):
            found[-1] = found[-1]._replace(text=f"{found[-1].text} {piece.text}", right=piece.right)
            continue
        while found and piece.left - found[-1].right < near and not piece.is_value and not _signs(found[-1], piece):
            last = found[-1]  # a number between words is one of them
            if last.is_value and not (len(found) > 1 and last.left - found[-2].right < near and not found[-2].is_value):
                break
            found.pop()
            piece = piece._replace(text=f"{last.text} {piece.text}", left=last.left, bold=last.bold and piece.bold)
        found.append(piece)
    if len(found) > 2 and _ITEM.fullmatch(found[0].text) and not found[1].is_value and found[1].left - found[0].right < _ITEM_GAP * height:
        first, second, *others = found
        found = [second._replace(text=f"{first.text} {second.text}", left=first.left), *others]
    return list(_signed(found, height))


def parts(cell: Cell, line: Line) -> list[Cell]:
    """A cell parted at all the wide spaces in it."""
    return [piece for piece in _pieces(line) if cell.left <= piece.middle <= cell.right]


def _signs(last: Cell, piece: Cell) -> bool:
    return bool(SIGN.fullmatch(last.text) or SIGN.fullmatch(piece.text) or (_CLOSING.fullmatch(piece.text)))


def _pieces(line: Line) -> Iterator[Cell]:
    """The runs of a line, parted at all their wide spaces."""
    for run in line.runs:
        start, left = 0, run.left
        for at, right, next_left in [*run.gaps, (len(run.text), run.right, run.right)]:
            text = run.text[start:at].strip()
            if len(text) <= _LONGEST and text.endswith(_MONIES) and (tailed := _TAILED.fullmatch(text)):
                cut = left + (right - left) * (len(text) - len(tailed[2]) - 0.5) / len(text)
                yield Cell(tailed[1], left, cut, run.bold)
                text, left = tailed[2], cut
            if text:
                yield Cell(text, left, right, run.bold)
            start, left = at, next_left


def _signed(pieces: list[Cell], height: float) -> Iterator[Cell]:
    """The cells with the signs of money before a value, and the bracket or the per cent after it, joined to it."""
    held: Cell | None = None  # a sign that waits for its value
    last: Cell | None = None
    for piece in pieces:
        if held:
            joined = Cell(_tight(f"{held.text}{piece.text}"), held.left, piece.right, piece.bold)
            if joined.is_value or (SIGN.fullmatch(held.text) and _BEGINS.match(piece.text)):
                piece = joined
            elif last:
                yield last
                last = held
            else:
                last = held
            held = None
        near = last and piece.text and piece.left - last.right < 2.5 * height
        if last and near and ((last.is_value and _CLOSING.fullmatch(piece.text)) or (piece.text[0] in ")]" and _OPEN.fullmatch(last.text))):
            last = last._replace(text=_tight(f"{last.text}{piece.text}"), right=piece.right)
            continue
        if last:
            yield last
            last = None
        if SIGN.fullmatch(piece.text) and not _MINUS.fullmatch(piece.text):
            held = piece
        elif piece.is_value and (tight := _tight(piece.text)) != piece.text:
            last = piece._replace(text=tight)
        else:
            last = piece
    if last:
        yield last
    if held:
        yield held


def _tight(text: str) -> str:
    """A value without the space that a column of signs leaves in it."""
    return _LOOSE.sub(lambda found: found[1] or "", text)
