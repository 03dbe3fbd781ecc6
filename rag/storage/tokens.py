"""The token vectors of every passage and figure, packed: a SQLite file of their own, read through a memory map, written and swept with the
rows of the index."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from rag.errors import LibraryError
from rag.storage.disk import room_in

MAPPED = 1 << 40  # bytes: as much as SQLite maps (2 GB); the rest is read
ASKED_AT_ONCE = 500


class TokenStore:
    """Packed token vectors by record id. Safe from several threads and processes; each thread has its own connection.

    Raises LibraryError where the file cannot be used, NoRoom where the disk is full.
    """

    def __init__(self, folder: Path):
        self._path = folder / "tokens.db"
        self._local = threading.local()

    @property
    def _db(self) -> sqlite3.Connection:
        if not hasattr(self._local, "db"):
            db = sqlite3.connect(self._path, timeout=60)
            db.execute("PRAGMA page_size=16384")
            db.execute("PRAGMA journal_mode=WAL")
            db.execute(f"PRAGMA mmap_size={MAPPED}")
            db.execute("CREATE TABLE IF NOT EXISTS tokens (id INTEGER PRIMARY KEY, version INTEGER, data BLOB NOT NULL) STRICT")
            db.execute("CREATE INDEX IF NOT EXISTS by_version ON tokens (version)")
            self._local.db = db
        return self._local.db

    @contextmanager
    def _told(self) -> Iterator[None]:
        try:
            with room_in(self._path.parent):
                yield
        except sqlite3.DatabaseError as error:
            raise LibraryError(f"{self._path} cannot be used: {error}.", "`diptych rebuild` makes it anew from the sources.") from None

    def write(self, rows: Iterable[tuple[int, int, bytes]]) -> None:
        """Put in (id, version, packed vectors)."""
        with self._told(), self._db as db:
            db.executemany("INSERT OR REPLACE INTO tokens VALUES (?, ?, ?)", rows)

    def delete(self, versions: Sequence[int]) -> None:
        """Take out every row of these versions."""
        with self._told(), self._db as db:
            db.executemany("DELETE FROM tokens WHERE version = ?", ((version,) for version in versions))

    def fetch(self, ids: Sequence[int]) -> dict[int, bytes]:
        """The packed vectors of those ids that are there."""
        found: dict[int, bytes] = {}
        with self._told():
            for start in range(0, len(ids), ASKED_AT_ONCE):
                part = ids[start : start + ASKED_AT_ONCE]
                found.update(self._db.execute(f"SELECT id, data FROM tokens WHERE id IN ({','.join('?' * len(part))})", part))
        return found

    def size(self) -> int:
        """Bytes on disk."""
        return self._path.stat().st_size if self._path.exists() else 0

    def close(self) -> None:
        """Close this thread's connection."""
        if hasattr(self._local, "db"):
            self._local.db.close()
            del self._local.db
