"""A table's cells laid out: where they span columns and rows, money signs by their numbers, the labels of groups by their rows."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

MAX_SPAN = 200
MAX_COLUMNS = 500
_REPEATED = 300  # characters of a cell that is repeated where it spans; a longer one stands once
_LABEL_WORDS = 12

Cell = tuple[str, int, int]  # text, columns and rows that it spans

_BEFORE = re.compile(r"[-−–+±]?\s?(?:(?:US|CA|AU|C|A|NZ|HK|R)?\$|[€£¥₹₽₩]|[A-Z]{3})\s?[(]?|[(]|[-−–+±~<>≤≥]")  # what its number follows
_AFTER = re.compile(r"[)]?\s?(?:%|‰|€|pp|pts?|bps)?\s?[)]?")  # what follows its number
_NUMBER = re.compile(r"[(]?\s?[-−–+]?[$€£¥]?\s?[\d.,][\d.,\s' \u202f]*(?:[)%]|—)*|[—–-]")
_FIGURE = re.compile(r"[^\w]*\d")
_SUM = re.compile(r"(?:sub|grand\s)?(?:total|sum)s?\b|net\b|gross\b", re.I)


@dataclass
class Slot:
    """One place of the grid: the text of the cell that lies over it, and whether that begins in this column."""

    text: str
    begins: bool = True


Grid = list[list[Slot]]


def laid_out(rows: Sequence[Sequence[Cell]], heads: int = 0) -> tuple[Grid, int]:
    """The rows that have words as a grid, all as wide as the widest, and how many of them are left of the first `heads`."""
    held: dict[int, tuple[Slot, int]] = {}  # column -> what lies over it from above, and the rows that it still reaches into
    grid: Grid = []
    left = heads
    for number, row in enumerate(rows):
        line: list[Slot] = []

        def fill(line: list[Slot] = line) -> None:
            while len(line) in held:
                column = len(line)
                slot, down = held.pop(column)
                line.append(replace(slot))
                if down > 1:
                    held[column] = slot, down - 1

        for text, columns, down in row:
            fill()
            for n in range(min(columns, MAX_SPAN, MAX_COLUMNS - len(line))):
                slot = Slot(text, n == 0)
                if down > 1:
                    below = slot if len(text) <= _REPEATED else Slot("", n == 0)
                    held[len(line)] = below, min(down, MAX_SPAN) - 1
                line.append(slot)
        fill()
        if any(slot.text for slot in line):
            grid.append(line)
        elif number < heads:
            left -= 1
    width = max(map(len, grid), default=0)
    for line in grid:
        line += [Slot("") for _ in range(width - len(line))]
    return grid, min(left, len(grid))


def title_of(rows: Sequence[Sequence[Cell]]) -> tuple[str, int]:
    """The words of the rows above a table that are one cell over all of its columns, and how many rows these are."""
    width = max((sum(min(columns, MAX_SPAN) for _, columns, _ in row) for row in rows), default=0)
    words: list[str] = []
    taken = 0
    for row in rows:
        said = [cell for cell in row if cell[0]]
        over = sum(min(columns, MAX_SPAN) for _, columns, _ in row) >= width
        alone = len(said) == 1 and len(row) == 1 and said[0][1] > 1 and over and said[0][2] == 1
        if width < 2 or not (alone or not said):
            break
        words += [" ".join(cell[0].split()) for cell in said]
        taken += 1
    return (" ".join(words), taken) if taken < len(rows) and words else ("", 0)


def head_rows(rows: Sequence[Sequence[Cell]]) -> int:
    """How many rows the head of a table has, of which the first row is known to be one: more where cells of that span, and the names of
    the columns below them stand in the next."""
    first = rows[0] if rows else []
    shown = [cell for cell in first if cell[0]]
    if not any(columns > 1 for _, columns, _ in shown) or len(rows) < 3:
        return 1
    deep = max(down for _, _, down in shown)
    if deep > 1 and any(down < deep for _, _, down in first):
        return min(deep, len(rows) - 1)
    heads = 1
    while heads < len(rows) - 1 and any(columns > 1 for text, columns, _ in rows[heads - 1] if text) and _name_columns(rows[heads]):
        heads += 1
    return heads


def _name_columns(row: Sequence[Cell]) -> bool:
    names = [text for text, *_ in row if text]
    return len(names) > 1 and all(map(_names, names))


def _names(text: str) -> bool:
    """Whether a cell may name a column: no figure but a year or a date."""
    return not _NUMBER.fullmatch(text.strip()) or bool(re.fullmatch(r"(?:1[5-9]|20)\d\d", text.strip()))


def joined(grid: Grid, heads: int) -> list[str]:
    """The lines of a head made one, from the top down in each column."""
    line: list[str] = []
    for column in range(len(grid[0]) if grid else 0):
        parts: list[str] = []
        for row in grid[:heads]:
            text = row[column].text
            if text and (not parts or parts[-1] != text):
                parts.append(text)
        line.append(" ".join(parts))
    return line


def signs_joined(grid: Grid, heads: int) -> Grid:
    """The grid with money signs, brackets and per cents that have columns of their own put to their numbers, and without the columns
    that are blank then."""
    body = grid[heads:]
    moved: set[int] = set()
    for row in body:
        for at, slot in enumerate(row):
            if not slot.begins or not slot.text:
                continue
            text = slot.text.strip()
            after = next((n for n in range(at + 1, min(at + 4, len(row))) if row[n].begins and row[n].text), None)
            before = next((n for n in range(at - 1, max(at - 4, -1), -1) if row[n].begins and row[n].text), None)
            if _BEFORE.fullmatch(text) and after is not None and _NUMBER.match(row[after].text):
                row[after].text = text + row[after].text
            elif _AFTER.fullmatch(text) and before is not None and re.search(r"[\d—–)-]\s?$", row[before].text):
                row[before].text += text
            else:
                continue
            slot.text = ""
            moved.update((at, *(n for n in (after, before) if n is not None)))
    kept: list[int] = []
    for column in range(len(grid[0]) if grid else 0):
        if kept and _one_column(grid, heads, kept[-1], column, moved):
            for number, row in enumerate(grid):
                one, other = row[kept[-1]], row[column]
                if (number >= heads and other.begins and other.text) or not one.text:
                    one.text = other.text
        else:
            kept.append(column)
    return [[row[column] for column in kept] for row in grid]


def _one_column(grid: Grid, heads: int, one: int, other: int, moved: set[int]) -> bool:
    """Whether two columns side by side are one: nothing parts their heads, and either has no words of its own, or signs were moved or
    cells span both, and no row has words of its own in both."""
    parted = [row[other] for row in grid[:heads] if row[other].begins and row[other].text]
    bare = not any(row[one].text for row in grid[:heads])
    body = [(row[one], row[other]) for row in grid[heads:]]
    if all(not (right.begins and right.text) for _, right in body):
        return not parted
    if all(not (left.begins and left.text) for left, _ in body):
        return not parted or bare
    if parted or any(left.text and right.begins and right.text for left, right in body):
        return False
    return {one, other} <= moved or any(right.text and not right.begins for _, right in body)


def spread(rows: Grid) -> list[list[str]]:
    """The texts of the rows, each of a cell that spans columns in all of them, where it is short."""
    return [[slot.text if slot.begins or len(slot.text) <= _REPEATED else "" for slot in row] for row in rows]


def under_labels(rows: Grid) -> list[list[str]]:
    """The texts of the rows of a body; a row that is only the label of those below it goes, and stands before their first cells."""
    told = spread(rows)
    if not rows or len(rows[0]) < 2:
        return told
    over = [row[0].begins and not any(slot.begins for slot in row[1:]) for row in rows]
    return [texts for texts in grouped(told, over) if texts is not None] or told


def grouped(told: list[list[str]], over: list[bool]) -> list[list[str] | None]:
    """The rows with the label of their group before their first cells, and None for the rows that are such labels.

    A label is one cell over all columns (`over`), or the first cell of a row with no others, where it ends in a colon, or the body
    begins with such rows. A row of a sum ends the group. Where the first cells are figures, they are no names that a label could stand
    before.
    """
    firsts = [texts[0] for texts, whole in zip(told, over, strict=True) if not whole and texts[0]]
    if 2 * sum(map(bool, map(_FIGURE.match, firsts))) > len(firsts):
        return list(told)
    alone = [bool(texts[0]) and (whole or not any(texts[1:])) for texts, whole in zip(told, over, strict=True)]
    begun = bool(alone) and alone[0] and sum(alone) > 1 and not any(one and other for one, other in pairwise(alone))
    labels: list[str] = []
    found: list[list[str] | None] = []
    fresh = False  # whether the row before is a label
    for at, texts in enumerate(told):
        first = texts[0]
        if alone[at] and at + 1 < len(told) and _labels(first) and (over[at] or first.endswith((":", "：")) or begun):
            if not fresh and labels:
                labels.pop()
            labels.append(first.rstrip(" :："))
            fresh = True
            found.append(None)
            continue
        fresh = False
        ends = bool(labels) and bool(_SUM.match(first))
        if over[at]:
            texts = [first, *[""] * (len(texts) - 1)]
        elif labels and not ends and not first.startswith(f"{labels[-1]}: "):
            texts = [f"{labels[-1]}: {first}" if first else labels[-1], *texts[1:]]
        if ends:
            labels.pop()
        found.append(texts)
    return found


def _labels(text: str) -> bool:
    return len(text.split()) <= _LABEL_WORDS and not text.endswith((".", "!", "?", ";")) and not _NUMBER.fullmatch(text)
