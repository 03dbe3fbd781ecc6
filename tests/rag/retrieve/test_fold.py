"""Passages that say the same, and passages that were cut apart."""

import pytest

from rag.retrieve.fold import Wording, joined, says_the_same

BASE = "The light at Ness Head was built in 1791 by John Smith. Its lamp burns oil, and the keeper trims it every evening at dusk."


@pytest.mark.parametrize(
    ("other", "same"),
    [
        (BASE, True),
        (BASE.replace(", and", ";\n and"), True),
        (BASE.replace("every evening", "each evening"), True),
        (BASE.replace("1791", "1792"), False),
        (BASE.replace("Ness Head", "Bell Rock"), False),
        (BASE + " In winter it is lit an hour before, since the days are short and the weather is bad.", False),
        (BASE.replace("oil", "gas").replace("keeper", "automaton").replace("evening", "hour").replace("trims", "tends"), False),
        ("", False),
    ],
)
def test_the_same_words_with_the_same_facts_say_the_same(other, same):
    assert says_the_same(Wording(BASE), Wording(other)) is same
    assert says_the_same(Wording(other), Wording(BASE)) is same


def test_nothing_says_the_same_as_nothing():
    assert not says_the_same(Wording(""), Wording(""))


def test_pieces_are_joined_with_a_repeated_head_once():
    head = "| name | height |\n|---|---|\n"
    assert joined(head + "| Ness | 12 |", head + "| Bell | 30 |") == head + "| Ness | 12 |\n| Bell | 30 |"
    assert joined("It was lit.", "It went out.") == "It was lit.\nIt went out."
    assert joined("Fog.", "Fog.") == "Fog.\nFog."
