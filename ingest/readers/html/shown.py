"""The pictures of a page as its elements tell of them, not yet opened: where their files may be, and what is said of them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from ingest.figures import describes
from ingest.readers.html.navigation import decoration
from ingest.readers.html.svg import drawing_in
from rag.records import Locator

BREAK = "\x00"  # a <br>, until white space is folded; no parsed text holds it
PICTURES = ("img", "picture", "svg", "object")

_SPACE = re.compile(r"[ \t\n\r\f\v\u00a0\u2007\u202f]+")
_INVISIBLE = dict.fromkeys(map(ord, "\u00ad\u200b\u2060\ufeff"))


@dataclass(frozen=True)
class Shown:
    """A figure not yet opened: where its file may be, and what the document says of it."""

    candidates: tuple[str, ...]
    caption: str | None = None
    alt: str | None = None
    own: str | None = None  # the paragraph that it stands in
    locator: Locator = Locator()
    icon_side: int = 0  # it is left out where both its sides are shorter, in pixels


def fold(text: str) -> str:
    """White space folded, line breaks kept only where a <br> was, invisible characters gone."""
    lines = _SPACE.sub(" ", text.translate(_INVISIBLE)).split(BREAK)
    return "\n".join(filter(None, (line.strip() for line in lines)))


def shown_by(element: Any, caption: str | None) -> Shown | None:
    """The figure that an element of `PICTURES` shows under its `caption`; None where it shows none, or a mere decoration."""
    picture, references, words = element, [], ""
    if element.tag in ("img", "picture"):
        image = element if element.tag == "img" else next(element.iter("img"), None)
        picture = image if image is not None else element
        holders = [each for each in (image, *element.iter("source")) if each is not None]
        references = [holder.get(name) for name in ("src", "data-src") for holder in holders[:1]]
        references += [part.split()[0] for holder in holders for part in (holder.get("srcset") or "").split(", ") if part.strip()]
        alternatives = [picture.get("alt") or "", picture.get("title") or ""] if image is not None else []
        words = next(filter(describes, map(_line, alternatives)), "")
    elif element.tag == "svg":
        references, words = [drawing_in(element)], element.get("aria-label") or ""
    elif (element.get("type") or "").startswith("image/"):  # the words in it are for those who cannot see it
        references, words = [element.get("data")], "".join(element.itertext())
    candidates = tuple(dict.fromkeys(each.strip() for each in references if each and each.strip()))
    side = decoration(picture) if candidates else None
    if side is None:
        return None
    alt = _line(words)
    return Shown(candidates, caption, alt if describes(alt) else None, icon_side=side)


def _line(text: str) -> str:
    return fold(text).replace("\n", " ")
