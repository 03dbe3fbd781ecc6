"""Token vectors in two bits a coordinate: small, and true enough for cosines."""

import numpy as np
import pytest

from rag.embed.compact import BYTES, packed, rotated, unpacked


def directions(number: int, dimension: int, seed: int = 3) -> np.ndarray:
    vectors = np.random.default_rng(seed).standard_normal((number, dimension)).astype(np.float32)
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


@pytest.mark.parametrize(("dimension", "error"), [(384, 0.021), (768, 0.015)])
def test_cosines_come_back_without_bias(dimension, error):
    passage = directions(100, dimension)
    question = passage[:40] * 0.7 + directions(40, dimension, seed=4) * 0.7
    question /= np.linalg.norm(question, axis=1, keepdims=True)
    off = rotated(question) @ unpacked(packed(passage), dimension).T - question @ passage.T
    assert off.std() < error and abs(off.mean()) < 0.002


def test_a_vector_takes_two_bits_a_coordinate():
    assert len(packed(directions(50, 384))) == 50 * 96
    assert unpacked(packed(directions(3, 10)), 10).shape == (3, 10)
    assert packed(directions(0, 384)) == b"" and unpacked(b"", 384).shape == (0, 384)


def test_the_rotation_is_the_same_everywhere():
    assert packed(np.eye(8, dtype=np.float32)[:2]).hex() == "341aae5d"


@pytest.mark.parametrize("dimension", [384, 1024])
def test_no_passage_takes_more_than_its_room_and_every_matter_stays(dimension):
    matters = directions(BYTES * 4 // dimension // 3, dimension)
    passage = np.repeat(matters, 6, axis=0)
    data = packed(passage)
    assert len(data) <= BYTES
    assert (rotated(matters) @ unpacked(data, dimension).T).max(axis=1).min() > 0.8
