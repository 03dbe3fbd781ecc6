"""Words for a figure: its caption, its file's name, the words around it, and the text read inside it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import PurePosixPath

from ingest.blocks import Figure
from rag.records import Record

_NUMBERED = {"img", "dsc", "dscn", "dscf", "pxl", "image", "picture", "photo", "figure", "fig", "scan", "screenshot", "untitled", "unnamed"}
_LETTERS = re.compile(r"[^\W\d_]{3,}")
_YEAR = re.compile(r"\b(?:1[5-9]|20)\d\d\b")
GUESSED = 2  # names of classes kept
INSIDE = "Text in the picture: "


def describe(figure: Figure, image: str, inside: str) -> Record:
    """The record of one appearance of a figure, its guess not yet made; `image` is its key in media, `inside` the text read in it."""
    caption = _folded(figure.caption)
    around = _folded(figure.around)
    lines = [
        caption,
        name_words(figure.origin),
        around if around != caption else None,
        INSIDE + _folded(inside) if inside.strip() else None,
    ]
    return Record(
        modality="image",
        text="\n\n".join(filter(None, lines)),
        locator=figure.locator,
        caption=caption or None,
        origin=figure.origin,
        image=image,
    )


def guess(guesses: Sequence[tuple[str, float]]) -> str | None:
    """What a picture may show, in words: the likeliest names, None where nothing is likely."""
    return ", ".join(name for name, _ in guesses[:GUESSED]) or None


def name_words(origin: str | None) -> str | None:
    """What a file's name says ("red-lighthouse_02.png": "red lighthouse 02"), None where it only numbers."""
    if origin is None:
        return None
    stem = re.sub(r"(?<=[a-z])(?=[A-Z])|[-_.+ ]+", " ", PurePosixPath(origin).stem).strip()
    meaning = [word for word in _LETTERS.findall(stem) if word.lower() not in _NUMBERED]
    return stem if meaning else None


def file_words(source: str) -> str:
    """The name of a file in words, without its suffix; nothing where it only numbers and tells no year."""
    stem = " ".join(re.sub(r"(?<=[a-z])(?=[A-Z])|[-_.+ ]+", " ", PurePosixPath(source).stem).split())
    return stem if name_words(source) or _YEAR.search(stem) else ""


def _folded(text: str | None) -> str:
    return " ".join((text or "").split())
