"""rag/language/stems.py: forms of one word."""

from __future__ import annotations

import pytest

from rag.language.stems import akin, content, held, shared


@pytest.mark.parametrize(("word", "other"), [("light", "lights"), ("weigh", "weighed"), ("keeper", "keepers")])
def test_forms_of_a_word_are_akin(word, other):
    assert akin(word, other) and akin(other, word)


@pytest.mark.parametrize(("word", "other"), [("light", "siren"), ("bell", "bill"), ("tower", "town"), ("red", "white")])
def test_other_words_are_not(word, other):
    assert not akin(word, other)


def test_shared_words_are_those_that_have_a_form_among_the_others():
    assert shared({"lights", "sirens", "oil"}, ["light", "oil"]) == {"lights", "oil"}


def test_content_leaves_out_what_holds_a_sentence_together():
    assert content("The keeper’s lamp was not lit by 12 men.") == {"keeper", "lamp", "lit", "men"}
    assert held("The keeper's lamp") == {"the", "keeper", "lamp"}
