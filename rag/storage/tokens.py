"""The token vectors of every passage and figure, packed: a SQLite file of their own, read through a memory map, written and swept with the
rows of the index."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from rag.errors import LibraryError
from rag.storage.disk import room_in
from rag.storage.sqlite import Connections

MAPPED = 1 << 40  # bytes: as much as SQLite maps (2 GB); the rest is read
ASKED_AT_ONCE = 500


class TokenStore:
    """Packed token vectors by record id. Safe from several threads and processes; each thread has its own connection.

    Raises LibraryError where the file cannot be used, NoRoom where the disk is full.
    """

    def __init__(self, folder: Path, *, read_only: bool = False):
        self._path = folder / "tokens.db"
        self._connections = Connections(self._path, _prepared, read_only=read_only)

    @contextmanager
    def _told(self) -> Iterator[sqlite3.Connection]:
        try:
            with room_in(self._path.parent):
                yield self._connections.db
        except sqlite3.DatabaseError as error:
            raise LibraryError(f"{self._path} cannot be used: {error}.", "`diptych rebuild` makes it anew from the sources.") from None

    @contextmanager
    def _written(self) -> Iterator[sqlite3.Connection]:
        with self._told(), self._connections.writing() as db:
            yield db

    def write(self, rows: Iterable[tuple[int, int, bytes]]) -> None:
        """Put in (id, version, packed vectors)."""
        with self._written() as db:
            db.executemany("INSERT OR REPLACE INTO tokens VALUES (?, ?, ?)", rows)

    def delete(self, versions: Sequence[int]) -> None:
        """Take out every row of these versions."""
        with self._written() as db:
            db.executemany("DELETE FROM tokens WHERE version = ?", ((version,) for version in versions))

    def ids(self, version: int) -> set[int]:
        """The ids of the rows of this version."""
        with self._told() as db:
            return {id for (id,) in db.execute("SELECT id FROM tokens WHERE version = ?", (version,))}

    def fetch(self, ids: Sequence[int]) -> dict[int, bytes]:
        """The packed vectors of those ids that are there."""
        found: dict[int, bytes] = {}
        with self._told() as db:
            for start in range(0, len(ids), ASKED_AT_ONCE):
                part = ids[start : start + ASKED_AT_ONCE]
                found.update(db.execute(f"SELECT id, data FROM tokens WHERE id IN ({','.join('?' * len(part))})", part))
        return found

    def size(self) -> int:
        """Bytes on disk."""
        return self._path.stat().st_size if self._path.exists() else 0

    def close(self) -> None:
        """Close this thread's connection."""
        self._connections.close()


def _prepared(db: sqlite3.Connection) -> None:
    db.execute("PRAGMA page_size=16384")
    db.execute("PRAGMA journal_mode=WAL")
    db.execute(f"PRAGMA mmap_size={MAPPED}")
    db.execute("CREATE TABLE IF NOT EXISTS tokens (id INTEGER PRIMARY KEY, version INTEGER, data BLOB NOT NULL) STRICT")
    db.execute("CREATE INDEX IF NOT EXISTS by_version ON tokens (version)")
