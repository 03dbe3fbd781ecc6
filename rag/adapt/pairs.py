"""What in a library belongs together: words that stand with a picture, headings with their passages, questions with what answers them."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from rag.embed.adapter import Turned
from rag.errors import DiptychError
from rag.evaluate.metrics import is_image_need, meets
from rag.evaluate.questions import Asked
from rag.evaluate.run import ask
from rag.library import Library
from rag.records import HEADING_SEPARATOR, INSIDE
from rag.storage.entries import Stored

OFTEN = 5  # words that stand with more pictures, or head more sections, than these tell none of them
PLACES = 3  # of a picture that appears in many
DEPTH = 50  # hits among which what a question needs is looked for
_LETTERS = re.compile(r"[^\W\d_]+")


@dataclass(frozen=True)
class Pair:
    """Words, and the records (by id) that they belong to, any of which is right on this route. What stands in one section is not parted,
    so that nothing is learnt from the neighbours of what is measured."""

    kind: str
    words: str
    route: Turned
    ids: tuple[int, ...]
    section: Hashable

    @property
    def wording(self) -> str:
        """What is the same in words that differ by a number, in case or in marks only."""
        return " ".join(_LETTERS.findall(self.words.casefold()))


def pairs(library: Library, gold: Sequence[Asked] = ()) -> list[Pair]:
    """Those of the library itself, and of what is asked in `gold` and found."""
    pictures: dict[str, list[Stored]] = defaultdict(list)
    sections: dict[Hashable, list[Stored]] = defaultdict(list)
    for stored in library.catalog.all_records():
        if stored.record.image:
            pictures[stored.twin].append(stored)
        elif stored.record.modality == "text":
            sections[_section(stored)].append(stored)
    found = [*_beside(pictures.values()), *_headings(sections)]
    return [*found, *_asked(library, gold, {id: pair.ids for pair in found if pair.route == "visual" for id in pair.ids})]


def _beside(pictures: Iterable[Sequence[Stored]]) -> Iterator[Pair]:
    """The captions of every picture, the words around it, its file's name and the heading over it."""
    told = []
    for places in pictures:
        ids = tuple(stored.id for stored in places)
        said: dict[str, str] = {}
        for record in (stored.record for stored in places[:PLACES]):
            around = [part for part in record.text.split("\n\n") if part != record.caption and not part.startswith(INSIDE)]
            for kind, words in (
                ("caption", record.caption),
                *(("around", part) for part in around),
                ("heading", _last(record.locator.heading)),
            ):
                said.setdefault(words or "", kind)
        told += [Pair(kind, words, "visual", ids, _section(places[0])) for words, kind in said.items()]
    yield from _telling(told)


def _headings(sections: dict[Hashable, list[Stored]]) -> Iterator[Pair]:
    """Each heading with the passages under it."""
    yield from _telling(
        Pair("heading", _last(records[0].record.locator.heading), "dense", tuple(stored.id for stored in records), section)
        for section, records in sections.items()
    )


def _asked(library: Library, gold: Sequence[Asked], pictures: dict[int, tuple[int, ...]]) -> Iterator[Pair]:
    """Questions, made whole from their history, with the passage or the picture that each of their needs is met by; those that come with
    a picture are no pair."""
    for asked in gold:
        if not asked.relevant or asked.image:
            continue
        try:
            answer = ask(library, replace(asked, k=DEPTH), retrieval_only=True)
        except DiptychError:
            continue
        hits, words = answer.hits, answer.query
        known = library.catalog.records([hit.id for hit in hits])
        for need in asked.relevant:
            met = next((known[hit.id] for hit in hits if hit.id in known and meets(hit, need)), None)
            if met and is_image_need(need):
                yield Pair("question", words, "visual", pictures.get(met.id, (met.id,)), _section(met))
            elif met:
                yield Pair("question", words, "dense", (met.id,), _section(met))


def _telling(told: Iterable[Pair]) -> Iterator[Pair]:
    """Those whose words stand with few."""
    by_words: dict[str, list[Pair]] = defaultdict(list)
    for pair in told:
        by_words[pair.wording].append(pair)
    for wording, alike in by_words.items():
        if wording and len(alike) <= OFTEN:
            yield from alike


def _section(stored: Stored) -> Hashable:
    return stored.source, stored.record.locator.heading


def _last(heading: str | None) -> str:
    return (heading or "").rsplit(HEADING_SEPARATOR, 1)[-1]
