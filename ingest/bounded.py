"""How much text one file may give: a small one that unpacks without end, as by a long text that it repeats, ends there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ingest.blocks import Document, Text
from rag.errors import ReadError

MOST = 100_000_000  # characters, of a file that is not larger itself


def bounded(blocks: Iterable[Document | Text], most: int) -> Iterator[Document | Text]:
    """The blocks. Raises ReadError once their texts have more than `most` characters."""
    for block in blocks:
        most -= len(block.text) if isinstance(block, Text) else 0
        if most < 0:
            raise ReadError("It unpacks to more text than can be taken in.", "Save what is of use in it as a file of its own.")
        yield block
