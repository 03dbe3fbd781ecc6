"""Texts into sentences: prose by its punctuation, lists, tables and entries by their lines."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import Literal, NamedTuple

from rag.language.dates import MONTH_NAME, WEEKDAY_NAME
from rag.language.fold import UNSPACED

_LINE_OF_ITS_OWN = re.compile(r"^\s*([-*+•|#>]|\(?\d{1,3}[.)]\s|\(?[a-zA-Z]\)\s)")
_LABELLED = re.compile(r"\s*[^\W\d_][\w ()/.-]{0,30}:\s+\S")
_KEY = re.compile(r"\s*[^\W\d_][\w ()/.-]{0,30}:\s*$")  # over indented facts
_CITED_NEXT = re.compile(r"^(?:\s*\[\d+\])+")
_UNPARTED = re.compile(  # "Edge.Cuts" is one word, and what "tel. 0164" shortens ends no sentence
    r"(?<=[A-Za-z0-9])(\.)\0(?=[A-Za-z0-9])|"
    r"((?i:\b(?:tel|approx|max|incl|excl|vol|est|para|ch|avg|wt|qty))\.\s*)\0(?=[+(£$€−-]?\d)"
)
_NUMBER = re.compile(r"\(?\d{1,3}[.)]")  # of a list item, which the segmenter takes for a sentence
_NUMBERED_NEXT = re.compile(r"(.*\w.*:) (\(?1[.)])")  # "Do so: 1. Turn it off. 2. Wait."
_SIGN = re.compile(f"[{UNSPACED}]")
_RULE = re.compile(r"^[\s|:+=_-]*$")
_DAY = rf"(?:\d{{1,4}}[./-]\d{{1,2}}[./-]\d{{1,4}}(?:T[\d:.]+Z?)?|\d{{1,2}}\.? {MONTH_NAME}\b\.?|{MONTH_NAME}\b\.? \d{{1,2}})(?!\w)"
_STAMPED = re.compile(rf"\s*[\[(]?(?:{WEEKDAY_NAME},? +)?(?:{_DAY}|\d{{1,2}}[:.]\d\d\b(?! ?%))", re.IGNORECASE)
_MARGIN, _WIDEST_LISTED = 40, 60  # characters of the lines of a list without marks: prose is hardly set narrower than the one
_AMOUNT = re.compile(r"[-–+]?(?:[$€£¥]\s?)?[-–+]?(?:\d{1,3}(?:[,.' ]\d{3})+|\d+)[.,]\d\d(?:\s?(?:[€$£]|[A-Z]{3}))?-?")
_LEAST_LISTED = 3
_LONGEST_ENTRY = 60  # words; a longer one is parted into sentences


class Paragraph(NamedTuple):
    """Lines that belong together, as one. An `entry` begins with a day or a time and is one statement ("[18:04] Bente: Has anyone ..."),
    as is an `item`, a line of a list without marks ("300 g red lentils") or an indented fact; what stands over such facts is an entry."""

    text: str
    kind: Literal["prose", "entry", "item"] = "prose"

    @property
    def whole(self) -> bool:
        """Whether it is one statement, however many sentences it has."""
        return self.kind != "prose" and length(self.text) <= _LONGEST_ENTRY


def sentences(text: str) -> list[str]:
    """The sentences of `text` in order, white space folded; a citation mark after a full stop stays with its sentence."""
    from sentencex import segment

    found: list[str] = []
    for paragraph in paragraphs(text):
        first, number = len(found), ""
        if paragraph.whole:
            found.append(folded(paragraph.text))
            continue
        for piece in _UNPARTED.sub(r"\1\2", "\0".join(segment("en", paragraph.text))).split("\0"):
            piece = f"{number} {' '.join(piece.split())}".strip()
            leads = _NUMBERED_NEXT.fullmatch(piece)
            if leads:
                found.append(leads[1])
            number = leads[2] if leads else piece if _NUMBER.fullmatch(piece) else ""
            if number:
                continue
            marks = _CITED_NEXT.match(piece)
            if marks and len(found) > first:
                found[-1] += " " + marks.group().strip()
                piece = piece[marks.end() :].strip()
            if piece:
                found.append(piece)
        if number:
            found.append(number)
    return found


def length(text: str) -> int:
    """How long a text is in words; of Chinese and the like, two signs count as one."""
    return len(text.split()) + len(_SIGN.findall(text)) // 2


def folded(text: str) -> str:
    """The text with every run of white space as one space."""
    return " ".join(text.split())


def paragraphs(text: str) -> list[Paragraph]:
    """Lines joined where they are one paragraph; list items, table rows, headings, facts below each other ("Port: 8080"), entries that
    begin with a day or a time or end in a price, and short lines that end before the margin stay lines; rules of tables fall away."""
    found: list[Paragraph] = []
    open_ = False
    lines = text.splitlines()
    labelled = [_LABELLED.match(line) is not None for line in lines]
    kinds = _kinds(lines)
    for at, line in enumerate(lines):
        beside = labelled[at - 1 : at] == [True] or labelled[at + 1 : at + 2] == [True] or (at > 0 and kinds[at - 1] == "entry")
        fact = labelled[at] and beside
        if _RULE.match(line):
            open_ = False
        elif open_ and not fact and not _LINE_OF_ITS_OWN.match(line) and kinds[at] not in ("entry", "item"):
            found[-1] = Paragraph(f"{found[-1].text} {line.strip()}", found[-1].kind)
        else:
            found.append(Paragraph(line.strip(), kinds[at]))
            open_ = not line.lstrip().startswith(("|", "#"))
    return found


def _kinds(lines: Sequence[str]) -> list[Literal["prose", "entry", "item"]]:
    """Of each line whether it begins an entry, or is an item of a list without marks."""
    kinds: list[Literal["prose", "entry", "item"]] = ["prose"] * len(lines)
    apart = [n for n, line in enumerate(lines) if _RULE.match(line) or _LINE_OF_ITS_OWN.match(line)]
    for start, end in pairwise([-1, *apart, len(lines)]):
        block = range(start + 1, end)
        told = [lines[n].strip() for n in block]
        stamped = [n for n in block if _STAMPED.match(lines[n])]
        if len(stamped) > 1:
            for n in stamped:
                kinds[n] = "entry"
        elif are_priced(told):
            kinds[start + 1] = "entry"
            for n in (n for n in block[1:] if _AMOUNT.fullmatch(lines[n - 1].strip())):
                kinds[n] = "entry"
        elif are_listed(told):
            for n in block:
                kinds[n] = "item"
    for at in [n for n, line in enumerate(lines) if _KEY.match(line)]:
        under = _facts_under(at, lines)
        if under:
            kinds[at] = "entry"
            for n in under:
                kinds[n] = "item"
    return kinds


def _facts_under(at: int, lines: Sequence[str]) -> range:
    end = at + 1
    while end < len(lines) and _LABELLED.match(lines[end]) and _indent(lines[end]) > _indent(lines[at]):
        end += 1
    return range(at + 1, end)


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())


def are_priced(lines: Sequence[str]) -> bool:
    """Whether lines are goods one after the other, each of which ends in an amount of money on a line of its own, as receipts have them."""
    ends = [_AMOUNT.fullmatch(line) is not None for line in lines]
    return sum(ends) > 1 and ends[-1] and max(map(len, lines)) <= _WIDEST_LISTED


def are_listed(lines: Sequence[str]) -> bool:
    """Whether lines are a list rather than a paragraph: most end although the next word would have fitted, few begin as a sentence goes
    on, and half of them have a figure, the first too: an address, which begins with a name, is told whole."""
    if len(lines) < _LEAST_LISTED or (widest := max(map(len, lines))) > _WIDEST_LISTED:
        return False
    early = sum(len(one) + 1 + len(other.split()[0]) <= max(widest, _MARGIN) for one, other in pairwise(lines))
    small = sum(line[0].islower() for line in lines)
    figures = [any(map(str.isdecimal, line)) for line in lines]
    return figures[0] and 3 * early >= 2 * (len(lines) - 1) and 3 * small <= len(lines) and 2 * sum(figures) >= len(lines)
