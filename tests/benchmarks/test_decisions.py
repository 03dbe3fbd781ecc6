"""benchmarks/decisions.py: every decision can be taken back, and is in force again afterwards."""

from __future__ import annotations

from benchmarks.decisions import DECISIONS, measured, pace, without_rerank
from rag.evaluate.questions import Asked
from rag.language.question import understood

GOLD = [
    Asked("built", "Who built the light at Hollin Point?", relevant=({"source": "lights.md", "text": "Marta Quill"},)),
    Asked("boat", "Show me the lifeboat under sail", relevant=({"image": "boat.png"},)),
]


def test_every_decision_can_be_taken_back(library):
    shipped = measured(library, GOLD, DECISIONS["as shipped"])
    assert shipped == [1.0, 1.0, 1.0, 1.0]
    without = {title: measured(library, GOLD, changes) for title, changes in DECISIONS.items()}
    assert without["the visual route left out"][:2] == [1.0, 1.0]
    assert without["token vectors whole, not two bits a coordinate"] == shipped
    assert measured(library, GOLD, ()) == shipped


def test_what_is_taken_back_is_taken_back_in_what_is_asked(library):
    question = GOLD[0].question
    assert library.ask(question, retrieval_only=True).hits[0].routes.rerank
    with without_rerank(library):
        assert library.ask(question, retrieval_only=True).hits[0].routes.rerank is None
    assert library.ask(question, retrieval_only=True).hits[0].routes.rerank


def test_a_question_in_parts_is_asked_as_one():
    both = "When was the light built, and who kept the lamp?"
    [taken_back] = DECISIONS["a question in parts asked as one"]
    with taken_back(None):
        assert [part.text for part in understood(both).parts] == [both]
    assert len(understood(both).parts) == 2


def test_the_pace_is_told(library):
    assert "20 candidates" in (told := pace(library, GOLD)) and "bytes a passage" in told
