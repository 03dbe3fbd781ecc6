"""Folders that a library follows while a chat over it runs: kept in its folder, so that they are followed again after a restart.

Of several processes over one library one follows a folder, under a lock; when it ends, another goes on.
"""

from __future__ import annotations

import hashlib
import json
import logging
import os
import tempfile
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from app.chat.jobs import as_error
from rag.errors import LibraryError, UsageError
from rag.library import Library

if TYPE_CHECKING:
    from ingest.report import Report

FILE = "watched.json"
LOOK = 1.0  # seconds between two looks at the list, and at a lock that another process holds
RETRY = 30.0  # seconds before a folder that could not be followed is tried again

State = Literal["waiting", "elsewhere", "following", "failed"]

_log = logging.getLogger(__name__)


@dataclass
class Watched:
    """A folder that is followed: `at` is when the last round with news ended (seconds since the epoch), `news` its report."""

    path: Path
    state: State = "waiting"
    at: float = 0.0
    news: Report | None = None
    trouble: str = ""
    stop: threading.Event = field(default_factory=threading.Event)


class Watching:
    """What one library follows, for all sessions of this process. `close` ends it here; the list stays."""

    def __init__(self, library: Library):
        self._library = library
        self._file = library.folder / FILE
        self._guard = threading.RLock()
        self._here: dict[Path, Watched] = {}
        self._closed = threading.Event()
        if not library.read_only:
            threading.Thread(target=self._keep, daemon=True).start()

    def start(self, path: Path) -> None:
        """Follow a folder or file from now on; what was removed of it before comes in again.

        Raises UsageError where nothing is there, LibraryError where the list cannot be kept.
        """
        path = path.expanduser().resolve()
        if not path.exists():
            raise UsageError(f"Nothing is there to follow: {path}.", "Check the spelling of the path.")
        catalog = self._library.catalog
        catalog.writer.readmit([each.path for each in catalog.removed() if each.path.is_relative_to(path)])
        with self._guard:
            self._write(sorted({*self._listed(), path}))
            self._sync()

    def stop(self, path: Path) -> None:
        """Follow it no longer, in any process; what was taken in stays. A round that is under way is finished."""
        with self._guard:
            self._write([each for each in self._listed() if each != path])
            self._sync()

    def all(self) -> list[Watched]:
        """What is followed, by path."""
        with self._guard:
            return [self._here.get(path, Watched(path)) for path in self._listed()]

    def close(self) -> None:
        """Let go of everything in this process."""
        self._closed.set()
        with self._guard:
            for each in self._here.values():
                each.stop.set()

    def _keep(self) -> None:
        """Go by the list, which any process may change."""
        while not self._closed.is_set():
            with self._guard:
                self._sync()
            self._closed.wait(LOOK)

    def _sync(self) -> None:
        if self._closed.is_set() or self._library.read_only:
            return
        listed = self._listed()
        for path in [path for path in self._here if path not in listed]:
            self._here.pop(path).stop.set()
        for path in listed:
            if path not in self._here:
                each = self._here[path] = Watched(path)
                threading.Thread(target=self._follow, args=(each,), daemon=True).start()

    def _follow(self, each: Watched) -> None:
        from filelock import FileLock, Timeout

        digest = hashlib.blake2b(os.fsencode(each.path), digest_size=6).hexdigest()
        lock = FileLock(self._library.folder / f"watch-{digest}.lock", thread_local=False)
        while not each.stop.is_set():
            try:
                with lock.acquire(timeout=0):
                    self._rounds(each)
            except Timeout:
                each.state = "elsewhere"
                each.stop.wait(LOOK)
            except Exception as error:
                told = as_error(error)
                each.state, each.trouble = "failed", f"{told} {told.hint}".strip()
                each.stop.wait(RETRY)

    def _rounds(self, each: Watched) -> None:
        from ingest.watch import watch

        def told(news: Report | str) -> None:
            if isinstance(news, str):
                each.trouble = news
            else:
                each.news, each.at, each.trouble = news, time.time(), ""

        each.state, each.trouble = "following", ""
        own = Library.open(self._library.folder, self._library.settings, create=False)  # it lets go of the index between its rounds
        watch([each.path], own, told=told, stop=each.stop)

    def _listed(self) -> list[Path]:
        try:
            return [Path(path) for path in json.loads(self._file.read_text("utf-8"))]
        except FileNotFoundError:
            return []
        except (OSError, ValueError, TypeError) as error:
            _log.warning("%s: %s", self._file, error)
            return []

    def _write(self, paths: list[Path]) -> None:
        try:
            handle, part = tempfile.mkstemp(dir=self._file.parent, prefix=f".{FILE}-")
            with os.fdopen(handle, "w", encoding="utf-8") as out:
                json.dump([str(path) for path in paths], out, ensure_ascii=False, indent=2)
            Path(part).replace(self._file)
        except OSError as error:
            raise LibraryError(f"{self._file} cannot be written: {error.strerror}.", "Check the rights of the library's folder.") from None
