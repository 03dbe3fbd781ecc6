"""The private copy of an index: whole while its owner writes, and made anew when it did."""

import sqlite3
import time

from rag.storage.index_copy import IndexCopy


def rows(path) -> list[int]:
    db = sqlite3.connect(path)
    try:
        return [number for (number,) in db.execute("SELECT n FROM t ORDER BY n")]
    finally:
        db.close()


def test_a_copy_is_whole_and_is_outdated_when_the_index_was_written_to(tmp_path, monkeypatch):
    owner = sqlite3.connect(tmp_path / "index.db")
    owner.execute("CREATE TABLE t (n)")
    owner.execute("INSERT INTO t VALUES (1)")
    owner.commit()
    (tmp_path / "index.json").write_text("{}")
    owner.execute("INSERT INTO t VALUES (2)")  # not committed
    copy = IndexCopy(tmp_path)
    folder = copy.made()
    assert rows(folder / "index.db") == [1] and (folder / "index.json").read_text() == "{}"
    monkeypatch.setattr("rag.storage.index_copy.SECONDS", -1.0)
    assert not copy.outdated()
    time.sleep(0.02)  # the clock of the file system
    owner.commit()
    assert copy.outdated()
    again = copy.made()
    assert rows(again / "index.db") == [1, 2] and not folder.exists() and not copy.outdated()
    owner.close()
    copy.close()
    assert not again.exists()
    assert not (IndexCopy(tmp_path).made(with_rows=False) / "index.db").exists()
