"""Imports run one way, down the floors of the house, and in no circle; what is hard to carry is imported in one place each.

app -> rag.evaluate, ingest -> rag.library -> rag.answer -> rag.retrieve, rag.llm, rag.speech -> rag.storage, rag.embed, rag.pictures ->
rag.language, records, errors, settings, prompts. An import inside a function or under TYPE_CHECKING counts as any other.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import networkx
import pytest

REPO = Path(__file__).parents[1]
FILES = sorted(path.relative_to(REPO) for room in ("app", "ingest", "rag") for path in (REPO / room).rglob("*.py"))
FLOORS = (
    {"app"},
    {"rag.evaluate", "rag.adapt", "ingest"},
    {"rag", "rag.library", "rag.indexing", "rag.identity"},
    {"rag.answer"},
    {"rag.retrieve", "rag.llm", "rag.speech"},
    {"rag.storage", "rag.embed", "rag.pictures"},
    {"rag.language", "rag.records", "rag.errors", "rag.settings", "rag.prompts"},
)
FLOOR = {room: -number for number, rooms in enumerate(FLOORS) for room in rooms}
ANSWER = (  # the modules of rag.answer, whose room is the largest: each imports from below its own floor only
    {"followups"},
    {"chain"},
    {"compose"},
    {"condense", "context", "events", "overview", "refuse", "smalltalk", "tables", "verifier"},
    {"quote"},
    {"accounts", "cells"},
    {"evidence"},
)
ANSWER_FLOOR = {f"rag.answer.{name}": -number for number, names in enumerate(ANSWER) for name in names}
ALONE = {"rag.language"}  # imports nothing of ours
WITHIN_A_FLOOR = {
    ("rag", "rag.library"),
    ("rag.library", "rag.indexing"),
    ("rag.library", "rag.identity"),
    ("rag.adapt", "rag.evaluate"),
    ("rag.embed", "rag.pictures"),
    ("rag.storage", "rag.pictures"),
    ("rag.speech", "rag.llm"),
    ("rag.retrieve", "rag.speech"),
    ("rag.records", "rag.language"),
    ("rag.settings", "rag.errors"),
    ("rag.prompts", "rag.errors"),
    ("rag.prompts", "rag.settings"),
}
ONE_PLACE = {
    "pymilvus": "rag/storage/store.py",
    "milvus_lite": "rag/storage/milvus_lite.py",
    "rapidocr": "rag/pictures/ocr.py",
    "faster_whisper": "rag/speech/recognise.py",
    "av": "rag/speech/sound.py",
    "langchain_community": "",
}


def module(path: Path) -> str:
    return ".".join(path.with_suffix("").parts).removesuffix(".__init__")


MODULES = {module(path): path for path in FILES}


def named(path: Path) -> Iterator[str]:
    """Every dotted name that a file imports: of `from a import b` both `a.b`, where that is a module of ours, and else `a`."""
    for node in ast.walk(ast.parse((REPO / path).read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, f"{path}: imports are absolute"
            for alias in node.names:
                deep = f"{node.module}.{alias.name}"
                yield deep if deep in MODULES else str(node.module)


@cache
def arrows() -> frozenset[tuple[str, str]]:
    """(importer, imported) among the modules of ours."""
    return frozenset((name, other) for name, path in MODULES.items() for other in named(path) if other in MODULES and other != name)


def room(name: str) -> str:
    parts = name.split(".")
    return parts[0] if parts[0] != "rag" else ".".join(parts[:2])


def allowed(importer: str, imported: str) -> bool:
    above, below = room(importer), room(imported)
    if above == below:
        return True
    return above not in ALONE and (FLOOR[below] < FLOOR[above] or (above, below) in WITHIN_A_FLOOR)


def circles(graph: set[tuple[str, str]]) -> list[list[str]]:
    return sorted(sorted(each) for each in networkx.strongly_connected_components(networkx.DiGraph(graph)) if len(each) > 1)


def test_every_room_has_its_floor():
    assert {room(name) for name in MODULES} == set(FLOOR)


def test_imports_go_down_the_floors():
    assert not {arrow for arrow in arrows() if not allowed(*arrow)}


def test_an_answer_is_built_up_from_its_evidence_floor_by_floor():
    inner = {arrow for arrow in arrows() if all(name.startswith("rag.answer.") for name in arrow)}
    assert {name for name in MODULES if name.startswith("rag.answer.")} == set(ANSWER_FLOOR)
    assert not {(above, below) for above, below in inner if ANSWER_FLOOR[below] >= ANSWER_FLOOR[above]}


def test_modules_of_rag_stand_in_no_circle():
    assert circles({arrow for arrow in arrows() if all(name.startswith("rag") for name in arrow)}) == []


@pytest.mark.parametrize("package, place", ONE_PLACE.items())
def test_what_is_hard_to_carry_is_imported_in_one_place(package, place):
    found = [path.as_posix() for path in FILES if any(name.split(".")[0] == package for name in named(path))]
    assert found == ([place] if place else [])


@pytest.mark.parametrize("path", [path for path in FILES if (REPO / path).read_text("utf-8").strip()], ids=str)
def test_every_module_says_what_it_is_for(path):
    assert ast.get_docstring(ast.parse((REPO / path).read_text("utf-8")))


def test_the_rules_see_what_they_forbid():
    assert not allowed("rag.answer.chain", "rag.library") and not allowed("rag.retrieve.search", "rag.answer.chain")
    assert not allowed("rag.library", "ingest.pipeline") and not allowed("rag.storage.store", "rag.embed.base")
    assert not allowed("rag.language.words", "rag.records") and not allowed("rag.evaluate.run", "ingest")
    assert allowed("app.cli", "rag.errors") and allowed("ingest.pipeline", "rag.library") and allowed("rag.answer.chain", "rag.llm.base")
    assert circles({("a", "b"), ("b", "c"), ("c", "b"), ("c", "d")}) == [["b", "c"]]
