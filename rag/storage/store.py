"""The index: rows in, ranked ids out, by route. The only module that imports pymilvus.

Two collections share their ids: `words` holds the text of passages and figures with its dense vector and BM25 weights, `looks` the
vectors of the joint space, for those rows that have one. Who owns the file of Milvus Lite, and how a client of it is had, is the matter of
`rag.storage.connection`.
"""

from __future__ import annotations

import contextlib
import json
import logging
import os
import warnings
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from rag.errors import LibraryError
from rag.storage import index
from rag.storage.connection import Connection

if TYPE_CHECKING:
    from pymilvus import MilvusClient

Route = Literal["dense", "bm25", "visual"]

WORDS_LIMIT = 65_535  # bytes of a Milvus VARCHAR
INSERT_BATCH = 500


@dataclass(frozen=True)
class Row:
    """One record as the index sees it: `dense` (text dimension,) and `visual` (joint dimension,) of unit length."""

    id: int
    version: int
    modality: str
    words: str
    dense: np.ndarray
    visual: np.ndarray | None


@dataclass(frozen=True)
class Filter:
    """What rows may count: of one modality, of these versions of files (None: all); with `examples` false, all but those."""

    modality: str | None = None
    versions: Sequence[int] | None = None
    examples: bool = True

    def expression(self) -> str:
        parts = []
        if self.modality:
            parts.append(f"modality == {json.dumps(self.modality)}")
        elif not self.examples:
            parts.append('modality != "example"')
        if self.versions is not None:
            parts.append(f"version in {json.dumps(list(self.versions))}")
        return " and ".join(parts)


class Store:
    """The index of one library, in its folder or on a Milvus server.

    `name` sets the libraries of one server apart; `language` names the analyzer of the BM25 route. Raises StoreError.
    """

    def __init__(
        self, folder: Path, *, name: str, text_dimension: int, joint_dimension: int, language: str, uri: str | None, token: str | None
    ):
        self._folder = folder
        self._uri = uri
        self._words, self._looks = f"{name}_words", f"{name}_looks"
        self._dimensions = {"dense": text_dimension, "visual": joint_dimension}
        self._language = language
        self._connection = Connection(folder, uri=uri, token=token, opened=_opened, prepare=self._prepare, fault=_fault)
        self._call = self._connection.call

    # ── rows ──────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────

    def write(self, rows: Sequence[Row]) -> None:
        """Put rows in, or replace those with the same ids."""
        for start in range(0, len(rows), INSERT_BATCH):
            words, looks = [], []
            for row in rows[start : start + INSERT_BATCH]:
                fields = {"id": row.id, "version": row.version, "modality": row.modality}
                words.append(fields | {"words": _fitting(row.words), "dense": row.dense})
                if row.visual is not None:
                    looks.append(fields | {"visual": row.visual})
            self._call("upsert", self._words, words)
            if looks:
                self._call("upsert", self._looks, looks)

    def delete(self, versions: Sequence[int]) -> None:
        """Take out every row of these versions."""
        for start in range(0, len(versions), INSERT_BATCH):
            where = Filter(versions=versions[start : start + INSERT_BATCH]).expression()
            for collection in (self._words, self._looks):
                self._call("delete", collection, filter=where)

    def search(self, route: Route, query: np.ndarray | str, limit: int, where: Filter) -> list[tuple[int, float]]:
        """Ids with their scores, best first; `query` is words for bm25, a vector of unit length (the score is the cosine) for the others.

        Scores of bm25 differ in sign between generations of Milvus Lite: only their order counts.
        """
        if where.versions is not None and not where.versions:
            return []
        expression = where.expression()
        if route == "bm25":
            return self._found(route, query, limit, expression, {})
        made = index.chosen(self._folder)[route]
        if made["kind"] != "IVF_FLAT":
            return self._found(route, query, limit, expression, index.searching(made["kind"], made["rows"] or 0, limit))
        wide = self._found(route, query, min(limit * index.WIDE, index.MOST), expression, {})
        if len(wide) <= limit:
            return wide
        near = self._found(route, query, limit, expression, {"radius": wide[-1][1]})
        return sorted(dict([*wide, *near]).items(), key=lambda hit: -hit[1])[:limit]

    def best_by_words(self, texts: Sequence[str], where: Filter) -> list[tuple[int, float] | None]:
        """The best row of the route bm25 for each of `texts`, with its score, and None where no row has a word of it: in one call."""
        if not texts or (where.versions is not None and not where.versions):
            return [None] * len(texts)
        found = self._call("search", self._words, list(texts), anns_field="bm25", limit=1, filter=where.expression(), output_fields=["id"])
        return [(hits[0]["id"], hits[0]["distance"]) if hits else None for hits in found]

    def _found(self, route: Route, query: Any, limit: int, expression: str, params: dict[str, Any]) -> list[tuple[int, float]]:
        collection = self._looks if route == "visual" else self._words
        how = {"search_params": {"params": params}} if params else {}
        found = self._call("search", collection, [query], anns_field=route, limit=limit, filter=expression, output_fields=["id"], **how)
        return [(hit["id"], hit["distance"]) for hit in found[0]]

    def pictures(self, limit: int) -> np.ndarray:
        """Vectors of the joint space of up to `limit` pictures, (n, joint dimension)."""
        found = self._call("query", self._looks, filter=Filter("image").expression(), output_fields=["visual"], limit=limit)
        return np.array([row["visual"] for row in found], dtype=np.float32).reshape(-1, self._dimensions["visual"])

    def vectors(
        self, ids: Sequence[int], progress: Callable[[int], None] = lambda _: None, route: Literal["dense", "visual"] = "dense"
    ) -> dict[int, np.ndarray]:
        """The vectors on a route of those of `ids` that have one there; `progress` hears how many were asked for."""
        collection = self._looks if route == "visual" else self._words
        found: dict[int, np.ndarray] = {}
        for start in range(0, len(ids), INSERT_BATCH):
            where = f"id in {json.dumps(list(map(int, ids[start : start + INSERT_BATCH])))}"
            rows = self._call("query", collection, filter=where, output_fields=["id", route], limit=INSERT_BATCH)
            found.update((row["id"], np.array(row[route], dtype=np.float32)) for row in rows)
            progress(min(start + INSERT_BATCH, len(ids)))
        return found

    def count(self) -> int:
        """Rows in the index, those of versions not yet or no longer committed included."""
        return int(self._call("query", self._words, filter="", output_fields=["count(*)"])[0]["count(*)"])

    def fit_index(self, limit: int = index.EXACT_UP_TO) -> None:
        """Give each field the index that its rows ask for (`rag.storage.index.choose`), if it has another; who searches meanwhile waits."""
        from grpc import RpcError
        from pymilvus.exceptions import MilvusException

        for collection, field in ((self._words, "dense"), (self._looks, "visual")):
            rows = int(self._call("query", collection, filter="", output_fields=["count(*)"])[0]["count(*)"])
            now = self._call("describe_index", collection, field)["index_type"]
            kind = index.choose(rows, now, limit=limit, server=self._uri is not None, cloud="zillizcloud.com" in (self._uri or ""))
            if now in (kind, index.INSTEAD.get(kind)):
                continue
            client = self._connection.client()
            try:
                with self._connection.fitting():
                    index.note(self._folder, field, kind, rows)
                    client.release_collection(collection)
                    client.drop_index(collection, field)
                    self._make_index(client, collection, field)
                    client.load_collection(collection)
            except (MilvusException, RpcError, ValueError, OSError) as error:
                raise self._connection.told("The index cannot be made anew", error) from None

    def _make_index(self, client: MilvusClient, collection: str, field: str) -> None:
        """Make the index that is noted for a field of vectors, or what stands in for it on this server."""
        from pymilvus.exceptions import MilvusException

        made = index.chosen(self._folder)[field]
        kind, rows = made["kind"], made["rows"] or 0
        for last in (False, True):
            params = client.prepare_index_params()
            params.add_index(field, index_type=kind, metric_type="IP", params=index.building(kind, rows, self._dimensions[field]))
            try:
                client.create_index(collection, params, sync=self._uri is not None)  # in Milvus Lite it is made by then
                return
            except MilvusException:
                if last or kind not in index.INSTEAD:
                    raise
                kind = index.INSTEAD[kind]
                index.note(self._folder, field, kind, rows)

    # ── the way to it ─────────────────────────────────────────────────────────────────────────────────────────────────────────────────

    def open(self) -> None:
        """Have a client ready for whoever calls next; what keeps it from that, they are told."""
        with contextlib.suppress(LibraryError):
            self._connection.client()

    @property
    def owner(self) -> bool:
        """Whether this process holds the Milvus Lite file itself."""
        return self._connection.owner

    def close(self) -> None:
        """Let go of the index; another process may then own it."""
        self._connection.close()

    def _prepare(self, client: MilvusClient) -> None:
        """Make the collections where there are none, and load them."""
        from pymilvus import DataType, Function, FunctionType
        from pymilvus.exceptions import MilvusException

        def create(collection: str, vector: Literal["dense", "visual"], analyzer: dict[str, Any] | None) -> None:
            schema = client.create_schema(enable_dynamic_field=False, auto_id=False)
            schema.add_field("id", DataType.INT64, is_primary=True)
            schema.add_field("version", DataType.INT64)
            schema.add_field("modality", DataType.VARCHAR, max_length=8)
            schema.add_field(vector, DataType.FLOAT_VECTOR, dim=self._dimensions[vector])
            if analyzer:
                schema.add_field("words", DataType.VARCHAR, max_length=WORDS_LIMIT, enable_analyzer=True, analyzer_params=analyzer)
                schema.add_field("bm25", DataType.SPARSE_FLOAT_VECTOR)
                schema.add_function(Function("bm25", FunctionType.BM25, input_field_names=["words"], output_field_names=["bm25"]))
            client.create_collection(collection, schema=schema, consistency_level="Strong")

        def make(collection: str, vector: Literal["dense", "visual"], with_words: bool) -> None:
            if not client.has_collection(collection):
                try:
                    create(collection, vector, {"type": self._language} if with_words else None)
                except MilvusException as error:
                    if not with_words or "tokenizer" not in str(error):
                        raise
                    create(collection, vector, _UNNAMED[self._language])
            # whoever made the collection, or an index anew, may have been killed before this
            if with_words and not client.list_indexes(collection, field_name="bm25"):
                params = client.prepare_index_params()
                params.add_index("bm25", index_type="SPARSE_INVERTED_INDEX", metric_type="BM25")
                client.create_index(collection, params, sync=False)  # of no rows yet: to wait is half a second each
            if not client.list_indexes(collection, field_name=vector):
                self._make_index(client, collection, vector)
            client.load_collection(collection)
            kind = client.describe_index(collection, vector)["index_type"]
            if kind != index.chosen(self._folder)[vector]["kind"]:
                rows = client.query(collection, filter="", output_fields=["count(*)"])[0]["count(*)"]
                index.note(self._folder, vector, kind, int(rows))

        with self._connection.fitting():
            make(self._words, "dense", with_words=True)
            make(self._looks, "visual", with_words=False)


_UNNAMED: dict[str, dict[str, Any]] = {  # the analyzers, taken apart for Milvus Lite 3, which knows none of these names
    "english": {
        "tokenizer": "standard",
        "filter": ["lowercase", {"type": "stemmer", "language": "english"}, {"type": "stop", "stop_words": ["_english_"]}],
    },
    "chinese": {"tokenizer": "jieba"},
    "standard": {"tokenizer": "standard", "filter": ["lowercase"]},
}


def _fitting(words: str) -> str:
    """`words` without lone surrogates, cut to what a field holds."""
    return words.encode("utf-8", "replace")[:WORDS_LIMIT].decode("utf-8", "ignore")


def _opened(address: str, **words: Any) -> MilvusClient:
    with _quiet():
        from pymilvus import MilvusClient
        from pymilvus.client import utils

        with contextlib.suppress(AttributeError):
            utils.SciPyHelper._checked = True  # else each search looks for sparse vectors of SciPy's, which takes its import
        return MilvusClient(address, **words)


@cache
def _fault() -> type[Exception]:
    with _quiet():
        from pymilvus.exceptions import MilvusException

    return MilvusException


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """Milvus Lite warns of pkg_resources; pymilvus logs tracebacks of errors that are caught here, and gRPC what it thinks of sockets."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        logging.getLogger("pymilvus").setLevel(logging.CRITICAL)
        os.environ.setdefault("GRPC_VERBOSITY", "NONE")
        yield
