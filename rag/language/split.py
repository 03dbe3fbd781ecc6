"""Texts into sentences: prose by its punctuation, lists and tables by their lines."""

from __future__ import annotations

import re

from rag.language.fold import UNSPACED

_LINE_OF_ITS_OWN = re.compile(r"^\s*([-*+•|#>]|\(?\d{1,3}[.)]\s|\(?[a-zA-Z]\)\s)")
_LABELLED = re.compile(r"\s*[^\W\d_][\w ()/.-]{0,30}:\s+\S")
_CITED_NEXT = re.compile(r"^(?:\s*\[\d+\])+")
_UNPARTED = re.compile(r"(?<=[A-Za-z0-9])(\.)\0(?=[A-Za-z0-9])")  # "Edge.Cuts" is one word
_NUMBER = re.compile(r"\(?\d{1,3}[.)]")  # of a list item, which the segmenter takes for a sentence
_SIGN = re.compile(f"[{UNSPACED}]")
_RULE = re.compile(r"^[\s|:+=_-]*$")


def sentences(text: str) -> list[str]:
    """The sentences of `text` in order, white space folded; a citation mark after a full stop stays with its sentence."""
    from sentencex import segment

    found: list[str] = []
    for paragraph in paragraphs(text):
        first, number = len(found), ""
        for piece in _UNPARTED.sub(r"\1", "\0".join(segment("en", paragraph))).split("\0"):
            piece = f"{number} {' '.join(piece.split())}".strip()
            number = piece if len(found) == first and _NUMBER.fullmatch(piece) else ""
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


def paragraphs(text: str) -> list[str]:
    """Lines joined where they are one paragraph; list items, table rows, headings and facts below each other ("Port: 8080") stay lines;
    rules of tables fall away."""
    paragraphs: list[str] = []
    open_ = False
    lines = text.splitlines()
    labelled = [_LABELLED.match(line) is not None for line in lines]
    for at, line in enumerate(lines):
        fact = labelled[at] and (labelled[at - 1 : at] == [True] or labelled[at + 1 : at + 2] == [True])
        if _RULE.match(line):
            open_ = False
        elif open_ and not fact and not _LINE_OF_ITS_OWN.match(line):
            paragraphs[-1] += " " + line.strip()
        else:
            paragraphs.append(line.strip())
            open_ = not line.lstrip().startswith(("|", "#"))
    return paragraphs
