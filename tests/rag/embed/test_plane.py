"""Vectors laid out in a plane: what is alike lies together, the same each time, however few there are."""

from __future__ import annotations

import numpy as np
import pytest

from rag.embed.plane import among, laid_out


def clusters(each: int) -> np.ndarray:
    """Three bunches of unit vectors, far from one another."""
    chance = np.random.default_rng(7)
    centres = np.eye(3, 48)
    vectors = np.concatenate([centre + 0.05 * chance.normal(size=(each, 48)) for centre in centres])
    return (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)


def apart(places: np.ndarray, each: int) -> float:
    """How many times farther the bunches' middles are from one another than their own are from them."""
    bunches = places.reshape(3, each, 2)
    middles = bunches.mean(axis=1)
    own = np.linalg.norm(bunches - middles[:, None], axis=2).mean()
    others = np.linalg.norm(middles[:, None] - middles[None], axis=2)[np.triu_indices(3, 1)].min()
    return float(others / max(own, 1e-9))


@pytest.mark.parametrize("each", [3, 40])  # by the principal components, and by t-SNE
def test_what_is_alike_lies_together_the_same_each_time(each):
    vectors = clusters(each)
    places = laid_out(vectors)
    assert places.shape == (3 * each, 2) and places.min() == 0 and places.max() == 1
    assert apart(places, each) > 2.5
    assert np.array_equal(places, laid_out(vectors))


@pytest.mark.parametrize("count", [0, 1, 2, 3])
def test_few_vectors_have_places(count):
    places = laid_out(clusters(1)[:count])
    assert places.shape == (count, 2) and np.isfinite(places).all()
    assert len({tuple(place) for place in places.tolist()}) == count


def test_vectors_that_are_all_the_same_lie_in_the_middle():
    assert np.allclose(laid_out(np.tile(clusters(1)[:1], (30, 1))), 0.5)


def test_one_more_lies_among_its_own():
    vectors = clusters(40)
    places = laid_out(vectors)
    more = np.eye(3, 48, dtype=np.float32)[1]
    middles = places.reshape(3, 40, 2).mean(axis=1)
    assert np.linalg.norm(middles - among(more, vectors, places), axis=1).argmin() == 1
