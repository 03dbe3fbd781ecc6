"""Plain text: its encoding found out, read as a stream, paragraphs at blank lines, headings only where they are plainly so."""

from __future__ import annotations

import codecs
import io
import re
from collections.abc import Iterable, Iterator
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from ingest.blocks import Block, Text
from ingest.readers.charset import DOUBLE, escaped, latin_encoding, meant, named, with_vendor_signs
from ingest.readers.headings import Heading, under_headings
from rag.errors import ReadError
from rag.records import Locator

if TYPE_CHECKING:
    from rag.pictures.ocr import Ocr

MAX_WHOLE = 32_000_000  # bytes

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_FEW = 60  # bytes
_STEP = 1 << 18  # bytes read at a time; the first of them decide on the encoding
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_HALF_WIDE = re.compile("[\uff61-\uff9f]{2}")
_RULE = re.compile(r"(=|-|~|\^|\*|#|\+)\1{2,}")
_NUMBER = re.compile(r"(\d{1,3}(?:\.\d{1,3})*)\.?\s+(?=\S)")
_BLOB = re.compile(r"[A-Za-z0-9+/=_-]{1000,}")
_MAX_HEADING = 70
_MAX_LINE = 20_000  # characters; a longer line comes in pieces
_MAX_PARAGRAPH = 20_000


class _Paragraph(NamedTuple):
    line: int
    lines: list[str]


def decode(data: bytes, charset: str = "") -> str:
    """`data` as text: by its byte order mark, as UTF-8 where it is that, by the `charset` that somebody names for it or that it names
    itself (as browsers take these names), by the likeliest encoding (charset-normalizer), else as Windows-1252.

    Line ends come out as `\\n`. Raises ReadError where it is not text.
    """
    return "".join(_decoded([with_vendor_signs(data)], charset))


def whole(path: Path, most: int = MAX_WHOLE) -> str:
    """The file at `path` as `decode` gives it. Raises ReadError where it is over `most` bytes, or not text."""
    if path.stat().st_size > most:
        raise ReadError(f"The file is over {most // 1_000_000} MB, too much for one of its kind.", "Split it into smaller files.")
    return decode(path.read_bytes())


def lines(path: Path, longest: int = _MAX_LINE) -> Iterator[tuple[int, str]]:
    """The lines of a text file of any size, decoded as by `decode`, each with its number from 1 and without its end.

    A line of over `longest` characters comes in pieces of one number, cut at white space where there is some.
    """
    with path.open("rb") as file:
        number, rest = 1, ""
        for text in _decoded(iter(lambda: file.read(_STEP), b"")):
            *ended, rest = (rest + text).split("\n")
            for line in ended:
                for piece in _pieces(line, longest):
                    yield number, piece
                number += 1
            if len(rest) > longest:
                *cut, rest = _pieces(rest, longest)
                for piece in cut:
                    yield number, piece
        if rest:
            for piece in _pieces(rest, longest):
                yield number, piece


def without_blobs(text: str) -> str:
    """`text` with the middle of encoded data (1,000 and more characters of base64 or the like in a row) left out."""
    return _BLOB.sub(lambda found: f"{found[0][:40]}…", text) if len(text) >= 1000 else text


def _without_blobs(numbered: Iterable[tuple[int, str]]) -> Iterator[tuple[int, str]]:
    """Lines and pieces of lines as `without_blobs` leaves them; what goes on with encoded data from one piece to the next goes whole."""
    inside = 0  # the line whose last piece ended in encoded data
    for number, line in numbered:
        if number == inside and _BLOB.fullmatch(line):
            continue
        found = list(_BLOB.finditer(line))
        inside = number if found and found[-1].end() == len(line) else 0
        yield number, without_blobs(line)


def read(path: Path, source: str, root: Path, ocr: Ocr | None) -> Iterator[Block]:
    """One Text a paragraph, with `line` (1-based) and the heading path; paragraphs of over 20,000 characters, as in logs, come in
    several. Raises ReadError where the file is not text."""
    paragraphs = _paragraphs(_without_blobs(lines(path)))
    first = next(paragraphs, None)
    if first is None:
        raise ReadError("The file is empty.", "Put something in it, or take it out.")
    yield from under_headings(_items(chain([first], paragraphs)))


def _pieces(line: str, longest: int) -> list[str]:
    """`line` in pieces of at most `longest` characters that together are the line."""
    pieces = []
    at = 0
    while len(line) - at > longest:
        end = line.rfind(" ", at + longest // 2, at + longest) + 1 or at + longest
        pieces.append(line[at:end])
        at = end
    return [*pieces, line[at:]]


def _decoded(parts: Iterable[bytes], charset: str = "") -> Iterator[str]:
    """The text of a file that comes in `parts`: the first decides on the encoding.

    Bytes that come later and are no UTF-8 are taken one by one as Windows-1252 where other letters were UTF-8; where all before was
    ASCII, the encoding is guessed again from there.
    """
    rest = iter(parts)
    head = next(rest, b"")
    encoding = _encoding(head, charset)
    decoder = codecs.getincrementaldecoder(encoding)("strict" if encoding == "utf-8" else "replace")
    newlines = io.IncrementalNewlineDecoder(None, translate=True)
    is_ascii = True
    seen = 0
    for data in chain([head], rest, [b""]):
        final = not data
        try:
            text = decoder.decode(data, final)
        except UnicodeDecodeError as error:
            data = decoder.getstate()[0] + data
            if is_ascii and data[: error.start].isascii() and not _mostly_utf8(data[error.start :][:_STEP]):
                decoder = codecs.getincrementaldecoder(_guess(data[error.start :]))("replace")
            else:
                decoder = codecs.getincrementaldecoder("utf-8")(_BYTEWISE)
            text = decoder.decode(data, final)
        is_ascii = is_ascii and text.isascii()
        text = newlines.decode(text, final)
        if seen < 100_000:
            control = len(_CONTROL.findall(text[:100_000]))
            if control > len(text[:100_000]) / 200:
                raise ReadError("The file is not text.", "Give it the suffix of what it is.")
            seen += len(text)
        yield text.replace("\x00", "")


def _encoding(head: bytes, charset: str = "") -> str:
    """The encoding that a file begins in; "utf-8" also for plain ASCII."""
    for mark, encoding in _BOMS:
        if head.startswith(mark):
            return encoding
    sample = head[:4000]
    for encoding, zeros in (("utf-16-le", sample[1::2]), ("utf-16-be", sample[0::2])):
        if zeros.count(0) > len(zeros) * 0.4 and sample.count(0) < len(sample) * 0.6:
            return encoding
    told = meant(charset) or meant(named(head))
    if (escapes := escaped(sample)) or told == "hz":
        return escapes or "hz"
    if _mostly_utf8(head[:_STEP]) and not (told in DOUBLE and _of_pairs(head[:_STEP])):
        return "utf-8"
    if b"\x00" in sample:
        raise ReadError("The file is not text.", "Give it the suffix of what it is.")
    if told and told != "utf-8" and _holds(head[:_STEP], told):
        return told
    return _guess(head)


def _mostly_utf8(data: bytes) -> bool:
    """Whether of what is beyond ASCII at most half as much is no UTF-8 as is, which other encodings hardly ever look like; a letter that
    the end cuts does not count."""
    text = codecs.getincrementaldecoder("utf-8")("surrogateescape").decode(data)
    return 2 * len(re.findall("[\udc80-\udcff]", text)) <= len(re.findall("[^\x00-\x7f\udc80-\udcff]", text))


def _of_pairs(data: bytes) -> bool:
    """Whether all letters beyond ASCII have two bytes in UTF-8, as a few of the Chinese encodings may look like, too."""
    return not data.isascii() and re.search(rb"[\xe0-\xff]", data) is None


def _holds(data: bytes, encoding: str) -> bool:
    """Whether nearly all of the data can be read in this encoding."""
    text = codecs.getincrementaldecoder(encoding)("replace").decode(data)
    return 50 * text.count("\ufffd") <= sum(not sign.isascii() for sign in text)


def _guess(data: bytes) -> str:
    """Windows-1252 where that gives mostly ASCII with letters and typographers' signs between, which statistics take for its neighbours
    (Windows-1250), or what of these gives no signs within words; of a few words, too few for statistics, where half of it is ASCII; else
    what charset-normalizer finds likeliest."""
    from charset_normalizer import from_bytes

    sample = data[:200_000]
    high = bytes(byte for byte in sample if byte > 127)
    most = len(sample) / (2 if len(sample) < _FEW else 5)
    if len(high) < most and (latin := latin_encoding(sample)):
        return latin
    best = from_bytes(sample).best()
    if best and _HALF_WIDE.search(str(best)[:_FEW]):  # what Cyrillic may look like to statistics
        best = from_bytes(sample, cp_exclusion=["cp932", "shift_jis", "shift_jis_2004", "shift_jisx0213"]).best() or best
    return best.encoding if best else "cp1252"


def _as_western(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return error.object[error.start : error.end].decode("cp1252", "replace"), error.end


_BYTEWISE = "diptych.windows-1252"
codecs.register_error(_BYTEWISE, _as_western)


def _paragraphs(numbered: Iterable[tuple[int, str]]) -> Iterator[_Paragraph]:
    current: list[str] = []
    start = last = size = 0
    for number, line in numbered:
        line = line.replace("\f", "").rstrip()
        if current and (not line or number == last or size + len(line) > _MAX_PARAGRAPH):
            yield _Paragraph(start, current)
            current = []
        if line:
            if not current:
                start, size = number, 0
            current.append(line)
            size += len(line) + 1
            last = number
    if current:
        yield _Paragraph(start, current)


def _items(paragraphs: Iterable[_Paragraph]) -> Iterator[Heading | Text]:
    rules: list[str] = []  # the characters that underline headings, in the order of their first use, which is their level
    before: _Paragraph | None = None
    for paragraph, after in _with_next(paragraphs):
        line, lines = paragraph
        if len(lines) > 1 and _underlines(lines[1], lines[0]):
            if lines[1][0] not in rules:
                rules.append(lines[1][0])
            yield Heading(rules.index(lines[1][0]) + 1, lines[0].strip(), Locator(line=line))
            line, lines = line + 2, lines[2:]
        elif after and (level := _plain_heading(lines)) and not _listed(lines, before, after):
            yield Heading(level + len(rules), lines[0].strip(), Locator(line=line))
            lines = []
        if lines:
            yield Text("\n".join(lines), Locator(line=line))
        before = paragraph


def _with_next(paragraphs: Iterable[_Paragraph]) -> Iterator[tuple[_Paragraph, _Paragraph | None]]:
    current = None
    for following in paragraphs:
        if current:
            yield current, following
        current = following
    if current:
        yield current, None


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
