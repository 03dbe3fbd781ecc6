"""What a model wrote, in pieces that can be checked: sentences, list items, rows of tables and code, with its citations in one form.

Models cite as they please: [1][2], [1, 2], [1-3], (1), 【1】, [^1], "[passage 1]", "Passage 1 says that"; all of it becomes [1]. What a
reader should not get from a model is taken out: lists of sources at the end, pictures and links, scripts, thoughts before the answer.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from rag.language.split import sentences

MARK = re.compile(r"(?<!\s)\s*\[(\d+)\]")  # spaces are tried once, not from each of them
MOST = 9  # numbers that one range may stand for

Kind = Literal["prose", "frame", "row", "code"]


@dataclass(frozen=True)
class Piece:
    """A piece of an answer as it stands, on a `line` of its own or after the one before it; a `frame` (heading, head of a table) states
    nothing, the cells of a `row` and the lines of `code` are looked up as they stand."""

    text: str
    kind: Kind = "prose"
    line: bool = False

    @property
    def cited(self) -> list[int]:
        return [] if self.kind == "code" else [int(number) for number in MARK.findall(self.text)]

    @property
    def plain(self) -> str:
        """Without the marks."""
        return self.text if self.kind == "code" else MARK.sub("", self.text).strip()


_N = r"\d{1,2}"
_LIST = rf"{_N}(?:\s*(?:,|;|&|and|-|–|to)\s*{_N})*"
_WORD = r"(?:passages?|sources?|documents?|docs?|refs?\.?|references?|citations?|texts?|contexts?)"
_FORMS = [
    re.compile(rf"【\s*(?:{_WORD}\s*)?({_LIST})[^】]{{0,40}}】", re.IGNORECASE),
    re.compile(rf"<sup>\s*\[?({_LIST})\]?\s*</sup>", re.IGNORECASE),
    re.compile(rf"[\[(]\s*(?:see |from |cf\.? |in )?(?:the )?(?:{_WORD}\s*[:#]?\s*)?\[({_LIST})\]\s*[\])]", re.IGNORECASE),
    re.compile(rf"\[\s*\^({_N})\](?!:)"),
    re.compile(rf"\[\s*(?:see |from )?(?:{_WORD}\s*[:#]?\s*(?:n\s*=\s*)?)?\"?({_LIST})\"?\s*\](?:\([^)\s]*\))?", re.IGNORECASE),
    re.compile(rf"\(\s*(?:see |from |in |cf\.? )?(?:the )?{_WORD}\s*[:#]?\s*({_LIST})\s*\)", re.IGNORECASE),
    re.compile(rf"(?<=\w)\s?\(({_N})\)(?=\s*(?:[.!?](?:\s|$)|$))", re.MULTILINE),
    re.compile(rf"(?<=[.!?])\s?\(({_N})\)(?=\s|$)", re.MULTILINE),
]
_BY_NAME = rf"(?:the )?{_WORD}\s+(?:number\s+|no\.?\s*|#\s*)?(?:\[({_LIST})\]|({_LIST}))"
_SAYS = r"(?:says?|states?|mentions?|notes?|explains?|tells? us|describes?|shows?|indicates?)"
_SAYING = re.compile(
    rf"(?m)(?P<before>^|(?<=[.!?])\s+)(?:{_BY_NAME}\s+(?:also )?{_SAYS}(?: that|,|:)\s*|"
    rf"(?:according to|as (?:stated|mentioned|described|noted) in|in|per|from)\s+{_BY_NAME},?\s*)(?P<rest>[^\n]*?[.!?](?=\s|$)|[^\n]*$)",
    re.IGNORECASE,
)
_THOUGHT = re.compile(r"<think(?:ing)?>.*?(?:</think(?:ing)?>|\Z)", re.IGNORECASE | re.DOTALL)
_PICTURE = re.compile(r"!\[[^\]]*\]\s*(?:\((?:[^()]|\([^()]*\))*\)?|\[[^\]]*\])")
_LINK = re.compile(
    r"\[(?!\^?\d{1,2}\])([^\[\]]+)\]\(\s*<?(?:[a-z][a-z0-9+.-]*:|//|/|#|\.|[\w.-]+\.\w)(?:[^()]|\([^()]*\))*\)?", re.IGNORECASE
)
_ACTIVE = re.compile(
    r"<(script|style|iframe|object|svg|noscript|template|math)\b.*?(?:</\1\s*>|\Z)|"
    r"</?(?:script|style|iframe|object|svg|img|image|embed|link|meta|base|form|input|button|video|audio|source|a|math)\b[^>]*(?:>|\Z)|"
    r"<[a-z][^>]*\s(?:on\w+|style|src|href)\s*=[^>]*(?:>|\Z)|<!--.*?(?:-->|\Z)",
    re.IGNORECASE | re.DOTALL,
)
_OWN_MARK = re.compile(r"(?<!\s)\s*\[\s*unverified\s*\]", re.IGNORECASE)
_NO_MARK = re.compile(r"\[(\d{3,})\]")  # a year
_OPEN_MARK = re.compile(r"(?<!\s)\s*[\[(【<][^\])】>\s]{0,12}\Z")
_LABEL = re.compile(
    r"\A[\s*#>\"“]*(?:(?:rewritten|standalone|whole|final)\s+)?(?:answer|response|question)[\s*]*:(?:\*\*)?\s*", re.IGNORECASE
)
_NO_WORD = r"[^\w\n]{0,20}"
_SOURCES = re.compile(
    rf"^{_NO_WORD}(?:sources?|references?|citations?|cited (?:passages|sources)|passages? cited|footnotes?|bibliography){_NO_WORD}$|"
    rf"^{_NO_WORD}(?:sources?|references?|citations?){_NO_WORD}:{_NO_WORD}(?:{_WORD}\s*)?\[?{_N}\b.*$|"
    r"^[ \t]*\[\^?\d{1,2}\]:\s",
    re.IGNORECASE | re.MULTILINE,
)
_FENCE = re.compile(r"^[ \t]*(```|~~~)", re.MULTILINE)
_RULE = re.compile(r"\|?(?:\s*:?-{2,}:?\s*\|)+\s*(?::?-{2,}:?)?")
_HEADING = re.compile(r"^\s*(?:#{1,6}\s|\*\*[^*]+\*\*:?\s*$|__[^_]+__:?\s*$)")


def pieces(text: str) -> list[Piece]:
    """The pieces of what a model wrote so far. All but the last stay as they are when more is written."""
    found: list[Piece] = []
    for at, block in enumerate(_blocks(_cleaned(text))):
        if at % 2:
            lines = block.strip("\n")
            if _FENCE.sub("", lines).strip():
                found.append(Piece(lines, "code", bool(found)))
            continue
        found += _prose(_cited(block), bool(found))
    return found


def unlabelled(text: str) -> str:
    """What a model wrote without the "Answer:" or "Rewritten question:" before it."""
    return _LABEL.sub("", text)


def _cleaned(text: str) -> str:
    return _OPEN_MARK.sub("", unlabelled(_THOUGHT.sub("", text)))


def _blocks(text: str) -> list[str]:
    """What stands outside and inside of fences, in turns; a fence that is not closed goes on to the end."""
    blocks, start, fence = [], 0, ""
    for match in _FENCE.finditer(text):
        if not fence:
            blocks.append(text[start : match.start()])
            start, fence = match.start(), match.group(1)
        elif match.group(1) == fence:
            end = text.find("\n", match.end())
            end = len(text) if end < 0 else end
            blocks.append(text[start:end])
            start, fence = end, ""
    return [*blocks, text[start:]]


def _cited(text: str) -> str:
    """Prose with its citations as [n] and without what a reader should not get."""
    text = _OWN_MARK.sub("", _LINK.sub(r"\1", _PICTURE.sub("", _ACTIVE.sub("", text))))
    ends = _SOURCES.search(text)
    if ends and (ends.start() == 0 or "\n" in text[: ends.start()]):
        text = text[: ends.start()]
    for form in _FORMS:
        text = form.sub(lambda found: " " + _marks(found.group(1)), text)
    return _NO_MARK.sub(r"(\1)", _SAYING.sub(_said, text))


def _said(found: re.Match[str]) -> str:
    numbers = next(filter(None, found.groups()[1:5]), "")
    rest = found.group("rest")
    end = re.search(r"[.!?]*$", rest)
    assert end is not None
    body = rest[: end.start()]
    return f"{found.group('before')}{body[:1].upper()}{body[1:]} {_marks(numbers)}{end.group()}"


def _marks(numbers: str) -> str:
    found: list[int] = []
    for part in re.split(r"\s*(?:,|;|&|and)\s*", numbers):
        ends = [int(number) for number in re.findall(r"\d+", part)]
        if len(ends) == 2 and 0 < ends[1] - ends[0] < MOST:
            found += range(ends[0], ends[1] + 1)
        else:
            found += ends
    return "".join(f"[{number}]" for number in dict.fromkeys(found))


def _prose(text: str, line: bool) -> list[Piece]:
    found: list[Piece] = []
    lines = text.splitlines()
    paragraph: list[str] = []

    def close() -> None:
        nonlocal paragraph, line
        for at, sentence in enumerate(sentences("\n".join(paragraph))):
            found.append(Piece(sentence, "prose", at == 0 and line))
        line, paragraph = line or bool(found), []

    for each in lines:
        row, heading = each.lstrip().startswith("|"), _HEADING.match(each)
        if row or heading or not each.strip() or re.match(r"\s*(?:[-*+•]|\d+[.)])\s", each):
            close()
        rule = _RULE.fullmatch(each.strip())
        if rule or not each.strip():
            if rule and found and found[-1].kind == "row":
                found[-1] = Piece(found[-1].text, "frame", found[-1].line)
            continue
        if row or heading:
            found.append(Piece(each.strip(), "row" if row else "frame", line))
            line = True
        else:
            paragraph.append(each)
    close()
    return found
