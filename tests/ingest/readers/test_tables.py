"""Tables as Markdown: one head over all columns, every row whole, money signs by their numbers, groups by their rows."""

import pytest

from ingest.readers.tables import head_rows, markdown_table, title_of


def cells(*rows) -> list[list[tuple[str, int, int]]]:
    return [[cell if isinstance(cell, tuple) else (cell, 1, 1) for cell in row] for row in rows]


def lines(*rows, heads: int = 1) -> list[str]:
    return [line for line in markdown_table(cells(*rows), heads).split("\n") if "---" not in line]


def test_the_lines_of_a_head_are_one_and_what_spans_them_is_in_each():
    rows = [[("Berth", 1, 2), ("Rent in crowns", 2, 1)], ["summer", "winter"], ["Inner basin", "40", "25"]]
    assert head_rows(cells(*rows)) == 2
    assert lines(*rows, heads=2) == ["| Berth | Rent in crowns summer | Rent in crowns winter |", "| Inner basin | 40 | 25 |"]


def test_years_under_a_spanning_name_are_a_head_and_figures_are_not():
    assert head_rows(cells(["", ("Year ended", 2, 1)], ["", "2021", "2022"], ["Sales", "10", "20"])) == 2
    assert head_rows(cells(["Name", ("Size", 2, 1)], ["Wren", "12", "4"], ["Tern", "9", "3"])) == 1


def test_a_cell_is_repeated_in_all_that_it_spans_but_not_a_long_one():
    assert lines(["Pier", "Mon", "Tue"], ["North", ("shut", 2, 1)]) == ["| Pier | Mon | Tue |", "| North | shut | shut |"]
    assert lines(["a", "b"], [("x", 1, 2), "1"], ["2"]) == ["| a | b |", "| x | 1 |", "| x | 2 |"]
    long = "word " * 100
    assert markdown_table(cells(["a", "b", "c"], [(long, 2, 3), "1"], ["2"], ["3"])).count("word") == 100


def test_signs_of_money_and_brackets_stand_by_their_numbers():
    rows = [
        ["", ("2022", 3, 1), "", ("2021", 3, 1)],
        ["Products", "$", "63,355", "", "", "$", "63,948", ""],
        ["Loss", ("(604", 2, 1), ")", "", ("(486", 2, 1), ")"],
        ["Margin", "", "43.3", "%", "", "", "43.3", "%"],
    ]
    assert lines(*rows) == [
        "|  | 2022 | 2021 |",
        "| Products | $63,355 | $63,948 |",
        "| Loss | (604) | (486) |",
        "| Margin | 43.3% | 43.3% |",
    ]


def test_columns_that_stay_blank_and_nameless_go_and_others_stay():
    assert lines(["a", "", "b", "c"], ["1", "", "2", ""]) == ["| a | b | c |", "| 1 | 2 |  |"]
    assert lines(["Yes", ""], ["", "No"], heads=0) == ["|  |  |", "| Yes |  |", "|  | No |"]


def test_the_label_of_a_group_stands_before_each_of_its_rows_up_to_their_sum():
    rows = [["", "2022"], ["Net sales:", ""], ["Products", "63"], ["Services", "19"], ["Total net sales", "82"], ["Rent", "4"]]
    assert lines(*rows)[1:] == [
        "| Net sales: Products | 63 |",
        "| Net sales: Services | 19 |",
        "| Total net sales | 82 |",
        "| Rent | 4 |",
    ]
    spanned = [["Boat", "Fare"], [("North line", 2, 1)], ["Wren", "4"], [("South line", 2, 1)], ["Tern", "5"], [("Paid on board.", 2, 1)]]
    assert lines(*spanned)[1:] == ["| North line: Wren | 4 |", "| South line: Tern | 5 |", "| Paid on board. |  |"]


def test_a_value_over_all_columns_is_no_label_of_figures():
    assert lines(["Mon", "Tue"], [("shut", 2, 1)], ["9-5", "9-6"]) == ["| Mon | Tue |", "| shut | shut |", "| 9-5 | 9-6 |"]


def test_a_row_with_blanks_is_no_label():
    assert lines(["Station", "Oil"], ["Pell Rock", ""], ["Hart Point", "4"]) == [
        "| Station | Oil |",
        "| Pell Rock |  |",
        "| Hart Point | 4 |",
    ]


def test_a_title_over_all_columns_is_no_head():
    assert title_of(cells([("Fares of 2026", 2, 1)], ["Boat", "Fare"], ["Wren", "4"])) == ("Fares of 2026", 1)
    assert title_of(cells(["Boat", "Fare"], [("North", 2, 1)])) == ("", 0)


@pytest.mark.parametrize("rows", [[], [[]], [[("", 1, 1)]], [[("", 3, 1)], [("", 1, 9)]]])
def test_a_table_without_words_is_nothing(rows):
    assert markdown_table(rows) == ""
