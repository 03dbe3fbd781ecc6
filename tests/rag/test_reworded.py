"""What an empty chat suggests and the README asks, and each in three other words: `quote` answers all of them from the sample."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from ingest import ingest
from rag import Library, Settings
from rag.evaluate.metrics import folded

PROJECT = Path(__file__).parent.parent.parent
ASKED = [json.loads(line) for line in (PROJECT / "benchmarks/gold/reworded.jsonl").read_text("utf-8").splitlines()]
FILES = ("birds-at-the-light.md", "buoys-and-daymarks.md", "fog-signals.md", "lights.md", "skerrin-head.md")
PICTURES = ("bird-strikes.png", "buoys.png", "skerrin-head.png")


@pytest.fixture(scope="module")
def guide(tmp_path_factory):
    """The pages of the sample that tell it, with their pictures."""
    folder = tmp_path_factory.mktemp("reworded")
    sample = PROJECT / "data" / "sample"
    for name in (*(f"guide/{each}" for each in FILES), *(f"guide/images/{each}" for each in PICTURES), "web/visit.html"):
        (folder / "documents" / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(sample / name, folder / "documents" / name)
    settings = Settings(library=folder / "library")
    with Library.open(settings.library, settings) as library:
        assert not ingest([folder / "documents"], library).failed
        yield library


@pytest.mark.parametrize("row", ASKED, ids=lambda row: row["id"])
def test_is_answered(guide, row):
    answer = guide.ask(row["question"], model="quote")
    assert not answer.refused
    if "keywords" in row:
        assert not [each for each in row["keywords"] if folded(each) not in folded(answer.answer)]
    else:
        [need] = row["relevant"]
        shown = [hit for hit in answer.hits if hit.rank in {citation.rank for citation in answer.citations[:3]}]
        assert any(need["image"] in (each.origin or each.source) for hit in shown for each in hit.appearances)


def test_the_questions_of_the_readme_are_among_them():
    readme = (PROJECT / "README.md").read_text("utf-8")
    questions = [row["question"] for row in ASKED if row["id"].endswith("-0")]
    assert sum(f'"{question}"' in readme for question in questions) >= 4
