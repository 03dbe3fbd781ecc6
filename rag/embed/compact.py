"""Token vectors in two bits a coordinate: what late interaction keeps of a passage on disk.

A random rotation makes every coordinate of a unit vector nearly normal with variance 1/d, whatever the encoder, so one table of levels
serves all of them (TurboQuant, Zandieh et al. 2025, arXiv:2504.19874; the levels are those of Max 1960 for the normal distribution,
scaled so that inner products keep their mean). At 384 dimensions a cosine comes back with a standard error of 0.02.
"""

from __future__ import annotations

from functools import lru_cache, reduce

import numpy as np

BYTES = 20_000  # of one passage at most
BITS = 2
SEED = 1729
_EDGE = 0.9816
_LEVELS = np.array([-1.510, -0.4528, 0.4528, 1.510], dtype=np.float32) / 0.8825
_PER_BYTE = 8 // BITS
_SHIFTS = np.arange(0, 8, BITS, dtype=np.uint8)


def rotated(vectors: np.ndarray) -> np.ndarray:
    """(n, d) vectors in the space that `unpacked` gives back."""
    return vectors @ _rotation(vectors.shape[1])


def packed(vectors: np.ndarray) -> bytes:
    """(n, d) unit vectors in n * d / 4 bytes. Where those are over BYTES, neighbours that are most alike are averaged until they fit."""
    width = -(-vectors.shape[1] // _PER_BYTE)
    vectors = _fewer(vectors, max(1, BYTES // width))
    turned, edge = rotated(vectors), np.float32(_EDGE / np.sqrt(vectors.shape[1]))
    codes = np.zeros((len(vectors), width * _PER_BYTE), np.uint8)
    codes[:, : vectors.shape[1]] = (turned > -edge).view(np.uint8) + (turned > 0).view(np.uint8) + (turned > edge).view(np.uint8)
    return reduce(np.bitwise_or, (codes[:, at::_PER_BYTE] << shift for at, shift in enumerate(_SHIFTS))).tobytes()


def unpacked(data: bytes, dimension: int) -> np.ndarray:
    """(n, dimension) float32, rotated."""
    width = -(-dimension // _PER_BYTE)
    levels = np.take(_table(dimension), np.frombuffer(data, np.uint8), axis=0)  # ten times as fast as by an index
    return levels.reshape(-1, width * _PER_BYTE)[:, :dimension]


def _fewer(vectors: np.ndarray, most: int) -> np.ndarray:
    while len(vectors) > most:
        alike = (vectors[:-1] * vectors[1:]).sum(axis=1)
        first: set[int] = set()
        for at in np.argsort(-alike).tolist():
            if len(vectors) - len(first) <= most:
                break
            if at - 1 not in first and at + 1 not in first:
                first.add(at)
        merged = vectors.copy()
        for at in first:
            mean = vectors[at] + vectors[at + 1]
            merged[at] = mean / max(float(np.linalg.norm(mean)), 1e-9)
        vectors = np.delete(merged, [at + 1 for at in first], axis=0)
    return vectors


@lru_cache(maxsize=4)
def _table(dimension: int) -> np.ndarray:
    """(256, 4): the coordinates that each byte stands for."""
    return _LEVELS[(np.arange(256)[:, None] >> _SHIFTS) & 3] / np.float32(np.sqrt(dimension))


@lru_cache(maxsize=4)
def _rotation(dimension: int) -> np.ndarray:
    """(dimension, dimension): the same on every machine, since NumPy keeps the stream of RandomState."""
    q, r = np.linalg.qr(np.random.RandomState(SEED).standard_normal((dimension, dimension)))
    return (q * np.sign(np.diag(r))).astype(np.float32)
