"""Passages that only point: lists of contents, of figures, the index at the end of a book, pages of links, files for machines.

They repeat the words of what they point to, and so come near to every question about it, and tell nothing of it.
"""

from __future__ import annotations

import re
from itertools import pairwise

FEWEST = 4  # lines: of fewer, a list is no list
MOST = 0.6  # of the lines point
_LEADERS = re.compile(r"(?:\.\s?){4,}|(?:…\s?){2,}|(?:·\s?){4,}|_{4,}")
_PAGE_AT_END = re.compile(r"^(?P<title>.*[^\W\d_]{2}.*?)[\s.…·_|-]*[\s.…·_|](?P<page>\d{1,4}|[ivxl]{1,6})[\s|]*$")
_PAGES_AT_END = re.compile(r"[^|$€£]*[^\W\d_]{2}[^|$€£]*?,\s+\d{1,4}(?:\s?[-–]\s?\d{1,4})?(?:,\s+\d{1,4}(?:\s?[-–]\s?\d{1,4})?)*$")
_NUMBER = re.compile(r"\d[\d,.]*")
_RULER = re.compile(r"[\s|:+-]+")
_HEADINGS = re.compile(
    r"(?:table of )?contents|(?:list|index) of (?:figures|tables|illustrations|examples|procedures|abbreviations|plates|maps)|(?:subject |"
    r"general |name |author )?index(?: of [\w ]+)?|site ?map|navigation|on this page|in this (?:chapter|section|article|manual)|"
    r"inhaltsverzeichnis|stichwortverzeichnis|sommaire|table des matières|índice|indice",
    re.IGNORECASE,
)
_SENTENCE = re.compile(r"\w+(?:\W+\w+){5,}[.!?][\"”’)]*(?:\s|$)")
_MARKUP = re.compile(
    r"</?[\w:.-]+(?:\s[^<>]*)?/?>|&\w+;|\b[\w:.-]+=(?:\"[^\"]*\"|'[^']*')|\"[\w.@$-]+\"\s*:|https?://\S+|[\w.-]+\.x?html?#?\S*"
)
_ASKS = re.compile(
    r"\b(?:table of contents|contents page|list of (?:figures|tables)|index|indexes|indices|site ?map|navigation|menu|"
    r"(?:which|what) (?:chapter|section|page|part|appendix|heading|unit|lesson)s?|where in the (?:book|manual|document|report|guide)|"
    r"on (?:which|what) pages?|(?:chapters|sections|headings)\b|xml|json|xref|link(?:s|ed)?|urls?)\b",
    re.IGNORECASE,
)


def only_points(text: str, heading: str = "") -> bool:
    """Whether a passage only points: most of its lines end in page numbers that rise as a list of contents does, or in several as an index
    does; or it stands under the heading of such a list and has no sentence; or most of it is markup."""
    lines = [line.strip() for line in text.splitlines() if line.strip() and not _RULER.fullmatch(line)]
    if not lines:
        return False
    if any(_SENTENCE.search(_LEADERS.sub(" ", line)) for line in lines):
        return False
    if _named(heading) and len(lines) >= 2:
        return True
    return _contents(lines) or _index(lines) or _machine(text)


def asks_where(question: str) -> bool:
    """Whether a question asks for what only points: the chapter or page that something is in, an index, a link."""
    return _ASKS.search(question) is not None


def _named(heading: str) -> bool:
    parts = [part.strip(" .:0123456789") for part in heading.split(" > ")[-2:]]
    return any(_HEADINGS.fullmatch(part) for part in parts)


def _contents(lines: list[str]) -> bool:
    """A list of contents: titles with one page each, which rise; dotted leaders tell by themselves."""
    if sum(bool(_LEADERS.search(line)) for line in lines) >= max(2, MOST * len(lines)):
        return True
    found = [(match, line) for line in lines if (match := _PAGE_AT_END.match(line))]
    if len(lines) < FEWEST or len(found) < MOST * len(lines):
        return False
    pages = [int(match["page"]) for match, _ in found if match["page"].isdecimal()]
    if len(pages) < FEWEST or any(len(_NUMBER.findall(line)) > 3 for _, line in found):
        return False
    rising = sum(one <= other for one, other in pairwise(pages))
    return rising == len(pages) - 1 and pages[-1] > pages[0]


def _index(lines: list[str]) -> bool:
    return len(lines) >= FEWEST and sum(bool(_PAGES_AT_END.match(line)) for line in lines) >= MOST * len(lines)


def _machine(text: str) -> bool:
    """Whether most of the letters are markup, keys and addresses."""
    marked = sum(len(found) for found in _MARKUP.findall(text))
    return marked >= MOST * len("".join(text.split()))
