"""The notebooks run from top to bottom, on a small part of the sample, and are kept without what they printed."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

from rag.settings import PROJECT

NOTEBOOKS = sorted((PROJECT / "notebooks").glob("*.ipynb"))
DOCUMENT = "guide/skerrin-head.md"

pytestmark = pytest.mark.first


@pytest.fixture(scope="module")
def data(tmp_path_factory) -> Path:
    """A folder like `data`: one document of the sample with two of its pictures, and gold that has a miss and an unanswerable question."""
    folder = tmp_path_factory.mktemp("notebooks") / "data"
    images = folder / "sample" / "guide" / "images"
    images.mkdir(parents=True)
    sample, gold = PROJECT / "data" / "sample", PROJECT / "data" / "gold"
    shutil.copy(sample / DOCUMENT, folder / "sample" / "guide")
    for name in ("skerrin-head.png", "fresnel-section.png"):
        shutil.copy(sample / "guide" / "images" / name, images)
    shutil.copytree(gold / "queries", folder / "gold" / "queries")
    rows = [json.loads(line) for line in (gold / "sample.jsonl").read_text("utf-8").splitlines()]
    chosen = [row for row in rows if [need.get("source") for need in row["relevant"]] == [DOCUMENT]][:2]
    chosen += [next(row for row in rows if row["relevant"] and row["relevant"][0].get("image", "").endswith("skerrin-head.png"))]
    chosen += [next(row for row in rows if not row["answerable"])]
    chosen += [{"id": "missed", "question": "Show me a unicorn", "relevant": [{"image": "unicorn.png"}]}]
    (folder / "gold" / "sample.jsonl").write_text("".join(json.dumps(row) + "\n" for row in chosen), "utf-8")
    return folder


@pytest.fixture
def ran(data, monkeypatch):
    """A notebook with what it printed: the texts and the kinds of its outputs, cell by cell."""
    monkeypatch.setenv("NOTEBOOK_DATA", str(data))
    monkeypatch.setenv("PYTHONPATH", str(PROJECT))

    def run(name: str) -> list[tuple[str, list[str]]]:
        notebook = nbformat.read(PROJECT / "notebooks" / name, as_version=4)
        NotebookClient(notebook, timeout=120, resources={"metadata": {"path": str(data)}}).execute()
        cells = []
        for cell in notebook.cells:
            if cell.cell_type == "code":
                bundles = [output.get("data", {"text/plain": output.get("text", "")}) for output in cell.outputs]
                cells.append(
                    ("\n".join(str(bundle.get("text/plain", "")) for bundle in bundles), [kind for each in bundles for kind in each])
                )
        return cells

    return run


def test_evaluation(ran):
    built, retrieval, answers, drawn, routes, misses, compared, changed, _ = ran("evaluation.ipynb")
    assert built[0].startswith("3 files, ")
    assert "ndcg@10" in retrieval[0] and "refusal_auc" in answers[0]
    assert drawn[1].count("image/png") == 5
    assert all(name in routes[0] for name in ("dense", "bm25", "visual", "as asked"))
    assert "1 of 4 questions" in misses[0] and "unicorn.png" in misses[0] and "image/png" in misses[1]
    assert "ndcg@10" in compared[0] and "wins" in compared[0] and "gain" in changed[0]


def test_retrieval(ran):
    _, _, words, pictures, looks, both, routes, moves, _ = ran("retrieval.ipynb")
    assert DOCUMENT in words[0] and pictures[1].count("image/png") == 2
    assert looks[1].count("image/png") >= 2 and both[1].count("image/png") >= 1
    assert all(f"{route}: " in routes[0] for route in ("dense", "bm25", "visual"))
    assert "fused" in moves[0] and DOCUMENT in moves[0]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_they_are_kept_without_output(path):
    for cell in nbformat.read(path, as_version=4).cells:
        assert cell.cell_type == "markdown" or (not cell.outputs and cell.execution_count is None)
        assert "/home" not in cell.source and str(Path.home()) not in cell.source


def test_there_are_two():
    assert [path.stem for path in NOTEBOOKS] == ["evaluation", "retrieval"]
