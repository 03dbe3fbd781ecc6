"""What a search is held against: our own floor, a plain search of one's own, and three stores that people use instead.

Each function gives a side: what is done for a question. bm25s, lancedb, qdrant-client and chromadb are imported where they are asked for.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from records import PICTURE, Corpus

from rag.retrieve.routes import DEPTH
from rag.storage.store import Filter

if TYPE_CHECKING:
    from rag import Library


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
