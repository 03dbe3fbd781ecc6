"""Answers and passages as HTML: tables and code as what they are, marks in their places, everything else letter by letter."""

import re

import pytest
from lxml import html

from app.chat.parts.reading import marked_html, read_html

MARKS = re.compile(r"\s*\[(\d+)\]")
TABLE = "| Station | Height |\n| --- | --- |\n| Hollin Point | 31 m [1] |"


def read(text: str, written: bool = False) -> html.HtmlElement:
    return html.fromstring(f"<div>{read_html(text, MARKS, lambda found: f'<i>{found[1]}</i>', written)}</div>")


def test_a_table_is_a_table_with_the_mark_in_its_cell():
    tree = read(f"The heights:\n\n{TABLE}\n\nNo more.")
    assert [each.text_content() for each in tree.iter("th")] == ["Station", "Height"]
    assert [html.tostring(each, encoding="unicode").strip() for each in tree.iter("td")] == [
        "<td>Hollin Point</td>",
        "<td>31 m<i>1</i></td>",
    ]
    assert [each.text for each in tree.iter("p")] == ["The heights:", "No more."]


def test_what_is_quoted_stands_letter_by_letter():
    text = "# 5 *stars* _of_ `ten` <b>$4</b> ~~x~~ [a](http://evil.example) ![b](http://evil.example/c.png) 1. 2. &lt; [1]"
    tree = read(text)
    assert tree.text_content().strip() == text.replace(" [1]", "1")
    assert {each.tag for each in tree.iter()} == {"div", "p", "i"}


def test_what_a_model_wrote_is_markdown_that_fetches_nothing():
    tree = read(
        "**Bold** and\n\n- one [2]\n- two\n\n```\nx = 1 < 2\n```\n\n<script>alert(1)</script> ![b](http://evil.example/c.png)", True
    )
    assert [each.text_content() for each in tree.iter("strong", "li", "code")] == ["Bold", "one2", "two", "x = 1 < 2\n"]
    assert not list(tree.iter("script", "img", "a")) and "<script>alert(1)</script>" in tree.text_content()
    assert not list(read("[a](javascript:alert(1)) <http://evil.example> [b]\n\n[b]: http://evil.example", True).iter("a"))


@pytest.mark.parametrize("sentinel", ["\ue0000\ue001", "\ue0005\ue001", "\ue000"])
def test_signs_of_our_own_in_a_document_do_nothing(sentinel):
    assert read(f"a{sentinel}b [1]").text_content().strip().replace("0", "").replace("5", "") == "ab1"


def test_a_quote_is_marked_over_the_ends_of_lines_and_in_the_cells_of_a_table():
    tree = html.fromstring(marked_html("Before. The lamp\nburns colza oil. After <b>.", "The lamp burns colza oil."))
    assert [each.text for each in tree.iter("mark")] == ["The lamp", "burns colza oil."] and "After <b>." in tree.text_content()
    text = "| Station | Height |\n| --- | --- |\n| Ness | 24 m |\n| Hollin Point | 31 m |"
    tree = html.fromstring(f"<div>{marked_html(text, '| Hollin Point | 31 m |')}</div>")
    assert [each.text for each in tree.iter("mark")] == ["Hollin Point", "31 m"]
    assert [each.text_content() for each in tree.iter("td")] == ["Ness", "24 m", "Hollin Point", "31 m"]


def test_lines_of_code_are_a_block_in_which_the_quote_is_marked():
    text = "Run this:\nmake chat\n\n  make test\nand wait."
    tree = html.fromstring(f"<div>{marked_html(text, 'this: make chat', {'make chat', 'make test'})}</div>")
    (block,) = tree.iter("pre")
    assert block.text_content() == "make chat\n\n  make test\n" and [each.text for each in tree.iter("mark")] == ["this:", "make chat"]
    assert [each.text_content() for each in tree.iter("p")] == ["Run this:", "and wait."]
    assert "<pre>" not in marked_html(text, "", {"make"}), "a line is code as a whole"


def test_a_quote_that_is_not_there_marks_nothing():
    assert "<mark>" not in marked_html("The lamp burns.", "The lens turns.") and "<mark>" not in marked_html("The lamp.", "")


def formulas(text: str, written: bool = True) -> list[tuple[str, bool]]:
    return [(each.get("data-tex", ""), "d-large" in each.get("class", "")) for each in read(text, written).find_class("d-math")]


@pytest.mark.parametrize("written", [True, False])
def test_latex_is_a_formula_in_an_answer_and_in_a_passage(written):
    text = "The area is $\\pi r^2$, or \\(\\pi d^2/4\\), and so:\n\n$$\nA = \\frac{x}{2}\n- 1\n$$\n\nOf $n$ the $a_i$ \\[ e = mc^2 \\]"
    assert formulas(text, written) == [
        ("\\pi r^2", False),
        ("\\pi d^2/4", False),
        ("A = \\frac{x}{2}\n- 1", True),
        ("n", False),
        ("a_i", False),
        ("e = mc^2", True),
    ]
    assert read("It is $x^2$.", written).text_content().strip() == "It is $x^2$.", "the source stands there until it is set"


@pytest.mark.parametrize(
    "text",
    [
        "It cost $5 then and $6 now.",
        "From $3,000 to $4,000, or US$5 for CA$6.",
        "Set $HOME and $PATH_X, or $HOME/$PATH; ${a}_${b}; $my_var$.",
        "Between $5 and a_b$ lies nothing; \\(see above\\) and \\[1\\].",
        "`$x^2$` in code",
        "```\n$x^2$\n\n$$y^2$$\n```",
        "$5 = five$ and $ x^2 $",
    ],
)
def test_prices_variables_and_code_are_no_formulas(text):
    assert formulas(text) == []


def test_a_formula_runs_nothing_and_keeps_its_brackets_and_the_marks_around_it():
    tree = read('$\\text{<img src=x onerror=alert(1)>"}$ [1]', True)
    assert not list(tree.iter("img")) and tree.find_class("d-math")[0].get("data-tex") == '\\text{<img src=x onerror=alert(1)>"}'
    assert [each.text for each in tree.iter("i")] == ["1"]
    assert formulas("The root $\\sqrt [3]{x}$ is [1]") == [("\\sqrt [3]{x}", False)]
    tree = html.fromstring(f"<div>{marked_html('So $a^2 + b^2 = c^2$ holds. More.', 'So $a^2 + b^2 = c^2$ holds.')}</div>")
    assert tree.xpath("string(.//mark)") == "So $a^2 + b^2 = c^2$ holds." and tree.xpath(".//mark//*[@data-tex='a^2 + b^2 = c^2']")
    tree = html.fromstring(f"<div>{marked_html('So $a^2 + b^2 = c^2$ holds.', '+ b^2 = c^2$ holds.')}</div>")
    assert tree.xpath(".//mark//*[@data-tex='a^2 + b^2 = c^2']")
