"""Which copies of a picture rag/pictures/copies.py finds, and which pictures it takes for copies that are none.

    .venv/bin/python benchmarks/alike.py FOLDER ...     folders of pictures (of the manuals that corpora.py fetches, and data/sample)

Every picture of the folders that a document would keep is compared with all others, and with copies of itself that are scaled,
recompressed, cropped. Pairs of distinct pictures that are linked are printed, to be looked at.
"""

from __future__ import annotations

import io
import itertools
import sys
import time
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from PIL import Image
from PIL.Image import Resampling

from ingest.figures import MIN_SIDE, worth_keeping
from rag.errors import ReadError
from rag.pictures.copies import SIEVE, SKETCH, Index, alike, fingerprint
from rag.pictures.open import open_image, rgb


def copies(image: Image.Image) -> Iterator[tuple[str, Image.Image]]:
    """Copies of `image` as people make them, each with its name."""
    width, height = image.size
    for percent in (25, 40, 50, 67, 90):
        size = (max(1, round(width * percent / 100)), max(1, round(height * percent / 100)))
        yield f"{percent} %", image.resize(size, Resampling.LANCZOS)
        yield f"{percent} %, JPEG 60", _stored(image.resize(size, Resampling.LANCZOS), "JPEG", 60)
    for kind, quality in itertools.product(("JPEG", "WEBP"), (40, 60, 75, 90)):
        yield f"{kind} {quality}", _stored(image, kind, quality)
    yield "256 colours", image.quantize(256).convert("RGB")
    yield "1 pixel cut off on the right", image.crop((0, 0, width - 1, height))
    yield "1 pixel cut off all around", image.crop((1, 1, width - 1, height - 1))


def _stored(image: Image.Image, kind: str, quality: int) -> Image.Image:
    buffer = io.BytesIO()
    image.save(buffer, kind, quality=quality)
    return Image.open(buffer).convert("RGB")


def main(folders: list[str]) -> None:
    marks: dict[bytes, tuple[Path, bytes]] = {}
    found: dict[str, list[bool]] = defaultdict(list)
    sieved = total = 0
    for path in sorted(path for folder in folders for path in Path(folder).rglob("*") if path.is_file()):
        try:
            image = rgb(open_image(path))
        except ReadError:
            continue
        if not worth_keeping(image) or image.tobytes() in marks:
            continue
        mark = fingerprint(image)
        marks[image.tobytes()] = path, mark
        for name, copy in copies(image):
            if min(copy.size) >= MIN_SIDE:
                other = fingerprint(copy)
                found[name].append(alike(mark, other))
                total += alike(mark, other)
                sieved += alike(mark, other) and _parted(mark, other)
    print(f"{len(marks)} pictures; without a fingerprint: {sum(not mark for _, mark in marks.values())}")
    for name, each in found.items():
        print(f"{name:30} {np.mean(each):6.3f}  of {len(each)}")
    print(f"copies that the sieve parts: {sieved} of {total}")
    pairs = list(itertools.combinations(marks.values(), 2))
    linked = [(one, other) for (one, mark), (other, second) in pairs if alike(mark, second)]
    print(f"linked: {len(linked)} of {len(pairs)} pairs", *(f"    {one}\n    {other}" for one, other in linked), sep="\n")
    _speed([mark for _, mark in marks.values() if mark])


def _parted(one: bytes, other: bytes) -> bool:
    first, second = (np.frombuffer(mark[8:SKETCH], np.uint8).astype(int) for mark in (one, other))
    return bool(np.abs(first - second).max() > SIEVE)


def _speed(marks: list[bytes], count: int = 50_000) -> None:
    """The time of a look-up among `count` fingerprints: those of real pictures with their grey values varied."""
    rng = np.random.default_rng(0)
    known: dict[str, bytes] = {}
    index = Index(known.__getitem__)
    for n in range(count):
        mark = marks[n % len(marks)]
        grey = np.frombuffer(mark[8:SKETCH], np.uint8).astype(int) + rng.integers(-40, 40, SKETCH - 8) * (n >= len(marks))
        known[str(n)] = mark[:8] + np.clip(grey, 0, 255).astype(np.uint8).tobytes() + mark[SKETCH:]
        index.add(str(n), known[str(n)])
    start = time.process_time()
    for mark in marks[:100]:
        index.find(mark)
    print(f"a look-up among {count:,}: {(time.process_time() - start) / len(marks[:100]) * 1000:.1f} ms")


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit("usage: alike.py FOLDER ...")
    main(sys.argv[1:])
