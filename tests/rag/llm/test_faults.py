"""The fault table of Ollama, over real HTTP, as who asks meets it: a line that says what to do, with what already came kept."""

from __future__ import annotations

import json
import re
import sys

import pytest

from app.cli import main
from app.doctor import examine
from rag.llm import address
from rag.settings import Settings
from tests.ollama_server import OllamaServer, ServedModel

QUESTION = "When was the light at Hollin Point built?"
TOLD = "The light at Hollin Point was built in 1791 by Marta Quill [1]. It is white and stands above the sea [1]."
FIRST = "The light at Hollin Point was built in 1791 by Marta Quill"
OOM = "an error was encountered while running the model: CUDA error: out of memory"


@pytest.fixture
def server(monkeypatch):
    with OllamaServer(answer=lambda _: TOLD) as running:
        monkeypatch.setenv("OLLAMA_HOST", running.host)
        yield running


@pytest.fixture
def run(library, capfd, monkeypatch):
    """A command on the shared library: its status, and what it printed to each side."""

    def run(*words: str) -> tuple[int, str, str]:
        capfd.readouterr()
        monkeypatch.setattr(sys, "argv", ["diptych", *words, "--library", str(library.folder)])
        with pytest.raises(SystemExit) as end:
            main()
        return end.value.code or 0, *capfd.readouterr()

    return run


@pytest.mark.parametrize(
    "fault, words, after, said, hint, kept",
    [
        ("error", {}, 14, "CUDA error", "choose another model", FIRST),
        ("error", {"error": OOM}, 14, "does not fit into the memory", "smaller model", FIRST),
        ("stall", {}, 14, "has not written anything for a long time", "ollama ps", FIRST),
        ("cut", {}, 14, "broke the connection", "ollama ps", FIRST),
        ("end", {}, 14, "stopped in the middle", "ollama ps", FIRST),
        ("memory", {}, 0, "does not fit into the memory", "smaller `num_ctx`", "1791"),
        ("load", {}, 0, "busy", "Ask again", "1791"),
        ("stall", {}, 0, "has not written anything", "ollama ps", "1791"),
    ],
    ids=["error", "out of memory", "stall", "cut", "end", "memory at once", "busy", "stall at once"],
)
def test_a_fault_is_told_with_what_to_do_and_what_came_is_kept(library, server, monkeypatch, fault, words, after, said, hint, kept):
    if fault == "stall":
        monkeypatch.setattr(address, "SILENCE_SECONDS", 1.0)
    server.fault, server.fault_after = fault, after
    for name, value in words.items():
        setattr(server, name, value)
    answer = library.ask(QUESTION, model="ollama:llama3")
    assert said in answer.error and hint in answer.error and "\n" not in answer.error
    assert kept in answer.answer and answer.citations
    assert answer.fallback == (None if after else "quote"), "where nothing came, the passages are quoted"


def test_a_prompt_whose_front_the_server_dropped_is_told(library, server):
    server.models = [ServedModel(context=700)]
    words = " ".join(["Hollin"] * 2000)
    answer = library.ask(f"{QUESTION} {words}", model="ollama:llama3")
    assert "read only 700 of about" in answer.error and "num_ctx" in answer.error


def test_the_command_line_tells_a_fault_in_mid_answer(run, server):
    server.fault, server.fault_after = "error", 14
    status, out, err = run("ask", QUESTION, "--model", "ollama:llama3")
    assert status == 1 and FIRST in out and "CUDA error" in err and "Traceback" not in err
    status, out, _ = run("ask", QUESTION, "--model", "ollama:llama3", "--json")
    answer = json.loads(out)
    assert status == 1 and FIRST in answer["answer"] and "CUDA error" in answer["error"]


def test_the_command_line_loads_the_model_while_it_still_searches(run, server):
    assert run("ask", QUESTION, "--model", "ollama:llama3")[0] == 0
    asked = [path for path, _ in server.requests if path in ("/api/generate", "/api/chat")]
    assert asked == ["/api/generate", "/api/chat"]


def test_the_command_line_tells_that_the_model_has_not_seen_the_picture(run, server, coast):
    words = ("ask", QUESTION, "--image", str(coast / "pictures" / "tower.png"), "--model")
    assert "The model has not seen your picture" in run(*words, "ollama:llama3")[2]
    server.models.append(ServedModel("llava:latest", ("completion", "vision")))
    assert "not seen" not in run(*words, "ollama:llava")[2]


@pytest.mark.parametrize(
    "there, model, said",
    [(False, "ollama:llama3", "Ollama does not answer"), (True, "ollama:mistral", "no model 'mistral'")],
    ids=["server down", "unknown model"],
)
def test_without_a_model_the_command_line_says_what_to_do(run, server, monkeypatch, there, model, said):
    if not there:
        monkeypatch.setenv("OLLAMA_HOST", "127.0.0.1:9")
    status, out, err = run("ask", QUESTION, "--model", model)
    assert status == 2 and not out and said in err
    assert ("ollama pull mistral" if there else "ollama serve") in err


# ── diptych doctor ────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_doctor_has_a_missing_model_fetched_with_its_progress(run, server, monkeypatch):
    server.models, server.pullable = [], ("mistral",)
    monkeypatch.setenv("DIPTYCH_LLM", "ollama:mistral")
    monkeypatch.setattr("app.output.LINE_SECONDS", 0.0)
    status, out, err = run("doctor")
    assert status == 1 and re.search(r"MEND +What answers +Ollama has no model 'mistral'", out)
    assert "Get mistral with `diptych doctor --pull`." in out and not server.models
    status, out, err = run("doctor", "--pull")
    assert status == 0 and "ollama:mistral, with 8192 tokens" in out
    assert "mistral: pulling manifest" in err and "mistral: success" in err and "2 of 4" in err
    assert run("doctor", "--pull")[0] == 0, "there is nothing to fetch any more"
    assert [path for path, _ in server.requests].count("/api/pull") == 1


@pytest.mark.parametrize("yes", [True, False])
def test_the_doctor_asks_at_a_terminal(run, server, monkeypatch, yes):
    server.models = []
    monkeypatch.setenv("DIPTYCH_LLM", "auto")
    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    asked = []
    monkeypatch.setattr("app.cli.typer.confirm", lambda question, **_: asked.append(question) or yes)
    status, out, _ = run("doctor")
    assert status == 0 and asked == ["Ollama does not have llama3. Fetch it now?"]
    assert ("auto is ollama:llama3" in out) is yes and bool(server.models) is yes


def test_the_doctor_tells_a_model_that_nobody_can_fetch(run, server, monkeypatch):
    server.models, server.pullable = [], ()
    monkeypatch.setenv("DIPTYCH_LLM", "ollama:nosuch")
    status, out, _ = run("doctor", "--pull", "--json")
    assert status == 2 and json.loads(out)["error"] == "Ollama's library has no model 'nosuch'."


def test_the_doctor_reads_the_prompts(tmp_path):
    def prompts(folder):
        return next(check for check in examine(Settings(library=tmp_path / "none", prompts=folder)) if check.name == "prompts")

    assert prompts(None).detail == "the shipped ones"
    (tmp_path / "answer.md").write_text("=== user ===\n{question} {context}", "utf-8")
    (tmp_path / "anwser.md").write_text("=== user ===\n{question} {context}", "utf-8")
    good = prompts(tmp_path)
    assert good.ok and good.detail.startswith("answer.md from ") and "anwser.md" in good.hint
    (tmp_path / "answer.md").write_text("=== user ===\n{question}", "utf-8")
    bad = prompts(tmp_path)
    assert not bad.ok and "lacks the variable 'context'" in bad.detail and "{context}" in bad.hint
