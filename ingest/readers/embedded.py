"""Files that are put into Office documents (a workbook in a letter): those that a reader knows are read after all else."""

from __future__ import annotations

import zipfile
from collections.abc import Iterable, Iterator
from pathlib import PurePath
from typing import TYPE_CHECKING

from ingest.blocks import Block
from ingest.readers.attached import attached
from ingest.readers.packed import part
from rag.errors import ReadError

if TYPE_CHECKING:
    from rag.pictures.ocr import Ocr

_SUFFIXES = {".xlsx", ".xlsm", ".xlsb", ".xls", ".docx", ".docm", ".pptx", ".pptm", ".odt", ".ods", ".odp", ".rtf", ".pdf"}
_MAX_BYTES = 50_000_000  # of one
_MOST = 50


def readable(archive: zipfile.ZipFile, name: str | None) -> bool:
    """Whether a part of a package is a file that can be read by itself."""
    known = name is not None and PurePath(name).suffix.lower() in _SUFFIXES and name in archive.NameToInfo
    return known and archive.getinfo(name or "").file_size <= _MAX_BYTES


def embedded_files(archive: zipfile.ZipFile, names: Iterable[str], ocr: Ocr | None) -> Iterator[Block]:
    """The blocks of such parts, each under its name, at most fifty."""
    for name in list(dict.fromkeys(names))[:_MOST]:
        try:
            data = part(archive, name)
        except ReadError:
            data = None
        if data:
            yield from attached(PurePath(name).name, data, (), ocr)
