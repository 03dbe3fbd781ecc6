"""Two things that run in turn, so that what else the machine does falls on both; and what the rows of speed.py need for it."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
Work = Callable[[], object]


@dataclass(frozen=True)
class Row:
    """Two things to run: `ours`, and what it is held `against`; seconds that need no run stand for `theirs` as a number.

    `least` is how many times faster ours is to be; below 1, how much slower it may be. `each` is how many things one run does, `often` how
    many runs count as a round, `meanwhile` what is to be under way.
    """

    what: str
    against: str
    least: float
    ours: Work
    theirs: Work | float
    each: int = 1
    unit: str = "s"
    often: int = 1
    meanwhile: Callable[[], AbstractContextManager[None]] = nullcontext


@dataclass(frozen=True)
class Measured:
    """Seconds of each round, ours and theirs."""

    row: Row
    ours: list[float]
    theirs: list[float]

    @property
    def ratio(self) -> float:
        """How many times faster ours is: the median of the rounds' own ratios."""
        return statistics.median(theirs / ours for ours, theirs in zip(self.ours, self.theirs, strict=True))

    def line(self) -> str:
        told = [self._told(statistics.median(seconds)) for seconds in (self.ours, self.theirs)]
        reached = self.ratio if self.row.least >= 1 else 1 / self.ratio
        wanted = f"at least {self.row.least:g}" if self.row.least >= 1 else f"at most {1 / self.row.least:g}"
        return f"| {self.row.what} | {told[0]} | {self.row.against} | {told[1]} | {reached:.2f} | {wanted} |"

    def _told(self, seconds: float) -> str:
        if self.row.unit == "s":
            return f"{seconds:.2f} s"
        if self.row.unit == "ms":
            return f"{seconds / self.row.each * 1000:.1f} ms"
        return f"{self.row.each / seconds:.1f} {self.row.unit}"


class Bench:
    """What the rows need, made when the first of them does; gone with `close`."""

    def __init__(self) -> None:
        self._stack = ExitStack()

    def close(self) -> None:
        self._stack.close()

    def temporary(self) -> Path:
        """A new folder."""
        return Path(self._stack.enter_context(tempfile.TemporaryDirectory(prefix="diptych-speed-")))

    @cached_property
    def folder(self) -> Path:
        """A library of the sample; in the variable DIPTYCH_BENCH_LIBRARY one that is there already."""
        if there := os.environ.get("DIPTYCH_BENCH_LIBRARY"):
            return Path(there)
        folder = self.temporary() / "library"
        diptych("ingest", str(PROJECT / "data" / "sample"), "--library", str(folder))
        return folder

    @cached_property
    def passages(self) -> list[str]:
        from rag import Library

        with Library.open(self.folder, create=False) as library:
            return [stored.record.words for stored in library.catalog.all_records() if not stored.record.image]

    @cached_property
    def pictures(self) -> list[Path]:
        return sorted(path for path in (PROJECT / "data" / "sample").rglob("*") if path.suffix in (".png", ".jpg", ".jpeg"))

    @contextmanager
    def watched(self) -> Iterator[None]:
        """A `diptych watch` over an empty folder, which has the library open."""
        (self.folder / "warm.json").unlink(missing_ok=True)
        with tempfile.TemporaryDirectory() as nothing:
            command = [sys.executable, "-m", "app", "watch", nothing, "--library", str(self.folder)]
            with subprocess.Popen(command, cwd=PROJECT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as watcher:
                try:
                    until = time.monotonic() + 120
                    while not (self.folder / "warm.json").exists() and time.monotonic() < until:
                        time.sleep(0.2)
                    yield
                finally:
                    watcher.terminate()


def diptych(*words: str) -> None:
    done = subprocess.run([sys.executable, "-m", "app", *words], cwd=PROJECT, check=False, capture_output=True)
    if done.returncode > 1:  # 1: something was not taken, as recordings without a model of speech
        sys.exit(f"diptych {words[0]} failed: {done.stderr.decode().strip()}")


def measure(row: Row, rounds: int) -> Measured:
    """Once each to warm up, then in turn."""
    with row.meanwhile():
        both = [(seconds(row.ours), seconds(row.theirs)) for _ in range(rounds * row.often + 1)]
    ours, theirs = zip(*both[1:], strict=True)
    return Measured(row, list(ours), list(theirs))


def seconds(work: Work | float) -> float:
    """What a run takes."""
    if not callable(work):
        return work
    started = time.perf_counter()
    work()
    return time.perf_counter() - started
