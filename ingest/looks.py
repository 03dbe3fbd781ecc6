"""What pictures look like, and what they may show: a picture is looked at once, however many files have it."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from itertools import islice

import numpy as np

from ingest.describe import guess
from ingest.spool import Spool
from rag.library import Library
from rag.pictures.ocr import give_back
from rag.records import Record
from rag.storage.families import Families

LOOKED_AT_ONCE = 32
LOOKS_KEPT = 4096


class Looks:
    """What the library's joint encoder sees in pictures; the last of them are remembered."""

    def __init__(self, library: Library):
        self._library = library
        self._families = Families(library.catalog.contents)
        self._kept: OrderedDict[str, tuple[np.ndarray, str | None]] = OrderedDict()

    def at(self, spools: Iterable[Spool]) -> tuple[dict[str, np.ndarray], dict[str, str | None]]:
        """The vector of each image of these spools, and the guess at what it shows, by its key; a fresh one is linked with its copies."""
        visual: dict[str, np.ndarray] = {}
        guesses: dict[str, str | None] = {}
        for spool in spools:
            images = spool.images()
            while part := list(islice(images, LOOKED_AT_ONCE)):
                fresh = {key: image for key, _, image in part if key not in self._kept}
                if fresh:
                    self._families.link({key: mark for key, mark, _ in part if key in fresh})
                    looked = self._library.encoders.joint.look(list(fresh.values()))
                    for key, vector, names in zip(fresh, looked.visual, looked.guesses, strict=True):
                        self._kept[key] = vector, guess(names)
                for key, _, _ in part:
                    self._kept.move_to_end(key)
                    visual[key], guesses[key] = self._kept[key]
                while len(self._kept) > LOOKS_KEPT:
                    self._kept.popitem(last=False)
                give_back()
        return visual, guesses


class Guessed(Collection[Record]):
    """The records of a spool, each with what its image may show."""

    def __init__(self, spool: Spool, guesses: Mapping[str, str | None]):
        self._spool = spool
        self._guesses = guesses

    def __len__(self) -> int:
        return len(self._spool)

    def __iter__(self) -> Iterator[Record]:
        for record in self._spool.records():
            yield replace(record, guess=self._guesses[record.image]) if record.image else record

    def __contains__(self, record: object) -> bool:
        return any(record == each for each in self)
