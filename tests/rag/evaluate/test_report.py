"""rag/evaluate/report.py: the folder that an evaluation leaves, and its page."""

from __future__ import annotations

import io
import json
import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest
from PIL import Image

from rag.errors import UsageError
from rag.evaluate.agreement import Judgement, Label
from rag.evaluate.judge import Case, Grade
from rag.evaluate.plots import ablation, plots
from rag.evaluate.questions import Asked
from rag.evaluate.report import write_report
from rag.evaluate.run import FUSED, Outcome, evaluate
from rag.evaluate.summary import summary
from rag.settings import Settings

HOSTILE = '<script>alert("x")</script> & <img src=http://127.0.0.1/x.png>'
QUESTIONS = [
    Asked("built", "Who built the light at Hollin Point?", relevant=({"source": "lights.md", "text": "Marta Quill"},)),
    Asked("odd", HOSTILE, relevant=({"source": HOSTILE, "text": "nothing \ud800"},)),
    Asked("picture", "Show me the sailing boat", relevant=({"image": "unicorn.png"},)),
    Asked("none", "What is the price of coffee in Lisbon?", answerable=False),
]


class Page(HTMLParser):
    """The tags of a page with their attributes, and its text."""

    def __init__(self, text: str):
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data):
        self.text += data


@pytest.fixture(scope="module")
def outcomes(library):
    return evaluate(library, QUESTIONS, model="quote", ablation=True)


@pytest.fixture(scope="module")
def folder(library, outcomes, tmp_path_factory):
    made = tmp_path_factory.mktemp("report") / "deep" / "run"
    write_report(made, library, made / "gold.jsonl", outcomes)
    return made


def test_the_figures_are_those_of_the_command(folder, outcomes):
    assert json.loads((folder / "metrics.json").read_text("utf-8")) == summary(outcomes)
    rows = [json.loads(line) for line in (folder / "outcomes.jsonl").read_text("utf-8").splitlines()]
    assert [row["id"] for row in rows] == ["built", "odd", "picture", "none"]
    assert rows[0]["ranks"] == outcomes[0].ranks and rows[0]["measures"]["text"]["hit@5"] == 1.0
    assert rows[0]["apart"][FUSED] == outcomes[0].apart[FUSED] and rows[3]["chance"] < rows[0]["chance"]
    assert rows[0]["hits"][0]["source"] == outcomes[0].answer.hits[0].source


def test_the_run_is_told_without_its_passwords(outcomes, library, tmp_path, monkeypatch):
    settings = Settings(library=library.folder, milvus_uri="https://me:word@host/x", milvus_token="secret", text_model=HOSTILE)
    monkeypatch.setattr(library, "settings", settings)
    write_report(tmp_path, library, tmp_path / "gold.jsonl", outcomes)
    written = (tmp_path / "run.json").read_text("utf-8") + (tmp_path / "report.html").read_text("utf-8")
    assert "secret" not in written and "me:word" not in written and "https://host/x" in written
    assert "script" not in [tag for tag, _ in Page((tmp_path / "report.html").read_text("utf-8")).tags]
    told = json.loads((tmp_path / "run.json").read_text("utf-8"))
    assert told["gold"] == "gold.jsonl" and told["models"] == ["quote"] and told["settings"]["k"] == 8
    assert told["encoders"]["text"] == "all-MiniLM-L6-v2" and told["library"]["pictures"] == 3


def test_the_page_needs_no_other_file_and_runs_nothing(folder):
    text = (folder / "report.html").read_text("utf-8")
    page = Page(text)
    assert not {"script", "link", "iframe"} & {tag for tag, _ in page.tags}
    sources = [attributes["src"] for tag, attributes in page.tags if tag == "img"]
    assert len(sources) > 4 and all(source.startswith("data:image/") for source in sources)
    assert HOSTILE in page.text and not re.search(r"url\(|@import", text)


def test_every_miss_stands_there_with_what_came_instead(folder, outcomes):
    text = (folder / "report.html").read_text("utf-8")
    page = Page(text)
    misses = re.findall(r'<article class="miss">.*?</article>', text, re.DOTALL)
    assert len(misses) == 2 and "2 of 3 questions" in page.text
    assert "unicorn.png" in misses[1] and "did not come" in misses[1]
    assert all(hit.source in misses[1] for hit in outcomes[2].answer.hits[:5])
    pictures = sum(hit.modality == "image" for hit in outcomes[2].answer.hits[:5])
    assert misses[1].count("data:image/webp") == pictures > 0


def test_plots_are_drawn_of_what_there_is(folder, outcomes):
    drawn = plots(outcomes)
    assert set(drawn) == {"recall", "routes", "refusal", "refusal_curve", "latency"}
    for name, png in drawn.items():
        assert (folder / f"{name}.png").read_bytes() == png
        with Image.open(io.BytesIO(png)) as image:
            assert image.width > 600 and len(image.convert("RGB").getcolors(1 << 20)) > 20, "more than an empty frame"
    searched = [replace(each, answer=replace(each.answer, chance=None), apart={}) for each in outcomes]
    assert set(plots(searched)) == {"recall", "latency"} and plots([]) == {}


def test_the_ablation_is_of_the_ranks_apart():
    text, picture = {"source": "a.md", "text": "x"}, {"image": "a.png"}

    def outcome(dense: list[int | None], ranks: list[int | None]) -> Outcome:
        apart = {"dense": dense, "bm25": [None, 6], "visual": [None, 1], FUSED: [2, 7]}
        return Outcome(Asked("a", "a?", relevant=(text, picture)), None, ranks, 0.1, apart=apart)

    unprobed = Outcome(Asked("b", "b?", relevant=(text,)), None, [None], 0.1, "failed")
    table = ablation([outcome([1, None], [1, 1]), outcome([None, 5], [3, 9]), unprobed])
    assert table == {
        "dense": {"text": 0.5, "image": 0.5},
        "bm25": {"text": 0.0, "image": 0.0},
        "visual": {"text": 0.0, "image": 1.0},
        FUSED: {"text": 1.0, "image": 0.0},
        "as asked": {"text": 1.0, "image": 0.5},
    }


def test_a_judge_is_named_with_its_grades_and_the_worst_answers(outcomes, library, tmp_path):
    case = Case("built", HOSTILE, "Marta <b>Quill</b>", "Napoleon built it.")
    given = [Grade(replace(case, id="fine"), 4, "the same"), Grade(case, 0, "another person"), Grade(replace(case, id="dumb"), None, "Hm.")]
    judgement = Judgement("ollama:llama3", given, [(Label(case, 1, "by hand"), Grade(case, 0, "wrong"))], ["ollama:llama3"])
    write_report(tmp_path, library, tmp_path / "gold.jsonl", outcomes, judgement)
    text = (tmp_path / "report.html").read_text("utf-8")
    page = Page(text)
    assert "Answers as ollama:llama3 grades them" in page.text and "2.00 of 4 on average over 2 answers" in page.text
    assert "1 replies held no grade" in page.text and "wrote the answers itself" in page.text
    assert "the same grade to 0%, one at most one off to 100%" in page.text and "1.00 grades stricter" in page.text
    (worst,) = re.findall(r'<article class="graded">.*?</article>', text, re.DOTALL)
    assert "another person" in worst and "Napoleon built it." in worst and HOSTILE in Page(worst).text and "<b>Quill" not in worst
    assert json.loads((tmp_path / "metrics.json").read_text("utf-8"))["judge"]["distribution"] == {"0": 1, "1": 0, "2": 0, "3": 0, "4": 1}
    assert json.loads((tmp_path / "run.json").read_text("utf-8"))["judge"] == "ollama:llama3"
    rows = [json.loads(line) for line in (tmp_path / "grades.jsonl").read_text("utf-8").splitlines()]
    assert [(row["id"], row["grade"], row["label"]) for row in rows] == [
        ("fine", 4, None),
        ("built", 0, None),
        ("dumb", None, None),
        ("built", 0, 1),
    ]
    write_report(tmp_path, library, tmp_path / "gold.jsonl", outcomes)
    assert not (tmp_path / "grades.jsonl").exists() and "grades them" not in (tmp_path / "report.html").read_text("utf-8")


def test_a_folder_that_cannot_be_written(outcomes, library, tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(UsageError, match="cannot be written"):
        write_report(tmp_path / "file", library, tmp_path / "gold.jsonl", outcomes)
