"""Passages that only point: lists of contents, of figures, the index at the end of a book, pages of links, files for machines.

They repeat the words of what they point to, and so come near to every question about it, and tell nothing of it.
"""

from __future__ import annotations

import re
from itertools import pairwise

FEWEST = 4  # lines: of fewer, a list is no list
MOST = 0.6  # of the lines point
SEVERAL = 0.3  # of the terms of an index stand on several pages
_LEADERS = re.compile(r"(?:\.\s?){4,}|(?:…\s?){2,}|(?:·\s?){4,}|_{4,}")
_PAGE_AT_END = re.compile(r"^(?P<title>.*[^\W\d_]{2}.*?)[\s.…·_|-]*[\s.…·_|](?P<page>\d{1,4}|[ivxl]{1,6})[\s|]*$")
_PAGES_AT_END = re.compile(r"[^|$€£]*[^\W\d_]{2}[^|$€£]*?,\s+\d{1,4}(?:\s?[-–]\s?\d{1,4})?(?:,\s+\d{1,4}(?:\s?[-–]\s?\d{1,4})?)*$")
_SEVERAL_PAGES = re.compile(r",\s+\d{1,4}(?:\s?[-–]\s?\d{1,4})?,\s+\d{1,4}(?:\s?[-–]\s?\d{1,4})?$|,\s+\d{1,4}\s?[-–]\s?\d{1,4}$")
_SECTION = re.compile(
    r"\W*(?:\d+(?:\.\d+)*\.?\s|[IVXL]+\.\s|(?:part|item|chapter|section|appendix|annex|note|figure|table)\s)", re.IGNORECASE
)
_NUMBER = re.compile(r"\d[\d,.]*")
_RULER = re.compile(r"[\s|:+-]+")
_AMOUNT = re.compile(r"[\s|*+•-]*(?P<n>\d+)\s*[x×]?\s+(?=[^\W\d_])")
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
    """Whether a passage only points. Most of its lines are numbered and end in page numbers that rise, as in a list of contents, or are
    sorted and end in several, as in an index; or it stands under the heading of such a list, has no sentence and does not tell how many of
    each there are, as the contents of a box do; or most of it is markup.
    """
    lines = [line.strip() for line in text.splitlines() if line.strip() and not _RULER.fullmatch(line)]
    if not lines:
        return False
    if any(_SENTENCE.search(_LEADERS.sub(" ", line)) for line in lines):
        return False
    if _named(heading) and len(lines) >= 2 and not _amounts(lines):
        return True
    return _contents(lines) or _index(lines) or _machine(text)


def asks_where(question: str) -> bool:
    """Whether a question asks for what only points: the chapter or page that something is in, an index, a link."""
    return _ASKS.search(question) is not None


def _named(heading: str) -> bool:
    parts = [part.strip(" .:0123456789") for part in heading.split(" > ")[-2:]]
    return any(_HEADINGS.fullmatch(part) for part in parts)


def _amounts(lines: list[str]) -> bool:
    """Whether most lines begin with how many there are; the numbers of sections rise, amounts do not."""
    found = [int(match["n"]) for line in lines if (match := _AMOUNT.match(line))]
    return len(found) >= MOST * len(lines) and any(one > other for one, other in pairwise(found))


def _contents(lines: list[str]) -> bool:
    """A list of contents: titles with one page each, which rise; dotted leaders tell by themselves."""
    if sum(bool(_LEADERS.search(line)) for line in lines) >= max(2, MOST * len(lines)):
        return True
    found = [(match, line) for line in lines if (match := _PAGE_AT_END.match(line))]
    if len(lines) < FEWEST or len(found) < MOST * len(lines) or sum(bool(_SECTION.match(line)) for line in lines) < MOST * len(lines):
        return False  # rows of a table may rise as well: titles without numbers of their own are told by leaders alone
    if lines[0].startswith("|") and not _PAGE_AT_END.match(lines[0]):
        return False  # the heads of a table
    pages = [int(match["page"]) for match, _ in found if match["page"].isdecimal()]
    if len(pages) < FEWEST or any(len(_NUMBER.findall(line)) > 3 for _, line in found) or all(map(_is_year, pages)):
        return False
    rising = sum(one <= other for one, other in pairwise(pages))
    return rising == len(pages) - 1 and pages[-1] > pages[0]


def _is_year(number: int) -> bool:
    return 1400 <= number <= 2100


def _index(lines: list[str]) -> bool:
    """The index of a book: terms in the order of the alphabet with their pages, some with several."""
    found = [line for line in lines if _PAGES_AT_END.match(line)]
    if len(lines) < FEWEST or len(found) < MOST * len(lines):
        return False
    several = sum(bool(_SEVERAL_PAGES.search(line)) for line in found)
    sorted_ = sum(one.casefold() <= other.casefold() for one, other in pairwise(found))
    return several >= SEVERAL * len(found) and sorted_ >= MOST * (len(found) - 1)


def _machine(text: str) -> bool:
    """Whether most of the letters are markup, keys and addresses."""
    marked = sum(len(found) for found in _MARKUP.findall(text))
    return marked >= MOST * len("".join(text.split()))
