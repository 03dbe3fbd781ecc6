"""What the catalogue holds, and how each stands in a row of SQLite."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from rag.records import Locator, Place, Record

SCHEMA = """
CREATE TABLE IF NOT EXISTS counters (name TEXT PRIMARY KEY, value INTEGER NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS roots (path BLOB PRIMARY KEY) STRICT;
CREATE TABLE IF NOT EXISTS files (
    path BLOB PRIMARY KEY, source TEXT UNIQUE NOT NULL, root BLOB NOT NULL, version INTEGER UNIQUE NOT NULL,
    bytes INTEGER NOT NULL, mtime_ns INTEGER NOT NULL, hash TEXT NOT NULL, ingested_at TEXT NOT NULL, ctime_ns INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE TABLE IF NOT EXISTS records (
    id INTEGER PRIMARY KEY, version INTEGER NOT NULL REFERENCES files (version) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
    modality TEXT NOT NULL, text TEXT NOT NULL, text_hash BLOB NOT NULL, guess TEXT, caption TEXT, origin TEXT, image TEXT,
    locator TEXT NOT NULL, continues INTEGER NOT NULL, place TEXT NOT NULL
) STRICT;
CREATE INDEX IF NOT EXISTS records_version ON records (version);
CREATE INDEX IF NOT EXISTS records_image ON records (image) WHERE image IS NOT NULL;
CREATE INDEX IF NOT EXISTS records_text ON records (text_hash) WHERE image IS NULL;
CREATE TABLE IF NOT EXISTS images (key TEXT PRIMARY KEY, family TEXT NOT NULL, fingerprint BLOB NOT NULL) STRICT;
CREATE INDEX IF NOT EXISTS images_family ON images (family);
CREATE TABLE IF NOT EXISTS sounds (hash TEXT PRIMARY KEY, fingerprint BLOB NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS soundings (
    hash TEXT NOT NULL, encoder TEXT NOT NULL, vectors BLOB NOT NULL, PRIMARY KEY (hash, encoder)
) STRICT;
CREATE TABLE IF NOT EXISTS sweep (version INTEGER PRIMARY KEY) STRICT;
CREATE TABLE IF NOT EXISTS unfinished (
    key TEXT PRIMARY KEY, version INTEGER UNIQUE NOT NULL, first INTEGER NOT NULL, count INTEGER NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS refers (
    version INTEGER NOT NULL REFERENCES files (version) ON DELETE CASCADE, target BLOB NOT NULL, mark TEXT NOT NULL,
    PRIMARY KEY (version, target)
) STRICT;
CREATE TABLE IF NOT EXISTS unreadable (
    path BLOB PRIMARY KEY, bytes INTEGER NOT NULL, mtime_ns INTEGER NOT NULL, readers TEXT NOT NULL,
    reason TEXT NOT NULL, hint TEXT NOT NULL, ctime_ns INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE TABLE IF NOT EXISTS removed (path BLOB PRIMARY KEY, source TEXT NOT NULL, root BLOB NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS read_inside (image TEXT, reader TEXT, text TEXT NOT NULL, PRIMARY KEY (image, reader)) STRICT;
"""

FILE = "SELECT path, source, root, bytes, mtime_ns, hash, version, ingested_at, ctime_ns FROM files"
STORED = (
    "SELECT id, source, modality, text, guess, caption, origin, image, locator, continues, place, family "
    "FROM records JOIN files USING (version) LEFT JOIN images ON images.key = records.image"
)

REMEMBERED = 16_384  # places of records: a search reads a few hundred
_PLACE = ("title", "name", "lead", "date")  # what is kept of it beside the locator


@dataclass(frozen=True)
class File:
    """A file that is in the library. `hash` is of its bytes, `version` names the records that count.

    `ctime_ns` is when the file system last saw it change (on Windows: when it was made), which no program can set back; 0 where a library
    does not know it yet.
    """

    path: Path
    source: str
    root: Path
    bytes: int
    mtime_ns: int
    hash: str
    version: int = 0
    ingested_at: str = ""
    ctime_ns: int = 0

    @property
    def mark(self) -> tuple[int, int, int]:
        """What changes with the file: its size, its time, and the time of its last change."""
        return self.bytes, self.mtime_ns, self.ctime_ns


@dataclass(frozen=True)
class Stored:
    """A record that counts, with its id and its file's source; `family` is shared by images that are copies of one another."""

    id: int
    source: str
    record: Record
    family: str | None = None

    @cached_property
    def twin(self) -> str:
        """Records that share it are one hit: the same image or a copy of it, or the same passage."""
        return self.family or self.record.image or " ".join(self.record.text.split())


@dataclass(frozen=True)
class Unreadable:
    """Why a file could not be read; `mark` is that of the file (`File.mark`) then."""

    mark: tuple[int, int, int]
    reason: str
    hint: str


@dataclass(frozen=True)
class Removed:
    """A file that was taken out of the library by name; `source` and `root` are those that it had."""

    path: Path
    source: str
    root: Path


@dataclass(frozen=True)
class Opening:
    """How a document begins: the place and the text of its first passages."""

    source: str
    version: int
    place: Place
    text: str


@dataclass(frozen=True)
class SourceCount:
    """A line of `diptych list`."""

    source: str
    passages: int
    figures: int
    bytes: int
    ingested_at: str


def row_of(id: int, version: int, record: Record) -> tuple[object, ...]:
    locator = json.dumps(record.locator.to_store(), ensure_ascii=False)
    text = storable(record.text)
    known = [value and storable(value) for value in (record.guess, record.caption, record.origin, record.image)]
    place = json.dumps({name: value for name in _PLACE if (value := getattr(record, name))}, ensure_ascii=False)
    return (id, version, record.modality, text, digest(text), *known, storable(locator), record.continues, storable(place))


def file_of(row: tuple[Any, ...]) -> File:
    path, source, root, *rest = row
    return File(Path(os.fsdecode(path)), source, Path(os.fsdecode(root)), *rest)


def stored_of(row: tuple[Any, ...]) -> Stored:
    id, source, modality, text, guess, caption, origin, image, locator, continues, place, family = row
    record = Record(modality, text, _locator(locator), caption, origin, image, guess, bool(continues), **_place(place))
    return Stored(id, source, record, family)


@lru_cache(REMEMBERED)
def _locator(told: str) -> Locator:
    return Locator.from_dict(json.loads(told))


@lru_cache(REMEMBERED)
def _place(told: str) -> Mapping[str, str]:
    """What is the same for many records of a document."""
    return MappingProxyType(json.loads(told))


def storable(text: str) -> str:
    """SQLite takes no lone surrogates."""
    return text.encode("utf-8", "replace").decode("utf-8")


def digest(text: str) -> bytes:
    """By which passages that say the same are found."""
    import hashlib

    return hashlib.blake2b(" ".join(text.split()).encode(), digest_size=16).digest()
