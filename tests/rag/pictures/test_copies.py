"""Copies of a picture are known, and pictures that look much the same are kept apart."""

import io
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from rag.pictures.copies import SKETCH, Index, alike, fingerprint
from rag.pictures.open import open_image

SAMPLE = Path(__file__).parents[3] / "data" / "sample"
PICTURES = ["guide/images/coast-map.png", "web/images/visits-by-year.png", "pictures/IMG_0412.jpg", "pictures/scan_007.png"]


def stored(image: Image.Image, kind: str, quality: int) -> Image.Image:
    buffer = io.BytesIO()
    image.convert("RGB").save(buffer, kind, quality=quality)
    return open_image(buffer.getvalue())


def scaled(image: Image.Image, share: float) -> Image.Image:
    return image.resize((round(image.width * share), round(image.height * share)), Image.Resampling.LANCZOS)


def dialog(name: str, ticked: int, size: tuple[int, int] = (900, 620)) -> Image.Image:
    """A window with a field, options of which one is ticked, and buttons."""
    image = Image.new("RGB", size, "#eeeeee")
    draw = ImageDraw.Draw(image)
    font = ImageFont.load_default(20)
    draw.rectangle((0, 0, size[0], 40), fill="#334455")
    draw.text((20, 8), "Preferences", fill="white", font=font)
    draw.rectangle((200, 70, 700, 110), fill="white", outline="black")
    draw.text((40, 78), "Name", fill="black", font=font)
    draw.text((210, 78), name, fill="black", font=font)
    for n in range(8):
        top = 140 + 45 * n
        draw.rectangle((40, top, 66, top + 26), fill="white", outline="black")
        draw.text((90, top), f"Option {'abcdefgh'[n]} of this page", fill="black", font=font)
        if n == ticked:
            draw.rectangle((45, top + 5, 61, top + 21), fill="black")
    return image


def chart(*heights: int) -> Image.Image:
    image = Image.new("RGB", (640, 420), "white")
    draw = ImageDraw.Draw(image)
    draw.line((50, 20, 50, 380, 620, 380), fill="black", width=2)
    for n, height in enumerate(heights):
        draw.rectangle((80 + 90 * n, 380 - height, 130 + 90 * n, 380), fill="#3366aa")
    return image


@pytest.mark.parametrize("name", PICTURES)
def test_copies_are_known_in_every_size_and_format(name):
    image = open_image(SAMPLE / name)
    mark = fingerprint(image)
    assert len(mark) < 5000
    for share in (0.25, 0.5, 0.9, 2):
        assert alike(mark, fingerprint(scaled(image, share)))
    for kind, quality in (("JPEG", 40), ("JPEG", 85), ("WEBP", 60)):
        assert alike(mark, fingerprint(stored(image, kind, quality)))
        assert alike(fingerprint(stored(scaled(image, 0.5), kind, quality)), mark)


def test_no_two_pictures_of_the_sample_are_linked():
    files = sorted((SAMPLE / "guide" / "images").glob("*.png"))
    marks = [fingerprint(open_image(file)) for file in files]
    linked = [(one.name, two.name) for n, one in enumerate(files) for m, two in enumerate(files[:n]) if alike(marks[n], marks[m])]
    assert len(files) > 10 and not linked


def test_a_picture_that_is_transparent_is_its_copy_on_white():
    drawn = Image.new("RGBA", (300, 200), (0, 0, 0, 0))
    ImageDraw.Draw(drawn).ellipse((60, 40, 240, 160), fill="navy")
    white = Image.new("RGB", (300, 200), "white")
    ImageDraw.Draw(white).ellipse((60, 40, 240, 160), fill="navy")
    assert alike(fingerprint(drawn), fingerprint(white))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (dialog("harbour", 2), dialog("harbour", 3)),
        (dialog("harbour", 2), dialog("lighthouse keeper", 2)),
        (chart(100, 200, 150, 300, 80), chart(100, 200, 150, 280, 80)),
        (chart(100, 200, 150, 300), chart(100, 200, 150, 300, 80)),
    ],
    ids=["another option", "another name", "another value", "one more bar"],
)
def test_screenshots_and_charts_of_one_layout_stay_apart(one, other):
    assert not alike(fingerprint(one), fingerprint(other))
    assert not alike(fingerprint(one), fingerprint(stored(other, "JPEG", 60)))
    assert not alike(fingerprint(scaled(one, 0.5)), fingerprint(other))


def test_other_colours_and_other_proportions_part_pictures():
    grey = Image.new("L", (400, 300), 255)
    ImageDraw.Draw(grey).rectangle((100, 80, 300, 220), fill=90)
    tinted = Image.merge("YCbCr", (grey, Image.new("L", grey.size, 128), Image.new("L", grey.size, 190))).convert("RGB")
    assert not alike(fingerprint(grey), fingerprint(tinted))
    assert not alike(fingerprint(grey), fingerprint(grey.resize((400, 240))))


def test_pictures_that_show_nothing_are_like_no_other():
    plain = Image.new("RGB", (200, 200), "white")
    assert fingerprint(plain) == b""
    assert not alike(fingerprint(plain), fingerprint(plain))
    marks = {"plain": fingerprint(plain)}
    index = Index(marks.__getitem__)
    index.add("plain", marks["plain"])
    assert index.find(fingerprint(plain)) is None


def test_the_index_finds_the_first_copy_among_many_by_their_sketches():
    rng = np.random.default_rng(0)
    pictures = {f"{n}.png": Image.fromarray(rng.integers(0, 255, (12, 16, 3), dtype=np.uint8)).resize((320, 240), 3) for n in range(40)}
    marks = {key: fingerprint(image) for key, image in pictures.items()}
    marks["copy.png"] = fingerprint(scaled(pictures["7.png"], 0.5))
    fetched: list[str] = []
    index = Index(lambda key: fetched.append(key) or marks[key])
    for key, mark in marks.items():
        index.add(key, mark[:SKETCH])
    for n in range(30_000):
        index.add(f"other {n}", marks["3.png"][:8] + rng.integers(0, 255, SKETCH - 8, dtype=np.uint8).tobytes())
    for key in ("0.png", "7.png", "39.png"):
        assert index.find(fingerprint(stored(pictures[key], "JPEG", 60))) == key
    assert index.find(fingerprint(chart(10, 300, 50))) is None
    assert len(fetched) < 10, "the sketches leave few to be looked at whole"
