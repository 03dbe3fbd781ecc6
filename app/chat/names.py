"""What can be asked alone, found by what is typed after `@`: kinds, spans of time, folders and documents, each with how it is called."""

from __future__ import annotations

import contextlib
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from app.chat.language import _, current, later, several
from rag.errors import UsageError
from rag.storage.source_filter import first_day, is_word, kind, parsed

if TYPE_CHECKING:
    from app.chat.conversation import Conversation
    from rag.library import Library

MANY = 8  # choices for something typed
FIRST = 5  # of each sort before anything is
DAYS = (7, 30)
KINDS = {
    "pdf": later("PDF"),
    "word": later("Word"),
    "slides": later("Slides"),
    "table": later("Tables"),
    "picture": later("Pictures"),
    "web": later("Web pages"),
    "mail": later("Mail"),
    "markdown": later("Markdown"),
    "text": later("Text"),
    "book": later("E-books"),
    "recording": later("Recordings"),
    "film": later("Films"),
    "data": later("Data"),
    "code": later("Code"),
}
_DATE = re.compile(r"[0-9]{4}(-[0-9]{2}){0,2}")
_SIGN = re.compile(r"([*?[])")  # of globs


@dataclass(frozen=True)
class Choice:
    """What can be chosen: `words` are as `Library.stream` takes them, `icon` is a name of Material Symbols."""

    words: tuple[str, ...]
    label: str
    note: str
    icon: str


@dataclass(frozen=True)
class Held:
    """What a library has to choose from: sources with their folded names, how many documents are of a kind, of a year, in a folder; and
    the date of each."""

    sources: tuple[tuple[str, str], ...]
    kinds: Counter[str]
    years: Counter[str]
    folders: dict[str, int]
    days: tuple[str, ...]


_held: dict[Path, tuple[tuple[int, ...], Held]] = {}


def held(library: Library) -> Held:
    """All of a library; remembered until something is written."""
    state = library.catalog.state()
    known = _held.get(library.folder)
    if known is None or known[0] != state:
        known = _held[library.folder] = state, _looked_up(library)
    return known[1]


def _looked_up(library: Library) -> Held:
    dated = library.catalog.dated()
    sources = [source for _version, source, _day in dated]
    return Held(
        tuple((source, folded(source)) for source in sources),
        Counter(map(kind, sources)),
        Counter(day[:4] for *_others, day in dated),
        folders(sources),
        tuple(day for *_others, day in dated),
    )


def folders(sources: Sequence[str]) -> dict[str, int]:
    """The folders that hold more than one of the documents and not all, each with how many."""
    found: Counter[str] = Counter()
    for source in sources:
        parts = source.split("/")[:-1]
        found.update("/".join(parts[: depth + 1]) for depth in range(len(parts)))
    return {folder: count for folder, count in sorted(found.items()) if 1 < count < len(sources)}


def known(library: Library, word: str) -> bool:
    """Whether it is a kind or a date, or the name of something that is there."""
    with contextlib.suppress(UsageError):
        if is_word(word) and parsed([word]):
            return True
    with contextlib.suppress(UsageError):
        return bool(library.catalog.versions(word))  # also where it only begins like a kind or a date
    return False


def label(word: str) -> str:
    """How a word of a scope is called."""
    name, _colon, value = word.partition(":")
    if not is_word(word):
        return re.sub(r"\[([*?[])\]", r"\1", word.removesuffix("*"))
    match name:
        case "kind" if value in KINDS:
            return str(KINDS[value])
        case "year":
            return value
        case "days" if value.isdecimal():
            return several("the last {n} day", "the last {n} days", int(value))
        case "since":
            return _("since {date}").format(date=_written(value))
        case "until":
            return _("until {date}").format(date=_written(value))
    return word


def choices(library: Library, typed: str, conversation: Conversation | None = None) -> list[Choice]:
    """What fits the letters that were typed: of each sort the first ones where none were."""
    wanted, all_of_it = folded(typed), held(library)
    sorts = [
        _attached(conversation, wanted),
        _dates(all_of_it, typed),
        _kinds(all_of_it, wanted),
        _spans(all_of_it, wanted),
        _folders(all_of_it, wanted),
        _documents(all_of_it, wanted),
    ]
    if not wanted:
        return [choice for sort in sorts for choice in islice(sort, FIRST)]
    return list(islice((choice for sort in sorts for choice in sort), MANY))


def folded(text: str) -> str:
    """Text as it is compared: without case and accents."""
    return "".join(sign for sign in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(sign))


def _attached(conversation: Conversation | None, wanted: str) -> Iterator[Choice]:
    came = [source for turn in (conversation.turns if conversation else ()) if turn.attached for source in (turn.source or "").split("\n")]
    told = _("What came with the questions")
    if came and wanted in folded(told):
        words = tuple(dict.fromkeys(came))
        yield Choice(words, told, _documents_in(len(words)), "attach_file")


def _dates(all_of_it: Held, typed: str) -> Iterator[Choice]:
    """What is a date or a word of a scope as it is typed."""
    named = [typed] if is_word(typed) else [f"{each}:{typed}" for each in ("year", "since", "until")] if _DATE.fullmatch(typed) else []
    for word in named:
        with contextlib.suppress(UsageError):
            asked = parsed([word])
            count = sum(asked.fits(source, day) for (source, _folded), day in zip(all_of_it.sources, all_of_it.days, strict=True))
            yield Choice((word,), label(word), _documents_in(count), "calendar_month")


def _kinds(all_of_it: Held, wanted: str) -> Iterator[Choice]:
    if len(all_of_it.kinds) > 1 or wanted:
        for name, count in all_of_it.kinds.most_common():
            if wanted in folded(str(KINDS[name])) or wanted in name:
                yield Choice((f"kind:{name}",), str(KINDS[name]), _documents_in(count), "category")


def _spans(all_of_it: Held, wanted: str) -> Iterator[Choice]:
    today = datetime.now(UTC).date()
    for days in DAYS:
        since = (today - timedelta(days=days)).isoformat()
        count = sum(day >= since for day in all_of_it.days)
        told = label(f"days:{days}")
        if 0 < count < len(all_of_it.days) and wanted in folded(told):
            yield Choice((f"days:{days}",), told, _documents_in(count), "calendar_month")
    if len(all_of_it.years) > 1:
        for year, count in sorted(all_of_it.years.items(), reverse=True):
            if wanted in year and wanted != year:  # that is a date as it is typed
                yield Choice((f"year:{year}",), year, _documents_in(count), "calendar_month")


def _folders(all_of_it: Held, wanted: str) -> Iterator[Choice]:
    for folder, count in all_of_it.folders.items():
        if wanted in folded(f"{folder}/"):
            yield Choice((_SIGN.sub(r"[\1]", folder) + "/*",), f"{folder}/", _documents_in(count), "folder")


def _documents(all_of_it: Held, wanted: str) -> Iterator[Choice]:
    """Those whose name begins so, those that have it in their name, those that have it in their folder."""
    ranked: tuple[list[str], ...] = ([], [], [])
    for source, name in all_of_it.sources:
        at = name.find(wanted, name.rfind("/") + 1)
        if at >= 0:
            ranked[0 if at == name.rfind("/") + 1 else 1].append(source)
        elif wanted in name:
            ranked[2].append(source)
    for source in (source for rank in ranked for source in rank):
        folder, _slash, name = source.rpartition("/")
        yield Choice((source,), name, folder, "description")


def _documents_in(count: int) -> str:
    return several("{n} document", "{n} documents", count)


def _written(text: str) -> str:
    """A date, a month or a year as the language of this session writes it."""
    from babel.dates import format_date, format_skeleton

    try:
        day = date.fromisoformat(first_day(text))
    except ValueError:
        return text
    if len(text) == 4:
        return text
    return format_date(day, "medium", locale=current()) if len(text) == 10 else str(format_skeleton("yMMM", day, locale=current()))
