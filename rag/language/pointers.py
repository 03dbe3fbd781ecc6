"""What a question points to by a number: a page ("on page 5", "the last slide"), a figure or a table ("Figure 12"), a section ("2.3")."""

from __future__ import annotations

import re
from dataclasses import dataclass

from rag.language.spelled import in_digits

LAST = -1  # stands for the last page
MOST = 40  # pages that one question points to

_PAGE = r"(?:pages?|pp?\.|slides?)"
_NUMBER = r"(?:no\.?\s*|number\s*|#\s*)?\d{1,5}(?!\d|\.\d|%)"
_PAGES = re.compile(rf"\b{_PAGE}\s*({_NUMBER}(?:(?:\s*(?:,|and|&|or|to|through|until|[-–—])\s*)+(?:{_PAGE}\s*)?{_NUMBER})*)", re.IGNORECASE)
_RANGE = re.compile(r"(\d+)\s*(?:to|through|until|[-–—])\s*(?:page\s*|slide\s*)?(\d+)|(\d+)", re.IGNORECASE)
_FIRST = {"first": 1, "1st": 1, "one": 1, "second": 2, "last": LAST, "final": LAST}
_ORDINAL = r"(?P<ordinal>first|second|last|final|\d{1,3}(?:st|nd|rd|th))"
_NTH_PAGE = re.compile(rf"\b{_ORDINAL}\s+(?:page|slide)\b", re.IGNORECASE)
_PAGE_ONE = re.compile(r"\b(?:page|slide)\s+one\b|\b(?:front|title|cover)\s+(?:page|slide)\b|\bon the (?:front )?cover\b", re.IGNORECASE)
_DOCUMENT = (
    r"(?:document|report|paper|presentation|slides?|deck|brochure|manual|guide|guidebook|filing|article|book|booklet|letter|opinion)"
)
_OF_ITSELF = re.compile(  # what a document says of itself stands in front
    rf"\b(?:date|title|authors?|publisher|version|edition|issuer|number)\s+of\s+(?:this|the)\s+{_DOCUMENT}\b|"
    rf"\b(?:wrote|made|created|published|issued|prepared|authored)\s+(?:this|the)\s+{_DOCUMENT}\b",
    re.IGNORECASE,
)
_KINDS = {
    "figure": r"fig(?:ure|\.)?", "table": r"tab(?:le|\.)", "chart": "chart", "plate": "plate", "diagram": "diagram", "map": "map",
    "exhibit": "exhibit", "box": "box", "listing": "listing", "equation": r"eq(?:uation|\.)", "example": "example",
}  # fmt: skip
_LABEL = re.compile(
    rf"\b(?P<kind>{'|'.join(_KINDS.values())})s?\s*(?P<number>(?:[A-Z]{{1,2}}[.-]?)?\d{{1,4}}(?:[.-]\d{{1,3}})*)(?![\w%])", re.IGNORECASE
)
_NTH_FIGURE = re.compile(r"\b(?P<ordinal>first|second|\d{1,3}(?:st|nd|rd|th))\s+(?P<kind>figure|table)\b", re.IGNORECASE)
_PART = r"(?:section|sec\.|chapter|clause|article|item|note|part|paragraph|appendix|annex|rule|step|question|§)"
_SECTION = re.compile(
    rf"(?:\b|(?=§)){_PART}\s*(?P<number>\d{{1,4}}(?:\.\d{{1,4}})*\.?[A-Za-z]?|[A-Z](?:\.\d{{1,3}})*|[IVX]{{1,5}})(?![\w%])", re.IGNORECASE
)


@dataclass(frozen=True)
class Pointers:
    """Pages (from 1, `LAST` for the last), labels as ("figure", "12"), and the numbers of sections."""

    pages: tuple[int, ...] = ()
    labels: tuple[tuple[str, str], ...] = ()
    sections: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.pages or self.labels or self.sections)


def pointers(question: str) -> Pointers:
    """What the question points to."""
    text = in_digits(question)
    pages = [page for found in _PAGES.findall(text) for page in _numbers(found)]
    pages += [_nth(found["ordinal"]) for found in _NTH_PAGE.finditer(text)]
    pages += [1] * bool(_PAGE_ONE.search(text) or _OF_ITSELF.search(text))
    labels = [(_kind(found["kind"]), found["number"].lower()) for found in _LABEL.finditer(text)]
    labels += [(found["kind"].lower(), str(_nth(found["ordinal"]))) for found in _NTH_FIGURE.finditer(text)]
    sections = [found["number"].rstrip(".") for found in _SECTION.finditer(text) if _numbered(found["number"])]
    return Pointers(tuple(dict.fromkeys(pages))[:MOST], tuple(dict.fromkeys(labels)), tuple(dict.fromkeys(sections)))


def says_label(text: str, kind: str, number: str) -> float:
    """1 where a paragraph of the text begins with that label, as a caption does; less where the label only stands in it; else 0."""
    label = re.compile(rf"(?<!\w){_KINDS[kind]}\s*{re.escape(number)}(?!\w|[.-]\d)", re.IGNORECASE)
    if any(label.match(line.lstrip(" *_#>|([")) for line in text.splitlines()):
        return 1.0
    return 0.5 if label.search(text) else 0.0


def is_section(heading: str, number: str) -> bool:
    """Whether a heading is that of the section with this number: "2.3 Wiring", "Section 2.3", "Item 7A. Risk"."""
    return re.match(rf"\W*(?:{_PART}\s*)?{re.escape(number)}(?!\w|\.\d)", heading, re.IGNORECASE) is not None


def _numbers(text: str) -> list[int]:
    pages: list[int] = []
    for first, last, alone in _RANGE.findall(text):
        pages += [int(alone)] if alone else range(int(first), min(int(last), int(first) + MOST) + 1)
    return [page for page in pages if page]


def _nth(ordinal: str) -> int:
    return _FIRST.get(ordinal.lower()) or int(re.sub(r"\D", "", ordinal) or 1)


def _kind(written: str) -> str:
    return next(kind for kind, pattern in _KINDS.items() if re.fullmatch(pattern, written, re.IGNORECASE))


def _numbered(number: str) -> bool:
    """Not a word of one letter that only stands behind ("note a", "part I want")."""
    return any(letter.isdecimal() for letter in number) or (number.isupper() and number != "I")
