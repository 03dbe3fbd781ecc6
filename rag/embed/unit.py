"""Vectors of unit length."""

from __future__ import annotations

import numpy as np


def unit(rows: np.ndarray) -> np.ndarray:
    """`rows` (n, d) as float32 of unit length; a row without direction (zero, or not finite) becomes the first axis."""
    rows = np.asarray(rows, dtype=np.float32)
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    lost = ~np.isfinite(lengths[:, 0]) | (lengths[:, 0] < 1e-12)
    lengths[lost] = 1
    rows = rows / lengths
    rows[lost] = np.eye(1, rows.shape[1], dtype=np.float32)
    return rows


def direction(vector: np.ndarray) -> np.ndarray:
    """`vector` (d,) as float32 of unit length; one without direction stays zero."""
    return (vector / max(float(np.linalg.norm(vector)), 1e-12)).astype(np.float32)
