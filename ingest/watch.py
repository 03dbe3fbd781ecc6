"""Folders that are followed: one ingest, then another each time that files in them have changed and have come to rest."""

from __future__ import annotations

import contextlib
import errno
import math
import os
import sys
import tempfile
import threading
import time
import warnings
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from watchdog.events import (
    DirAttribEvent,
    DirCreatedEvent,
    DirDeletedEvent,
    DirMovedEvent,
    FileAttribEvent,
    FileClosedEvent,
    FileCreatedEvent,
    FileDeletedEvent,
    FileModifiedEvent,
    FileMovedEvent,
    FileSystemEvent,
    FileSystemEventHandler,
)

from ingest.archives import is_archive
from ingest.discover import spell
from ingest.ignore import IGNORE_FILE, ignored, is_hidden, rules_of
from ingest.pipeline import Progress, ingest
from ingest.readers import kind
from ingest.report import Failure, Report
from rag.errors import LibraryError, OtherEncoder, OtherVersion, UsageError
from rag.library import Library

if TYPE_CHECKING:
    from watchdog.observers.api import BaseObserver, ObservedWatch

QUIET = 1.5  # seconds without a change before a round begins
PATIENCE = 30.0  # seconds after which it begins although changes go on
POLL = 3.0  # seconds between two looks where the system does not tell of changes
RETRY = 30.0  # seconds before another try where the library could not be written
_TICK = 1.0
_NONE_LEFT = (errno.ENOSPC, errno.EMFILE)  # what inotify raises where its limits are reached

Told = Callable[[Report | str], None]
"""Called after a round that changed or failed something new (its Report, with those failures only), and with what else is to be known."""

_EVENTS: list[type[FileSystemEvent]] = [  # opening and reading are none, and a folder's own change comes with that of its file
    *(FileCreatedEvent, FileModifiedEvent, FileAttribEvent, FileClosedEvent, FileMovedEvent, FileDeletedEvent),
    *(DirCreatedEvent, DirAttribEvent, DirMovedEvent, DirDeletedEvent),
]


def watch(
    paths: Sequence[str | Path],
    library: Library,
    *,
    told: Told = lambda _: None,
    stop: threading.Event | None = None,
    progress: Callable[[], AbstractContextManager[Progress]] = lambda: nullcontext(lambda *_: None),
) -> Report:
    """Take files and folders in, then follow them until `stop` is set or Ctrl-C; a round that is under way when `stop` is set is finished.

    What is removed from the library stays out of it, whatever becomes of its file, until it is ingested by hand. Between rounds the index
    is let go of; the encoders stay. `progress` is entered for each round. Gives what was done in all: each source once in a list;
    `unchanged`, `failed`, `passed_over` and `kept_out` as the last round found them.
    Raises UsageError where none of the paths is there; LibraryError where the first round cannot write, or where the library was made
    anew with other encoders; later trouble with the library is told, and tried again.
    """
    stop = stop or threading.Event()
    rounds = _Rounds([Path(path) for path in paths], library, told, progress)
    try:
        rounds.run(stop)
    except KeyboardInterrupt:
        pass
    finally:
        rounds.close()
    return rounds.total


class _Changes:
    """When files changed first and last since the last round."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._first = self._last = math.inf

    def note(self) -> None:
        with self._guard:
            self._last = time.monotonic()
            self._first = min(self._first, self._last)

    def clear(self) -> None:
        with self._guard:
            self._first = self._last = math.inf

    def due(self, quiet: float) -> float:
        """The moment when a round is due; infinite while nothing has changed."""
        with self._guard:
            return min(self._last + quiet, self._first + PATIENCE)


class _Followed(FileSystemEventHandler):
    """One path, and which events below it count as changes."""

    def __init__(self, path: Path, own: Path, changes: _Changes):
        self.path = path
        self.at: Path | None = None  # the path resolved, while something is there
        self.folder: Path | None = None  # the folder that is watched for it
        self.watch: ObservedWatch | None = None
        self.was_there = False
        self._device = (0, 0)
        self._own = own
        self._changes = changes

    def look(self) -> bool:
        """See what is there now; whether it is still what was there before (another file system may be mounted in its place)."""
        before = self.at, self.folder, self._device
        try:
            self.at = self.path.resolve(strict=True)
            self.folder = self.at if self.at.is_dir() else self.at.parent
            stat = self.folder.stat()
            self._device = stat.st_dev, stat.st_ino
            self.was_there = True
        except (OSError, RuntimeError):  # RuntimeError: a loop of links, before Python 3.13
            self.at = self.folder = None
        return (self.at, self.folder, self._device) == before

    def on_any_event(self, event: FileSystemEvent) -> None:
        ends = (Path(os.fsdecode(path)) for path in (event.src_path, event.dest_path) if path)
        if any(self._counts(path, event.is_directory) for path in ends):
            self._changes.note()

    def _counts(self, path: Path, is_folder: bool) -> bool:
        if self.folder is None or self.at != self.folder:
            return path == self.at
        if not path.is_relative_to(self.folder) or path.is_relative_to(self._own):
            return False
        if not (is_folder or kind(path) or is_archive(path) or path.name == IGNORE_FILE):
            return False
        try:
            return not _passed_over(self.folder, path, is_folder)
        except (OSError, ValueError):  # rules that cannot be read: the round tells
            return True


def _passed_over(root: Path, path: Path, is_folder: bool) -> bool:
    """Whether a walk of `root` passes over `path`, by its name or by the ignore rules on the way."""
    prefix, rules = "", rules_of(root, "")
    parts = path.relative_to(root).parts
    for number, part in enumerate(parts, 1):
        is_last = number == len(parts)
        if is_last and part == IGNORE_FILE:
            return False
        if is_hidden(part) or ignored(prefix + part + "/" * (is_folder or not is_last), rules):
            return True
        prefix += part + "/"
        if not is_last:
            rules += rules_of(root / prefix, prefix)
    return False


class _Observation:
    """Events of the operating system for followed paths; where it has none left to give, the folders are looked through now and then."""

    def __init__(self, followed: Sequence[_Followed], changes: _Changes, told: Told):
        self._followed = followed
        self._changes = changes
        self._told = told
        self._polls = False
        self._observer: BaseObserver | None = None

    @property
    def quiet(self) -> float:
        """How long nothing may be seen to change before a round: where folders are looked through, until the next look."""
        return QUIET + POLL if self._polls else QUIET

    def follow(self, *, probe: bool = False) -> None:
        """Watch what is there now; what has gone or come since the last time counts as a change. `probe` after folders were made."""
        try:
            if self._follow() or probe:
                self._probe()
        except OSError as error:
            if error.errno not in _NONE_LEFT or self._polls:
                raise
            self._told(
                f"This system can watch no more folders ({error.strerror or error}): they are looked through every {POLL:.0f} seconds. "
                "Raising fs.inotify.max_user_watches or max_user_instances mends that."
            )
            self.close()
            self._polls = True
            self._follow()

    def close(self) -> None:
        if self._observer:
            self._observer.stop()
            self._observer.join()
            self._observer = None
        for each in self._followed:
            each.watch = None

    def _follow(self) -> bool:
        """Whether anything is watched that was not before. Raises OSError where the system can watch no more."""
        observer = self._observer = self._observer or self._started()
        alive = {emitter.watch for emitter in observer.emitters if emitter.is_alive()}
        fresh = False
        for each in self._followed:
            same = each.look()
            if each.watch and not (same and each.watch in alive):
                with contextlib.suppress(KeyError):  # another path in the same folder was first
                    observer.unschedule(each.watch)
                each.watch = None
                self._changes.note()
            if each.folder and not each.watch:
                try:
                    each.watch = observer.schedule(each, str(each.folder), recursive=each.at == each.folder, event_filter=_EVENTS)
                except OSError as error:
                    if error.errno in _NONE_LEFT:
                        raise
                    continue  # gone in between, or not ours to read
                self._changes.note()
                fresh = True
        return fresh

    def _probe(self) -> None:
        """Raises OSError where the kernel has no watch left: watchdog passes over inner folders then, without a word."""
        if self._observer and sys.platform == "linux" and not self._polls:
            with tempfile.TemporaryDirectory() as folder:
                self._observer.unschedule(self._observer.schedule(FileSystemEventHandler(), folder, event_filter=_EVENTS))

    def _started(self) -> BaseObserver:
        from watchdog.observers import Observer
        from watchdog.observers.polling import PollingObserver

        # of folders made in folders just made, watchdog hears twice, by its own walk and by the system, and warns of itself
        warnings.filterwarnings("ignore", "Callback with id .* already exists for watch", RuntimeWarning)
        observer = PollingObserver(timeout=POLL) if self._polls else Observer()
        observer.start()
        return observer


class _Rounds:
    """Ingests of the same paths, one after the other."""

    def __init__(self, paths: Sequence[Path], library: Library, told: Told, progress: Callable[[], AbstractContextManager[Progress]]):
        self.total = Report()
        self._library = library
        self._told = told
        self._progress = progress
        self._card = self._read_card()
        self._changes = _Changes()
        own = library.folder.resolve()
        self._followed = [_Followed(path, own, self._changes) for path in paths]
        self._observation = _Observation(self._followed, self._changes, told)
        self._trouble = ""

    def run(self, stop: threading.Event) -> None:
        self._observation.follow()
        if not any(each.at for each in self._followed):
            named = ", ".join(spell(str(each.path)) for each in self._followed)
            raise UsageError(f"Nothing is there to follow: {named}.", "Check the spelling of the path.")
        self._changes.clear()
        self._round()
        again = math.inf
        while not stop.is_set():
            self._observation.follow()
            now = time.monotonic()
            due = min(self._changes.due(self._observation.quiet), again)
            if now < due:
                stop.wait(min(_TICK, due - now))
                continue
            self._changes.clear()
            again = math.inf
            try:
                self._observation.follow(probe=True)
                self._reopen()
                self._round()
                self._trouble = ""
            except (OtherEncoder, OtherVersion):
                raise
            except LibraryError as error:
                again = time.monotonic() + RETRY
                self._tell_trouble(f"{error} {error.hint}".strip())

    def close(self) -> None:
        self._observation.close()
        self._library.close()

    def _round(self) -> None:
        gone = [each for each in self._followed if each.was_there and not each.at]
        paths = [each.path for each in self._followed if each not in gone]
        report = Report()
        if paths:
            try:
                with self._progress() as progress:
                    report = ingest(paths, self._library, progress=progress, keep_out=True)
            finally:
                self._library.close()
        reason = "It is gone; what the library holds of it was kept."
        report.failed += [Failure(spell(str(each.path)), reason, "Is it mounted?") for each in gone]
        news = replace(report, failed=[failure for failure in report.failed if failure not in self.total.failed])
        first = not self.total.seconds
        self._add(report)
        if first or any((news.added, news.changed, news.renamed, news.removed, news.failed)):
            self._told(news)

    def _add(self, report: Report) -> None:
        total = self.total
        for name in ("added", "changed", "renamed", "removed"):
            setattr(total, name, list(dict.fromkeys((*getattr(total, name), *getattr(report, name)))))
        touched = {*total.added, *total.changed, *total.renamed}
        total.unchanged = [source for source in report.unchanged if source not in touched]
        total.failed, total.passed_over, total.kept_out = report.failed, report.passed_over, report.kept_out
        total.left_out = [each for each in total.left_out if each.source not in report.changed + report.removed] + report.left_out
        total.passages += report.passages
        total.figures += report.figures
        total.took(report.seconds)

    def _reopen(self) -> None:
        """After a rebuild by another process the folder holds another library."""
        card = self._read_card()
        if card != self._card:
            self._library = Library.open(self._library.folder, self._library.settings, create=False)
            self._card = card

    def _read_card(self) -> bytes:
        try:
            return (self._library.folder / "library.json").read_bytes()
        except OSError:
            return b""

    def _tell_trouble(self, line: str) -> None:
        """The same trouble is told once."""
        if line != self._trouble:
            self._told(line)
        self._trouble = line
