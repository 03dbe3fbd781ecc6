"""Word before 2007 (.doc): its words in paragraphs, headings, tables and notes, without what was deleted, struck out or hidden.

After [MS-DOC], "Word (.doc) Binary File Format": the text stands in pieces, what its letters and paragraphs are in pages of runs.
"""

from __future__ import annotations

import re
import struct
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from ingest.blocks import Block, Document, Passed
from ingest.readers.compound import Compound, open_compound
from ingest.readers.html.reader import walk
from ingest.readers.summary import title_of
from rag.errors import ReadError

if TYPE_CHECKING:
    from rag.pictures.ocr import Ocr

MAX_BYTES = 256_000_000
_SAVE = "Open it in a word processor, and save it as .docx."
_WORD_97 = 0x00C1  # the number of the format; before it, the text stands in one piece
_PAGE = 512
_IN_TABLE, _ROW_ENDS, _OUTLINE = 0x2416, 0x2417, 0x2640
_NOT_TOLD = (0x0800, 0x0837, 0x2A53, 0x083C)  # deleted, struck out, struck out twice, hidden
_SYMBOL = 0x6A09  # a sign of a font of signs, in place of a bracket
_SIZES = {0: 1, 1: 1, 2: 2, 3: 4, 4: 2, 5: 2, 7: 3}  # of what a property has, by the three highest bits of its code; 6: it says so
_LONG = (0xD608, 0xC615)  # properties that say their size in two bytes
_FIELD, _RESULT, _FIELD_ENDS = "\x13", "\x14", "\x15"
_SHOWN = {"\x0b": "\n", "\x0c": "\n", "\x0e": "\n", "\x1e": "-", "\xa0": " ", "\t": "\t"}
_NOT_SHOWN = re.compile("[\x00-\x08\x0e-\x1f]")
_PICTURE = "\x01\x08"
_HEADINGS = range(1, 10)  # the numbers of the styles "heading 1" to "heading 9", whatever they are called


class _Piece(NamedTuple):
    start: int  # where it stands in the text,
    end: int
    at: int  # and in the file
    wide: bool

    def place(self, character: int) -> int:
        return self.at + (character - self.start) * (2 if self.wide else 1)


class _Run(NamedTuple):
    start: int  # in the file
    end: int
    style: int
    properties: bytes


@dataclass
class _Row:
    cells: list[str]


def read(path: Path, source: str, root: Path, ocr: Ocr | None) -> Iterator[Block]:
    """The blocks of a .doc. Raises ReadError where it is protected, damaged, or no document of Word."""
    if path.stat().st_size > MAX_BYTES:
        raise ReadError(f"The file is over {MAX_BYTES // 1_000_000} MB, too much for one of its kind.", "Split it into smaller files.")
    opened = open_compound(path)
    try:
        stream = opened.stream("WordDocument")
        if stream is None or len(stream) < 0x1AA:
            raise ReadError("It is no document of Word.", "Give it the suffix of what it is.")
        (flags,) = struct.unpack_from("<H", stream, 0x0A)
        if flags & 0x0100:
            raise ReadError("It is protected by a password.", "Save a copy without the password.")
        html, pictures = _Doc(opened, stream, flags).html()
    except (struct.error, IndexError, ValueError) as error:
        raise ReadError("The file is damaged or cut short.", _SAVE) from error
    yield Document(title_of(opened))
    yield from walk(html, lambda reference: None)
    if pictures:
        yield Passed("pictures in .doc files", pictures)


class _Doc:
    def __init__(self, opened: Compound, stream: bytes, flags: int):
        self._stream = stream
        (version,) = struct.unpack_from("<H", stream, 2)
        self._old = version < _WORD_97
        table = b"" if self._old else opened.stream("1Table" if flags & 0x0200 else "0Table") or b""
        self._pieces = self._all_pieces(table)
        self._paragraphs = [] if self._old else self._runs(table, 0x0102, 13)
        self._letters = [] if self._old else self._runs(table, 0x00FA, 1)
        self._starts = {id(runs): [run.start for run in runs] for runs in (self._paragraphs, self._letters)}

    def html(self) -> tuple[str, int]:
        """The text as HTML: the main text, then notes, comments and boxes, without running heads; how many pictures it shows."""
        main, notes, heads, _, comments, endnotes, boxes = (
            struct.unpack_from("<7i", self._stream, 0x4C) if not self._old else (1 << 30, *(0,) * 6)
        )
        if min(main, notes, heads, comments, endnotes, boxes) < 0:
            raise ValueError("a text of less than nothing")
        out: list[str] = []
        pictures = 0
        behind = main + notes + heads
        spans = ((0, main), (main, main + notes), (behind, behind + comments), (behind + comments, behind + comments + endnotes + boxes))
        for start, end in spans:
            rows: list[_Row] = []
            cells: list[str] = []
            for text, style, properties in self._each_paragraph(start, end):
                shown, seen = _shown(text)
                pictures += seen
                if _has(properties, _IN_TABLE) or text.endswith("\x07"):
                    if _has(properties, _ROW_ENDS):
                        rows.append(_Row(cells))
                        cells = []
                    elif text.endswith("\x07"):
                        cells.append(shown)
                    elif cells:
                        cells[-1:] = [f"{cells[-1]}\n{shown}"] if shown else cells[-1:]
                    continue
                out += _table(rows)
                rows = []
                if not shown.strip():
                    continue
                level = _value(properties, _OUTLINE)
                if style in _HEADINGS or (level is not None and level < 9):
                    depth = min(style if style in _HEADINGS else (level or 0) + 1, 6)
                    out.append(f"<h{depth}>{escape(shown)}</h{depth}>")
                else:
                    out.append("<p>" + escape(shown).replace("\n", "<br>") + "</p>")
            out += _table([*rows, _Row(cells)] if cells else rows)
        return "<html><body>" + "".join(out) + "</body></html>", pictures

    def _all_pieces(self, table: bytes) -> list[_Piece]:
        if self._old:
            start, end = struct.unpack_from("<II", self._stream, 0x18)
            end = min(end, len(self._stream))
            return [_Piece(0, end - start, start, False)] if start < end else []
        at, length = struct.unpack_from("<II", self._stream, 0x01A2)
        clx = table[at : at + length]
        at = 0
        while at < len(clx) and clx[at] == 1:  # properties that pieces share
            at += 3 + struct.unpack_from("<H", clx, at + 1)[0]
        if at >= len(clx) or clx[at] != 2:
            raise ValueError("no pieces")
        (length,) = struct.unpack_from("<I", clx, at + 1)
        plc = clx[at + 5 : at + 5 + length]
        count = (len(plc) - 4) // 12
        places = struct.unpack_from(f"<{count + 1}I", plc)
        pieces: list[_Piece] = []
        for number in range(count):
            (where,) = struct.unpack_from("<I", plc, 4 * (count + 1) + 8 * number + 2)
            wide = not where & 0x40000000
            start, end = places[number], places[number + 1]
            found = _Piece(start, end, where & 0x3FFFFFFF if wide else (where & 0x3FFFFFFF) // 2, wide)
            if start < end and found.place(end) <= len(self._stream) and (not pieces or start >= pieces[-1].end):
                pieces.append(found)
        return pieces

    def _runs(self, table: bytes, at: int, size: int) -> list[_Run]:
        """The runs of paragraphs or letters with what they have other than their style; `size` is that of an entry in a page of them."""
        at, length = struct.unpack_from("<II", self._stream, at)
        plc = table[at : at + length]
        count = (len(plc) - 4) // 8
        runs: list[_Run] = []
        for (number,) in struct.iter_unpack("<I", plc[4 * (count + 1) : 4 * (count + 1) + 4 * count]) if count > 0 else ():
            page = self._stream[(number & 0x3FFFFF) * _PAGE :][:_PAGE]
            if len(page) < _PAGE or page[-1] * (4 + size) + 4 >= _PAGE:
                continue
            places = struct.unpack_from(f"<{page[-1] + 1}I", page)
            for entry in range(page[-1]):
                where = 2 * page[4 * (page[-1] + 1) + size * entry]
                data = b""
                if where:
                    words = page[where]
                    long = size > 1 and not words
                    begin = where + 1 + long
                    data = page[begin : begin + (2 * page[where + 1] if long else 2 * words - 1 if size > 1 else words)]
                style = int.from_bytes(data[:2], "little") if size > 1 else 0
                runs.append(_Run(places[entry], places[entry + 1], style, data[2:] if size > 1 else data))
        return sorted(runs, key=lambda run: run.start)

    def _each_paragraph(self, start: int, end: int) -> Iterator[tuple[str, int, bytes]]:
        """Every paragraph between two places in the text, with its style and its properties; letters that are not shown are left out."""
        parts: list[str] = []
        for piece in self._pieces:
            first, last = max(piece.start, start), min(piece.end, end)
            if first >= last:
                continue
            raw = self._stream[piece.place(first) : piece.place(last)]
            text = raw.decode("utf-16-le", "replace") if piece.wide else raw.decode("cp1252", "replace")
            at = 0
            while at < len(text):
                found = _ENDS.search(text, at)
                stop = found.end() if found else len(text)
                parts += self._kept(text[at:stop], piece.place(first) + at * (2 if piece.wide else 1), 2 if piece.wide else 1)
                if found:
                    run = self._run(self._paragraphs, piece.place(first) + (stop - 1) * (2 if piece.wide else 1))
                    yield "".join(parts), run.style if run else 0, run.properties if run else b""
                    parts = []
                at = stop
        if parts:
            yield "".join(parts), 0, b""

    def _kept(self, text: str, at: int, size: int) -> Iterator[str]:
        """The parts of `text`, which stands at this place of the file, that are shown; the letter that ends the paragraph always is."""
        done = 0
        while done < len(text):
            run = self._run(self._letters, at + done * size)
            stop = min(len(text), max(done + 1, (run.end - at) // size)) if run else len(text)
            if run and (_is_set(run.properties, _SYMBOL) or any(_has(run.properties, code) for code in _NOT_TOLD)):
                yield text[stop - 1] if stop == len(text) and _ENDS.match(text[stop - 1]) else ""
            else:
                yield text[done:stop]
            done = stop

    def _run(self, runs: list[_Run], at: int) -> _Run | None:
        number = bisect_right(self._starts[id(runs)], at) - 1
        return runs[number] if number >= 0 and at < runs[number].end else None


_ENDS = re.compile("[\r\x07\x0c]")


def _value(properties: bytes, wanted: int) -> int | None:
    """The first byte of what a property has; None where the run does not have it."""
    at, found = 0, None
    while at + 2 < len(properties):
        (code,) = struct.unpack_from("<H", properties, at)
        size = _SIZES.get(code >> 13)
        if size is None:
            size = 1 + properties[at + 2] if code not in _LONG else 1 + int.from_bytes(properties[at + 2 : at + 4], "little")
        if code == wanted:
            found = properties[at + 2]
        at += 2 + size
    return found


def _is_set(properties: bytes, wanted: int) -> bool:
    return _value(properties, wanted) is not None


def _has(properties: bytes, wanted: int) -> bool:
    return _value(properties, wanted) in (1, 0x81)


def _shown(text: str) -> tuple[str, int]:
    """A paragraph as it is read: of fields their results, without marks; and how many pictures stand in it."""
    out: list[str] = []
    hidden: list[bool] = []  # of each field that is open, whether its code goes on
    pictures = 0
    for sign in text:
        if sign == _FIELD:
            hidden.append(True)
        elif sign == _RESULT and hidden:
            hidden[-1] = False
        elif sign == _FIELD_ENDS and hidden:
            hidden.pop()
        elif not any(hidden):
            pictures += sign in _PICTURE
            out.append(_SHOWN.get(sign, sign))
    return _NOT_SHOWN.sub("", "".join(out)).strip(), pictures


def _table(rows: list[_Row]) -> list[str]:
    if not any(cell for row in rows for cell in row.cells):
        return []
    lines = ("".join(f"<td>{escape(cell).replace(chr(10), '<br>')}</td>" for cell in row.cells) for row in rows)
    return ["<table>", *(f"<tr>{line}</tr>" for line in lines), "</table>"]
