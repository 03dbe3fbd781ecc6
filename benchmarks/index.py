"""Time and recall of an exact search and of IVF in Milvus Lite, by rows: where `rag.storage.index` changes from one to the other.

    .venv/bin/python benchmarks/index.py [ROWS...]      20,000, 50,000, 100,000 and 200,000 where none are named

The vectors are those of MiniLM for paragraphs of Python's own documentation strings; each row stands between two of them, so that a few
thousand paragraphs make 200,000 rows with the clusters and the spread of real ones. 100 paragraphs apart are the queries. Recall is the
share of the exact best 50 that came. "wide" is `rag.storage.index.WIDE`. The time is of `Store.search`, the median.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
from docstrings import QUERIES, paragraphs

from rag.embed import load_encoders
from rag.embed.unit import unit
from rag.settings import Settings
from rag.storage import index
from rag.storage.store import Filter, Row, Store

SIZES = (20_000, 50_000, 100_000, 200_000)
HITS = 50
WIDES = (1, 2, 4, 8, 16)
FILTERS = {"all": Filter(), "pictures, a tenth": Filter("image"), "1 file in 200": Filter(versions=[7])}


def measured(store: Store, queries: np.ndarray, best: dict[str, list[set[int]]]) -> str:
    cells = []
    for name, where in FILTERS.items():
        times, recalls = [], []
        for query, truth in zip(queries, best[name], strict=True):
            start = time.perf_counter()
            found = store.search("dense", query, HITS, where)
            times.append(time.perf_counter() - start)
            recalls.append(len({id for id, _ in found} & truth) / len(truth))
        cells.append(f"{statistics.median(times) * 1000:.1f} ms, {statistics.mean(recalls):.4f}")
    return " | ".join(cells)


def main() -> None:
    sizes = [int(each) for each in sys.argv[1:]] or list(SIZES)
    encoder = load_encoders(Settings()).text
    vectors = encoder.encode_passages(paragraphs())
    base, queries = vectors[:-QUERIES], vectors[-QUERIES:]
    times = []
    for text in paragraphs()[-QUERIES:]:
        start = time.perf_counter()
        encoder.encode_query([text])
        times.append(time.perf_counter() - start)
    print(f"A query is encoded in {statistics.median(times) * 1000:.1f} ms (median).\n", flush=True)
    chance = np.random.default_rng(7)
    first, second = (chance.integers(len(base), size=max(sizes)) for _ in range(2))
    rows = unit(base[first] + 0.7 * (base[second] - base.mean(axis=0)))
    print("| rows | index | " + " | ".join(f"{name}: time, recall@{HITS}" for name in FILTERS) + " | made in |")
    print("|---|---|" + "---|" * (len(FILTERS) + 1))
    with tempfile.TemporaryDirectory() as folder:
        store = Store(Path(folder), name="b", text_dimension=encoder.dimension, joint_dimension=4, language="english", uri=None, token=None)
        done = 0
        for size in sizes:
            store.fit_index(limit=sys.maxsize)
            store.write([Row(id, id % 200, "image" if id % 10 == 0 else "text", "w", rows[id], None) for id in range(done, size)])
            done = size
            ids = np.arange(size)
            kept = {"all": ids, "pictures, a tenth": ids[ids % 10 == 0], "1 file in 200": ids[ids % 200 == 7]}
            best = {name: [set(few[np.argsort(-(rows[few] @ query))[:HITS]].tolist()) for query in queries] for name, few in kept.items()}
            print(f"| {size:,} | FLAT | {measured(store, queries, best)} | |", flush=True)
            start = time.perf_counter()
            store.fit_index(limit=1)
            took = time.perf_counter() - start
            index.note(Path(folder), "dense", "AUTOINDEX", size)  # so that it is asked once
            print(f"| {size:,} | IVF_FLAT, asked once | {measured(store, queries, best)} | {took:.1f} s |", flush=True)
            index.note(Path(folder), "dense", "IVF_FLAT", size)
            for wide in WIDES:
                index.WIDE = wide
                print(f"| {size:,} | IVF_FLAT, wide {wide} | {measured(store, queries, best)} | |", flush=True)
        store.close()


if __name__ == "__main__":
    main()
