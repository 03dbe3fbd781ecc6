"""rag/adapt: a library learns where its pictures stand, keeps it only where it gains, and takes what comes later along."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import product
from pathlib import Path

import numpy as np
import pytest

from rag import Library, Settings
from rag.adapt import adapt, forget
from rag.adapt.pairs import pairs
from rag.embed.adapter import FILE, Adapter
from rag.embed.unit import unit
from rag.errors import OtherEncoder
from rag.evaluate.questions import Asked, load_questions
from rag.evaluate.report import write_report
from rag.evaluate.run import evaluate
from rag.records import Locator, Record
from rag.storage.entries import File
from tests.models import tiny_clip

COLOURS = ("red", "green", "blue", "yellow", "black", "white", "purple", "orange", "golden", "grey")
THINGS = ("boat", "tower", "horse", "apple", "bridge", "violin", "candle", "tractor", "parrot", "teapot")
LATER = "a silver boat"


def looks(words: list[str], dimension: int, known: bool) -> np.ndarray:
    """Where pictures of these words lie: by their colour and their thing where that is `known`, else anywhere."""
    chance = np.random.default_rng(5)
    parts = {part: chance.standard_normal(dimension) for part in (*COLOURS, *THINGS, "silver")}
    if not known:
        return unit(chance.standard_normal((len(words), dimension)))
    return unit(np.stack([sum(parts[part] for part in each.split()[1:]) for each in words]))


def taken(library: Library, words: list[str], known: bool) -> None:
    """A page for each picture, with a caption under a heading of its own."""
    keys = [each.encode().hex() for each in words]
    vectors = dict(zip(keys, looks(words, library.encoders.joint.dimension, known), strict=True))
    batch = [
        (
            File(Path("/docs") / each, each, Path("/docs"), 1, 1, each),
            [
                Record("text", f"Page {number} tells who painted it.", Locator(heading=f"About {each}")),
                Record("image", each, Locator(heading=f"About {each}"), caption=each, image=key, origin=f"{number}.png"),
            ],
        )
        for number, (each, key) in enumerate(zip(words, keys, strict=True))
    ]
    with library.writing():
        library.add(batch, vectors)


def made(folder: Path, known: bool, **settings: str) -> Library:
    library = Library.open(folder, Settings(library=folder, **settings))
    taken(library, [f"a {colour} {thing}" for colour, thing in product(COLOURS, THINGS)], known)
    return library


@pytest.fixture(scope="module")
def library(tmp_path_factory) -> Iterator[Library]:
    """A hundred pictures that lie by what their captions say, but nowhere near to where the encoder would look for it."""
    with made(tmp_path_factory.mktemp("adapt") / "library", known=True) as library:
        yield library


@pytest.fixture(scope="module")
def report(library):
    return adapt(library)


def seen(library: Library, words: str) -> int | None:
    """The rank that the visual route gives to the picture of this caption."""
    return next((hit.routes.visual for hit in library.search(words, k=60, modality="image") if hit.caption == words), None)


def test_pictures_are_learnt_and_passages_are_left_as_they_were(report, library):
    visual, dense = report.routes["visual"], report.routes["dense"]
    assert visual.on and visual.pairs == {"caption": 100, "heading": 100} and visual.held_back == 20
    assert visual.after["hit@10"] > visual.before["hit@10"] + 0.3 and visual.gain.interval[0] > 0
    assert not dense.on and "beyond chance" in dense.why
    assert library.adapter.dense is None and library.adapter.visual is not None
    assert library.adapter.card == json.loads(json.dumps(report.to_dict())), "what was learnt tells its data, date, seed and figures"


def test_words_find_pictures_that_come_later(report, library):
    taken(library, [LATER], known=True)
    adapted = seen(library, LATER)
    kept = (library.folder / FILE).read_bytes()
    assert forget(library) and not forget(library)
    as_before = seen(library, LATER)
    (library.folder / FILE).write_bytes(kept)
    assert adapted and adapted <= 10 and (as_before is None or as_before > 10)
    assert seen(library, LATER) == adapted, "what another process changes is read anew"


def test_an_evaluation_tells_that_the_library_is_adapted(report, library, tmp_path):
    gold = tmp_path / "gold.jsonl"
    gold.write_text('{"question": "a red boat", "relevant": [{"image": "0.png"}]}\n')
    write_report(tmp_path / "run", library, gold, evaluate(library, load_questions(gold), retrieval_only=True))
    encoders = json.loads((tmp_path / "run" / "run.json").read_text())["encoders"]
    assert encoders["joint"] == "lite0-head" and encoders["adapted"] == f"visual, {report.at}"


def test_an_adapter_of_other_encoders_is_refused(report, library):
    kept = (library.folder / FILE).read_bytes()
    changed = dict(library.adapter.card, encoders={"text": "another"})
    Adapter(visual=library.adapter.visual, card=changed).save(library.folder)
    with pytest.raises(OtherEncoder, match="adapter"):
        library.search("a red boat")
    (library.folder / FILE).write_bytes(kept)


def test_where_nothing_is_gained_nothing_is_switched_on(tmp_path):
    with made(tmp_path / "library", known=False) as library:
        found = adapt(library)
        assert not any(route.on for route in found.routes.values())
        assert "beyond chance" in found.routes["visual"].why and found.routes["visual"].gain.interval[0] <= 0
        assert not (library.folder / FILE).exists() and library.status()["adapter"] is None


def test_a_joint_model_is_learnt_over_too(tmp_path):
    clip = str(tiny_clip(tmp_path / "clip"))
    with made(tmp_path / "library", known=True, profile="clip", joint_model=clip) as library:
        visual = adapt(library).routes["visual"]
        assert visual.held_back == 20 and visual.after["ndcg"] > visual.before["ndcg"]
        turned = np.eye(library.encoders.joint.dimension, dtype=np.float32)[::-1]
        before = library.search("a red boat", modality="image")
        with library.trying(Adapter(visual=turned)):
            assert [hit.routes.visual for hit in library.search("a red boat", modality="image")] != [hit.routes.visual for hit in before]


def test_too_little_says_nothing_and_takes_back_what_was_there(tmp_path):
    with Library.open(tmp_path, Settings(library=tmp_path)) as library:
        taken(library, ["a red boat", "a blue tower"], known=True)
        (tmp_path / FILE).write_bytes(b"damaged")
        found = adapt(library)
        assert {route.why for route in found.routes.values()} == {"there are too few pairs"} and not (tmp_path / FILE).exists()


def test_a_question_of_the_gold_is_a_pair(library):
    gold = [Asked("g", "Who has a red boat?", relevant=({"image": "0.png"}, {"source": "a red tower", "text": "tells who painted it"}))]
    asked = {pair.route: pair for pair in pairs(library, gold) if pair.kind == "question"}
    records = library.catalog.records([id for pair in asked.values() for id in pair.ids])
    assert {records[pair.ids[0]].source for pair in asked.values()} == {"a red boat", "a red tower"}
    assert asked["visual"].words == "Who has a red boat?" and records[asked["visual"].ids[0]].record.image


def test_words_that_stand_with_many_tell_none_of_them(library):
    words = {pair.words for pair in pairs(library)}
    assert {"a red boat", "About a red boat"} <= words
    assert not any("painted" in each for each in words)
