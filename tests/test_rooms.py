"""Imports run one way, app -> ingest -> rag; only rag/storage/store.py knows pymilvus, with milvus_lite.py for its server."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

REPO = Path(__file__).parents[1]
FILES = sorted(path.relative_to(REPO) for room in ("app", "ingest", "rag") for path in (REPO / room).rglob("*.py"))
FORBIDDEN = {"rag": {"app", "ingest"}, "ingest": {"app"}, "app": set()}


def imported(path: Path) -> set[str]:
    names = set()
    for node in ast.walk(ast.parse((REPO / path).read_text("utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.add(node.module.split(".")[0])
    return names


@pytest.mark.parametrize("path", FILES, ids=str)
def test_imports(path):
    found = imported(path)
    assert not found & FORBIDDEN[path.parts[0]]
    assert path == Path("rag/storage/store.py") or "pymilvus" not in found
    assert path == Path("rag/storage/milvus_lite.py") or "milvus_lite" not in found
    assert "langchain_community" not in found


@pytest.mark.parametrize("path", [path for path in FILES if (REPO / path).read_text("utf-8").strip()], ids=str)
def test_every_module_says_what_it_is_for(path):
    assert ast.get_docstring(ast.parse((REPO / path).read_text("utf-8")))
