"""What stands on one PDF page: runs of text, tables, areas of pictures and drawings, and any part of it as an image.

All boxes are in points from the top left corner of the page as it is shown, its rotation and crop applied.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from ingest.readers.pdf.annotations import Note
from ingest.readers.pdf.characters import Characters
from ingest.readers.pdf.drawings import WHOLE_PAGE, Drawing, area, bars, drawn
from ingest.readers.pdf.forms import filled_in
from ingest.readers.pdf.grid import level_rules
from ingest.readers.pdf.notes import notes, pinned_files
from ingest.readers.pdf.objects import Picture, is_painted, marks_and_pictures
from ingest.readers.pdf.scripts import attached
from ingest.readers.pdf.tables import ruled_tables
from ingest.readers.pdf.text import runs
from ingest.readers.pdf.unseen import Unseen
from rag.pictures.layout import Box, Line

if TYPE_CHECKING:
    from PIL.Image import Image

PDFIUM = threading.RLock()  # PDFium may be used by one thread at a time
MAX_SIDE = 2400  # pixels of a rendered area


@dataclass(frozen=True)
class Sheet:
    """One page, light enough to keep hundreds of them: `upright` and `turned` runs, a table of ruled lines among the upright as one
    run, `pictures` and `drawings`, the level `rules`, and how many `characters` it shows."""

    width: float
    height: float
    upright: list[Line]
    turned: list[Line]
    pictures: list[Picture]
    drawings: list[Drawing]
    characters: int
    rules: list[Box]
    notes: list[Note] = field(default_factory=list)
    pinned: bool = False
    painted: bool = True
    unmapped: float = 0.0


def scan(page: Any) -> Sheet:
    """What stands on an open pypdfium2 page."""
    width, height = page.get_size()
    shown = shown_box(page)
    marks, pictures = marks_and_pictures(page, shown)
    textpage = page.get_textpage()
    try:
        upright: list[Line] = []
        turned: list[Line] = []
        letters = Characters(textpage, shown)
        unseen = Unseen(page, letters, marks, pictures, shown)
        for line, is_upright in runs(letters, page.get_rotation(), unseen):
            if line.right > 0 and line.left < width and line.bottom > 0 and line.top < height:
                (upright if is_upright else turned).append(line)
        upright = attached(upright)
        pinned = list(notes(page, textpage, upright, shown))
        unmapped = letters.unmapped_share()
        values, named = filled_in(page, upright, shown)
        upright += values
    finally:
        textpage.close()
    characters = sum(len(run.text) for run in (*upright, *turned))
    marks = [mark for mark in marks if area(mark.box) <= WHOLE_PAGE * width * height]  # what fills it is its background
    charted = bars(marks)
    tables, others, statements = ruled_tables(upright, [mark for n, mark in enumerate(marks) if n not in charted])
    ruled = [table.box for table in tables] + statements
    outside = [mark for n, mark in enumerate(marks) if n in charted or not any(_inside(mark.box, box) for box in ruled)] if ruled else marks
    return Sheet(
        width,
        height,
        [*others, *tables],
        turned,
        pictures,
        drawn(outside, others, width, height),
        characters,
        level_rules(marks),
        [*named, *pinned],
        pinned_files(page),
        is_painted(page),
        unmapped,
    )


def _inside(box: Box, outer: Box) -> bool:
    x, y = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
    return outer[0] - 2 < x < outer[2] + 2 and outer[1] - 2 < y < outer[3] + 2


def render(page: Any, box: Box | None, scale: float, pinned: bool = False) -> Image:
    """The part of the page in `box` (all of it without) at `scale` pixels a point, with at most 2,400 pixels a side; with what is
    `pinned` to it and filled into it, where that is asked for."""
    width, height = page.get_size()
    left, top, right, bottom = box or (0, 0, width, height)
    scale = min(scale, MAX_SIDE / max(right - left, bottom - top, 1))
    bitmap = page.render(scale, crop=(left, height - bottom, width - right, top), draw_annots=pinned, may_draw_forms=pinned)
    try:
        image = bitmap.to_pil()
        return image if image.mode == "RGB" else image.convert("RGB")
    finally:
        bitmap.close()


def shown_box(page: Any) -> Callable[[float, float, float, float], Box]:
    """Takes a box of the page's own space (left, bottom, right, top), or columns of them, to what is shown."""
    x0, y0, x1, y1 = page.get_bbox()
    turns: dict[int, Callable[[float, float, float, float], Box]] = {
        90: lambda left, bottom, right, top: (bottom - y0, left - x0, top - y0, right - x0),
        180: lambda left, bottom, right, top: (x1 - right, bottom - y0, x1 - left, top - y0),
        270: lambda left, bottom, right, top: (y1 - top, x1 - right, y1 - bottom, x1 - left),
    }
    return turns.get(page.get_rotation(), lambda left, bottom, right, top: (left - x0, y1 - top, right - x0, y1 - bottom))
