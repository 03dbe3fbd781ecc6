"""Thumbs of the chat as lines of gold: what is written, and that it can be measured with."""

from __future__ import annotations

import json
import sys
import time

import pytest

from app.chat.shelf import Shelf
from app.cli import main
from app.gold import asked, rated, write
from rag import Library, Settings
from rag.adapt.pairs import pairs
from rag.errors import UsageError
from rag.evaluate.questions import load_questions
from tests.corpus import copied


@pytest.fixture
def judged(library, tmp_path):
    """A library of its own with a good answer, a bad one and a good one with a picture."""
    folder = copied(library, tmp_path / "library")
    with Library.open(folder, Settings(library=folder, llm="quote")) as opened:
        opened.__dict__["encoders"] = library.encoders
        conversation = Shelf(opened).begin()
        for question, thumb, why in (
            ("Who built the light at Hollin Point?", "up", ""),
            ("And how high is it?", "down", "I meant Ness Head"),
            ("Show me a picture of the lifeboat Perpetua", "up", ""),
            ("When was Ness Head lit?", None, ""),
        ):
            turn = conversation.ask(question)
            until = time.monotonic() + 60
            while not turn.settled:
                assert time.monotonic() < until
                time.sleep(0.02)
            conversation.judge(turn, thumb, why)
        yield opened


def test_a_good_answer_tells_what_should_come_and_a_bad_one_why_not(judged):
    good, bad, picture = rated(Shelf(judged))
    assert "Marta Quill" in good["answer"] and good["answerable"] is True and "history" not in good
    assert any(need["source"] == "lights.md" and "Marta Quill" in need["text"] for need in good["relevant"])
    assert bad["note"] == "I meant Ness Head" and not {"answer", "relevant", "answerable"} & set(bad)
    assert bad["history"][0] == {"role": "user", "content": "Who built the light at Hollin Point?"}
    assert any(need.get("image", "").endswith("boat.png") for need in picture["relevant"])


def test_a_library_learns_from_its_good_answers(judged):
    learnt = [(pair.words, pair.route) for pair in pairs(judged, asked(Shelf(judged))) if pair.kind == "question"]
    assert ("Who built the light at Hollin Point?", "dense") in learnt
    assert ("Show me a picture of the lifeboat Perpetua", "visual") in learnt
    assert len(learnt) == len([need for each in asked(Shelf(judged)) for need in each.relevant]), "nothing of the bad one"


def test_the_lines_are_gold_that_eval_takes(judged, tmp_path, capfd, monkeypatch):
    judged.close()
    command = ["diptych", "gold", "-o", str(tmp_path / "gold.jsonl"), "--library", str(judged.folder), "--json"]
    monkeypatch.setattr(sys, "argv", command)
    with pytest.raises(SystemExit) as ended:
        main()
    assert not ended.value.code and json.loads(capfd.readouterr().out) == {"n": 3, "out": str(tmp_path / "gold.jsonl")}
    read = load_questions(tmp_path / "gold.jsonl")
    assert [each.question for each in read] == [
        "Who built the light at Hollin Point?",
        "And how high is it?",
        "Show me a picture of the lifeboat Perpetua",
    ]
    assert read[0].relevant and read[1].history and not read[1].relevant
    assert len({json.loads(row)["id"] for row in (tmp_path / "gold.jsonl").read_text("utf-8").splitlines()}) == 3


def test_a_file_that_cannot_be_written_is_one_clear_line(tmp_path):
    with pytest.raises(UsageError, match="cannot be written"):
        write([], tmp_path)
