"""An ingest that is killed, stopped, or finds the disk full: what was committed is whole, nothing is there twice, the next run finishes."""

from __future__ import annotations

import os
import random
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest
from PIL import Image

from tests.growing import Growing
from tests.processes import MARK, Command, check_done, check_whole, committed, content, needs_proc, opened, wait_for

pytestmark = [needs_proc, pytest.mark.first]


def kill_often(tmp_path: Path, kills: int, seed: int, texts: int = 20) -> None:
    """Ingest, kill, change the folder, and so on; the library is checked each time, and held against a fresh one at the end."""
    docs, moments, killed = Growing(tmp_path / "docs", seed, texts), random.Random(seed), 0
    started = time.monotonic()
    assert Command(tmp_path, "ingest", docs.folder, "--library", tmp_path / "measured").wait() == 0
    whole = time.monotonic() - started
    while killed < kills:
        started = time.monotonic()
        command = Command(tmp_path, "ingest", docs.folder, "--library", tmp_path / "library")
        if command.kill(after=whole * (killed % 4 + moments.random()) / 4) == 0:
            whole = time.monotonic() - started  # it was too late: the next has less time
        else:
            killed += 1
        with opened(tmp_path / "library") as library:  # at once: its reading processes may still be there
            check_whole(library)
        assert command.left() == {}
        docs.change()
    last = Command(tmp_path, "ingest", docs.folder, "--library", tmp_path / "library")
    assert last.wait() == 0 and last.left() == {}
    assert Command(tmp_path, "ingest", docs.folder, "--library", tmp_path / "fresh").wait() == 0
    with opened(tmp_path / "fresh") as fresh:
        expected = content(fresh)
    with opened(tmp_path / "library") as library:
        check_done(library, expected)


@pytest.mark.long
@pytest.mark.timeout(900)
def test_killed_at_a_moment(tmp_path):
    kill_often(tmp_path, kills=1, seed=7, texts=9)


@pytest.mark.long
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("seed", range(5))
def test_killed_at_ten_moments_each(tmp_path, seed):
    kill_often(tmp_path, kills=10, seed=seed)


def test_ctrl_c_says_what_to_do_and_keeps_what_was_done(tmp_path):
    docs, folder = Growing(tmp_path / "docs", seed=3), tmp_path / "library"
    command = Command(tmp_path, "ingest", docs.folder, "--library", folder)
    wait_for(lambda: committed(folder))
    assert command.interrupt() == 130
    lines = command.err.splitlines()
    assert lines[-2:] == ["Stopped.", "Run the same command again; what was done is kept."]
    assert "Traceback" not in command.err and command.out == ""
    assert command.left() == {}
    assert not (folder / "spool").exists()
    before = committed(folder)
    assert 0 < before < 40
    again = Command(tmp_path, "ingest", docs.folder, "--library", folder, "--json")
    assert again.wait() == 0 and len(again.json["unchanged"]) == before and len(again.json["added"]) == 40 - before
    with opened(folder) as library:
        check_whole(library)
        assert library.catalog.unswept() == []


@pytest.mark.parametrize("part", ["pictures", *(pytest.param(part, marks=pytest.mark.long) for part in ("catalogue", "index"))])
def test_no_room_is_one_line_and_the_next_run_finishes(tmp_path, part):
    """A limit on the size of files stands for a full disk, which takes rights to make."""
    docs, folder = Growing(tmp_path / "docs", seed=5, texts=9), tmp_path / "library"
    largest, before = 60_000, 0
    if part == "pictures":
        noise = Image.effect_noise((300, 200), 2).point(lambda value: min(max(value, 123), 133)).convert("RGB")  # too faint for letters
        noise.save(docs.folder / "pictures" / "a-noise.png", compress_level=0)
        assert (docs.folder / "pictures" / "a-noise.png").stat().st_size > largest
    if part == "index":
        assert Command(tmp_path, "ingest", docs.folder, "--library", folder).wait() == 0
        before = committed(folder)
        docs.change()
        largest = (folder / "index.db").stat().st_size
    command = Command(tmp_path, "ingest", docs.folder, "--library", folder, "--json", largest=largest)
    assert command.wait() == 2
    assert "disk or a quota is full" in command.json["error"] and "Make room" in command.json["hint"]
    assert command.left() == {}
    with opened(folder) as library:
        check_whole(library)
        kept = {file.path: file.hash for file in library.catalog.files()}
    assert len(kept) >= before - 5, "only the files that went are gone"
    again = Command(tmp_path, "ingest", docs.folder, "--library", folder, "--json")
    assert again.wait() == 0
    with opened(folder) as library:
        check_whole(library)
        assert library.catalog.unswept() == [] and set(library.media.keys()) == library.catalog.images()
        assert len(again.json["unchanged"]) == len([file for file in library.catalog.files() if kept.get(file.path) == file.hash])


FULL_DISK = """
set -e
mount -t tmpfs -o size=600k none "$1"
cd "$2"
"$3" -m app ingest "$4" --library "$1/library" >/dev/null 2>"$5/full.err" && exit 1 || test $? = 2
cp -r "$1/library" "$5/full"
mount -o remount,size=100m "$1"
"$3" -m app ingest "$4" --library "$1/library"
cp -r "$1/library" "$5/done"
"""


@pytest.mark.long
@pytest.mark.timeout(900)
def test_a_disk_that_is_really_full(tmp_path):
    """The same on a small file system in memory, where the kernel lets this user mount one."""
    if not shutil.which("unshare") or subprocess.run(["unshare", "-rm", "true"], capture_output=True).returncode:
        pytest.skip("no file system can be mounted here")
    docs = Growing(tmp_path / "docs", seed=5)
    disk, out = tmp_path / "disk", tmp_path / "out"
    disk.mkdir()
    out.mkdir()
    words = [str(disk), str(Path(__file__).parents[2]), sys.executable, str(docs.folder), str(out)]
    subprocess.run(["unshare", "-rm", "bash", "-c", FULL_DISK, "bash", *words], check=True, env=os.environ | {"OMP_NUM_THREADS": "1"})
    assert "disk or a quota is full" in (out / "full.err").read_text() and "Traceback" not in (out / "full.err").read_text()
    with opened(out / "full") as library:
        check_whole(library)
        assert library.catalog.counts()["files"] < 40
    with opened(out / "done") as library:
        check_whole(library)
        assert library.catalog.counts()["files"] == 40 and library.catalog.unswept() == []


@pytest.mark.long
@pytest.mark.timeout(900)
def test_the_command_as_it_is_typed_killed_from_its_start_on(tmp_path):
    docs, folder, moments = Growing(tmp_path / "docs", seed=9), tmp_path / "library", random.Random(9)
    command = [sys.executable, "-m", "app", "ingest", str(docs.folder), "--library", str(folder)]
    started = time.monotonic()
    subprocess.run([*command[:-1], str(tmp_path / "fresh")], check=True, capture_output=True)
    whole = time.monotonic() - started
    for number in range(6):
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=os.environ | {MARK: f"typed{number}"})
        time.sleep(whole * (number + moments.random()) / 6)
        process.kill()
        process.wait()
        with opened(folder) as library:
            check_whole(library)
    subprocess.run(command, check=True, capture_output=True)
    with opened(tmp_path / "fresh") as fresh:
        expected = content(fresh)
    with opened(folder) as library:
        check_done(library, expected)
