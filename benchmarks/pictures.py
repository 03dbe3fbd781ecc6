"""Words to pictures without CLIP: what the packaged joint encoder finds, beside plain ConSE, on captioned clip art.

    .venv/bin/python benchmarks/pictures.py            the table of the test half, as in pictures.md
    .venv/bin/python benchmarks/pictures.py --choose   the table of the development half, where constants were chosen

The pictures are those of Debian's package openclipart-png (public domain), fetched with apt-get into a temporary folder; their captions
are the titles that the files carry. The caption asks, and the picture that carries it is the only right answer; no encoder sees a caption.
"""

from __future__ import annotations

import argparse
import random
import tempfile
import time
import warnings
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np
import torch
from clipart import captioned, fetch
from PIL import Image, ImageOps

from rag.embed import Encoders, JointEncoder, TextEncoder, load_encoders
from rag.embed.head import shipped
from rag.embed.imagenet import classes
from rag.embed.lite0 import FEATURES, SIDE
from rag.embed.packaged import MARGIN, SHARPNESS, ConseEncoder, FormerEncoder, HeadEncoder, softmax, strongest
from rag.embed.pixels import flat, squares
from rag.embed.unit import unit
from rag.retrieve.routes import composed
from rag.settings import Settings

SEED = 0


def boxed(image: Image.Image) -> Image.Image:
    """The whole picture as it is, fitted into a white square: the plain way."""
    return ImageOps.pad(image, (SIDE, SIDE), method=Image.Resampling.BICUBIC, color="white")


def cropped(image: Image.Image) -> Image.Image:
    return ImageOps.fit(image, (SIDE, SIDE), method=Image.Resampling.BICUBIC)


def cut_or_cropped(image: Image.Image) -> Image.Image:
    """Cut out of even ground; what fills its frame is cropped to its middle."""
    return squares(image, SIDE, MARGIN)[0]


def cut_or_boxed(image: Image.Image) -> Image.Image:
    """Cut out of even ground; what fills its frame is fitted into the square."""
    return squares(image, SIDE, MARGIN)[-1]


FRAMES = (cropped, boxed, cut_or_cropped, cut_or_boxed)


class Spaces:
    """Class texts and captions as vectors, and the ways to score captions (rows) against pictures (columns) from what is seen in them."""

    def __init__(self, encoders: Encoders, captions: list[str]):
        read = encoders.text.encode_passages
        self.asked = read(captions)
        self.names, self.definitions = read([names for names, _ in classes()]), read([definition for _, definition in classes()])
        self.both = unit(self.names + self.definitions)
        self.three = unit(self.names + self.definitions + read([f"{names}: {definition}" for names, definition in classes()]))

    def conse(self, seen: np.ndarray) -> np.ndarray:
        return self.asked @ unit(strongest(softmax(seen[:, FEATURES:]), 10) @ self.names).T

    def classwise(
        self,
        seen: np.ndarray,
        sharpness: float = SHARPNESS,
        center: bool = True,
        texts: str = "both",
        by: Callable[[np.ndarray], np.ndarray] | None = None,
        cosine: bool = True,
    ) -> np.ndarray:
        of_classes = getattr(self, texts)
        middle = of_classes.mean(axis=0) * center
        near = unit(self.asked - middle) @ unit(of_classes - middle).T
        marks = np.clip((by or by_reference)(seen), 0, None)
        return unit(softmax(sharpness * near)) @ (unit(marks) if cosine else marks).T


def by_reference(seen: np.ndarray) -> np.ndarray:
    """Logits in deviations from the mean of what the head was learnt from."""
    return shipped().standard(seen)[:, FEATURES:]


def by_itself(seen: np.ndarray) -> np.ndarray:
    """Logits in deviations from the mean of their own picture."""
    logits = seen[:, FEATURES:]
    return (logits - logits.mean(axis=1, keepdims=True)) / logits.std(axis=1, keepdims=True)


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
    assert isinstance(joint, HeadEncoder)
    with tempfile.TemporaryDirectory() as folder:
        items = captioned(fetch(Path(folder)) / "png")
        half = len(items) // 2
        items = items[:half] if choose else items[half:]
        flats = []
        for file, _ in items:
            with Image.open(file) as image:
                flats.append(flat(image))
    captions = [caption for _, caption in items]
    spaces = Spaces(encoders, captions)
    print(f"{len(items)} captioned pictures ({'development' if choose else 'test'} half of {half * 2})\n")

    def seen(frame: Callable[[Image.Image], Image.Image]) -> np.ndarray:
        return joint.classifier([frame(image) for image in flats])

    if choose:
        table(_alternatives(spaces, seen), len(items))
        return
    kinds = [(name, kind(encoders.text)) for name, kind in ENCODERS.items()]
    looked = {name: encoder.look(flats) for name, encoder in kinds}
    words = {name: encoder.encode_query(captions) for name, encoder in kinds}
    print("Words find pictures:\n")
    table(_found(spaces, seen, joint.seen(flats)[1], words, {name: each.visual for name, each in looked.items()}), len(items))
    print("\nPictures find passages, by `prose`:\n")
    table(((name, each.prose @ spaces.asked.T) for name, each in looked.items() if each.prose is not None), len(items))
    print("\nA picture and words find a picture:\n")
    beside = _beside([file for file, _ in items])
    table(((name, _together(encoder, words[name], looked[name].visual, beside)) for name, encoder in kinds), len(items))
    print("\nPictures find pictures:\n")
    table(_changed(kinds, flats, {name: each.visual for name, each in looked.items()}), len(items))
    print(f"\n{_pace(joint, flats[:64]):.0f} pictures a second of one core's time")


ENCODERS: dict[str, Callable[[TextEncoder], JointEncoder]] = {
    "until November 2026": FormerEncoder,
    "the classes alone": ConseEncoder,
    "**shipped**: the classes and the head": HeadEncoder,
}


def _found(
    spaces: Spaces, seen: Callable, looked: np.ndarray, words: dict[str, np.ndarray], visual: dict[str, np.ndarray]
) -> Iterator[tuple[str, np.ndarray]]:
    yield "plain ConSE: names, top 10; cropped to the middle", spaces.conse(seen(cropped))
    yield "plain ConSE: names, top 10; fitted into a square", spaces.conse(seen(boxed))
    for name in words:
        yield name, words[name] @ visual[name].T
    yield "the head alone", shipped().read(spaces.asked) @ shipped().see(looked).T


def _beside(files: Sequence[Path]) -> list[int]:
    """For each picture another one of its folder, where that has one, else any."""
    chance = random.Random(SEED)
    found = []
    for at, file in enumerate(files):
        others = [other for other, each in enumerate(files) if other != at and each.parent == file.parent]
        found.append(chance.choice(others or [other for other in range(len(files)) if other != at]))
    return found


def _together(joint: JointEncoder, words: np.ndarray, visual: np.ndarray, beside: Sequence[int]) -> np.ndarray:
    """Scores of caption and another picture of the same folder, which itself is not to be found."""
    scores = np.stack([composed(each, visual[other]) for each, other in zip(words, beside, strict=True)]) @ visual.T
    scores[np.arange(len(scores)), beside] = -np.inf
    return scores


def _changed(kinds: Sequence[tuple[str, JointEncoder]], flats: list[Image.Image], visual: dict[str, np.ndarray]) -> Iterator:
    for title, change in (("the middle 5/6", _middle), ("a third of the size", _small)):
        changed = [change(image) for image in flats]
        for name, encoder in kinds:
            yield f"{title}; {name}", encoder.look(changed).visual @ visual[name].T


def _pace(joint: HeadEncoder, images: list[Image.Image]) -> float:
    """By the processor's time on one thread, which other work on the machine changes little."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    started = time.process_time()
    joint.look(images)
    seconds = time.process_time() - started
    torch.set_num_threads(threads)
    return len(images) / seconds


def _alternatives(spaces: Spaces, seen: Callable) -> Iterator[tuple[str, np.ndarray]]:
    for frame in FRAMES:
        yield f"plain ConSE; {frame.__name__}", spaces.conse(seen(frame))
    for frame in FRAMES:
        for by in (by_itself, by_reference):
            for cosine in (False, True):
                name = f"{frame.__name__}, {by.__name__}, {'cosine' if cosine else 'dot'}".replace("_", " ")
                yield name, spaces.classwise(seen(frame), by=by, cosine=cosine)
    found = (seen(cut_or_cropped) + seen(cut_or_boxed)) / 2
    yield "cut out or the mean of cropped and boxed", spaces.classwise(found)
    for texts in ("names", "definitions", "both", "three"):
        for center in (True, False):
            yield f"class texts: {texts}, {'centred' if center else 'not centred'}", spaces.classwise(found, texts=texts, center=center)
    for sharpness in (8, 10, 14, 20):
        yield f"sharpness {sharpness}", spaces.classwise(found, sharpness)
    for margin in (8, 32):
        yield f"margin {margin}", spaces.classwise(seen(lambda image, margin=margin: squares(image, SIDE, margin)[0]))
    yield "mean with the mirrored picture", spaces.classwise(found + seen(lambda image: ImageOps.mirror(cut_or_cropped(image))))
    yield "mean with the picture fitted into a square", spaces.classwise(found + seen(boxed))


def _middle(image: Image.Image) -> Image.Image:
    width, height = image.size
    return image.crop((width // 12, height // 12, width - width // 12, height - height // 12))


def _small(image: Image.Image) -> Image.Image:
    return image.resize((max(1, image.width // 3), max(1, image.height // 3)))


if __name__ == "__main__":
    main()
