"""Source code and the like, kept whole from one top-level definition to the next."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path, PurePath
from typing import TYPE_CHECKING

from ingest.blocks import Block, Text
from ingest.readers.text import lines, without_blobs
from rag.records import Locator

if TYPE_CHECKING:
    from rag.pictures.ocr import Ocr

SUFFIXES = (
    ".py .pyi .js .mjs .cjs .ts .tsx .jsx .vue .svelte .java .kt .kts .scala .groovy .c .h .cc .cpp .cxx .hpp .cs .go .rs .rb .php .swift "
    ".m .mm .dart .hs .ex .exs .lua .pl .pm .r .jl .sh .bash .zsh .ps1 .bat .sql .proto .graphql .tf .cmake .gradle .toml .yaml .yml .ini "
    ".cfg .conf .properties .css .scss .less .tex .bib .xml"
)

_MINIFIED = {".js", ".mjs", ".cjs", ".css"}  # where a very long line was not written by hand
_MAX_WRITTEN = 5_000  # characters of a line
_KEPT = 200
_MAX_UNIT = 20_000
_LONG = 1_200  # characters: a longer definition is the heading of its parts
_MAX_HEADING = 100
_DEFINITION = re.compile(
    r"(?:(?:export|default|public|private|protected|internal|static|final|abstract|sealed|open|data|async|unsafe|extern|pub(?:\(\w+\))?|"
    r"local)\s+)*(?:def|class|function|func|fun|fn|impl|struct|enum|trait|interface|module|namespace|object|protocol|extension|record|sub|"
    r"type|message|service|resource|create)\b\s*\S.*",
    re.I,
)


def read(path: Path, source: str, root: Path, ocr: Ocr | None) -> Iterator[Block]:
    """One Text a top-level definition (from an unindented line after a blank one to the next such), with its `line`; a long one that
    begins with a usual keyword has its first line as heading.

    Left out: encoded data, and in JavaScript and CSS what is in a line beyond 5,000 characters, but for its beginning. Raises ReadError
    where the file is not text.
    """
    minified = PurePath(source).suffix.lower() in _MINIFIED
    for start, unit, heading in _units(_short(lines(path)) if minified else lines(path)):
        text = without_blobs("\n".join(unit).rstrip()).expandtabs(4)
        yield Text(text, Locator(heading=heading, line=start), "code")


def _short(numbered: Iterable[tuple[int, str]]) -> Iterator[tuple[int, str]]:
    last = 0
    for number, line in numbered:
        if number != last:  # else it goes on a line that was too long
            yield number, line if len(line) <= _MAX_WRITTEN else line[:_KEPT] + " …"
        last = number


def _units(numbered: Iterable[tuple[int, str]]) -> Iterator[tuple[int, list[str], str | None]]:
    """The lines of each definition, in parts where they are too many, with the number of the first and the heading of all."""
    unit: list[str] = []
    heading: str | None = None
    start = last = size = 0
    blank = False
    for number, line in numbered:
        line = line.rstrip().replace("\f", "")
        begins = blank and line and not line[0].isspace() and line[0] not in ")}]"
        if unit and (begins or number == last or size > _MAX_UNIT):
            heading = heading or _heading(unit, size)
            yield start, unit, heading
            unit = []
        if begins:
            heading = None
        if line or unit:
            if not unit:
                start, size = number, 0
            unit.append(line)
            size += len(line) + 1
        blank, last = not line, number
    if unit:
        yield start, unit, heading or _heading(unit, size)


def _heading(unit: list[str], size: int) -> str | None:
    """The first line that defines something, of a unit that is long enough to be cut."""
    if size <= _LONG:
        return None
    line = next((line for line in unit[:30] if _DEFINITION.match(line)), "")
    return line[:_MAX_HEADING].rstrip(" {(:=") or None
