"""Reading processes side by side, each file with a time limit: one that hangs or crashes its reader fails alone."""

from __future__ import annotations

import contextlib
import logging
import os
import pickle
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from itertools import islice
from pathlib import Path
from typing import Any, TypeVar

from ingest.messages import Beat, Job, Read, Setup, Stop, Unread
from rag.errors import LibraryError

PROCESSES = max(1, min(4, os.cpu_count() or 1))
AHEAD = 256  # files read and waiting for the encoder, at most
START_SECONDS = 120

_GONE = (EOFError, OSError, pickle.UnpicklingError)
_log = logging.getLogger(__name__)
T = TypeVar("T")


class ReaderPool:
    """A context manager. Up to `processes` files are read at once; `seconds` is how long a file may give no sign of life. `hears` tells
    of each recording that is read how many seconds of it were heard, and of how many (0: not known)."""

    def __init__(self, setup: Setup, seconds: float, processes: int):
        self._setup = setup
        self._seconds = seconds
        self._mine = threading.local()  # each thread feeds one process
        self._all: list[_Process] = []
        self.hears: dict[str, tuple[float, float]] = {}
        self._closed = False
        self._threads = ThreadPoolExecutor(processes, thread_name_prefix="reader")

    def __enter__(self) -> ReaderPool:
        return self

    def __exit__(self, *_: object) -> None:
        self._closed = True
        for process in list(self._all):
            process.kill()
        self._threads.shutdown(cancel_futures=True)
        for process in self._all:
            process.close()

    def read(
        self, jobs: Iterable[tuple[T, Job]], keep: Callable[[T, Read], Read] = lambda what, read: read, tick: float | None = None
    ) -> Iterator[tuple[T, Read | Unread | Stop] | None]:
        """What became of each job, beside what it was given with, in the order in which they are done; jobs are drawn as there is room.

        What was read is given to `keep` at once, in a thread of its own, and goes on as what that returns. None where the next is not done
        yet, and again every `tick` seconds until it is.
        """
        drawn = iter(jobs)
        running: dict[Future[Read | Unread | Stop], T] = {}

        def draw() -> None:
            for what, job in islice(drawn, AHEAD - len(running)):
                running[self._threads.submit(self._kept, what, job, keep)] = what

        draw()
        patience: float | None = 0
        while running:
            done, _ = wait(running, patience, FIRST_COMPLETED)
            patience = 0 if done else tick
            if not done:
                yield None
            for future in done:
                what = running.pop(future)
                draw()  # before it is handed on: it may be long until the next is asked for
                yield what, future.result()

    def _kept(self, what: T, job: Job, keep: Callable[[T, Read], Read]) -> Read | Unread | Stop:
        outcome = self._read(job)
        return keep(what, outcome) if isinstance(outcome, Read) else outcome

    def _read(self, job: Job) -> Read | Unread | Stop:
        process: _Process | None = getattr(self._mine, "process", None)
        if process is None or not process.alive:
            process = self._mine.process = _Process(self._setup, self._seconds, self.hears)
            self._all.append(process)
            if self._closed:
                process.kill()
        outcome = process.read(job)
        if not process.alive:
            self._all.remove(process)
            process.close()
        return outcome


class _Process:
    """One reading process and the pipes to it. Raises LibraryError where it does not start."""

    def __init__(self, setup: Setup, seconds: float, hears: dict[str, tuple[float, float]]):
        self._seconds = seconds
        self._hears = hears
        threads = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "TOKENIZERS_PARALLELISM": "false"}
        found = os.pathsep.join(filter(None, [str(Path(__file__).parents[1]), os.environ.get("PYTHONPATH")]))
        self._said = tempfile.TemporaryFile()  # noqa: SIM115 - as long as the process lives
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-m", "ingest.worker"],  # -P: a folder of that name where the user stands is not ours
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._said,
            env=os.environ | threads | {"PYTHONPATH": found, **dict.fromkeys(("TMPDIR", "TEMP", "TMP"), str(setup.spools))},
        )
        try:
            self._send(setup)
            self._next(START_SECONDS)
        except _GONE:
            self.kill()
            said = self._last_words()
            raise LibraryError(f"A reading process does not start: {said}", "Run `make install` again, or report it.") from None

    @property
    def alive(self) -> bool:
        return self._process.poll() is None

    def kill(self) -> None:
        self._process.kill()
        self._process.wait()

    def close(self) -> None:
        """Let go of the pipes to a process that has ended."""
        for pipe in (self._process.stdin, self._process.stdout, self._said):
            with contextlib.suppress(OSError):  # it did not take all that was sent
                pipe.close()  # type: ignore[union-attr]

    def read(self, job: Job) -> Read | Unread | Stop:
        try:
            self._send(job)
            while isinstance(message := self._next(self._seconds), Beat):
                if message.heard:
                    self._hears[job.source] = message.heard
            return message
        except TimeoutError:
            self.kill()
            reason = f"Its reader came no further for {self._seconds:g} s, and was ended."
            return Unread(reason, "Open it and save it anew, or raise the setting read_seconds.")
        except _GONE:
            self.kill()
            _log.debug("%s: %s", job.source, self._last_words())
            return Unread(f"Its reader crashed ({_how(self._process.returncode)}).", "It may be damaged: save it anew.")
        finally:
            self._hears.pop(job.source, None)

    def _next(self, seconds: float) -> Any:
        """The next message. Raises TimeoutError where none comes in time, one of `_GONE` where the process ends."""
        late = threading.Event()

        def end() -> None:
            late.set()
            self._process.kill()

        timer = threading.Timer(seconds, end)
        timer.daemon = True
        timer.start()
        try:
            return pickle.load(self._process.stdout)  # type: ignore[arg-type]
        except _GONE:
            if late.is_set():
                raise TimeoutError from None
            raise
        finally:
            timer.cancel()

    def _last_words(self) -> str:
        self._said.seek(0)
        lines = self._said.read()[-2000:].decode("utf-8", "replace").strip().splitlines()
        return lines[-1] if lines else _how(self._process.returncode)

    def _send(self, message: Any) -> None:
        assert self._process.stdin
        pickle.dump(message, self._process.stdin)
        self._process.stdin.flush()


def _how(status: int | None) -> str:
    with contextlib.suppress(ValueError):
        return signal.Signals(-(status or 0)).name
    return f"status {status}"
