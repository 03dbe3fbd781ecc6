"""A recording as a query: first the recordings that are the same sound, then what says the like of the words that are heard in it, and what
sounds like it, where the library has a space for that."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from rag.errors import ModelUnavailable, ReadError
from rag.language.question import Part, Question
from rag.records import Hit, Routes, Search
from rag.retrieve.query import Query
from rag.retrieve.search import Searcher
from rag.speech.fingerprint import Match, Sought
from rag.speech.sound import opened
from rag.storage.catalog import Catalog
from rag.storage.entries import Stored

if TYPE_CHECKING:
    import numpy as np

LONGEST = 600.0  # seconds of a recording that are looked for
AT_LEAST = 1.0  # seconds of a passage that are in what is looked for


@dataclass(frozen=True)
class Same:
    """A recording that is the same sound: the passage in which it begins, and how far they agree."""

    passage: Stored
    match: Match


def search(searcher: Searcher, words: Callable[[np.ndarray], str], file: Path, query: Query) -> Search:
    """What is found for a recording, with the words of the query joined to those that `words` hears in it. Raises ReadError,
    ModelUnavailable (where its words cannot be had, and nothing is the same sound) and StoreError."""
    start = time.perf_counter()
    if not file.is_file():
        raise ReadError(f"There is no file at {file}.", "Give the path of a recording.")
    with opened(file) as sound:
        samples = sound.beginning(LONGEST)
    sounding = None
    if searcher.soundings:
        with opened(file) as sound:
            sounding = searcher.soundings.encoder.asked(sound)
    same = [] if query.modality == "image" else alike(samples, searcher.catalog, searcher.versions(query.source, ()))
    try:
        heard = words(samples)
    except ModelUnavailable:
        if not same and sounding is None:
            raise
        heard = ""
    listened = time.perf_counter() - start
    told = " ".join(filter(None, [query.asked.whole, heard]))
    found = Search("", (), {})
    if told or sounding is not None:
        found = searcher.search(replace(query, asked=Question(told, told, told, (Part(told),)), heard=True, sound=sounding))
    total = (time.perf_counter() - start) * 1000
    timings = found.timings_ms | {"listen": round(listened * 1000, 1), "total": round(total, 1)}
    return Search(told, _joined(searcher, same, found.hits)[: query.k], timings)


def alike(samples: np.ndarray, catalog: Catalog, versions: list[int] | None) -> list[Same]:
    """The recordings, of these versions of files (None: all), that hold this sound or a piece of it, those that agree most first."""
    sought, counted = Sought(samples), None if versions is None else set(versions)
    found: dict[str, Same] = {}
    for source, version, mark in catalog.contents.sounds():
        if counted is not None and version not in counted:
            continue
        match = sought.within(mark)
        passage = _begins(catalog.of([source]), match.start) if match else None
        if match and passage and (passage.twin not in found or found[passage.twin].match.agree < match.agree):
            found[passage.twin] = Same(passage, match)
    return sorted(found.values(), key=lambda each: (-each.match.agree, -each.match.seconds))


def _begins(held: list[Stored], moment: float) -> Stored | None:
    """The passage that is said at a moment, or next; the last where none is."""
    timed = [(each.record.locator.time, each) for each in held if each.record.image is None and each.record.locator.time]
    return next((each for time, each in timed if time[1] > moment + AT_LEAST), timed[-1][1] if timed else None)


def _joined(searcher: Searcher, same: list[Same], found: tuple[Hit, ...]) -> tuple[Hit, ...]:
    """The same sound first, with its rank as a route of its own; then what the words found."""
    best = max((hit.score for hit in found), default=0.0)
    by_words = {hit.id: hit for hit in found}
    hits = []
    for rank, each in enumerate(same, 1):
        stored = each.passage
        routes = by_words.pop(stored.id).routes if stored.id in by_words else Routes()
        places = searcher.catalog.twins(stored) or [stored]
        hits.append(searcher.hit(rank, best + each.match.agree, [stored], places, replace(routes, sound=rank)))
    return (*hits, *(replace(hit, rank=rank) for rank, hit in enumerate(by_words.values(), len(hits) + 1)))
