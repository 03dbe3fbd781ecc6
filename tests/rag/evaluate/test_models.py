"""Answers of every kind of model measured on the same questions: quotes, the packaged model, and models that a server of Ollama's protocol
plays."""

from __future__ import annotations

import pytest

from rag.evaluate.questions import Asked
from rag.evaluate.run import evaluate
from rag.evaluate.summary import summary
from tests.models import READER, needs_reader
from tests.ollama_server import OllamaServer, extract

QUESTIONS = [
    Asked("built", "When was the light at Hollin Point built?", keywords=("1791",)),
    Asked("launched", "When was the lifeboat Perpetua launched?", keywords=("1907",)),
    Asked("horn", "How often does the fog horn of Ness Head sound?", keywords=("30 seconds",)),
    Asked("coffee", "What is the price of coffee in Lisbon?", answerable=False),
]


def measured(library, model: str) -> dict[str, float]:
    return summary(evaluate(library, QUESTIONS, model=model))["answer"]


@pytest.fixture
def told_by(library, monkeypatch):
    def measure(answer) -> dict[str, float]:
        with OllamaServer(answer=answer) as server:
            monkeypatch.setenv("OLLAMA_HOST", server.host)
            return measured(library, "ollama:llama3")

    return measure


def test_quotes(library):
    found = measured(library, "quote")
    assert found["keyword_recall"] == found["supported"] == found["citation_precision"] == 1.0 and found["fallback_rate"] == 0.0
    assert found["refusal_precision"] == found["refusal_recall"] == found["refusal_auc"] == 1.0


@needs_reader
def test_the_packaged_model_reaches_the_reader_only_where_it_is_borne(library):
    found = measured(library, READER)
    assert found["supported"] == found["citation_precision"] == 1.0
    assert found["keyword_recall"] >= 0.66 and found["refusal_recall"] == 1.0


def test_a_model_that_keeps_to_the_passages(told_by):
    found = told_by(extract)
    assert found["supported"] == found["citation_precision"] == 1.0 and found["fallback_rate"] == 0.0
    assert found["keyword_recall"] == pytest.approx(2 / 3, abs=1e-3), "of the passages, it takes one wrong sentence"


def test_a_model_that_makes_things_up_is_replaced_by_quotes(told_by):
    found = told_by(lambda messages: "It was paid for by Napoleon in 1850 [1]. He never came back [2].")
    assert found["fallback_rate"] == 1.0 and found["supported"] == found["keyword_recall"] == 1.0


def test_a_model_that_cites_at_random_has_its_citations_moved(told_by):
    found = told_by(lambda messages: extract(messages).replace("[1]", "[4]"))
    assert found["fallback_rate"] == 0.0 and found["supported"] == found["citation_precision"] == 1.0


def test_a_model_that_refuses_what_it_is_told_refuses_too_much(told_by):
    found = told_by(lambda messages: "I do not know: the library does not hold the answer.")
    assert found["refusal_recall"] == 1.0 and found["refusal_precision"] == 0.25 and found["keyword_recall"] == 0.0
