"""Rows of accounts: the figures that a question asks for stand under lines which it does not name, or not in these words."""

from __future__ import annotations

import re
from collections import Counter

from rag.answer.evidence import Evidence, Statement
from rag.language.measures import accounted
from rag.language.stems import content, shared

ALIKE = 0.65  # F1 of the words of a line and of the label of a row, at least
NEAR = 0.1  # of the best one's, within which the row of the better hit is taken
MOST = 8  # rows
SHARES = 0.15  # off for a row of a table of shares ("Revenue 100.0%"), where amounts are asked for

_FIGURE = re.compile(r"\d")
_SHARE = re.compile(r"(?<![\d.])100(?:\.0+)?\s?%")
_ASKS_FOR_SHARE = re.compile(r"\b(?:percent\w*|share|proportion|ratio|rate)\b|%", re.IGNORECASE)


def account_rows(question: str, evidence: Evidence) -> list[int]:
    """The places in the statements of the rows that tell what a question asks of an account, one for each line that it means."""
    lines = accounted(question)
    rows = [(at, _labels(each)) for at, each in enumerate(evidence.statements) if each.kind == "row"] if lines else []
    shares = {each.group for at, _ in rows if _SHARE.search((each := evidence.statements[at]).text)}
    off = 0.0 if _ASKS_FOR_SHARE.search(question) else SHARES
    found: list[int] = []
    for line in map(content, lines):
        alike = {
            at: max(_alike(line, label) for label in labels) - off * (evidence.statements[at].group in shares)
            for at, labels in rows
            if labels and shared(line, labels[-1])
        }
        best = max(alike.values(), default=0.0)
        if best >= ALIKE:
            found.append(min((at for at, score in alike.items() if score >= best - NEAR), key=lambda at: evidence.statements[at].hit.rank))
    said = content(f"{question} {' '.join(lines)}")
    named = [at for at, labels in rows if labels and labels[0] and labels[0] == shared(labels[0], said)]
    once = Counter((evidence.statements[at].group, evidence.statements[at].cells[0]) for at in named)
    found += [at for at in named if once[evidence.statements[at].group, evidence.statements[at].cells[0]] == 1]
    first = {evidence.statements[at].cells[0].casefold(): at for at in reversed(found)}
    return [at for at in dict.fromkeys(found) if first[evidence.statements[at].cells[0].casefold()] == at][:MOST]


def _labels(row: Statement) -> list[frozenset[str]]:
    """The words of what a row of figures is called: with the heading of its part and without ("Operating activities: Net income")."""
    label, *figures = row.cells
    if not any(map(_FIGURE.search, figures)):
        return []
    return [content(each) for each in dict.fromkeys([label, label.rpartition(": ")[2]])]


def _alike(line: frozenset[str], label: frozenset[str]) -> float:
    common = len(shared(line, label))
    return 2 * common / (len(line) + len(label)) if common else 0.0
