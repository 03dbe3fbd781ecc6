"""rag/language/superlatives.py: by what a question compares the rows of a table, which way, and what it counts."""

from __future__ import annotations

import pytest

from rag.language.superlatives import columns_meant, comparatives, compared, counted_thing, sums_meant, superseded, unheld


@pytest.mark.parametrize(
    "asked, least, column, by_age",
    [
        ("Which tool is the most expensive?", False, "price", None),
        ("Which tool is the cheapest?", True, "cost", None),
        ("What is the least expensive tool?", True, "price", None),
        ("Which weir is the tallest?", False, "height", None),
        ("Which weir is the lowest?", True, "height", None),
        ("What is the longest canal?", False, "length", None),
        ("Which canal is the shortest?", True, "length", None),
        ("Which stone is the heaviest?", False, "weight", None),
        ("Which stone is the lightest?", True, "weight", None),
        ("Which pool is the deepest?", False, "depth", None),
        ("Which mill is the oldest?", False, "built", True),
        ("Which mill is the newest?", False, "built", False),
        ("Which boat is the slowest?", True, "speed", None),
        ("Which mill is the most powerful?", False, "power", None),
    ],
)
def test_what_is_compared_and_which_way(asked, least, column, by_age):
    found = compared(asked)
    assert found is not None
    assert (found.least, found.by_age) == (least, by_age)
    assert column in found.columns


def test_most_of_a_column_that_is_named():
    found = compared("Which canal has the most locks?")
    assert found is not None and not found.least
    found = compared("Which canal has the fewest locks?")
    assert found is not None and found.least


@pytest.mark.parametrize(
    "asked",
    [
        "How wide is the gate?",
        "Who lives in the west of the town?",
        "When is the harvest?",
        "Who manages the forest?",
        "What is the interest on the loan?",
        "Who was the guest of the abbot?",
        "Is he honest?",
        "Where is the crest of the weir?",
    ],
)
def test_words_that_only_end_so_compare_nothing(asked):
    assert compared(asked) is None


@pytest.mark.parametrize(
    "asked, column",
    {
        "How tall is the mill?": "height",
        "How deep is the pool?": "depth",
        "How old is the mill?": "built",
        "How fast is it?": "speed",
    }.items(),
)
def test_the_column_that_an_adjective_means(asked, column):
    assert column in columns_meant(asked)


def test_no_adjective_means_no_column():
    assert columns_meant("How many mills are there?") == columns_meant("Who owns the mill?") == []


@pytest.mark.parametrize(
    "asked, thing",
    {
        "How many tools are in the list?": "tools",
        "How many tools does the list have?": "tools",
        "What is the number of mills in the table?": "mills",
        "What is the total number of stone mills in the table?": "stone mills",
        "How wide is the gate?": "",
        "Who counts the tools?": "",
        "Is it known how many mills there are?": "",
    }.items(),
)
def test_what_is_counted(asked, thing):
    assert counted_thing(asked) == thing


@pytest.mark.parametrize(
    "word, own, gone",
    [
        ("1907", "And in 1911", True),
        ("1907", "And in 22", False),
        ("first", "And the twelfth", True),
        ("oldest", "And the newest", True),
        ("oldest", "And in the forest", False),
        ("forest", "And the newest", False),
        ("last", "And the tallest", False),
        ("most", "And the least", True),
        ("keeper", "And the second", False),
    ],
)
def test_what_takes_the_place_of_another(word, own, gone):
    assert superseded(word, own.split()) == gone


@pytest.mark.parametrize(
    "statement, told, claimed",
    [
        ("Birch burns with the least smoke.", "Birch makes a little more smoke than ash.", "the least smoke"),
        ("Ness Head is the oldest light.", "Ness Head was lit in 1834.", "the oldest"),
        ("Elm is the best wood for keels.", "Elm is good for keels.", "the best"),
        ("Ness Head is the oldest light.", "No lamp is older than that of Ness Head; it was the earliest.", None),
        ("The Ferry is the fastest boat.", "The Ferry is faster than any other boat.", None),
        ("The deepest pool is Kell.", "Kell goes down to 31 m, deeper than the others.", None),
        ("The path leads through the forest.", "A path leads through the trees.", None),
        ("Most of the boats were sold.", "Nearly all boats were sold.", None),
    ],
)
def test_what_is_called_the_most_is_compared_with_all(statement, told, claimed):
    assert unheld(statement, told) == claimed


def test_a_sum_is_asked_for_by_what_it_is_paid_for():
    assert {"price", "value"} <= set(sums_meant("How much is a sack of meal?")) & set(sums_meant("How much is the mare worth?"))
    assert sums_meant("How much water is in the pond?") == sums_meant("How much does the mare weigh?") == []


def test_words_that_compare_two():
    assert comparatives("Which is heavier, the mare or the water wheel?") == {"heavier"}
    assert comparatives("Is the later mill more expensive than the former?") == {"more", "later"}
