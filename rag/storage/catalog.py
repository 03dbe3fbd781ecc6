"""The catalogue: which files are in, what was read from them, and which versions of them count. SQLite, beside the index.

The catalogue is the truth and the index follows it: a row of the index counts only while a record of the same id stands here.
"""

from __future__ import annotations

import json
import os
import re
import sqlite3
from collections.abc import Iterator, Sequence
from functools import cached_property
from itertools import groupby
from pathlib import Path

from rag.errors import LibraryError
from rag.records import Place
from rag.storage import source_filter
from rag.storage.catalog_writer import CatalogWriter
from rag.storage.contents import Contents
from rag.storage.entries import (
    FILE,
    SCHEMA,
    STORED,
    File,
    Opening,
    Removed,
    SourceCount,
    Stored,
    Unreadable,
    digest,
    file_of,
    stored_of,
)
from rag.storage.sqlite import Connections

OPENING = 6  # records with which a document begins
OPENING_CHARACTERS = 4_000


class Catalog:
    """The catalogue of one library folder, as it is read; `writer` writes to it, `contents` is what is remembered beside files.

    Safe from several threads and processes; each thread has its own connection.
    """

    def __init__(self, folder: Path, *, read_only: bool = False):
        self._path = folder / "catalog.db"
        self._connections = Connections(self._path, _prepared, read_only=read_only)
        self.contents = Contents(self._connections)
        self.writer = CatalogWriter(self._connections)
        self._words: tuple[tuple[int, ...], frozenset[str]] | None = None
        self._openings: tuple[tuple[int, ...], tuple[Opening, ...]] | None = None
        try:
            if read_only:
                self._db.execute("SELECT 1 FROM files").fetchone()
                return
            with self._connections.writing() as db:
                for statement in filter(str.strip, SCHEMA.split(";")):
                    db.execute(statement)
                for table in ("files", "unreadable"):  # of a library that was made before this was kept
                    if not _knows_changes(db, table):
                        db.execute(f"ALTER TABLE {table} ADD COLUMN ctime_ns INTEGER NOT NULL DEFAULT 0")
        except sqlite3.DatabaseError as error:
            hint = "Is it damaged, or not yours to read?" if read_only else "Is it damaged, or not yours to write?"
            raise LibraryError(f"The catalogue {self._path} does not open: {error}.", hint) from None

    @property
    def _db(self) -> sqlite3.Connection:
        return self._connections.db

    def close(self) -> None:
        """Close this thread's connection."""
        self._connections.close()

    def unfinished(self) -> set[int]:
        """Versions that somebody may go on with."""
        return {version for (version,) in self._db.execute("SELECT version FROM unfinished")}

    def unswept(self) -> list[int]:
        """Versions whose rows in the index do not count."""
        return [version for (version,) in self._db.execute("SELECT version FROM sweep ORDER BY version")]

    def references(self) -> dict[int, dict[str, str]]:
        """What files refer to, by version: paths from the file's folder, and their marks when it was read."""
        found: dict[int, dict[str, str]] = {}
        for version, target, mark in self._db.execute("SELECT version, target, mark FROM refers"):
            found.setdefault(version, {})[os.fsdecode(target)] = mark
        return found

    def unreadable(self, readers: str) -> dict[Path, Unreadable]:
        """The files that these readers could not read, by path."""
        rows = self._db.execute("SELECT path, bytes, mtime_ns, ctime_ns, reason, hint FROM unreadable WHERE readers = ?", (readers,))
        return {Path(os.fsdecode(path)): Unreadable((size, mtime, ctime), *told) for path, size, mtime, ctime, *told in rows}

    def removed(self) -> list[Removed]:
        """The files that were taken out by name and did not come in again, by source."""
        rows = self._db.execute("SELECT path, source, root FROM removed ORDER BY source")
        return [Removed(Path(os.fsdecode(path)), source, Path(os.fsdecode(root))) for path, source, root in rows]

    def roots(self) -> list[Path]:
        """The folders that were ingested and of which some file is still in."""
        files = self.files()
        roots = [Path(os.fsdecode(path)) for (path,) in self._db.execute("SELECT path FROM roots ORDER BY path")]
        return [root for root in roots if any(file.root == root or file.path.is_relative_to(root) for file in files)]

    def files(self) -> list[File]:
        return list(map(file_of, self._db.execute(f"{self._file} ORDER BY source")))

    def file(self, source: str) -> File | None:
        """The file of that name; None where there is none."""
        row = self._db.execute(f"{self._file} WHERE source = ?", (source,)).fetchone()
        return file_of(row) if row else None

    def with_hash(self, hash: str) -> list[File]:
        """The files with these bytes."""
        return list(map(file_of, self._db.execute(f"{self._file} WHERE hash = ? ORDER BY source", (hash,))))

    @cached_property
    def _file(self) -> str:
        """The query for files; one that may not be written to may be from before times of change were kept."""
        return FILE if _knows_changes(self._db, "files") else FILE.replace("ctime_ns", "0")

    def sources(self) -> list[SourceCount]:
        rows = self._db.execute(
            "SELECT source, count(*) FILTER (WHERE modality = 'text'), count(*) FILTER (WHERE modality = 'image'), bytes, ingested_at "
            "FROM files LEFT JOIN records USING (version) GROUP BY source ORDER BY source"
        )
        return [SourceCount(*row) for row in rows]

    def counts(self) -> dict[str, int]:
        """Files, passages, figures (appearances) and pictures (distinct images)."""
        row = self._db.execute(
            "SELECT count(*) FILTER (WHERE modality = 'text'), count(*) FILTER (WHERE modality = 'image'), count(DISTINCT image) "
            "FROM records"
        ).fetchone()
        (files,) = self._db.execute("SELECT count(*) FROM files").fetchone()
        return dict(zip(("files", "passages", "figures", "pictures"), (files, *row), strict=True))

    def size(self) -> int:
        """Bytes of the catalogue's own file."""
        return self._path.stat().st_size

    def versions(self, wanted: str) -> list[int]:
        """Versions of the files that `wanted` asks for: names and globs, kinds and spans of time, as `source_filter` tells. A line that is
        the name of a source, or matches one, is that and no more. Raises UsageError for an unknown kind, and for what is no date."""
        lines = wanted.split("\n")
        words = [line for line in lines if source_filter.is_word(line) and not self._named([line])]
        names = [wanted, *(line for line in lines if line and line not in words)]
        if not words:
            return self._named(names)
        asked = source_filter.parsed(words)
        among = set(self._named(names)) if len(names) > 1 else None
        rows = self.dated() if asked.spans else self._db.execute("SELECT version, source, '' FROM files")
        return [version for version, source, day in rows if asked.fits(source, day) and (among is None or version in among)]

    def _named(self, names: Sequence[str]) -> list[int]:
        """Versions of the files whose source is one of the names, or matches one as a glob; `*` crosses `/`, case counts."""
        query = "SELECT DISTINCT version FROM files, json_each(?) AS wanted WHERE source GLOB wanted.value OR source = wanted.value"
        return [version for (version,) in self._db.execute(query, (json.dumps(list(names)),))]

    def dated(self) -> list[tuple[int, str, str]]:
        """Version, source and date (YYYY-MM-DD) of every file: the document's own where it has one, else that of the file."""
        rows = self._db.execute(
            "SELECT version, source, json_extract(place, '$.date'), date(mtime_ns / 1000000000, 'unixepoch') FROM files LEFT JOIN "
            "(SELECT version, place, min(id) FROM records GROUP BY version) USING (version) ORDER BY source"
        )
        return [(version, source, source_filter.first_day(own) if own else of_file) for version, source, own, of_file in rows]

    def versions_of(self, sources: Sequence[str]) -> list[int]:
        """Versions of the files with these names."""
        rows = self._db.execute("SELECT version FROM files WHERE source IN (SELECT value FROM json_each(?))", (json.dumps(list(sources)),))
        return [version for (version,) in rows]

    def spoken(self) -> tuple[str, ...]:
        """Every source whose passages have times: recordings, films, transcripts."""
        timed = "json_extract(locator, '$.time') IS NOT NULL"
        rows = self._db.execute(f"SELECT DISTINCT source FROM records JOIN files USING (version) WHERE {timed} ORDER BY source")
        return tuple(source for (source,) in rows)

    def documents(self) -> list[tuple[str, Place]]:
        """Every source with the place of its first record."""
        rows = self._db.execute(f"{STORED} WHERE id IN (SELECT min(id) FROM records GROUP BY version) ORDER BY source")
        return [(stored.source, stored.record.place) for stored in map(stored_of, rows)]

    def of(self, sources: Sequence[str]) -> list[Stored]:
        """The passages and figures of these sources, by source, in the order of their files."""
        rows = self._db.execute(
            f"{STORED} WHERE source IN (SELECT value FROM json_each(?)) AND modality != 'example' ORDER BY source, id",
            (json.dumps(list(sources)),),
        )
        return list(map(stored_of, rows))

    def of_versions(self, versions: Sequence[int]) -> Iterator[Stored]:
        """The passages and figures of these versions of files, in their order."""
        rows = self._db.execute(
            f"{STORED} WHERE version IN (SELECT value FROM json_each(?)) AND modality != 'example' ORDER BY id",
            (json.dumps(list(versions)),),
        )
        return map(stored_of, rows)

    def last_pages(self, versions: Sequence[int]) -> dict[str, int]:
        """The last page or slide on which these versions of files have something, by source."""
        rows = self._db.execute(
            "SELECT source, max(coalesce(json_extract(locator, '$.slide'), json_extract(locator, '$.page'))) FROM records "
            "JOIN files USING (version) WHERE version IN (SELECT value FROM json_each(?)) GROUP BY source",
            (json.dumps(list(versions)),),
        )
        return {source: page for source, page in rows if page}

    def holding(self, words: str) -> list[Stored]:
        """The passages and figures in whose text these words stand as they are, case aside (ASCII), by source."""
        pattern = "%" + re.sub(r"([\\%_])", r"\\\1", words) + "%"
        rows = self._db.execute(f"{STORED} WHERE text LIKE ? ESCAPE '\\' AND modality != 'example' ORDER BY source, id", (pattern,))
        return list(map(stored_of, rows))

    def found(self, words: Sequence[str]) -> dict[str, str]:
        """The sources that have each of these words in their name or in what they hold, case aside (ASCII), with the first text that has
        the last of them (empty where only the name has it)."""
        kept: dict[str, str] = {}
        for number, word in enumerate(words):
            pattern = "%" + re.sub(r"([\\%_])", r"\\\1", word) + "%"
            rows = self._db.execute(
                "SELECT source, coalesce(text, ''), min(id) FROM files LEFT JOIN records ON records.version = files.version "
                "AND modality != 'example' AND text LIKE ? ESCAPE '\\' "
                "WHERE text IS NOT NULL OR source LIKE ? ESCAPE '\\' GROUP BY source",
                (pattern, pattern),
            )
            having = {source: text for source, text, _ in rows}
            kept = {source: text for source, text in having.items() if not number or source in kept}
        return kept

    def covers(self) -> dict[str, str]:
        """The first picture of each source that has one, by its key in `Media`."""
        rows = self._db.execute(
            "SELECT source, image, min(id) FROM records JOIN files USING (version) "
            "WHERE image IS NOT NULL AND modality = 'image' GROUP BY source"
        )
        return {source: image for source, image, _ in rows}

    def words(self) -> frozenset[str]:
        """The words of all texts and headings, in lower case; remembered until something is written."""
        state = self.state()
        if self._words is None or self._words[0] != state:
            texts = self._db.execute("SELECT text || ' ' || coalesce(json_extract(locator, '$.heading'), '') || ' ' || place FROM records")
            self._words = state, frozenset(word for (text,) in texts for word in _WORDS.findall(text.lower()))
        return self._words[1]

    def openings(self) -> tuple[Opening, ...]:
        """How each document begins, by source; remembered until something is written."""
        state = self.state()
        if self._openings is None or self._openings[0] != state:
            rows = self._db.execute(
                "SELECT source, version, place, text || ' ' || coalesce(json_extract(locator, '$.heading'), '') FROM records "
                "JOIN files USING (version) JOIN (SELECT version AS first_of, min(id) AS first FROM records GROUP BY version) "
                "ON first_of = version WHERE id < first + ? AND modality = 'text' ORDER BY source, id",
                (OPENING,),
            )
            found = []
            for (source, version), records in groupby(rows, lambda row: row[:2]):
                told = list(records)
                place = Place(**json.loads(told[0][2]))
                found.append(Opening(source, version, place, "\n".join(text for *_, text in told)[:OPENING_CHARACTERS]))
            self._openings = state, tuple(found)
        return self._openings[1]

    def state(self) -> tuple[int, ...]:
        """What is another after anything was written."""
        (counted,) = self._db.execute("SELECT coalesce(sum(value), 0) FROM counters").fetchone()
        return (counted, *self._db.execute("SELECT count(*), coalesce(sum(version), 0) FROM files").fetchone())

    def empty(self) -> bool:
        return self._db.execute("SELECT 1 FROM records LIMIT 1").fetchone() is None

    def records(self, ids: Sequence[int]) -> dict[int, Stored]:
        """Those of `ids` that count."""
        rows = self._db.execute(f"{STORED} WHERE id IN (SELECT value FROM json_each(?))", (json.dumps(list(ids)),))
        return {stored.id: stored for stored in map(stored_of, rows)}

    def ids(self) -> list[int]:
        """The ids of the passages and figures, in the order in which they came."""
        return [id for (id,) in self._db.execute("SELECT id FROM records WHERE modality != 'example' ORDER BY id")]

    def all_records(self) -> Iterator[Stored]:
        return map(stored_of, self._db.execute(f"{STORED} ORDER BY id"))

    def twins(self, stored: Stored) -> list[Stored]:
        """Every place of the same image and its copies, or of the same passage, this one included, by source and place."""
        if stored.family:
            rows = self._db.execute(f"{STORED} WHERE family = ? ORDER BY source, id", (stored.family,))
        elif stored.record.image:
            rows = self._db.execute(f"{STORED} WHERE image = ? ORDER BY source, id", (stored.record.image,))
        else:
            wording = digest(stored.record.text)
            rows = self._db.execute(f"{STORED} WHERE text_hash = ? AND {_PASSAGE} ORDER BY source, id", (wording,))
        return list(map(stored_of, rows))

    def showing(self, image: str) -> list[Stored]:
        """Every place of an image and its copies, its own first, by source and place."""
        kin = "image = ? OR family = (SELECT family FROM images WHERE key = ?)"
        return list(map(stored_of, self._db.execute(f"{STORED} WHERE {kin} ORDER BY image != ?, source, id", (image,) * 3)))

    def copies(self) -> list[list[Stored]]:
        """The pictures that are copies of others: of each family with more than one distinct image, one record of each of them."""
        rows = self._db.execute(
            f"{STORED} WHERE family IN (SELECT family FROM images WHERE key IN (SELECT image FROM records) GROUP BY family "
            "HAVING count(*) > 1) AND id IN (SELECT min(id) FROM records GROUP BY image) ORDER BY family, id"
        )
        return [list(members) for _, members in groupby(map(stored_of, rows), lambda each: each.family)]

    def around(self, passage: Stored) -> tuple[Stored | None, Stored | None]:
        """The passages of its section before and after this one."""
        beside = f"{STORED} WHERE version = (SELECT version FROM records WHERE id = ?) AND {_PASSAGE} AND id"
        before = self._db.execute(f"{beside} < ? ORDER BY id DESC LIMIT 1", (passage.id,) * 2) if passage.record.continues else ()
        after = self._db.execute(f"{beside} > ? ORDER BY id LIMIT 1", (passage.id,) * 2)
        return next(map(stored_of, before), None), next((each for each in map(stored_of, after) if each.record.continues), None)

    def images(self) -> set[str]:
        """Keys of the images that some record shows."""
        return {image for (image,) in self._db.execute("SELECT DISTINCT image FROM records WHERE image IS NOT NULL")}


_WORDS = re.compile(r"[^\W\d_]{3,}")
_PASSAGE = "image IS NULL AND modality = 'text'"  # the first of them is what the index of texts goes by


def _prepared(db: sqlite3.Connection) -> None:
    db.execute("PRAGMA journal_mode=WAL")
    db.execute("PRAGMA foreign_keys=ON")


def _knows_changes(db: sqlite3.Connection, table: str) -> bool:
    return db.execute("SELECT 1 FROM pragma_table_info(?) WHERE name = 'ctime_ns'", (table,)).fetchone() is not None
