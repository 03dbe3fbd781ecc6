"""Which documents a question names: a file, a folder, the latest of a kind, the one that it mentions."""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import PurePosixPath

from rag.language.frames import MENTION
from rag.language.names import specifics
from rag.language.periods import periods
from rag.language.question import Question
from rag.language.words import meaning, words
from rag.records import Place
from rag.retrieve.cards import Card, by_name, card
from rag.storage.catalog import Catalog

_FILE = re.compile(r"[^\s/\\]\.[A-Za-z]\w{0,5}\b|/")
_FOLDERS = [
    re.compile(pattern, re.IGNORECASE)
    for pattern in (r"\b(?:folder|directory)\s+[\"“']?([\w./-]+)", r"\b([\w./-]+)[\"”']?\s+(?:folder|directory)\b")
]
_LATEST = re.compile(r"\b(latest|newest|most recent|last)\s+((?:[\w-]+\s*){1,3})", re.IGNORECASE)
_OF = re.compile(r"\b(?:of|from|by|for|in|on|at|to|about|with|say|says|tell|tells)\b.*", re.IGNORECASE | re.DOTALL)
_WHO = re.compile(r"\s*who\b", re.IGNORECASE)
_ISO = re.compile(r"\b((?:1[5-9]|20)\d\d)[-_. ](\d\d)(?:[-_. ](\d\d))?\b")
_GENERIC = frozenset(
    """pdf pdfs doc docs docx document documents file files text texts source sources passage passages upload uploads attachment attachments
    context library uploaded attached given provided enclosed above following whole entire content report reports""".split()
)
_PERIODS = frozenset("quarter quarterly filing filings period year".split())
_NAMES_FILE = re.compile(r"[^\s/\\]\.[A-Za-z]\w{1,5}(?!\w)")
_POINTING = frozenset(
    """this that these those my our your summary overview gist outline synopsis abstract main key points ideas findings topics takeaways
    summarize summarise""".split()
)
_CALLED = re.compile(MENTION, re.IGNORECASE)
KINDS = {
    "pdf": (".pdf",),
    "pdfs": (".pdf",),
    "spreadsheet": (".xlsx", ".xls", ".ods", ".csv", ".xlsm", ".tsv"),
    "presentation": (".pptx", ".odp", ".pptm"),
    "slides": (".pptx", ".odp", ".pptm", ".pdf"),
    "email": (".eml",),
    "e-mail": (".eml",),
    "mail": (".eml",),
}


def named(question: Question, catalog: Catalog) -> tuple[str, ...]:
    """The sources that a question names and that are there; where it asks for the moment at which something is said, those of them (or of
    all) in which somebody speaks; none where it names none."""
    found = _named(question, catalog)
    spoken = catalog.spoken() if question.moment else ()
    return tuple(source for source in spoken if not found or source in found) or found


def _named(question: Question, catalog: Catalog) -> tuple[str, ...]:
    text = " ".join(filter(None, [question.whole, question.mention]))
    if _FILE.search(text) and (found := _files(text, catalog)):
        return found
    for name in (name for pattern in _FOLDERS for name in pattern.findall(text)):
        if found := _in_folder(name, catalog):
            return found
    if (latest := _LATEST.search(text)) and (found := _latest(latest[1], latest[2], text, catalog)):
        return found
    return _mentioned(question.mention, question.whole, catalog) if question.mention else ()


def whole_documents(question: Question, catalog: Catalog) -> tuple[str, ...]:
    """The sources that a question about documents as a whole is asked of: those that it names; of what it only points to ("this PDF") the
    one that it can mean; all where it can mean any."""
    if found := named(question, catalog):
        return found
    text = f"{question.core} {question.mention}"
    if _NAMES_FILE.search(text):
        return ()
    asked = {word.lower() for word in words(text)}
    documents = catalog.documents()
    kinds = tuple(suffix for word in asked for suffix in KINDS.get(word, ()))
    fit = [source for source, _ in documents if not kinds or PurePosixPath(source).suffix.lower() in kinds]
    called = {word for found in _CALLED.findall(text.lower()) for word in meaning(found)} - _GENERIC - _POINTING
    told = [source for source, place in documents if source in fit and _told_by(place, called)]
    return tuple(told) if told else tuple(fit) if not called or len(documents) == 1 or kinds else ()


def _files(text: str, catalog: Catalog) -> tuple[str, ...]:
    """Sources whose file name stands in the text, with its suffix; of several with that name those whose path stands there too."""
    folded = text.casefold()
    found = [
        file.source
        for file in catalog.files()
        if re.search(rf"(?<![\w.-]){re.escape(PurePosixPath(file.source).name.casefold())}(?!\w|\.\w)", folded)
    ]
    exact = [source for source in found if source.casefold() in folded]
    return tuple(exact or found)


def _in_folder(name: str, catalog: Catalog) -> tuple[str, ...]:
    wanted = name.strip("/").casefold()
    return tuple(
        file.source
        for file in catalog.files()
        if f"/{wanted}/" in f"/{PurePosixPath(file.source).parent.as_posix().casefold()}/" or file.root.name.casefold() == wanted
    )


def _latest(adjective: str, what: str, text: str, catalog: Catalog) -> tuple[str, ...]:
    """Of the dated documents that are called so, and that hold the names of the question where any do, the newest."""
    called = {word.lower() for word in meaning(what)}
    whole = {word.lower() for word in meaning(_OF.sub("", what))} if adjective.lower() == "last" else set()
    if whole and _WHO.match(text):  # "the last keeper" is no document
        return ()
    documents = [(card, when) for card in map(card, catalog.openings()) if (when := _when(card))]
    fit = [each for each in documents if _called(called, each[0]) and whole <= _words_of(each[0].place) | _GENERIC]
    if not fit and called & _GENERIC:
        fit = documents
    elif not fit and called & _PERIODS and adjective.lower() != "last":  # "last year" is the reader's
        fit = [each for each in documents if each[0].quarters or each[0].periods]
    _, fitting = by_name(specifics(text), [each for each, _ in fit])
    best = max(fitting, default=0.0)
    fit = [each for each, value in zip(fit, fitting, strict=True) if value == best]
    newest = max((when for _, when in fit), default=[])
    return tuple(card.source for card, when in fit if when == newest)


def _called(called: set[str], card: Card) -> bool:
    """Whether a document is called one of these words: by its name or title, or on its first page as nothing else is ("10-Q")."""
    marks = {word for word in called if any(letter.isdecimal() for letter in word)}
    return bool(called & (_words_of(card.place) - _GENERIC) or marks & card.words)


def _mentioned(mention: str, text: str, catalog: Catalog) -> tuple[str, ...]:
    """The one document whose name or title has the words of a mention ("the keeper's log"); of several the one that has the names of the
    question too; none where that is not one."""
    telling = {word.lower() for word in meaning(mention)} - _GENERIC - {"my", "this", "your"}
    found = {source for source, place in catalog.documents() if _told_by(place, telling)} if telling else set()
    if len(found) > 1:
        cards = [each for each in map(card, catalog.openings()) if each.source in found]
        _, fitting = by_name(specifics(text), cards)
        found = {each.source for each, fit in zip(cards, fitting, strict=True) if fit > 0}
    return tuple(found) if len(found) == 1 else ()


def _told_by(place: Place, telling: set[str]) -> bool:
    return bool(telling) and telling <= _words_of(place)


@lru_cache(maxsize=50_000)
def _words_of(place: Place) -> frozenset[str]:
    return frozenset(word.lower() for word in words(f"{place.name} {place.title} {place.heading.split(' > ')[0]}"))


def _when(card: Card) -> list[int]:
    """When a document is from, as far as its date, name or title tell, else the periods on its first page: (year, month, day); empty where
    they do not."""
    told = f"{card.place.date} {card.place.name} {card.place.title}"
    if exact := _ISO.search(told):
        return [int(part or 0) for part in exact.groups()]
    period = max(periods(told)[0], default=None) or max(card.quarters, default=None) or max(card.periods, default=None)
    return [period.year, 3 * period.quarter, 0] if period else []
