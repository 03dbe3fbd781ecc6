"""rag/store.py: what goes in comes out by route, and who owns the index when several processes want it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from rag.errors import StoreError
from rag.store import Filter, Row, Store

CHILD = """
import sys, time, pathlib
sys.path.insert(0, {repo!r})
from tests.rag.test_store import opened
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
        [sys.executable, "-c", CHILD.format(repo=str(Path(__file__).parents[2]), folder=str(tmp_path))],
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
    client = store._connected()
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
