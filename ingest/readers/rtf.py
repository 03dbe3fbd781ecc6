"""RTF documents: striprtf reads the words in the encodings that the file declares; what it has no words for (tables, headings,
footnotes, pictures) goes through it as marks and comes out as HTML, which is then walked."""

from __future__ import annotations

import codecs
import html
import mmap
import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from ingest.blocks import Block, Document
from ingest.readers import office
from ingest.readers.html import parse, walk_tree
from ingest.readers.titles import own_title, page_title
from rag.errors import ReadError
from rag.pictures.open import MAX_BYTES

if TYPE_CHECKING:
    from rag.pictures.ocr import Ocr

_MAX_TEXT = 8_000_000  # bytes without pictures: about ten seconds
_BINARY = re.compile(rb"\\pict(?![a-z])|\\bin(\d{1,9}) ?|(?<![0-9a-fA-F\r\n])[0-9a-fA-F\r\n]{2000,}")
_TOKEN = re.compile(rb"[{}]|\\bin(\d{1,9}) ?|\\[^a-z]", re.S)
_WORD = re.compile(r"([{}])|\\([a-z]{1,32})(-?\d{1,10})? ?|\\[^a-z]", re.S)
_CONTROL = re.compile(rb"\\[a-z]+-?\d* ?")
_INNER_GROUP = re.compile(rb"\{[^{}]*\}")
_INNER_GROUPS = 5  # deep, at most, among the properties of a picture
_NO_HEX = re.compile(rb"[^0-9a-fA-F]+")
_MAX_HEAD = 1_000_000  # bytes in which its title stands
_TITLE = re.compile(rb"\{\\title(?![a-z]) ?((?:[^{}\\]|\\.){1,2000})\}", re.S)
_CODE_PAGE = re.compile(rb"\\ansicpg(\d{1,5})")
_OLD_SETS = ((b"\\mac", "mac_roman"), (b"\\pca", "cp850"), (b"\\pc", "cp437"))
_NEAREST_SET = {"78": 128, "79": 136, "80": 129, "82": 177, "85": 134, "86": 238, "87": 204, "88": 222, "89": 238}  # Mac's to Windows'

# Marks are noncharacters of Unicode, which no text holds.
_LEVEL = 0xFDD0  # the first of nine
_CELL, _ROW, _ROW_BEGINS, _BREAK, _PICTURE, _END, _NOTE, _NOTE_END = map(chr, range(0xFDE0, 0xFDE8))
_PLACE = "diptychpicture"  # a control word for where a picture was
_MARKS = {"cell": _CELL, "row": _ROW, "trowd": _ROW_BEGINS, "line": _BREAK}
_STRAY = dict.fromkeys(range(0xFDD0, 0xFDF0))
_SHOWN = re.compile(f"{_PICTURE}(\\d+){_END}")
_NOTES = re.compile(f"{_NOTE}([^{_NOTE_END}]*){_NOTE_END}")
_BULLET = re.compile(r"[·•▪◦‣\uf0b7\uf0a7o-]\t")


def read(path: Path, source: str, root: Path, ocr: Ocr | None) -> Iterator[Block]:
    """The blocks of an .rtf file: paragraphs under the headings of its outline, lists, tables, footnotes, PNG and JPEG pictures."""
    from striprtf.striprtf import rtf_to_text

    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
        if not data[:100].lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{\\rtf"):
            raise ReadError("It is not an RTF file.", "Give it the suffix of what it is.")
        rtf, pictures = _without_pictures(data)
        encoding = _encoding(rtf[:2000])
        text = rtf_to_text(_marked(rtf.decode(encoding, "replace")), encoding, "replace")
        text = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")  # pairs that were written as two numbers

        def fetch(reference: str) -> bytes | None:
            place = pictures.get(reference)
            return _picture(data, *place) if place else None

        tree = parse("".join(_html(text)))
        if tree is not None:
            yield Document(_title(rtf, encoding) or page_title(tree))
            yield from walk_tree(tree, fetch)


def _title(rtf: bytes, encoding: str) -> str:
    """What the file's information says."""
    from striprtf.striprtf import rtf_to_text

    found = _TITLE.search(rtf[:_MAX_HEAD])
    return own_title(rtf_to_text("{\\rtf1 " + found[1].decode(encoding, "replace") + "}", encoding, "replace")) if found else ""


def _encoding(head: bytes) -> str:
    page = _CODE_PAGE.search(head)
    if page:
        try:
            return codecs.lookup(f"cp{int(page[1])}").name
        except LookupError:
            return "cp1252"
    return next((name for word, name in _OLD_SETS if re.search(re.escape(word) + rb"(?![a-z])", head)), "cp1252")


def _without_pictures(data: mmap.mmap) -> tuple[bytes, dict[str, tuple[int, int]]]:
    """The file with a mark for each picture, and where those are; other long stretches of data are left out."""
    kept: list[bytes] = []
    pictures: dict[str, tuple[int, int]] = {}
    at = size = 0
    while found := _BINARY.search(data, at):
        kept.append(data[at : found.start()])
        if found[1]:
            at = found.end() + int(found[1])
        elif not found[0].startswith(b"\\pict"):
            at = found.end()
        else:
            at, start = _group_end(data, found.end()), found.start()
            second = b"\\nonshppict" in data[max(0, start - 20) : start]  # of a picture that came before it
            if not second and re.search(rb"\\(?:png|jpeg)blip", data[start : min(at, start + 4000)]) and at - start < 2 * MAX_BYTES:
                kept.append(f"\\{_PLACE}{len(pictures)} ".encode())
                pictures[office.reference(str(len(pictures)))] = start, at
        size += len(kept[-1])
        if size > _MAX_TEXT:
            break
    kept.append(data[at : at + _MAX_TEXT + 1])
    rtf = b"".join(kept)
    if len(rtf) > _MAX_TEXT:
        raise ReadError(f"It has over {_MAX_TEXT // 1_000_000} MB of text.", "Save it as .docx, or split it.")
    return rtf, pictures


def _group_end(data: mmap.mmap, at: int) -> int:
    """Behind the brace that closes the group in which `at` is."""
    depth = 1
    while depth and (found := _TOKEN.search(data, at)):
        at = found.end() + int(found[1] or 0)
        depth += {b"{": 1, b"}": -1}.get(found[0], 0)
    return at if not depth else len(data)


def _picture(data: mmap.mmap, start: int, end: int) -> bytes:
    """The file in a group of a picture: what follows its control words, in hexadecimal or (behind the word bin) as it is."""
    group = data[start:end]
    binary = re.search(rb"\\bin(\d{1,9}) ?", group)
    if binary:
        return group[binary.end() : binary.end() + int(binary[1])]
    for _ in range(_INNER_GROUPS):
        group = _INNER_GROUP.sub(b"", group)
    digits = _NO_HEX.sub(b"", _CONTROL.sub(b"", group))
    return bytes.fromhex(digits[: len(digits) // 2 * 2].decode())


def _marked(rtf: str) -> str:
    """The RTF text with marks for what striprtf has no words for. A line break before each group, which means nothing in RTF, keeps
    its patterns, some of which are tried from every group to the end of the line, from taking forever."""
    depth = 0
    notes: list[int] = []

    def mark(found: re.Match[str]) -> str:
        nonlocal depth
        brace, word, number = found.groups()
        if brace == "{":
            depth += 1
            return "\n{"
        if brace:
            depth -= 1
            if notes and depth < notes[-1]:
                notes.pop()
                return _NOTE_END + "}"
            return "}"
        if word == "ansicpg":  # known by now; striprtf takes an unknown one for UTF-8
            return ""
        if word == "fcharset" and number in _NEAREST_SET:
            return f"\\fcharset{_NEAREST_SET[number]}"
        if word == "footnote":
            notes.append(depth)
            return _NOTE
        if word == "outlinelevel" and number and number in "012345678":
            return chr(_LEVEL + int(number))
        if word == _PLACE and number:
            return f"{_PICTURE}{number}{_END}"
        return _MARKS.get(word, found[0])

    return _WORD.sub(mark, rtf.translate(_STRAY).replace("\\*\\shppict", ""))


def _html(text: str) -> Iterator[str]:
    rows: list[list[str]] = []
    *segments, rest = text.split(_ROW)
    for segment in segments:
        first = max(segment.find(_CELL), 0)
        at = segment.find(_ROW_BEGINS, 0, first)
        at = at if at >= 0 else segment.rfind("\n", 0, first) + 1
        if segment[:at].strip():
            yield from _table(rows)
            rows = []
            yield from _paragraphs(segment[:at])
        rows.append(segment[at:].split(_CELL)[:-1])
    yield from _table(rows)
    yield from _paragraphs(rest)


def _table(rows: list[list[str]]) -> Iterator[str]:
    if rows:
        yield "<table>"
        for row in rows:
            cells = [_inline(_NOTES.sub(r" (\1)", cell).replace("\n", _BREAK)) for cell in row]
            yield f"<tr>{''.join(f'<td>{cell}</td>' for cell in cells)}</tr>"
        yield "</table>"


def _paragraphs(text: str) -> Iterator[str]:
    listed = False
    for line in _NOTES.sub(lambda note: note[0].replace("\n", _BREAK), text).split("\n"):
        notes, line = _NOTES.findall(line), _NOTES.sub("", line)
        level = next((ord(sign) - _LEVEL for sign in line if _LEVEL <= ord(sign) < _LEVEL + 9), None)
        words = _inline(line)
        if not words.strip():
            continue
        bullet = _BULLET.match(words.lstrip()) if level is None else None
        if listed != bool(bullet):
            yield "</ul>" if listed else "<ul>"
            listed = not listed
        if bullet:
            yield f"<li>{words.lstrip()[bullet.end() :]}</li>"
        else:
            yield f"<p>{words}</p>" if level is None else f"<h{level + 1}>{words}</h{level + 1}>"
        yield from (f"<p>{_inline(note)}</p>" for note in notes)
    if listed:
        yield "</ul>"


def _inline(text: str) -> str:
    """Words as HTML, with its pictures and line breaks, and without marks that have no meaning here."""
    words = html.escape(text, quote=False).replace(_BREAK, "<br>")
    words = _SHOWN.sub(lambda shown: f'<img src="{office.reference(shown[1])}">', words)
    return words.translate(_STRAY)
