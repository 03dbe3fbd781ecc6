"""The README, the pages in docs/ and CONTRIBUTING, held to what they say: their commands and examples run as written, their tables are
whole, and what they name is there.

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
from dataclasses import fields
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import typer
from markdown_it import MarkdownIt

import rag
from app.cli import app, main
from ingest.readers import SUFFIXES
from rag.evaluate.metrics import NAMES
from rag.evaluate.questions import Asked
from rag.evaluate.summary import summary
from rag.llm import packaged
from rag.prompts import REQUIRED
from rag.settings import PROJECT, Settings
from tests.models import tiny_clip
from tests.ollama_server import OllamaServer

COMMANDS = typer.main.get_command(app).commands  # type: ignore[attr-defined]
MADE = {"data/library", "diptych/library", "letters.zip/1931/may.txt"}  # named in the pages; made at run time, or an example
DOCUMENT = "guide/skerrin-head.md"
OWN = "You are a keeper of lights."


class Block(NamedTuple):
    """A fenced block: its section, its language, its text, its line in the page."""

    section: str
    language: str
    text: str
    line: int


class Page:
    """A page of the documentation: its text, and what of it can be held against the code."""

    def __init__(self, path: Path):
        self.path = path
        self.name = path.relative_to(PROJECT).as_posix()
        self.text = path.read_text("utf-8")
        tokens = MarkdownIt("commonmark").enable("table").parse(self.text)
        inline = [child for token in tokens for child in token.children or ()]
        self.code = [child.content for child in inline if child.type == "code_inline"]
        self.targets = [str(child.attrs.get("href") or child.attrs.get("src")) for child in inline if child.type in ("link_open", "image")]
        headings = [tokens[at + 1].content for at, token in enumerate(tokens) if token.type == "heading_open"]
        self.anchors = {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}
        self.blocks: list[Block] = []
        section = ""
        for at, token in enumerate(tokens):
            if token.type == "heading_open":
                section = tokens[at + 1].content
            elif token.type == "fence":
                self.blocks.append(Block(section, token.info, token.content, (token.map or [0])[0] + 1))

    def section(self, heading: str) -> str:
        """The text under a heading, to the next of its level or above."""
        (level, rest) = next(iter(re.findall(rf"(?ms)^(#+) {re.escape(heading)}$(.*)", self.text)))
        return re.split(rf"(?m)^#{{1,{len(level)}}} ", rest)[0]

    def table(self, first: str, within: str | None = None) -> list[list[str]]:
        """The cells, row by row, of the table whose first heading is `first`."""
        lines = (self.text if within is None else self.section(within)).splitlines()
        rows = [[cell.strip() for cell in re.split(r"(?<!\\)\|", line.strip("|"))] if line.startswith("|") else None for line in lines]
        start = next(at for at, row in enumerate(rows) if row and row[0] == first)
        body = rows[start + 2 :]
        return [row for row in body[: body.index(None) if None in body else len(body)] if row]


PATHS = [PROJECT / "README.md", PROJECT / "CONTRIBUTING.md", *sorted((PROJECT / "docs").glob("*.md"))]
PAGES = {page.name: page for page in map(Page, PATHS)}
README = PAGES["README.md"]


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


# ── their tables ──────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_command_table_has_every_command_and_no_option_that_is_not_there():
    page = PAGES["docs/commands.md"]
    usages = [shlex.split(row[0].strip("`").replace("[", "").replace("]", "")) for row in page.table("command")]
    assert [usage[1] for usage in usages] == list(COMMANDS)
    for _, command, *words in usages:
        assert {word for word in words if word.startswith("-")} <= options(command)
    (port,) = [parameter for parameter in COMMANDS["chat"].params if "--port" in parameter.opts]
    assert ["diptych", "chat", "--port", str(port.default)] in usages and f"http://127.0.0.1:{port.default}" in README.text


def options(command: str) -> set[str]:
    """What a command takes, by all its names, but for `-h` and `--help`."""
    return {name for parameter in COMMANDS[command].params for name in parameter.opts if name.startswith("-")}


@pytest.mark.parametrize("command", COMMANDS)
def test_every_option_of_a_command_is_told_under_its_name_and_none_that_is_not_there(command):
    page = PAGES["docs/commands.md"]

    def told(section: str) -> set[str]:
        rows = page.table("option", within=section) if "| option |" in page.section(section) else []
        return {option.split()[0] for row in rows for option in re.findall(r"`([^`]+)`", row[0])}

    assert told(command) | told("What every command takes") == options(command) | {"-h", "--help"}
    assert not told(command) & told("What every command takes")
    arguments = [parameter for parameter in COMMANDS[command].params if not parameter.opts[0].startswith("-")]
    usage = next(code for code in re.findall(r"`([^`]+)`", page.section(command)) if code.startswith(f"diptych {command}"))
    assert (len(usage.split()) > 2) == bool(arguments)


def test_the_settings_table_has_every_setting_with_its_default_and_its_place_in_the_environment():
    rows = {row[0].strip("`"): row[1:] for row in PAGES["docs/settings.md"].table("setting")}
    assert list(rows) == list(Settings.model_fields)
    assert all(row[0] == f"`DIPTYCH_{name.upper()}`" and len(row) == 3 and row[2] for name, row in rows.items())
    plain = {name: field.default for name, field in Settings.model_fields.items() if isinstance(field.default, (str, int, float))}
    assert len(plain) > 6
    for name, default in plain.items():
        shown = str(default).lower() if isinstance(default, bool) else str(default)
        assert rows[name][1].strip("`") == shown, name
    assert rows["library"][1].strip("`") == Settings().library.relative_to(PROJECT).as_posix()


def test_every_setting_is_read_from_the_environment_under_the_name_that_is_told(monkeypatch):
    values = {
        "profile": "clip",
        "language": "standard",
        "rerank": "false",
        "max_file_mb": "7",
        "read_seconds": "7.0",
        "num_ctx": "777",
        "k": "7",
    }
    for row in PAGES["docs/settings.md"].table("setting"):
        name, variable = row[0].strip("`"), row[1].strip("`")
        with monkeypatch.context() as here:
            here.setenv(variable, values.get(name, "given"))
            assert str(getattr(Settings.load(), name)).lower() == values.get(name, "given"), name


def test_the_table_of_formats_is_that_of_the_readers():
    shown = [frozenset(re.findall(r"`(\S+)`", row[1])) for row in PAGES["docs/formats.md"].table("kind")]
    assert len(shown) == len(set(shown))
    assert set(shown) == {frozenset(suffix for suffix in SUFFIXES if SUFFIXES[suffix] == kind) for kind in set(SUFFIXES.values())}


def test_every_field_of_a_question_file_and_every_metric_is_told():
    page = PAGES["docs/evaluation.md"]
    asked = {name for row in page.table("field") for name in re.findall(r"`([\w@]+)`", row[0])}
    assert asked == {field.name for field in fields(Asked)} - {"image", "row"} | {"image_query"}
    metrics = {name for row in page.table("metric") for name in re.findall(r"`([\w@]+)`", row[0])}
    assert metrics == {*NAMES, *summary([])["answer"]} - {"n"}


def test_every_public_name_of_the_library_is_told():
    page = PAGES["docs/python.md"]
    assert set(rag.__all__) <= set(page.code)
    errors = {name for name in rag.__all__ if isinstance(getattr(rag, name), type) and issubclass(getattr(rag, name), Exception)}
    assert {row[0].strip("`") for row in page.table("error")} == errors
    assert [row[0].strip("`") for row in page.table("event")] == ["Found", "Draft", "Checked", "Done"]


def test_every_prompt_is_told():
    assert [re.findall(r"\w+", row[0])[0] for row in PAGES["docs/models.md"].table("prompt")] == list(REQUIRED)


def test_the_readme_leads_to_every_page():
    linked = {target.partition("#")[0] for target in README.targets}
    assert linked >= {*PAGES} - {"README.md"}
    assert [row[0] for row in README.table("page")] and len(README.text.split()) <= 1500
    assert len(PAGES["CONTRIBUTING.md"].text.split()) <= 800


# ── what they name ────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("name", PAGES)
def test_links_and_paths_lead_somewhere(name):
    page = PAGES[name]
    assert page.targets
    for target in page.targets:
        if not target.startswith("https://"):
            path, _, anchor = target.partition("#")
            file = page.path.parent / path if path else page.path
            assert file.exists(), target
            if anchor:
                to = Page(file) if file.suffix == ".md" else None
                assert to is not None and anchor in to.anchors, target
    paths = {code for code in page.code if re.fullmatch(r"[\w.-]+/[\w./-]*|[\w-]+\.txt", code)} - MADE
    drawn = "".join(block.text for block in page.blocks if not block.language)
    paths |= set(re.findall(r"(?:app|ingest|rag)/[\w/]*(?:\.py|(?<=/))", drawn))
    assert not {path for path in paths if not any((folder / path).exists() for folder in (PROJECT, PROJECT / "data" / "sample"))}


@pytest.mark.parametrize("name", PAGES)
def test_flags_and_variables_in_their_sentences_exist(name):
    page = PAGES[name]
    flags = {word for code in page.code for word in code.split() if re.fullmatch(r"--[a-z-]+", word)}
    assert flags <= {"--help", "--version"}.union(*map(options, COMMANDS))
    assert {variable.lower() for variable in re.findall(r"DIPTYCH_(\w+)", page.text)} <= set(Settings.model_fields)
    assert set(re.findall(r"packaged:[\w.-]+", page.text)) <= {packaged.NAME}


def test_commands_in_their_sentences_exist():
    verbs = re.findall(r"(?m)^([a-z-]+):.*##", (PROJECT / "Makefile").read_text("utf-8"))
    code = [each for page in PAGES.values() for each in page.code]
    named = [words for each in code if (words := each.split())]
    assert {words[1] for words in named if words[0] == "make" and words[1:]} <= set(verbs)
    assert {words[1] for words in named if words[0].endswith("diptych") and words[1:]} <= {*COMMANDS, "COMMAND", "--help", "--version"}
    extras = tomllib.loads((PROJECT / "pyproject.toml").read_text("utf-8"))["project"]["optional-dependencies"]
    assert {extra for each in code for extra in re.findall(r"-e '\.\[(\w+)\]'", each)} <= set(extras)
    shown = {line for page in PAGES.values() for block in page.blocks for line in block.text.splitlines()}
    assert {f"make {verb}" for verb in verbs} - {"make help"} <= {*code, *shown}


@pytest.mark.parametrize("name", PAGES)
def test_a_page_names_no_registry_and_no_place_of_one_machine(name):
    text = PAGES[name].text
    assert set(re.findall(r"https?://([\w.-]+)", text)) <= {"127.0.0.1", "ollama.com"}
    assert not re.search(r"pypi|(?:^|[\s`\"'(=])/\w", text)


def test_numbers_are_those_of_the_project():
    project = tomllib.loads((PROJECT / "pyproject.toml").read_text("utf-8"))["project"]
    assert f"Python {project['requires-python'].removeprefix('>=')} or newer" in README.text
    gold = (PROJECT / "data" / "gold" / "sample.jsonl").read_text("utf-8").splitlines()
    assert f"holds {len(gold)} questions" in PAGES["docs/evaluation.md"].text
    assert project["license"] == "Apache-2.0" and "Apache License" in (PROJECT / "LICENSE").read_text("utf-8")
    assert re.search(r"(?m)^torch==", (PROJECT / "constraints.txt").read_text("utf-8"))


def test_the_same_figure_is_told_the_same_everywhere():
    first, whole = README.table("`make eval`"), PAGES["docs/evaluation.md"].table("`make eval`")
    assert len(first) == 6 and [row[:5] for row in whole] == first
    measured = {(row[0], row[1]): row for row in Page(PROJECT / "benchmarks" / "retrieval.md").table("corpus")}
    names = {"the sample": "sample", "Debian Edu's manual": "debian-edu", "KiCad's manuals": "kicad"}
    corpus = ""
    for name, kind, questions, hit_1, hit_5, mrr in whole:
        corpus = names.get(name, corpus)
        row = measured[corpus, kind]
        assert row[2] == questions
        for shown, exact in ((hit_1, row[3]), (hit_5, row[4]), (mrr, row[7])):
            assert abs(float(shown) - float(exact)) <= 0.0051, (corpus, kind)
