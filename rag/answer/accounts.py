"""Rows of accounts: the figures that a question asks for stand under lines which it does not name, or not in these words."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

from rag.answer.evidence import Evidence, Statement
from rag.language.measures import accounted
from rag.language.stems import content, shared
from rag.language.tabular import label

ALIKE = 0.65  # F1 of the words of a line and of the label of a row, at least
NEAR = 0.1  # of the best one's, within which the row of the better hit is taken
MOST = 8  # rows
SHARES = 0.15  # off for a row of a table of shares ("Revenue 100.0%"), where amounts are asked for

_SHARE = re.compile(r"(?<![\d.])100(?:\.0+)?\s?%")
_ASKS_FOR_SHARE = re.compile(r"\b(?:percent\w*|share|proportion|ratio|rate)\b|%", re.IGNORECASE)


class _Row(NamedTuple):
    """A row of figures: its place in the statements, its label as it stands, and the words of that, with the heading of its part and
    without ("Operating activities: Net income")."""

    at: int
    each: Statement
    label: str
    words: frozenset[str]
    own: frozenset[str]


def account_rows(question: str, evidence: Evidence) -> list[int]:
    """The places in the statements of the rows that tell what a question asks of an account, one for each line that it means, then those
    that it names in full."""
    lines = accounted(question)
    if not lines:
        return []
    rows = list(_rows(evidence))
    shares = {each.group for each in evidence.statements if each.kind == "row" and _SHARE.search(each.text)}
    off = 0.0 if _ASKS_FOR_SHARE.search(question) else SHARES
    found: list[_Row] = []
    for line in map(content, lines):
        alike = [
            (max(_alike(line, row.words), _alike(line, row.own)) - off * (row.each.group in shares), row)
            for row in rows
            if shared(line, row.own)
        ]
        best = max((score for score, _ in alike), default=0.0)
        if best >= ALIKE:
            found.append(min((row for score, row in alike if score >= best - NEAR), key=lambda row: row.each.hit.rank))
    said = content(f"{question} {' '.join(lines)}")
    named = [row for row in rows if row.words and row.words == shared(row.words, said)]
    times = Counter((row.each.group, row.label) for row in named)
    found += [row for row in named if times[row.each.group, row.label] == 1]
    first: dict[str, int] = {}
    for row in found:
        first.setdefault(row.label.casefold(), row.at)
    return list(first.values())[:MOST]


def _rows(evidence: Evidence) -> Iterator[_Row]:
    for at, each in enumerate(evidence.statements):
        if each.kind == "row" and (name := label(each.cells)):
            yield _Row(at, each, name, content(name), content(name.rpartition(": ")[2]))


def _alike(line: frozenset[str], label: frozenset[str]) -> float:
    common = len(shared(line, label))
    return 2 * common / (len(line) + len(label)) if common else 0.0
