"""rag/evaluate/run.py: questions asked of a real library, by all routes and by each alone."""

from __future__ import annotations

import pytest

from rag.evaluate.questions import Asked
from rag.evaluate.run import FUSED, LEAST_K, ROUTES, evaluate
from rag.evaluate.summary import summary

QUESTIONS = [
    Asked("built", "Who built the light at Hollin Point?", relevant=({"source": "lights.md", "text": "Marta Quill"},)),
    Asked("boat", "a sailing boat", k=1, relevant=({"image": "boat.png"}, {"source": "none.md", "text": "nothing"})),
    Asked("none", "What is the price of coffee in Lisbon?", answerable=False),
]


@pytest.fixture(scope="module")
def outcomes(library):
    return evaluate(library, QUESTIONS, model="quote", ablation=True)


def test_answers_carry_the_chance_that_refusal_weighed(outcomes):
    built, _, none = outcomes
    assert 0 < none.answer.chance < built.answer.chance < 1
    assert "chance" not in built.answer.to_dict()
    found = summary(outcomes)["answer"]
    assert found["n"] == 3 and found["refusal_auc"] == 1.0 and found["citation_precision"] == found["supported"] == 1.0


def test_at_least_ten_hits_are_asked_for(outcomes, library):
    assert all(len(outcome.answer.hits) == min(LEAST_K, len(library.search("light", k=99))) for outcome in outcomes)


def test_each_route_alone_ranks_as_the_routes_of_the_hits_say(outcomes, library):
    built, boat, none = outcomes
    assert set(built.apart) == {*ROUTES, FUSED} and none.apart == {}
    assert built.apart["visual"] == [None], "no passage is looked at"
    hits = library.search("a sailing boat", k=99, rerank=False)
    at = next(hit for hit in hits if hit.origin == "pictures/boat.png")
    assert [boat.apart[route][0] for route in ROUTES] == [at.routes.dense, at.routes.bm25, at.routes.visual]
    assert boat.apart[FUSED] == [at.rank, None] and all(ranks[1] is None for ranks in boat.apart.values())


def test_a_picture_is_read_once_for_all_ways_of_searching(library, coast, monkeypatch):
    read = []
    monkeypatch.setattr(library, "read", lambda image: read.append(image) or "The oil for the lamp at Ness Head ran out")
    need = {"source": "letter.txt", "text": "ran out on the night of the storm"}
    asked = Asked("x", "What is this?", image=coast / "pictures" / "boat.png", relevant=(need,))
    (outcome,) = evaluate(library, [asked], retrieval_only=True, ablation=True)
    assert len(read) == 1 and outcome.apart["bm25"] == [1], "all of them search for its words"


def test_a_question_that_fails_is_told_and_counts_as_missed(library, tmp_path):
    (lost,) = evaluate(library, [Asked("x", "What is this?", image=tmp_path / "no.png", relevant=({"image": "boat.png"},))])
    assert lost.answer is None and lost.error and lost.ranks == [None]
    assert summary([lost])["retrieval"]["image"]["hit@10"] == 0.0
