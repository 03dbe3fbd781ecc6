"""Questions to begin with, made from the sentences, headings and captions that the library holds, and from nothing else."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice

from rag.language.asking import of_caption, of_heading, of_sentence
from rag.language.split import sentences
from rag.language.wording import named
from rag.records import Record
from rag.storage.entries import Stored

SUGGESTED = 4
LOOKED_AT = 1500


def suggestions(records: Iterable[Stored]) -> list[str]:
    """Up to 4 questions, the same each time: what passages and captions answer in turn, from many documents; whole sections last."""
    questions: dict[str, list[str]] = {}
    subjects: dict[str, list[str]] = {}
    captions: dict[str, list[str]] = {}
    for stored in islice(records, LOOKED_AT):
        if stored.record.modality == "example":
            continue
        if stored.record.modality == "image":
            asked, kind = of_caption(stored.record.caption or "", stored.record.text), captions
        else:
            asked = _of_passage(stored.record)
            kind = questions if asked and asked.endswith("?") else subjects
        if asked:
            kind.setdefault(stored.source, []).append(asked)
    of_passages, of_captions = _spread(questions) + _spread(subjects), _spread(captions)
    mixed = [asked for pair in zip(of_passages, of_captions, strict=False) for asked in pair]
    return list(dict.fromkeys([*mixed, *of_passages, *of_captions]))[:SUGGESTED]


def _of_passage(passage: Record) -> str | None:
    heading = of_heading((passage.locator.heading or "").split(" > ")[-1], passage.text)
    if heading and heading.endswith("?"):
        return heading
    made = (asked for sentence in sentences(passage.text) for asked in of_sentence(sentence, passage.text) if named(asked))
    return next(made, heading)


def _spread(by_source: dict[str, list[str]]) -> list[str]:
    """One of each document first, then a second of each, and so on."""
    rounds = max(map(len, by_source.values()), default=0)
    return [asked[at] for at in range(rounds) for asked in by_source.values() if at < len(asked)]
