"""Plain text: its encoding found out, paragraphs at blank lines, headings only where they are plainly so."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from ingest.blocks import Block, Text
from ingest.readers.headings import Heading, under_headings
from rag.errors import ReadError
from rag.records import Locator

if TYPE_CHECKING:
    from ingest.ocr import Ocr

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_WESTERN = frozenset("€‚„…‹‘’“”•–—›™\xa0¡£§©«®°²·»½¿")  # beside letters; the others are letters in Windows-1250
_RULE = re.compile(r"(=|-|~|\^|\*|#|\+)\1{2,}")
_NUMBER = re.compile(r"(\d{1,3}(?:\.\d{1,3})*)\.?\s+(?=\S)")
_MAX_HEADING = 70


class _Paragraph(NamedTuple):
    line: int
    lines: list[str]


def decode(data: bytes) -> str:
    """`data` as text: by its byte order mark, as UTF-8, by the likeliest encoding (charset-normalizer), else as Windows-1252.

    Line ends come out as `\\n`. Raises ReadError where it is not text.
    """
    text = _decode(data)
    if len(_CONTROL.findall(text[:100_000])) > len(text[:100_000]) / 200:
        raise ReadError("The file is not text.", "Give it the suffix of what it is.")
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "")


def _decode(data: bytes) -> str:
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            return data.decode(encoding, "replace")
    sample = data[:4000]
    for encoding, zeros in (("utf-16-le", sample[1::2]), ("utf-16-be", sample[0::2])):
        if zeros.count(0) > len(zeros) * 0.4 and sample.count(0) < len(sample) * 0.6:
            return data.decode(encoding, "replace")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        pass
    if b"\x00" in sample:
        raise ReadError("The file is not text.", "Give it the suffix of what it is.")
    return data.decode(_guess(data), "replace")


def _guess(data: bytes) -> str:
    """Windows-1252 where that gives mostly ASCII with letters and typographers' signs between, which statistics take for its neighbours
    (Windows-1250); else what charset-normalizer finds likeliest."""
    from charset_normalizer import from_bytes

    sample = data[:200_000]
    high = bytes(byte for byte in sample if byte > 127)
    if len(high) < len(sample) / 5 and all(
        (sign.isalpha() and sign not in "ªº") or sign in _WESTERN for sign in set(high.decode("cp1252", "replace"))
    ):
        return "cp1252"
    best = from_bytes(sample).best()
    return best.encoding if best else "cp1252"


def read(path: Path, source: str, root: Path, ocr: Ocr | None) -> Iterator[Block]:
    """One Text a paragraph, with `line` (1-based) and the heading path. Raises ReadError where the file is not text."""
    paragraphs = list(_paragraphs(decode(path.read_bytes())))
    if not paragraphs:
        raise ReadError("The file is empty.", "Put something in it, or take it out.")
    yield from under_headings(_items(paragraphs))


def _paragraphs(text: str) -> Iterator[_Paragraph]:
    current: list[str] = []
    for number, line in enumerate(text.replace("\f", "").split("\n"), 1):
        if line.strip():
            current.append(line.rstrip())
        elif current:
            yield _Paragraph(number - len(current), current)
            current = []
    if current:
        yield _Paragraph(number - len(current) + (1 if line.strip() else 0), current)


def _items(paragraphs: list[_Paragraph]) -> Iterator[Heading | Text]:
    rules: list[str] = []  # the characters that underline headings, in the order of their first use, which is their level
    for before, (line, lines), after in zip([None, *paragraphs], paragraphs, [*paragraphs[1:], None], strict=False):
        if len(lines) > 1 and _underlines(lines[1], lines[0]):
            if lines[1][0] not in rules:
                rules.append(lines[1][0])
            yield Heading(rules.index(lines[1][0]) + 1, lines[0].strip(), Locator(line=line))
            line, lines = line + 2, lines[2:]
        elif after and (level := _plain_heading(lines)) and not _listed(lines, before, after):
            yield Heading(level + len(rules), lines[0].strip(), Locator(line=line))
            continue
        if lines:
            yield Text("\n".join(lines), Locator(line=line))


def _underlines(rule: str, title: str) -> bool:
    return (
        bool(_RULE.fullmatch(rule))
        and 0.6 * len(title) <= len(rule) <= len(title) + 4
        and len(title) <= _MAX_HEADING
        and _has_letters(title)
    )


def _plain_heading(lines: list[str]) -> int | None:
    """The level of a line that stands alone and is in capitals (1) or numbered ("2.1 Title": 2), else None; no sentence is one."""
    title = lines[0].strip()
    if len(lines) > 1 or len(title) > _MAX_HEADING or title.endswith((".", ",", ";", ":", "!", "?")) or not _has_letters(title):
        return None
    number = _NUMBER.match(title)
    if number:
        return number[1].count(".") + 1 if title[number.end()].isupper() else None
    return 1 if title.isupper() and sum(map(str.isalpha, title)) >= 4 else None


def _listed(lines: list[str], *beside: _Paragraph | None) -> bool:
    """Whether a numbered line stands beside another with as many numbers: then they are a list."""
    depth = _depth(lines)
    return depth is not None and any(near and _depth(near.lines) == depth for near in beside)


def _depth(lines: list[str]) -> int | None:
    """How many numbers a line that stands alone begins with ("2.1 Title": 2); None where there is none."""
    number = _NUMBER.match(lines[0].strip()) if len(lines) == 1 else None
    return number[1].count(".") + 1 if number else None


def _has_letters(text: str) -> bool:
    return any(map(str.isalpha, text))
