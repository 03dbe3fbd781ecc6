"""The pictures of slides: with the caption beside them, what the slide says near them, and without the logos of all slides."""

from __future__ import annotations

import logging
import zipfile
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from ingest.blocks import Figure, Text
from ingest.figures import beside, label, worth_keeping
from ingest.readers import office
from ingest.readers.pptx.shapes import Picture, related
from rag.errors import ReadError
from rag.pictures.open import open_image
from rag.records import Locator

_log = logging.getLogger(__name__)

_CAPTION_DISTANCE = 0.08
_MAX_CAPTION = 400
_REPEATED = 3  # slides at least, and over half of them: what all these show is a logo

Box = tuple[float, float, float, float]  # left, top, right, bottom as fractions of the slide


@dataclass(frozen=True)
class Placed:
    """What a slide shows, and where."""

    box: Box | None
    item: Text | Picture


def figure(archive: zipfile.ZipFile, at: Placed, placed: Sequence[Placed], spoken: str, locator: Locator) -> Figure | None:
    assert isinstance(at.item, Picture)
    data = office.embedded(archive, at.item.part)
    try:
        image = open_image(data) if data else None
    except ReadError as error:
        _log.debug("passed over: %s: %s", at.item.part, error)
        return None
    if image is None or not worth_keeping(image):
        return None
    texts = [each for each in placed if isinstance(each.item, Text) and each.item.kind == "prose"]
    caption = _caption(at.box, texts) or at.item.alt
    near = [each.item.text for each in sorted(texts, key=lambda each: _distance(at.box, each.box)) if isinstance(each.item, Text)]
    around = beside([text for text in (*near, spoken) if text and text != caption], caption)
    if at.item.alt and at.item.alt != caption:
        around = "\n".join(filter(None, [at.item.alt, around]))
    bbox = at.box and (_share(at.box[0]), _share(at.box[1]), _share(at.box[2]), _share(at.box[3]))
    return Figure(image, caption, around, None, Locator(slide=locator.slide, bbox=bbox), data)


def _caption(box: Box | None, texts: Sequence[Placed]) -> str | None:
    """The text right below the picture, or else right above it, that begins with a label ("Figure 3")."""
    below: list[tuple[float, str]] = []
    for each in texts:
        if box is None or each.box is None or min(box[2], each.box[2]) <= max(box[0], each.box[0]):
            continue
        words = each.item.text if isinstance(each.item, Text) else ""
        gap = each.box[1] - box[3]
        gap = abs(gap) if gap > -_CAPTION_DISTANCE / 2 else _CAPTION_DISTANCE + abs(box[1] - each.box[3])
        if gap <= 2 * _CAPTION_DISTANCE and len(words) <= _MAX_CAPTION and label(words):
            below.append((gap, words.replace("\n", " ")))
    return min(below)[1] if below else None


def _distance(a: Box | None, b: Box | None) -> float:
    if a is None or b is None:
        return 2.0
    across, down = max(a[0] - b[2], b[0] - a[2], 0.0), max(a[1] - b[3], b[1] - a[3], 0.0)
    return float((across**2 + down**2) ** 0.5)


def _share(value: float) -> float:
    return round(min(max(value, 0.0), 1.0), 4)


def logos(archive: zipfile.ZipFile, slides: Any) -> set[str]:
    """The parts whose picture (told by its checksum and size) is on three slides at least, and on over half of them."""
    on: Counter[tuple[int, int]] = Counter()
    names: dict[tuple[int, int], set[str]] = {}
    for slide in slides:
        shown: set[tuple[int, int]] = set()
        for id in slide._element.xpath("./p:cSld/p:spTree//a:blip/@r:embed"):
            part = related(slide, id)
            info = archive.NameToInfo.get(part.blob.decode("utf-8", "replace")) if part is not None else None
            if info:
                shown.add((info.CRC, info.file_size))
                names.setdefault((info.CRC, info.file_size), set()).add(info.filename)
        on.update(shown)
    repeated = [key for key, count in on.items() if count >= _REPEATED and count > len(slides) / 2]
    return {name for key in repeated for name in names[key]}
