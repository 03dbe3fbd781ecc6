"""How often a guess of what a picture shows is right: the classifier's, and what ships, on captioned pictures that neither was made from.

    .venv/bin/python benchmarks/guessing.py             the table of pictures.md, on the test half
    .venv/bin/python benchmarks/guessing.py --choose    the half where constants were chosen, by a head that knows neither
    .venv/bin/python benchmarks/guessing.py --show DIR  sheets of a hundred guesses of the test half, to be judged by eye

The pictures are the captioned clip art of benchmarks/pictures.py and the stamps of Debian's tuxpaint-stamps-default (photographs that were
cut out, and drawings), parted by folders. A guess counts as right where its last word, or that of another name of its class, stands in what
is told of the picture (title, keywords, the file's name), or where the text encoder finds it near to one of these. That lets pass what is
nearly right (a green apple for a red one): the eye is stricter, and pictures.md tells what it said of a hundred.
"""

from __future__ import annotations

import argparse
import re
import textwrap
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path

import numpy as np
from clipart import unpack
from head import FOLDER, ClipArt, opened
from PIL import Image, ImageDraw, ImageOps

from rag.embed import exported, load_encoders, names
from rag.embed.head import Head, shipped
from rag.embed.imagenet import classes
from rag.embed.imagenet import guesses as of_classifier
from rag.embed.lite0 import FEATURES
from rag.embed.packaged import HeadEncoder, softmax
from rag.language.stems import stem
from rag.settings import Settings

STAMPS = "tuxpaint-stamps-default"
NEAR = 0.6
KEPT = 2  # guesses of a picture, by ingest
SHEET, SHEETS = 25, 2  # pictures of a sheet, sheets of each sort
Guesses = list[list[tuple[str, float]]]


@dataclass(frozen=True)
class Pictures:
    """Pictures, what was seen in each, and what is told of it: its title, its keywords, its file's name."""

    files: list[Path]
    seen: np.ndarray
    told: list[list[str]]


class Judge:
    """Whether a guess is right, by what is told of the picture."""

    def __init__(self, encode: Callable[[Sequence[str]], np.ndarray]):
        self._encode = encode
        self._vectors: dict[str, np.ndarray] = {}
        self._same: dict[str, set[str]] = {}
        for found, _ in classes():
            each = found.split(", ")
            self._same.setdefault(each[0], set()).update(map(_last, each))

    def __call__(self, guess: str, told: Sequence[str]) -> bool:
        words = {stem(word) for text in told for word in _words(text)}
        if words & {_last(guess), *self._same.get(guess, ())}:
            return True
        missing = [text for text in dict.fromkeys([guess, *told]) if text not in self._vectors]
        if missing:
            self._vectors.update(zip(missing, self._encode(missing), strict=True))
        return max(float(self._vectors[guess] @ self._vectors[text]) for text in told) > NEAR


def clip_art(art: ClipArt, half: str) -> Pictures:
    files = [file for file, _ in art.halves[half]]
    at = [art.at[file] for file in files]
    told = [[title, *art.clips[number].keywords, _named(file)] for (file, title), number in zip(art.halves[half], at, strict=True)]
    return Pictures(files, art.seen[at], told)


def stamps(joint: HeadEncoder, half: str) -> Pictures:
    """Those that show things (no letters, coins or signs) and have words, by folders."""
    root = unpack(STAMPS, FOLDER.parent) / "usr" / "share" / "tuxpaint" / "stamps"
    files = [file for file in sorted(root.rglob("*.png")) if file.with_suffix(".txt").exists() and not file.stem.endswith("_mirror")]
    files = [file for file in files if "symbols" not in file.parts and _is_developed(file.parent) == (half == "development")]
    kept = FOLDER / f"stamps-{half}.npy"
    if not kept.exists():
        np.save(kept, joint.seen(list(exported.each(opened, files)))[1])
    return Pictures(files, np.load(kept), [[_sentence(file.with_suffix(".txt")), _named(file)] for file in files])


def by_classifier(seen: np.ndarray) -> Guesses:
    return of_classifier(softmax(seen[:, FEATURES:]))


def by_names(joint: HeadEncoder, seen: np.ndarray) -> Guesses:
    return joint.guessed(joint.placed(seen), softmax(seen[:, FEATURES:]))


def row(name: str, guesses: Guesses, pictures: Pictures, judge: Judge) -> str:
    """The share of pictures with a guess, of these the share whose first guess is right, and of all names that are kept."""
    right = [[judge(name, told) for name, _ in each[:KEPT]] for each, told in zip(guesses, pictures.told, strict=True)]
    shown = [each for each in right if each]
    every = [one for each in shown for one in each]
    cells = [len(shown) / len(right), np.mean([each[0] for each in shown]), np.mean(every), np.mean([any(each) for each in right])]
    return f"| {name} | {len(right)} | {' | '.join(f'{cell:.2f}' for cell in cells)} |"


def calibrated(joint: HeadEncoder, pictures: Sequence[Pictures], judge: Judge) -> tuple[float, float]:
    """SLOPE and OFFSET by which the nearness of the nearest name tells whether it is right."""
    from sklearn.linear_model import LogisticRegression

    near, right = [], []
    for each in pictures:
        found = names.nearness(joint.placed(each.seen) @ joint.names.T, softmax(each.seen[:, FEATURES:]))
        near += found.max(axis=1).tolist()
        right += [judge(names.names()[0][best], told) for best, told in zip(found.argmax(axis=1), each.told, strict=True)]
    fitted = LogisticRegression(C=1e6).fit(np.array(near)[:, None], right)
    return float(fitted.coef_[0, 0]), float(fitted.intercept_[0])


def show(folder: Path, pictures: Pictures, guesses: Guesses, name: str) -> None:
    """Sheets of pictures that have a guess, chosen by chance, with their guesses."""
    folder.mkdir(parents=True, exist_ok=True)
    given = np.flatnonzero([bool(each) for each in guesses])
    chosen = np.random.default_rng(0).permutation(given)[: SHEET * SHEETS]
    for number in range(SHEETS):
        sheet = Image.new("RGB", (5 * 240, 5 * 240), "white")
        draw = ImageDraw.Draw(sheet)
        for place, at in enumerate(chosen[number * SHEET : (number + 1) * SHEET]):
            left, top = place % 5 * 240, place // 5 * 240
            sheet.paste(ImageOps.pad(opened(pictures.files[at]), (230, 185), color="white"), (left, top))
            words = ", ".join(guess for guess, _ in guesses[at][:KEPT])
            draw.multiline_text((left + 4, top + 190), f"{place + 1}: " + textwrap.fill(words, 34), "black", font_size=14)
        sheet.save(folder / f"{name}-{number + 1}.png")


def _is_developed(folder: Path) -> bool:
    return blake2b(folder.name.encode()).digest()[0] % 2 == 0


def _sentence(file: Path) -> str:
    return file.read_text("utf-8").splitlines()[0].split(".")[0].strip()


def _named(file: Path) -> str:
    return re.sub(r"[\W\d_]+", " ", file.stem)


def _words(text: str) -> list[str]:
    return [word for word in re.findall(r"[a-z]+", text.lower()) if len(word) > 2]


def _last(name: str) -> str:
    return stem(re.findall(r"[a-z]+", name.lower())[-1])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--choose", action="store_true", help="the half where constants were chosen")
    parser.add_argument("--show", type=Path, metavar="DIR", help="write sheets of guesses here")
    asked = parser.parse_args()
    encoders = load_encoders(Settings(profile="packaged", text_model=None, joint_model=None))
    joint, judge = encoders.joint, Judge(encoders.text.encode_passages)
    assert isinstance(joint, HeadEncoder)
    art = ClipArt(FOLDER.parent, encoders)
    half = "development" if asked.choose else "test"
    head: Head = art.head(art.numbers("development", "test")) if asked.choose else shipped()
    joint.head = head
    sets = {"clip art": clip_art(art, half), "stamps": stamps(joint, half)}
    if asked.choose:
        print("SLOPE, OFFSET = {:.2f}, {:.2f}\n".format(*calibrated(joint, list(sets.values()), judge)))
    print("| | pictures | with a guess | the first is right | of all that are shown | right of all pictures |\n|---|---|---|---|---|---|")
    for name, pictures in sets.items():
        guesses = {"the classifier": by_classifier(pictures.seen), "the names": by_names(joint, pictures.seen)}
        for how, found in guesses.items():
            print(row(f"{name}, {how}", found, pictures, judge), flush=True)
            if asked.show:
                show(asked.show, pictures, found, f"{name}, {how}".replace(", ", "-").replace(" ", "-"))


if __name__ == "__main__":
    main()
