"""app/warm.py: a process that has the library open answers for commands that begin cold, to its own user alone."""

from __future__ import annotations

import json
import stat
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from multiprocessing import AuthenticationError
from multiprocessing.connection import Client
from pathlib import Path

import pytest
from typer.testing import CliRunner

from app import warm
from app.cli import app
from rag.library import Library
from rag.settings import Settings

PROJECT = Path(__file__).parents[2]
QUESTION = {"question": "Who was the keeper?", "history": [], "model": "quote"}


@pytest.fixture
def served(library):
    with warm.serving(library):
        yield library.settings
    assert not (library.folder / warm.CARD).exists()


def test_it_answers_as_the_library_does(served, library):
    found = warm.search(served, {"query": "the lifeboat", "k": 3})
    assert found.hits == library.search("the lifeboat", k=3).hits and len(found) == 3
    answer, own = warm.ask(served, QUESTION), library.ask("Who was the keeper?", model="quote")
    assert (answer.answer, answer.citations, answer.hits, answer.model) == (own.answer, own.citations, own.hits, "quote")


def test_a_command_takes_its_answer_and_opens_nothing(served, library, monkeypatch):
    monkeypatch.setattr(Library, "open", lambda *_, **__: pytest.fail("opened"))
    at = ["--library", str(library.folder)]
    told = CliRunner().invoke(app, ["search", "the lifeboat", *at])
    assert told.exit_code == 0 and " 1. " in told.output
    told = CliRunner().invoke(app, ["ask", "Who was the keeper?", "--model", "quote", *at])
    assert told.exit_code == 0 and "[1]" in told.output


def test_a_command_that_is_answered_imports_next_to_nothing(served, library):
    code = "import sys; from app.cli import app; app(sys.argv[1:], standalone_mode=False); print('MODULES', *sys.modules)"
    command = [sys.executable, "-c", code, "search", "the lifeboat", "--library", str(library.folder)]
    done = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, timeout=120, check=True)
    loaded = {name.split(".")[0] for name in done.stdout.rpartition("MODULES")[2].split()}
    assert not loaded & {"numpy", "pymilvus", "onnxruntime", "torch", "grpc"}


@pytest.mark.parametrize("change", [{"rerank": False}, {"language": "standard"}, {"k": 3}])
def test_other_settings_are_not_answered_for(served, change):
    assert warm.search(served.model_copy(update=change), {"query": "the lifeboat"}) is None


def test_what_a_model_would_write_is_not_written_here(served, monkeypatch):
    from types import SimpleNamespace

    monkeypatch.setattr("rag.llm.choose", lambda *_: SimpleNamespace(chat=object()))
    assert warm.ask(served, QUESTION | {"model": "ollama:llama3"}) is None


def test_the_card_is_for_its_user_alone_and_without_its_key_nobody_is_answered(served, library):
    card = library.folder / warm.CARD
    assert stat.S_IMODE(card.stat().st_mode) == 0o600
    told = json.loads(card.read_text())
    with pytest.raises(AuthenticationError):
        Client(told["address"], authkey=b"guessed")
    assert warm.search(served, {"query": "the lifeboat"}), "and it goes on"


@pytest.mark.parametrize("sent", [b"no json", b"{}", b'{"method": "close", "words": {}, "as": []}', b"x" * (1 << 17)])
def test_what_is_no_question_is_hung_up_on(served, library, sent):
    told = json.loads((library.folder / warm.CARD).read_text())
    with Client(told["address"], authkey=bytes.fromhex(told["key"])) as connection, pytest.raises((EOFError, ConnectionError)):
        connection.send_bytes(sent)
        if not connection.recv_bytes():
            raise EOFError
    assert warm.search(served, {"query": "the lifeboat"})


def test_many_at_once_are_answered_or_sent_home(served):
    with ThreadPoolExecutor(12) as pool:
        found = list(pool.map(lambda _: warm.search(served, {"query": "the lifeboat"}), range(12)))
    assert any(found) and all(each is None or len(each) for each in found)


def test_a_card_that_was_left_leads_nowhere(tmp_path):
    settings = Settings(library=tmp_path)
    assert warm.search(settings, {"query": "light"}) is None
    for left in ('{"address": "/nowhere/at/all", "key": "00"}', "not json", "[]"):
        (tmp_path / warm.CARD).write_text(left)
        assert warm.search(settings, {"query": "light"}) is None


def test_a_fault_of_the_library_is_the_commands_to_tell(served, library, monkeypatch):
    def broken(*_, **__):
        raise RuntimeError("the index is gone")

    monkeypatch.setattr(Library, "search", broken)
    assert warm.search(served, {"query": "the lifeboat"}) is None
