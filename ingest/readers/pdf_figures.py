"""Where the figures of a PDF page are: embedded pictures with their tiles put together, and drawings that a caption speaks of."""

from __future__ import annotations

from collections.abc import Sequence

from ingest.layout import Line
from ingest.readers.pdf_page import Box, Sheet

MIN_POINTS = 24  # smaller pictures are icons
WHOLE_PAGE = 0.85  # of its area
LEAST_DRAWING = 0.03
CAPTION_DISTANCE = 0.08  # of the page's height, from a figure to its caption
_CELL = 6.0  # points: drawn parts closer than about this belong together
_ABUTS = 1.5


def area(box: Box) -> float:
    return max(0.0, box[2] - box[0]) * max(0.0, box[3] - box[1])


def overlap(a: Box, b: Box) -> float:
    """The area that two boxes share."""
    return area((max(a[0], b[0]), max(a[1], b[1]), min(a[2], b[2]), min(a[3], b[3])))


def union(boxes: Sequence[Box]) -> Box:
    return min(b[0] for b in boxes), min(b[1] for b in boxes), max(b[2] for b in boxes), max(b[3] for b in boxes)


def covers_page(box: Box, sheet: Sheet) -> bool:
    return area(box) > WHOLE_PAGE * sheet.width * sheet.height


def pictures(sheet: Sheet, keep_page: bool) -> list[tuple[Box, float]]:
    """The embedded pictures and how many of their pixels lie on a point; with `keep_page` also one that fills the page.

    Pictures that touch along a whole side, or lie mostly within one another, are one (many programs store strips or layers).
    """
    pending = [(box, pixels / max(box[2] - box[0], 1)) for box, pixels in sheet.images if keep_page or not covers_page(box, sheet)]
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


def drawings(sheet: Sheet, captions: Sequence[Box], taken: Sequence[Box]) -> list[Box]:
    """The drawn areas of over 3 % of the page that have one of `captions` near, without those that overlap `taken` pictures.

    Drawn parts are put on a grid of six points; parts in touching cells are one drawing.
    """
    if not captions:
        return []
    parts = [box for box in sheet.paths if not covers_page(box, sheet)]
    found = []
    for box in _clusters(parts, sheet):
        if area(box) < LEAST_DRAWING * sheet.width * sheet.height or covers_page(box, sheet):
            continue
        if any(overlap(box, other) > 0.3 * area(other) for other in taken):
            continue
        if nearest_caption(box, captions, sheet.height) is not None:
            labels = [(r.left, r.top, r.right, r.bottom) for r in (*sheet.upright, *sheet.turned) if _beside_axis(r, box)]
            found.append(union([box, *(each for each in labels if not any(overlap(each, caption) for caption in captions))]))
    return found


def _beside_axis(run: Line, box: Box) -> bool:
    """Whether a run of text lies on the drawing or just beside it, as the labels of axes do."""
    reach = 14.0
    return (
        run.left > box[0] - 3 * reach
        and run.right < box[2] + 3 * reach
        and run.top > box[1] - 1.5 * reach
        and run.bottom < box[3] + 1.5 * reach
        and run.right - run.left < box[2] - box[0]
        and len(run.text) < 60
    )


def _clusters(parts: Sequence[Box], sheet: Sheet) -> list[Box]:
    columns, rows = int(sheet.width / _CELL) + 1, int(sheet.height / _CELL) + 1
    if columns * rows > 1_000_000:
        return []
    owner: dict[tuple[int, int], int] = {}
    parent = list(range(len(parts)))

    def root(n: int) -> int:
        while parent[n] != n:
            parent[n] = parent[parent[n]]
            n = parent[n]
        return n

    seen: set[tuple[int, int, int, int]] = set()
    for n, box in enumerate(parts):
        cells = int(box[0] / _CELL), int(box[1] / _CELL), int(box[2] / _CELL), int(box[3] / _CELL)
        if cells in seen:  # thousands of dots in one cell are one to the grid
            parent[n] = root(owner[cells[0], cells[1]])
            continue
        seen.add(cells)
        for column in range(cells[0], cells[2] + 1):
            for row in range(cells[1], cells[3] + 1):
                for x, y in ((column, row), (column - 1, row), (column + 1, row), (column, row - 1), (column, row + 1)):
                    if (x, y) in owner:
                        parent[root(owner[x, y])] = root(n)
                owner[column, row] = n
    groups: dict[int, list[Box]] = {}
    for n, box in enumerate(parts):
        groups.setdefault(root(n), []).append(box)
    return [union(group) for group in groups.values()]


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
