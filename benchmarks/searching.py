"""What a search costs in libraries of 1,000, 10,000 and 100,000 records: against its own floor, a plain search of one's own, and the peers.

    .venv/bin/python benchmarks/searching.py [SIZE...] [--rounds N] [--libraries FOLDER]      prints the tables of searching.md

bm25s, lancedb, qdrant-client and chromadb are asked where they are installed (`pip install bm25s lancedb qdrant-client chromadb`, in an
environment of its own); a row without its library is left out. All sides have the same records and vectors, and run in turn, so that what
else the machine does falls on both. A record is two paragraphs of the standard library's documentation strings, its vector stands between
theirs, and the vectors of its tokens are theirs; every tenth is a picture, which stands between two cut-outs of the sample's pictures. The
questions ask for what paragraphs say that are in no record: "Where does it say how to return the absolute path of a file?". `--libraries`
keeps what was made, and takes what is there.
"""

from __future__ import annotations

import os
import re
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
from docstrings import PARAGRAPHS, paragraphs
from PIL import Image

from rag import Library, Settings
from rag.embed import Encoders, TokenVectors, load_encoders
from rag.embed.unit import unit
from rag.records import Locator, Record
from rag.retrieve.routes import DEPTH
from rag.storage.catalog import File
from rag.storage.store import Filter

SIZES = (1_000, 10_000, 100_000)
IN_A_FILE = 100  # records
PICTURE = 10  # every so manieth record
SAMPLE = Path(__file__).resolve().parent.parent / "data" / "sample"
K = 10
USERS, EACH = 20, 5  # of the last table: questions at once, and of each user
WORDS = 12  # of a question, at most


class Corpus:
    """The records of a size: `texts` (n), `dense` (n, 384), `visual` of the pictures among them, and what to ask."""

    def __init__(self) -> None:
        self.encoders = load_encoders(Settings())
        found = paragraphs()
        self._base = found[:PARAGRAPHS]
        opened = (re.split(r"(?<=[.!?])\s", text)[0].rstrip(".").split()[:WORDS] for text in found[PARAGRAPHS:])
        self.questions = [f"Where does it say how to {first.lower()} {' '.join(rest)}?" for first, *rest in opened]
        self._tokens: list[TokenVectors] = [TokenVectors(np.zeros((0, 0), np.float32), [])] * len(self._base)
        self._dense = np.empty((len(self._base), self.encoders.text.dimension), np.float32)
        for at, vector, tokens in self.encoders.text.encode_both(self._base):
            self._dense[at], self._tokens[at] = vector, tokens
        self._looks = self.encoders.joint.look(list(cut_outs())).visual
        chance = np.random.default_rng(7)
        self._pairs = chance.integers(len(self._base), size=(max(SIZES), 2))
        self._shown = chance.integers(len(self._looks), size=(max(SIZES), 2))

    @cached_property
    def dense(self) -> np.ndarray:
        return unit(self._dense[self._pairs[:, 0]] + 0.7 * (self._dense[self._pairs[:, 1]] - self._dense.mean(axis=0)))

    @cached_property
    def visual(self) -> np.ndarray:
        mixed = self._looks[self._shown[:, 0]] + 0.5 * self._looks[self._shown[:, 1]]
        return mixed / np.linalg.norm(mixed, axis=1, keepdims=True)

    def text(self, row: int) -> str:
        first, second = self._pairs[row]
        return f"{self._base[first]} {self._base[second]}"

    def tokens(self, row: int) -> TokenVectors:
        first, second = (self._tokens[at] for at in self._pairs[row])
        behind = len(self._base[self._pairs[row][0]]) + 1
        return TokenVectors(
            np.concatenate([first.vectors, second.vectors]), [*first.offsets, *((a + behind, b + behind) for a, b in second.offsets)]
        )


def cut_outs() -> Iterator[Image.Image]:
    """Every picture of the sample, and its four quarters."""
    for path in sorted(SAMPLE.rglob("*")):
        if path.suffix in (".png", ".jpg", ".jpeg"):
            with Image.open(path) as opened:
                whole = opened.convert("RGB")
            across, down = whole.width // 2, whole.height // 2
            yield whole
            yield from (whole.crop((x, y, x + across, y + down)) for x in (0, across) for y in (0, down))


@dataclass(frozen=True)
class Known:
    """The text encoder, but that it knows what the corpus' records are; the rest is the real one."""

    corpus: Corpus
    row_of: dict[str, int]

    def encode_both(self, texts: Sequence[str]) -> Iterator[tuple[int, np.ndarray, TokenVectors]]:
        for at, text in enumerate(texts):
            yield at, self.corpus.dense[self.row_of[text]], self.corpus.tokens(self.row_of[text])

    def __getattr__(self, name: str) -> Any:
        return getattr(self.corpus.encoders.text, name)


def library(corpus: Corpus, folder: Path, size: int) -> Library:
    """A library with the first `size` records, by the same way in that an ingest takes."""
    made = Library.open(folder, Settings(library=folder))
    if len(made.catalog.ids()) == size:
        return made
    files, visual, row_of = [], {}, {}
    for start in range(0, size, IN_A_FILE):
        records = []
        for row in range(start, min(start + IN_A_FILE, size)):
            key = f"{row:064x}" if row % PICTURE == 0 else None
            record = Record("image" if key else "text", corpus.text(row), Locator(line=row), image=key)
            row_of[record.gist] = row
            if key:
                visual[key] = corpus.visual[row]
            records.append(record)
        path = Path("/records") / f"{start:06}.txt"
        files.append((File(path, path.name, path.parent, 1, 1, f"{start:064x}"), records))
    made.__dict__["encoders"] = Encoders(Known(corpus, row_of), corpus.encoders.joint)  # type: ignore[arg-type]
    with made.writing():
        for at in range(0, len(files), 50):
            made.add(files[at : at + 50], visual)
    made.__dict__["encoders"] = corpus.encoders
    return made


# ── what is held against it ───────────────────────────────────────────────────────────────────────────────────────────────────────────────


def bare(made: Library) -> Callable[[str], object]:
    """Our encoding of the question and the three calls of the index, nothing else."""
    text, joint, store = made.encoders.text, made.encoders.joint, made.store

    def ask(question: str) -> object:
        dense = text.encode_query([question])[0]
        return [
            store.search("dense", dense, DEPTH, Filter()),
            store.search("bm25", question, DEPTH, Filter()),
            store.search("visual", joint.encode_query([question])[0], DEPTH, Filter("image")),
        ]

    return ask


def plain(corpus: Corpus, size: int) -> Callable[[str], object]:
    """sentence-transformers' default for the question, exact numpy over both vector fields, bm25s for the words."""
    import bm25s
    from speed import sentence_transformer

    texts = [corpus.text(row) for row in range(size)]
    words = bm25s.BM25()
    words.index(bm25s.tokenize(texts, stopwords="en", show_progress=False), show_progress=False)
    encoder, dense, visual = sentence_transformer(), corpus.dense[:size], corpus.visual[:size:PICTURE]

    def best(of: np.ndarray, query: np.ndarray) -> np.ndarray:
        scores = of @ query
        few = np.argpartition(-scores, min(DEPTH, len(scores) - 1))[:DEPTH]
        return few[np.argsort(-scores[few])]

    def ask(question: str) -> object:
        query = encoder.encode([question], show_progress_bar=False, normalize_embeddings=True)[0]
        shown = corpus.encoders.joint.encode_query([question])[0]
        found, _ = words.retrieve(bm25s.tokenize([question], stopwords="en", show_progress=False), k=DEPTH, show_progress=False)
        return [texts[at] for at in best(dense, query)], best(visual, shown), found

    return ask


def lancedb(corpus: Corpus, size: int, folder: Path) -> Callable[[str], object]:
    """LanceDB's hybrid search, fused by rank."""
    import lancedb as lance

    table = lance.connect(str(folder)).create_table(
        "records",
        [{"id": row, "text": corpus.text(row), "vector": corpus.dense[row]} for row in range(size)],
        mode="overwrite",
    )
    table.create_fts_index("text")
    encode = corpus.encoders.text.encode_query

    def ask(question: str) -> object:
        return table.search(query_type="hybrid").vector(encode([question])[0]).text(question).limit(DEPTH).to_list()

    return ask


def qdrant(corpus: Corpus, size: int, folder: Path) -> Callable[[str], object]:
    """Qdrant's local mode, dense and sparse (the words' frequencies, weighed by idf), fused by rank."""
    from qdrant_client import QdrantClient, models

    client = QdrantClient(path=str(folder))
    client.create_collection(
        "records",
        vectors_config={"dense": models.VectorParams(size=corpus.dense.shape[1], distance=models.Distance.COSINE)},
        sparse_vectors_config={"words": models.SparseVectorParams(modifier=models.Modifier.IDF)},
    )
    number: dict[str, int] = {}

    def sparse(text: str) -> models.SparseVector:
        counts: dict[int, int] = {}
        for word in re.findall(r"\w+", text.lower()):
            at = number.setdefault(word, len(number))
            counts[at] = counts.get(at, 0) + 1
        return models.SparseVector(indices=list(counts), values=[float(count) for count in counts.values()])

    for start in range(0, size, 1_000):
        client.upsert(
            "records",
            [
                models.PointStruct(
                    id=row,
                    vector={"dense": corpus.dense[row].tolist(), "words": sparse(corpus.text(row))},
                    payload={"text": corpus.text(row)},
                )
                for row in range(start, min(start + 1_000, size))
            ],
        )
    encode = corpus.encoders.text.encode_query

    def ask(question: str) -> object:
        return client.query_points(
            "records",
            prefetch=[
                models.Prefetch(query=encode([question])[0].tolist(), using="dense", limit=DEPTH),
                models.Prefetch(query=sparse(question), using="words", limit=DEPTH),
            ],
            query=models.FusionQuery(fusion=models.Fusion.RRF),
            limit=DEPTH,
        )

    return ask


def chroma(corpus: Corpus, size: int, folder: Path) -> Callable[[str], object]:
    """Chroma, vectors alone."""
    import chromadb
    from chromadb.config import Settings as ChromaSettings

    client = chromadb.PersistentClient(str(folder), ChromaSettings(anonymized_telemetry=False))
    collection = client.get_or_create_collection("records", metadata={"hnsw:space": "cosine"})
    for start in range(0, size, 1_000):
        rows = range(start, min(start + 1_000, size))
        collection.add(
            ids=[str(row) for row in rows], embeddings=corpus.dense[rows.start : rows.stop], documents=[corpus.text(row) for row in rows]
        )
    encode = corpus.encoders.text.encode_query
    return lambda question: collection.query(query_embeddings=encode([question]), n_results=DEPTH)


# ── measuring ─────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────


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


def megabytes() -> float:
    """What this process and that of the index hold now, shared memory by its part (Linux)."""
    from ingesting import _tree

    held = 0.0
    for each in _tree(os.getpid()):
        held += int(Path(f"/proc/{each}/smaps_rollup").read_text().split("\nPss:")[1].split()[0]) / 1024
    return held


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
    before = megabytes()
    corpus = Corpus()
    loaded = megabytes() - before
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
    print(f"\nThe encoders and the corpus' base: {loaded:.0f} MB.")


if __name__ == "__main__":
    main(sys.argv[1:])
