"""Follow-up questions: every one of them is answered by the library, with something that was not told yet."""

from __future__ import annotations

import pytest

from rag import Library, Settings
from rag.answer.compose import REFUSAL
from rag.language.turns import points_back
from tests.models import tiny_gguf
from tests.ollama_server import OllamaServer

ISLAND = """# The island

## The tower

The tower of Gull Island was lit in 1834. The tower has 154 steps, and a lens turns on top of it.

## The bell

The fog bell of Gull Island was cast in 1851 by Mundy in Osmere. It weighs two tons.

![A bronze fog bell in a wooden frame](bell.png)

## Why the hull is red

The lifeboat Perpetua is moored at Sorrow Quay. Twelve oarsmen man the lifeboat in a storm.

## Getting to the island

The boat Merry Tully leaves Tessaly Quay at 9:15 on Tuesdays.
"""
PAIRS = "question,answer\nHow long does the crossing to Gull Island take?,The crossing takes forty minutes in fair weather.\n"


@pytest.fixture(scope="module")
def island(tmp_path_factory):
    """A library of one small document, a picture in it, and a pair of the user's own."""
    from PIL import Image

    from ingest import ingest

    folder = tmp_path_factory.mktemp("followups")
    (folder / "docs").mkdir()
    (folder / "docs/island.md").write_text(ISLAND, "utf-8")
    (folder / "docs/crossing.md").write_text(
        "# The crossing\n\nThe crossing to Gull Island takes forty minutes in fair weather.\n", "utf-8"
    )
    (folder / "docs/pairs.qa.csv").write_text(PAIRS, "utf-8")
    Image.effect_mandelbrot((120, 160), (-2, -1, 1, 1), 20).save(folder / "docs/bell.png")
    with Library.open(folder / "library", Settings(library=folder / "library")) as library:
        assert not ingest([folder / "docs"], library).failed
        yield library


def passages(answer) -> set[str]:
    """What an answer cites, as the sections that hold it."""
    return {citation.locator.heading for citation in answer.citations}


def test_each_is_whole_answered_and_tells_something_else(island):
    answer = island.ask("When was the tower of Gull Island lit?", model="quote")
    assert "1834" in answer.answer
    offered = island.follow_ups(answer)
    assert 2 <= len(offered) <= 3 and len(set(offered)) == len(offered)
    for question in offered:
        assert not points_back(question)
        again = island.ask(question, model="quote")
        assert again.refused is False and passages(again) - passages(answer), question


def test_the_same_answer_leads_to_the_same_questions_and_none_is_asked_twice(island):
    answer = island.ask("When was the tower of Gull Island lit?", model="quote")
    first = island.follow_ups(answer)
    assert island.follow_ups(answer) == first
    assert not set(first) & set(island.follow_ups(answer, asked=first))


def test_a_refusal_leads_to_what_is_nearest(island):
    answer = island.ask("Who is the mayor of Gull Island's largest suburb in Brazil today?", model="quote")
    assert answer.refused
    assert all(island.ask(question, model="quote").refused is False for question in island.follow_ups(answer))


def test_the_users_own_question_is_offered_where_it_is_near(island):
    answer = island.ask("When does the boat Merry Tully leave Tessaly Quay?", model="quote")
    assert "How long does the crossing to Gull Island take?" in island.follow_ups(answer)


def test_small_talk_and_an_empty_library_lead_nowhere(island, tmp_path):
    assert island.follow_ups(island.ask("thanks!", model="quote")) == ()
    with Library.open(tmp_path / "empty", Settings(library=tmp_path / "empty")) as empty:
        assert empty.follow_ups(empty.ask("When was the tower lit?", model="quote")) == ()


@pytest.fixture
def served(monkeypatch):
    with OllamaServer() as server:
        monkeypatch.setenv("OLLAMA_HOST", server.host)
        yield server


def test_what_a_model_makes_up_is_not_offered(island, served):
    answer = island.ask("When was the tower of Gull Island lit?", model="quote")
    served.answer = lambda messages: (
        "1. Who cast the fog bell of Gull Island?\n2. What is the capital of France?\n- What does it weigh?\nThe tower of Gull Island\n"
        "When was the tower of Gull Island lit?"
    )
    offered = island.follow_ups(answer, model="ollama:llama3")
    assert "Who cast the fog bell of Gull Island?" in offered
    assert not {"What is the capital of France?", "What does it weigh?", "The tower of Gull Island", answer.question} & set(offered)
    prompt = served.chats[-1]["messages"][-1]["content"]
    assert "Mundy" in prompt and "154 steps" not in prompt, "the model is shown what was not told"


def test_a_model_that_fails_or_is_small_leaves_it_to_the_rules(island, served, tmp_path):
    answer = island.ask("When was the tower of Gull Island lit?", model="quote")
    plain = island.follow_ups(answer)
    served.fault = "error"
    assert island.follow_ups(answer, model="ollama:llama3") == plain
    assert island.follow_ups(answer, model="ollama:nosuch") == plain
    small = tiny_gguf(tmp_path / "tiny.gguf", "Who cast the fog bell of Gull Island?")
    assert island.follow_ups(answer, model=f"gguf:{small}") == plain


def test_it_is_given_up_when_nobody_waits(island, served):
    served.answer = lambda messages: "Who cast the fog bell of Gull Island?\n" * 200
    served.delay = 0.05
    answer = island.ask("When was the tower of Gull Island lit?", model="quote")
    asked = []

    def stop() -> bool:
        asked.append(True)
        return len(asked) > 3

    assert island.follow_ups(answer, model="ollama:llama3", stop=stop) == ()
    assert REFUSAL not in answer.answer and len(asked) < 10
