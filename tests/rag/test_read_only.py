"""A library that may only be read: it answers, and what would write says so in one line; tried by a process that keeps to rights."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from ingest import ingest
from rag import Library, Settings
from rag.storage.catalog import Catalog

PLAIN = [
    "setpriv",
    "--bounding-set=-dac_override,-dac_read_search",
    "--inh-caps=-dac_override,-dac_read_search",
]  # root that keeps to the rights of files

pytestmark = pytest.mark.skipif(
    os.name == "nt" or (os.access("/", os.W_OK) and not shutil.which(PLAIN[0])), reason="this user writes past all rights"
)


def plainly(code: str, *words: object) -> dict:
    """What `code` prints as JSON, run by a process that may write only where rights let it."""
    before = PLAIN if os.access("/", os.W_OK) else []
    command = [*before, sys.executable, "-c", code, *map(str, words)]
    done = subprocess.run(command, capture_output=True, text=True, cwd=Path(__file__).parents[2], timeout=300)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.fixture
def locked(tmp_path) -> Iterator[Path]:
    """A folder whose rights are taken away by `lock`, and given back in the end."""
    folder = tmp_path / "library"
    yield folder
    for path in (folder, *folder.rglob("*")):
        path.chmod(0o755 if path.is_dir() else 0o644)


def lock(folder: Path) -> None:
    for path in (folder, *folder.rglob("*")):
        path.chmod(0o555 if path.is_dir() else 0o444)


ASKED = """
import json, sys
from ingest import ingest
from ingest.rebuild import rebuild
from rag import Library, Settings
from rag.errors import DiptychError
folder, docs = sys.argv[1:]
settings = Settings(library=folder)
refused = []
def tried(call):
    try:
        call()
    except DiptychError as error:
        refused.append(type(error).__name__)
with Library.open(folder, settings, create=False) as library:
    found = {
        "hit": library.search("windlass", k=1)[0].source,
        "answer": library.ask("How heavy is the windlass?", model="quote").answer,
        "status": library.status()["files"],
        "roots": len(library.catalog.roots()),
        "sources": [each.source for each in library.catalog.sources()],
    }
    tried(lambda: ingest([docs], library))
    tried(lambda: library.remove(["windlass.md"]))
    tried(lambda: rebuild(settings))
print(json.dumps({**found, "refused": refused}))
"""


def test_it_answers_and_refuses_to_be_written(locked, tmp_path):
    docs = tmp_path / "docs"
    docs.mkdir()
    (docs / "windlass.md").write_text("# Windlass\n\nThe windlass weighs 340 kilograms.\n")
    with Library.open(locked, Settings(library=locked)) as library:
        ingest([docs], library)
    lock(locked)
    before = {path: path.stat().st_mtime_ns for path in locked.rglob("*")}
    found = plainly(ASKED, locked, docs)
    assert found["hit"] == "windlass.md" and "340 kilograms" in found["answer"]
    assert (found["status"], found["roots"], found["sources"]) == (1, 1, ["windlass.md"])
    assert found["refused"] == ["ReadOnly"] * 3
    assert {path: path.stat().st_mtime_ns for path in locked.rglob("*")} == before


REFUSED = """
import json, sys, tempfile
from pathlib import Path
from rag import Library, Settings
from rag.errors import LibraryError
from rag.storage.index_copy import IndexCopy
said = []
for folder in sys.argv[1:3]:
    try:
        Library.open(folder, Settings(library=folder), create=False)
    except LibraryError as error:
        said.append(str(error))
tempfile.tempdir = sys.argv[3]
try:
    IndexCopy(Path(sys.argv[3])).made()
except LibraryError as error:
    said.append(str(error))
print(json.dumps(said))
"""


def test_what_may_not_even_be_read_is_one_line(locked, tmp_path):
    for folder in (locked, tmp_path / "other", tmp_path / "small"):
        folder.mkdir()
        (folder / "library.json").write_text("{}")
    (locked / "library.json").chmod(0)
    (tmp_path / "other").chmod(0)
    (tmp_path / "small").chmod(0o555)
    try:
        said = plainly(REFUSED, locked, tmp_path / "other", tmp_path / "small")
    finally:
        (tmp_path / "other").chmod(0o755)
        (tmp_path / "small").chmod(0o755)
    assert [line.split(": ")[0].rpartition("/")[2] for line in said[:2]] == ["library.json cannot be read", "other cannot be looked into"]
    assert "no copy of it can be made" in said[2]


READ = """
import json, sys
from pathlib import Path
from rag.storage.catalog import Catalog
catalog = Catalog(Path(sys.argv[1]), read_only=True)
print(json.dumps([str(root) for root, in catalog._db.execute("SELECT CAST(path AS TEXT) FROM roots ORDER BY path")]))
"""


@pytest.mark.parametrize("shared", [True, False])
def test_what_a_killed_writer_left_in_the_log_is_read_too(locked, tmp_path, shared):
    writer = tmp_path / "writer"
    writer.mkdir()
    catalog = Catalog(writer)
    catalog.writer.add_root(Path("/docs/in/the/log"))
    shutil.copytree(writer, locked)  # as it lies there while it is written
    assert (locked / "catalog.db-wal").stat().st_size
    if not shared:
        (locked / "catalog.db-shm").unlink()
    catalog.close()
    lock(locked)
    assert plainly(READ, locked) == ["/docs/in/the/log"]


FOLLOWED = """
import json, sys
from pathlib import Path
from rag.storage.catalog import Catalog
folder = Path(sys.argv[1])
catalog = Catalog(folder, read_only=True)
counts = []
for _ in range(2):
    counts.append(catalog._db.execute("SELECT count(*) FROM roots").fetchone()[0])
    print(counts[-1], flush=True, file=sys.stderr)
    sys.stdin.readline()
print(json.dumps(counts))
"""


def test_what_the_owner_writes_meanwhile_is_seen(locked):
    locked.mkdir()
    catalog = Catalog(locked)
    catalog.writer.add_root(Path("/one"))
    catalog.close()
    lock(locked)
    command = [*(PLAIN if os.access("/", os.W_OK) else []), sys.executable, "-c", FOLLOWED, str(locked)]
    pipes = dict.fromkeys(("stdin", "stdout", "stderr"), subprocess.PIPE)
    with subprocess.Popen(command, text=True, cwd=Path(__file__).parents[2], **pipes) as reader:
        assert reader.stderr.readline() == "1\n"
        for path in (locked, *locked.rglob("*")):
            path.chmod(0o755)
        writer = sqlite3.connect(locked / "catalog.db")
        writer.execute("INSERT INTO roots VALUES (CAST('/two' AS BLOB))")
        writer.commit()
        writer.close()
        reader.stdin.write("\n")
        reader.stdin.flush()
        assert reader.stderr.readline() == "2\n"
        out, _ = reader.communicate("\n", timeout=60)
    assert json.loads(out) == [1, 2]
