"""Where the figures of a PDF page are: embedded pictures with their tiles put together, and drawings."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from ingest.figures import label
from ingest.readers.pdf.drawings import LEAST_AREA, WHOLE_PAGE, area, clusters, overlap, union
from ingest.readers.pdf.objects import Picture
from ingest.readers.pdf.page import Sheet
from rag.pictures.layout import Box, Line

MIN_POINTS = 24  # smaller pictures are icons
MAX_FIGURES = 60  # of a page: the largest
CAPTION_DISTANCE = 0.08  # of the page's height, from a figure to its caption
MANY_PICTURES = 300  # with more, those that touch are one
_ABUTS = 1.5
MOST_PANELS = 6  # beside one over the caption
_PANELS = 20.0  # points between drawings that are one figure
LEAST_TICKS = 3
LONGEST_LABEL = 25  # characters
LARGE_TYPE = 1.15  # times the body's size: a title
MOST_PAINTED = 0.1  # of a chart, by pictures, whose words are read by OCR
_TICK = re.compile(r"(?:[-–−+]?[$€£]?\d[\d.,'’]*(?:e[-+−]?\d+)?\s?[%kKmMbB°]?\s*)+")
EDGE = 0.12  # of the page's height: where running heads, feet, page numbers and logos stand


def covers_page(box: Box, sheet: Sheet) -> bool:
    return area(box) > WHOLE_PAGE * sheet.width * sheet.height


def places_and_identities(sheet: Sheet) -> set[object]:
    """What tells the pictures of a page that repeat on other pages: of those in its margins where they stand, of all which they are."""
    found: set[object] = set()
    for picture in sheet.pictures:
        if picture.box[3] < EDGE * sheet.height or picture.box[1] > (1 - EDGE) * sheet.height:
            found.add(_rounded(picture.box))
        if picture.identity:
            found.add((picture.width, picture.height, picture.identity))
    return found


def _rounded(box: Box) -> Box:
    left, top, right, bottom = (round(edge) for edge in box)
    return left, top, right, bottom


def figures(
    sheet: Sheet, logos: Collection[object], keep_page: bool, captions: Sequence[Box], drawn_captions: Sequence[Box]
) -> list[tuple[Box, float]]:
    """The areas of a page's figures with how many pixels lie on a point of each (0 for drawings), at most 60.

    `logos` are left out. With `keep_page` a picture that fills the page is one. `captions` are not part of a drawing;
    `drawn_captions` are those of them that may be a drawing's.
    """
    kept = [each for each in sheet.pictures if _rounded(each.box) not in logos and (each.width, each.height, each.identity) not in logos]
    found = pictures([each for each in kept if keep_page or not covers_page(each.box, sheet)], sheet)
    found += [(box, 0.0) for box in drawings(sheet, captions, drawn_captions, [box for box, _ in found])]
    return sorted(found, key=lambda each: -area(each[0]))[:MAX_FIGURES]


def pictures(embedded: Sequence[Picture], sheet: Sheet) -> list[tuple[Box, float]]:
    """The embedded pictures and how many of their pixels lie on a point.

    Pictures that touch along a whole side, or lie mostly within one another, are one (many programs store strips or layers).
    """
    pending = [(each.box, each.width / max(each.box[2] - each.box[0], 1)) for each in embedded]
    if len(pending) > MANY_PICTURES:
        groups = clusters([box for box, _ in pending], sheet.width, sheet.height)
        pending = [(union([pending[n][0] for n in group]), max(pending[n][1] for n in group)) for group in groups][:MANY_PICTURES]
    merged: list[tuple[Box, float]] = []
    for box, density in pending:
        while (at := next((n for n, (other, _) in enumerate(merged) if _one(box, other)), None)) is not None:
            other, other_density = merged.pop(at)
            box, density = union([box, other]), max(density, other_density)
        merged.append((box, density))
    return [(box, density) for box, density in merged if min(box[2] - box[0], box[3] - box[1]) >= MIN_POINTS]


def _one(a: Box, b: Box) -> bool:
    if overlap(a, b) > 0.5 * min(area(a), area(b)):
        return True
    same_columns = abs(a[0] - b[0]) < _ABUTS and abs(a[2] - b[2]) < _ABUTS
    same_rows = abs(a[1] - b[1]) < _ABUTS and abs(a[3] - b[3]) < _ABUTS
    below = min(abs(a[1] - b[3]), abs(b[1] - a[3])) < _ABUTS
    beside = min(abs(a[0] - b[2]), abs(b[0] - a[2])) < _ABUTS
    return (same_columns and below) or (same_rows and beside)


def drawings(sheet: Sheet, captions: Sequence[Box], drawn_captions: Sequence[Box], taken: Sequence[Box]) -> list[Box]:
    """The drawn areas that have one of `drawn_captions` near or are figures by themselves, with the labels of their axes.

    Those that overlap `taken` pictures are left out; panels side by side are one figure.
    """
    free = [each for each in sheet.drawings if not any(overlap(each.box, other) > 0.3 * area(other) for other in taken)]
    spoken = [each.speaks or nearest_caption(each.box, drawn_captions, sheet.height) is not None for each in free]
    captioned = [nearest_caption(each.box, captions, sheet.height) for each in free]
    for _ in range(MOST_PANELS):  # a panel that stands beside its caption, and not over it
        for n, each in enumerate(free):
            beside = () if spoken[n] else (m for m, other in enumerate(free) if spoken[m] and _level(each.box, other.box))
            if (m := next(iter(beside), None)) is not None:
                spoken[n], captioned[n] = True, captioned[m]
    found: list[Box] = []
    of: list[int | None] = []  # the caption of each
    for (box, _, _), speaks, caption in zip(free, spoken, captioned, strict=True):
        if speaks:
            labels = [run.box for run in (*sheet.upright, *sheet.turned) if _beside_axis(run, box)]
            labels += [run.box for run in _axis_titles(box, sheet.upright)]
            whole = union([box, *(each for each in labels if not any(overlap(each, caption) for caption in captions))])
            while (at := next((n for n, other in enumerate(found) if _panels(whole, other) and caption == of[n]), None)) is not None:
                of.pop(at)
                whole = union([whole, found.pop(at)])
            found.append(whole)
            of.append(caption)
    whole_page = sheet.width * sheet.height
    return [box for box in found if LEAST_AREA * whole_page <= area(box)]


def axis_labels(sheet: Sheet, body_size: float) -> set[int]:
    """The ids of the upright runs that only name the axes of a chart: they are told with the figure, and are no words of the page."""
    found: set[int] = set()
    for box, speaks, _ in sheet.drawings:
        painted = sum(overlap(picture.box, box) for picture in sheet.pictures)
        if not speaks or area(box) < LEAST_AREA * sheet.width * sheet.height or painted > MOST_PAINTED * area(box):
            continue
        near = [run for run in sheet.upright if _beside_axis(run, box) and not run.bold and run.size < LARGE_TYPE * body_size]
        ticks = [run for run in near if _TICK.fullmatch(run.text)]
        if len(ticks) < LEAST_TICKS:
            continue
        found.update(map(id, ticks))
        short = [run for run in near if len(run.text) <= LONGEST_LABEL and not run.text.endswith((".", ",", ";"))]
        found.update(id(run) for run in short if _names_axis(run, box, short))
        found.update(id(run) for run in _axis_titles(box, sheet.upright) if run.size < LARGE_TYPE * body_size)
    return found


def _axis_titles(box: Box, runs: Sequence[Line]) -> list[Line]:
    """The short runs that stand in the middle below the lowest row of figures of a chart's axis, and so name the axis."""
    ticks = [run for run in runs if run.top > box[3] - 2 and _beside_axis(run, box) and _TICK.fullmatch(run.text)]
    if len(ticks) < LEAST_TICKS:
        return []
    grown = box[0], box[1], box[2], max(run.bottom for run in ticks)
    return [
        run
        for run in runs
        if run.top > grown[3] - 2
        and _beside_axis(run, grown)
        and not run.bold
        and len(run.text) <= LONGEST_LABEL
        and not run.text.endswith((".", ",", ";"))
        and abs(run.left + run.right - box[0] - box[2]) < 0.1 * (box[2] - box[0])
        and not label(run.text)
    ]


def _names_axis(run: Line, box: Box, others: Sequence[Line]) -> bool:
    """Whether a short run stands in a chart, to its left, or below it in a row of such or in its middle."""
    x, y = (run.left + run.right) / 2, (run.top + run.bottom) / 2
    if box[1] <= y <= box[3]:
        return box[0] <= x <= box[2] or run.right <= box[0] + 2
    if y < box[3] or not box[0] <= x <= box[2]:
        return False
    row = any(other is not run and min(run.bottom, other.bottom) - max(run.top, other.top) > 0.5 * run.height for other in others)
    return row or abs(2 * x - box[0] - box[2]) < 0.1 * (box[2] - box[0])


def _level(a: Box, b: Box) -> bool:
    """Whether two drawings stand side by side, and are as high."""
    shared, heights = min(a[3], b[3]) - max(a[1], b[1]), (a[3] - a[1], b[3] - b[1])
    return shared > 0.8 * max(heights) and max(a[0], b[0]) - min(a[2], b[2]) < 2 * _PANELS


def _panels(a: Box, b: Box) -> bool:
    level = min(a[3], b[3]) - max(a[1], b[1]) > 0.5 * min(a[3] - a[1], b[3] - b[1])
    upright = min(a[2], b[2]) - max(a[0], b[0]) > 0.5 * min(a[2] - a[0], b[2] - b[0])
    across, down = max(a[0], b[0]) - min(a[2], b[2]), max(a[1], b[1]) - min(a[3], b[3])
    return overlap(a, b) > 0 or (level and across < _PANELS) or (upright and down < _PANELS)


def _beside_axis(run: Line, box: Box) -> bool:
    """Whether a run of text lies on the drawing or just beside it, as the labels of axes do."""
    reach = 14.0
    return (
        not run.table
        and (run.left > box[0] - 3 * reach or _names_row(run, box))
        and run.right < box[2] + 3 * reach
        and run.top > box[1] - 1.5 * reach
        and run.bottom < box[3] + 1.5 * reach
        and run.right - run.left < box[2] - box[0]
        and len(run.text) < 60
    )


def _names_row(run: Line, box: Box) -> bool:
    """Whether a run ends right beside the left edge of a chart, as the names of level bars do."""
    return 0 <= box[0] - run.right < 10 and box[1] < (run.top + run.bottom) / 2 < box[3] and len(run.text) <= LONGEST_LABEL


def nearest_caption(box: Box, captions: Sequence[Box], page_height: float) -> int | None:
    """Which of `captions` belongs to the figure in `box`: the nearest below or above it, below where both are as near; None if far."""
    best: tuple[float, int] | None = None
    for n, caption in enumerate(captions):
        if min(box[2], caption[2]) - max(box[0], caption[0]) <= 0:
            continue
        below, above = caption[1] - box[3], box[1] - caption[3]
        distance = max(below, above, 0.0) + (0.01 * page_height if above > below else 0)
        if distance <= CAPTION_DISTANCE * page_height and (best is None or distance < best[0]):
            best = distance, n
    return best[1] if best else None
