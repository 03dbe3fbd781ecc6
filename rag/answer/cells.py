"""Which rows of a table a question means, by the values of their cells, and whether each of its words is one of the table's."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from rag.answer.evidence import Statement
from rag.language.stems import akin
from rag.language.words import AUXILIARY, meaning, words

LIGHT = frozenset(  # verbs that say no more than the column does
    """take takes took lasts lasted gets got cost costs weighs pay pays paid need needs needed require requires come comes came worth
    work works""".split()
)
_NARROWS = re.compile(
    r"\b(?:not|no|without|except|before|after|since|until|more than|less than|fewer than|over|under|above|below|between)\b|n't\b",
    re.IGNORECASE,
)
_BY_VERB = re.compile(rf"^\W*who (?!{AUXILIARY}\b)(?P<verb>\w+(?:s|ed))\b", re.IGNORECASE)  # "Who speaks German?"
_MEMBER = re.compile(r"\s*[,;/]\s*|\s+and\s+")
_YES, _NO = frozenset("yes y true ✓ ✔ x".split()), frozenset(("", *"no n false ✗ ✘ - – —".split()))
_NOT = re.compile(r"\b(?:not|no|without|\w+n't)\b", re.IGNORECASE)


@dataclass(frozen=True)
class Table:
    """A table over all the passages that it was cut into: its head, and its rows in order."""

    head: Statement
    rows: tuple[Statement, ...]

    def column(self, at: int) -> list[str]:
        """The cells of a column, empty where a row is too short."""
        return [row.cells[at] if at < len(row.cells) else "" for row in self.rows]


def rows_having(question: str, table: Table) -> tuple[Sequence[Statement], set[str]]:
    """The rows that have the values that a question names, each a whole cell or one of those that a cell lists, and the words of these; all
    rows where it names none."""
    asked = as_asked(question)
    kept, found = table.rows, set[str]()
    heads_of = [{word.lower() for word in words(name)} for name in table.head.cells]
    elsewhere = {number for number in asked.split() if number.isdecimal() and any(_beside(asked, heads, number) for heads in heads_of)}
    for at, heads in enumerate(heads_of):
        values = [values_of(cell) for cell in table.column(at)]
        named = {value for each in values for value in each if value and f" {value} " in asked and value not in heads}
        named -= {value for value in named if value.isdecimal() and value in elsewhere and not _beside(asked, heads, value)}
        if any(len(value) > 3 or any(map(str.isdigit, value)) for value in named):
            having = {id(row) for row, each in zip(table.rows, values, strict=True) if each & named}
            kept = tuple(row for row in kept if id(row) in having)
            found |= {word for value in named for word in value.split()} | heads
    return kept, found


def rows_marked(question: str, table: Table) -> tuple[list[Statement], set[str]] | None:
    """The rows that have a yes in the column that a question names ("Which need a prescription?"), or a no where it denies it, and the
    words of its head; None where no column of yes and no is named."""
    asked = [word.lower() for word in meaning(question)]
    wanted = _NO if _NOT.search(question) else _YES
    for at, name in enumerate(table.head.cells):
        heads = {word.lower() for word in words(name)}
        column = [cell.lower() for cell in table.column(at)]
        if set(column) <= _YES | _NO and set(column) & _YES and set(column) & _NO and any(akin(a, b) for a in asked for b in heads):
            return [row for row, cell in zip(table.rows, column, strict=True) if cell in wanted], heads
    return None


def covered(question: str, table: Table, also: Collection[str], denied: bool = False) -> bool:
    """Whether every word of a question is one of the table's: of its heads, its title, or the values that were named; with `denied` also
    what denies."""
    if _NARROWS.search(_NOT.sub(" ", question) if denied else question):
        return False
    verb = _BY_VERB.match(question)
    also = {*also, verb["verb"]} if verb else also
    own = {word.lower() for word in words(f"{table.head.hit.place.above} {' '.join(table.head.cells)}")} | {word.lower() for word in also}
    asked = meaning(_NOT.sub(" ", question) if denied else question)
    return all(word.lower() in LIGHT or any(akin(word.lower(), other) for other in own) for word in asked)


def as_asked(question: str) -> str:
    """The words of a question in lower case, then the singular of those that may have one: a cell is looked for between blanks."""
    every = [word.lower() for word in words(question)]
    singular = [word.removesuffix("s") if len(word) > 4 and not word.endswith("ss") else word for word in every]
    return f" {' '.join(every)} | {' '.join(singular)} "


def values_of(cell: str) -> set[str]:
    """What a cell has, in lower case: all of it, and the members where it lists some ("English, German")."""
    return {" ".join(map(str.lower, words(part))) for part in (cell, *_MEMBER.split(cell))}


def _beside(asked: str, heads: Collection[str], number: str) -> bool:
    """Whether a question has a number beside the head of a column: "in block 1", "with 3 rooms"."""
    return any(f" {head} {number} " in asked or f" {number} {head}" in asked for head in heads)
