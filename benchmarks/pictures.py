"""Words to pictures without CLIP: what the packaged joint encoder finds, beside plain ConSE, on captioned clip art.

    .venv/bin/python benchmarks/pictures.py            the table of the test half, as in pictures.md
    .venv/bin/python benchmarks/pictures.py --choose   the table of the development half, where constants were chosen

The pictures are those of Debian's package openclipart-png (public domain), fetched with apt-get into a temporary folder; their captions
are the titles that the files carry. The caption asks, and the picture that carries it is the only right answer; no encoder sees a caption.
"""

from __future__ import annotations

import argparse
import hashlib
import html
import random
import re
import tempfile
import time
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import torch
from corpora import unpack
from PIL import Image, ImageOps

from rag.embed import Encoders, load_encoders
from rag.embed.imagenet import classes
from rag.embed.packaged import MARGIN, SHARPNESS, SIDE, ConseEncoder, softmax, standard, strongest
from rag.embed.pixels import flat, square
from rag.embed.unit import unit
from rag.settings import Settings

PACKAGE = "openclipart-png"
NOT_PICTURES = {"shapes", "special", "computer", "signs_and_symbols", "buttons", "logos"}  # stars by number, gradients, icon themes, flags
LARGEST = 30_000_000
SEED = 0


def fetch(folder: Path) -> Path:
    """The folder of the package's pictures, unpacked into `folder`."""
    return unpack(PACKAGE, folder) / "usr" / "share" / "openclipart" / "png"


def captioned(root: Path) -> list[tuple[Path, str]]:
    """(file, caption) of every picture with a title of its own, in a seeded order; the first half is for development.

    A title counts where the file's name begins with it too (many files carry the title of another picture), where it is not its author's
    name, and where no picture before has it. One author who titled in Italian is left out.
    """
    seen: set[str] = set()
    found = []
    for file in sorted(root.rglob("*.png")):
        parts = file.relative_to(root).parts
        if parts[0] in NOT_PICTURES or "cards" in parts or "flag" in file.stem:
            continue
        try:
            with Image.open(file) as image:
                size, title, author = image.size, _words(image.info.get("Title", "")), _words(image.info.get("Author", ""))
        except Image.DecompressionBombError:
            continue
        letters = title.replace(" ", "").replace("'", "")
        named = re.sub("[^a-z]", "", file.stem.lower()).startswith(letters[:16])
        if size[0] * size[1] > LARGEST or len(letters) < 3 or not named or title in (author, *seen) or "rollandin" in author:
            continue
        digest = hashlib.sha256(file.read_bytes()).hexdigest()
        if digest not in seen:
            seen |= {title, digest}
            found.append((file, title))
    random.Random(SEED).shuffle(found)
    return found


def _words(title: str) -> str:
    title = re.sub(r"\([^)]*\)|^Clip ?art by [^-]+ - ", " ", html.unescape(title))
    return " ".join(re.sub(r"[^A-Za-z']+", " ", re.sub(r"(?<=[a-z])(?=[A-Z])", " ", title)).lower().split())


def boxed(image: Image.Image) -> Image.Image:
    """The whole picture as it is, fitted into a white square: the plain way."""
    return ImageOps.pad(image, (SIDE, SIDE), method=Image.Resampling.BICUBIC, color="white")


def cropped(image: Image.Image) -> Image.Image:
    return ImageOps.fit(image, (SIDE, SIDE), method=Image.Resampling.BICUBIC)


def cut_out(image: Image.Image) -> Image.Image:
    return square(image, SIDE, MARGIN)


class Spaces:
    """Class texts and captions as vectors, and the ways to score captions (rows) against pictures (columns) from logits."""

    def __init__(self, encoders: Encoders, captions: list[str]):
        self.asked = encoders.text.encode_passages(captions)
        self.names = encoders.text.encode_passages([names for names, _ in classes()])
        self.definitions = encoders.text.encode_passages([definition for _, definition in classes()])
        self.both = unit(self.names + self.definitions)

    def conse(self, logits: np.ndarray) -> np.ndarray:
        return self.asked @ unit(strongest(softmax(logits), 10) @ self.names).T

    def centred(self, logits: np.ndarray) -> np.ndarray:
        center = self.both.mean(axis=0)
        return unit(self.asked - center) @ unit(strongest(softmax(logits), 50) @ self.both - center).T

    def classwise(self, logits: np.ndarray, sharpness: float = SHARPNESS, center: bool = True, texts: str = "both") -> np.ndarray:
        of_classes = getattr(self, texts)
        middle = of_classes.mean(axis=0) * center
        near = unit(self.asked - middle) @ unit(of_classes - middle).T
        return unit(softmax(sharpness * near)) @ unit(standard(logits)).T


def ranks(scores: np.ndarray) -> np.ndarray:
    """The rank of the right column (the diagonal) in each row; ties count against it."""
    return (scores >= scores.diagonal()[:, None]).sum(axis=1)


def row(name: str, found: np.ndarray) -> str:
    values = [*((found <= k).mean() for k in (1, 5, 10)), (1 / found).mean()]
    return f"| {name} | " + " | ".join(f"{value:.3f}" for value in values) + " |"


def table(rows: Iterator[tuple[str, np.ndarray]], count: int) -> None:
    print("| | R@1 | R@5 | R@10 | MRR |\n|---|---|---|---|---|")
    harmonic = (1 / np.arange(1, count + 1)).mean()
    print(f"| chance | {1 / count:.3f} | {5 / count:.3f} | {10 / count:.3f} | {harmonic:.3f} |")
    for name, scores in rows:
        print(row(name, ranks(scores)), flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--choose", action="store_true", help="the development half, with the alternatives that were weighed")
    choose = parser.parse_args().choose
    warnings.simplefilter("ignore", Image.DecompressionBombWarning)
    encoders = load_encoders(Settings(profile="packaged", text_model=None, joint_model=None))
    joint = encoders.joint
    assert isinstance(joint, ConseEncoder)
    with tempfile.TemporaryDirectory() as folder:
        items = captioned(fetch(Path(folder)))
        half = len(items) // 2
        items = items[:half] if choose else items[half:]
        flats = []
        for file, _ in items:
            with Image.open(file) as image:
                flats.append(flat(image))
    captions = [caption for _, caption in items]
    spaces = Spaces(encoders, captions)
    print(f"{len(items)} captioned pictures ({'development' if choose else 'test'} half of {half * 2})\n")

    def logits(frame: Callable[[Image.Image], Image.Image]) -> np.ndarray:
        return joint.logits([frame(image) for image in flats])

    if choose:
        table(_alternatives(spaces, logits), len(items))
        return
    table(_floors(spaces, logits), len(items))
    looked = joint.look(flats)
    shipped = ranks(joint.encode_query(captions) @ looked.visual.T)
    print(row("**shipped**", shipped))
    assert looked.prose is not None
    print("\nPictures as queries:\n\n| | R@1 | R@5 | R@10 | MRR |\n|---|---|---|---|---|")
    print(
        row(
            "the middle 5/6 of a picture finds the picture", ranks(joint.look([_middle(image) for image in flats]).visual @ looked.visual.T)
        )
    )
    print(row("a third of the size finds the picture", ranks(joint.look([_small(image) for image in flats]).visual @ looked.visual.T)))
    print(row("a picture finds its caption through `prose`", ranks(looked.prose @ spaces.asked.T)))
    print(f"\n{_pace(joint, flats[:64]):.0f} pictures a second of one core's time")


def _pace(joint: ConseEncoder, images: list[Image.Image]) -> float:
    """By the processor's time on one thread, which other work on the machine changes little."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    started = time.process_time()
    joint.look(images)
    seconds = time.process_time() - started
    torch.set_num_threads(threads)
    return len(images) / seconds


def _floors(spaces: Spaces, logits: Callable) -> Iterator[tuple[str, np.ndarray]]:
    for name, frame in (("cropped to the middle", cropped), ("fitted into a square", boxed)):
        seen = logits(frame)
        yield f"plain ConSE: names, top 10; {name}", spaces.conse(seen)
        yield f"names and definitions, top 50, centred; {name}", spaces.centred(seen)
        yield f"caption to classes, dot with clipped z-scored logits; {name}", spaces.classwise(seen, 10, center=False)


def _alternatives(spaces: Spaces, logits: Callable) -> Iterator[tuple[str, np.ndarray]]:
    yield from _floors(spaces, logits)
    seen = logits(cut_out)
    yield "plain ConSE; cut out", spaces.conse(seen)
    yield "names and definitions, top 50, centred; cut out", spaces.centred(seen)
    for texts in ("names", "definitions", "both"):
        yield f"caption to classes by {texts}, centred, sharpness {SHARPNESS:g}; cut out", spaces.classwise(seen, texts=texts)
    for sharpness in (5, 8, 10, 14, 20):
        yield f"sharpness {sharpness}", spaces.classwise(seen, sharpness)
    yield "not centred", spaces.classwise(seen, center=False)
    for margin in (8, 32):
        yield f"margin {margin}", spaces.classwise(logits(lambda image, margin=margin: square(image, SIDE, margin)))
    mirrored = logits(lambda image: ImageOps.mirror(cut_out(image)))
    yield "mean with the mirrored picture", spaces.classwise(seen + mirrored)
    yield "mean with the picture fitted into a square", spaces.classwise(seen + logits(boxed))


def _middle(image: Image.Image) -> Image.Image:
    width, height = image.size
    return image.crop((width // 12, height // 12, width - width // 12, height - height // 12))


def _small(image: Image.Image) -> Image.Image:
    return image.resize((max(1, image.width // 3), max(1, image.height // 3)))


if __name__ == "__main__":
    main()
