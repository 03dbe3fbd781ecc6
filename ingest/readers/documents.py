"""Documents that a LangChain loader gave, as `ingest.loaders` keeps them: JSON Lines of `page_content` and `metadata`."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ingest.blocks import Block, Text
from ingest.readers.text import MAX_WHOLE
from rag.errors import ReadError
from rag.records import HEADING_SEPARATOR, Locator

if TYPE_CHECKING:
    from rag.pictures.ocr import Ocr

_HEADINGS = ("title", "section", *(f"Header {level}" for level in range(1, 7)))  # the last are MarkdownHeaderTextSplitter's
_SHEETS = ("sheet", "sheet_name", "page_name")
_PARAGRAPHS = re.compile(r"\n[^\S\n]*\n\s*")


def read(path: Path, source: str, root: Path, ocr: Ocr | None) -> Iterator[Block]:
    """One Text a paragraph, placed by its document's metadata.

    `page_number` is taken as it is, counted from 1; `page` is counted from 0, as PyPDFLoader and its like do. The heading path is what
    `title`, `section` and `Header 1` to `Header 6` hold, in this order; the sheet is `sheet`, `sheet_name` or `page_name`.
    Raises ReadError where a line is no document, or over 32 MB.
    """
    for number, line in enumerate(_lines(path), 1):
        try:
            document = json.loads(line)
            content, metadata = document["page_content"], document.get("metadata") or {}
            locator = _place(metadata)
            paragraphs = _PARAGRAPHS.split(content.replace("\x00", ""))
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
            raise ReadError(f"Line {number} is no document.", "Write it anew with `ingest_loader`.") from None
        yield from (Text(paragraph, locator) for paragraph in paragraphs if paragraph.strip())


def _lines(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while line := file.readline(MAX_WHOLE + 1):
            if len(line) > MAX_WHOLE:
                raise ReadError(f"A document in it is over {MAX_WHOLE // 1_000_000} MB.", "Let the loader give smaller documents.")
            if line.strip():
                yield line


def _place(metadata: Mapping[str, Any]) -> Locator:
    from_one, from_zero = _count(metadata.get("page_number"), 1), _count(metadata.get("page"), 0)
    headings = dict.fromkeys(_word(metadata.get(name)) for name in _HEADINGS)
    return Locator(
        page=from_one or (None if from_zero is None else from_zero + 1),
        heading=HEADING_SEPARATOR.join(filter(None, headings)) or None,
        sheet=next(filter(None, (_word(metadata.get(name)) for name in _SHEETS)), None),
    )


def _count(value: object, start: int) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) and value >= start else None


def _word(value: object) -> str | None:
    return " ".join(value.split()) or None if isinstance(value, str) else None
