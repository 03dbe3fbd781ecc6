"""A head learnt from pictures with words: it carries over to what it has not seen, and the seed decides it."""

from __future__ import annotations

import numpy as np
import pytest

from rag.embed.head import Head
from rag.embed.learning import learnt
from rag.embed.unit import unit

WIDTH, DIMENSION = 48, 12


@pytest.fixture(scope="module")
def world() -> tuple[np.ndarray, np.ndarray]:
    """What is seen in 900 pictures, through a mixture that the head has to find out, and the text of each."""
    chance = np.random.default_rng(7)
    texts = unit(chance.standard_normal((900, DIMENSION)))
    mixed = texts @ chance.standard_normal((DIMENSION, WIDTH)) * 5 + 3
    return (mixed + chance.standard_normal(mixed.shape)).astype(np.float32), texts


@pytest.fixture(scope="module")
def head(world) -> Head:
    seen, texts = world
    return learnt(seen[:800], [each[None] for each in texts[:800]], seed=1, epochs=400)


def first(scores: np.ndarray) -> float:
    """The share of rows whose own column is the best."""
    return float((scores.argmax(axis=1) == np.arange(len(scores))).mean())


def test_texts_find_pictures_that_were_not_learnt_from(head, world):
    seen, texts = (each[800:] for each in world)
    assert first(head.read(texts) @ head.see(seen).T) > 0.9
    assert first(head.told(head.see(seen)) @ texts.T) > 0.9
    mismatched = Head(head.mean, head.deviation, np.roll(head.pictures, 1, axis=0), head.bias, head.words)
    assert first(mismatched.read(texts) @ mismatched.see(seen).T) < 0.2


def test_the_seed_decides(world):
    seen, texts = world
    one, same, other = (learnt(seen, [each[None] for each in texts], seed=seed, epochs=2) for seed in (1, 1, 2))
    assert np.array_equal(one.pictures, same.pictures) and np.array_equal(one.words, same.words)
    assert np.abs(one.pictures - other.pictures).max() > 0.01


def test_one_of_several_texts_is_enough(world):
    """A picture is learnt with all of its texts, in turn."""
    seen, texts = world
    noise = unit(np.random.default_rng(3).standard_normal(texts.shape))
    both = learnt(seen[:800], [np.stack(pair) for pair in zip(texts[:800], noise[:800], strict=True)], epochs=400)
    assert first(both.read(texts[800:]) @ both.see(seen[800:]).T) > 0.4


def test_what_is_kept_reads_the_same(head, world, tmp_path):
    seen, texts = (each[800:] for each in world)
    for name in ("one.npz", "two.npz"):
        head.save(tmp_path / name)
    assert (tmp_path / "one.npz").read_bytes() == (tmp_path / "two.npz").read_bytes()
    again = Head.load(tmp_path / "one.npz")
    assert np.abs(again.see(seen) - head.see(seen)).max() < 0.01
    assert np.abs(again.read(texts) - head.read(texts)).max() < 0.01
