"""rag/answer/facts.py: numbers, dates and names of a sentence against a passage."""

from __future__ import annotations

import pytest

from rag.answer.facts import missing, names, numbers, strayed

PASSAGE = "The Hollin Point light was built in 1,791 by Marta Quill. It has twelve steps, is 31.50 m high, and was lit on 4 March 1792."


@pytest.mark.parametrize(
    "sentence",
    [
        "Hollin Point was built in 1791 [1].",
        "It has 12 steps.",
        "It is 31.5 m high.",
        "Marta Quill’s light was lit on 4 March 1792.",
        "The light was lit on the 4th of March.",
        "It was built.",
    ],
)
def test_what_the_passage_says_is_not_missing(sentence):
    assert missing(sentence, PASSAGE) == []


@pytest.mark.parametrize(
    ("sentence", "lacking"),
    [
        ("It was built in 1792 by John Smith.", ["john", "smith"]),
        ("It was lit on 14 March 1792.", ["14"]),
        ("It is 315 m high.", ["315"]),
        ("Marta Quill built it in May.", ["may"]),
        ("It stands in Berlin [4].", ["berlin"]),
    ],
)
def test_what_the_passage_does_not_say_is_named(sentence, lacking):
    assert missing(sentence, PASSAGE) == lacking


def test_citation_marks_are_no_numbers():
    assert numbers("Lit in 1792 [3] [12].") == {"1792"}


def test_thousands_and_decimals():
    assert numbers("1,200 and 1200 and 1 200 and 0.50, 3.1415") == {"1200", "0.5", "3.1415"}


def test_the_first_word_is_no_name_unless_the_next_is_one_too():
    assert names("Lamps were lit by Quill.") == {"quill"}
    assert names("Marta Quill lit them.") == {"marta", "quill"}


@pytest.mark.parametrize(
    ("sentence", "share"),
    [
        ("The lights are lit by whale oil.", 0.0),
        ("The lamp was lighted with oil from whales.", 1 / 4),
        ("A rare event in the history of art.", 1.0),
        ("It is.", 0.0),
    ],
)
def test_words_that_stray_from_the_passage(sentence, share):
    assert strayed(sentence, "Whale oil lit the light.") == pytest.approx(share)
