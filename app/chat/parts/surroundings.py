"""A passage in its surroundings: the lines of a text file, or, of any other, what was read before and after it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from pathlib import Path, PurePath
from typing import TYPE_CHECKING

from app.chat.content import plays
from app.chat.language import _
from app.chat.parts.picture import img
from app.chat.parts.reading import marked_html
from app.chat.parts.text import escaped
from app.chat.parts.transcript import lines_html, scene_html
from ingest.readers import kind

if TYPE_CHECKING:
    from rag.library import Library
    from rag.records import Hit, Record
    from rag.storage.entries import File, Stored

LINES = {"markdown", "text", "code", "data"}  # kinds whose lines are what a reader knows
READ = 2_000_000  # bytes of a file that is shown by its lines
BEFORE, AFTER = 150, 250  # lines around the passage
RECORDS = 15  # passages and pictures before and after
COMPARED = 400_000  # characters of a text that is compared letter by letter
ENDS = 40  # letters that tell the beginning and the end of a passage where markup stands in it


def surroundings(library: Library, hit: Hit, file: File, path: Path | None, quote: str) -> str:
    """The passage, or the picture, where it stands in its file, whose bytes lie at `path`, as HTML."""
    told = ""
    if path and kind(PurePath(file.source)) in LINES and file.bytes <= READ:
        from ingest.readers.text import decode

        told = _lines(decode(path.read_bytes()), hit, quote)
    told = told or _records(library, hit, quote, path is not None and bool(plays(file.source)))
    return f'<h3 class="d-label">{_("In the file")}</h3><div class="d-around" tabindex="0">{told}</div>' if told else ""


def _lines(text: str, hit: Hit, quote: str) -> str:
    """The numbered lines around the passage, with what bears the answer marked."""
    lines = text.split("\n")
    start, end = _found(text, quote) or (_found(text, hit.own) if hit.modality == "text" else None) or (0, 0)
    if start < end:
        first, last = text.count("\n", 0, start), text.count("\n", 0, end - 1)
    elif hit.locator.line and hit.locator.line <= len(lines):
        first = last = hit.locator.line - 1
    else:
        return ""
    shown = range(max(first - BEFORE, 0), min(last + AFTER, len(lines)))
    rows, at = [], sum(len(line) + 1 for line in lines[: shown.start])
    for number in shown:
        line = lines[number]
        begin = min(max(start - at, 0), len(line))
        stop = max(begin, min(end - at, len(line)))
        at += len(line) + 1
        marked = f"<mark>{escaped(line[begin:stop])}</mark>" if begin < stop else ""
        here = ' class="d-here"' if first <= number <= last else ""
        rows.append(f'<li value="{number + 1}"{here}>{escaped(line[:begin])}{marked}{escaped(line[stop:])}</li>')
    return f'<ol class="d-lines">{"".join(rows)}</ol>'


def _found(text: str, words: str) -> tuple[int, int] | None:
    """Where words stand in a text, white space folded; where markup parts them, letter by letter, or by their beginning and end."""
    folded = re.search(r"\s+".join(map(re.escape, words.split())), text) if words.strip() else None
    if folded or not words.strip() or len(text) > COMPARED:
        return folded.span() if folded else None
    places = [match.start() for match in re.finditer(r"\w", text)]
    letters = "".join(text[at] for at in places).casefold()
    wanted = re.sub(r"\W", "", words).casefold()
    if not wanted or len(letters) != len(places):  # a letter that folds to two: too rare to be told apart
        return None
    begin, length = letters.find(wanted), len(wanted)
    if begin < 0 and len(wanted) > 2 * ENDS:
        begin = letters.find(wanted[:ENDS])
        end = letters.find(wanted[-ENDS:], begin + ENDS) + ENDS
        length = end - begin
        if begin < 0 or not ENDS <= length <= 4 * len(wanted):
            return None
    return (places[begin], places[begin + length - 1] + 1) if begin >= 0 else None


def _records(library: Library, hit: Hit, quote: str, plays: bool) -> str:
    """The passages and pictures around it, as they were read; those of a recording with their times, from which it `plays`."""
    records = library.catalog.of([hit.source])
    at = next((n for n, each in enumerate(records) if each.id == hit.id), None)
    if at is None:
        at = next((n for n, each in enumerate(records) if each.record.text == hit.own), None)
    if at is None or (len(records) < 2 and not hit.locator.time):
        return ""
    near, here = records[max(at - RECORDS, 0) : at + RECORDS + 1], records[at]
    rows: Iterable[tuple[Stored, str]]
    if all(each.record.locator.time for each in near):
        rows = _timed(library, near, here, quote, plays)
    else:
        rows = [(each, _untimed(library, each.record, (quote or each.record.text) if each is here else "")) for each in near]
    parts, heading = [], None
    for each, told in rows:
        if each.record.locator.heading != heading:
            heading = each.record.locator.heading
            parts.append(f"<h4>{escaped((heading or '').split(' > ')[-1])}</h4>")
        parts.append(f'<div class="d-passage{" d-here" if each is here else ""}">{told}</div>')
    return "".join(parts)


def _untimed(library: Library, record: Record, quote: str) -> str:
    if record.image:
        return img(str(library.media.path(record.image)), 320, record.caption or "") + f"<p>{escaped(record.caption or '')}</p>"
    return marked_html(record.text, quote)


def _timed(library: Library, near: Sequence[Stored], here: Stored, quote: str, plays: bool) -> Iterator[tuple[Stored, str]]:
    """What is said and shown in the order of its time: a passage goes on over several slides."""
    rows = []
    for each in near:
        record = each.record
        if record.image:
            told = scene_html(record.locator, img(str(library.media.path(record.image)), 320, record.caption or ""), plays)
        else:
            told = lines_html(record.text, record.locator, quote if each is here else "", plays)
        rows += [(start, not record.image, each, line) for start, line in told]
    rows.sort(key=lambda row: row[:2])
    for same in groupby(rows, key=lambda row: row[2].id):
        group = list(same[1])
        yield group[0][2], "".join(row[3] for row in group)
