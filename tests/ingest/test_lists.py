"""What is a list, what is its head, and what of the head is kept."""

import pytest

from ingest.blocks import Text
from ingest.lists import is_caption, is_list, lead_of, led, line_leads
from rag.records import Locator


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("- oil\n- wicks", True), ("• oil", True), ("12. Trim the lamp", True), ("(a) oil", True), ("iv) oil", True),
        ("Lamp\n  that which burns", True), ("The oil is gone.", False), ("1984 was dry.", False), ("-5 degrees", False),
        ("It was:\n- oil", False),
    ],
)  # fmt: skip
def test_what_is_a_list(text, expected):
    assert is_list(Text(text)) is expected and not is_list(Text(text, kind="code"))


@pytest.mark.parametrize(
    ("text", "expected"),
    [("Heights of the lights", True), ("Table 2. It tells all.", True), ("It tells all.", False), ("word " * 16, False), ("- oil", False)],
)
def test_what_can_be_the_caption_of_a_table(text, expected):
    assert is_caption(Text(text)) is expected


def test_a_lead_is_one_line_of_bounded_length():
    assert lead_of("The keepers\nare:") == "The keepers are:"
    assert lead_of(f"{'It was a long night. ' * 9}The keepers are:") == "The keepers are:"
    assert lead_of(f"{'long ' * 90}end:") == f"{'long ' * 29}end:"
    assert lead_of(f"Table 1: {'long ' * 90}").startswith("Table 1: long") and len(lead_of(f"Table 1: {'long ' * 90}").split()) == 30


def test_code_and_tables_are_led_by_the_head_above_them_and_prose_is_not():
    blocks = [
        Text("Run:"),
        Text("make", kind="code"),
        Text("It says:"),
        Text("Done and done."),
        Text("Prices:"),
        Text("| a |", kind="table"),
    ]
    assert [each.lead for each in led(blocks)] == ["", "Run:", "", "", "", "Prices:"]


def test_a_reader_s_own_caption_comes_first_and_no_lead_crosses_a_heading():
    above, below = Locator(heading="A"), Locator(heading="B")
    blocks = [Text("Prices:", above), Text("| a |", above, "table", "In pounds"), Text("These are:", above), Text("- oil", below)]
    assert [each.lead for each in led(blocks)] == ["", "In pounds", "", ""]


def test_a_table_that_goes_on_has_the_caption_of_its_beginning():
    texts = ["Oil and wicks", "| a |\n| --- |\n| 1 |", "| a |\n| --- |\n| 2 |", "| b |\n| --- |\n| 3 |"]
    blocks = [Text(text, kind="table" if text.startswith("|") else "prose") for text in texts]
    assert [each.lead for each in led(blocks)] == ["", "Oil and wicks", "Oil and wicks", ""]


def test_lines_know_their_head():
    text = Text("They took:\n- oil\n- wicks,\n  two\n\nand left\nthese:\n1. rope\n\nAll was well.\n- so", lead="Above:")
    assert line_leads(text) == [
        "Above:", "They took:", "They took:", "They took:", "They took:", "", "", "and left these:", "and left these:", "", ""
    ]  # fmt: skip
