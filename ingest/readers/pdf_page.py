"""What stands on one PDF page: runs of text, areas of pictures and drawings, and any part of it as an image.

All boxes are in points from the top left corner of the page as it is shown, its rotation and crop applied.
"""

from __future__ import annotations

import ctypes
import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ingest.layout import Line

if TYPE_CHECKING:
    from PIL.Image import Image

Box = tuple[float, float, float, float]  # left, top, right, bottom

MAX_OBJECTS = 50_000
MAX_CHARACTERS = 200_000
MAX_SIDE = 2400  # pixels of a rendered area
_LINE_END_HYPHEN = 0x02
_LIGATURES = {0xFB00: "ff", 0xFB01: "fi", 0xFB02: "fl", 0xFB03: "ffi", 0xFB04: "ffl", 0xFB05: "st", 0xFB06: "st", 0xA0: " ", 0xAD: ""}


@dataclass(frozen=True)
class Sheet:
    """One page, light enough to keep for all pages: `upright` and `turned` runs, boxes of `images` (with the width in pixels) and of
    drawn `paths`."""

    width: float
    height: float
    upright: list[Line]
    turned: list[Line]
    images: list[tuple[Box, int]]
    paths: list[Box]

    @property
    def characters(self) -> int:
        return sum(len(run.text) for run in (*self.upright, *self.turned))


def scan(page: Any) -> Sheet:
    """What stands on an open pypdfium2 page."""
    width, height = page.get_size()
    shown = _shown(page)
    textpage = page.get_textpage()
    try:
        upright: list[Line] = []
        turned: list[Line] = []
        for line, is_upright in _runs(textpage, page.get_rotation(), shown):
            if line.right > 0 and line.left < width and line.bottom > 0 and line.top < height:
                (upright if is_upright else turned).append(line)
    finally:
        textpage.close()
    images, paths = _areas(page, shown)
    return Sheet(width, height, upright, turned, images, paths)


def render(page: Any, box: Box | None, scale: float) -> Image:
    """The part of the page in `box` (all of it without) at `scale` pixels a point, with at most 2,400 pixels a side."""
    width, height = page.get_size()
    left, top, right, bottom = box or (0, 0, width, height)
    scale = min(scale, MAX_SIDE / max(right - left, bottom - top, 1))
    bitmap = page.render(scale, crop=(left, height - bottom, width - right, top), draw_annots=False, may_draw_forms=False)
    try:
        return bitmap.to_pil().convert("RGB").copy()
    finally:
        bitmap.close()


def _shown(page: Any) -> Callable[[float, float, float, float], Box]:
    """Takes a box of the page's own space (left, bottom, right, top) to what is shown."""
    x0, y0, x1, y1 = page.get_bbox()
    rotation = page.get_rotation()

    def point(x: float, y: float) -> tuple[float, float]:
        return {0: (x - x0, y1 - y), 90: (y - y0, x - x0), 180: (x1 - x, y - y0), 270: (y1 - y, x1 - x)}[rotation]

    def shown(left: float, bottom: float, right: float, top: float) -> Box:
        (ax, ay), (bx, by) = point(left, bottom), point(right, top)
        return min(ax, bx), min(ay, by), max(ax, bx), max(ay, by)

    return shown


def _runs(textpage: Any, rotation: int, shown: Callable[..., Box]) -> Iterator[tuple[Line, bool]]:
    """Runs of characters side by side on one line, each with whether it is upright as shown."""
    import pypdfium2.raw as raw

    letters: list[str] = []
    numbers: list[int] = []  # of the run's characters in the page, white space left out
    box: Box = (0, 0, 0, 0)
    last_left = 0.0
    upright = True
    rect = raw.FS_RECTF()

    def ended() -> Iterator[tuple[Line, bool]]:
        text = " ".join("".join(letters).split())
        if text:
            size, _ = _font(textpage, numbers[len(numbers) // 2])
            bold = all(_font(textpage, n)[1] for n in (numbers[0], numbers[-1]))
            yield Line(text, *box, size=size, bold=bold), upright
        letters.clear()
        numbers.clear()

    for n in range(min(textpage.count_chars(), MAX_CHARACTERS)):
        code = raw.FPDFText_GetUnicode(textpage, n)
        if code in (0x0A, 0x0D):
            yield from ended()
            continue
        if code in (0, 0xFFFE, 0xFFFF) or 0xD800 <= code <= 0xDFFF:
            continue
        letter = "-" if code == _LINE_END_HYPHEN else _LIGATURES.get(code) or chr(code)
        if letter.isspace() or (code < 32 and letter != "-"):
            if letters:
                letters.append(" ")
            continue
        raw.FPDFText_GetLooseCharBox(textpage, n, rect)
        left, top, right, bottom = shown(rect.left, rect.bottom, rect.right, rect.top)
        if letters and upright:
            height = min(bottom - top, box[3] - box[1])
            same_line = min(bottom, box[3]) - max(top, box[1]) > height / 2
            if not same_line or left > box[2] + height or left < last_left - 0.5 * height:
                yield from ended()
        if letters:
            box = min(box[0], left), min(box[1], top), max(box[2], right), max(box[3], bottom)
        else:
            box = left, top, right, bottom
            angle = math.degrees(raw.FPDFText_GetCharAngle(textpage, n)) + rotation
            upright = abs((angle + 180) % 360 - 180) < 10
        letters.append(letter)
        numbers.append(n)
        last_left = left
    yield from ended()


def _font(textpage: Any, n: int) -> tuple[float, bool]:
    """The size in points as shown, and whether the font is bold, of the character `n`."""
    import pypdfium2.raw as raw

    matrix = raw.FS_MATRIX()
    scale = math.hypot(matrix.c, matrix.d) if raw.FPDFText_GetMatrix(textpage, n, matrix) else 1
    size = raw.FPDFText_GetFontSize(textpage, n) * (scale or 1)
    name = ctypes.create_string_buffer(128)
    length = raw.FPDFText_GetFontInfo(textpage, n, name, 128, None)
    bold = raw.FPDFText_GetFontWeight(textpage, n) >= 600 or (0 < length <= 128 and b"bold" in name.value.lower())
    return round(size, 1), bold


def _areas(page: Any, shown: Callable[..., Box]) -> tuple[list[tuple[Box, int]], list[Box]]:
    import pypdfium2.raw as raw

    width, height = page.get_size()
    images: list[tuple[Box, int]] = []
    paths: list[Box] = []
    for count, item in enumerate(page.get_objects(filter=[raw.FPDF_PAGEOBJ_IMAGE, raw.FPDF_PAGEOBJ_PATH, raw.FPDF_PAGEOBJ_SHADING])):
        if count >= MAX_OBJECTS:
            break
        corners = _corners(item)
        left, top, right, bottom = shown(*corners)
        box = max(left, 0.0), max(top, 0.0), min(right, width), min(bottom, height)
        if box[2] <= box[0] and box[3] <= box[1]:
            continue
        if item.type == raw.FPDF_PAGEOBJ_IMAGE:
            images.append((box, item.get_px_size()[0]))
        else:
            paths.append(box)
    return images, paths


def _corners(item: Any) -> Box:
    """Left, bottom, right, top in the page's space, out of all the forms that the object is nested in."""
    left, bottom, right, top = item.get_bounds()
    form = item.container
    while form is not None:
        matrix = form.get_matrix()
        points = [matrix.on_point(x, y) for x in (left, right) for y in (bottom, top)]
        left, right = min(x for x, _ in points), max(x for x, _ in points)
        bottom, top = min(y for _, y in points), max(y for _, y in points)
        form = form.container
    return left, bottom, right, top
