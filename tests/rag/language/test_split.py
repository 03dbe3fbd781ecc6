"""rag/language/split.py: prose by punctuation, lists and tables by line, citations with their sentence."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.language.split import paragraphs, sentences


def test_abbreviations_and_decimals_do_not_end_a_sentence():
    assert sentences("Dr. Quill lit it. It is 31.5 m high.") == ["Dr. Quill lit it.", "It is 31.5 m high."]


def test_a_point_inside_a_name_does_not_end_a_sentence():
    told = "Draw the outline on the Edge.Cuts layer. Then run /etc/init.d/foo.sh by hand."
    assert sentences(told) == ["Draw the outline on the Edge.Cuts layer.", "Then run /etc/init.d/foo.sh by hand."]


def test_lines_of_a_paragraph_are_joined():
    assert sentences("The light was\nbuilt in 1791. It\nstands still.") == ["The light was built in 1791.", "It stands still."]


def test_list_items_and_table_rows_stand_alone():
    text = "Parts:\n- the lamp\n- the lens\n\n| a | b |\n|---|---|\n| 1 | 2 |"
    assert sentences(text) == ["Parts:", "- the lamp", "- the lens", "| a | b |", "| 1 | 2 |"]


def test_a_citation_after_the_full_stop_stays_with_its_sentence():
    assert sentences("It was lit in 1792. [1] It still burns. [2][3]") == ["It was lit in 1792. [1]", "It still burns. [2][3]"]


def test_a_number_that_begins_a_paragraph_is_not_drawn_to_the_one_before():
    assert sentences("Foo text.\n---\n[1] Smith.") == ["Foo text.", "[1] Smith."]


@given(st.text(max_size=200))
def test_sentences_are_pieces_of_the_text(text):
    folded = " ".join(text.split())
    assert all(" ".join(each.split()) in folded for each in sentences(text))


def test_facts_below_each_other_are_sentences_of_their_own():
    text = "Hotline: 0800 555 0199\nPort: 8080\nConfig file: /etc/dryer.conf\n\nNote: hold the button\nfor ten seconds."
    assert sentences(text) == [
        "Hotline: 0800 555 0199",
        "Port: 8080",
        "Config file: /etc/dryer.conf",
        "Note: hold the button for ten seconds.",
    ]


def test_entries_that_begin_with_a_day_or_a_time_are_statements_of_their_own():
    chat = "[02.01.24, 18:04] Bente: Happy new year! Has anyone seen Pixel?\nGrey, one white paw\n[02.01.24, 18:09] Onur: In our shed"
    assert sentences(chat) == [
        "[02.01.24, 18:04] Bente: Happy new year! Has anyone seen Pixel? Grey, one white paw",
        "[02.01.24, 18:09] Onur: In our shed",
    ]
    assert sentences("Calendar\nTue 6 Feb  15:00  Dr. Wulf\nSat 10 Feb  Renate's birthday") == [
        "Calendar",
        "Tue 6 Feb 15:00 Dr. Wulf",
        "Sat 10 Feb Renate's birthday",
    ]
    assert len(sentences("2024-03-01T10:00:07Z ERROR disk full\n2024-03-01T10:01:00Z INFO mended")) == 2


def test_short_lines_with_figures_are_a_list_and_narrow_prose_is_none():
    assert [each.text for each in paragraphs("300 g red lentils\n2 carrots\n1 tsp cumin\njuice of half a lemon")] == [
        "300 g red lentils",
        "2 carrots",
        "1 tsp cumin",
        "juice of half a lemon",
    ]
    prose = "It was built in 1802 by the Danes and\nstood for 40 years until the storm of\n1842, which took the lamp and 3 men."
    assert len(paragraphs(prose)) == 1
    assert len(paragraphs("Brightloom Ltd\n14 Canal Street\nLeeds LS1 4AB\nPhone 0113 496 0001")) == 1


def test_indented_facts_are_items_under_what_stands_over_them():
    found = paragraphs("colours: slate, moss\nbattery:\n  hours: 18\n  type: Li-Po\nweight: 412 g")
    assert [(each.text, each.kind) for each in found] == [
        ("colours: slate, moss", "prose"),
        ("battery:", "entry"),
        ("hours: 18", "item"),
        ("type: Li-Po", "item"),
        ("weight: 412 g", "prose"),
    ]
    assert len(paragraphs("if ready:\n    go(1)\nelse:\n    wait(2)")) == 1


def test_goods_are_statements_up_to_their_prices():
    told = "Storm lamp\nbrass, red glass\nLMP-5521 1 @ £39.99\n£39.99\nSisal rope 20 m\nRPE-88 2 @ £8.20\nDiscount £-1.40\n£15.00"
    assert [each.text for each in paragraphs(told)] == [
        "Storm lamp brass, red glass LMP-5521 1 @ £39.99 £39.99",
        "Sisal rope 20 m RPE-88 2 @ £8.20 Discount £-1.40 £15.00",
    ]
    one = "The lamp was sold for\n£39.99\nand nobody asked why it had cost so much less than the year before."
    assert [each.text for each in paragraphs(one)] == [one.replace("\n", " ")]


@pytest.mark.parametrize(
    "text",
    [
        "Ask for the key at the mill, tel. 0164 22871.",
        "The bale weighs approx. 45 kg, incl. 2 kg of wrapping.",
        "The dye is in vol. 3, para. 12.",
        "Wash at 30 °C, with max. 5 bales.",
    ],
)
def test_what_is_shortened_before_a_number_ends_no_sentence(text):
    assert sentences(f"{text} The mill closes at noon.") == [text, "The mill closes at noon."]


def test_a_word_at_the_end_before_a_number_ends_one():
    assert sentences("They bought a fax. 12 bales were sold.") == ["They bought a fax.", "12 bales were sold."]


def test_what_is_numbered_within_a_paragraph_begins_with_its_number():
    assert sentences("To set the loom: 1. Wind the warp (two of you). 2. Thread the heddles. 3. Rest.") == [
        "To set the loom:",
        "1. Wind the warp (two of you).",
        "2. Thread the heddles.",
        "3. Rest.",
    ]
