"""Code: whole from definition to definition, with true lines."""

import pytest

from ingest.chunk import chunk
from rag.errors import ReadError

PYTHON = '''"""Lamps."""

import math


@cached
def trim(lamp):
    x = 1

    return math.sqrt(x)


class Tower:
    height = 30
'''


def test_code_is_parted_at_top_level_definitions(blocks):
    texts, _ = blocks("a.py", PYTHON)
    assert [(text.text.split("\n")[0], text.locator.line) for text in texts] == [
        ('"""Lamps."""', 1),
        ("import math", 3),
        ("@cached", 6),
        ("class Tower:", 13),
    ]
    assert texts[2].text == "@cached\ndef trim(lamp):\n    x = 1\n\n    return math.sqrt(x)"
    assert all(text.kind == "code" and text.locator.heading is None for text in texts)


def test_a_closing_bracket_after_a_blank_line_begins_nothing(blocks):
    texts, _ = blocks("a.js", "function a() {\n  b()\n\n}\n\nfunction c() {}\n")
    assert [text.text for text in texts] == ["function a() {\n  b()\n\n}", "function c() {}"]


def test_the_parts_of_a_long_definition_stand_under_its_first_line(blocks, tokenizer):
    body = [f"    def step_{n}(self):\n        return self.lamp({n})\n" for n in range(800)]
    lines = ["class Tower(Base):", *"\n".join(body).split("\n")]
    texts, _ = blocks("a.py", "import x\n\n\n" + "\n".join(lines) + "\nlast = 1\n\nother = 2\n")
    assert len(texts) > 3 and {text.locator.heading for text in texts[1:-2]} == {"class Tower(Base)"}
    passages = list(chunk(texts, tokenizer))
    for passage in passages[1:-1]:
        assert passage.text.split("\n")[0] == lines[passage.locator.line - 4]
    assert "".join("".join(p.text.split()) for p in passages[1:-1]) == "".join("".join(lines).split())


def test_minified_lines_do_not_become_passages(blocks):
    texts, _ = blocks("a.js", "var a=1;\n" + "x=y+1;" * 50_000 + "\n\nfunction read() {}\n")
    assert sum(len(text.text) for text in texts) < 300
    assert (texts[-1].text, texts[-1].locator.line) == ("function read() {}", 4)
    texts, _ = blocks("a.py", f"KEY = '{'QUJD' * 5000}'\n")
    assert len(texts[0].text) < 60


def test_a_long_line_of_data_is_kept(blocks):
    texts, _ = blocks("a.xml", "<root>" + "<light>North</light>" * 5000 + "</root>")
    assert sum(text.text.count("North") for text in texts) == 5000 and {text.locator.line for text in texts} == {1}


@pytest.mark.parametrize("name", ["a.go", "a.toml", "a.YAML", "a.sql", "a.tex", "a.sh"])
def test_many_languages(blocks, name):
    texts, _ = blocks(name, "first = 1\n\nsecond = 2\n")
    assert [text.text for text in texts] == ["first = 1", "second = 2"]


def test_what_is_no_text_is_said(blocks):
    with pytest.raises(ReadError, match="not text"):
        blocks("a.c", b"\x7fELF\x02\x01\x01" + bytes(5000))
