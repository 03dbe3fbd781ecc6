"""rag/answer/condense.py: follow-ups made whole by rule."""

from __future__ import annotations

import pytest

from rag.answer.condense import whole_by_rule
from rag.language.question import understood

HISTORY = [
    {"role": "user", "content": "Who designed the Hollin Point light?"},
    {"role": "assistant", "content": "Marta Quill designed it [1]."},
]


def whole(question: str, history) -> str:
    return whole_by_rule(understood(question), history)


@pytest.mark.parametrize("question", ["And when was it built?", "How high is it?", "Why?", "Show me a picture of that"])
def test_a_question_that_points_back_takes_what_the_turn_before_was_about(question):
    assert whole(question, HISTORY) == f"{question} (designed Hollin Point light Marta Quill)"


@pytest.mark.parametrize("question", ["What colour is the tower of Ness Head?", "How does a fog signal work?", "Who built Ness Head?"])
def test_a_question_that_stands_alone_is_left(question):
    assert whole(question, HISTORY) == question


def test_a_turn_that_says_too_little_is_passed_over():
    later = [*HISTORY, {"role": "user", "content": "And why?"}, {"role": "assistant", "content": "For the ships [1]."}]
    assert whole("Is it open to visitors?", later) == "Is it open to visitors? (designed Hollin Point light Marta Quill)"


@pytest.mark.parametrize("reply", ["Marta Quill [1].", "Marta Quill", "“It was designed by Marta Quill.” [1]"])
def test_an_answer_that_is_a_name_is_what_is_spoken_of(reply):
    told = [HISTORY[0], {"role": "assistant", "content": reply}]
    assert whole("What else did she build?", told) == "What else did she build? (designed Hollin Point light Marta Quill)"


def test_words_that_the_question_has_are_not_said_twice():
    asked = [{"role": "user", "content": "How loud is the fog signal of Ness Head?"}]
    assert whole("And how far does the signal carry?", asked) == "And how far does the signal carry? (loud fog Ness Head)"


def test_a_pronoun_in_the_first_turn_does_not_hide_its_subject():
    asked = [{"role": "user", "content": "Where do the puffins dig their burrows?"}]
    assert whole("How many of them breed there?", asked) == "How many of them breed there? (puffins dig burrows)"


def test_no_history_no_change():
    assert whole("How high is it?", []) == "How high is it?"


def test_what_another_thing_takes_the_place_of_is_left_behind():
    history = [
        {"role": "user", "content": "Who signed the framework agreement for the supplier?"},
        {"role": "assistant", "content": "Hauke Petersen, Managing Director [1]"},
    ]
    assert whole("And who signed for the customer?", history) == "And who signed for the customer? (framework agreement)"
    assert "Petersen" in whole("When did he sign for the supplier?", history), "the same, of whom more is asked"


def test_what_a_turn_leaves_out_is_taken_from_the_question_before():
    asked = [{"role": "user", "content": "When is the mill open in July?"}, {"role": "assistant", "content": "From 10 to 6 at Sandal [1]."}]
    assert whole("And in winter?", asked) == "When is the mill open in winter?"
    later = [*asked, {"role": "user", "content": "And in winter?"}, {"role": "assistant", "content": "It is closed [1]."}]
    assert whole("In May?", later) == "When is the mill open in May?"


def test_a_turn_that_sets_the_question_right_does_not_take_what_was_answered():
    asked = [
        {"role": "user", "content": "How heavy is it?"},
        {"role": "assistant", "content": "The lens of Ness Head weighs 2 tonnes [1]."},
    ]
    assert whole("No, I meant a bell", asked) == "a bell (heavy)"


def test_a_turn_that_names_nothing_keeps_what_was_named_before():
    asked = [*HISTORY, {"role": "user", "content": "When was the lamp made automatic?"}, {"role": "assistant", "content": "In 1991 [1]."}]
    assert whole("What else did she do?", asked) == "What else did she do? (lamp made automatic designed Hollin Point light Marta Quill)"


@pytest.mark.parametrize(
    ("reply", "told"),
    [
        ("Lenses of the Coast › The First Order: “Marta Quill cut them.” [1]", "Marta Quill"),
        ("| Rank | Pay |\n| --- | --- |\n| Keeper | 96 Crowns [1] |", ""),
        ("The Last Keepers:\n- Marta Quill [1]", ""),
        ("“The engine is a Wichmann 6AXA of 2.9 tonnes.” [1]", "Wichmann 6AXA"),
    ],
)
def test_names_are_taken_from_what_is_quoted_not_from_where_it_stands(reply, told):
    asked = [{"role": "user", "content": "Who cut the lenses?"}, {"role": "assistant", "content": reply}]
    assert whole("And when was it?", asked) == f"And when was it? ({f'cut lenses {told}'.strip()})"
