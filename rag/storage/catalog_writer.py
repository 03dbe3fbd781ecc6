"""How files come into the catalogue, and out of it.

A writer announces the versions of its files, writes their rows to the index, and commits here in one transaction; what it announced and
never committed, and what a commit replaced, is listed in `sweep` until its rows are gone from the index.
"""

from __future__ import annotations

import json
import os
import sqlite3
import time
from collections.abc import Collection, Iterable, Mapping, Sequence
from pathlib import Path

from rag.records import Record
from rag.storage.entries import File, row_of, storable
from rag.storage.sqlite import Connections


class CatalogWriter:
    """Each method is one transaction. Raises ReadOnly where the library may only be read, NoRoom where the disk is full."""

    def __init__(self, connections: Connections):
        self._connections = connections

    def begin(self, files: Iterable[tuple[str | None, int]]) -> list[tuple[int, range]]:
        """The version and the record ids of each file, of which the number of records is given, and the key by which it is known until it
        is committed (None: by none): those that it had when an ingest of it was stopped, where it had as many records, else fresh ones.
        A version is announced as not yet committed."""
        begun = []
        with self._connections.writing() as db:
            for key, count in files:
                row = key and db.execute("SELECT version, first FROM unfinished WHERE key = ? AND count = ?", (key, count)).fetchone()
                if row:
                    version, first = row
                else:
                    version, first = _taken(db, "version", 1), _taken(db, "record", count)
                    db.execute("INSERT INTO sweep VALUES (?)", (version,))
                    if key:
                        db.execute("INSERT OR REPLACE INTO unfinished VALUES (?, ?, ?, ?)", (key, version, first, count))
                begun.append((version, range(first, first + count)))
        return begun

    def forget_unfinished(self, keep: Collection[str] = ()) -> None:
        """Nobody goes on with what was begun, but for these keys: their versions are swept next."""
        with self._connections.writing() as db:
            db.execute("DELETE FROM unfinished WHERE key NOT IN (SELECT value FROM json_each(?))", (json.dumps(list(keep)),))

    def commit(
        self,
        files: Iterable[tuple[File, Iterable[tuple[int, Record]]]],
        former: Mapping[Path, Path] | None = None,
        references: Mapping[Path, Mapping[str, str]] | None = None,
    ) -> None:
        """Make these versions count at once, in place of what their files held before.

        `former` names the path that a file had then; `references` what a file refers to, as paths from its folder, each with a mark that
        changes with it.
        """
        former, references = former or {}, references or {}
        with self._connections.writing() as db:
            for file, records in files:
                path = os.fsencode(file.path)
                for before in {path, os.fsencode(former.get(file.path, file.path))}:
                    db.execute("INSERT OR IGNORE INTO sweep SELECT version FROM files WHERE path = ?", (before,))
                    db.execute("DELETE FROM files WHERE path = ?", (before,))
                db.execute(
                    "INSERT INTO files VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                    (path, file.source, os.fsencode(file.root), file.version, file.bytes, file.mtime_ns, file.hash, _now(), file.ctime_ns),
                )
                marks = ", ".join("?" * 12)
                db.executemany(f"INSERT INTO records VALUES ({marks})", (row_of(id, file.version, each) for id, each in records))
                db.executemany(
                    "INSERT INTO refers VALUES (?, ?, ?)",
                    ((file.version, os.fsencode(target), mark) for target, mark in references.get(file.path, {}).items()),
                )
                db.execute("DELETE FROM sweep WHERE version = ?", (file.version,))
                db.execute("DELETE FROM unfinished WHERE version = ?", (file.version,))
                for table in ("unreadable", "removed"):
                    db.execute(f"DELETE FROM {table} WHERE path = ?", (path,))

    def move(self, renamed: Sequence[tuple[File, File]]) -> None:
        """Files were renamed, all at once: their records stay, and stand under the new paths and sources."""
        with self._connections.writing() as db:
            db.executemany("DELETE FROM removed WHERE path = ?", ((os.fsencode(new.path),) for _, new in renamed))
            db.executemany(
                "UPDATE files SET path = ?, source = ?, root = ?, mtime_ns = ?, ctime_ns = ? WHERE path = ?",
                (
                    (os.fsencode(new.path), new.source, os.fsencode(new.root), new.mtime_ns, new.ctime_ns, os.fsencode(old.path))
                    for old, new in renamed
                ),
            )

    def touch(self, files: Iterable[File]) -> None:
        """The files' times changed and their contents did not."""
        with self._connections.writing() as db:
            db.executemany(
                "UPDATE files SET mtime_ns = ?, ctime_ns = ? WHERE path = ?",
                ((file.mtime_ns, file.ctime_ns, os.fsencode(file.path)) for file in files),
            )

    def give_up(self, file: File, readers: str, reason: str, hint: str) -> None:
        """`readers` (a signature) cannot read this file, and need not try again before it changes."""
        with self._connections.writing() as db:
            values = (os.fsencode(file.path), file.bytes, file.mtime_ns, readers, storable(reason), storable(hint), file.ctime_ns)
            db.execute("INSERT OR REPLACE INTO unreadable VALUES (?, ?, ?, ?, ?, ?, ?)", values)

    def remove(self, paths: Iterable[Path], *, by_name: bool = False) -> None:
        """Take files out; their versions are swept next. Those that are taken out `by_name` are remembered (`removed`)."""
        with self._connections.writing() as db:
            for path in map(os.fsencode, paths):
                if by_name:
                    db.execute("INSERT OR REPLACE INTO removed SELECT path, source, root FROM files WHERE path = ?", (path,))
                db.execute("INSERT OR IGNORE INTO sweep SELECT version FROM files WHERE path = ?", (path,))
                db.execute("DELETE FROM files WHERE path = ?", (path,))

    def readmit(self, paths: Iterable[Path]) -> None:
        """Forget that these files were removed."""
        with self._connections.writing() as db:
            db.executemany("DELETE FROM removed WHERE path = ?", ((os.fsencode(path),) for path in paths))

    def swept(self, versions: Sequence[int]) -> None:
        with self._connections.writing() as db:
            db.executemany("DELETE FROM sweep WHERE version = ?", ((version,) for version in versions))

    def add_root(self, root: Path) -> None:
        with self._connections.writing() as db:
            db.execute("INSERT OR IGNORE INTO roots VALUES (?)", (os.fsencode(root),))

    def take_over(self, other: CatalogWriter) -> None:
        """Keep what `other` remembers of texts read inside images, and of files that were removed."""
        readings = other._connections.db.execute("SELECT image, reader, text FROM read_inside").fetchall()
        removed = other._connections.db.execute("SELECT path, source, root FROM removed").fetchall()
        with self._connections.writing() as db:
            db.executemany("INSERT OR IGNORE INTO read_inside VALUES (?, ?, ?)", readings)
            db.executemany("INSERT OR IGNORE INTO removed VALUES (?, ?, ?)", removed)


def _taken(db: sqlite3.Connection, counter: str, count: int) -> int:
    """The first of so many fresh numbers."""
    db.execute("INSERT OR IGNORE INTO counters VALUES (?, 1)", (counter,))
    (first,) = db.execute("SELECT value FROM counters WHERE name = ?", (counter,)).fetchone()
    db.execute("UPDATE counters SET value = value + ? WHERE name = ?", (count, counter))
    return int(first)


def _now() -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
