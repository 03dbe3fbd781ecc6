"""The 1,000 classes of ImageNet: names and definitions from WordNet, as timm ships them (its files are read, it is not imported)."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import lru_cache
from hashlib import blake2b
from pathlib import Path

import numpy as np

from rag.embed.sources import packaged_path

GUESSES = 3
FLOOR = 0.2  # of clip art with less, one guess in twenty was near its title


@lru_cache(maxsize=1)
def classes() -> tuple[tuple[str, str], ...]:
    """(names, definition) of each class, in the order of the classifier's outputs; names are separated by ", "."""
    info = packaged_path("timm", "data/_info")
    names, definitions = _table(info / "imagenet_synset_to_lemma.txt"), _table(info / "imagenet_synset_to_definition.txt")
    return tuple((names[synset], definitions[synset]) for synset in (info / "imagenet_synsets.txt").read_text("utf-8").split())


def first_names() -> list[str]:
    """The first name of each class."""
    return [names.split(",")[0] for names, _ in classes()]


def guesses(chances: np.ndarray) -> list[list[tuple[str, float]]]:
    """For each row of `chances` (n, 1000) up to GUESSES (first name, probability) of at least FLOOR, likeliest first."""
    names = first_names()
    best = np.argsort(-chances, axis=1)[:, :GUESSES]
    return [[(names[at], float(row[at])) for at in order if row[at] >= FLOOR] for row, order in zip(chances, best, strict=True)]


def remembered(encoder: str, texts: Sequence[str], encode: Callable[[Sequence[str]], np.ndarray]) -> np.ndarray:
    """`encode(texts)`, kept in the user's cache folder under the encoder's name and the texts, since it takes seconds."""
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


def _table(file: Path) -> dict[str, str]:
    return dict(line.split("	", 1) for line in file.read_text("utf-8").splitlines())


def _cache() -> Path:
    home = Path(os.path.expanduser("~"))  # noqa: PTH111, Path.home() raises where there is none
    if sys.platform == "win32":
        kept = Path(os.environ.get("LOCALAPPDATA", home / "AppData" / "Local"))
    elif sys.platform == "darwin":
        kept = home / "Library" / "Caches"
    else:
        kept = Path(os.environ.get("XDG_CACHE_HOME", home / ".cache"))
    return (kept if kept.is_absolute() else Path(tempfile.gettempdir())) / "diptych"
