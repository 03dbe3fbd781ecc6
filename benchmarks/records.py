"""Libraries of any size with real vectors: records of two paragraphs each, every tenth a picture, and questions about other paragraphs.

A record is two paragraphs of the standard library's documentation strings, its vector stands between theirs, and the vectors of its tokens
are theirs; every tenth is a picture, which stands between two cut-outs of the sample's pictures. The questions ask for what paragraphs say
that are in no record: "Where does it say how to return the absolute path of a file?".
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from docstrings import PARAGRAPHS, paragraphs
from PIL import Image

from rag import Library, Settings
from rag.embed import Encoders, TokenVectors, load_encoders
from rag.embed.unit import unit
from rag.records import Locator, Record
from rag.storage.entries import File

SIZES = (1_000, 10_000, 100_000)
IN_A_FILE = 100  # records
PICTURE = 10  # every so manieth record
SAMPLE = Path(__file__).resolve().parent.parent / "data" / "sample"
WORDS = 12  # of a question, at most


class Corpus:
    """The records of a size: `texts` (n), `dense` (n, 384), `visual` of the pictures among them, and what to ask; mixed of so many
    paragraphs."""

    def __init__(self, base: int = PARAGRAPHS) -> None:
        self.encoders = load_encoders(Settings())
        self._base, self.questions = paragraphs()[:base], questions()
        self._tokens: list[TokenVectors] = [TokenVectors(np.zeros((0, 0), np.float32), [])] * len(self._base)
        self._dense = np.empty((len(self._base), self.encoders.text.dimension), np.float32)
        for at, vector, tokens in self.encoders.text.encode_both(self._base):
            self._dense[at], self._tokens[at] = vector, tokens
        self._looks = self.encoders.joint.look(list(cut_outs())).visual
        chance = np.random.default_rng(7)
        self._pairs = chance.integers(len(self._base), size=(max(SIZES), 2))
        self._shown = chance.integers(len(self._looks), size=(max(SIZES), 2))

    @cached_property
    def dense(self) -> np.ndarray:
        return unit(self._dense[self._pairs[:, 0]] + 0.7 * (self._dense[self._pairs[:, 1]] - self._dense.mean(axis=0)))

    @cached_property
    def visual(self) -> np.ndarray:
        mixed = self._looks[self._shown[:, 0]] + 0.5 * self._looks[self._shown[:, 1]]
        return mixed / np.linalg.norm(mixed, axis=1, keepdims=True)

    def text(self, row: int) -> str:
        first, second = self._pairs[row]
        return f"{self._base[first]} {self._base[second]}"

    def tokens(self, row: int) -> TokenVectors:
        first, second = (self._tokens[at] for at in self._pairs[row])
        behind = len(self._base[self._pairs[row][0]]) + 1
        return TokenVectors(
            np.concatenate([first.vectors, second.vectors]), [*first.offsets, *((a + behind, b + behind) for a, b in second.offsets)]
        )


def questions() -> list[str]:
    """What to ask of them, about paragraphs that are in none."""
    opened = (re.split(r"(?<=[.!?])\s", text)[0].rstrip(".").split()[:WORDS] for text in paragraphs()[PARAGRAPHS:])
    return [f"Where does it say how to {first.lower()} {' '.join(rest)}?" for first, *rest in opened]


def cut_outs() -> Iterator[Image.Image]:
    """Every picture of the sample, and its four quarters."""
    for path in sorted(SAMPLE.rglob("*")):
        if path.suffix in (".png", ".jpg", ".jpeg"):
            with Image.open(path) as opened:
                whole = opened.convert("RGB")
            across, down = whole.width // 2, whole.height // 2
            yield whole
            yield from (whole.crop((x, y, x + across, y + down)) for x in (0, across) for y in (0, down))


@dataclass(frozen=True)
class Known:
    """The text encoder, but that it knows what the corpus' records are; the rest is the real one."""

    corpus: Corpus
    row_of: dict[str, int]

    def encode_both(self, texts: Sequence[str]) -> Iterator[tuple[int, np.ndarray, TokenVectors]]:
        for at, text in enumerate(texts):
            yield at, self.corpus.dense[self.row_of[text]], self.corpus.tokens(self.row_of[text])

    def __getattr__(self, name: str) -> Any:
        return getattr(self.corpus.encoders.text, name)


def library(corpus: Corpus, folder: Path, size: int) -> Library:
    """A library with the first `size` records, by the same way in that an ingest takes."""
    made = Library.open(folder, Settings(library=folder))
    if len(made.catalog.ids()) == size:
        return made
    files, visual, row_of = [], {}, {}
    for start in range(0, size, IN_A_FILE):
        records = []
        for row in range(start, min(start + IN_A_FILE, size)):
            key = f"{row:064x}" if row % PICTURE == 0 else None
            record = Record("image" if key else "text", corpus.text(row), Locator(line=row), image=key)
            row_of[record.gist] = row
            if key:
                visual[key] = corpus.visual[row]
            records.append(record)
        path = Path("/records") / f"{start:06}.txt"
        files.append((File(path, path.name, path.parent, 1, 1, f"{start:064x}"), records))
    made.__dict__["encoders"] = Encoders(Known(corpus, row_of), corpus.encoders.joint)  # type: ignore[arg-type]
    with made.writing():
        for at in range(0, len(files), 50):
            made.add(files[at : at + 50], visual)
    made.__dict__["encoders"] = corpus.encoders
    return made
