"""What states nothing in an answer: headings, lines that lead over, courtesies, scraps, and that the passages do not tell."""

from __future__ import annotations

import re

from rag.language.claims import Piece
from rag.language.spelled import in_digits
from rag.language.stems import content

LONGEST_OPENING = 12  # words of a line that leads over to what follows
# Set by what models write, checked by benchmarks/verifying.py: 2 or 4 moves a figure by at most a point.
SCRAP = 3  # words with meaning: what has fewer, and no number, is no sentence

_GIVEN = (  # what the model was given
    "(?:provided |given |available )?(?:passages?|texts?|contexts?|documents?|information|sources?)(?: provided| given| above)?"
)
_ABSENT = re.compile(
    r"^(?:(?:however|unfortunately|but|note that|(?:i am |i'm )?sorry|i apologi[sz]e|"
    rf"(?:based on|according to) the (?:\w+ )?{_GIVEN})[, ]+)*(?:"
    rf"(?:(?:(?:the|these|those|any) (?:of the )?)?{_GIVEN} (?:do(?:es)? not|don't|doesn't|did not)|none of (?:the|these) {_GIVEN})"
    r" (?:\w+ )?(?:say|state|mention|specify|contain|provide|give|include|hold|tell|describe|indicate|explain|answer|address)|"
    r"(?:there is|there's) (?:no|not any) (?:\w+ )?(?:information|mention|answer|indication|detail)|"
    r"(?:it|this|that) is (?:not|never) (?:\w+ )?(?:mentioned|specified|stated|said|given|clear|provided|known)|"
    r"i (?:do not|don't|could not|couldn't|cannot|can't) (?:know|find|tell|answer|determine|say))",
    re.IGNORECASE,
)
_COURTESY = re.compile(
    r"^(?:sure|certainly|of course|okay|ok|hello|hi|thanks?|thank you|you're welcome|great question|good question|i hope|i'd be happy|"
    r"i am happy|let me know|feel free|please let me know|"
    r"if you (?:have|need) (?:any )?(?:more|further|other|additional)?\s*(?:questions?|help|information))\b[^.]{0,80}[.!]?$",
    re.IGNORECASE,
)


def opens(piece: Piece, text: str) -> bool:
    """Whether a piece, with its `bare` text, states nothing: a heading, a line that leads over, a question back, a courtesy."""
    if piece.kind == "frame" or (not content(text) and not re.search(r"\d", text)):
        return True
    if text.endswith("?") or _COURTESY.search(text):
        return True
    return text.endswith(":") and len(text.split()) <= LONGEST_OPENING and not re.search(r"\d", text)


def tells_of_none(text: str) -> bool:
    """Whether a bare text says that the passages do not tell."""
    return _ABSENT.search(text) is not None


def is_scrap(text: str) -> bool:
    """Whether a text has too few words to be borne by the first sentence that has them."""
    return len(content(text)) < SCRAP and not re.search(r"\d", in_digits(text))


def bare(text: str) -> str:
    """Without bullets, numbers of list items, and marks of emphasis and code, those of HTML too."""
    text = re.sub(r"^\s*(?:[-*+•>]|#{1,6}|\(?\d{1,3}[.)])\s+", "", text)
    text = re.sub(r"</?(?:b|i|u|em|strong|code|mark|small|span|p|br|div|ul|ol|li|sub|sup)\s*/?>", " ", text, flags=re.IGNORECASE)
    return re.sub(r"\*\*|__|`|(?<!\w)[*_](?=\S)|(?<=\S)[*_](?!\w)", "", text).strip()
