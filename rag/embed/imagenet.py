"""The 1,000 classes of ImageNet: names and definitions from WordNet, as timm ships them (its files are read, it is not imported)."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

import numpy as np

from rag.embed.sources import packaged_path

GUESSES = 3
FLOOR = 0.2  # of what is shown with it, a fifth is right on clip art, four in ten on photographs (benchmarks/guessing.py)


@lru_cache(maxsize=1)
def classes() -> tuple[tuple[str, str], ...]:
    """(names, definition) of each class, in the order of the classifier's outputs; names are separated by ", "."""
    names, definitions = _table("lemma"), _table("definition")
    return tuple((names[synset], definitions[synset]) for synset in _synsets("imagenet_synsets"))


def first_names() -> list[str]:
    """The first name of each class."""
    return [names.split(",")[0] for names, _ in classes()]


def photographed() -> set[str]:
    """The first names of the 11,221 things of which the whole of ImageNet has photographs enough to learn from."""
    names = _table("lemma")
    return {names[synset].split(",")[0].lower() for synset in _synsets("imagenet21k_miil_synsets")}


def guesses(chances: np.ndarray) -> list[list[tuple[str, float]]]:
    """For each row of `chances` (n, 1000) up to GUESSES (first name, probability) of at least FLOOR, likeliest first."""
    return likeliest(first_names(), chances, FLOOR)


def likeliest(names: Sequence[str], chances: np.ndarray, floor: float) -> list[list[tuple[str, float]]]:
    """For each row of `chances` (n, names) up to GUESSES (name, chance) of at least `floor`, likeliest first."""
    best = np.argsort(-chances, axis=1)[:, :GUESSES]
    return [[(names[at], float(row[at])) for at in order if row[at] >= floor] for row, order in zip(chances, best, strict=True)]


def _table(what: str) -> dict[str, str]:
    """The names ("lemma") or the "definition" of 21,844 things of WordNet, of which the classes are some."""
    return dict(line.split("\t", 1) for line in _file(f"imagenet_synset_to_{what}").read_text("utf-8").splitlines())


def _synsets(name: str) -> list[str]:
    return _file(name).read_text("utf-8").split()


def _file(name: str) -> Path:
    return packaged_path("timm", f"data/_info/{name}.txt")
