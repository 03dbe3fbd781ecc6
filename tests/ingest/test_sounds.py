"""Recordings by how they sound, with a tiny CLAP of random weights: taken in without words, found by words and by a recording."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from ingest import ingest
from rag import Library, Settings
from rag.errors import EncoderError
from rag.speech.sound import RATE
from tests.models import tiny_clap
from tests.recorded import needs_speech, record

AT = np.arange(20 * RATE) / RATE
HUM, HISS = np.sin(AT * 2 * np.pi * 110) / 2, np.random.default_rng(0).uniform(-0.5, 0.5, 20 * RATE)
SAID = "WEBVTT\n\n00:00:21.000 --> 00:00:24.000\nNow listen to the generator.\n\n00:00:24.500 --> 00:00:39.000\nThat was it.\n"


@pytest.fixture(scope="module")
def settings(tmp_path_factory) -> Settings:
    folder = tmp_path_factory.mktemp("sounds")
    return Settings(library=folder / "library", sound_model=str(tiny_clap(folder / "clap")))


@pytest.fixture(scope="module")
def talks(tmp_path_factory) -> Path:
    """A recording of a hiss, then of a hum about which somebody speaks, then of the hiss; and notes."""
    talks = tmp_path_factory.mktemp("recorded") / "talks"
    talks.mkdir()
    record(talks / "station.flac", np.concatenate([HISS, HUM, HISS]), "The power station")
    (talks / "station.vtt").write_text(SAID)
    (talks / "tides.md").write_text("# Tides\n\nThe highest tide of the year comes in September.\n")
    return talks


@pytest.fixture(scope="module")
def library(settings, talks):
    with Library.open(settings.library, settings) as library:
        assert ingest([talks], library).failed == []
        yield library


def test_times_without_words_are_passages_between_what_is_said(library):
    held = [each.record for each in library.catalog.of(["station.flac"])]
    lines = [line for each in held for line in zip(filter(None, each.text.split("\n")), each.locator.said, strict=True)]
    assert lines[0] == ("Sound without words in station.flac, from 0:00 to 0:21.", (0.0, 21.0))
    assert lines[-1] == ("Sound without words in station.flac, from 0:39 to 1:00.", (39.0, 60.0))
    assert "generator" in lines[1][0] and len(lines) == 4


def test_words_and_recordings_find_the_moment_that_sounds_like_them(library, tmp_path):
    found = library.search(audio=record(tmp_path / "hum.wav", HUM[: 9 * RATE]), k=5)
    [alike] = [hit for hit in found if hit.routes.sounds_like == 1]
    assert "generator" in alike.text and alike.locator.time in ((20.0, 30.0), (30.0, 40.0))
    assert alike.to_dict()["routes"]["sounds_like"] == 1
    hits = library.search("rain on a roof", k=8)
    by_sound = [hit for hit in hits if hit.routes.sounds_like]
    assert {hit.source for hit in by_sound} == {"station.flac"} and all(hit.locator.time for hit in by_sound)
    assert [hit.rank for hit in hits] == [*range(1, len(hits) + 1)] and "tides.md" in {hit.source for hit in hits}
    assert not any(hit.routes.sounds_like for hit in library.search("rain on a roof", source="tides.md"))
    assert not any(hit.routes.sounds_like for hit in library.search("rain on a roof", modality="image"))


@needs_speech
def test_what_has_no_words_is_taken_in_once_there_is_a_space_for_it(settings, tmp_path):
    talks = tmp_path / "rain"
    talks.mkdir()
    record(talks / "roof.flac", HISS)
    plain = Settings(library=tmp_path / "library")
    with Library.open(plain.library, plain) as library:
        assert "No speech" in ingest([talks], library).failed[0].reason
    with Library.open(plain.library, Settings(library=plain.library, sound_model=settings.sound_model)) as library:
        assert ingest([talks], library).added == ["roof.flac"]
        [hit] = library.search("rain on a roof")
        assert (hit.source, hit.routes.sounds_like) == ("roof.flac", 1) and hit.locator.time in ((0.0, 10.0), (10.0, 20.0))
        library.remove(["roof.flac"])
        assert list(library.catalog.contents.soundings("any")) == [] and not library.search("rain on a roof")


def test_a_model_that_is_none_is_told_before_anything_is_read(tmp_path, talks):
    wrong = Settings(library=tmp_path / "library", sound_model=str(tmp_path / "none"))
    with Library.open(wrong.library, wrong) as library:
        with pytest.raises(EncoderError, match="no model folder"):
            ingest([talks], library)
        assert library.catalog.empty()
