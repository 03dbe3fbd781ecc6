"""Notebooks: words, code and output in order, pictures with their captions, and broken ones."""

import base64
import json

import nbformat
import nbformat.v4 as v4
import pytest

from rag.errors import ReadError
from tests.ingest.samples import picture

PNG = base64.b64encode(picture()).decode()
SVG = "<svg xmlns='http://www.w3.org/2000/svg' width='300' height='200'><rect x='50' y='60' width='100' height='90' fill='blue'/></svg>"


def notebook(*cells) -> str:
    made = v4.new_notebook()
    made.cells = list(cells)
    return nbformat.writes(made)


def shown(**data) -> nbformat.NotebookNode:
    return v4.new_output("display_data", data={name.replace("_", "/", 1).replace("svg", "svg+xml"): value for name, value in data.items()})


def test_headings_reach_over_cells_and_code_keeps_its_output(blocks):
    content = notebook(
        v4.new_markdown_cell("# Lights\n\nAll *lights* of the coast."),
        v4.new_markdown_cell("## Counting"),
        v4.new_code_cell("if a < b:\n    count()", outputs=[v4.new_output("stream", text="12\n")]),
        v4.new_markdown_cell("---\n\nThe end."),
    )
    texts, _ = blocks("a.ipynb", content)
    assert [(text.text, text.kind, text.locator.heading) for text in texts] == [
        ("All lights of the coast.", "prose", "Lights"),
        ("if a < b:\n    count()", "code", "Lights > Counting"),
        ("12", "code", "Lights > Counting"),
        ("The end.", "prose", "Lights > Counting"),
    ]


def test_pictures_are_captioned_by_their_code_or_by_the_words_before(blocks):
    content = notebook(
        v4.new_markdown_cell("# Sales\n\nSales fell in winter."),
        v4.new_code_cell("plot()", outputs=[shown(image_png=PNG, text_plain="<Figure>")]),
        v4.new_code_cell(
            "plt.title('Sales by year')\nax.set_title(\"Sales by month\")", outputs=[shown(image_png=PNG), shown(image_svg=SVG)]
        ),
    )
    texts, figures = blocks("a.ipynb", content)
    assert [figure.caption for figure in figures] == ["Sales fell in winter.", "Sales by year", "Sales by month"]
    assert all(figure.origin is None and figure.locator.heading == "Sales" for figure in figures)
    assert figures[0].data == picture() and figures[2].image.width >= 300
    assert not any("Figure" in text.text for text in texts)


def test_attachments_and_files_beside_it_are_pictures(blocks, tmp_path):
    (tmp_path / "map.png").write_bytes(picture())
    cell = v4.new_markdown_cell(
        "The tower:\n\n![red tower](attachment:a%20b.png)\n\n![a map](map.png) ![](file:///etc/passwd) ![](../x.png)"
    )
    cell["attachments"] = {"a b.png": {"image/png": PNG}}
    _, figures = blocks("a.ipynb", notebook(cell))
    assert [(figure.caption, figure.origin) for figure in figures] == [("red tower", None), ("a map", "map.png")]


def test_output_reads_as_on_the_screen(blocks):
    log = "\x1b[31mred\x1b[0m\n10%\r50%\r100%\n" + "".join(f"line {n}\n" for n in range(3000))
    table = "<div><style>x</style><table><tr><th>name</th><th>year</th></tr><tr><td>North</td><td>1791</td></tr></table><div hidden>"
    content = notebook(
        v4.new_code_cell("a", outputs=[v4.new_output("stream", text=log)]),
        v4.new_code_cell("b", outputs=[v4.new_output("execute_result", data={"text/html": table, "text/plain": "name year"})]),
        v4.new_code_cell("c", outputs=[v4.new_output("error", ename="ValueError", evalue="no oil", traceback=["\x1b[0m long"] * 90)]),
        v4.new_code_cell("d", outputs=[shown(text_html="<b>bold</b>", text_plain="bold")]),
    )
    texts, _ = blocks("a.ipynb", content)
    out = [text.text for text in texts]
    assert out[0::2] == ["a", "b", "c", "d"]
    assert out[1].startswith("red\n100%\nline 0\n") and out[1].endswith("\nline 2999") and "\n…\nline " in out[1] and len(out[1]) < 4100
    assert (out[3], texts[3].kind) == ("| name | year |\n| --- | --- |\n| North | 1791 |", "table")
    assert out[5:8:2] == ["ValueError: no oil", "bold"]


def test_html_that_is_left_open_hides_nothing_after_it(blocks):
    texts, _ = blocks("a.ipynb", notebook(v4.new_markdown_cell("One <div style='display:none'> two"), v4.new_markdown_cell("Three")))
    assert [text.text for text in texts] == ["One", "Three"]


def test_old_and_careless_notebooks(blocks):
    cells = [{"cell_type": "heading", "level": 2, "source": ["Old"]}, {"cell_type": "code", "input": ["a\n", "b"], "outputs": []}]
    old = {"nbformat": 3, "nbformat_minor": 0, "metadata": {}, "worksheets": [{"cells": cells}]}
    texts, _ = blocks("a.ipynb", json.dumps(old))
    assert [(text.text, text.locator.heading) for text in texts] == [("a\nb", "Old")]
    careless = {
        "cells": [
            {"cell_type": "code", "source": ["x"]},
            None,
            {"cell_type": "code", "source": 5, "outputs": [{"data": {"image/png": "!"}}]},
        ]
    }
    texts, figures = blocks("b.ipynb", json.dumps(careless))
    assert [text.text for text in texts] == ["x"] and not figures


@pytest.mark.parametrize(
    "content", ["{}", "[]", "null", "words", notebook(v4.new_markdown_cell("a"))[:-40], '{"nbformat": 99}', "[" * 9000]
)
def test_what_is_no_notebook_is_said(blocks, content):
    with pytest.raises(ReadError, match=r"not a notebook|nested too deeply") as refused:
        blocks("a.ipynb", content)
    assert refused.value.hint
