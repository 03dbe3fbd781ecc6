"""Vectors of fixed texts, kept in the user's cache folder, since they take seconds to make."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Callable, Sequence
from contextlib import suppress
from hashlib import blake2b
from pathlib import Path

import numpy as np


def remembered(encoder: str, texts: Sequence[str], encode: Callable[[Sequence[str]], np.ndarray]) -> np.ndarray:
    """`encode(texts)`, kept under the encoder's name and the texts."""
    key = blake2b("\0".join([encoder, *texts]).encode(errors="surrogateescape"), digest_size=12).hexdigest()
    kept = _cache() / f"classes-{key}.npy"
    try:
        vectors = np.load(kept, allow_pickle=False)
        if vectors.ndim == 2 and len(vectors) == len(texts):
            return vectors
    except (OSError, ValueError, EOFError):
        pass  # not there yet, or damaged: made anew
    vectors = encode(texts)
    with suppress(OSError):  # a cache that cannot be written costs time, nothing else
        kept.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=kept.parent) as making:
            np.save(Path(making, kept.name), vectors)
            Path(making, kept.name).replace(kept)
    return vectors


def _cache() -> Path:
    home = Path(os.path.expanduser("~"))  # noqa: PTH111, Path.home() raises where there is none
    if sys.platform == "win32":
        kept = Path(os.environ.get("LOCALAPPDATA", home / "AppData" / "Local"))
    elif sys.platform == "darwin":
        kept = home / "Library" / "Caches"
    else:
        kept = Path(os.environ.get("XDG_CACHE_HOME", home / ".cache"))
    return (kept if kept.is_absolute() else Path(tempfile.gettempdir())) / "diptych"
