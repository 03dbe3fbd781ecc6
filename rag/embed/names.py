"""What a picture may show: names that are as near to it as words that find it, beyond what they are to any picture.

The names are the classes of the classifier, everyday nouns and emoji (`names.tsv`, written by `make head` with the likeness that each has
to pictures on average). How often such a guess is right was measured on captioned pictures that neither head nor names come from
(benchmarks/guessing.py): of those that are shown nearly two thirds were, by eye.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

import numpy as np

from rag.embed.imagenet import likeliest
from rag.embed.lite0 import CLASSES

SHIPPED = Path(__file__).with_name("names.tsv")
SURE = 0.16  # of the chance of a class, beside its likeness
SLOPE, OFFSET = 13.26, -4.69  # from nearness to the share of guesses that are right, on captioned pictures
FLOOR = 0.26  # where it was chosen, half of the first guesses with so much were right on clip art, 0.4 on stamps


@cache
def names() -> tuple[tuple[str, ...], np.ndarray]:
    """The names, those of the classes first and in their order, and the likeness of each to pictures on average."""
    rows = [line.split("\t") for line in SHIPPED.read_text("utf-8").splitlines()]
    return tuple(name for name, _ in rows), np.array([float(usual) for _, usual in rows], dtype=np.float32)


def save(found: list[str], usual: np.ndarray) -> None:
    SHIPPED.write_text("".join(f"{name}\t{value:.4f}\n" for name, value in zip(found, usual, strict=True)), "utf-8")


def nearness(likeness: np.ndarray, chances: np.ndarray) -> np.ndarray:
    """(n, names) of how near each name is, from its likeness to the pictures (n, names) and the chances of the classes (n, CLASSES)."""
    near = likeness - names()[1]
    near[:, :CLASSES] += SURE * chances
    return near


def guesses(likeness: np.ndarray, chances: np.ndarray) -> list[list[tuple[str, float]]]:
    """For each picture the likeliest names with the share of such guesses that is right; none below FLOOR."""
    return likeliest(names()[0], 1 / (1 + np.exp(-(SLOPE * nearness(likeness, chances) + OFFSET))), FLOOR)
