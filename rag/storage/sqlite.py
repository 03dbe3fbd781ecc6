"""Connections to one SQLite file of a library, one a thread; also where the folder may only be read, which SQLite by itself refuses.

A file in WAL mode can be read without writing anything beside it only while its writer has made the files of its log. Where there are none,
it is opened as one that does not change, and opened anew when it did; where a log was left that nobody may work in, a copy is.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from rag.errors import LibraryError
from rag.storage.disk import room_in

KEPT = ("catalog.db", "tokens.db", "index.db")

Mark = tuple[tuple[int, int], ...]


def may_write(folder: Path) -> bool:
    """Whether this user may write into a library folder, and to what is in it."""
    return os.access(folder, os.W_OK | os.X_OK) and all(os.access(folder / name, os.W_OK) for name in KEPT if (folder / name).exists())


class ReadOnly(LibraryError):
    """Something was to be written into a library that may only be read."""

    def __init__(self, folder: Path):
        super().__init__(
            f"The library {folder} can only be read.", "Write to it as the user that it belongs to, or name another with --library."
        )


class Connections:
    """The connections to the file at `path`; `prepare` is done to each that may write. Raises sqlite3.Error."""

    def __init__(self, path: Path, prepare: Callable[[sqlite3.Connection], None], *, read_only: bool = False):
        self._path, self._prepare = path, prepare
        self.read_only = read_only
        self._local = threading.local()

    @property
    def db(self) -> sqlite3.Connection:
        """This thread's connection."""
        known: sqlite3.Connection | None = getattr(self._local, "db", None)
        if known is not None and self.read_only and self._local.mark is not None and self._local.mark != mark(self._path):
            self.close()
            known = None
        if known is None:
            if self.read_only:
                self._local.mark = mark(self._path)
                known, follows = _to_read(self._path)
                if follows:
                    self._local.mark = None
            else:
                known = sqlite3.connect(self._path, timeout=60, isolation_level=None)
                self._prepare(known)
            self._local.db = known
        return known

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """This thread's connection in a transaction: all of it is written, or nothing. Raises ReadOnly, NoRoom."""
        if self.read_only:
            raise ReadOnly(self._path.parent)
        with room_in(self._path.parent):
            db = self.db
            db.execute("BEGIN IMMEDIATE")
            try:
                yield db
                db.execute("COMMIT")
            except BaseException:
                if db.in_transaction:  # a full disk ends it by itself
                    db.execute("ROLLBACK")
                raise

    def close(self) -> None:
        """Close this thread's connection."""
        if hasattr(self._local, "db"):
            self._local.db.close()
            del self._local.db


def mark(path: Path) -> Mark:
    """What changes when the file at `path`, or its log, is written to."""
    found = []
    for each in (path, log_of(path)):
        try:
            stat = each.stat()
            found.append((stat.st_size, stat.st_mtime_ns))
        except OSError:
            found.append((0, 0))
    return tuple(found)


def log_of(path: Path) -> Path:
    return path.with_name(path.name + "-wal")


def copied(path: Path, to: Path) -> None:
    """Copy the file at `path`, with what its log or journal has; `to` is whole even where the owner writes meanwhile."""
    try:
        with (
            closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True, timeout=60)) as db,
            closing(sqlite3.connect(to)) as copy,
        ):
            db.backup(copy)
            return
    except sqlite3.Error:  # a log or journal was left, and may not be worked in here
        to.unlink(missing_ok=True)
    for ending in ("", "-wal", "-journal"):
        if path.with_name(path.name + ending).exists():
            shutil.copyfile(path.with_name(path.name + ending), to.with_name(to.name + ending))


def _to_read(path: Path) -> tuple[sqlite3.Connection, bool]:
    """A connection that writes nothing, and whether it follows what others write."""
    uri = path.absolute().as_uri()
    db = sqlite3.connect(f"{uri}?mode=ro", uri=True, timeout=60, isolation_level=None)
    try:
        db.execute("SELECT 1 FROM sqlite_master").fetchone()
        return db, True
    except sqlite3.OperationalError:
        db.close()
    if not (log_of(path).exists() and log_of(path).stat().st_size):
        return _unchanging(path), False
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        copy = Path(folder) / path.name
        copied(path, copy)
        with closing(sqlite3.connect(copy)) as opened:
            opened.execute("PRAGMA journal_mode=DELETE")
        return _unchanging(copy), False  # it stays open when its name is gone


def _unchanging(path: Path) -> sqlite3.Connection:
    db = sqlite3.connect(f"{path.absolute().as_uri()}?immutable=1", uri=True, timeout=60, isolation_level=None)
    db.execute("SELECT 1 FROM sqlite_master").fetchone()
    return db
