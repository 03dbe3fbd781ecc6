"""A command that asks begins soon: what it does not need, it does not import."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

PROJECT = Path(__file__).parents[2]
HEAVY = {
    "torch", "transformers", "sentence_transformers", "spacy", "sklearn", "scipy", "onnx", "langchain", "langchain_core", "streamlit",
    "matplotlib", "cv2", "rapidocr", "xllamacpp", "py3langid",
}  # fmt: skip


@pytest.mark.parametrize("words", [["search", "the keeper of the light"], ["ask", "Who was the keeper?", "--model", "quote"]], ids=" ".join)
def test_a_question_imports_nothing_heavy(library, words):
    code = "import sys; from app.cli import app; app(sys.argv[1:], standalone_mode=False); print('MODULES', *sys.modules)"
    command = [sys.executable, "-c", code, *words, "--library", str(library.folder)]
    done = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    told, _, loaded = done.stdout.rpartition("MODULES")
    assert len(told) > 30, "it found something"
    assert not {name.split(".")[0] for name in loaded.split()} & HEAVY
