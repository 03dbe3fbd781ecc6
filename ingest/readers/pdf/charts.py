"""The title of a chart that has no labelled caption: a bold or large line right above it, and the line below that says what is counted."""

from __future__ import annotations

from collections.abc import Sequence

from ingest.readers.pdf.paragraphs import Paragraph
from rag.pictures.layout import Box

MOST = 150  # characters of each of both
GAP = 0.03  # of the page's height, between them and the chart
LARGER = 1.1  # times the body's size


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
