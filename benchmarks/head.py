"""Learns the head of the packaged joint encoder from Debian's clip art and emoji, as rag/embed/head.md tells.

    .venv/bin/python benchmarks/head.py              as `make head`: learns it anew, says how far it is from what was there, and writes it
    .venv/bin/python benchmarks/head.py --choose     what was weighed, on the development half of benchmarks/pictures.py
    .venv/bin/python benchmarks/head.py --apart      a head that knows no picture by the makers of the test half, on the test half

What is seen in the pictures is kept in data/eval/clipart, so that it is looked at once. Nothing is learnt from the pictures of the test
half of benchmarks/pictures.py, nor from what is akin to them.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np
from clipart import apart, captioned, clips, emoji, fetch, things
from pictures import ranks, row
from PIL import Image

from rag.embed import Encoders, exported, learning, load_encoders, names
from rag.embed.head import SHIPPED, Head, shipped
from rag.embed.imagenet import first_names
from rag.embed.lite0 import FEATURES
from rag.embed.packaged import SHARE, HeadEncoder
from rag.embed.pixels import flat
from rag.embed.unit import unit
from rag.settings import Settings

FOLDER = Path(__file__).parent.parent / "data" / "eval" / "clipart"
TOGETHER = 256
SEED = 0
ALIKE = 0.85  # of what is seen in two pictures: they are one, drawn or filed again


class ClipArt:
    """Clip art and emoji: what is seen in each picture, and its texts as vectors; the captioned ones by halves."""

    def __init__(self, folder: Path, encoders: Encoders):
        root = fetch(folder)
        self.encoders = encoders
        self.clips = clips(root)
        signs = emoji(folder)
        self.seen = _kept("seen", lambda: np.concatenate([_seen(encoders, [clip.file for clip in self.clips]), _look(encoders, signs)]))
        texts = [*(clip.texts for clip in self.clips), *(texts for _, texts in signs)]
        vectors = _kept("texts", lambda: encoders.text.encode_passages([text for each in texts for text in each]))
        self.texts = np.split(vectors, np.cumsum([len(each) for each in texts])[:-1])
        self.at = {clip.file: number for number, clip in enumerate(self.clips)}
        found = captioned(root / "png")
        half = len(found) // 2
        self.halves = {"development": found[:half], "test": found[half:]}
        self.things = things(folder, [self.clips[number] for number in self.numbers("development", "test", signs=False)])

    def numbers(self, *halves: str, authors: bool = False, signs: bool = True) -> list[int]:
        """What is apart from these halves."""
        held = [file for half in halves for file, _ in self.halves[half]]
        left = [self.at[clip.file] for clip in apart(self.clips, set(held), authors)]
        spread = unit((self.seen - self.seen.mean(axis=0)) / np.maximum(self.seen.std(axis=0), learning.LEAST))
        near = (spread[left] @ spread[[self.at[file] for file in held]].T).max(axis=1)
        ours = [number for number, value in zip(left, near, strict=True) if value < ALIKE]
        return [*ours, *range(len(self.clips), len(self.seen))] if signs else ours

    def head(self, numbers: Sequence[int], epochs: int = learning.EPOCHS) -> Head:
        return learning.learnt(self.seen[list(numbers)], [self.texts[number] for number in numbers], SEED, epochs)


def _kept(name: str, make: Callable[[], np.ndarray]) -> np.ndarray:
    file = FOLDER / f"{name}.npy"
    if not file.exists():
        FOLDER.mkdir(parents=True, exist_ok=True)
        np.save(file, make())
    return np.load(file)


def _seen(encoders: Encoders, files: Sequence[Path]) -> np.ndarray:
    found = []
    for start in range(0, len(files), TOGETHER):
        found.append(_joint(encoders).seen(list(exported.each(opened, files[start : start + TOGETHER])))[1])
        print(f"\r{start + len(found[-1]):,} of {len(files):,} pictures", end="", flush=True)
    print()
    return np.concatenate(found)


def _look(encoders: Encoders, signs: Sequence[tuple[Image.Image, tuple[str, ...]]]) -> np.ndarray:
    return _joint(encoders).seen([image for image, _ in signs])[1]


def _joint(encoders: Encoders) -> HeadEncoder:
    assert isinstance(encoders.joint, HeadEncoder)
    return encoders.joint


def opened(file: Path) -> Image.Image:
    with Image.open(file) as image:
        return flat(image)


def _rows(art: ClipArt, half: str, heads: Iterator[tuple[str, Head]]) -> Iterator[tuple[str, np.ndarray]]:
    """The classes alone, then each head alone and beside the classes, on a half."""
    seen = art.seen[[art.at[file] for file, _ in art.halves[half]]]
    asked = art.encoders.text.encode_passages([caption for _, caption in art.halves[half]])
    by_classes = None
    for name, head in heads:
        classes = unit(np.clip(head.standard(seen)[:, FEATURES:], 0, None))
        if by_classes is None:
            by_classes = _joint(art.encoders).classwise(asked) @ classes.T
            yield "the classes alone", by_classes
        by_head = head.read(asked) @ head.see(seen).T
        yield f"{name}, alone", by_head
        for share in (1.0, SHARE, 2.0, 3.0):
            yield f"{name}, and {share:g} times the classes", share * by_classes + by_head


def _alternatives(art: ClipArt) -> Iterator[tuple[str, Head]]:
    halves = ("development", "test")
    yield "clip art", art.head(art.numbers(*halves, signs=False))
    yield "clip art and emoji", art.head(art.numbers(*halves))
    yield "clip art and emoji, twice the epochs", art.head(art.numbers(*halves), 2 * learning.EPOCHS)
    yield "emoji, and clip art by other makers", art.head(art.numbers(*halves, authors=True))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    which = parser.add_mutually_exclusive_group()
    which.add_argument("--choose", action="store_true", help="the development half, with what was weighed")
    which.add_argument("--apart", action="store_true", help="the test half, by a head that knows none of its makers")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        art = ClipArt(Path(folder), load_encoders(Settings(profile="packaged", text_model=None, joint_model=None)))
    if asked.choose or asked.apart:
        others = iter([("emoji, and clip art by other makers", art.head(art.numbers("test", authors=True)))])
        print("| | R@1 | R@5 | R@10 | MRR |\n|---|---|---|---|---|")
        for name, scores in _rows(art, *(("development", _alternatives(art)) if asked.choose else ("test", others))):
            print(row(name, ranks(scores)), flush=True)
        return
    numbers = art.numbers("test")
    head = art.head(numbers)
    if SHIPPED.exists():
        before = Head.load(SHIPPED)
        far = min((before.see(art.seen) * head.see(art.seen)).sum(axis=1).min(), _least(before.words, head.words))
        print(f"The least cosine between what was there and this, over all pictures and texts: {far:.4f}")
    head.save(SHIPPED)
    print(f"{SHIPPED}: {SHIPPED.stat().st_size:,} bytes, learnt from {len(numbers):,} pictures")
    shipped.cache_clear()
    print(f"{names.SHIPPED}: {save_names(art, numbers):,} names")


def save_names(art: ClipArt, numbers: Sequence[int]) -> int:
    """What pictures may be guessed to show, with the likeness that each name has to these pictures on average."""
    classes = first_names()
    known = {name.lower() for name in classes}
    found = [*classes, *(name for name in art.things if name.lower() not in known)]
    joint = _joint(art.encoders)
    usual = joint.placed(art.seen[list(numbers)]).mean(axis=0) @ joint.meant(art.encoders.text.encode_passages(found)).T
    names.save(found, usual)
    return len(found)


def _least(one: np.ndarray, other: np.ndarray) -> float:
    return float((unit(one) * unit(other)).sum(axis=1).min())


if __name__ == "__main__":
    main()
