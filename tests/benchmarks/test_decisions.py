"""benchmarks/decisions.py: every decision can be taken back, and is in force again afterwards."""

from __future__ import annotations

from benchmarks.decisions import DECISIONS, measured, pace
from rag.evaluate.questions import Asked

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


def test_the_pace_is_told(library):
    assert "20 candidates" in (told := pace(library, GOLD)) and "bytes a passage" in told
