"""RTF documents: striprtf reads the words in the encodings that the file declares; what it has no words for (tables, headings, notes,
pictures, hidden words) goes through it as marks and comes out as HTML, which is then walked."""

from __future__ import annotations

import codecs
import mmap
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from ingest.blocks import Block, Document, Passed
from ingest.readers import office
from ingest.readers.furniture import Told
from ingest.readers.html import parse, walk_tree
from ingest.readers.rtf.marks import PLACE, marked, seen
from ingest.readers.rtf.page import furniture, html
from ingest.readers.titles import own_title, page_title
from rag.errors import ReadError
from rag.pictures.open import MAX_BYTES

if TYPE_CHECKING:
    from rag.pictures.ocr import Ocr

_MAX_TEXT = 8_000_000  # bytes without pictures: about ten seconds
_BINARY = re.compile(rb"\\pict(?![a-z])|\\bin(\d{1,9}) ?|(?<![0-9a-fA-F\r\n])[0-9a-fA-F\r\n]{2000,}")
_OBJECT = re.compile(rb"\{\s*\\object(?![a-z])")
_NEAR_OBJECT = 200  # bytes
_TOKEN = re.compile(rb"[{}]|\\bin(\d{1,9}) ?|\\[^a-z]", re.S)
_CONTROL = re.compile(rb"\\[a-z]+-?\d* ?")
_INNER_GROUP = re.compile(rb"\{[^{}]*\}")
_INNER_GROUPS = 5  # deep, at most, among the properties of a picture
_NO_HEX = re.compile(rb"[^0-9a-fA-F]+")
_MAX_HEAD = 1_000_000  # bytes in which its title stands
_TITLE = re.compile(rb"\{\\title(?![a-z]) ?((?:[^{}\\]|\\.){1,2000})\}", re.S)
_CODE_PAGE = re.compile(rb"\\ansicpg(\d{1,5})")
_OLD_SETS = ((b"\\mac", "mac_roman"), (b"\\pca", "cp850"), (b"\\pc", "cp437"))


def read(path: Path, source: str, root: Path, ocr: Ocr | None) -> Iterator[Block]:
    """The blocks of an .rtf file: paragraphs under the headings of its outline, lists, tables, footnotes, PNG and JPEG pictures."""
    from striprtf.striprtf import rtf_to_text

    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
        if not data[:100].lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{\\rtf"):
            raise ReadError("It is not an RTF file.", "Give it the suffix of what it is.")
        rtf, pictures, passed = _without_pictures(data)
        encoding = _encoding(rtf[:2000])
        text = rtf_to_text(marked(rtf.decode(encoding, "replace")), encoding, "replace")
        text = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")  # pairs that were written as two numbers
        text, heads = furniture(seen(text))

        def fetch(reference: str) -> bytes | None:
            place = pictures.get(reference)
            return _picture(data, *place) if place else None

        tree = parse("".join(html(text)))
        told = Told()
        if tree is not None:
            yield Document(_title(rtf, encoding) or page_title(tree))
            yield from told.heard(walk_tree(tree, fetch))
        yield from (Passed(kind, count) for kind, count in sorted(passed.items()))
        for head in heads:
            if (tree := parse("".join(html(head)))) is not None:
                yield from told.new(walk_tree(tree, lambda name: None))


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


def _without_pictures(data: mmap.mmap) -> tuple[bytes, dict[str, tuple[int, int]], Counter[str]]:
    """The file with a mark for each picture, where those are, and what is not read; other long stretches of data are left out."""
    kept: list[bytes] = []
    passed: Counter[str] = Counter()
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
                kept.append(f"\\{PLACE}{len(pictures)} ".encode())
                pictures[office.reference(str(len(pictures)))] = start, at
            elif not second and b"\\result" not in data[max(0, start - _NEAR_OBJECT) : start]:
                passed[office.DRAWINGS] += 1
        size += len(kept[-1])
        if size > _MAX_TEXT:
            break
    kept.append(data[at : at + _MAX_TEXT + 1])
    rtf = b"".join(kept)
    if len(rtf) > _MAX_TEXT:
        raise ReadError(f"It has over {_MAX_TEXT // 1_000_000} MB of text.", "Save it as .docx, or split it.")
    passed["embedded objects"] += len(_OBJECT.findall(rtf))
    return rtf, pictures, +passed


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
