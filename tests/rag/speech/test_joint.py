"""Sounds and words in one space, on a tiny CLAP of random weights: the contract, not the quality."""

from __future__ import annotations

import numpy as np
import pytest

from rag.errors import EncoderError
from rag.speech.joint import SoundEncoder
from rag.speech.sound import RATE, opened
from tests.models import tiny_clap, tiny_clip
from tests.recorded import record

AT = np.arange(10 * RATE) / RATE
HUM, HISS = np.sin(AT * 2 * np.pi * 110) / 2, np.random.default_rng(0).uniform(-0.5, 0.5, 10 * RATE)


@pytest.fixture(scope="module")
def encoder(tmp_path_factory) -> SoundEncoder:
    return SoundEncoder(str(tiny_clap(tmp_path_factory.mktemp("clap"))))


def pieces(encoder: SoundEncoder, path) -> list[np.ndarray]:
    with opened(path) as sound:
        return list(encoder.pieces(sound))


def test_each_ten_seconds_have_a_vector_and_silence_has_none(encoder, tmp_path):
    silence = np.zeros(10 * RATE)
    path = record(tmp_path / "day.flac", np.concatenate([HUM, HISS, silence, HUM, HISS[: 4 * RATE], silence[: RATE // 2]]))
    hum, hiss, silent, again, rest = pieces(encoder, path)
    assert all(np.isclose(np.linalg.norm(each), 1) for each in (hum, hiss, again, rest)) and not silent.any()
    assert hum @ again > 0.999 > hum @ hiss
    [alone] = pieces(encoder, record(tmp_path / "hum.flac", HUM))
    assert alone @ hum > 0.999, "whatever stands around it"


def test_words_are_in_the_same_space_and_a_recording_asks_by_how_it_begins(encoder, tmp_path):
    words = encoder.words("rain on a roof")
    assert words.shape == (16,) and np.isclose(np.linalg.norm(words), 1)
    hum, _ = pieces(encoder, path := record(tmp_path / "both.flac", np.concatenate([HUM, HISS])))
    with opened(path) as sound:
        asked = encoder.asked(sound)
    assert np.isclose(np.linalg.norm(asked), 1) and hum @ asked > 0.5
    with opened(record(tmp_path / "silent.flac", np.zeros(3 * RATE))) as sound:
        assert not encoder.asked(sound).any()


def test_what_takes_no_sounds_is_told(tmp_path):
    with pytest.raises(EncoderError, match="words and sounds") as told:
        SoundEncoder(str(tiny_clip(tmp_path / "clip")))
    assert "sound_model" in told.value.hint
    with pytest.raises(EncoderError, match="no model folder"):
        SoundEncoder(str(tmp_path / "none"))
