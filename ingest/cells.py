"""Ranges of cells in a sheet, as spreadsheets write them: "A1:F20", or "B7" for one cell."""

from __future__ import annotations

import re
from typing import NamedTuple

_RANGE = re.compile(r"([A-Z]{1,4})([1-9]\d{0,8})(?::([A-Z]{1,4})([1-9]\d{0,8}))?")


class Cells(NamedTuple):
    """Columns and rows from 1, ends included."""

    left: int
    top: int
    right: int
    bottom: int

    def __str__(self) -> str:
        first, last = f"{column_name(self.left)}{self.top}", f"{column_name(self.right)}{self.bottom}"
        return first if first == last else f"{first}:{last}"

    @classmethod
    def parse(cls, text: str) -> Cells | None:
        """The range that `text` names; None where it is none."""
        match = _RANGE.fullmatch(text)
        if not match:
            return None
        left, top = _column(match[1]), int(match[2])
        return cls(left, top, _column(match[3]), int(match[4])) if match[3] else cls(left, top, left, top)

    @property
    def height(self) -> int:
        return self.bottom - self.top + 1

    def rows(self, first: int, last: int) -> Cells:
        """The rows from `first` to `last` of it, counted from 0."""
        return self._replace(top=self.top + first, bottom=self.top + last)

    def around(self, other: Cells) -> Cells:
        """The smallest range that holds both."""
        return Cells(min(self.left, other.left), min(self.top, other.top), max(self.right, other.right), max(self.bottom, other.bottom))


def column_name(number: int) -> str:
    """The letters of a column: 1 is A, 27 is AA."""
    letters = ""
    while number > 0:
        number, letter = divmod(number - 1, 26)
        letters = chr(65 + letter) + letters
    return letters


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number
