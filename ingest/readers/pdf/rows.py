"""The lines of a PDF page as rows of a table of figures: which have values, and what of them is the label."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from ingest.readers.pdf.heads import PERIOD
from ingest.readers.pdf.values import SIGN, Cell, cells
from rag.pictures.layout import Box, Line

LONGEST_HEAD = 90  # characters of a cell of a head
_AROUND = 3  # lines above and below
_MAY_BE_VALUE = re.compile(r"[\d—–―−*-]|\.{3}|\b(?:n/?[am]|nil)", re.I)  # what every value has one of, and most lines of prose have not
_BEGINS_VALUE = re.compile(r"[^a-mo-zBDFI-MOPQTV-Z]")  # figures, signs, and the letters of money
_UNIT = re.compile(r"\(.*\)|.*\b(?:in|of) (?:millions|thousands|billions)\b.*|.*\$.*000s?.*|unaudited", re.I)


def is_unit(text: str) -> bool:
    """Whether it says in what the figures are told, as "(in millions)" does."""
    return len(text) <= LONGEST_HEAD and bool(_UNIT.fullmatch(text))


@dataclass(frozen=True)
class Row:
    """A line, and where the lines of its column of the page begin."""

    line: Line
    margin: float = 0.0
    led: bool = False

    @cached_property
    def has_columns(self) -> bool:
        """Whether its words may stand in columns of which one is of figures."""
        return bool((self.line.parts or self.line.gaps) and _MAY_BE_VALUE.search(self.line.text))

    @cached_property
    def cells(self) -> list[Cell]:
        return cells(self.line)

    @cached_property
    def label(self) -> Cell | None:
        """The cell before the values; None where the line begins with one. A number is one where it is `led`: it stands among labels."""
        return self.cells[0] if len(self.cells) > 1 and (self.led or not self.cells[0].is_value) else None

    @cached_property
    def values(self) -> list[Cell]:
        return [cell for cell in self.cells[1 if self.label else 0 :] if cell.is_value]

    def is_data(self, in_table: bool) -> bool:
        """Whether it is a row of figures; years alone are one below others only, and beside a label that is not a head's."""
        return self._is_row_in_table if in_table else self._is_row

    @cached_property
    def _is_row(self) -> bool:
        if not self.has_columns or len(self.cells) < 2 or not self.values:
            return False
        others = [cell for cell in self.cells[1:] if not cell.is_value]
        if len(others) > len(self.values) or any(len(cell.text) > LONGEST_HEAD for cell in others):
            return False
        told = any(not (cell.is_period or cell.is_nothing) for cell in self.values)
        return told and not all(cell.is_period for cell in self.cells[1:])

    @cached_property
    def _is_row_in_table(self) -> bool:
        if self._is_row:
            return True
        if not self.has_columns or len(self.cells) < 2 or not self.values:
            return False
        others = [cell for cell in self.cells[1:] if not cell.is_value]
        if len(others) > len(self.values) or any(len(cell.text) > LONGEST_HEAD for cell in others):
            return False
        label = self.label.text if self.label else ""
        return bool(label) and (all(cell.is_nothing for cell in self.values) or not (PERIOD.search(label) or is_unit(label)))


def is_sign(run: Line) -> bool:
    """Whether a run is nothing but a sign of money or a bracket that belongs to a value beside it."""
    return bool(SIGN.fullmatch(run.text)) and not run.table


def as_rows(lines: Sequence[Line]) -> list[Row]:
    """The lines but tables, each of which is parted into its cells once."""
    return [Row(line) for line in lines if not line.table]


def seen_rows(lines: Sequence[Line], drawn: Sequence[Box]) -> list[Row | None]:
    margin = min((line.left for line in lines), default=0.0)
    seen = [None if line.table or line.mono or is_drawn(line, drawn) else Row(line, margin) for line in lines]
    for number, row in enumerate(seen):
        if row and _BEGINS_VALUE.match(row.line.text) and row.has_columns and len(row.cells) > 1 and row.cells[0].is_value:
            first = row.cells[0]
            near = [other.cells[0] for other in seen[max(number - _AROUND, 0) : number + _AROUND + 1] if other and other is not row]
            if any(not cell.is_value and cell.left < first.left + 2 and cell.right > first.right - 2 for cell in near):
                seen[number] = replace(row, led=True)
    return seen


def is_drawn(line: Line, drawn: Sequence[Box]) -> bool:
    """Whether a line stands in one of these drawings."""
    x, y = (line.left + line.right) / 2, (line.top + line.bottom) / 2
    return any(box[0] - 2 < x < box[2] + 2 and box[1] < y < box[3] for box in drawn)
