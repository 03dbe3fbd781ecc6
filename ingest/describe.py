"""Words for a figure: its caption, its file's name, the words around it, and the text read inside it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import PurePosixPath
from urllib.parse import unquote

from ingest.blocks import Figure
from ingest.readers import suffix
from rag.records import INSIDE, Record

_NUMBERED = {"img", "dsc", "dscn", "dscf", "pxl", "image", "picture", "photo", "figure", "fig", "scan", "screenshot", "untitled", "unnamed"}
_LETTERS = re.compile(r"[^\W\d_]{3,}")
_SAYS_NOTHING = _NUMBERED | {
    "page", "pages", "slide", "slides", "document", "documents", "doc", "file", "text", "note", "new", "copy", "of", "index", "readme",
    "default", "main", "home", "output", "out", "export", "download", "upload", "attachment", "tmp", "temp", "draft", "final",
}  # fmt: skip
_COUNTED = {"img", "dsc", "dscn", "dscf", "pxl", "image", "picture", "figure", "fig", "page", "pages", "slide", "slides"}
_WORD = re.compile(r"[^\W\d_]+")
_PERIOD = re.compile(r"\b(?:(?:1[5-9]|20)\d\d|Q[1-4])\b")
_CAPITALS = re.compile(r"(?<=[a-z]{2})(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z]{2})")
_PARTED = re.compile(r"(?<!\d)[-.+]+|[-.+]+(?!\d)|[_ ~()\[\]]+")  # not within 2023-05-04 or 1.2
_DIGEST = re.compile(r"\b(?=[a-f]*\d)(?=\d*[a-f])[0-9a-f]{8,}\b", re.I)
_LOADED = ".documents"
GUESSED = 2  # names kept


def describe(figure: Figure, image: str, inside: str) -> Record:
    """The record of one appearance of a figure, its guess not yet made; `image` is its key in media, `inside` the text read in it."""
    caption = _folded(figure.caption)
    around = "\n".join(map(_folded, (figure.around or "").split("\n"))) if figure.locator.said else _folded(figure.around)
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
    """The name of a file in words ("kicad-pcb_v2.html": "kicad pcb v2"), without folders, suffix and digests; numbers stay as they are.

    Nothing where it says nothing ("scan 3", "index", "IMG_0042"); a year or a quarter does ("2023"), but not where pictures or pages
    are counted.
    """
    stem = _stem(PurePosixPath(unquote(source)))
    words = " ".join(_DIGEST.sub(" ", _PARTED.sub(" ", _CAPITALS.sub(" ", stem))).split())
    said = {word.lower() for word in _WORD.findall(words) if len(word) > 1 or word > "\u2e80"}
    if said - _SAYS_NOTHING:
        return words
    return words if _PERIOD.search(words) and not said & _COUNTED else ""


def _stem(path: PurePosixPath) -> str:
    """A file's name without its suffix; that of what a loader gave without that of its own, too."""
    stem = path.name.removesuffix(suffix(path))
    return _stem(PurePosixPath(re.sub(r"-[0-9a-f]{8}$", "", stem))) if suffix(path) == _LOADED and stem else stem


def _folded(text: str | None) -> str:
    return " ".join((text or "").split())
