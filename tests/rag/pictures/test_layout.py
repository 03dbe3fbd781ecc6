"""Lines to running text: what a hyphen, an address and a script mean at the end of a line."""

import pytest

from rag.pictures.layout import Line, flow, in_rows


@pytest.mark.parametrize(
    ("lines", "words", "text"),
    [
        (["a ther-", "mometer"], "", "a thermometer"),
        (["the well-", "known lamp"], "well-known", "the well-known lamp"),
        (["an end-", "of-the-year log"], "end", "an end-of-the-year log"),
        (["part BX-", "9012-C fits"], "", "part BX-9012-C fits"),
        (["from 1871-", "1880"], "", "from 1871-1880"),
        (["the GPS-", "guided boat"], "", "the GPS-guided boat"),
        (["at https://lamps.example/of-the-", "north/list is all"], "", "at https://lamps.example/of-the-north/list is all"),
        (["see https://lamps.example/a/", "b.html there"], "", "see https://lamps.example/a/b.html there"),
        (["pre-", "and postwar"], "", "pre- and postwar"),
        (["Lamps -", "Oil"], "", "Lamps - Oil"),
        (["灯台は北に", "あります。"], "", "灯台は北にあります。"),
        (["등대는 북쪽에", "있다"], "", "등대는 북쪽에 있다"),
    ],
)
def test_what_stands_between_two_lines(lines, words, text):
    assert flow(lines, set(words.split())) == text


def test_runs_of_words_read_from_the_right_are_joined_from_the_right():
    runs = [Line("דוד לוי", 10, 0, 50, 10), Line("נבנה על ידי", 60, 0, 100, 10)]
    assert [line.text for line in in_rows(runs)] == ["נבנה על ידי דוד לוי"]
