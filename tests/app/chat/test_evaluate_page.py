"""The page that measures: a file of questions goes through, stands in tables with its misses, is compared, and thumbs become gold."""

from __future__ import annotations

import json
import time

import pytest
from streamlit.testing.v1 import AppTest

from app.chat.runs import Runs
from app.chat.views import evaluate as view
from app.gold import corrections
from rag import Library, Settings
from rag.errors import UsageError
from rag.evaluate.questions import load_questions
from tests.app.chat.driven import page, settle, words
from tests.corpus import copied

GOLD = [
    {"id": "built", "question": "Who built the light at Hollin Point?", "keywords": ["Marta Quill"],
     "relevant": [{"source": "lights.md", "text": "Marta Quill"}]},
    {"id": "boat", "question": "Show me the lifeboat", "relevant": [{"image": "boat.png"}]},
    {"id": "unicorn", "question": "Show me a <b>unicorn</b>", "relevant": [{"image": "unicorn.png"}]},
    {"id": "nothing", "question": "What is the capital of Peru?", "answerable": False},
]  # fmt: skip


@pytest.fixture
def own(library, tmp_path):
    """A library of its own, which runs and thumbs may be kept in."""
    return copied(library, tmp_path / "library")


@pytest.fixture
def gold(tmp_path):
    path = tmp_path / "coast.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in GOLD))
    return path


@pytest.fixture
def at(own, chat):
    return chat(own, "evaluate")


@pytest.fixture
def runs(own, library):
    with Library.open(own, Settings(library=own, llm="quote")) as opened:
        opened.__dict__["encoders"] = library.encoders
        yield Runs(opened)


def part(at: AppTest, name: str) -> AppTest:
    return at.segmented_control(key="evaluate-part").set_value(name).run()


def upload(at: AppTest, name: str, data: bytes) -> AppTest:
    at.selectbox(key="evaluate-gold").set_value(view.UPLOAD).run()
    return at.file_uploader(key="evaluate-file").upload(name, data).run()


def measured(at: AppTest, own) -> AppTest:
    at.button(key="evaluate-start").click().run()
    job = view.runs_of(str(own), None).job
    job.wait(120)
    assert job.error is None
    return at.run()


def test_an_uploaded_gold_file_is_measured_and_its_misses_are_told(at, own, gold):
    upload(at, "coast.jsonl", gold.read_bytes())
    assert "4 questions · 3 with gold" in " ".join(each.value for each in at.caption).replace("\\", "")
    at.selectbox(key="evaluate-model").set_value("quote").run()
    measured(at, own)
    at = part(at, "runs")
    tree = page(at)
    rows = {row[0]: row[1:] for row in ([each.text_content() for each in line] for line in tree.xpath('//table[@class="d-figures"]//tr'))}
    assert rows["All"][:3] == ["3", "0.67", "0.67"] and rows["Passages"][0] == "1" and rows["Pictures"][:2] == ["2", "0.50"]
    assert any(row.xpath('th[text()="Keywords in the answer"]/following-sibling::td/text()') == ["1.00"] for row in tree.iter("tr"))
    (missed,) = tree.xpath('//details[@class="d-judged"]')
    assert "Show me a <b>unicorn</b>" in missed.text_content() and "unicorn.png did not come" in " ".join(missed.text_content().split())
    assert missed.xpath('.//a[starts-with(@href, "#picture-") or starts-with(@href, "#record-")]')
    names = [each.proto.label for each in at.get("download_button")]
    assert len(names) == 5 and "Report (HTML)" in names and "Answers (CSV)" in names
    run = Runs(_Only(own)).listed()[0]
    assert (run.gold, run.model, run.n, run.of) == ("coast.jsonl", "quote", 4, 4)


class _Only:
    """What `Runs` asks of a library to list what is kept."""

    def __init__(self, folder):
        self.folder = folder


def test_questions_alone_give_answers(at, own):
    upload(at, "mine.csv", "\ufeffquestion;id\nWho built the light at Hollin Point?;a\n".encode())
    at.selectbox(key="evaluate-model").set_value("quote").run()
    at = part(measured(at, own), "runs")
    assert not page(at).xpath('//table[@class="d-figures"]') and "Marta Quill" in words(at)


@pytest.mark.parametrize(
    ("name", "data", "told"),
    [
        ("a.csv", b"Frage\nWer?\n", "a.csv has no column 'question'"),
        ("a.jsonl", b'{"question": "What is this?", "image_query": "/etc/x.png"}\n', "cannot bring: q1"),
        ("a.txt", b"\xff\xfe\xff", "cannot be read"),
    ],
)
def test_a_file_that_cannot_be_asked_is_told(at, name, data, told):
    upload(at, name, data)
    assert told in words(at) and at.button(key="evaluate-start").disabled


def test_a_run_goes_on_is_stopped_and_keeps_what_was_asked(runs, gold):
    questions = load_questions(gold)
    job = runs.start(questions * 40, "coast.jsonl", model=None, k=10)
    with pytest.raises(UsageError, match="under way"):
        runs.start(questions, "coast.jsonl", model=None, k=10)
    until = time.monotonic() + 60
    while not (job.share or 0) > 0.01:
        assert time.monotonic() < until
        time.sleep(0.01)
    runs.stop()
    job.wait(60)
    (run,) = runs.listed()
    assert job.result == run and 1 < run.n < run.of == 160 and run.model == "search"
    assert len(runs.answers(run)) == len(runs.rows(run)) == run.n and runs.answers(run)[0].hits[0].source == "lights.md"
    again = runs.start(questions, "coast.jsonl", model=None, k=10)
    again.wait(60)
    assert [each.n for each in runs.listed()] == [4, run.n], "the latest first; a stop holds for one run"
    runs.delete(run)
    assert [each.n for each in runs.listed()] == [4]


def test_a_model_that_is_not_known_begins_nothing(runs, gold):
    job = runs.start(load_questions(gold), "coast.jsonl", model="packaged:gpt-9", k=10)
    job.wait(60)
    assert "gpt-9" in str(job.error) and runs.listed() == [] and not list(runs.folder.glob("*"))


def test_two_runs_are_compared_by_measure_and_by_question(at, own, library, gold):
    assert "measure once more" in words(part(at, "compare"))
    questions = load_questions(gold)
    kept = view.runs_of(str(own), None)
    for k, asked in ((10, questions), (10, [questions[0], questions[1], questions[3]])):
        kept.start(asked, "coast.jsonl", model=None, k=k).wait(120)
    a = kept.listed()[1]
    rows = (kept.path(a) / "outcomes.jsonl").read_text().replace('"ranks": [1]', '"ranks": [4]', 1)
    (kept.path(a) / "outcomes.jsonl").write_text(rows)
    tree = page(part(at, "compare"))
    table, changed = tree.xpath('//table[contains(@class, "d-figures")]')[:1], tree.xpath('//table[contains(@class, "d-figures")]')[-1]
    assert any("Passages · hit@5" in each.text_content() for each in table[0].iter("th"))
    (line,) = changed.xpath("tbody/tr")
    question, _gain, *ranks = [each.text_content() for each in line]
    assert question == GOLD[0]["question"] and ranks == ["4", "1"]
    assert "Only in A: unicorn" in words(at)


def test_thumbs_are_corrected_and_become_gold(at, own, gold):
    assert "No answer has a thumb yet" in words(part(at, "thumbs"))
    del at.query_params["v"]
    at = at.run()
    at.chat_input[0].set_value("Who built the light at Hollin Point?").run()
    at = settle(at)
    conversation = at.session_state.conversation
    conversation.judge(conversation.turns[0], "down", "I wanted the year")
    at.query_params["v"] = "evaluate"
    at = part(at.run(), "thumbs")
    id = f"{conversation.id}-1"
    assert "0 ready to measure with" in words(at) and "I wanted the year" in words(at)
    needs = at.multiselect(key=f"needs-{id}")
    at.multiselect(key=f"needs-{id}").select(0)
    at.text_input(key=f"words-{id}").set_value("1791, Marta")
    at.button(key=f"keep-{id}").click().run()
    assert needs.options and "1 ready to measure with" in words(at)
    kept = corrections(own)[id]
    assert kept["keywords"] == ["1791", "Marta"] and kept["relevant"][0]["source"] == "lights.md" and kept["answerable"] is True
    at = part(at, "measure")
    at.selectbox(key="evaluate-gold").set_value(view.THUMBS).run()
    assert "1 question · 1 with gold" in " ".join(each.value for each in at.caption).replace("\\", "")
    at = part(at, "thumbs")
    at.radio(key=f"kind-{id}").set_value("out")
    at.button(key=f"keep-{id}").click().run()
    assert "0 ready to measure with" in words(at) and "1 answer with a thumb" in words(at)
