"""Questions to begin with, made from the headings and captions that the library holds, and from nothing else."""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import islice

from rag.catalog import Stored

SUGGESTED = 4
LOOKED_AT = 4000
GENERIC = re.compile(
    r"^(abstract|about|appendix|acknowledge?ments?|bibliography|conclusions?|contents|details|discussion|example|examples|figures?|foreword|general|"
    r"home|index|introduction|license|links|methods?|misc|notes?|overview|preface|references|remarks|results|see also|summary|"
    r"table of contents|tables?|todo)$",
    re.IGNORECASE,
)


def suggestions(records: Iterable[Stored]) -> list[str]:
    """Up to 4 questions, the same each time: sections by heading and pictures by caption in turn, from many documents."""
    sections: dict[str, list[str]] = {}
    titles: dict[str, list[str]] = {}
    captions: dict[str, list[str]] = {}
    for stored in islice(records, LOOKED_AT):
        record = stored.record
        if record.modality == "example":
            continue
        if record.modality == "image":
            asked, kind = _of_caption(record.caption or ""), captions
        else:
            path = [" ".join(part.split()).strip(" .:") for part in (record.locator.heading or "").split(" > ")]
            asked, kind = _of_heading(path), sections if len(path) > 1 else titles
        if asked:
            kind.setdefault(stored.source, []).append(asked)
    of_headings, of_captions = _spread(sections) + _spread(titles), _spread(captions)
    mixed = [asked for pair in zip(of_headings, of_captions, strict=False) for asked in pair]
    return list(dict.fromkeys([*mixed, *of_headings, *of_captions]))[:SUGGESTED]


def _of_heading(path: list[str]) -> str | None:
    """Lights > Fresnel lens as a question; None for what is no subject."""
    last = path[-1]
    if last.endswith("?"):
        return last
    if not 4 <= len(last) <= 50 or GENERIC.match(last) or not re.match(r"[^\W\d]", last):
        return None
    if len(path) > 1 and 0 < len(path[0]) <= 40:
        return f"What does “{path[0]}” say about “{last}”?"
    return f"What is there to know about “{last}”?"


def _of_caption(caption: str) -> str | None:
    first = re.split(r"(?<=[.;:])\s", " ".join(caption.split()))[0].strip(" .;:")
    first = re.sub(r"^(fig(ure)?|plate)\.?\s*\d+\s*[.:]?\s*", "", first, flags=re.IGNORECASE)
    if not 8 <= len(first) <= 80:
        return None
    article = re.match(r"(A|An|The)\s", first)
    return f"Show me a picture of {first[0].lower()}{first[1:]}" if article else f"Show me a picture: {first}"


def _spread(by_source: dict[str, list[str]]) -> list[str]:
    """One of each document first, then a second of each, and so on."""
    rounds = max(map(len, by_source.values()), default=0)
    return [asked[at] for at in range(rounds) for asked in by_source.values() if at < len(asked)]
