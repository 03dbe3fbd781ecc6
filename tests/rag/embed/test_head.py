"""The head that ships: what words find in plain drawings that it was not learnt from, and what it keeps."""

from __future__ import annotations

import numpy as np
from PIL import Image, ImageDraw

from rag.embed import Encoders, head

ASKED = ("a red heart", "a green tree", "a clock with two hands", "a yellow star")


def drawings() -> list[Image.Image]:
    """What is asked for, in a few strokes, in its order."""
    found = [Image.new("RGB", (200, 200), "white") for _ in ASKED]
    heart, tree, clock, star = map(ImageDraw.Draw, found)
    heart.ellipse((40, 50, 105, 115), fill="red")
    heart.ellipse((95, 50, 160, 115), fill="red")
    heart.polygon([(45, 100), (155, 100), (100, 170)], fill="red")
    tree.rectangle((92, 120, 108, 185), fill="saddlebrown")
    tree.ellipse((50, 20, 150, 130), fill="forestgreen")
    clock.ellipse((30, 30, 170, 170), outline="black", width=6)
    clock.line([(100, 100), (100, 50)], fill="black", width=6)
    clock.line([(100, 100), (140, 110)], fill="black", width=6)
    corners = [(100 + r * np.sin(a), 100 - r * np.cos(a)) for r, a in zip([85, 35] * 5, np.arange(10) * np.pi / 5, strict=True)]
    star.polygon(corners, fill="gold")
    return found


def test_words_find_plain_drawings_by_the_head(packaged: Encoders) -> None:
    seen = packaged.joint.seen(drawings())[1]
    near = head.shipped().read(packaged.text.encode_passages(list(ASKED))) @ head.shipped().see(seen).T
    ranks = (near >= near.diagonal()[:, None]).sum(axis=1)
    assert ranks[[0, 1, 3]].tolist() == [1, 1, 1] and ranks[2] < 4, "a clock in three strokes is as much a button"


def test_words_and_drawings_meet_in_the_joint_space(packaged: Encoders) -> None:
    looked = packaged.joint.look(drawings())
    assert (packaged.joint.encode_query(list(ASKED)) @ looked.visual.T).argmax(axis=1).tolist() == [0, 1, 2, 3]
    passages = packaged.text.encode_passages(list(ASKED))
    assert ((looked.prose @ passages.T).argmax(axis=1) == np.arange(4)).sum() >= 3


def test_it_is_small_and_of_the_shape_that_the_encoders_have(packaged: Encoders) -> None:
    kept = head.shipped()
    assert head.SHIPPED.stat().st_size < 4_000_000
    assert kept.pictures.shape == (2280, packaged.text.dimension) and kept.words.shape == (packaged.text.dimension,) * 2
    assert all(np.isfinite(part).all() for part in (kept.mean, kept.deviation, kept.pictures, kept.bias, kept.words))
    assert kept.deviation.min() > 0
    assert kept.told(kept.read(np.eye(3, packaged.text.dimension, dtype=np.float32))).shape == (3, packaged.text.dimension)
    assert packaged.joint.dimension == 1000 + packaged.text.dimension
