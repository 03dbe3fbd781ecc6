"""Files of question and answer pairs: rows as examples, with their lines; what has no pairs is refused."""

from __future__ import annotations

import json
from pathlib import PurePath

import pytest

from ingest.blocks import Example
from ingest.readers import kind, read
from rag.errors import ReadError
from rag.records import Locator


@pytest.fixture
def examples(tmp_path):
    def reads(name: str, content: str | bytes) -> list[Example]:
        path = tmp_path / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return list(read(path, name, tmp_path, None))

    return reads


def test_the_suffix_says_that_a_file_holds_pairs():
    assert [kind(PurePath(name)) for name in ("a.qa.jsonl", "b.c.QA.CSV", "a.jsonl", "qa.csv", ".qa.csv")] == [
        *("pairs", "pairs", "data", "table", "table")
    ]


def test_json_lines(examples):
    rows = [{"question": " Who? ", "answer": "Marta.", "by": "me"}, {"question": "Why?\nSay.", "answer": "For \ud800ships."}]
    assert examples("a.qa.jsonl", "\n".join(map(json.dumps, rows)) + "\n\n") == [
        Example("Who?", "Marta.", Locator(line=1)),
        Example("Why?\nSay.", "For ?ships.", Locator(line=2)),
    ]


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_a_table(examples, delimiter):
    rows = [["id", "Answer", " question "], ["1", '"In two\nlines."', "Who?"], [], ["2", '"a, b; c"', "Why?"]]
    found = examples("a.qa.csv", "\ufeff" + "\r\n".join(map(delimiter.join, rows)))
    assert [(each.question, each.answer.split()) for each in found] == [("Who?", ["In", "two", "lines."]), ("Why?", ["a,", "b;", "c"])]
    assert [each.locator.line for each in found] == [2, 5]


def test_rows_without_a_pair_are_passed_over(examples):
    rows = ['{"question": "Who?", "answer": "Marta."}', "{broken", '{"question": "Why?", "answer": "So."}', '{"question": "Where?"}', "[1]"]
    with pytest.raises(ReadError, match="Of 5 rows only 2"):
        examples("a.qa.jsonl", "\n".join(rows))
    assert len(examples("a.qa.jsonl", "\n".join(rows[:4] + rows[:1]))) == 3


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("a.qa.csv", "a,b\n1,2\n", "no columns"),
        ("a.qa.csv", "question,answer\n", "Of 0 rows"),
        ("a.qa.jsonl", '{"question": 1, "answer": null}\n', "only 0"),
        ("a.qa.jsonl", "[" * 100_000 + "\n", "only 0"),
        ("a.qa.jsonl", b"\x00\x01\x02\xff" * 200, "not text"),
        ("a.qa.csv", "", "empty"),
    ],
)
def test_what_holds_no_pairs_is_refused_with_what_to_write(examples, name, content, told):
    with pytest.raises(ReadError, match=told) as caught:
        examples(name, content)
    assert caught.value.hint
