"""Transcripts that somebody made: SubRip, WebVTT, SubViewer, LRC and TTML, as pieces of speech with their times."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

from ingest.readers.packed import markup
from ingest.readers.text import MAX_WHOLE, whole
from rag.errors import ReadError
from rag.speech.cue import Cue

SUFFIXES = (".vtt", ".srt", ".ttml", ".sbv", ".lrc")
LINE_SECONDS = 8.0  # that a line of a song or a cue without an end is said for at most
GAP = 0.2  # seconds between captions that roll: the next repeats what the last showed

_CLOCK = r"(?:(\d{1,3}):)?(\d{1,2}):(\d{1,2})(?:[.,](\d{1,3}))?"
_TIMING = re.compile(rf"\s*{_CLOCK}\s*-->\s*{_CLOCK}(?:\s|$)")
_OF_SUBVIEWER = re.compile(rf"{_CLOCK},{_CLOCK}\s*$")
_NUMBER = re.compile(r"\s*\d+\s*$")
_STAMP = re.compile(r"\[(\d{1,3}):(\d{1,2}(?:[.:]\d{1,3})?)\]")
_TAG = re.compile(r"\[(ti|ar|offset):([^\]]*)\]", re.IGNORECASE)
_SPEAKER = re.compile(r"<v(?:\.[^\s>]*)?\s+([^>]{1,80})>")
_MARKUP = re.compile(r"</?[a-zA-Z][^<>]{0,200}>|<\d[\d:.]*>|\{\\[^{}]{0,200}\}")
_OFFSET = re.compile(r"(\d{1,9}(?:\.\d{1,9})?)(h|ms|m|s|f|t)")
_FRAMES = re.compile(rf"{_CLOCK}(?::(\d{{1,3}}))?")
_UNITS = {"h": 3600.0, "m": 60.0, "s": 1.0, "ms": 0.001}


@dataclass(frozen=True)
class Transcript:
    """What is said, in the order of its time, and what the transcript says that it is of."""

    cues: tuple[Cue, ...]
    title: str = ""


def transcript(path: Path, suffix: str) -> Transcript:
    """The transcript at `path`, whose `suffix` tells its form. Raises ReadError where it is none."""
    if suffix == ".ttml":
        if path.stat().st_size > MAX_WHOLE:
            raise ReadError(f"The file is over {MAX_WHOLE // 1_000_000} MB, too much for one of its kind.", "Split it into smaller files.")
        found, title = list(_timed(markup(path.read_bytes()))), ""
    else:
        lines = whole(path).split("\n")
        found, title = _sung(lines) if suffix == ".lrc" else (list(_captions(lines)), "")
    cues = tuple(_unrolled(sorted(found, key=lambda cue: cue.start)))
    if not cues:
        raise ReadError("There is nothing in it with a time.", "Open it and see whether it is what you expect.")
    return Transcript(cues, title)


def _captions(lines: Iterable[str]) -> Iterator[Cue]:
    """The captions of SubRip, WebVTT and SubViewer: a line with two times, then lines up to an empty one."""
    span: tuple[float, float] | None = None
    said: list[str] = []
    for line in lines:
        if timing := _TIMING.match(line) or _OF_SUBVIEWER.match(line):
            if said and _NUMBER.match(said[-1]):  # of this caption, without an empty line before it
                said.pop()
            yield from _cue(span, said)
            span, said = (_seconds(*timing.groups()[:4]), _seconds(*timing.groups()[4:])), []
        elif not line.strip():
            yield from _cue(span, said)
            span, said = None, []
        elif span:
            said.append(line)
    yield from _cue(span, said)


def _cue(span: tuple[float, float] | None, said: Sequence[str]) -> Iterator[Cue]:
    told = "\n".join(filter(None, map(_plain, said)))
    if span and told:
        start, end = span
        yield Cue(start, end if end > start else start + LINE_SECONDS, told)


def _seconds(hours: str | None, minutes: str, seconds: str, fraction: str | None) -> float:
    return int(hours or 0) * 3600 + int(minutes) * 60 + int(seconds) + float(f"0.{fraction or 0}")


def _plain(line: str) -> str:
    """A line without marks of style; who speaks stands before it."""
    return " ".join(html.unescape(_MARKUP.sub("", _SPEAKER.sub(r"\1: ", line))).split())


def _sung(lines: Iterable[str]) -> tuple[list[Cue], str]:
    """The lines of an LRC file, each said until the next one, and its title."""
    told: dict[str, str] = {}
    stamped: list[tuple[float, str]] = []
    for line in lines:
        if tag := _TAG.match(line.strip()):
            told[tag[1].lower()] = tag[2].strip()
            continue
        at = 0
        times = []
        while stamp := _STAMP.match(line, at):
            times.append(int(stamp[1]) * 60 + float(stamp[2].replace(":", ".")))
            at = stamp.end()
            at += len(line[at:]) - len(line[at:].lstrip())
        stamped += [(time, _plain(line[at:])) for time in times]
    early = float(told["offset"]) / 1000 if re.fullmatch(r"[+-]?\d{1,7}", told.get("offset", "")) else 0.0
    ordered = [*sorted((max(time - early, 0.0), text) for time, text in stamped), (float("inf"), "")]
    cues = [Cue(start, min(end, start + LINE_SECONDS), text) for (start, text), (end, _) in pairwise(ordered) if text]
    return cues, ", ".join(filter(None, [told.get("ti"), told.get("ar")]))


def _timed(root: Any) -> Iterator[Cue]:
    """The paragraphs of a TTML document; those within another that has a time count from it."""
    of_parameters = {name.rpartition("}")[2]: value for name, value in root.attrib.items()}
    rates = {"f": _rate(of_parameters.get("frameRate"), 30.0), "t": _rate(of_parameters.get("tickRate"), 1.0)}
    for paragraph in root.iter("{*}p"):
        above = sum(_time(each.get("begin"), rates) or 0.0 for each in paragraph.iterancestors())
        start = _time(paragraph.get("begin"), rates)
        if start is None:
            continue
        end, lasts = _time(paragraph.get("end"), rates), _time(paragraph.get("dur"), rates)
        end = start + lasts if end is None and lasts is not None else end
        yield from _cue((above + start, above + (end if end is not None else start)), _written(paragraph).split("\n"))


def _written(element: Any) -> str:
    """The words of an element, white space folded, with its breaks as line ends."""
    parts = [" ".join((element.text or "").split()) if not len(element) else element.text or ""]
    for child in element:
        name = str(child.tag).rpartition("}")[2]
        parts.append("\0" if name == "br" else "" if name == "metadata" else _written(child))
        parts.append(child.tail or "")
    return " ".join("".join(parts).split()).replace("\0", "\n")


def _rate(told: str | None, usual: float) -> float:
    return float(told) if told and re.fullmatch(r"\d{1,9}", told) and int(told) else usual


def _time(told: str | None, rates: dict[str, float]) -> float | None:
    """A time of TTML: "00:01:02.5", "00:01:02:12" with frames, or "62.5s"."""
    if told and (offset := _OFFSET.fullmatch(told.strip())):
        return float(offset[1]) * _UNITS[offset[2]] if offset[2] in _UNITS else float(offset[1]) / rates[offset[2]]
    if told and (clock := _FRAMES.fullmatch(told.strip())):
        return _seconds(*clock.groups()[:4]) + int(clock[5] or 0) / rates["f"]
    return None


def _unrolled(cues: Iterable[Cue]) -> Iterator[Cue]:
    """Captions without the lines that the one before showed already."""
    shown: list[str] = []
    until = float("-inf")
    for cue in cues:
        lines = cue.text.split("\n")
        fresh = [line for line in lines if not (cue.start - until <= GAP and line in shown)]
        shown, until = lines, cue.end
        if fresh:
            yield Cue(cue.start, cue.end, " ".join(fresh))
