"""The library as a map: its passages and pictures in a plane, computed once for what it holds, and kept in its folder."""

from __future__ import annotations

import contextlib
import hashlib
import os
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from zipfile import BadZipFile

import numpy as np

from rag.embed import plane
from rag.storage.catalog import Catalog
from rag.storage.store import Store

SHOWN = 4000  # records: of more every second, every third and so on is laid out
FILE = "map.npz"
MAKE = 1  # of the file and of how places are found

Tell = Callable[[str, int, int], None]
"""Called with "vectors" or "places", how many are done, and of how many."""


@dataclass(frozen=True)
class Projection:
    """`ids` of the records that are shown, with `places` in the unit square (n, 2) and `vectors` (n, d); `of` records there are."""

    ids: np.ndarray
    places: np.ndarray
    vectors: np.ndarray
    of: int

    def place(self, vector: np.ndarray) -> tuple[float, float]:
        """Where a question lies, or a record that is not shown: among its nearest."""
        return plane.among(vector, self.vectors, self.places) if len(self.ids) else (0.5, 0.5)


def state(catalog: Catalog) -> str:
    """What is another when the library holds other passages or pictures."""
    return hashlib.blake2b(np.array([MAKE, *catalog.ids()], dtype=np.int64).tobytes(), digest_size=16).hexdigest()


def projected(catalog: Catalog, store: Store, folder: Path, tell: Tell = lambda *_: None) -> Projection:
    """The map of what the library holds now: from `folder` where it was kept, else computed, and kept where that can be written.

    Raises StoreError.
    """
    ids, now = catalog.ids(), state(catalog)
    kept = _kept(folder / FILE, now)
    if kept is not None:
        return kept
    shown = ids[:: max(1, -(-len(ids) // SHOWN))]
    vectors = store.vectors(shown, lambda done: tell("vectors", done, len(shown)))
    there = [id for id in shown if id in vectors]
    tell("places", 0, len(there))
    matrix = np.array([vectors[id] for id in there], dtype=np.float32).reshape(len(there), -1)
    made = Projection(np.array(there, dtype=np.int64), plane.laid_out(matrix), matrix, len(ids))
    with contextlib.suppress(OSError):  # it may be read only, or the disk full: it is computed again
        _keep(folder / FILE, now, made)
    return made


def _kept(file: Path, now: str) -> Projection | None:
    try:
        with np.load(file, allow_pickle=False) as kept:
            if str(kept["state"]) == now:
                return Projection(kept["ids"], kept["places"], kept["vectors"].astype(np.float32), int(kept["of"]))
    except (OSError, ValueError, KeyError, BadZipFile):
        pass
    return None


def _keep(file: Path, now: str, made: Projection) -> None:
    handle, part = tempfile.mkstemp(dir=file.parent, prefix=f".{FILE}-")
    try:
        with os.fdopen(handle, "wb") as out:
            np.savez(out, state=now, ids=made.ids, places=made.places, vectors=made.vectors.astype(np.float16), of=made.of)
        Path(part).chmod(0o644)
        Path(part).replace(file)
    except BaseException:
        Path(part).unlink(missing_ok=True)
        raise
