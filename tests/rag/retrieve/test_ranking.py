"""rag/retrieve/ranking.py: how what was told and what was seen become one list."""

from __future__ import annotations

import pytest

from rag.language.question import Part
from rag.retrieve.ranking import Wish, clearness, ordered, reranked, wish
from rag.retrieve.rerank import MaxSim

TOLD = {"passage": 1, "figure": 2, "other": 3}


@pytest.mark.parametrize(
    ("text", "picture", "wanted"),
    [
        ("When was it built?", False, Wish.FACT),
        ("bell buoy", False, Wish.MATTER),
        ("Show me the bell buoy", False, Wish.PICTURE),
        ("like this, but at night", True, Wish.COMPOSED),
        ("", True, Wish.LIKENESS),
    ],
)
def test_what_a_query_wants(text, picture, wanted):
    assert wish(Part.of(text), bool(text), picture) is wanted


def test_a_passage_rises_to_the_best_of_its_section():
    judged = {"repeats": MaxSim(0.9, 0.5), "answers": MaxSim(0.5, 0.2), "elsewhere": MaxSim(0.6, 0.3), "far": MaxSim(0.5, 0.2)}
    sections = {"repeats": ("a", 10), "answers": ("a", 11), "elsewhere": ("b", 12), "far": ("a", 30)}
    assert list(reranked(judged, {}, (), sections, {}, Wish.FACT)) == ["repeats", "answers", "elsewhere", "far"]


def test_a_picture_that_repeats_its_passage_stands_behind_it_in_a_plain_question():
    judged = {"figure": MaxSim(0.8, 0.4), "passage": MaxSim(0.75, 0.4)}
    sections = {"passage": ("a", 1)}
    assert list(reranked(judged, {}, {"figure"}, sections, {}, Wish.FACT)) == ["passage", "figure"]
    assert list(reranked(judged, {}, {"figure"}, sections, {"figure": 0.8}, Wish.PICTURE)) == ["figure", "passage"]


def test_pictures_come_first_where_one_is_asked_for():
    assert next(iter(ordered(TOLD, {"figure": 1}, {"figure"}, Wish.PICTURE))) == "figure"
    assert next(iter(ordered(TOLD, {"figure": 1}, {"figure"}, Wish.FACT))) == "passage"


def test_the_visual_route_counts_as_far_as_it_is_clear():
    seen = {"bare": 1}
    assert list(ordered(TOLD, seen, {"bare"}, Wish.MATTER, 1.0)).index("bare") < list(
        ordered(TOLD, seen, {"bare"}, Wish.MATTER, 0.3)
    ).index("bare")


def test_clearness_is_how_far_the_best_stands_out():
    assert clearness([0.4] * 20) == pytest.approx(0.3)
    assert clearness([0.9, *[0.1] * 40]) == 1.0
    assert clearness([0.6, *[0.4] * 99]) == pytest.approx(0.3 + 0.7 * (0.6 / 0.402 - 1))
    assert clearness([]) == pytest.approx(0.3)


def test_where_documents_were_searched_by_themselves_only_what_that_brought_has_a_vote():
    judged = {"own": MaxSim(0.5, 0.2), "stranger": MaxSim(0.6, 0.3), "other": MaxSim(0.4, 0.1)}
    strange = {"stranger": 1, "other": 2, "own": 3}
    routes = {"dense": strange, "bm25": strange, "dense inside": {"own": 1, "other": 2}, "bm25 inside": {"own": 1, "other": 2}}
    assert list(reranked(judged, routes, (), {}, {}, Wish.FACT, inside=True)) == ["own", "other", "stranger"]
    assert next(iter(reranked(judged, routes, (), {}, {}, Wish.FACT))) == "stranger"
