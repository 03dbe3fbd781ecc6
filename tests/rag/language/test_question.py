"""rag/language/question.py: a question understood once, with all that later steps go by."""

from __future__ import annotations

import pytest

from rag.language.question import Part, understood


def test_what_was_typed_is_kept_and_the_frame_is_not():
    asked = understood("  Based on the uploaded PDF, who winds the clock? Answer in German.\n")
    assert asked.asked == "Based on the uploaded PDF, who winds the clock? Answer in German."
    assert asked.core == asked.whole == "Who winds the clock?"
    assert asked.mention == "the uploaded PDF"
    assert [part.text for part in asked.parts] == ["Who winds the clock?"]


def test_two_questions_are_two_parts_each_with_what_it_asks_for():
    first, second = understood("When was the weir built, and who paid for the sluice?").parts
    assert (first.text, first.seeks) == ("When was the weir built?", "time")
    assert (second.text, second.seeks) == ("who paid for the sluice?", "person")


def test_wide_letters_and_ligatures_are_folded():
    assert understood("Who has the oﬃce of the ﬂeet in ２０２４?").core == "Who has the office of the fleet in 2024?"


def test_half_of_a_letter_does_no_harm():
    assert understood("Who winds the clock\ud83d?").core.startswith("Who winds the clock")


@pytest.mark.parametrize(
    "text, seeks",
    {
        "What is the price of hemp?": "money",
        "When was the weir rebuilt?": "time",
        "How wide is the gate?": "number",
        "Who winds the clock?": "person",
        "Why was the weir rebuilt?": None,
    }.items(),
)
def test_the_kind_that_is_sought(text, seeks):
    assert Part.of(text).seeks == seeks


@pytest.mark.parametrize(
    "text, every",
    {
        "List all items on shelf A1.": True,
        "Who are the members of the guild?": True,
        "What are the ingredients of the putty?": True,
        "Which tools do I need?": True,
        "Name the bridges of the town.": True,
        "Which boat is at which berth?": True,
        "Who winds the clock?": False,
        "When was the weir rebuilt?": False,
        "How wide is the gate?": False,
        "Which boat was sold in 1911?": False,
        "What was the name of the mare?": False,
    }.items(),
)
def test_whether_all_members_are_wanted(text, every):
    assert Part.of(text).every is every


@pytest.mark.parametrize(
    "text, steps",
    {
        "How do I start the pump?": True,
        "How should the putty be mixed?": True,
        "What is the procedure for a flood?": True,
        "How many pumps are there?": False,
        "How wide is the gate?": False,
        "Who starts the pump?": False,
    }.items(),
)
def test_whether_a_way_to_do_something_is_wanted(text, steps):
    assert Part.of(text).steps is steps


def test_a_picture_that_is_asked_for_and_what_it_should_show():
    shown = Part.of("Show me a picture of the east gate.")
    assert shown.picture.strip(" .") == "the east gate" and not shown.fact
    assert understood("Show me a picture of the east gate.").picture
    assert not Part.of("How wide is the east gate?").picture and not understood("How wide is the east gate?").picture


def test_bare_words_are_no_question():
    assert not Part.of("east gate hinges").question
    assert Part.of("Who hung the east gate?").question


def test_wholes_and_mentions_are_noticed_behind_their_frame():
    assert understood("Hello, can you summarize this document? Thank you.").overview
    assert understood("Could you tell me which documents mention the weir?").mentioned == "the weir"
    plain = understood("Who winds the clock?")
    assert (plain.overview, plain.mentioned, plain.mention, plain.points_back) == (False, "", "", False)


@pytest.mark.parametrize(
    "text, back",
    {
        "What did she mend?": True,
        "Who was the miller then?": True,
        "And in 2019?": True,
        "When was it built?": True,
        "Who was the miller of Sandal Weir?": False,
    }.items(),
)
def test_whether_it_leans_on_what_was_said(text, back):
    assert understood(text).points_back is back


def test_made_whole_parses_anew_and_keeps_what_was_asked():
    asked = understood("And when was it built?")
    whole = asked.made_whole("And when was it built? (Sandal Weir)")
    assert (whole.asked, whole.core) == (asked.asked, asked.core)
    assert whole.whole == "And when was it built? (Sandal Weir)"
    assert [part.text for part in whole.parts] == ["And when was it built? (Sandal Weir)"]
    assert whole.own == "And when was it built?" and whole.points_back
    assert asked.made_whole(asked.whole) is asked
