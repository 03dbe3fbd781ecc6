"""Reading processes: one that hangs or dies takes its file with it, and nothing else."""

import os
import signal
import threading
import time
from pathlib import Path

import pytest
from PIL import Image

from ingest.messages import Job, Read, Setup, Unread
from ingest.pool import ReaderPool
from rag.errors import LibraryError
from rag.storage.catalog import Catalog


@pytest.fixture
def setup(tmp_path, tokenizer):
    (tmp_path / "library" / "spool").mkdir(parents=True)
    Catalog(tmp_path / "library").close()
    return Setup(tmp_path / "library", tmp_path / "library" / "spool", None, tokenizer.to_str(), 256)


def jobs(setup: Setup, folder: Path, *names: str) -> list[tuple[str, Job]]:
    return [(name, Job(folder / name, name, folder, setup.library / "spool" / name.replace(".", "-"))) for name in names]


def children() -> set[int]:
    mine = (path.read_text().split() for path in Path("/proc/self/task").glob("*/children"))
    return {int(pid) for pids in mine for pid in pids}


def test_records_come_back_by_way_of_the_disk(setup, tmp_path):
    (tmp_path / "a.txt").write_text("The bell rings in fog.")
    Image.linear_gradient("L").save(tmp_path / "b.png")
    with ReaderPool(setup, 60, 2) as pool:
        done = dict(filter(None, pool.read(jobs(setup, tmp_path, "a.txt", "b.png", "missing.txt"))))
    assert isinstance(done["a.txt"], Read) and [record.text for record in done["a.txt"].spool.records()] == ["The bell rings in fog."]
    assert isinstance(done["b.png"], Read) and [image.size for _, _, image in done["b.png"].spool.images()] == [(256, 256)]
    assert isinstance(done["missing.txt"], Unread) and not done["missing.txt"].lasting


def test_a_reader_that_comes_no_further_is_ended_and_the_next_file_is_read(setup, tmp_path):
    Image.effect_noise((1500, 1500), 99).save(tmp_path / "slow.png")  # to load its OCR engine alone takes longer
    (tmp_path / "a.txt").write_text("The bell rings in fog.")
    with ReaderPool(setup, 0.4, 1) as pool:
        done = dict(filter(None, pool.read(jobs(setup, tmp_path, "slow.png", "a.txt"))))
    assert isinstance(done["slow.png"], Unread) and "came no further for 0.4 s" in done["slow.png"].reason
    assert isinstance(done["a.txt"], Read)


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="looks for the process in /proc")
def test_a_reader_that_dies_fails_its_own_file(setup, tmp_path):
    Image.linear_gradient("L").resize((900, 900)).save(tmp_path / "picture.png")
    (tmp_path / "a.txt").write_text("The bell rings in fog.")
    before, opened = children(), len(list(Path("/proc/self/fd").iterdir()))

    def strike():
        while not (started := children() - before):
            time.sleep(0.01)
        while not (setup.library / "spool" / "picture-png.records").exists():
            time.sleep(0.01)
        os.kill(*started, signal.SIGKILL)

    striker = threading.Thread(target=strike)
    striker.start()
    with ReaderPool(setup, 60, 1) as pool:
        done = dict(filter(None, pool.read(jobs(setup, tmp_path, "picture.png", "a.txt"))))
        assert len(list(Path("/proc/self/fd").iterdir())) == opened + 3  # the pipes of the process that lives
    striker.join()
    assert done["picture.png"] == Unread("Its reader crashed (SIGKILL).", "It may be damaged: save it anew.")
    assert isinstance(done["a.txt"], Read)
    assert children() == before


def test_what_keeps_a_reader_from_starting_is_said(setup, tmp_path):
    (tmp_path / "a.txt").write_text("The bell rings in fog.")
    broken = Setup(setup.library, setup.spools, None, "no tokenizer", 256)
    with pytest.raises(LibraryError, match="does not start"), ReaderPool(broken, 60, 1) as pool:
        list(pool.read(jobs(setup, tmp_path, "a.txt")))
