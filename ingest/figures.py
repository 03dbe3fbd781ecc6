"""Which images of a document are worth keeping, and what in it is said of them.

Left out of documents, as icons, spacers and rules: images with a side under 32 pixels, with one side over 20 times the other, or of
one colour all over; and those with both sides under 128 pixels that one document shows three times or more.
What HTML pages mark as decoration is left out in `ingest.readers.html.navigation`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL.Image import Image

MIN_SIDE = 32
ICON_SIDE = 128
ICON_TIMES = 3
MAX_ASPECT = 20
AROUND_CHARACTERS = 400

_LABEL = re.compile(
    r"\W{0,3}((?:fig(?:ure)?s?|plate|chart|diagram|photo(?:graph)?|illustration|map|table)\b\.?\s*(?:[A-Z]{1,2}[.-]?)?\d+)", re.I
)

_NO_DESCRIPTION = re.compile(
    r"(?:image|img|picture|photo|figure|logo|icon|screenshot)?\W*\d*|\S+\.(?:png|jpe?g|gif|webp|svg|bmp|tiff?)", re.I
)


def worth_keeping(image: Image) -> bool:
    """Whether an image inside a document is more than an icon, a spacer or a rule (see the head of this module)."""
    short, long = sorted(image.size)
    if short < MIN_SIDE or long > MAX_ASPECT * short:
        return False
    extrema = image.getextrema()
    bands = extrema if isinstance(extrema[0], tuple) else (extrema,)
    return any(low != high for low, high in bands)


def small_as_an_icon(image: Image) -> bool:
    """Whether an image is left out where its document shows it ICON_TIMES or more."""
    return max(image.size) < ICON_SIDE


def label(text: str) -> str | None:
    """The label that a caption begins with ("Figure 3", "Fig. 3"; "Plate II" is none), else None."""
    match = _LABEL.match(text)
    return match[1] if match else None


def describes(text: str | None) -> bool:
    """Whether an alt text or a title says something: not nothing, "image", or a file's name."""
    return bool(text and not _NO_DESCRIPTION.fullmatch(text.strip()))


def beside(texts: Sequence[str], caption: str | None) -> str | None:
    """Of `texts`, nearest first, the one that speaks of the figure by its label, else the one that shares most of the caption's words
    (two at least), else the nearest; cut to 400 characters at a word."""
    if not texts:
        return None
    mention = _mention(caption or "")
    words = _words(_LABEL.sub("", caption or "", count=1))

    def bearing(text: str) -> tuple[bool, int]:
        shared = len(words & _words(text))
        return bool(mention and mention.search(text)), shared if shared > 1 else 0

    text = " ".join(max(texts, key=bearing).split())
    if len(text) <= AROUND_CHARACTERS:
        return text
    return text[:AROUND_CHARACTERS].rsplit(" ", 1)[0] + " …"


def _mention(caption: str) -> re.Pattern[str] | None:
    """What a text says that speaks of the figure under `caption`: "Fig. 3" and "figure 3" are the same."""
    name = label(caption)
    if not name:
        return None
    kind, number = re.fullmatch(r"(\w+?)\.?\s*((?:[A-Z]{1,2}[.-]?)?\d+)", name, re.I).groups()  # type: ignore[union-attr]
    kind = r"fig(?:ure)?s?" if kind.lower().startswith("fig") else re.escape(kind)
    return re.compile(rf"\b{kind}\.?\s*{re.escape(number)}\b", re.I)


def _words(text: str) -> set[str]:
    return {word for word in re.findall(r"\w{5,}", text.lower()) if not word.isdigit()}
