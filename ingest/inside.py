"""The writing inside pictures: kept in the catalogue, and where it is a page of text, cut into passages like any other text."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import replace

from ingest.blocks import Text
from rag.pictures.layout import flow
from rag.pictures.ocr import Writing
from rag.records import Locator

RUNNING = 5  # words: a line of running text has so many
_SHARE = 0.5  # of a page's letters, in such lines


def kept(found: Sequence[Writing]) -> str:
    """The paragraphs as one string for the catalogue."""
    return json.dumps([[each.text, [round(edge, 4) for edge in each.box]] for each in found], ensure_ascii=False)


def written(text: str) -> list[Writing]:
    """What `kept` made into a string."""
    return [Writing(words, tuple(box)) for words, box in json.loads(text)]


def is_running(text: str) -> bool:
    """Whether most of what is written stands in lines of running text, and not in labels, menus and cells."""
    lines = text.split("\n")
    return sum(len(line) for line in lines if len(line.split()) >= RUNNING) > _SHARE * len(text)


def page_texts(found: Sequence[Writing], picture: Locator, is_file: bool) -> Iterator[Text]:
    """The paragraphs in a picture as texts where the picture stands; with their boxes where it has one, or is a file of its own.
    What is written in a picture of a film is not what is said meanwhile."""
    left, top, right, bottom = picture.bbox or (0.0, 0.0, 1.0, 1.0)
    for each in found:
        across = [round(left + edge * (right - left), 4) for edge in each.box[::2]]
        down = [round(top + edge * (bottom - top), 4) for edge in each.box[1::2]]
        box = (across[0], down[0], across[1], down[1]) if picture.bbox or is_file else None
        yield Text(flow(each.text.split("\n")), replace(picture, bbox=box, said=()))
