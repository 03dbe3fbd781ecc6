"""Which images of a document are worth keeping, and what in it is said of them.

Left out of documents, as icons, spacers and rules: images with a side under 32 pixels, with one side over 20 times the other, or of
one colour all over.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from rag.pictures import MAX_BYTES, open_image, rgb  # noqa: F401

if TYPE_CHECKING:
    from PIL.Image import Image

MIN_SIDE = 32
MAX_ASPECT = 20
AROUND_CHARACTERS = 400

LABEL = re.compile(
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


def label(text: str) -> str | None:
    """The label that a caption begins with ("Figure 3", "Fig. 3", "Plate II" has none), else None."""
    match = LABEL.match(text)
    return match[1] if match else None


def describes(text: str | None) -> bool:
    """Whether an alt text or a title says something: not nothing, "image", or a file's name."""
    return bool(text and not _NO_DESCRIPTION.fullmatch(text.strip()))


def beside(texts: Sequence[str], caption: str | None) -> str | None:
    """Of `texts`, nearest first, the one that speaks of the figure by its label, else the nearest; cut to 400 characters at a word."""
    name = label(caption) if caption else None
    if name:
        number = re.split(r"\s+|(?<=\D)\.", name)[-1]
        mention = re.compile(
            rf"\bfig(?:ure)?s?\.?\s*{re.escape(number)}\b" if name[:3].lower() == "fig" else rf"\b{re.escape(name)}\b", re.I
        )
        texts = sorted(texts, key=lambda text: mention.search(text) is None)
    if not texts:
        return None
    text = " ".join(texts[0].split())
    if len(text) <= AROUND_CHARACTERS:
        return text
    return text[:AROUND_CHARACTERS].rsplit(" ", 1)[0] + " …"
