"""rag/storage/store.py: what goes in comes out by route, and who owns the index when several processes want it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import numpy as np
import pytest

from rag.errors import StoreError
from rag.storage import connection, index
from rag.storage.store import Filter, Row, Store

CHILD = """
import sys, time, pathlib
sys.path.insert(0, {repo!r})
from tests.rag.storage.test_store import opened
store = opened(pathlib.Path({folder!r}))
print(store.count(), store.owner, flush=True)
for line in sys.stdin:
    print(store.count(), store.owner, flush=True)
"""


def opened(folder: Path, language: str = "english") -> Store:
    return Store(folder, name="t", text_dimension=8, joint_dimension=4, language=language, uri=None, token=None)


def axis(at: int, of: int) -> np.ndarray:
    vector = np.zeros(of, dtype=np.float32)
    vector[at % of] = 1
    return vector


def row(id: int, words: str = "") -> Row:
    """Ids count up; every fifth begins a version, odd ones are images."""
    odd = id % 2 == 1
    return Row(id, id // 5, "image" if odd else "text", words or f"buoy {id}", axis(id, 8), axis(id, 4) if odd else None)


@pytest.fixture
def store(tmp_path):
    store = opened(tmp_path)
    store.write([row(id) for id in range(20)])
    yield store
    store.close()


def test_each_route_ranks_by_its_own_field(store):
    assert {id for id, _ in store.search("dense", axis(3, 8), 3, Filter())} >= {3, 11, 19}
    assert store.search("bm25", "buoy 7", 1, Filter())[0][0] == 7
    assert {id for id, _ in store.search("visual", axis(1, 4), 5, Filter())} == {1, 5, 9, 13, 17}
    assert store.search("dense", axis(3, 8), 1, Filter())[0][1] == pytest.approx(1.0)


def test_filters_by_modality_and_version(store):
    assert all(id % 2 == 0 for id, _ in store.search("bm25", "buoy", 20, Filter(modality="text")))
    assert {id for id, _ in store.search("bm25", "buoy", 20, Filter(versions=[1]))} == {5, 6, 7, 8, 9}
    assert store.search("bm25", "buoy", 20, Filter(versions=[])) == []


def test_writing_an_id_again_replaces_it(store):
    store.write([row(4, "cormorant")])
    assert store.count() == 20
    assert [id for id, _ in store.search("bm25", "cormorant", 3, Filter())] == [4]


def test_delete_takes_versions_from_both_collections(store):
    store.delete([0, 2])
    assert store.count() == 10
    assert {id for id, _ in store.search("visual", axis(1, 4), 20, Filter())} == {5, 7, 9, 15, 17, 19}


@pytest.mark.parametrize("words", ['quote " and \\ slash', "newline\nand\ttab", "\ud800 lone surrogate", "灯台", "x" * 200_000])
def test_any_words_can_be_stored(store, words):
    store.write([row(100, words)])
    assert store.count() == 21


def test_english_analyzer_stems(store):
    store.write([row(100, "The lanterns were rotating slowly.")])
    assert store.search("bm25", "rotate lantern", 1, Filter())[0][0] == 100


def test_rows_are_there_after_closing(store, tmp_path):
    store.close()
    again = opened(tmp_path)
    assert again.count() == 20
    again.close()


def test_a_second_process_attaches_and_takes_over_when_the_owner_closes(store, tmp_path):
    child = subprocess.Popen(
        [sys.executable, "-c", CHILD.format(repo=str(Path(__file__).parents[3]), folder=str(tmp_path))],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert store.owner
        assert child.stdout.readline().split() == ["20", "False"]
        store.write([row(20)])
        print("again", file=child.stdin, flush=True)
        assert child.stdout.readline().split() == ["21", "False"]
        store.close()
        print("again", file=child.stdin, flush=True)
        assert child.stdout.readline().split() == ["21", "True"]
        assert store.count() == 21 and not store.owner
    finally:
        child.kill()
        child.wait()
    assert store.count() == 21, "the owner was killed, and this process goes on"


def test_an_index_whose_maker_was_killed_halfway_is_made_whole(store, tmp_path):
    client = store._connection.client()
    client.release_collection("t_words")
    client.drop_index("t_words", "bm25")
    store.close()
    again = opened(tmp_path)
    assert again.search("bm25", "buoy 7", 1, Filter())[0][0] == 7
    assert again.search("dense", axis(3, 8), 1, Filter())[0][1] == pytest.approx(1.0)
    again.close()


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="looks for the process in /proc")
def test_an_owner_starts_its_index_anew_when_the_server_has_died(store, tmp_path):
    children = {pid for path in Path("/proc/self/task").glob("*/children") for pid in path.read_text().split()}
    (server,) = [int(pid) for pid in children if str(tmp_path) in Path(f"/proc/{pid}/cmdline").read_text()]
    os.kill(server, signal.SIGKILL)
    assert store.count() == 20 and store.owner
    store.write([row(20)])
    assert store.count() == 21


def test_a_server_that_does_not_answer_is_a_store_error(tmp_path):
    store = Store(tmp_path, name="t", text_dimension=8, joint_dimension=4, language="english", uri="http://127.0.0.1:9", token=None)
    with pytest.raises(StoreError, match="No Milvus server answers"):
        store.count()


def test_what_keeps_the_index_from_answering_is_said_in_one_line(store, monkeypatch):
    monkeypatch.setattr(connection, "CALL_SECONDS", 1e-6)
    with pytest.raises(StoreError, match=r"The index did not answer: Deadline .*DEADLINE_EXCEEDED\)$"):
        store.search("bm25", "buoy", 3, Filter())


# ── the kind of index ─────────────────────────────────────────────────────────────────────────────────────────────────────────────────────

MANY = 3_000


def spread(number: int, dimension: int = 8) -> np.ndarray:
    """Vectors of unit length in clusters."""
    chance = np.random.default_rng(5)
    centres = chance.normal(size=(20, dimension))
    vectors = centres[chance.integers(20, size=number)] + 0.4 * chance.normal(size=(number, dimension))
    return (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)


def spread_rows(number: int = MANY) -> list[Row]:
    looks = spread(number, 4)
    return [Row(id, id // 100, "image" if id % 3 == 0 else "text", "buoy", vector, looks[id]) for id, vector in enumerate(spread(number))]


def best(query: np.ndarray, rows: list[Row], field: str = "dense") -> list[int]:
    return [rows[at].id for at in np.argsort([-float(getattr(row, field) @ query) for row in rows])[:50]]


def recall(store: Store, rows: list[Row], where: Filter, field: str = "dense") -> float:
    """Of the exact best 50 among `rows`, over 20 queries."""
    queries = spread(MANY + 20, 8 if field == "dense" else 4)[-20:]
    found = [{id for id, _ in store.search("visual" if field == "visual" else "dense", query, 50, where)} for query in queries]
    return float(
        np.mean([len(ids & set(best(query, rows, field))) / min(50, len(rows)) for ids, query in zip(found, queries, strict=True)])
    )


def kinds(folder: Path) -> dict[str, str]:
    return {field: made["kind"] for field, made in index.chosen(folder).items()}


@pytest.fixture
def many(tmp_path):
    store = opened(tmp_path)
    store.write(spread_rows())
    yield store
    store.close()


def test_an_index_is_exact_up_to_the_limit_then_not_and_goes_back_at_half(many, tmp_path):
    many.fit_index(limit=MANY)
    assert kinds(tmp_path) == {"dense": "FLAT", "visual": "FLAT"}
    many.fit_index(limit=MANY - 1)
    assert kinds(tmp_path) == {"dense": "IVF_FLAT", "visual": "IVF_FLAT"}
    assert index.chosen(tmp_path)["dense"]["rows"] == MANY
    assert many._connection.client().describe_index("t_words", "dense")["index_type"] == "IVF_FLAT"
    many.fit_index(limit=MANY + 500)
    assert kinds(tmp_path)["dense"] == "IVF_FLAT", "a few rows less change nothing"
    many.delete(list(range(0, 20)))
    many.fit_index(limit=MANY)
    assert kinds(tmp_path) == {"dense": "FLAT", "visual": "FLAT"}
    assert many._connection.client().describe_index("t_looks", "visual")["index_type"] == "FLAT"


def test_it_finds_what_an_exact_search_finds_whatever_the_filter(many):
    rows = spread_rows()
    many.fit_index(limit=100)
    assert recall(many, rows, Filter()) >= 0.99
    assert recall(many, rows, Filter(), "visual") >= 0.99
    assert recall(many, [row for row in rows if row.modality == "image"], Filter("image")) >= 0.99
    assert recall(many, [row for row in rows if row.version == 3], Filter(versions=[3])) >= 0.99
    few = [row for row in rows if row.version == 3 and row.modality == "image"]
    assert {id for id, _ in many.search("dense", rows[0].dense, 50, Filter("image", [3]))} == {row.id for row in few}
    scores = [score for _, score in many.search("dense", rows[0].dense, 5, Filter())]
    assert scores[0] == pytest.approx(1.0) and scores == sorted(scores, reverse=True)
    many.write([Row(MANY, 99, "text", "cormorant", -rows[0].dense, None)])
    assert many.search("dense", -rows[0].dense, 1, Filter())[0][0] == MANY
    assert many.search("bm25", "cormorant", 1, Filter())[0][0] == MANY


def test_searches_go_on_while_an_index_is_made_anew(many, tmp_path):
    rows, stop, wrong, done = spread_rows(), threading.Event(), [], []
    truth = best(rows[7].dense, rows)[:10]

    def reading(store: Store) -> None:
        while not stop.is_set():
            try:
                found = [id for id, _ in store.search("dense", rows[7].dense, 10, Filter())]
                done.append(found)
                if found != truth or store.search("bm25", "buoy", 3, Filter()) == []:
                    wrong.append(found)
            except Exception as error:
                wrong.append(error)

    attached = subprocess.Popen(
        [sys.executable, "-c", SEARCHING.format(repo=str(Path(__file__).parents[3]), folder=str(tmp_path))],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    threads = [threading.Thread(target=reading, args=(many,)) for _ in range(3)]
    try:
        assert attached.stdout.readline() == "ready\n"
        for thread in threads:
            thread.start()
        for limit in (100, 10**6) * 2:
            many.fit_index(limit=limit)
        print("stop", file=attached.stdin, flush=True)
        searched, failed = attached.stdout.readline().split(maxsplit=1)
        assert int(searched) > 10 and failed.strip() == "[]"
    finally:
        stop.set()
        for thread in threads:
            thread.join()
        attached.kill()
        attached.wait()
    assert len(done) > 30 and not wrong


SEARCHING = """
import sys, threading, pathlib
sys.path.insert(0, {repo!r})
from tests.rag.storage.test_store import best, opened, spread_rows
from rag.storage.store import Filter
store, rows = opened(pathlib.Path({folder!r})), spread_rows()
truth, stop, wrong, done = best(rows[7].dense, rows)[:10], threading.Event(), [], 0
store.count()
print("ready", flush=True)
threading.Thread(target=lambda: (sys.stdin.readline(), stop.set()), daemon=True).start()
while not stop.is_set():
    try:
        found = [id for id, _ in store.search("dense", rows[7].dense, 10, Filter())]
        wrong += [] if found == truth else [found]
    except Exception as error:
        wrong.append(repr(error))
    done += 1
print(done, wrong, flush=True)
"""


@pytest.mark.parametrize("reached", ["noted", "released", "dropped"])
def test_a_change_of_index_that_was_killed_is_finished_on_opening_or_by_the_next_search(many, tmp_path, reached):
    rows, client = spread_rows(), many._connection.client()
    index.note(tmp_path, "dense", "IVF_FLAT", MANY)
    if reached != "noted":
        client.release_collection("t_words")
    if reached == "dropped":
        client.drop_index("t_words", "dense")
    assert many.search("dense", rows[7].dense, 1, Filter())[0][0] == 7, "without opening it again"
    if reached == "dropped":
        client.release_collection("t_words")
        client.drop_index("t_words", "dense")
    many.close()
    again = opened(tmp_path)
    assert again.search("dense", rows[7].dense, 1, Filter())[0][0] == 7
    noted, real = kinds(tmp_path)["dense"], again._connection.client().describe_index("t_words", "dense")["index_type"]
    assert noted == real == ("IVF_FLAT" if reached == "dropped" else "FLAT")
    again.fit_index(limit=100)
    assert kinds(tmp_path) == {"dense": "IVF_FLAT", "visual": "IVF_FLAT"}
    again.close()


def test_what_was_noted_is_noted_anew_where_it_is_lost(many, tmp_path):
    many.fit_index(limit=100)
    many.close()
    (tmp_path / "index.json").write_text("{half")
    again = opened(tmp_path)
    assert again.count() == MANY
    assert index.chosen(tmp_path)["dense"] == {"kind": "IVF_FLAT", "rows": MANY}
    again.close()
