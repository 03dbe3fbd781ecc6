"""rag/answer/condense.py: follow-ups made whole by rule."""

from __future__ import annotations

import pytest

from rag.answer.condense import whole_by_rule

HISTORY = [
    {"role": "user", "content": "Who designed the Hollin Point light?"},
    {"role": "assistant", "content": "Marta Quill designed it [1]."},
]


@pytest.mark.parametrize("question", ["And when was it built?", "How high is it?", "Why?"])
def test_a_pronoun_or_too_few_words_take_the_subject_of_the_turn_before(question):
    assert whole_by_rule(question, HISTORY) == f"{question} (Hollin Point)"


def test_a_question_that_stands_alone_is_left():
    assert whole_by_rule("What colour are the bands of Ness Head tower?", HISTORY) == "What colour are the bands of Ness Head tower?"


def test_the_subject_is_looked_for_further_back():
    later = [*HISTORY, {"role": "user", "content": "And when was it built?"}, {"role": "assistant", "content": "In 1791 [1]."}]
    assert whole_by_rule("Is it open to visitors?", later) == "Is it open to visitors? (Hollin Point)"


def test_without_names_the_content_words_are_taken():
    asked = [{"role": "user", "content": "How does a fog signal work?"}]
    assert whole_by_rule("How loud is it?", asked) == "How loud is it? (fog signal work)"


def test_no_history_no_change():
    assert whole_by_rule("How high is it?", []) == "How high is it?"
