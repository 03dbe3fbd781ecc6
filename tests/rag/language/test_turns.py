"""rag/language/turns.py: what leans on the turns before it, what stands by itself, and what takes another's place."""

from __future__ import annotations

import pytest

from rag.language.turns import points_back, put_in, set_right, with_kind


@pytest.mark.parametrize(
    "turn",
    [
        "What did she mend?", "Who was the miller then?", "Why?", "How high?", "And in winter?", "In 1908?", "For families?", "Rotate?",
        "What about the mill?", "And the other one?", "Which one is older?", "the one with the spiral", "Does another one stand?",
        "What happened there?", "Is that allowed?", "Show me a picture", "Show me more", "What is the price?", "Tell me more", "more",
        "And who ground the corn?", "No, I meant the north one", "Not the wheel, the weir", "Who was the miller when it burnt?",
        "How many of them nest?",
    ],
)  # fmt: skip
def test_a_turn_that_leans_on_what_was_said(turn):
    assert points_back(turn)


@pytest.mark.parametrize(
    "turn",
    [
        "show me a seal", "puffins", "Sandal Weir", "What is a loom?", "What is Munin?", "Who was Marta Quill?", "Is there a ghost?",
        "When there is fog, how are ships warned?", "What can I do if there is no router?", "So why was the mill at Sandal painted green?",
        "In which year was the weir built?", "Which of the mills is older?", "Which one of the mills is older?", "What does rsync do?",
        "How is a stone dressed before it is laid?", "Where do pins have to be so that wires can reach them?", "picture of a heron",
        "Who was Marta Quill and what did she build?",
    ],
)  # fmt: skip
def test_a_turn_that_stands_by_itself(turn):
    assert not points_back(turn)


@pytest.mark.parametrize(
    ("before", "turn", "whole"),
    [
        ("When is the mill open in July?", "And in winter?", "When is the mill open in winter?"),
        ("What did the mill grind in 1814?", "In 1908?", "What did the mill grind in 1908?"),
        ("What does a ticket cost?", "For families?", "What does a ticket cost for families?"),
        ("How tall is the tower of Sandal?", "And Ness Head?", "How tall is the tower of Ness Head?"),
        ("How many languages does Xfce support?", "What about LXDE?", "How many languages does LXDE support?"),
        ("What does the print-hosts group do?", "And netblock-hosts?", "What does the netblock-hosts group do?"),
        ("How much space does a server need?", "And a workstation?", "How much space does a workstation need?"),
        ("Which extension has a schematic?", "a board?", "Which extension has a board?"),
        ("When was the mill painted?", "The weir?", "When was the weir painted?"),
        ("How many crew had the ship?", "No, I meant the relief boat", "How many crew had the relief boat?"),
        ("How heavy is the lens?", "Not the lens, the weight", "How heavy is the weight?"),
    ],
)
def test_what_a_turn_puts_in_the_place_of_what_was_asked(before, turn, whole):
    assert put_in(turn, before) == whole


@pytest.mark.parametrize(
    ("before", "turn"),
    [
        ("How tall is the mill?", "When was it built?"),
        ("How tall is the mill?", "And the other one?"),
        ("How far is it from Sandal to Ness Head?", "And Orrin?"),
        ("the mill of Sandal", "And Ness Head?"),
        ("How tall is Sandal?", "And why?"),
    ],
)
def test_what_asks_by_itself_or_fits_in_no_place_is_put_in_none(before, turn):
    assert put_in(turn, before) is None


@pytest.mark.parametrize(
    ("turn", "said"),
    [
        ("No, I meant the north one", "the north one"),
        ("sorry, not the wheel, but the weir", "the weir"),
        ("No, the board, not the schematic", "the board"),
        ("I mean in winter", "in winter"),
        ("No dogs allowed where?", None),
        ("Not all mills grind corn", None),
        ("What is meant by a loom?", None),
    ],
)
def test_what_sets_the_turn_before_right(turn, said):
    assert set_right(turn) == said


@pytest.mark.parametrize(
    ("before", "turn", "whole"),
    [
        ("Which profile should a notebook get?", "And which one for a desktop?", "And which profile for a desktop?"),
        ("Which fog signal was first on Thornsay?", "Which one came after that?", "Which fog signal came after that?"),
        ("Which layers should be plotted?", "And which for stencils?", "And which layers for stencils?"),
        ("What does a keeper earn?", "And which one earns more?", "And which one earns more?"),
        ("Which profile should a notebook get?", "Which of them is older?", "Which of them is older?"),
    ],
)
def test_which_one_is_of_the_kind_that_was_asked_for(before, turn, whole):
    assert with_kind(turn, before) == whole
