"""rag/language/tabular.py: a Markdown table as the search and the encoder read it."""

from __future__ import annotations

from rag.language.tabular import cells, gist, head_in_words, told

LIGHTS = """The lights of the coast:

| | Three Months Ended May 3, 2031 | Three Months Ended May 5, 2030 | Height |
| --- | --- | --- | --- |
| Oil: Ness Head | $1,204 | (33) | 31 m |
| 1887 | — | 5.2 % | |

They burn on."""


def test_a_table_is_told_with_its_heads_once_and_no_bars():
    assert told(LIGHTS).split("\n") == [
        "The lights of the coast:",
        "",
        "Three Months Ended May 3, 2031; May 5, 2030; Height",
        "Oil: Ness Head; $1,204; (33); 31 m",
        "1887; —; 5.2 %",
        "",
        "They burn on.",
    ]


def test_the_encoder_reads_no_figures_but_names_units_and_what_a_row_begins_with():
    lines = gist(LIGHTS).split("\n")
    assert lines[2:5] == ["Three Months Ended May 3, 2031; May 5, 2030; Height", "Oil: Ness Head; 31 m", "1887"]
    assert (lines[0], lines[-1]) == ("The lights of the coast:", "They burn on.")


def test_what_is_no_table_stays_as_it_is():
    for text in ("a | b", "| a pipe in a line |", "if x || y:\n| --- |", ""):
        assert told(text) == gist(text) == text


def test_two_tables_below_each_other_keep_their_heads():
    text = "| name | year |\n| --- | --- |\n| Ness | 1887 |\n\n| port | depth |\n|:--|--:|\n| Ossett | 7 |"
    assert gist(text) == "name; year\nNess\n\nport; depth\nOssett"


def test_a_head_that_begins_as_the_one_before_says_the_rest():
    assert head_in_words("| | Year ended 2031: Oil | Year ended 2031: Gas | Year ended 2031: Gas |") == "Year ended 2031: Oil; Gas"
    assert head_in_words("| May 3 | May 3, 2031 |") == "May 3; May 3, 2031"


def test_a_bar_inside_a_cell_is_no_bar_of_the_table():
    assert cells("| a \\| b | c |") == ["a | b", "c"]
    assert gist("| key | keys |\n| --- | --- |\n| a \\| b | 7 |") == "key; keys\na | b"
