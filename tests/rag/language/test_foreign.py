"""rag/language/foreign.py: which words tell in a question whose grammar nobody here knows, and which of them a text has."""

from __future__ import annotations

from rag.language.foreign import held_among, telling_words


def test_long_words_and_numbers_tell_and_short_ones_do_not():
    assert telling_words("Wer baute 1873 das Schöpfwerk am Kanal?") == {"baute", "1873", "schöpfwerk", "kanal"}


def test_of_chinese_each_sign_tells_that_does_not_only_ask():
    assert telling_words("谁修了水车？") == {"修", "水", "车"}


def test_a_question_may_have_no_word_that_tells():
    assert telling_words("Wer ist er?") == frozenset()


def test_numbers_tell_whatever_their_length():
    assert {"7", "12", "3.5"} <= telling_words("Kostet Ware 7 oder 12 oder 3.5?")


def test_case_and_wide_letters_are_folded():
    assert telling_words("ＳＣＨÖＰＦＷＥＲＫ") == telling_words("schöpfwerk") == {"schöpfwerk"}


def test_a_text_has_a_word_in_another_form():
    asked = telling_words("Welche Mühlen wurden gebaut?")
    assert "mühlen" in held_among(asked, "Die Mühle steht am Bach.")


def test_a_text_has_what_it_has_and_no_more():
    asked = telling_words("Wer baute 1873 das Schöpfwerk?")
    assert held_among(asked, "Das Schöpfwerk ist alt.") == {"schöpfwerk"}
    assert held_among(asked, "Erbaut im Jahre 1873.") >= {"1873"}
    assert held_among(asked, "Die Kirche steht im Dorf.") == frozenset()


def test_a_number_is_held_by_itself_alone():
    asked = telling_words("Was geschah 1873?")
    assert "1873" not in held_among(asked, "Im Jahre 1874 und 18730 Mark.")


def test_signs_are_held_one_by_one():
    asked = telling_words("谁修了水车？")
    assert held_among(asked, "水车由李明修好。") == {"修", "水", "车"}
    assert held_among(asked, "水很深。") == {"水"}
    assert held_among(asked, "The mill.") == frozenset()
