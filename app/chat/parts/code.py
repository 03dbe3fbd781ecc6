"""Which lines of a passage are code: all of a file of code, those between the fences of a Markdown file."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from functools import lru_cache
from itertools import groupby, pairwise
from pathlib import Path, PurePath
from typing import TYPE_CHECKING

from ingest.readers import kind

if TYPE_CHECKING:
    from rag.storage.entries import File

READ = 2_000_000  # bytes of a file that is looked through
BLOCK = "~" * 12  # a fence that no code is likely to have in it
_FENCE = re.compile(r"[ \t]*(?:(?:[-*+]|\d{1,9}[.)])[ \t]+)?(`{3,}|~{3,})([^\n]*)")


def code_lines(file: File, path: Path, text: str) -> frozenset[str]:
    """The lines of code in `text`, a passage of the file whose bytes lie at `path`, without the white space around each."""
    match kind(PurePath(file.source)):
        case "code":
            return frozenset(line.strip() for line in text.splitlines())
        case "markdown" if file.bytes <= READ:
            return _of_markdown(path, file.hash)
    return frozenset()


@lru_cache(maxsize=16)
def _of_markdown(path: Path, hash: str) -> frozenset[str]:
    from ingest.readers.text import decode

    return frozenset(line.strip() for line in _fenced(decode(path.read_bytes())))


def _fenced(text: str) -> Iterator[str]:
    fence = ""
    for line in text.splitlines():
        found = _FENCE.match(line)
        if not fence:
            fence = found[1] if found and not (found[1][0] == "`" and "`" in found[2]) else ""
        elif found and found[1].startswith(fence) and not found[2].strip():
            fence = ""
        else:
            yield line


def in_blocks(lines: list[tuple[str, str]], code: Collection[str]) -> str:
    """The lines, each (as it is shown, as it was read), with those that are code as blocks of Markdown."""
    marks = [read.strip() in code if read.strip() else None for _shown, read in lines]
    at = [place for place, mark in enumerate(marks) if mark is not None]
    for before, after in pairwise(at):
        if marks[before] and marks[after]:
            marks[before:after] = [True] * (after - before)  # an empty line in a block
    out = []
    for is_code, group in groupby(zip(lines, marks, strict=True), lambda each: bool(each[1])):
        told = "".join(shown for (shown, _read), _mark in group)
        out.append(f"\n{BLOCK}\n{told.rstrip()}\n{BLOCK}\n\n" if is_code else told)
    return "".join(out)
