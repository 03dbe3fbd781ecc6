"""What the README, the pages in docs/ and CONTRIBUTING show, run as written.

It runs in a folder that looks like a clone after `make chat`, the command line in this process. What is not as for a reader:
`data/sample` has one of the sample's documents, and the gold three rows; `my-folder` is the tests' coast; a line that names Ollama meets
the tests' Ollama server; the hub name of a CLIP becomes the folder of a tiny one; who copies a prompt adds a line to it. `ollama pull` is
another program's command, so only its model is compared. `make` verbs are asked for what they would run (`make -n`), and of that the
commands of Diptych that take in and measure are run; installing, serving and the suite itself are left to CI and the browser tests.
"""

from __future__ import annotations

import json
import re
import shlex
import shutil
import subprocess
import sys
import tomllib
from contextlib import chdir
from pathlib import Path
from typing import Any

import pytest

from app.cli import main
from rag.settings import PROJECT, Settings
from tests.models import tiny_clip
from tests.ollama_server import OllamaServer
from tests.pages import PAGES

DOCUMENT = "guide/skerrin-head.md"
OWN = "You are a keeper of lights."

pytestmark = pytest.mark.first


@pytest.fixture(scope="module")
def clone(coast, tmp_path_factory) -> Path:
    """What a reader has after `make chat`, in small."""
    from ingest import ingest
    from rag import Library

    folder = tmp_path_factory.mktemp("readme") / "diptych"
    (folder / "data" / "gold").mkdir(parents=True)
    (folder / "rag" / "llm").mkdir(parents=True)
    for name in ("Makefile", "pyproject.toml", "constraints.txt", "models.txt", "rag/llm/packaged.toml"):
        shutil.copy(PROJECT / name, folder / name)
    shutil.copytree(PROJECT / "prompts", folder / "prompts")
    shutil.copytree(PROJECT / "data" / "gold" / "queries", folder / "data" / "gold" / "queries")
    shutil.copytree(coast, folder / "my-folder")
    source, target = PROJECT / "data" / "sample" / DOCUMENT, folder / "data" / "sample" / DOCUMENT
    for name in ("", *re.findall(r"\]\((images/\S+)", source.read_text("utf-8"))):
        to = target.parent / name if name else target
        to.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(source.parent / name if name else source, to)
    (folder / "data" / "sample" / "spoken").mkdir()
    for spoken in (PROJECT / "data" / "sample" / "spoken").glob("helen-carter-1987.*"):
        shutil.copy(spoken, folder / "data" / "sample" / "spoken")
    gold = [json.loads(line) for line in (PROJECT / "data" / "gold" / "sample.jsonl").read_text("utf-8").splitlines()]
    rows = [
        next(row for row in gold if [need.get("source") for need in row.get("relevant", ())] == [DOCUMENT]),
        next(row for row in gold if "image_query" in row),
        next(row for row in gold if row.get("answerable") is False),
    ]
    (folder / "data" / "gold" / "sample.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    with Library.open(folder / "data" / "library", Settings()) as library:
        assert not ingest([folder / "data" / "sample"], library).failed
    return folder


@pytest.fixture(scope="module")
def clip(tmp_path_factory) -> Path:
    return tiny_clip(tmp_path_factory.mktemp("models") / "clip")


class Reader:
    """Someone who types what the README says; `out` is what the last command printed."""

    def __init__(self, clone: Path, monkeypatch, capfd, ollama: OllamaServer):
        self.clone, self.monkeypatch, self.capfd, self.ollama = clone, monkeypatch, capfd, ollama
        self.out = ""

    def type(self, line: str) -> None:
        words = shlex.split(line)
        set_here: dict[str, str] = {}
        while words and "=" in words[0]:
            name, _, value = words.pop(0).partition("=")
            set_here[name] = value
            assert name == "OLLAMA_HOST" or name.removeprefix("DIPTYCH_").lower() in Settings.model_fields, line
        if "ollama" in line.lower():
            set_here["OLLAMA_HOST"] = self.ollama.host
        with self.monkeypatch.context() as here:
            for name, value in set_here.items():
                here.setenv(name, value)
            self._run(line, words, here)

    def _run(self, line: str, words: list[str], here) -> None:
        match words:
            case [".venv/bin/diptych", *rest, ">", file]:
                self._diptych(line, rest, here)
                Path(file).write_text(self.out, "utf-8")
            case [".venv/bin/diptych", *rest]:
                self._diptych(line, rest, here)
            case ["make", *_]:
                would = subprocess.run([words[0], "-n", *words[1:]], capture_output=True, text=True)
                assert would.returncode == 0 and would.stdout, f"{line}: {would.stderr}"
                for step in would.stdout.splitlines():
                    if step.startswith(".venv/bin/diptych") and not step.startswith(".venv/bin/diptych chat") and "|" not in step:
                        self._diptych(step, shlex.split(step)[1:], here)
            case ["mkdir", *_]:
                subprocess.run(words, check=True)
            case ["printf", *printed, ">", file]:
                Path(file).write_bytes(subprocess.run(["printf", *printed], check=True, capture_output=True).stdout)
            case ["cp", prompt, folder]:
                subprocess.run(words, check=True)
                copy = Path(folder) / Path(prompt).name
                copy.write_text(copy.read_text("utf-8").replace("=== user ===\n", f"=== user ===\n{OWN}\n"), "utf-8")
            case ["ollama", "pull", model]:
                assert self.ollama.find(model), "the lines after it use another model than was pulled"
            case _:
                pytest.fail(f"A page names a program that this test does not know: {line}")

    def _diptych(self, line: str, words: list[str], here) -> None:
        asked = len(self.ollama.chats)
        here.setattr(sys, "argv", ["diptych", *words])
        self.capfd.readouterr()
        with pytest.raises(SystemExit) as end:
            main()
        self.out, err = self.capfd.readouterr()
        assert not end.value.code, f"{line}\n{self.out}{err}"
        assert self.out and "Nothing was found" not in err and "I do not know" not in self.out, f"{line}\n{self.out}{err}"
        if "ollama" in line.lower():
            assert len(self.ollama.chats) > asked and "Answered by ollama:llama3" in err, f"{line}\n{err}"
            sent = self.ollama.chats[-1]
            settings = Settings.load()
            assert sent["options"]["num_ctx"] == settings.num_ctx
            assert (OWN in sent["messages"][-1]["content"]) == (settings.prompts is not None)


@pytest.fixture
def reader(clone, monkeypatch, capfd):
    monkeypatch.setattr("rag.settings.PROJECT", clone)
    with OllamaServer() as ollama, chdir(clone):
        yield Reader(clone, monkeypatch, capfd, ollama)
        Path("diptych.toml").unlink(missing_ok=True)


@pytest.mark.parametrize("name", PAGES)
def test_what_a_page_shows_runs_as_written(name, reader, clip):
    names: dict[str, Any] = {}  # of the page's Python: one block after the other, as in one script
    section = None
    for block in PAGES[name].blocks:
        if block.section != section:
            section = block.section
            Path("diptych.toml").unlink(missing_ok=True)
        match block.language:
            case "sh":
                for line in filter(None, block.text.splitlines()):
                    reader.type(line)
            case "python":
                reader.capfd.readouterr()
                exec(compile("\n" * block.line + block.text, name, "exec"), names)
                assert reader.capfd.readouterr().out.strip()
            case "toml":
                told = tomllib.loads(block.text)
                from rag.embed import CLIP_MODEL

                assert told.get("joint_model", CLIP_MODEL) == CLIP_MODEL
                Path("diptych.toml").write_text(block.text.replace(CLIP_MODEL, clip.as_posix()), "utf-8")
                assert all(str(getattr(Settings.load(), key)) == str(value) for key, value in told.items() if key != "joint_model")
            case "json":
                assert_same_shape(json.loads(block.text), json.loads(reader.out))
            case "":
                pass  # a drawing, for people
            case other:
                pytest.fail(f"{name}, line {block.line}: this test does not know what to do with {other}.")


def test_the_pages_that_show_commands_are_run():
    shown = {name: {block.language for block in page.blocks} for name, page in PAGES.items()}
    assert {"sh", "python"} <= shown["README.md"] and {"sh", "json"} <= shown["docs/commands.md"] and "python" in shown["docs/python.md"]
    assert {"sh", "toml"} <= shown["docs/models.md"] and "sh" in shown["docs/evaluation.md"]


def assert_same_shape(shown: Any, real: Any, where: str = "") -> None:
    """The same names at every depth; `{}` and values stand for what is left out."""
    if isinstance(shown, dict) and shown:
        assert list(shown) == list(real), where
        for name, value in shown.items():
            assert_same_shape(value, real[name], f"{where}/{name}")
    elif isinstance(shown, list) and shown and isinstance(shown[0], dict):
        assert_same_shape(shown[0], real[0], where)
