"""The words of a scanned page, also where it was laid on the glass sideways or upside down."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from rag.pictures.layout import flow

if TYPE_CHECKING:
    from PIL.Image import Image

    from rag.pictures.ocr import Ocr

_SIDE = 600  # pixels to which a page is scaled down to see which way its lines run
_BLANK = 0.005  # of a row's or a column's pixels, dark: fewer are specks
_SIDEWAYS = 1.5  # times as many blank columns as blank rows
_LEAST = 20  # characters: fewer do not tell which way is up
_WORDY = 0.6  # of the letters of a page that is the right way up, at least, stand in words of three or more
_WORD = re.compile(r"[^\W\d_]{3,}")


def scanned(image: Image, ocr: Ocr) -> Iterator[str]:
    """The paragraphs of the scan, turned the way that gives most words where its lines run upright or make no words."""
    read = ocr.read(image)
    if len(read) >= _LEAST and _lines_stand(image):  # upright, words may be read right and the lines in the wrong order
        best = max((ocr.read(image.rotate(turn, expand=True)) for turn in (90, 270)), key=_words)
        read = best if _words(best) > 0.95 * _words(read) else read
    elif len(read) >= _LEAST and _words(read) < _WORDY * sum(map(str.isalpha, read)):
        read = max(read, ocr.read(image.rotate(180)), key=_words)
    for paragraph in filter(None, read.split("\n\n")):
        yield flow(paragraph.split("\n"))


def _words(text: str) -> int:
    return sum(map(len, _WORD.findall(text)))


def _lines_stand(image: Image) -> bool:
    """Whether the lines of writing run from the top down: then more of the columns of pixels are blank, between them, than of the rows."""
    import numpy as np

    small = image.convert("L")
    small.thumbnail((_SIDE, _SIDE))
    grey = np.asarray(small, dtype=float)
    ink = grey < (grey.min() + grey.max()) / 2
    ink = ink[_extent(ink.any(axis=1)), _extent(ink.any(axis=0))]
    rows, columns = ((ink.mean(axis=axis) < _BLANK).mean() for axis in (1, 0))
    return bool(columns > max(_SIDEWAYS * rows, 0.1))


def _extent(marked: Any) -> slice:
    places = marked.nonzero()[0]
    return slice(places[0], places[-1] + 1)
