"""Vectors in a plane: what is alike lies together, and what comes later finds its place among them."""

from __future__ import annotations

import numpy as np

FEWEST = 12  # vectors that t-SNE has neighbourhoods for
COMPONENTS = 50  # principal ones that t-SNE gets, as its authors do
PERPLEXITY = 30.0
ITERATIONS = 500
NEAR = 6
SHARPNESS = 0.05  # of the likeness by which the nearest count for a place


def laid_out(vectors: np.ndarray) -> np.ndarray:
    """A place in the unit square for each of the vectors (n, d), the same each time: t-SNE over principal components, begun from the first
    two; these alone where there are few."""
    if len(vectors) < 2:
        return np.full((len(vectors), 2), 0.5, dtype=np.float32)
    from sklearn.decomposition import PCA
    from sklearn.manifold import TSNE
    from threadpoolctl import threadpool_limits

    found = PCA(min(COMPONENTS, *vectors.shape), random_state=0).fit_transform(vectors.astype(np.float64))
    if len(vectors) >= FEWEST and np.ptp(found) > 0:
        perplexity = min(PERPLEXITY, (len(vectors) - 1) / 3)
        with threadpool_limits(1, user_api="openmp"):  # more threads wait for one another: twenty times slower on a busy machine
            found = TSNE(init="pca", perplexity=perplexity, max_iter=ITERATIONS, random_state=0, n_jobs=1).fit_transform(found)
    flat = np.pad(found, ((0, 0), (0, max(0, 2 - found.shape[1]))))[:, :2]
    low, span = flat.min(axis=0), np.ptp(flat, axis=0)
    places = np.where(span > 0, (flat - low) / np.where(span > 0, span, 1), 0.5)
    return places.astype(np.float32)


def among(vector: np.ndarray, vectors: np.ndarray, places: np.ndarray) -> tuple[float, float]:
    """The place of one more vector of unit length: the mean of the places of its nearest, weighted by likeness. (t-SNE gives places to the
    vectors it was given, and no function that would place another.)"""
    likeness = vectors @ vector
    nearest = np.argsort(-likeness, kind="stable")[:NEAR]
    weights = np.exp((likeness[nearest] - likeness[nearest[0]]) / SHARPNESS)
    x, y = weights @ places[nearest] / weights.sum()
    return float(x), float(y)
