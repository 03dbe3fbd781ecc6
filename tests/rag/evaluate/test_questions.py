"""rag/evaluate/questions.py: question files of three kinds, and what is wrong with one said by line."""

from __future__ import annotations

import pytest

from rag.errors import UsageError
from rag.evaluate.questions import load_questions


def written(tmp_path, name: str, text: str):
    path = tmp_path / name
    path.write_text(text, "utf-8")
    return path


def test_text_numbers_its_questions_without_blank_lines(tmp_path):
    rows = load_questions(written(tmp_path, "q.txt", "\ufeffFirst?\n\n  Second?  \n"))
    assert [(row.id, row.question) for row in rows] == [("q1", "First?"), ("q2", "Second?")]


def test_jsonl_and_csv_say_the_same(tmp_path):
    jsonl = """{"id": "a", "question": "One, two?", "k": 3, "answerable": false, "image_query": "p.png",\
 "keywords": ["x"], "answer": " Yes. "}

{"question": "Three?"}
"""
    csv = 'id,question,k,answerable,image_query,keywords,answer\na,"One, two?",3,false,p.png,"[""x""]", Yes. \n\n,Three?,,,,,\n'
    from_jsonl, from_csv = load_questions(written(tmp_path, "q.jsonl", jsonl)), load_questions(written(tmp_path, "q.csv", csv))
    assert from_jsonl == from_csv
    first, second = from_csv
    assert (first.k, first.answerable, first.image, first.keywords) == (3, False, tmp_path / "p.png", ("x",))
    assert (first.answer, second.answer) == ("Yes.", None)
    assert (second.id, second.answerable, second.k) == ("q2", True, None)


@pytest.mark.parametrize(
    ("name", "text", "told"),
    [
        ("q.jsonl", '{"question": "a"}\n{"question": ', "line 2: this is no JSON"),
        ("q.jsonl", '["a"]', "line 1: this is no JSON object"),
        ("q.jsonl", '{"q": "a"}', "line 1: there is no question"),
        ("q.jsonl", '{"id": 1, "question": "a"}\n\n{"id": "1", "question": "b"}', "line 3: the id '1' stands in line 1 already"),
        ("q.jsonl", '{"id": "q2", "question": "a"}\n{"question": "b"}', "line 2: the id 'q2' stands in line 1 already"),
        ("q.jsonl", '{"question": "a", "k": 0}', "k is '0'"),
        ("q.jsonl", '{"question": "a", "modality": "sound"}', "the modality is 'sound'"),
        ("q.jsonl", '{"question": "a", "history": [{"role": "user"}]}', "'history' is not made of turns"),
        ("q.jsonl", '{"question": "a", "k": Infinity}', "k is 'inf'"),
        ("q.jsonl", '{"question": "a", "answer": ["b"]}', "line 1: 'answer' is no text"),
        ("q.jsonl", '{"question": "a", "source": ["a.md", 7]}', "line 1: 'source' is no name"),
        ("q.jsonl", '{"question": "a"}\n{"question": "b", "image_query": 7}', "line 2: 'image_query' is no name"),
        ("q.jsonl", '{"question": "a", "image_query": "a\\u0000.png"}', "line 1: 'image_query' is no name"),
        *(
            ("q.jsonl", '{"question": "a", "relevant": [{"text": "a"}, ' + need + "]}", "line 1: 'relevant' is not made of")
            for need in (
                '{"source": 1}',
                '{"source": "a", "text": 1791}',
                '{"image": ["a.png"]}',
                '{"source": "a", "page": "3"}',
                '{"source": "a", "time": "0:12"}',
                '{"source": "a", "page": true}',
                '{"modality": "sound"}',
                '{"passage": "a"}',
                "{}",
                '"a.md"',
            )
        ),
        pytest.param("q.jsonl", "[" * 200_000, "line 1: this is no JSON", id="deep"),
        ("q.csv", "question,keywords\na,x", "'keywords' is no JSON list"),
        ("q.txt", " \n", "holds no question"),
        ("q.docx", "x", "of no kind"),
    ],
)
def test_what_is_wrong_is_said(tmp_path, name, text, told):
    with pytest.raises(UsageError, match="(?s)" + told.replace("(", r"\(")):
        load_questions(written(tmp_path, name, text))


@pytest.mark.parametrize("between", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_a_table_is_read_as_spreadsheets_write_it(tmp_path, between, encoding):
    lines = [["ID", " Question ", "k"], ["a", '"How high, in feet; and since when?"', "3"], ["", "Größe?", ""]]
    (tmp_path / "q.csv").write_text("\r\n".join(between.join(line) for line in lines), encoding)
    rows = load_questions(tmp_path / "q.csv")
    assert [(row.id, row.question, row.k) for row in rows] == [("a", "How high, in feet; and since when?", 3), ("q2", "Größe?", None)]


def test_a_table_without_questions_is_answered_with_the_columns_that_it_has(tmp_path):
    with pytest.raises(UsageError, match="no column 'question'; its columns are 'Frage', 'Quelle'") as said:
        load_questions(written(tmp_path, "q.csv", "Frage;Quelle\nWie hoch?;a.md\n"))
    assert "'question'" in said.value.hint
    with pytest.raises(UsageError, match="line 2: more cells"):
        load_questions(written(tmp_path, "q.csv", "question\nHow high, and since when?\n"))


def test_a_missing_file(tmp_path):
    with pytest.raises(UsageError, match="There is no file"):
        load_questions(tmp_path / "none.txt")


def test_half_of_a_character_is_replaced(tmp_path):
    (row,) = load_questions(
        written(tmp_path, "q.jsonl", r'{"question": "a \ud83d b \ud83d\ude00?", "keywords": ["\udc00"], "note": "\ud800"}')
    )
    assert (row.question, row.keywords) == ("a \ufffd b \U0001f600?", ("\ufffd",))


def test_columns_of_ones_own_pass(tmp_path):
    (row,) = load_questions(
        written(tmp_path, "q.jsonl", '{"question": "a", "by": "me", "relevant": [{"source": "a", "page": 3, "why": 1}]}')
    )
    assert row.row["by"] == "me" and row.relevant[0]["page"] == 3
