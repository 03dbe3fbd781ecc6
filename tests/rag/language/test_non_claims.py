"""rag/language/non_claims.py: what states nothing, and what says that there is nothing to be told."""

from __future__ import annotations

import pytest

from rag.language.claims import Piece
from rag.language.non_claims import bare, is_scrap, opens, tells_of_none


@pytest.mark.parametrize(
    "text", ["Here is what they say:", "Sure, I can help.", "Would you like more?", "I hope this helps!", "You're welcome.", "***"]
)
def test_what_states_nothing(text):
    assert opens(Piece(text), bare(text))


@pytest.mark.parametrize("text", ["The lamp is red.", "It has 12 steps:", "Surely the lamp is red."])
def test_what_states_something(text):
    assert not opens(Piece(text), bare(text))


@pytest.mark.parametrize(
    "text",
    [
        "The passages do not say when it was built.",
        "However, none of the provided documents mention it.",
        "Unfortunately, according to the given context, there is no information on it.",
        "It is not stated.",
        "I could not find it.",
    ],
)
def test_what_says_that_the_passages_do_not_tell(text):
    assert tells_of_none(text)


@pytest.mark.parametrize("text", ["The documents were lost.", "There is no window in the oil store.", "He does not say much."])
def test_a_denial_is_a_statement(text):
    assert not tells_of_none(text)


def test_a_scrap_has_few_words_and_no_number():
    assert is_scrap("The red lamp.") and not is_scrap("Twelve lamps.") and not is_scrap("The keeper painted the lamp red.")


def test_marks_of_lists_and_emphasis_are_taken_off():
    assert bare("- **Dogs** are <b>welcome</b> in `yard`") == "Dogs are  welcome  in yard"
