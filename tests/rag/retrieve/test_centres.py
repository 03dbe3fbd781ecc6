"""rag/retrieve/centres.py, on a joint space with a gap: the packaged prose encoder's, words and pictures each moved their own way."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from PIL import Image

from rag.embed import Encoders, Looked, load_encoders
from rag.embed.unit import unit
from rag.retrieve.centres import FEWEST, Centres
from rag.retrieve.routes import probes
from rag.settings import Settings
from rag.storage.store import Filter, Row, Store

THINGS = "lighthouse,sailing ship,harbour crane,church,red bicycle,brown dog,steam train,wooden bridge,castle,windmill".split(",")
TIMES = "at night,in the snow,in thick fog,at sunset,on a rainy day,in bright sunshine".split(",")
PICTURES = [f"a {thing} {time}" for thing in THINGS for time in TIMES]
PASSAGES = [f"The {thing} stands near the old quarter, where visitors come {time}." for thing in THINGS for time in TIMES]


def picture(shows: str) -> Image.Image:
    image = Image.new("RGB", (8, 8))
    image.info["shows"] = shows
    return image


class Gap:
    """A joint encoder that sees what a picture's `info` says that it shows; words and pictures stand in cones of their own width."""

    in_prose_space = False

    def __init__(self, text, words: float, pictures: float):
        self.name = f"gap-{words}-{pictures}"
        self._text = text
        self.dimension = text.dimension
        self._words, self._pictures = unit(np.random.default_rng(0).normal(size=(2, text.dimension))) * [[words], [pictures]]

    def look(self, images) -> Looked:
        vectors = self._text.encode_passages([image.info["shows"] for image in images])
        return Looked(unit(vectors + self._pictures), None, [[] for _ in images])

    def encode_query(self, texts) -> np.ndarray:
        return unit(self._text.encode_passages(texts) + self._words)


@pytest.fixture(scope="module")
def text():
    return load_encoders(Settings()).text


def made(folder, text, words: float, pictures: float, passages: bool = False) -> tuple[Encoders, Store]:
    joint = Gap(text, words, pictures)
    store = Store(folder, name="t", text_dimension=4, joint_dimension=joint.dimension, language="english", uri=None, token=None)
    looks = joint.look([picture(shows) for shows in PICTURES]).visual
    rows = [Row(id, 1, "image", PICTURES[id], np.eye(4)[0], look) for id, look in enumerate(looks)]
    if passages:
        rows += [Row(1000 + at, 2, "text", PASSAGES[at], np.eye(4)[0], look) for at, look in enumerate(joint.encode_query(PASSAGES))]
    store.write(rows)
    return Encoders(text, joint), store


def visual(asked):
    return next(probe for probe in asked if probe.route == "visual")


def found_at_another_time(encoders: Encoders, store: Store, centres: Centres | None) -> float:
    """How often the picture of the same thing at another time comes first, the picture of the query left out."""
    right = 0
    cases = [(thing, now, then) for thing in range(len(THINGS)) for now, then in itertools.permutations(range(len(TIMES)), 2) if now < 2]
    for thing, now, then in cases:
        like, wanted = thing * len(TIMES) + now, thing * len(TIMES) + then
        probe = visual(probes(encoders, TIMES[then], picture(PICTURES[like]), "image", centres))
        ids = [id for id, _ in store.search("visual", probe.query, 2, Filter(probe.modality)) if id != like]
        right += ids[0] == wanted
    return right / len(cases)


def test_like_this_but_at_another_time_needs_both_halves(tmp_path, text):
    encoders, store = made(tmp_path, text, words=3.0, pictures=0.7)
    with_centres = found_at_another_time(encoders, store, Centres(encoders.joint, store))
    without = found_at_another_time(encoders, store, None)
    store.close()
    assert with_centres >= 0.98
    assert without <= 0.90


def test_a_picture_finds_its_passage_across_the_gap(tmp_path, text):
    encoders, store = made(tmp_path, text, words=1.0, pictures=3.0, passages=True)

    def right(centres: Centres | None) -> float:
        asked = [visual(probes(encoders, "", picture(shows), "text", centres)) for shows in PICTURES]
        return float(np.mean([store.search("visual", probe.query, 1, Filter("text"))[0][0] == 1000 + at for at, probe in enumerate(asked)]))

    with_centres, without = right(Centres(encoders.joint, store)), right(None)
    store.close()
    assert with_centres >= 0.98
    assert without <= 0.95


def test_a_picture_is_compared_with_pictures_and_words_with_pictures_as_they_are(tmp_path, text):
    encoders, store = made(tmp_path, text, words=1.0, pictures=1.0)
    centres = Centres(encoders.joint, store)
    seen = visual(probes(encoders, "", picture(PICTURES[7]), "image", centres))
    assert seen.query == pytest.approx(encoders.joint.look([picture(PICTURES[7])]).visual[0])
    meant = visual(probes(encoders, "at night", None, "image", centres))
    assert meant.query == pytest.approx(encoders.joint.encode_query(["at night"])[0])
    store.close()


def test_few_pictures_make_no_mean_and_new_ones_are_counted(tmp_path, text):
    joint = Gap(text, 1.0, 1.0)
    store = Store(tmp_path, name="t", text_dimension=4, joint_dimension=joint.dimension, language="english", uri=None, token=None)
    looks = joint.look([picture(shows) for shows in PICTURES]).visual
    rows = [Row(id, 1, "image", PICTURES[id], np.eye(4)[0], look) for id, look in enumerate(looks)]
    centres = Centres(joint, store)
    store.write(rows[: FEWEST - 1])
    assert centres.picture(looks[0]) == pytest.approx(looks[0], abs=1e-5)
    store.write(rows[FEWEST - 1 : FEWEST])
    mean = looks[:FEWEST].mean(axis=0)
    assert centres.picture(looks[0]) == pytest.approx(unit((looks[0] - mean)[None])[0], abs=1e-5)
    store.close()
