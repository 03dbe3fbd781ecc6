"""What several passages say together: those that were cut apart are joined, those that say the same are one hit with all its places."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from functools import cached_property

from rag.language.words import words

_FIGURES = re.compile(r"\d+")
SHARED = 0.9  # of the words of the longer one


@dataclass(frozen=True)
class Wording:
    """The words of a passage, as `says_the_same` compares them; what costs more is found where it is needed."""

    text: str

    @cached_property
    def figures(self) -> frozenset[str]:
        """The figures of its numbers: those that say the same have the same."""
        return frozenset(_FIGURES.findall(self.text))

    @cached_property
    def facts(self) -> frozenset[str]:
        """Numbers, and names: what stands with a capital letter."""
        every = set(words(self.text))
        names = map(str.lower, every.difference(map(str.lower, every)))
        return frozenset(names).union(word.lower() for word in every if not word.isalpha() and any(map(str.isdigit, word)))

    @cached_property
    def counts(self) -> Counter[str]:
        return Counter(word.lower() for word in words(self.text))


def says_the_same(one: Wording, other: Wording) -> bool:
    """Whether two passages have the same numbers and names, and nearly the same words: an edition of a page, the PDF of a document.

    Passages that follow one pattern and differ in a name or a figure are not the same.
    """
    if one.figures != other.figures or one.facts != other.facts:
        return False
    longer = max(one.counts.total(), other.counts.total())
    return longer > 0 and (one.counts & other.counts).total() >= SHARED * longer


def joined(before: str, after: str) -> str:
    """Two pieces of one text as one; lines that the second repeats from the head of the first (those above a table's rows) come once."""
    head, lines = before.split("\n"), after.split("\n")
    repeated = 0
    while repeated < min(len(head), len(lines) - 1) and head[repeated] == lines[repeated]:
        repeated += 1
    return "\n".join([before, *lines[repeated:]])
