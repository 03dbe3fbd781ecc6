"""Which documents a question names: a file, a folder, the latest of a kind, the one that it mentions."""

from __future__ import annotations

import re
from pathlib import PurePosixPath

from rag.language.frames import MENTION
from rag.language.question import Question
from rag.language.words import meaning, words
from rag.records import Place
from rag.storage.catalog import Catalog

_FILE = re.compile(r"[^\s/\\]\.[A-Za-z]\w{0,5}\b|/")
_FOLDERS = [
    re.compile(pattern, re.IGNORECASE)
    for pattern in (r"\b(?:folder|directory)\s+[\"“']?([\w./-]+)", r"\b([\w./-]+)[\"”']?\s+(?:folder|directory)\b")
]
_LATEST = re.compile(r"\b(?:latest|newest|most recent|last)\s+((?:[\w-]+\s*){1,3})", re.IGNORECASE)
_YEAR = re.compile(r"\b(?:1[5-9]|20)\d\d\b")
_QUARTER = re.compile(r"\bq([1-4])\b|\b([1-4])q\b", re.IGNORECASE)
_ISO = re.compile(r"\b((?:1[5-9]|20)\d\d)[-_. ](\d\d)(?:[-_. ](\d\d))?\b")
_GENERIC = frozenset(
    """pdf pdfs doc docs docx document documents file files text texts source sources passage passages upload uploads attachment attachments
    context library uploaded attached given provided enclosed above following whole entire content report reports""".split()
)
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
    """The sources that a question names and that are there; none where it names none."""
    text = " ".join(filter(None, [question.whole, question.mention]))
    if _FILE.search(text) and (found := _files(text, catalog)):
        return found
    for name in (name for pattern in _FOLDERS for name in pattern.findall(text)):
        if found := _in_folder(name, catalog):
            return found
    if (latest := _LATEST.search(text)) and (found := _latest(latest[1], text, catalog)):
        return found
    return _mentioned(question.mention, catalog) if question.mention else ()


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


def _latest(what: str, text: str, catalog: Catalog) -> tuple[str, ...]:
    """Of the dated documents that are called so, the newest."""
    called = {word.lower() for word in meaning(what)}
    names = {word.lower().removesuffix("'s").removesuffix("’s") for word in meaning(text) if word[0].isupper()}
    documents = [(source, place) for source, place in catalog.documents() if _when(place)]
    fit = [each for each in documents if called & (_words_of(each[1]) - _GENERIC)] or (documents if called & _GENERIC else [])
    fit = [each for each in fit if names & _words_of(each[1])] or fit
    newest = max((_when(place) for _, place in fit), default=[])
    return tuple(source for source, place in fit if _when(place) == newest)


def _mentioned(mention: str, catalog: Catalog) -> tuple[str, ...]:
    """The one document whose name or title has the words of a mention ("the keeper's log"); none where there are several, or none."""
    telling = {word.lower() for word in meaning(mention)} - _GENERIC - {"my", "this", "your"}
    found = [source for source, place in catalog.documents() if _told_by(place, telling)] if telling else []
    return tuple(found) if len(found) == 1 else ()


def _told_by(place: Place, telling: set[str]) -> bool:
    return bool(telling) and telling <= _words_of(place)


def _words_of(place: Place) -> set[str]:
    return {word.lower() for word in words(f"{place.name} {place.title} {place.heading.split(' > ')[0]}")}


def _when(place: Place) -> list[int]:
    """When a document is from, as far as its date, name or title tell: (year, month, day); empty where they do not."""
    told = f"{place.date} {place.name} {place.title}"
    if exact := _ISO.search(told):
        return [int(part or 0) for part in exact.groups()]
    year = _YEAR.search(told)
    quarter = _QUARTER.search(told)
    return [int(year[0]), 3 * int(quarter[1] or quarter[2]) if quarter else 0, 0] if year else []
