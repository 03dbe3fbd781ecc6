"""What a `source` asks for: documents by their names, their kinds and their dates, one word of it a line.

A word is the name of a source or a glob over names (`guide/*`; `*` crosses `/`, case counts), a kind (`kind:pdf`), or a span of time:
`year:2023`, `since:2024-03`, `until:2024-03-15`, `days:30` (the last thirty). Names are alternatives, kinds are, and spans are (`since` and
`until` bound one span together); of the three, a document fits each that is asked for.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple

from rag.errors import UsageError

KINDS = {
    "pdf": ".pdf",
    "word": ".docx .docm .doc .dot .odt .rtf",
    "slides": ".pptx .pptm .ppsx .ppt .pps .pot .odp",
    "table": ".xlsx .xlsm .xls .xlsb .ods .csv .tsv",
    "picture": ".png .jpg .jpeg .webp .gif .tif .tiff .bmp .jp2 .j2k .avif .heic .heif .svg .svgz",
    "web": ".html .htm .xhtml .mht .mhtml",
    "mail": ".eml .emlx .msg .mbox",
    "markdown": ".md .markdown .mdown .mkd",
    "text": ".txt .text .log .rst",
    "book": ".epub",
    "recording": ".wav .mp3 .m4a .m4b .aac .ogg .oga .opus .flac .wma .amr .srt .vtt .sbv .lrc .ttml",
    "film": ".mp4 .m4v .mov .mkv .webm .avi .wmv",
    "data": ".json .jsonl .ndjson .ics .vcf .qa.jsonl .qa.csv .documents",
    "code": "",  # whatever else can be read
}
_OF_SUFFIX = {suffix: kind for kind, suffixes in KINDS.items() for suffix in suffixes.split()}
_WORD = re.compile(r"(kind|year|since|until|days):\s*(.*?)\s*", re.IGNORECASE)
_DATE = re.compile(r"[0-9]{4}(-[0-9]{2}){0,2}")
_LONGEST = 365_000  # days


class Span(NamedTuple):
    """From the beginning of `since` to the end of `until`; each is a date of ISO 8601, or a month or year of it."""

    since: str = ""
    until: str = ""

    def holds(self, day: str) -> bool:
        """Whether a date (YYYY-MM-DD) lies within."""
        return day[: len(self.since)] >= self.since and day[: len(self.until)] <= self.until


@dataclass(frozen=True)
class SourceFilter:
    """Kinds and spans of time; none of either lets all through."""

    kinds: frozenset[str] = frozenset()
    spans: tuple[Span, ...] = ()

    def fits(self, source: str, day: str) -> bool:
        """Whether a document of this name and date (YYYY-MM-DD) is asked for."""
        kept = not self.kinds or kind(source) in self.kinds
        return kept and (not self.spans or any(span.holds(day) for span in self.spans))


def kind(source: str) -> str:
    """The kind of a document, by its name."""
    folder, _slash, name = source.lower().rpartition("/")
    _stem, *suffixes = name.split(".")
    for few in (2, 1):
        if found := _OF_SUFFIX.get("".join(f".{suffix}" for suffix in suffixes[-few:])):
            return found
    return "mail" if folder.endswith(("/cur", "/new")) or folder in ("cur", "new") else "code"  # of a Maildir


def first_day(text: str) -> str:
    """The first day of a month or a year of ISO 8601; a day as it is."""
    return f"{text}-01-01"[:10]


def is_word(line: str) -> bool:
    """Whether a line asks for a kind or a span of time, by how it begins."""
    return _WORD.fullmatch(line) is not None


def parsed(words: Sequence[str]) -> SourceFilter:
    """What these kinds and spans ask for. Raises UsageError for an unknown kind, and for what is no date."""
    kinds: set[str] = set()
    spans: list[Span] = []
    since, until = "", ""
    for name, value in (found.groups() for found in map(_WORD.fullmatch, words) if found):
        match name.lower():
            case "kind":
                kinds.add(_kind(value))
            case "days":
                spans.append(Span(_before(value).isoformat()))
            case "year":
                spans.append(Span(_date(value, "year", 4), value))
            case "since":
                since = max(since, _date(value, "since"))
            case "until":
                until = min(until or "9999", _date(value, "until"))
    if since or until:
        spans.append(Span(since, until))
    return SourceFilter(frozenset(kinds), tuple(spans))


def _kind(value: str) -> str:
    wanted = value.lower()
    found = next((kind for kind in KINDS if wanted in (kind, f"{kind}s")), None)
    if found is None:
        hint = f"Kinds are {', '.join(KINDS)}; for a format write its suffix, as *.docx."
        raise UsageError(f"There is no kind '{value}'.", hint)
    return found


def _date(value: str, name: str, longest: int = 10) -> str:
    try:
        if not _DATE.fullmatch(value) or len(value) > longest:
            raise ValueError
        date.fromisoformat(first_day(value))
    except ValueError:
        form = f"{name}:2024" if longest == 4 else f"{name}:2024, {name}:2024-03 or {name}:2024-03-15"
        raise UsageError(f"'{value}' in '{name}:{value}' is no {'year' if longest == 4 else 'date'}.", f"Write it as {form}.") from None
    return value


def _before(value: str) -> date:
    if not value.isascii() or not value.isdecimal() or not 1 <= int(value[:7]) <= _LONGEST:
        raise UsageError(f"'{value}' in 'days:{value}' is no number of days.", "Write for instance days:30, for the last thirty.")
    return datetime.now(UTC).date() - timedelta(days=int(value[:7]))
