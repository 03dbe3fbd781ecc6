"""rag/language/words.py: what a question's words ask for."""

from __future__ import annotations

import pytest

from rag.language.words import (
    asks_for_fact,
    asks_for_picture,
    content_words,
    form_words,
    gives_reason,
    goes_on,
    is_question,
    own_words,
    wanted_in_picture,
    with_digits,
    without_article,
)


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


def test_words_with_digits():
    assert with_digits("GOsa² shows lamp 777 of A4, R_US, on 3.5") == {"777", "a4", "3.5"}
    assert with_digits("FY2022, fy23 and CY24, Q3") == {"2022", "2023", "2024", "q3"}


@pytest.mark.parametrize(
    ("text", "own"),
    [
        ("Where is that folder? (use old hotkeys)", "Where is that folder?"),
        ("What is f(x)?", "What is f(x)?"),
        ("The mast (green) is high", "The mast (green) is high"),
        ("(all of it)", "(all of it)"),
    ],
)
def test_own_words(text, own):
    assert own_words(text) == own


@pytest.mark.parametrize(
    ("text", "picture"),
    [
        ("How many drawings can the viewer show together?", False),
        ("How do I copy the installer image onto a stick?", False),
        ("size of a bitmap on the drawing sheet", False),
        ("Which picture shows the wind at the station?", True),
        ("I want to see the black tower", True),
        ("Chart of range against candelas", True),
        ("old travel poster for Osmere", True),
        ("How many came each year? Show the chart.", True),
        ("Show me how to trim the lamp", False),
    ],
)
def test_to_name_a_drawing_is_not_to_ask_for_one(text, picture):
    assert asks_for_picture(text) is picture


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Show me a lighthouse", "a lighthouse"),
        ("Could you please show us the tower at night?", "the tower at night?"),
        ("Is there a photo of a boat?", "a boat?"),
        ("Show me a picture of the Eiffel Tower", "the Eiffel Tower"),
        ("What does the warning sign look like?", "the warning sign"),
        ("Which diagram shows the lens?", "diagram shows the lens?"),
        ("photo of a sailing ship", "a sailing ship"),
        ("lighthouse", "lighthouse"),
        ("Show me", "Show me"),
        ("a picture", "a picture"),
    ],
)
def test_what_a_picture_should_show(text, wanted):
    assert wanted_in_picture(text) == wanted


@pytest.mark.parametrize("text", ["It weighs 640 kg.", "Their keeper left.", "that was in 1907"])
def test_a_statement_that_goes_on_from_the_one_before(text):
    assert goes_on(text)


@pytest.mark.parametrize("text", ["Italy is near.", "The bell weighs 640 kg.", "Thatch burns."])
def test_a_statement_that_begins_anew(text):
    assert not goes_on(text)


def test_a_name_without_its_article():
    assert [without_article(text) for text in ("the crane", "An anvil", "my own", "theatre")] == ["crane", "anvil", "own", "theatre"]


@pytest.mark.parametrize("text", ["Isn't it red", "shall we", "won't it sink"])
def test_an_auxiliary_begins_a_question(text):
    assert is_question(text)


@pytest.mark.parametrize(
    ("question", "form"),
    {
        "How large is the kitchen?": {"large"},
        "How much does the washing machine weigh?": {"much"},
        "What is the name of the dentist?": {"name"},
        "What percentage of electricity comes from wind?": {"percentage", "comes"},
        "How do I bleed the radiator?": set(),
        "Which name has the boat?": set(),
    }.items(),
)
def test_what_only_gives_a_question_its_form(question, form):
    assert form_words(question) == form


def test_a_sentence_that_gives_a_reason_says_so():
    assert gives_reason("The weir was raised because of the drought.") and gives_reason("The mill closed, since nobody paid.")
    assert not gives_reason("The mill has been closed since 1911.") and not gives_reason("since the middle of May the mill is shut")
