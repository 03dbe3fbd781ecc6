"""The README, held to what it says: its commands and examples run as written, its tables are whole, what it names is there.

They run in a folder that looks like a clone after `make chat`, the command line in this process. What is not as for a reader:
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
from typing import Any, NamedTuple

import pytest
import typer
from markdown_it import MarkdownIt

from app.cli import app, main
from ingest.readers import SUFFIXES
from rag.settings import PROJECT, Settings
from tests.models import tiny_clip
from tests.ollama_server import OllamaServer

TEXT = (PROJECT / "README.md").read_text("utf-8")
TOKENS = MarkdownIt("commonmark").enable("table").parse(TEXT)
INLINE = [child for token in TOKENS for child in token.children or ()]
CODE = [child.content for child in INLINE if child.type == "code_inline"]
COMMANDS = typer.main.get_command(app).commands  # type: ignore[attr-defined]
MADE = {"data/library"}  # named in the README, made at run time
DOCUMENT = "guide/skerrin-head.md"
OWN = "You are a keeper of lights."


class Block(NamedTuple):
    """A fenced block: its language, its text, its line in the README."""

    language: str
    text: str
    line: int


def _sections() -> dict[str, list[Block]]:
    found: dict[str, list[Block]] = {}
    for at, token in enumerate(TOKENS):
        if token.type == "heading_open":
            heading = TOKENS[at + 1].content
        elif token.type == "fence":
            found.setdefault(heading, []).append(Block(token.info, token.content, (token.map or [0])[0] + 1))
    return found


def table(first: str) -> list[list[str]]:
    """The cells, row by row, of the table whose first heading is `first`."""
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in TEXT.splitlines() if line.startswith("|")]
    start = next(at for at, row in enumerate(rows) if row[0] == first)
    body = rows[start + 2 :]
    return body[: next((at for at, row in enumerate(body[1:]) if set(body[at + 1][0]) == {"-"}), len(body))]


SECTIONS = _sections()


# ── running it ────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture(scope="module")
def clone(coast, tmp_path_factory) -> Path:
    """What a reader has after `make chat`, in small."""
    from ingest import ingest
    from rag import Library

    folder = tmp_path_factory.mktemp("readme") / "diptych"
    (folder / "data" / "gold").mkdir(parents=True)
    for name in ("Makefile", "pyproject.toml", "constraints.txt", "models.txt"):
        shutil.copy(PROJECT / name, folder)
    shutil.copytree(PROJECT / "prompts", folder / "prompts")
    shutil.copytree(PROJECT / "data" / "gold" / "queries", folder / "data" / "gold" / "queries")
    shutil.copytree(coast, folder / "my-folder")
    source, target = PROJECT / "data" / "sample" / DOCUMENT, folder / "data" / "sample" / DOCUMENT
    for name in ("", *re.findall(r"\]\((images/\S+)", source.read_text("utf-8"))):
        to = target.parent / name if name else target
        to.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(source.parent / name if name else source, to)
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
            case ["cp", prompt, folder]:
                subprocess.run(words, check=True)
                copy = Path(folder) / Path(prompt).name
                copy.write_text(copy.read_text("utf-8").replace("=== user ===\n", f"=== user ===\n{OWN}\n"), "utf-8")
            case ["ollama", "pull", model]:
                assert self.ollama.find(model), "the lines after it use another model than was pulled"
            case _:
                pytest.fail(f"The README names a program that this test does not know: {line}")

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


@pytest.mark.parametrize("section", SECTIONS)
def test_what_it_shows_runs_as_written(section, reader, clip):
    names: dict[str, Any] = {}
    for block in SECTIONS[section]:
        match block.language:
            case "sh":
                for line in filter(None, block.text.splitlines()):
                    reader.type(line)
            case "python":
                reader.capfd.readouterr()
                exec(compile("\n" * block.line + block.text, "README.md", "exec"), names)  # one after the other, as in one script
                assert reader.capfd.readouterr().out.strip()
            case "toml":
                told = tomllib.loads(block.text)
                from rag.embed import CLIP_MODEL

                assert told.get("joint_model", CLIP_MODEL) == CLIP_MODEL
                Path("diptych.toml").write_text(block.text.replace(CLIP_MODEL, clip.as_posix()), "utf-8")
                assert all(str(getattr(Settings.load(), name)) == str(value) for name, value in told.items() if name != "joint_model")
            case "json":
                assert_same_shape(json.loads(block.text), json.loads(reader.out))
            case "":
                pass  # the way of the data, for people
            case other:
                pytest.fail(f"Line {block.line}: this test does not know what to do with {other}.")


def assert_same_shape(shown: Any, real: Any, where: str = "") -> None:
    """The same names at every depth; `{}` and values stand for what is left out."""
    if isinstance(shown, dict) and shown:
        assert list(shown) == list(real), where
        for name, value in shown.items():
            assert_same_shape(value, real[name], f"{where}/{name}")
    elif isinstance(shown, list) and shown and isinstance(shown[0], dict):
        assert_same_shape(shown[0], real[0], where)


# ── its tables ────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_command_table_has_every_command_and_no_option_that_is_not_there():
    usages = [shlex.split(row[0].strip("`").replace("[", "").replace("]", "")) for row in table("command")]
    assert [usage[1] for usage in usages] == list(COMMANDS)
    for _, command, *words in usages:
        options = {option for parameter in COMMANDS[command].params for option in parameter.opts}
        assert {word for word in words if word.startswith("-")} <= options
        assert {"--library", "--json", "--debug"} <= options
    (port,) = [parameter for parameter in COMMANDS["chat"].params if "--port" in parameter.opts]
    assert ["diptych", "chat", "--port", str(port.default)] in usages and f"http://127.0.0.1:{port.default}" in TEXT


def test_the_settings_table_has_every_setting_with_its_default():
    rows = [(name, row[1].strip("`")) for row in table("setting") for name in re.findall(r"`(\w+)`", row[0])]
    assert [name for name, _ in rows] == list(Settings.model_fields)
    plain = {name: field.default for name, field in Settings.model_fields.items() if isinstance(field.default, (str, int))}
    assert len(plain) > 4
    for name, default in plain.items():
        assert dict(rows)[name] == (str(default).lower() if isinstance(default, bool) else str(default)), name
    assert dict(rows)["library"] == Settings().library.relative_to(PROJECT).as_posix()


def test_the_table_of_formats_is_that_of_the_readers():
    shown = {frozenset(re.findall(r"`(\S+)`", row[1])) for row in table("kind")}
    assert shown == {frozenset(suffix for suffix in SUFFIXES if SUFFIXES[suffix] == kind) for kind in set(SUFFIXES.values())}


# ── what it names ─────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_its_links_and_paths_lead_somewhere():
    headings = {TOKENS[at + 1].content for at, token in enumerate(TOKENS) if token.type == "heading_open"}
    anchors = {"#" + re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}
    targets = [str(child.attrs.get("href") or child.attrs.get("src")) for child in INLINE if child.type in ("link_open", "image")]
    assert len(targets) > 10
    for target in targets:
        if target.startswith("#"):
            assert target in anchors
        elif not target.startswith("https://"):
            assert (PROJECT / target).exists(), target
    paths = {code for code in CODE if re.fullmatch(r"[\w.-]+/[\w./-]*|[\w-]+\.(txt|py)", code)} - MADE
    assert len(paths) > 4 and all((PROJECT / path).exists() for path in paths), paths


def test_commands_in_its_sentences_exist():
    verbs = re.findall(r"(?m)^([a-z-]+):.*##", (PROJECT / "Makefile").read_text("utf-8"))
    named = [code.split() for code in CODE]
    assert {words[1] for words in named if words[0] == "make" and words[1:]} <= set(verbs)
    assert {words[1] for words in named if words[0].endswith("diptych") and words[1:]} <= {*COMMANDS, "COMMAND"}
    shown = {line for blocks in SECTIONS.values() for block in blocks for line in block.text.splitlines()}
    assert {f"make {verb}" for verb in verbs} - {"make help"} <= {*CODE, *shown}


def test_it_names_no_registry_and_no_place_of_one_machine():
    assert set(re.findall(r"https?://([\w.-]+)", TEXT)) == {"127.0.0.1", "ollama.com"}
    assert not re.search(r"pypi|(?:^|[\s`\"'(=])/\w", TEXT)


def test_its_numbers_are_those_of_the_project():
    project = tomllib.loads((PROJECT / "pyproject.toml").read_text("utf-8"))["project"]
    assert f"Python {project['requires-python'].removeprefix('>=')} or newer" in TEXT
    gold = (PROJECT / "data" / "gold" / "sample.jsonl").read_text("utf-8").splitlines()
    assert f"holds {len(gold)} questions" in TEXT
    assert project["license"] == "Apache-2.0" and "Apache License" in (PROJECT / "LICENSE").read_text("utf-8")
    assert re.search(r"(?m)^torch==", (PROJECT / "constraints.txt").read_text("utf-8"))
