"""What is said in a recording as a file to take along: WebVTT, which players show as subtitles, and Markdown, for readers."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from itertools import groupby
from typing import TYPE_CHECKING

from rag.errors import UsageError
from rag.records import HEADING_SEPARATOR, Locator
from rag.speech.cue import Cue

if TYPE_CHECKING:
    from rag.library import Library
    from rag.storage.entries import Stored

SHORTEST = 0.1  # seconds: WebVTT knows no caption that ends when it begins

_MARKDOWN = re.compile(r"([\\`*_\[\]<>#|~])")


def said(records: Sequence[Stored]) -> list[Stored]:
    """Of a document's records the passages that are said; none where it is no recording, film or transcript."""
    return [each for each in records if each.record.modality == "text" and each.record.locator.said]


def cues(passages: Sequence[Stored]) -> list[Cue]:
    """Their sentences with their times; one that was cut in two is one again."""
    told = [(place.time, line) for each in passages for place, line in lines(each.record.text, each.record.locator) if place.time]
    return [
        Cue(start, end, " ".join(line for _, line in same))
        for (start, end), same in groupby(told, lambda each: (each[0][0], max(each[0][1], each[0][0] + SHORTEST)))
    ]


def lines(text: str, locator: Locator) -> list[tuple[Locator, str]]:
    """The lines of a passage, each with its own place; all in one, where it is not known when each is said."""
    found = [" ".join(line.split()) for line in text.split("\n") if line.strip()]
    if len(found) == len(locator.said):
        return [(locator.lines(at, at), line) for at, line in enumerate(found)]
    return [(locator, " ".join(found))]


def as_vtt(passages: Sequence[Stored]) -> str:
    """WebVTT (W3C, https://www.w3.org/TR/webvtt1/), a caption a sentence."""
    blocks = (f"{_clock(cue.start)} --> {_clock(cue.end)}\n{_payload(cue.text)}\n" for cue in cues(passages))
    return "\n".join(["WEBVTT\n", *blocks])


def as_markdown(passages: Sequence[Stored]) -> str:
    """Its title, its chapters as headings, and each paragraph with the time at which it begins."""
    first = passages[0]
    parts = [f"# {_escaped(first.record.title or first.source)}"]
    for heading, under in groupby(passages, lambda each: each.record.locator.heading):
        if heading:
            parts.append(f"## {_escaped(' › '.join(heading.split(HEADING_SEPARATOR)))}")
        parts += [f"**{each.record.locator.moment}** {_escaped(each.record.text)}" for each in under]
    return "\n\n".join(parts) + "\n"


FORMS: dict[str, Callable[[Sequence[Stored]], str]] = {"vtt": as_vtt, "md": as_markdown}


def written(library: Library, source: str, form: str) -> str:
    """The transcript of a document in one of the FORMS. Raises UsageError where nothing is said in it."""
    passages = said(library.catalog.of([source]))
    if not passages:
        raise UsageError(f"'{source}' has no transcript.", "Recordings, films and subtitles have one.")
    return FORMS[form](passages)


def _clock(seconds: float) -> str:
    minutes, milliseconds = divmod(round(seconds * 1000), 60_000)
    hours, minutes = divmod(minutes, 60)
    return f"{hours:02}:{minutes:02}:{milliseconds // 1000:02}.{milliseconds % 1000:03}"


def _payload(text: str) -> str:
    """Text that holds no mark of WebVTT, and none of the styles that some players take from other formats."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("{\\", "&#123;\\")


def _escaped(text: str) -> str:
    return _MARKDOWN.sub(r"\\\1", " ".join(text.split()))
