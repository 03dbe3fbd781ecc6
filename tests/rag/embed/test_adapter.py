"""rag/embed/adapter.py: a map that turns questions, kept in a folder, for the encoders that it was learnt over."""

from __future__ import annotations

import numpy as np
import pytest

from rag.embed.adapter import AS_IT_IS, FILE, Adapter, adapter, card
from rag.embed.learning import turning
from rag.embed.unit import unit
from rag.errors import LibraryError, OtherEncoder

ENCODERS = {"text": "one", "joint": "two"}


@pytest.fixture(scope="module")
def world() -> tuple[np.ndarray, np.ndarray]:
    """700 questions, and what each looks for: half of it is what it says, half lies elsewhere, in the same way for all."""
    chance = np.random.default_rng(3)
    questions = unit(chance.standard_normal((700, 16)))
    elsewhere = np.linalg.qr(chance.standard_normal((16, 16)))[0]
    return questions, unit(questions + 2 * questions @ elsewhere).astype(np.float32)


def first(questions: np.ndarray, targets: np.ndarray) -> float:
    """The share of questions whose own target is the nearest."""
    return float(((questions @ targets.T).argmax(axis=1) == np.arange(len(targets))).mean())


def test_questions_that_were_not_learnt_from_come_nearer_to_what_they_look_for(world):
    questions, targets = world
    asked = Adapter(visual=turning(questions[:500], targets[:500], rate=1e-2))
    held, wanted = questions[500:], targets[500:]
    assert first(asked.turned("visual", held), wanted) > first(held, wanted) + 0.2
    assert np.array_equal(asked.turned("dense", held), held), "a route that nothing was learnt for stays as it is"


def test_the_seed_decides(world):
    questions, targets = (each[:300] for each in world)
    one, same, other = (turning(questions, targets, 1e-2, seed) for seed in (1, 1, 2))
    assert np.array_equal(one, same) and not np.array_equal(one, other)


def test_an_adapter_is_kept_with_its_card(tmp_path):
    assert card(tmp_path) is None
    learnt = np.eye(4, dtype=np.float32)[::-1] * 0.5
    Adapter(dense=learnt, card={"encoders": ENCODERS, "seed": 7}).save(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == [FILE]
    read = adapter(tmp_path, ENCODERS)
    assert np.array_equal(read.dense, learnt) and read.visual is None and card(tmp_path)["seed"] == 7


def test_other_encoders_are_refused_and_damage_is_told(tmp_path):
    Adapter(card={"encoders": ENCODERS}).save(tmp_path)
    with pytest.raises(OtherEncoder, match="other encoders") as caught:
        adapter(tmp_path, {**ENCODERS, "joint": "another"})
    assert "diptych adapt" in caught.value.hint
    (tmp_path / FILE).write_bytes(b"no archive")
    with pytest.raises(LibraryError, match="cannot be read") as caught:
        adapter(tmp_path, ENCODERS)
    assert "--off" in caught.value.hint


def test_as_it_is_changes_nothing():
    questions = unit(np.random.default_rng(0).standard_normal((3, 5)))
    assert AS_IT_IS.turned("visual", questions) is questions
