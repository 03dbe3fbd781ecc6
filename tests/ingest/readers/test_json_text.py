"""JSON: values that read well under the path of their keys, and what is broken."""

import json

import pytest

from rag.errors import ReadError


def test_a_short_value_reads_as_one_text(blocks):
    value = {"name": "North", "lit": True, "keeper": None, "height": 30.50, "tags": ["old", "red"], "boats": [{"oars": 4, "crew": ["A"]}]}
    ((text,), _) = blocks("a.json", json.dumps(value))
    assert text.text.split("\n") == [
        *("name: North", "lit: true", "keeper: null", "height: 30.5", "tags: old, red", "boats:", "  - oars: 4", "    crew: A")
    ]
    assert text.locator.heading is None


def test_a_long_value_is_parted_by_its_keys(blocks):
    value = {"title": "Lights", "coast": {"north": {"about": "cold " * 300}, "south": "warm"}, "end": 1}
    texts, _ = blocks("a.json", json.dumps(value))
    assert [(text.locator.heading, text.text[:12]) for text in texts] == [
        (None, "title: Light"),
        ("coast > north", "about: cold "),
        ("coast", "south: warm"),
        (None, "end: 1"),
    ]


def test_a_list_of_objects_is_records(blocks):
    texts, _ = blocks("a.json", json.dumps({"lights": [{"name": f"light {n}", "year": 1700 + n} for n in range(200)]}))
    assert len(texts) == 200 and texts[7].text == "name: light 7\nyear: 1707" and texts[7].locator.heading == "lights"


def test_data_that_nobody_reads_is_left_out(blocks):
    value = {"line": [[n, n + 0.5] for n in range(500)], "image": "QUJD" * 1000, "few": [1, 2, 3]}
    ((text,), _) = blocks("a.json", json.dumps(value))
    assert "(1,000 numbers)" in text.text and "few: 1, 2, 3" in text.text and len(text.text) < 400


def test_numbers_stay_as_they_were_written(blocks):
    ((text,), _) = blocks("a.json", '{"version": 1.50, "big": 12345678901234567890123, "huge": ' + "9" * 900 + "}")
    assert text.text.startswith("version: 1.50\nbig: 12345678901234567890123\nhuge: 999")


def test_comments_and_last_commas_are_allowed(blocks):
    ((text,), _) = blocks("a.json", '// settings\n{"url": "http://x/*y*/", /* two\nlines */ "list": [1, 2,],}\n')
    assert text.text == "url: http://x/*y*/\nlist: 1, 2"


def test_lines_know_their_line(blocks):
    content = '{"a": 1}\n\nbroken\n{"b": "two\\nlines"}\n'
    for name in ("a.jsonl", "b.ndjson"):
        texts, _ = blocks(name, content)
        assert [(text.text, text.locator.line) for text in texts] == [("a: 1", 1), ("b: two\nlines", 4)]
    texts, _ = blocks("c.json", '{"a": 1}\n{"b": 2}\n')
    assert [(text.text, text.locator.line) for text in texts] == [("a: 1", 1), ("b: 2", 2)]


def test_any_depth_ends_well(blocks):
    for depth in (5, 45, 200, 800):
        texts, _ = blocks("a.json", '{"a":' * depth + '"word"' + "}" * depth)
        assert sum(text.text.count("word") for text in texts) == 1
    wide = {"a": ["x" * 1200]}
    for _ in range(60):
        wide = {"a": wide, "b": "x" * 30}
    texts, _ = blocks("a.json", json.dumps(wide))
    assert "\n".join(text.text for text in texts).count("x" * 30 + "\n") + sum(text.text.count('"b"') for text in texts) >= 58
    with pytest.raises(ReadError, match="nested too deeply"):
        blocks("a.json", "[" * 100_000)


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("a.json", '{"a": [1, 2', "not JSON: .* line 1"),
        ("a.json", "plain words\nof text", "not JSON"),
        ("a.jsonl", "plain words\nof text", "2 of 2 lines"),
        ("a.jsonl", '{"a": 1}\n' + "broken\n" * 500, "not JSON lines"),
        ("a.json", b"\x00\x01\x02" * 900, "not text"),
    ],
)
def test_what_is_broken_is_said(blocks, name, content, reason):
    with pytest.raises(ReadError, match=reason) as refused:
        blocks(name, content)
    assert refused.value.hint
