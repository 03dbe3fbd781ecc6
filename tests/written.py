"""A library of documents that a test writes down."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from ingest import ingest
from rag import Library, Settings


@contextmanager
def library_of(texts: Mapping[str, str], folder: Path, **settings: Any) -> Iterator[Library]:
    """A library in `folder` of these texts by the names of their files, which may have folders in them."""
    documents, library = folder / "documents", folder / "library"
    for name, text in texts.items():
        (documents / name).parent.mkdir(parents=True, exist_ok=True)
        (documents / name).write_text(text, "utf-8")
    with Library.open(library, Settings(library=library, **settings)) as opened:
        assert not ingest([documents], opened).failed
        yield opened
