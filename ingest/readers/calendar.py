"""Calendars (.ics): each event, task and note with when and where it is, who is asked, and what is said of it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from ingest.blocks import Block, Document, Text
from ingest.readers.content_lines import ContentLine, content_lines
from ingest.readers.text import whole
from rag.errors import ReadError
from rag.records import Locator

if TYPE_CHECKING:
    from rag.pictures.ocr import Ocr

_ENTRIES = {"VEVENT": "Event", "VTODO": "Task", "VJOURNAL": "Note"}
_TIMES = {"DTSTART": "Start", "DTEND": "End", "DUE": "Due", "COMPLETED": "Completed", "RECURRENCE-ID": "Instead of", "EXDATE": "Not on"}
_WORDS = {"LOCATION": "Location", "STATUS": "Status", "CATEGORIES": "Categories", "DURATION": "Duration", "RRULE": "Repeats", "URL": "Link"}
_PEOPLE = {"ORGANIZER": "Organizer", "ATTENDEE": "Attendee"}
_TIME = re.compile(r"(\d{4})(\d\d)(\d\d)(?:T(\d\d)(\d\d)(\d\d)(Z?))?")


def read(path: Path, source: str, root: Path, ocr: Ocr | None) -> Iterator[Block]:
    """One Text an entry, under its summary, and its description below. Raises ReadError where there is no calendar."""
    lines = list(content_lines(whole(path)))
    if not any(line.name == "BEGIN" and line.text.upper() == "VCALENDAR" for line in lines):
        raise ReadError("It is no calendar.", "Give it the suffix of what it is.")
    yield Document(next((line.text for line in lines if line.name == "X-WR-CALNAME"), ""))
    cancelled = any(line.name == "METHOD" and line.text.upper() == "CANCEL" for line in lines)
    for kind, entry in _entries(lines):
        summary = next((" ".join(line.text.split()) for line in entry if line.name == "SUMMARY"), "")
        place = Locator(heading=summary or None)
        told = [f"{kind}: {summary}" if summary else kind, *_told(entry)]
        if cancelled and not any(line.name == "STATUS" for line in entry):
            told.append("Status: cancelled")
        yield Text("\n".join(told), place)
        for line in entry:
            if line.name in ("DESCRIPTION", "COMMENT") and line.text:
                yield Text(line.text, place)


def _entries(lines: Sequence[ContentLine]) -> Iterator[tuple[str, list[ContentLine]]]:
    """The entries with their own lines, not those of the alarms and zones in and beside them."""
    inside: list[str] = []
    entry: list[ContentLine] = []
    for line in lines:
        if line.name == "BEGIN":
            inside.append(line.text.upper())
            entry = [] if inside[-1] in _ENTRIES else entry
        elif line.name == "END":
            if inside and inside.pop() in _ENTRIES:
                yield _ENTRIES.get(line.text.upper(), "Event"), entry
        elif inside and inside[-1] in _ENTRIES:
            entry.append(line)


def _told(entry: Sequence[ContentLine]) -> Iterator[str]:
    for name, told in _TIMES.items():
        for line in entry:
            if line.name == name and (when := _when(line)):
                yield f"{told}: {when}"
    for name, told in _WORDS.items():
        for line in entry:
            if line.name == name and line.text:
                words = " ".join(line.text.split())
                yield f"{told}: {_repeats(words) if name == 'RRULE' else words.lower() if name == 'STATUS' else words}"
    for name, told in _PEOPLE.items():
        for line in entry:
            if line.name == name:
                address = re.sub(r"(?i)^mailto:", "", line.text)
                named = line.parameters.get("CN", "")
                answer = line.parameters.get("PARTSTAT", "").lower().replace("-", " ")
                yield f"{told}: {f'{named} <{address}>' if named and named != address else address}" + (f" ({answer})" if answer else "")


def _when(line: ContentLine) -> str:
    """A day, or a day and a time with its zone; the last day of what ends before the next begins. Several are told in order."""
    found = []
    for year, month, day, hour, minute, _, utc in _TIME.findall(line.value):
        if hour:
            zone = "UTC" if utc else line.parameters.get("TZID", "")
            found.append(f"{year}-{month}-{day} {hour}:{minute}" + (f" ({zone})" if zone else ""))
        else:
            found.append(_last_day(year, month, day) if line.name == "DTEND" else f"{year}-{month}-{day}")
    return ", ".join(found)


def _last_day(year: str, month: str, day: str) -> str:
    try:
        return (date(int(year), int(month), int(day)) - timedelta(days=1)).isoformat()
    except (ValueError, OverflowError):
        return f"{year}-{month}-{day}"


def _repeats(rule: str) -> str:
    """A rule in words as far as it goes: "weekly, byday MO, until 2025-07-01"."""
    parts = [part.partition("=") for part in rule.split(";")]
    told = ((name, _TIME.sub(r"\1-\2-\3", value)) for name, _, value in parts if value)
    return ", ".join(value.lower() if name == "FREQ" else f"{name.lower()} {value}" for name, value in told)
