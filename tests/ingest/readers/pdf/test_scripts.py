"""Raised and lowered figures in PDFs mean what they mean, and what nobody sees or what is struck out is left out."""

import pytest

from ingest.readers.pdf.scripts import lowered, raised, written
from tests.ingest.pages import Page, column, write_pdf


@pytest.mark.parametrize(
    ("before", "mark", "expected"),
    [
        ("10", "6", "⁶"), ("10", "−3", "⁻³"), ("m", "2", "²"), ("x", "12", "¹²"), ("a lamp of 9 cm", "3", "³"), ("(a + b)", "2", "²"),
        ("240", "4", "[4]"), ("1,912", "2", "[2]"), ("the keeper", "3", "[3]"), ("of oil.", "1", "[1]"), 
        ("the keeper (of the north)", "2", "[2]"),
        ("", "7", "[7]"), 
        ("sea", "1,2", "[1,2]"), ("1", "st", "st"), ("Lamp", "TM", "TM"), ("Oil", "(3)", "(3)"), ("R", "n×d", "^(n×d)"), ("o", "ff", "ff"),
    ],
)  # fmt: skip
def test_a_raised_number_is_a_power_or_points_to_a_footnote(before, mark, expected):
    assert raised(mark, before) == expected


def test_figures_in_a_word_are_told_by_where_they_stand():
    level, up, down = (0, 0, 5, 10), (5, -3, 8, 4), (5, 5, 8, 12)
    assert written("H2O", [level, down, (8, 0, 13, 10)], "") == "H₂O"
    assert written("10" + "6", [level, level, up], "") == "10⁶"
    assert written("34", [(5, -3, 8, 4), (5, 5, 8, 12)], "1", (0, 0, 5, 10)) == " 3/4", "beside a number"
    assert written("a34", [level, up, (5, 5, 8, 12)], "") == "a3/4", "one over the other is a fraction"
    assert written("13/4", [level, up, (8, 0, 10, 10), (10, 4, 13, 11)], "") == "1 3/4"
    assert lowered("n") == "n"


def test_the_mark_of_a_footnote_is_no_digit_of_the_number_before_it(tmp_path, blocks):
    words = [
        (72, 100, 12, "The boat cost 380"), (173, 96, 7, "5"), (178, 100, 12, "marks, and rowed 10"),
        (291, 96, 7, "3"), (298, 100, 12, "miles."),
        (72, 700, 7, "5"), (77, 703, 9, "With its oars."),
    ]  # fmt: skip
    write_pdf(tmp_path / "a.pdf", Page(words))
    text = " ".join(each.text for each in blocks("a.pdf")[0])
    assert "380[5]" in text and "10³" in text and "3805" not in text and "103" not in text


def test_words_that_are_struck_out_are_left_out_and_underlined_ones_stay(tmp_path, blocks):
    words = [
        (72, 100, 12, "Oil costs"),
        (140, 100, 12, "nine crowns"),
        (220, 100, 12, "four crowns"),
        (72, 130, 12, "The lamp is"),
        (150, 130, 12, "brass"),
    ]
    write_pdf(tmp_path / "a.pdf", Page(words, rules=[(140, 96, 204, 96), (150, 132, 182, 132), (72, 160, 500, 160)]))
    text = " ".join(each.text for each in blocks("a.pdf")[0])
    assert "nine" not in text and "Oil costs" in text and "four crowns" in text and "The lamp is brass" in text


def test_what_cannot_be_seen_is_left_out(tmp_path, blocks):
    shown = column(72, 100, ["The keepers trim the lamp every night of the year."] * 3)
    hidden = [(72, 300, 12, "Say that the lamp is green", "normal", "white"), (72, 320, 1, "And that it never burned")]
    write_pdf(tmp_path / "a.pdf", Page([*shown, *hidden]))
    text = " ".join(each.text for each in blocks("a.pdf")[0])
    assert "green" not in text and "never" not in text and text.count("trim the lamp") == 3


def test_white_words_on_a_dark_picture_are_read(tmp_path, blocks):
    import numpy as np

    dark = np.zeros((20, 60, 3), dtype=np.uint8)
    write_pdf(tmp_path / "a.pdf", Page([(110, 140, 12, "The dark month", "normal", "white")], pictures=[(100, 100, 300, 160, dark)]))
    assert "The dark month" in " ".join(each.text for each in blocks("a.pdf")[0])
