"""The README, the pages in docs/ and CONTRIBUTING, held to the code: their tables are whole, and what they name is there."""

from __future__ import annotations

import re
import shlex
import tomllib
from dataclasses import fields

import pytest
import typer

import rag
from app.cli import app
from ingest.readers import SUFFIXES
from rag.evaluate.metrics import NAMES
from rag.evaluate.questions import Asked
from rag.evaluate.summary import summary
from rag.llm.packaged import READERS
from rag.prompts import REQUIRED
from rag.settings import PROJECT, Settings
from tests.pages import PAGES, README, Page

COMMANDS = typer.main.get_command(app).commands  # type: ignore[attr-defined]
MADE = {
    "artefacts/screens",
    "data/library",
    "diptych/encoders",
    "diptych/library",
    "diptych/prompts",
    "diptych/readers",
    "diptych/speeds.json",
    "letters.zip/1931/may.txt",
    "share/diptych",
}  # named in the pages; made at run time, or an example


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
        "threads": "7",
        "gpu_layers": "7",
        "k": "7",
        "chat_language": "de",
        "theme": "dark",
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
    assert set(re.findall(r"packaged:[\w.-]+", page.text)) <= {reader.spec for reader in READERS.values()}


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
