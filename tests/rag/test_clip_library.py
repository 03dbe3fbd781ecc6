"""The `clip` profile end to end, on a tiny CLIP of random weights: the contract between the rooms, not the quality."""

from __future__ import annotations

import pytest

from ingest import ingest
from rag import Library, Settings
from rag.errors import EncoderError, OtherEncoder
from tests.models import tiny_clip


@pytest.fixture(scope="module")
def settings(tmp_path_factory):
    folder = tmp_path_factory.mktemp("clip")
    return Settings(profile="clip", joint_model=str(tiny_clip(folder / "model")), library=folder / "library")


@pytest.fixture(scope="module")
def clip(settings, coast):
    with Library.open(settings.library, settings) as library:
        assert not ingest([coast], library).failed
        yield library


def test_a_picture_finds_itself_in_the_joint_space(clip, coast):
    hits = clip.search(image=coast / "pictures" / "boat.png", modality="image")
    assert hits[0].origin == "pictures/boat.png" and hits[0].routes.visual == 1


def test_a_picture_finds_passages_through_the_visual_route(clip, coast):
    hits = clip.search(image=coast / "pictures" / "boat.png", modality="text")
    assert hits and all(hit.routes.visual and hit.routes.dense is None for hit in hits)


def test_words_rank_pictures_only_by_the_visual_route(clip):
    hits = clip.search("Who built the light at Hollin Point?", k=20)
    assert {hit.modality for hit in hits if hit.routes.visual} == {"image"}
    assert any("Marta Quill" in hit.text for hit in hits if hit.modality == "text")


def test_a_library_keeps_its_encoders(clip, settings):
    with pytest.raises(OtherEncoder, match="joint"):
        Library.open(settings.library, Settings(library=settings.library))


def test_a_hub_model_that_is_not_here_is_said(tmp_path, coast):
    away = Settings(profile="clip", joint_model="no-such-owner/no-such-model", library=tmp_path)
    with Library.open(tmp_path, away) as library, pytest.raises(EncoderError) as caught:
        library.search("lamp")
    assert caught.value.hint
