"""ingest/watch.py: real changes in real folders, what they lead to, and what leads to nothing."""

from __future__ import annotations

import ctypes
import errno
import queue
import shutil
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from watchdog.observers import inotify_c

from ingest import Report, ingest
from ingest.watch import watch
from rag import Library, Settings
from rag.errors import OtherEncoder, UsageError
from tests.models import tiny_clip

OIL = "The oil for the lamp at Ness Head ran out on the night of the storm."
linux = pytest.mark.skipif(sys.platform != "linux", reason="inotify is Linux's")


class Following:
    """A watch on a thread of its own; `next` gives what it told."""

    def __init__(self, library: Library, *paths: Path):
        self.stop = threading.Event()
        self.total = Report()
        self.error: Exception | None = None
        self._told: queue.Queue[Report | str] = queue.Queue()
        self._work = library, paths
        self._thread = threading.Thread(target=self._run)
        self._thread.start()

    def _run(self) -> None:
        library, paths = self._work
        try:
            self.total = watch(paths, library, told=self._told.put, stop=self.stop)
        except Exception as error:
            self.error = error

    def next(self, seconds: float = 60) -> Report | str:
        return self._told.get(timeout=seconds)

    def round(self) -> Report:
        """The next round, without notices."""
        while isinstance(told := self.next(), str):
            pass
        return told

    def silent(self, seconds: float) -> bool:
        try:
            self._told.get(timeout=seconds)
        except queue.Empty:
            return True
        return False

    def end(self) -> Report:
        self.stop.set()
        self._thread.join(30)
        assert not self._thread.is_alive()
        return self.total


@pytest.fixture(autouse=True)
def soon(monkeypatch):
    monkeypatch.setattr("ingest.watch.QUIET", 0.5)
    monkeypatch.setattr("ingest.watch._TICK", 0.1)


@pytest.fixture
def bare(tmp_path):
    folder = tmp_path / "docs"
    folder.mkdir()
    return folder


@pytest.fixture
def docs(bare):
    (bare / "letter.txt").write_text(OIL)
    return bare


@pytest.fixture(scope="module")
def encoders(library):
    return library.encoders


@pytest.fixture
def own(tmp_path, encoders):
    folder = tmp_path / "library"
    with Library.open(folder, Settings(library=folder)) as library:
        library.encoders = encoders  # loaded once for all tests here
        yield library


@pytest.fixture
def follow(own):
    begun: list[Following] = []

    def follow(*paths: Path, library: Library = own) -> Following:
        begun.append(Following(library, *paths))
        return begun[-1]

    yield follow
    for each in begun:
        each.end()


def sources(library: Library) -> list[str]:
    return [file.source for file in library.catalog.files()]


def test_what_is_there_goes_in_first_and_then_what_changes(own, docs, follow):
    watching = follow(docs)
    assert watching.round().added == ["letter.txt"]
    (docs / "inner").mkdir()
    (docs / "inner" / "tide.md").write_text("# Tide\n\nThe tide turns at nine.")
    assert watching.round().added == ["inner/tide.md"]
    (docs / "letter.txt").write_text("The oil was replaced by gas.")
    assert watching.round().changed == ["letter.txt"]
    (docs / "inner" / "tide.md").rename(docs / "turn.md")
    (docs / "letter.txt").unlink()
    (docs / "broken.pdf").write_bytes(b"%PDF-1.7 and nothing more")
    third = watching.round()
    assert third.renamed == ["turn.md"] and third.removed == ["letter.txt"]
    assert [failure.source for failure in third.failed] == ["broken.pdf"]
    (docs / "turn.md").write_text("The tide turns at ten.")
    again = watching.round()
    assert again.changed == ["turn.md"] and not again.failed  # told before
    total = watching.end()
    assert total.added == ["letter.txt", "inner/tide.md"] and total.changed == ["letter.txt", "turn.md"] and total.removed == ["letter.txt"]
    assert [failure.source for failure in total.failed] == ["broken.pdf"] and total.unchanged == []
    assert own.search("When does the tide turn?")[0].text == "The tide turns at ten."


def test_what_is_passed_over_costs_no_round(docs, own, follow, monkeypatch):
    rounds: list[int] = []

    def counted(*words: object, **named: object) -> Report:
        rounds.append(len(rounds))
        return ingest(*words, **named)  # type: ignore[arg-type]

    monkeypatch.setattr("ingest.watch.ingest", counted)
    inside = docs / "library"
    (docs / "out" / "deep").mkdir(parents=True)
    (docs / ".git").mkdir()
    (docs / ".diptychignore").write_text("out/\n*.log\n!kept.log\n")
    with Library.open(inside, Settings(library=inside)) as library:
        library.encoders = own.encoders
        watching = follow(docs, library=library)
        assert watching.round().added == ["letter.txt"]
        (docs / "out" / "deep" / "made.txt").write_text("made")
        (docs / "noise.log").write_text("noise")
        (docs / ".git" / "index.txt").write_text("x")
        (docs / ".letter.txt.swp").write_text("x")
        (docs / "film.mpg").write_bytes(b"x")
        (inside / "note.txt").write_text("x")
        (docs / "letter.txt").read_text()
        assert watching.silent(2.5) and len(rounds) == 1
        (docs / "kept.log").write_text("The fog horn was sounded.")
        assert watching.round().added == ["kept.log"]
        (docs / ".diptychignore").write_text("*.log\n")
        changed = watching.round()
        assert changed.added == ["out/deep/made.txt"] and changed.removed == ["kept.log"]
        watching.end()


@pytest.mark.long
def test_a_round_waits_until_changes_rest_but_not_for_ever(bare, own, follow, monkeypatch):
    watching = follow(bare)
    watching.round()
    with (bare / "slow.txt").open("w") as file:
        for word in ("The", "fog", "came", "in", "slowly"):
            file.write(word + " ")
            file.flush()
            time.sleep(0.3)
    first = watching.round()
    assert first.added == ["slow.txt"]
    assert own.search("fog", source="slow.txt")[0].text == "The fog came in slowly"

    monkeypatch.setattr("ingest.watch.PATIENCE", 1.5)
    written = 0
    with (bare / "log.txt").open("w") as file:
        while watching.silent(0.05) and written < 1000:
            file.write("The lamp was lit.\n")
            file.flush()
            written += 1
    assert written < 1000, "it waits for a file that never comes to rest"


def test_a_folder_that_goes_keeps_what_is_in_and_is_followed_when_it_is_back(docs, own, follow, tmp_path):
    other = tmp_path / "other"
    other.mkdir()
    (other / "tide.txt").write_text("The tide turns at nine.")
    watching = follow(docs, other, tmp_path / "never")
    first = watching.round()
    assert first.added == ["letter.txt", "tide.txt"] and [failure.source for failure in first.failed] == [str(tmp_path / "never")]
    docs.rename(tmp_path / "elsewhere")
    gone = watching.round()
    assert [(failure.source, failure.hint) for failure in gone.failed] == [(str(docs), "Is it mounted?")] and not gone.removed
    assert sources(own) == ["letter.txt", "tide.txt"]
    (tmp_path / "elsewhere" / "ferry.txt").write_text("The ferry sails at two.")
    (tmp_path / "elsewhere").rename(docs)
    assert watching.round().added == ["ferry.txt"]
    (tmp_path / "never").mkdir()
    (tmp_path / "never" / "late.txt").write_text("Late, but here.")
    assert watching.round().added == ["late.txt"]
    total = watching.end()
    assert not total.failed and total.unchanged == [] and "letter.txt" in total.added


@pytest.mark.long
def test_a_folder_made_anew_at_once_is_followed_on(bare, follow):
    watching = follow(bare)
    watching.round()
    shutil.rmtree(bare)
    bare.mkdir()
    (bare / "first.txt").write_text("The first light burned coal.")
    assert watching.round().added == ["first.txt"]
    (bare / "second.txt").write_text("The second light burned oil.")
    assert watching.round().added == ["second.txt"]


@pytest.mark.long
def test_a_file_by_itself_is_followed_through_its_replacement(docs, own, follow):
    watching = follow(docs / "letter.txt")
    assert watching.round().added == ["letter.txt"]
    (docs / "other.txt").write_text("Beside it.")
    assert watching.silent(1.5)
    (docs / "letter.new").write_text("Written by an editor.")
    (docs / "letter.new").replace(docs / "letter.txt")
    assert watching.round().changed == ["letter.txt"]


def test_nothing_to_follow_is_wrong_usage(own, tmp_path):
    with pytest.raises(UsageError, match="never"):
        watch([tmp_path / "never"], own)


def test_between_rounds_another_process_may_own_the_index_and_write(own, bare, follow):
    watching = follow(bare)
    watching.round()
    with Library.open(own.folder, own.settings) as chat:
        chat.encoders = own.encoders
        assert chat.store.count() == 0 and chat.store.owner
        (bare / "tide.txt").write_text("The tide turns at nine.")
        assert watching.round().added == ["tide.txt"]
        assert chat.search("tide")[0].source == "tide.txt"
        chat.remove(["tide.txt"])
        (bare / "ferry.txt").write_text("The ferry sails at two.")
        assert watching.round().added == ["ferry.txt"]


def test_what_was_removed_stays_out_until_it_is_ingested_by_hand(own, docs, follow):
    (docs / "tide.txt").write_text("The tide turns at nine.")
    watching = follow(docs)
    watching.round()
    own.remove(["letter.txt"])
    (docs / "letter.txt").write_text("The oil was replaced by gas.")
    (docs / "ferry.txt").write_text("The ferry sails at two.")
    round = watching.round()
    assert (round.added, round.kept_out) == (["ferry.txt"], ["letter.txt"])
    watching.end()
    again = follow(docs)
    assert again.round().kept_out == ["letter.txt"], "a new start is no word of the user's"
    again.end()
    assert ingest([docs], own).added == ["letter.txt"] and own.catalog.removed() == []
    third = follow(docs)
    assert third.round().kept_out == [] and sources(own) == ["ferry.txt", "letter.txt", "tide.txt"]
    own.remove(["tide.txt"])
    (docs / "tide.txt").unlink()
    (docs / "ferry.txt").write_text("The ferry sails at three.")
    assert third.round().changed == ["ferry.txt"] and own.catalog.removed() == []
    (docs / "tide.txt").write_text("The tide turns at ten.")
    assert third.round().added == ["tide.txt"], "what was gone and comes again is another file"


def test_a_followed_folder_of_which_everything_was_removed_is_not_called_empty(own, docs, follow):
    watching = follow(docs)
    watching.round()
    own.remove(["letter.txt"])
    (docs / "letter.txt").write_text("The oil was replaced by gas.")
    assert watching.silent(3) and not watching.end().failed


def test_trouble_with_the_library_is_told_and_tried_again(own, bare, follow, monkeypatch):
    monkeypatch.setattr("ingest.watch.RETRY", 0.5)
    watching = follow(bare)
    watching.round()
    aside = own.folder.rename(own.folder.with_name("aside"))
    (bare / "tide.txt").write_text("The tide turns at nine.")
    assert "no library" in str(watching.next())
    assert watching.silent(1.5)  # once
    aside.rename(own.folder)
    assert watching.round().added == ["tide.txt"]


@pytest.mark.long
def test_a_library_made_anew_in_between_is_the_one_that_is_written(own, docs, follow):
    watching = follow(docs)
    watching.round()
    shutil.rmtree(own.folder)
    with Library.open(own.folder, own.settings) as anew:
        (docs / "tide.txt").write_text("The tide turns at nine.")
        assert sorted(watching.round().added) == ["letter.txt", "tide.txt"]
        anew.encoders = own.encoders
        assert anew.search("tide")[0].source == "tide.txt"


def test_a_library_made_anew_with_other_encoders_ends_it(own, docs, follow, tmp_path):
    watching = follow(docs)
    watching.round()
    shutil.rmtree(own.folder)
    Library.open(own.folder, Settings(library=own.folder, profile="clip", joint_model=str(tiny_clip(tmp_path / "clip")))).close()
    (docs / "tide.txt").write_text("The tide turns at nine.")
    watching._thread.join(15)
    assert isinstance(watching.error, OtherEncoder)


def exhausted(after: int) -> Callable[[int, bytes, int], int]:
    """The kernel's inotify_add_watch with no watch left after some."""
    real, given = inotify_c.inotify_add_watch, 0

    def add(fd: int, path: bytes, mask: int) -> int:
        nonlocal given
        given += 1
        if given > after:
            ctypes.set_errno(errno.ENOSPC)
            return -1
        return real(fd, path, mask)

    return add


@linux
@pytest.mark.long
def test_where_no_watch_is_left_folders_are_looked_through(docs, follow, monkeypatch):
    for name in ("a", "b", "c"):
        (docs / name).mkdir()
    monkeypatch.setattr("ingest.watch.POLL", 0.5)
    monkeypatch.setattr(inotify_c, "inotify_add_watch", exhausted(after=2))
    watching = follow(docs)
    assert "looked through every" in str(watching.next())
    assert watching.round().added == ["letter.txt"]
    (docs / "c" / "tide.txt").write_text("The tide turns at nine.")
    assert watching.round().added == ["c/tide.txt"]
    (docs / "c" / "tide.txt").unlink()
    assert watching.round().removed == ["c/tide.txt"]


@linux
def test_the_last_watch_may_go_to_a_folder_made_later(bare, follow, monkeypatch):
    monkeypatch.setattr("ingest.watch.POLL", 0.5)
    watching = follow(bare)
    watching.round()
    monkeypatch.setattr(inotify_c, "inotify_add_watch", exhausted(after=0))
    (bare / "late").mkdir()
    assert "looked through every" in str(watching.next())
    (bare / "late" / "tide.txt").write_text("The tide turns at nine.")
    assert watching.round().added == ["late/tide.txt"]
