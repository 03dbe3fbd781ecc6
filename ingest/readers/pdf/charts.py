"""What is said of a chart: the letters in it, and the title where it has no labelled caption (a bold or large line right above it, and
the line below that says what is counted)."""

from __future__ import annotations

from collections.abc import Sequence

from ingest.readers.pdf.drawings import area, overlap
from ingest.readers.pdf.page import Sheet
from ingest.readers.pdf.paragraphs import Paragraph
from rag.pictures.layout import Box, columns

MOST = 150  # characters of each of both
GAP = 0.03  # of the page's height, between them and the chart
LARGER = 1.1  # times the body's size
LEAST_LETTERS = 10  # of a drawing: with fewer, its letters may be outlines
PAINTED = 0.1  # of a drawing, by pictures, in which words may be that are no text


def title_above(box: Box, paragraphs: Sequence[Paragraph], body_size: float, page_height: float) -> list[Paragraph]:
    """The title over the figure in `box`, and what stands between; nothing where no bold or large line is there."""
    found: list[Paragraph] = []
    edge = box[1]
    title: Paragraph | None = None
    for _ in range(4):
        above = [
            each
            for each in paragraphs
            if each not in found
            and each.kind == "prose"
            and not each.merged
            and each.box[1] < edge
            and -GAP / 3 * page_height < edge - each.box[3] < GAP * page_height
            and min(each.box[2], box[2]) - max(each.box[0], box[0]) > 0.5 * (each.box[2] - each.box[0])
        ]
        nearest = max(above, key=lambda each: each.box[3], default=None)
        if nearest is None or len(nearest.text) > MOST:
            break
        large = nearest.bold or nearest.size >= LARGER * body_size
        if (title and not (large and nearest.size == title.size)) or (not large and found):
            break
        found.insert(0, nearest)
        title = nearest if large else None
        edge = nearest.box[1]
    return found if title else []


def lettering(box: Box, sheet: Sheet) -> str | None:
    """The page's text in a drawing, line by line, which so need not be read by OCR; None where it may not be all that is written there."""
    inside = [run for run in (*sheet.upright, *sheet.turned) if not run.table and _holds(box, run.box)]
    if sum(len(run.text) for run in inside) < LEAST_LETTERS or any(_holds(box, run.box) for run in sheet.upright if run.table):
        return None
    if sum(overlap(picture.box, box) for picture in sheet.pictures) > PAINTED * area(box):
        return None
    return "\n".join(line.text for group in columns(inside) for line in group)


def _holds(box: Box, inner: Box) -> bool:
    x, y = (inner[0] + inner[2]) / 2, (inner[1] + inner[3]) / 2
    return box[0] <= x <= box[2] and box[1] <= y <= box[3]
