"""rag/retrieve/words.py: what a question's words ask for."""

from __future__ import annotations

import pytest

from rag.retrieve.words import asks_for_fact, asks_for_picture, content_words, is_question


@pytest.mark.parametrize(
    ("text", "picture", "question", "fact"),
    [
        ("When was the light built?", False, True, True),
        ("Show me the red lightship", True, False, False),
        ("What does the fog horn look like, and when was it installed?", True, True, True),
        ("diagram of the clockwork", True, False, False),
        ("bell buoy", False, False, False),
        ("is there a map of the coast", True, True, False),
        ("The ship sank", False, False, False),
        ("How many puffins breed there", False, True, True),
    ],
)
def test_what_is_asked_for(text, picture, question, fact):
    assert (asks_for_picture(text), is_question(text), asks_for_fact(text)) == (picture, question, fact)


def test_content_words():
    assert content_words("When was the keeper's lamp (of 1893) lit?") == ["keeper's", "lamp", "1893", "lit"]
    assert content_words("Who is it?") == ["Who", "is", "it"], "all of them where nothing else is left"
