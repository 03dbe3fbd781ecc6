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
    headings: dict[str, list[str]] = {}
    captions: dict[str, list[str]] = {}
    for stored in islice(records, LOOKED_AT):
        record = stored.record
        if record.modality == "image":
            if record.caption and (asked := _of_caption(record.caption)):
                captions.setdefault(stored.source, []).append(asked)
        elif record.locator.heading and (asked := _of_heading(record.locator.heading)):
            headings.setdefault(stored.source, []).append(asked)
    of_headings, of_captions = _spread(headings), _spread(captions)
    mixed = [asked for pair in zip(of_headings, of_captions, strict=False) for asked in pair]
    rest = [asked for asked in (*of_headings, *of_captions) if asked not in mixed]
    return list(dict.fromkeys([*mixed, *rest]))[:SUGGESTED]


def _of_heading(path: str) -> str | None:
    """ "Lights > Fresnel lens" as a question; None for what is no subject."""
    *above, last = (" ".join(part.split()).strip(" .:") for part in path.split(" > "))
    if last.endswith("?"):
        return last
    if not 4 <= len(last) <= 50 or GENERIC.match(last) or not re.match(r"[^\W\d]", last):
        return None
    title = above[0] if above else ""
    if title and len(title) <= 40 and title != last:
        return f"What does “{title}” say about “{last}”?"
    return f"What is there to know about “{last}”?"


def _of_caption(caption: str) -> str | None:
    first = re.split(r"(?<=[.;:])\s", " ".join(caption.split()))[0].strip(" .;:")
    first = re.sub(r"^(fig(ure)?|plate|abb)\.?\s*\d+\s*[.:]?\s*", "", first, flags=re.IGNORECASE)
    return f"Show me the picture “{first}”" if 8 <= len(first) <= 70 else None


def _spread(by_source: dict[str, list[str]]) -> list[str]:
    """One of each document first, then a second of each, and so on."""
    rounds = max(map(len, by_source.values()), default=0)
    return list(dict.fromkeys(asked[at] for at in range(rounds) for asked in by_source.values() if at < len(asked)))
