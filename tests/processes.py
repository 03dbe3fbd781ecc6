"""Commands in processes of their own that can be killed, and what must be true of a library afterwards."""

from __future__ import annotations

import json
import multiprocessing
import os
import resource
import signal
import sys
import time
from collections import Counter
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from rag import Library, Settings
from rag.storage.media import pixel_hash
from tests.growing import torn

MARK = "MARK_OF_A_TEST"  # in the environment of a command, and so of every process that it starts
SMALL = 8  # records of a commit

needs_proc = pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="finds processes in /proc")


class Command:
    """`diptych WORDS` in a process of its own, forked from one that has the encoders loaded: what is killed is the work, not the imports.

    Ingests commit often. `largest` is the size (bytes) over which it can write no file.
    """

    def __init__(self, folder: Path, *words: object, largest: int | None = None):
        self._stem = folder / f"command-{time.monotonic_ns()}"
        self.mark = self._stem.name
        self.process = _forked(_run, self._stem, list(map(str, words)), largest)

    def wait(self, seconds: float = 240) -> int:
        """The exit status; -9 where it was killed."""
        self.process.join(seconds)
        assert self.process.exitcode is not None, "it does not end"
        return self.process.exitcode

    def kill(self, after: float = 0) -> int:
        self.process.join(after)
        if self.process.is_alive():
            self.process.kill()
        return self.wait()

    def interrupt(self) -> int:
        """Ctrl-C, as a terminal sends it: to the process and all that it started."""
        assert self.process.pid
        os.killpg(self.process.pid, signal.SIGINT)
        return self.wait()

    @property
    def out(self) -> str:
        return self._stem.with_suffix(".out").read_text()

    @property
    def err(self) -> str:
        return self._stem.with_suffix(".err").read_text()

    @property
    def json(self) -> Any:
        return json.loads(self.out)

    def left(self, seconds: float = 20) -> dict[int, str]:
        """The processes that are still there of it after so long, by id: their command lines."""
        until = time.monotonic() + seconds
        while (found := marked(self.mark)) and time.monotonic() < until:
            time.sleep(0.1)
        return found


class Chat:
    """A process that has a library open and searches it all the time, as the chat would."""

    def __init__(self, library: Path):
        self._ours, theirs = multiprocessing.Pipe()
        self.process = _forked(_chat, library, theirs)
        theirs.close()

    def search(self, words: str) -> tuple[list[str], bool]:
        """The sources found, and whether this process owns the index."""
        self._ours.send(words)
        assert self._ours.poll(120), "the chat does not answer"
        return self._ours.recv()

    def close(self) -> None:
        self._ours.close()
        self.process.join(60)
        assert self.process.exitcode == 0

    def kill(self) -> None:
        self.process.kill()
        self.process.join()
        self._ours.close()


def _forked(target: Any, *args: Any) -> BaseProcess:
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.warm"])
    process = context.Process(target=target, args=args)
    process.start()
    return process


def _run(stem: Path, words: list[str], largest: int | None) -> None:
    import ingest.pipeline
    from app.cli import main

    os.setsid()
    os.environ[MARK] = stem.name
    for number, suffix in ((1, ".out"), (2, ".err")):
        with stem.with_suffix(suffix).open("w") as file:
            os.dup2(file.fileno(), number)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    if largest:
        resource.setrlimit(resource.RLIMIT_FSIZE, (largest, largest))
    ingest.pipeline.BATCH_RECORDS = ingest.pipeline.FIRST_BATCH = SMALL
    sys.argv = ["diptych", *words]
    main()


def _chat(library: Path, asked: Connection) -> None:
    with Library.open(library, Settings(library=library)) as opened:
        while True:
            waits = asked.poll(0.1)
            try:
                words = asked.recv() if waits else "lamp"
            except EOFError:
                return
            sources = [place.source for hit in opened.search(words, k=20) for place in hit.appearances]
            if waits:
                asked.send((sources, opened.store.owner))


def marked(mark: str) -> dict[int, str]:
    """The processes with this mark in their environment. Those that have ended and wait to be buried have no environment any more."""
    found = {}
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            try:
                if f"{MARK}={mark}".encode() in (folder / "environ").read_bytes().split(b"\0"):
                    found[int(folder.name)] = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode()
            except OSError:
                continue
    return found


def opened(folder: Path) -> Library:
    return Library.open(folder, Settings(library=folder))


def committed(folder: Path) -> int:
    """How many files the library holds by now."""
    if not (folder / "catalog.db").exists():
        return 0
    with opened(folder) as library:
        return library.catalog.counts()["files"]


def wait_for(condition: Any, seconds: float = 120) -> None:
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until
        time.sleep(0.02)


# ── what must be true ─────────────────────────────────────────────────────────────────────────────────────────────────────────────────────


def content(library: Library) -> list[tuple[str, str]]:
    """All that the library says, without ids, versions and times."""
    return sorted((each.source, repr(each.record)) for each in library.catalog.all_records())


def rows(library: Library, collection: str) -> list[tuple[int, int]]:
    """Id and version of every row that the index holds."""
    client = library.store._connection.client()
    found = client.query(f"diptych_{library._identity.id}_{collection}", filter="id >= 0", output_fields=["id", "version"], limit=16_384)
    return [(row["id"], row["version"]) for row in found]


def check_whole(library: Library) -> None:
    """The catalogue agrees with itself, the index with the catalogue, the pictures with both, and the search with all."""
    for question in ("lamp keeper edition", "plate", "part 3 of report"):
        for hit in library.search(question, k=40):
            sources = {file.source for file in library.catalog.files()}
            assert hit.id in library.catalog.records([hit.id]) and {place.source for place in hit.appearances} <= sources
            assert hit.media is None or Path(hit.media).exists()

    catalog = library.catalog
    assert catalog._db.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    assert catalog._db.execute("PRAGMA foreign_key_check").fetchall() == []
    files, stored, unswept = catalog.files(), list(catalog.all_records()), set(catalog.unswept())
    counting = {file.version for file in files}
    assert not counting & unswept
    assert not (twice := [path for path, count in Counter(file.path for file in files).items() if count > 1]), twice
    assert {each.source for each in stored} == {file.source for file in files}, "a file without a record"
    assert not torn(stored)

    version_of = dict(catalog._db.execute("SELECT id, version FROM records"))
    for collection, ids in (("words", set(version_of)), ("looks", {each.id for each in stored if each.record.image})):
        held = rows(library, collection)
        assert len(held) == len(dict(held)), f"an id twice in {collection}"
        assert ids <= set(dict(held)), f"records without a row in {collection}"
        assert all(version_of.get(id, version) == version for id, version in held)
        assert {version for _, version in held} - counting <= unswept, f"rows in {collection} that nobody will sweep"

    for key in catalog.images():
        with Image.open(library.media.path(key)) as image:
            assert pixel_hash(image) == Path(key).stem


def check_done(library: Library, expected: list[tuple[str, str]]) -> None:
    """After an ingest that nothing disturbed: as if nothing had ever been disturbed."""
    check_whole(library)
    assert content(library) == expected
    assert library.catalog.unswept() == []
    assert {id for id, _ in rows(library, "words")} == {each.id for each in library.catalog.all_records()}
    assert set(library.media.keys()) == library.catalog.images()
    assert not (library.folder / "spool").exists()
