"""The same sound is known again when it is cut, encoded anew, or softer; another is not."""

from __future__ import annotations

import numpy as np
import pytest

from rag.speech.fingerprint import HOP, Sought, fingerprint
from rag.speech.sound import RATE
from tests.recorded import SPOKEN, board, record, samples

FROM, TO = 3.7, 13.7  # seconds: ten of them, from the middle


@pytest.fixture(scope="module")
def known() -> bytes:
    """The harbour board's fingerprint, made piece by piece."""
    whole = board()
    return fingerprint(whole[at : at + 50_001] for at in range(0, len(whole), 50_001))


def middle() -> np.ndarray:
    return board()[round(FROM * RATE) : round(TO * RATE)]


def test_it_is_small_and_the_same_in_whatever_pieces_the_sound_comes(known):
    assert known == fingerprint([board()]) and len(known) == 4 * ((len(board()) - 8192) // HOP)


@pytest.mark.parametrize("suffix, bits", [(".opus", 16_000), (".mp3", 16_000), (".m4a", 16_000), (".amr", 12_200)])
@pytest.mark.parametrize("loudness", [1.0, 0.1])
def test_a_piece_that_is_encoded_anew_is_found_at_its_moment(known, tmp_path, suffix, bits, loudness):
    match = Sought(samples(record(tmp_path / f"piece{suffix}", middle() * loudness, bits=bits))).within(known)
    assert match and match.agree > 0.85 and match.start == pytest.approx(FROM, abs=0.1) and match.seconds > 5


def test_one_that_holds_it_is_found_too():
    match = Sought(board()).within(fingerprint([middle()]))
    assert match and match.start == pytest.approx(-FROM, abs=0.05)


@pytest.mark.parametrize("other", ["another", "noise", "silence", "short"])
def test_what_is_another_sound_is_not_found(known, other):
    sounds = {
        "another": samples(SPOKEN / "biblioteca.opus"),
        "noise": np.random.default_rng(1).normal(0, 0.1, 10 * RATE).astype(np.float32),
        "silence": np.zeros(10 * RATE, np.float32),
        "short": board()[4 * RATE : 6 * RATE],
    }
    assert Sought(sounds[other]).within(known) is None and Sought(board()).within(fingerprint([sounds[other]])) is None
    assert Sought(board()).within(b"") is None
