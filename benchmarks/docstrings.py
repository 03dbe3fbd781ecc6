"""Real texts that every machine has: paragraphs of the documentation strings of Python's standard library."""

from __future__ import annotations

import ast
import random
import re
import sysconfig
from pathlib import Path

PARAGRAPHS, QUERIES = 4_000, 100


def paragraphs() -> list[str]:
    """PARAGRAPHS of them, and QUERIES further ones; of 60 to 300 characters, in an order by chance that is always the same."""
    found: dict[str, None] = {}
    for file in sorted(Path(sysconfig.get_paths()["stdlib"]).glob("**/*.py")):
        if "site-packages" in file.parts or "test" in file.parts:
            continue
        try:
            tree = ast.parse(file.read_text(errors="ignore"))
        except SyntaxError:
            continue
        for node in ast.walk(tree):
            if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef):
                for part in re.split(r"\n\s*\n", ast.get_docstring(node) or ""):
                    if 60 < len(text := " ".join(part.split())) < 300:
                        found.setdefault(text)
    texts = list(found)
    random.Random(7).shuffle(texts)
    return texts[: PARAGRAPHS + QUERIES]
