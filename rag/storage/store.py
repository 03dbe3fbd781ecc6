"""The index: rows in, ranked ids out, by route. The only module that imports pymilvus.

Two collections share their ids: `words` holds the text of passages and figures with its dense vector and BM25 weights, `looks` the
vectors of the joint space, for those rows that have one. One process owns a Milvus Lite file; the others attach to the owner's socket,
whose address stands in the library folder, and one of them takes over when the owner is gone.
"""

from __future__ import annotations

import contextlib
import json
import logging
import os
import threading
import time
import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from rag.errors import LibraryError, NoRoom, StoreError
from rag.storage import index, milvus_lite
from rag.storage.disk import is_full

if TYPE_CHECKING:
    from filelock import FileLock
    from pymilvus import MilvusClient

Route = Literal["dense", "bm25", "visual"]

WORDS_LIMIT = 65_535  # bytes of a Milvus VARCHAR
INSERT_BATCH = 500
CALL_SECONDS = 30.0
ATTACH_SECONDS = 30.0
FITTING_SECONDS = 3600.0
UNREADY = (100, 101, 700)  # Milvus: the collection is not there (or being loaded) or not loaded, the field has no index


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
        from filelock import FileLock

        self._folder = folder
        self._file, self._owner_file = folder / "index.db", folder / "index.owner"
        self._lock = FileLock(folder / "index.lock", thread_local=False)
        self._uri, self._token = uri, token
        self._words, self._looks = f"{name}_words", f"{name}_looks"
        self._dimensions = {"dense": text_dimension, "visual": joint_dimension}
        self._language = language
        self._guard = threading.RLock()
        self._client: MilvusClient | None = None
        self._address: str | None = None

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

    def _found(self, route: Route, query: Any, limit: int, expression: str, params: dict[str, Any]) -> list[tuple[int, float]]:
        collection = self._looks if route == "visual" else self._words
        how = {"search_params": {"params": params}} if params else {}
        found = self._call("search", collection, [query], anns_field=route, limit=limit, filter=expression, output_fields=["id"], **how)
        return [(hit["id"], hit["distance"]) for hit in found[0]]

    def pictures(self, limit: int) -> np.ndarray:
        """Vectors of the joint space of up to `limit` pictures, (n, joint dimension)."""
        found = self._call("query", self._looks, filter=Filter("image").expression(), output_fields=["visual"], limit=limit)
        return np.array([row["visual"] for row in found], dtype=np.float32).reshape(-1, self._dimensions["visual"])

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
            client = self._connected()
            try:
                with self._fitting():
                    index.note(self._folder, field, kind, rows)
                    client.release_collection(collection)
                    client.drop_index(collection, field)
                    self._make_index(client, collection, field)
                    client.load_collection(collection)
            except (MilvusException, RpcError, ValueError, OSError) as error:
                raise self._told("The index cannot be made anew", error) from None

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

    def _fitting(self) -> FileLock:
        """Held while an index is made anew."""
        from filelock import FileLock

        return FileLock(self._folder / "index.fitting", timeout=FITTING_SECONDS)

    # ── whose index it is ─────────────────────────────────────────────────────────────────────────────────────────────────────────────

    @property
    def owner(self) -> bool:
        """Whether this process holds the Milvus Lite file itself."""
        return self._uri is None and self._client is not None and self._lock.is_locked

    def close(self) -> None:
        """Let go of the index; another process may then own it."""
        with self._guard:
            if self._client is None:
                return
            with contextlib.suppress(Exception):
                self._client.close()
            if self._lock.is_locked:
                self._owner_file.unlink(missing_ok=True)
                milvus_lite.stop(self._file)
                self._lock.release()
            self._client = None

    def _call(self, method: str, *args: Any, **named: Any) -> Any:
        """A method of a live client; again where the owner of the index went away meanwhile, or where an index was being made anew."""
        from grpc import RpcError
        from pymilvus.exceptions import MilvusException

        for last in (False, False, True):
            client = self._connected()
            try:
                return getattr(client, method)(*args, timeout=CALL_SECONDS, **named)
            except (MilvusException, RpcError, ValueError, ConnectionError) as error:
                with self._guard:
                    stale = client is not self._client  # another thread has connected anew meanwhile
                    if self.owner and not stale and not milvus_lite.lives(self._file):
                        self.close()
                    final = last or self._uri is not None or (self.owner and not stale)
                    if not final and not stale:
                        self._client = None
                if final and (last or not self._made_ready(client, error)):
                    raise self._told("The index did not answer", error) from None
        raise AssertionError("unreachable")

    def _made_ready(self, client: MilvusClient, error: Exception) -> bool:
        """Wait for whoever makes an index anew, and finish what they left; False where the error has another cause."""
        if getattr(error, "code", None) not in UNREADY and "segcore error" not in str(error):  # what a search meets that was under way
            fitting = self._fitting()
            if _try(fitting):
                fitting.release()
                return False
        self._prepare(client)
        return True

    def _connected(self) -> MilvusClient:
        from grpc import RpcError
        from pymilvus.exceptions import MilvusException

        with self._guard:
            if self._client is not None and (self._uri or self._lock.is_locked or self._address == self._published()):
                return self._client
            deadline = time.monotonic() + ATTACH_SECONDS
            while True:
                client = self._connect(deadline)
                try:
                    self._prepare(client)
                    if self._lock.is_locked:
                        self._address = milvus_lite.address(self._file)
                        self._owner_file.write_text(self._address or "")
                except (MilvusException, RpcError, ValueError, OSError) as error:
                    attached = self._uri is None and not self._lock.is_locked
                    if self._lock.is_locked:
                        milvus_lite.stop(self._file)
                        self._lock.release()
                    if not attached or time.monotonic() > deadline:
                        raise self._told("The index cannot be made ready", error) from None
                    continue  # its owner went away just now
                self._client = client
                return client

    def _told(self, what: str, error: Exception) -> LibraryError:
        if self._uri is None and is_full(self._file.parent):
            return NoRoom(self._file.parent)
        return StoreError(f"{what}: {_line(error)}", _HINT)

    def _published(self) -> str | None:
        """The owner's address, or None where nobody owns the index now."""
        if _try(self._lock):
            self._lock.release()
            return None
        with contextlib.suppress(OSError):
            return self._owner_file.read_text()
        return None

    def _connect(self, deadline: float) -> MilvusClient:
        with _quiet_import():
            from pymilvus import MilvusClient
            from pymilvus.exceptions import MilvusException

        if self._uri:
            try:
                return MilvusClient(self._uri, token=self._token or "", timeout=10)
            except MilvusException as error:
                raise StoreError(
                    f"No Milvus server answers at {self._uri}: {_line(error)}", "Check the settings milvus_uri and milvus_token."
                ) from None
        while True:
            if _try(self._lock):
                try:
                    with _quiet_import():
                        client = MilvusClient(str(self._file), grpc_options=_PATIENT)
                except Exception as error:
                    milvus_lite.stop(self._file)
                    self._lock.release()
                    if time.monotonic() > deadline:
                        raise self._told(f"The index at {self._file} does not open", error) from None
                    time.sleep(0.5)  # on a busy machine its server may take longer to start than the client waits
                    continue
                return client
            with contextlib.suppress(MilvusException, OSError):
                self._address = self._owner_file.read_text()
                if self._address:
                    return MilvusClient(self._address, timeout=2, grpc_options=_PATIENT)
            if time.monotonic() > deadline:
                raise StoreError(
                    "Another process holds the index and does not answer.", "Close the other Diptych, or wait until it is done."
                )
            time.sleep(0.1)

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

        with self._fitting():
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
_PATIENT = {"grpc.keepalive_permit_without_calls": False, "grpc.keepalive_time_ms": 600_000}  # Milvus Lite hangs up on frequent pings
_HINT = "Try again; if it stays so, `diptych doctor` looks closer, and `diptych rebuild` makes the index anew from the sources."


def _try(lock: Any) -> bool:
    from filelock import Timeout

    try:
        lock.acquire(timeout=0)
    except Timeout:
        return False
    return True


def _fitting(words: str) -> str:
    """`words` without lone surrogates, cut to what a field holds."""
    return words.encode("utf-8", "replace")[:WORDS_LIMIT].decode("utf-8", "ignore")


def _line(error: BaseException) -> str:
    return str(getattr(error, "message", error)).strip().splitlines()[0][:300] if str(error).strip() else type(error).__name__


@contextlib.contextmanager
def _quiet_import() -> Iterator[None]:
    """Milvus Lite warns of pkg_resources; pymilvus logs tracebacks of errors that are caught here, and gRPC what it thinks of sockets."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        logging.getLogger("pymilvus").setLevel(logging.CRITICAL)
        os.environ.setdefault("GRPC_VERBOSITY", "NONE")
        yield
