"""Words of a PDF page that nobody sees, and words that are struck out.

Invisible type (over a scan it is the text of the scan, and is read), type of less than two points, and type in the colour of what is
under it: white words, and words in the colour of a box that they stand in, are looked for on the page as it is shown. A word is struck
out where a line that is no longer than its run of words goes through its middle.
"""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Callable, Sequence
from itertools import islice
from typing import Any

from ingest.readers.pdf.annotations import box_of, each_annotation, quads
from ingest.readers.pdf.characters import Characters
from ingest.readers.pdf.objects import THIN, Colour, Mark, Picture
from rag.pictures.layout import Box

LEAST_SIZE = 2.0  # points
MOST_ANNOTATIONS = 500
MOST_BOXES = 2000  # pictures, grounds and lines of a page that are looked at
MOST_STRIPS = 6  # of the page that are shown by themselves
MOST_LOOKED_AT = 2000  # words of a page that may be hidden
_INVISIBLE = 3  # render mode
_FILLED = frozenset((0, 2, 4, 6))
_NEAR = 16  # between colours that look the same, a channel
_CONTRAST = 10  # between the darkest and the lightest pixel of a word that is seen
_SCALE = 1.5
_BESIDE = 4.0  # points above and below a word that are looked at with it
_THROUGH = 0.38, 0.72  # of a word's height, from its top, where a line goes through it
_COVERED = 0.7  # of its width


class Unseen:
    """Of one page, with what is drawn on it."""

    def __init__(self, page: Any, characters: Characters, marks: Sequence[Mark], pictures: Sequence[Picture], shown: Callable[..., Box]):
        self._page = page
        self._size = page.get_size()
        self._characters = characters
        self._pictures = [picture.box for picture in pictures[:MOST_BOXES]]
        self._grounds = [(mark.box, mark.fill) for mark in marks if mark.fill and mark.plain][-MOST_BOXES:]
        self._may_hide: dict[Colour, bool] = {}
        self._image: Any = None
        self._strips: list[tuple[float, float, Any, int]] = []
        self._looked_at = 0
        lines = [mark.box for mark in marks if mark.box[3] - mark.box[1] <= THIN < mark.box[2] - mark.box[0]]
        self._lines = sorted(lines[:MOST_BOXES], key=lambda line: line[1] + line[3])
        self._notes = _strike_outs(page, shown)
        self._places = [(line[1] + line[3]) / 2 for line in self._lines]
        self.strikes = bool(self._notes or self._places)  # whether anything is there that may strike words out

    def struck(self, box: Box) -> Box | None:
        """What goes through the middle of a word: a line, or the word's own box where somebody struck it out with a note."""
        if self._notes and any(_strikes(note, box) for note in self._notes):
            return box
        if not self._places:
            return None
        height = box[3] - box[1]
        at = bisect_left(self._places, box[1] + _THROUGH[0] * height)
        while at < len(self._places) and self._places[at] <= box[1] + _THROUGH[1] * height:
            line = self._lines[at]
            if min(line[2], box[2]) - max(line[0], box[0]) >= _COVERED * (box[2] - box[0]):
                return line
            at += 1
        return None

    def may_strike(self, boxes: Any) -> Any:
        """Which words of an array of boxes anything may strike out."""
        import numpy as np

        if self._notes:
            return np.ones(len(boxes), dtype=bool)
        top, height = boxes[:, 1], boxes[:, 3] - boxes[:, 1]
        first = np.searchsorted(self._places, top + _THROUGH[0] * height)
        return first < np.searchsorted(self._places, top + _THROUGH[1] * height, side="right")

    def suspects(self, numbers: Sequence[int]) -> list[bool]:
        """Whether words that begin with these characters may be hidden by their type's mode and colour."""
        objects = self._characters.text_objects(numbers)
        firsts = dict(zip(reversed(objects), reversed(numbers), strict=True))  # by the object of PDFium's
        looks = self._characters.looks(list(firsts.values()), list(firsts))
        hiding = {look: look[0] == _INVISIBLE or (look[0] in _FILLED and self._is_hiding(look[1])) for look in set(looks)}
        suspect = {item: item is None or hiding[look] for item, look in zip(firsts, looks, strict=True)}
        return [suspect[item] for item in objects]

    def _is_hiding(self, colour: Colour | None) -> bool:
        """Whether words of a colour may be like what is under them."""
        if colour is None:
            return False
        if colour not in self._may_hide:
            self._may_hide[colour] = min(colour) >= 255 - _NEAR or any(_alike(colour, fill) for _, fill in self._grounds)
        return self._may_hide[colour]

    def hidden(self, n: int, box: Box) -> bool:
        """Whether the word that begins with the character `n` cannot be seen."""
        if box[3] - box[1] < LEAST_SIZE:
            return True
        ((mode, colour),) = self._characters.looks([n], self._characters.text_objects([n]))
        if mode == _INVISIBLE:
            return not any(_holds(picture, box) for picture in self._pictures)
        if mode not in _FILLED or colour is None or not self._is_hiding(colour):
            return False
        under = next((fill for ground, fill in reversed(self._grounds) if _holds(ground, box)), None)
        if under is None and (min(colour) < 255 - _NEAR or any(_holds(picture, box) for picture in self._pictures)):
            return False
        return (under is None or _alike(colour, under)) and not self._is_seen(box)

    def _is_seen(self, box: Box) -> bool:
        """Whether the page as it is shown has anything in `box`."""
        self._looked_at += 1
        if self._looked_at > MOST_LOOKED_AT:
            return True
        width, height = self._size
        if box[2] <= 0 or box[3] <= 0 or box[0] >= width or box[1] >= height:
            return True
        image, above = self._shown_at(box)
        across, down = image.width / width, (math.ceil(height * _SCALE) if self._image is None else image.height) / height
        area = (
            max(math.floor(box[0] * across), 0),
            max(math.floor(box[1] * down) - above, 0),
            min(math.ceil(box[2] * across), image.width),
            min(math.ceil(box[3] * down) - above, image.height),
        )
        if area[0] >= area[2] or area[1] >= area[3]:
            return True
        return any(high - low > _CONTRAST for low, high in image.crop(area).getextrema())

    def _shown_at(self, box: Box) -> tuple[Any, int]:
        """The page as it is shown, and how many pixels above it are left out: only the lines around `box`, until many were looked at."""
        from ingest.readers.pdf.page import MAX_SIDE, render

        width, height = self._size
        if self._image is not None:
            return self._image, 0
        for top, bottom, image, above in self._strips:
            if top <= box[1] and box[3] <= bottom:
                return image, above
        if len(self._strips) >= MOST_STRIPS or max(width, height) * _SCALE > MAX_SIDE:
            self._image, self._strips = render(self._page, None, _SCALE), []
            return self._image, 0
        top, bottom = 2.0 * math.floor(max(box[1] - _BESIDE, 0) / 2), min(box[3] + _BESIDE, height)  # two points are three pixels
        image = render(self._page, (0, top, width, bottom), _SCALE)
        self._strips.append((top, bottom - 1, image, round(top * _SCALE)))
        return image, round(top * _SCALE)


def _alike(a: Colour, b: Colour) -> bool:
    return abs(a[0] - b[0]) <= _NEAR and abs(a[1] - b[1]) <= _NEAR and abs(a[2] - b[2]) <= _NEAR


def _holds(outer: Box, box: Box) -> bool:
    x, y = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
    return outer[0] <= x <= outer[2] and outer[1] <= y <= outer[3]


def _strikes(note: Box, box: Box) -> bool:
    """Whether a note that strikes words out lies on most of a word."""
    across = min(note[2], box[2]) - max(note[0], box[0])
    return across >= _COVERED * (box[2] - box[0]) and note[1] < (box[1] + box[3]) / 2 < note[3]


def _strike_outs(page: Any, shown: Callable[..., Box]) -> list[Box]:
    """The boxes of the words that notes strike out."""
    import pypdfium2.raw as raw

    if not raw.FPDFPage_GetAnnotCount(page.raw):
        return []
    found: list[Box] = []
    for each, kind in islice(each_annotation(page), MOST_ANNOTATIONS):
        if kind == raw.FPDF_ANNOT_STRIKEOUT:
            own = [shown(*quad) for quad in quads(each)]
            whole = box_of(each, shown)
            found += own or ([whole] if whole else [])
    return found
