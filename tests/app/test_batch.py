"""app/batch.py: a row for every question in their order, and nothing asked twice."""

from __future__ import annotations

import csv
import io
import json

import pytest

from app.batch import run_batch
from rag.errors import UsageError

QUESTIONS = """{"id": "a", "question": "When was the light at Hollin Point built?"}
{"question": "Who is the keeper at Ness Head?", "k": 2}
{"id": "c", "question": "And what colour is it?", "history": [{"role": "user", "content": "What is the Perpetua?"}]}
"""


@pytest.fixture
def questions(tmp_path):
    path = tmp_path / "questions.jsonl"
    path.write_text(QUESTIONS)
    return path


def rows(path):
    return [json.loads(line) for line in path.read_text().splitlines()]


@pytest.mark.parametrize("retrieval_only", [False, True])
def test_jsonl(library, questions, tmp_path, retrieval_only):
    out = tmp_path / "deep" / "out.jsonl"
    done = run_batch(library, questions, out, model="quote", retrieval_only=retrieval_only)
    assert done == {"n": 3, "failed": 0, "out": str(out)}
    first, second, third = rows(out)
    assert [first["id"], second["id"], third["id"]] == ["a", "q2", "c"]
    assert len(second["hits"]) == 2 and "Perpetua" in third["query"]
    assert (first["answer"] is None) is retrieval_only
    assert list(out.parent.iterdir()) == [out], "nothing is left beside the answers"
    if retrieval_only:
        assert (first["refused"], first["fallback"], first["grounding"], first["model"], first["citations"]) == (None, None, None, None, [])


def test_csv_and_markdown_say_the_same_as_jsonl(library, questions, tmp_path):
    outs = [tmp_path / f"out{suffix}" for suffix in (".jsonl", ".csv", ".md")]
    for out in outs:
        run_batch(library, questions, out, model="quote")
    expected = rows(outs[0])
    read = list(csv.DictReader(io.StringIO(outs[1].read_text(), newline="")))
    assert [row["answer"] for row in read] == [row["answer"] for row in expected]
    assert [json.loads(row["citations"]) for row in read] == [row["citations"] for row in expected]
    assert all(row["question"] in outs[2].read_text() for row in expected)


def test_markdown_fetches_nothing_and_runs_nothing(library, tmp_path):
    from markdown_it import MarkdownIt

    asked = tmp_path / "asked.txt"
    asked.write_text("Is ![the light](https://example.org/seen) at Hollin Point [old](javascript:alert(1)) <img src=x>?\n")
    run_batch(library, asked, tmp_path / "out.md", model="quote")
    shown = MarkdownIt().render((tmp_path / "out.md").read_text())
    assert "the light" in shown and "<img" not in shown and "<a " not in shown


def test_a_question_about_the_library_is_told_without_a_search(library, tmp_path):
    asked = tmp_path / "asked.txt"
    asked.write_text("which documents do you have?\n")
    for suffix in (".jsonl", ".md"):
        run_batch(library, asked, tmp_path / f"out{suffix}", model="quote")
    (row,) = rows(tmp_path / "out.jsonl")
    assert "lights.md" in row["answer"] and (row["hits"], row["citations"], row["model"], row["refused"]) == ([], [], None, False)
    assert "*no search*" in (tmp_path / "out.md").read_text()


@pytest.mark.parametrize("suffix", [".jsonl", ".csv"])
def test_resume_asks_only_what_is_missing_changed_or_failed(library, questions, tmp_path, suffix):
    out = tmp_path / f"out{suffix}"
    run_batch(library, questions, out, model="quote")
    asked = []
    questions.write_text(QUESTIONS.replace("Who is the keeper", "Who was the keeper") + '{"id": "d", "question": "New?"}\n')

    def count(done, of, id):
        asked.append(id)

    before = out.read_text()
    run_batch(library, questions, out, model="quote", resume=True, progress=count)
    assert asked == ["a", "q2", "c", "d"]
    assert out.read_text().startswith(before.splitlines()[0]), "the first answer is kept to the letter"
    assert "Who was the keeper" in out.read_text() and "Who is the keeper" not in out.read_text()


def test_a_cut_journal_is_resumed_and_failed_rows_are_asked_again(library, questions, tmp_path):
    out = tmp_path / "out.jsonl"
    run_batch(library, questions, out, model="quote")
    done = rows(out)
    marked = done[0] | {"answer": "kept from before"}
    failed = done[1] | {"error": "The model stopped."}
    journal = json.dumps(marked) + "\n" + json.dumps(failed) + "\n" + json.dumps(done[2])[:40]
    out.unlink()
    (tmp_path / "out.jsonl.part").write_text(journal)
    run_batch(library, questions, out, model="quote", resume=True)
    first, second, third = rows(out)
    assert first["answer"] == "kept from before"
    assert second["error"] is None and second["answer"] == done[1]["answer"]
    assert third["answer"] == done[2]["answer"]


def test_a_question_that_fails_is_a_row_with_its_error(library, questions, tmp_path):
    questions.write_text('{"question": "What is this?", "image_query": "none.png"}\n{"question": "Where is Ness Head?"}\n')
    out = tmp_path / "out.jsonl"
    assert run_batch(library, questions, out, model="quote")["failed"] == 1
    first, second = rows(out)
    assert "none.png" in first["error"] or "no such" in first["error"].lower()
    assert second["error"] is None and second["answer"]


@pytest.mark.parametrize(("name", "resume", "told"), [("out.docx", False, "of no kind"), ("out.md", True, "resumed")])
def test_what_cannot_be_written_is_said(library, questions, tmp_path, name, resume, told):
    with pytest.raises(UsageError, match=told):
        run_batch(library, questions, tmp_path / name, model="quote", resume=resume)


def test_the_questions_are_not_overwritten(library, questions, tmp_path):
    (tmp_path / "link.jsonl").symlink_to(questions)
    for out in (questions, tmp_path / "." / "link.jsonl"):
        with pytest.raises(UsageError, match="holds the questions"):
            run_batch(library, questions, out, model="quote", progress=lambda *_: pytest.fail("something was asked"))
    assert questions.read_text() == QUESTIONS


@pytest.mark.parametrize("name", ["out.jsonl", "out.md", "out.csv"])
def test_answers_that_are_there_are_not_written_over_unless_told(library, questions, tmp_path, name):
    out = tmp_path / name
    out.write_text("mine")
    with pytest.raises(UsageError, match=f"{name} is there already") as said:
        run_batch(library, questions, out, model="quote", progress=lambda *_: pytest.fail("something was asked"))
    assert "--force" in said.value.hint and ("--resume" in said.value.hint) == (name != "out.md")
    assert out.read_text() == "mine"
    run_batch(library, questions, out, model="quote", force=True)
    assert "1791" in out.read_text()


def test_what_an_interrupted_run_answered_is_not_thrown_away_unless_told(library, questions, tmp_path):
    (tmp_path / "out.jsonl.part").write_text("{}")
    with pytest.raises(UsageError, match="interrupted") as said:
        run_batch(library, questions, tmp_path / "out.jsonl", model="quote")
    assert "--resume" in said.value.hint
    assert run_batch(library, questions, tmp_path / "out.jsonl", model="quote", force=True)["n"] == 3


def mark(out):
    """Give the answers a mark that only kept rows still have."""
    lines = [json.dumps(row | {"query": "kept\u2028"}, ensure_ascii=False) for row in rows(out)]
    out.write_text("".join(line + "\n" for line in lines))


@pytest.mark.parametrize(("model", "retrieval_only", "kept"), [("quote", False, True), (None, True, False), ("quote", True, False)])
def test_resume_keeps_only_answers_of_the_same_way_to_answer(library, questions, tmp_path, model, retrieval_only, kept):
    out = tmp_path / "out.jsonl"
    questions.write_text(QUESTIONS.splitlines()[0])
    run_batch(library, questions, out, model="quote")
    mark(out)
    run_batch(library, questions, out, model=model, retrieval_only=retrieval_only, resume=True)
    (row,) = map(json.loads, out.read_text().strip("\n").split("\n"))
    assert (row["query"] == "kept\u2028") is kept
    assert (row["answer"] is None) is retrieval_only


def test_a_large_cell_is_read_back(library, questions, tmp_path):
    out = tmp_path / "out.csv"
    run_batch(library, questions, out, model="quote")
    cells = list(csv.DictReader(io.StringIO(out.read_text(), newline="")))
    cells[0]["answer"] = "line\r\n" * 50_000
    with out.open("w", newline="") as stream:
        writer = csv.DictWriter(stream, list(cells[0]))
        writer.writeheader()
        writer.writerows(cells)
    run_batch(library, questions, out, model="quote", resume=True)
    with out.open(newline="") as stream:
        assert next(csv.DictReader(stream))["answer"] == cells[0]["answer"]


@pytest.mark.parametrize("name", ["out.csv", "out.jsonl"])
def test_answers_that_cannot_be_read_back_are_said(library, questions, tmp_path, name):
    out = tmp_path / name
    out.write_bytes(b"id,content\n\xff\xfe,x\n")
    with pytest.raises(UsageError, match="cannot be resumed") as said:
        run_batch(library, questions, out, model="quote", resume=True)
    assert "--resume" in said.value.hint
    assert out.read_bytes().endswith(b"\xff\xfe,x\n")


def test_a_journal_cut_within_a_character_is_resumed(library, questions, tmp_path):
    (tmp_path / "out.jsonl.part").write_bytes('{"id": "a", "answer": "é'.encode()[:-1])
    assert run_batch(library, questions, tmp_path / "out.jsonl", model="quote", resume=True)["n"] == 3


def test_rows_keep_to_what_their_source_asks_for_and_a_bad_word_fails_its_row_alone(library, tmp_path):
    asked = tmp_path / "asked.jsonl"
    question = "Which boat is kept in the sound?"
    sources = ["kind:web", ["*.md", "boats.*", "kind:web"], "*.txt\nkind:web", "kind:boat", None]
    asked.write_text("".join(json.dumps({"question": question, "source": each}) + "\n" for each in sources))
    done = run_batch(library, asked, tmp_path / "out.jsonl", model="quote", source="kind:markdown")
    found = [{hit["source"] for hit in row["hits"]} for row in rows(tmp_path / "out.jsonl")]
    assert found == [{"boats.html"}, {"boats.html"}, set(), set(), {"lights.md"}]
    assert done["failed"] == 1 and "There is no kind 'boat'." in rows(tmp_path / "out.jsonl")[3]["error"]
