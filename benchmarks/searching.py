"""What a search costs in libraries of 1,000, 10,000 and 100,000 records: against its own floor, a plain search of one's own, and the peers.

    .venv/bin/python benchmarks/searching.py [SIZE...] [--rounds N] [--libraries FOLDER]      prints the tables of searching.md

bm25s, lancedb, qdrant-client and chromadb are asked where they are installed (`pip install bm25s lancedb qdrant-client chromadb`, in an
environment of its own); a row without its library is left out. All sides have the same records and vectors (records.py), and run in turn,
so that what else the machine does falls on both. `--libraries` keeps what was made, and takes what is there.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Sequence
from importlib.util import find_spec
from pathlib import Path

from rag import Library  # before NumPy, whose threads it bounds

# isort: split
from peers import bare, chroma, lancedb, plain, qdrant
from records import SIZES, Corpus, library

K = 10
USERS, EACH = 20, 5  # of the last table: questions at once, and of each user


def in_turn(
    questions: Sequence[str], rounds: int, sides: Sequence[Callable[[str], object]], forget: Callable[[], None]
) -> list[list[float]]:
    """Milliseconds of each side for each question; what is remembered of a question is forgotten before each."""
    for side in sides:
        side("What is it?")
    taken: list[list[float]] = [[] for _ in sides]
    for question in list(questions) * rounds:
        for side, into in zip(sides, taken, strict=True):
            forget()
            started = time.perf_counter()
            side(question)
            into.append((time.perf_counter() - started) * 1000)
    return taken


def ratio(ours: Sequence[float], theirs: Sequence[float]) -> float:
    return statistics.median(a / b for a, b in zip(ours, theirs, strict=True))


def at_once(made: Library, questions: Sequence[str]) -> tuple[float, float, float]:
    """Questions a second of one user, of USERS at once, and the 95th of a hundred of these over their middle."""

    def user(asked: Sequence[str], into: list[float]) -> None:
        for question in asked:
            started = time.perf_counter()
            made.search(question, k=K)
            into.append(time.perf_counter() - started)

    alone: list[float] = []
    user(questions[: USERS * EACH // 4], alone)
    taken: list[list[float]] = [[] for _ in range(USERS)]
    chosen = [[questions[(n * EACH + at) % len(questions)] for at in range(EACH)] for n in range(USERS)]
    threads = [threading.Thread(target=user, args=(asked, into)) for asked, into in zip(chosen, taken, strict=True)]
    began = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    whole = time.perf_counter() - began
    every = sorted(each for one in taken for each in one)
    return len(alone) / sum(alone), len(every) / whole, every[int(len(every) * 0.95)] / statistics.median(every)


def row(size: int, what: str, ours: Sequence[float], against: str, theirs: Sequence[float], wanted: str) -> None:
    cells = f"{statistics.median(ours):.1f} ms | {against} | {statistics.median(theirs):.1f} ms | {ratio(ours, theirs):.2f} | {wanted}"
    print(f"| {size:,} | {what} | {cells} |", flush=True)


def measured(corpus: Corpus, made: Library, size: int, rounds: int, folder: Path) -> None:
    """Print the rows of one size."""
    forget = corpus.encoders.text._alone.cache_clear
    questions = corpus.questions[: max(10, 50 // (1 + size // 50_000))]
    quiet = lambda question: made.search(question, k=K, rerank=False)  # noqa: E731
    whole = lambda question: made.search(question, k=K)  # noqa: E731

    def against(name: str, theirs: Callable[[str], object], ours: Callable[[str], object], what: str, wanted: str) -> None:
        mine, other = in_turn(questions, rounds, (ours, theirs), forget)
        row(size, what, mine, name, other, wanted)

    against("our encoding and three bare calls of the index", bare(made), quiet, "search, without reranking", "at most 1.25")
    if find_spec("bm25s"):
        against("sentence-transformers, exact numpy, bm25s", plain(corpus, size), quiet, "search, without reranking", "at most 1.5")
    for name, make, wanted in (("lancedb", lancedb, "below 1"), ("qdrant_client", qdrant, "below 1"), ("chromadb", chroma, "")):
        if find_spec(name) and (name != "qdrant_client" or size <= 20_000 or "--slow" in sys.argv):
            with tempfile.TemporaryDirectory(dir=folder) as at:
                label = f"{name.removesuffix('_client')}, {'hybrid' if wanted else 'vectors alone'}"
                against(label, make(corpus, size, Path(at)), quiet, "search, without reranking", wanted)
    against("the same without reranking", quiet, whole, "search, reranked", "")
    ask = lambda question: made.ask(question, model="quote")  # noqa: E731
    against("the search alone", whole, ask, "answer by `quote`", "at most 3")


def main(words: list[str]) -> None:
    rounds = int(words.pop(words.index("--rounds") + 1)) if "--rounds" in words else 3
    kept = Path(words.pop(words.index("--libraries") + 1)) if "--libraries" in words else None
    sizes = [int(word.replace(",", "")) for word in words if not word.startswith("--")] or list(SIZES)
    corpus = Corpus()
    print("| records | what | ours | against | theirs | ratio | wanted |\n|---|---|---|---|---|---|---|")
    crowd = []
    with tempfile.TemporaryDirectory() as temporary:
        for size in sizes:
            folder = kept or Path(temporary)
            folder.mkdir(exist_ok=True)
            with library(corpus, folder / f"{size}", size) as made:
                measured(corpus, made, size, rounds, folder)
                crowd.append((size, *at_once(made, corpus.questions)))
    print(f"\n| records | one user | {USERS} at once | their p95 over their p50 |\n|---|---|---|---|")
    for size, one, many, spread in crowd:
        print(f"| {size:,} | {one:.1f} a second | {many:.1f} a second | {spread:.1f} |")


if __name__ == "__main__":
    main(sys.argv[1:])
