"""What the readers of workbooks give of a sheet: its rows as they are shown, and what is said on it beside them."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from ingest.cells import Cells
from ingest.readers.rows import Row, Spanned

MAX_MERGED = 200  # rows or columns
_MOST_FILLED = 2_000_000  # cells: ranges of a hostile file may lie over each other
_REPEATED = 300  # characters of a value that is repeated


class Remark(NamedTuple):
    """What stands on a sheet beside its cells: a note on a cell, a box of text. `kind` is said before it."""

    kind: str
    text: str
    cells: Cells | None = None


class Drawn(NamedTuple):
    """A picture or a chart on a sheet: the name of its part, and its alternative text."""

    cells: Cells
    part: str
    alt: str | None


class Visible:
    """The rows or columns of a sheet counted without those that are hidden."""

    def __init__(self, hidden: Iterable[int] = ()):
        self._hidden = set(hidden)
        self._order = sorted(self._hidden)
        self._before = [number - at for at, number in enumerate(self._order)]

    def hides(self, number: int) -> bool:
        return number in self._hidden

    def hide(self, number: int) -> None:
        """Hides a further one, beyond all before it."""
        self._before.append(number - len(self._hidden))
        self._order.append(number)
        self._hidden.add(number)

    def true(self, number: int) -> int:
        """The number that is shown as the `number`th."""
        return number + bisect_right(self._before, number)

    def nth(self, number: int) -> int:
        """How many are shown up to this one."""
        return number - bisect_right(self._order, number)


@dataclass
class Sheet:
    """A sheet that is shown. `rows` can be walked once, its numbers and columns (from A) count without what is hidden; `columns` and
    `lines` tell the true ones."""

    name: str
    rows: Iterable[Row] = ()
    columns: Visible = field(default_factory=Visible)
    lines: Visible = field(default_factory=Visible)
    remarks: list[Remark] = field(default_factory=list)
    drawn: list[Drawn] = field(default_factory=list)
    charts: list[Drawn] = field(default_factory=list)

    def true(self, cells: Cells) -> Cells:
        """A range as the program that made the file names it."""
        return Cells(
            self.columns.true(cells.left), self.lines.true(cells.top), self.columns.true(cells.right), self.lines.true(cells.bottom)
        )


class Merged:
    """Ranges that are one cell: its value is in every row and column that they take."""

    def __init__(self, ranges: Iterable[Cells]):
        self._starts: dict[int, list[Cells]] = {}
        self._open: list[tuple[Cells, str]] = []
        self._left = _MOST_FILLED
        for cells in ranges:
            wide = cells.right - cells.left < MAX_MERGED
            if cells.bottom - cells.top < MAX_MERGED and wide and cells.left <= cells.right and cells.top <= cells.bottom:
                self._starts.setdefault(cells.top, []).append(cells)

    def fill(self, number: int, values: list[str]) -> None:
        """Fills the row `number` (columns from 1, at the place before), as long as it is not blank."""
        self._open = [each for each in self._open if each[0].bottom >= number]
        if not any(values):
            return
        for cells in self._starts.get(number, ()):
            value = values[cells.left - 1] if cells.left <= len(values) else ""
            if value and len(value) <= _REPEATED:
                self._open.append((cells, value))
        for cells, value in self._open:
            self._left -= cells.right - cells.left + 1
            if self._left < 0:
                return
            values += [""] * (cells.right - len(values))
            for at in range(cells.left - 1, cells.right):
                values[at] = values[at] or (value if at == cells.left - 1 else Spanned(value))


def without(values: list[str], columns: Visible) -> list[str]:
    """The values without those of hidden columns."""
    return [value for number, value in enumerate(values, 1) if not columns.hides(number)]


def numbered(columns: Iterable[tuple[int, int]], most: int = 20_000) -> Iterator[int]:
    """The numbers in ranges of columns that a program wrote, as far as any sheet reaches."""
    for first, last in columns:
        yield from range(max(first, 1), min(last, most) + 1)
