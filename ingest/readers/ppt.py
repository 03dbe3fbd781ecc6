"""PowerPoint before 2007 (.ppt): the words of its slides in their order, each under its title, with its notes.

After [MS-PPT], "PowerPoint (.ppt) Binary File Format": records in records, of which the last edits say where the present ones are.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from ingest.blocks import Block, Document, Passed, Text
from ingest.readers.compound import open_compound
from ingest.readers.summary import title_of
from rag.errors import ReadError
from rag.records import Locator

if TYPE_CHECKING:
    from rag.pictures.ocr import Ocr

MAX_BYTES = 256_000_000
MAX_SLIDES = 10_000
_SAVE = "Open it in a presentation program, and save it as .pptx."
_USER_EDIT, _PERSIST, _SLIDE_LIST, _SLIDE_PLACE = 0x0FF5, 0x1772, 0x0FF0, 0x03F3
_KIND, _WIDE, _NARROW, _OUTLINE = 0x0F9F, 0x0FA0, 0x0FA8, 0x0F9E
_SHOW, _NOTES_OF, _HEADERS = 0x03F9, 0x03F1, 0x0FD9
_TEXT_BOX, _OPTIONS, _PICTURE = 0xF00D, 0xF00B, 0x0104
_TITLES = (0, 6)
_SLIDES, _NOTES = 0, 2
_HIDDEN = 0x04
_DEEPEST = 20
_BREAKS = str.maketrans({"\r": "\n", "\x0b": "\n"})
_MARKS = re.compile("[\x00-\x08\x0e-\x1f]")


class _Record(NamedTuple):
    kind: int
    instance: int
    holds: bool  # other records
    start: int
    end: int


class _Words(NamedTuple):
    kind: int
    text: str


def read(path: Path, source: str, root: Path, ocr: Ocr | None) -> Iterator[Block]:
    """The blocks of a .ppt, with `slide`. Raises ReadError where it is protected, damaged, or no presentation."""
    if path.stat().st_size > MAX_BYTES:
        raise ReadError(f"The file is over {MAX_BYTES // 1_000_000} MB, too much for one of its kind.", "Split it into smaller files.")
    opened = open_compound(path)
    try:
        stream, user = opened.stream("PowerPoint Document"), opened.stream("Current User")
        if stream is None or user is None:
            raise ReadError("It is no presentation of PowerPoint.", "Give it the suffix of what it is.")
        if struct.unpack_from("<I", user, 12)[0] == 0xF3D1C4DF or "EncryptedSummary" in opened:
            raise ReadError("It is protected by a password.", "Save a copy without the password.")
        shown = _Show(stream, struct.unpack_from("<I", user, 16)[0])
        yield Document(title_of(opened))
        yield from shown.blocks()
    except (struct.error, IndexError, ValueError, KeyError) as error:
        raise ReadError("The file is damaged or cut short.", _SAVE) from error


class _Show:
    def __init__(self, stream: bytes, edit: int):
        self._stream = stream
        self._places: dict[int, int] = {}
        self._document = -1
        seen: set[int] = set()
        while edit and edit not in seen:
            seen.add(edit)
            record = self._at(edit)
            if record.kind != _USER_EDIT:
                raise ValueError("no edit")
            _, _, before, table, document = struct.unpack_from("<5I", stream, record.start)
            self._document = document if self._document < 0 else self._document
            self._learn(self._at(table))
            edit = before

    def blocks(self) -> Iterator[Block]:
        document = self._at(self._places[self._document])
        lists = {each.instance: each for each in self._inside(document) if each.kind == _SLIDE_LIST}
        notes = self._all_notes(lists.get(_NOTES))
        hidden = pictures = 0
        for number, (place, id, outline) in enumerate(self._listed(lists.get(_SLIDES)), 1):
            if number > MAX_SLIDES:
                yield Passed("slides of a presentation of over 10,000")
                return
            if place not in self._places:
                continue
            slide = self._at(self._places[place])
            if any(each.kind == _SHOW and self._stream[each.start + 10] & _HIDDEN for each in self._inside(slide)):
                hidden += 1
                continue
            words = list(self._words(slide, outline))
            title = next((each.text for each in words if each.kind in _TITLES and each.text), "")
            heading = " ".join(title.split()) or None
            texts = [each.text for each in words if each.text and each.text != title]
            for text in texts or [title]:
                if text:
                    yield Text(text, Locator(heading=heading, slide=number))
            for text in notes.get(id, []):
                yield Text(text, Locator(heading=heading, slide=number))
            pictures += sum(1 for each in self._deep(slide) if each.kind == _OPTIONS and self._shows_picture(each))
        if hidden:
            yield Passed("hidden slides", hidden)
        if pictures:
            yield Passed("pictures in .ppt files", pictures)

    def _shows_picture(self, options: _Record) -> bool:
        """Whether the properties of a shape name a picture."""
        count = min(options.instance, (options.end - options.start) // 6)
        return any(struct.unpack_from("<H", self._stream, options.start + 6 * each)[0] & 0x3FFF == _PICTURE for each in range(count))

    def _listed(self, listed: _Record | None) -> Iterator[tuple[int, int, list[_Words]]]:
        """Of each slide in a list its place, its number, and the words that stand in the outline."""
        slide: tuple[int, int] | None = None
        outline: list[_Words] = []
        kind = 4
        for each in self._inside(listed) if listed else ():
            if each.kind == _SLIDE_PLACE:
                if slide:
                    yield *slide, outline
                place, _, _, id = struct.unpack_from("<4I", self._stream, each.start)
                slide, outline = (place, id), []
            elif each.kind == _KIND:
                (kind,) = struct.unpack_from("<I", self._stream, each.start)
                outline.append(_Words(kind, ""))
            elif each.kind in (_WIDE, _NARROW) and outline:
                outline[-1] = _Words(kind, self._text(each))
        if slide:
            yield *slide, outline

    def _words(self, slide: _Record, outline: list[_Words]) -> Iterator[_Words]:
        kind = 4
        for each in self._deep(slide):
            if each.kind == _KIND:
                (kind,) = struct.unpack_from("<I", self._stream, each.start)
            elif each.kind in (_WIDE, _NARROW):
                yield _Words(kind, self._text(each))
            elif each.kind == _OUTLINE:
                (at,) = struct.unpack_from("<I", self._stream, each.start)
                if at < len(outline):
                    yield outline[at]

    def _all_notes(self, listed: _Record | None) -> dict[int, list[str]]:
        """What is noted under slides, by their numbers."""
        found: dict[int, list[str]] = {}
        for place, _, outline in self._listed(listed):
            if place not in self._places or len(found) > MAX_SLIDES:
                continue
            notes = self._at(self._places[place])
            of = next((each for each in self._inside(notes) if each.kind == _NOTES_OF), None)
            if of is not None:
                (id,) = struct.unpack_from("<I", self._stream, of.start)
                found[id] = [each.text for each in self._words(notes, outline) if each.kind == _NOTES and each.text]
        return found

    def _text(self, record: _Record) -> str:
        raw = self._stream[record.start : record.end]
        text = raw.decode("utf-16-le", "replace") if record.kind == _WIDE else raw.decode("latin-1")
        return _MARKS.sub("", text.translate(_BREAKS)).strip()

    def _learn(self, table: _Record) -> None:
        """Where the records are that edits moved; of later edits first, which are those that count."""
        if table.kind != _PERSIST:
            raise ValueError("no table")
        at = table.start
        while at + 4 <= table.end:
            (head,) = struct.unpack_from("<I", self._stream, at)
            first, count = head & 0xFFFFF, head >> 20
            places = struct.unpack_from(f"<{min(count, (table.end - at - 4) // 4)}I", self._stream, at + 4)
            for number, place in enumerate(places, first):
                self._places.setdefault(number, place)
            at += 4 + 4 * count

    def _at(self, place: int) -> _Record:
        head, kind, length = struct.unpack_from("<HHI", self._stream, place)
        return _Record(kind, head >> 4, head & 0xF == 0xF, place + 8, min(place + 8 + length, len(self._stream)))

    def _inside(self, record: _Record) -> Iterator[_Record]:
        at = record.start
        while record.holds and at + 8 <= record.end:
            each = self._at(at)
            yield each._replace(end=min(each.end, record.end))
            at = each.end

    def _deep(self, record: _Record, depth: int = 0) -> Iterator[_Record]:
        for each in self._inside(record):
            yield each
            if depth < _DEEPEST and (each.kind == _TEXT_BOX or (each.holds and each.kind != _HEADERS)):
                yield from self._deep(each._replace(holds=True), depth + 1)
