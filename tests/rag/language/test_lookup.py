"""rag/language/lookup.py: quantities, names and terms of a sentence against a passage, and where they belong."""

from __future__ import annotations

import pytest

from rag.language.lookup import misplaced, missing, strayed, swapped

PASSAGE = "The Hollin Point light was built in 1,791 by Marta Quill. It has twelve steps, is 31.50 m high, and was lit on 4 March 1792."


@pytest.mark.parametrize(
    "sentence",
    [
        "Hollin Point was built in 1791.",
        "It has 12 steps.",
        "It is 31.5 metres high.",
        "Marta Quill’s light was lit on March 4, 1792.",
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
        ("It was lit on 14 March 1792.", ["14 March 1792"]),
        ("It is 315 m high.", ["315 m"]),
        ("It is 31.5 feet high.", ["31.5 feet"]),
        ("It has thirteen steps.", ["13"]),
        ("Marta Quill built it in May.", ["may"]),
        ("It stands in Berlin.", ["berlin"]),
        ("Blender is what it was drawn with.", ["blender"]),
        ("Set KICAD7_DIR in /etc/kicad.conf.", ["/etc/kicad.conf", "kicad7_dir"]),
    ],
)
def test_what_the_passage_does_not_say_is_named(sentence, lacking):
    assert missing(sentence, PASSAGE) == lacking


def test_terms_are_looked_up_as_they_are_written():
    assert missing("Run etckeeper -a on /etc/resolv.conf.", "etckeeper vcs commit -a /etc/resolv.conf") == []


def test_an_abbreviation_stands_for_what_it_begins():
    assert missing("The master was Captain Ruddock.", "The master, Capt. Ruddock, came last.") == []


@pytest.mark.parametrize(
    ("sentence", "evidence"),
    [
        ("Call +44 7700 900417.", "Telephone: +447700900417"),
        ("Call +447700900417.", "Telephone: +44 7700-900417"),
        ("Call 07700900417.", "Telephone: 07700 900417"),
        ("Call 555-123-4567.", "Telephone: (555) 123-4567"),
        ("It holds 1350 litres.", "It holds １３５０ litres."),
        ("It holds 1,350 litres.", "It holds 1 350 litres."),
        ("The lens is by Fre\u0301mont.", "The lens is by Fr\u00e9mont."),
        ("The tower is 20 °C warm.", "The tower is 20 ℃ warm."),
        ("The office is in Flensburg.", "The of\ufb01ce is in Flens\u00adburg."),
    ],
)
def test_one_thing_in_another_form(sentence, evidence):
    assert missing(sentence, evidence) == []


def test_another_telephone_number_is_missing():
    assert missing("Call +44 7700 900418.", "Telephone: +447700900417") == ["+44 7700 900418"]


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


PRICES = "Adults pay 9 crowns, children from six to fifteen pay 4 crowns, and younger ones go in free."
WALLS = "The walls are 2.6 metres thick at the base and 0.8 metres below the lantern."


@pytest.mark.parametrize(
    ("sentence", "evidence", "wrong"),
    [
        ("Children pay 9 crowns.", PRICES, "9 crowns"),
        ("Children pay 4 crowns.", PRICES, None),
        ("Adults pay 9 crowns.", PRICES, None),
        ("The walls are 0.8 metres thick at the base.", WALLS, "0.8 metres"),
        ("The walls are 0.8 m thick below the lantern.", WALLS, None),
        ("They counted 391 birds in the red beam.", "They counted 74 birds in the red beam against 391 in the white.", "391"),
        ("They counted 391 birds in the white beam.", "They counted 74 birds in the red beam against 391 in the white.", None),
        ("The server starts at 07:00.", "It tells the BIOS to start around 07:00, and the server starts at 06:30.", "07:00"),
    ],
)
def test_a_quantity_of_something_else(sentence, evidence, wrong):
    assert misplaced(sentence, evidence) == wrong


@pytest.mark.parametrize(
    ("sentence", "evidence", "found"),
    [
        ("The diaphone gave way to a siren in 1921.", "The siren gave way to a diaphone in 1921.", True),
        ("In 1921 the siren gave way to a diaphone.", "The siren gave way to a diaphone in 1921.", False),
        ("Marta Quill built the light.", "The light was built by Marta Quill.", False),
    ],
)
def test_what_has_changed_places(sentence, evidence, found):
    assert bool(swapped(sentence, evidence)) is found
