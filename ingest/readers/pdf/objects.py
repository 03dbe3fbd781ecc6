"""The pictures and drawn marks of a PDF page, out of all the forms that they are nested in."""

from __future__ import annotations

import ctypes
import zlib
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from rag.pictures.layout import Box

MAX_OBJECTS = 50_000  # of a page; what comes after is passed over
MAX_DEPTH = 15  # of forms within forms
MAX_SEGMENTS = 400  # of a path that is looked at piece by piece: a grid drawn at one stroke
MAX_COMPARED = 1_000_000  # bytes of a picture that is known again on other pages
MOST_PIXELS = {b"JPXDecode": 40_000_000, b"DCTDecode": 150_000_000}  # PDFium unpacks these formats whole (of JPEG the progressive kind)
MOST_PIXELS_ELSE = 2_000_000_000  # these line by line
DARK = 60  # of 255: less is what is laid behind words, the stripes of a table
THIN = 3.0  # points: a path or box that is thinner is a rule

_GROUND, _DRAWN = 1, 2

Colour = tuple[int, int, int]
Matrix = tuple[float, float, float, float, float, float]


class Mark(NamedTuple):
    """A path: its box, its number of segments, whether all of them are upright or level lines, the rules that it draws, whether these
    are only the edges of a ground, and of a ground the colour; and whether it is filled with a colour darker than what is laid behind
    words."""

    box: Box
    segments: int
    plain: bool
    rules: tuple[Box, ...] = ()
    ground: bool = False
    fill: Colour | None = None
    dark: bool = False


class Picture(NamedTuple):
    """An embedded picture: its box, how many pixels it is wide and high, a number that only the very same picture has (0 where it is
    too large to tell), and whether it is too large to be shown."""

    box: Box
    width: int
    height: int
    identity: int
    too_large: bool = False


def marks_and_pictures(page: Any, shown: Callable[[float, float, float, float], Box]) -> tuple[list[Mark], list[Picture]]:
    """The marks and the pictures of an open pypdfium2 page, cut to it."""
    import pypdfium2.raw as raw

    width, height = page.get_size()
    marks: list[Mark] = []
    pictures: list[Picture] = []
    for item, kind, matrices in _objects(page):
        left, top, right, bottom = shown(*_bounds(item, matrices))
        box = max(left, 0.0), max(top, 0.0), min(right, width), min(bottom, height)
        if box[2] < box[0] or box[3] < box[1] or (box[2] == box[0] and box[3] == box[1]):
            continue
        if kind == raw.FPDF_PAGEOBJ_IMAGE:
            pictures.append(_picture(item, box))
        elif kind == raw.FPDF_PAGEOBJ_SHADING:
            marks.append(Mark(box, 1, False))
        elif painted := _painted(item):
            mark = _mark(item, box, matrices, shown)
            if painted == _GROUND and min(box[2] - box[0], box[3] - box[1]) > THIN:
                mark = mark._replace(ground=True, fill=fill_colour(item))
            marks.append(mark)
    return marks, pictures


def is_painted(page: Any) -> bool:
    """Whether anything at all is painted on an open page."""
    import pypdfium2.raw as raw

    return bool(raw.FPDFPage_CountObjects(page.raw) > 0)


def _objects(page: Any) -> Iterator[tuple[Any, int, tuple[Matrix, ...]]]:
    """The objects of the page but its words, with their kind and the matrices of the forms around them, the inmost first."""
    import pypdfium2.raw as raw

    get_type, text, form = raw.FPDFPageObj_GetType, raw.FPDF_PAGEOBJ_TEXT, raw.FPDF_PAGEOBJ_FORM
    left = MAX_OBJECTS

    def walk(count: int, get: Callable[[Any, int], Any], holder: Any, around: tuple[Matrix, ...]) -> Iterator[Any]:
        nonlocal left
        for n in range(count):
            left -= 1
            if left < 0:
                return
            item = get(holder, n)
            kind = get_type(item)
            if kind == text:
                continue
            if kind != form:
                yield item, kind, around
            elif len(around) < MAX_DEPTH and (matrix := _matrix(item)):
                yield from walk(raw.FPDFFormObj_CountObjects(item), raw.FPDFFormObj_GetObject, item, (matrix, *around))

    yield from walk(raw.FPDFPage_CountObjects(page.raw), raw.FPDFPage_GetObject, page.raw, ())


def _matrix(item: Any) -> Matrix | None:
    import pypdfium2.raw as raw

    found = raw.FS_MATRIX()
    if not raw.FPDFPageObj_GetMatrix(item, found):
        return None
    return found.a, found.b, found.c, found.d, found.e, found.f


def _on(matrix: Matrix, x: float, y: float) -> tuple[float, float]:
    a, b, c, d, e, f = matrix
    return a * x + c * y + e, b * x + d * y + f


def _bounds(item: Any, matrices: tuple[Matrix, ...]) -> Box:
    """Left, bottom, right, top in the page's space."""
    import pypdfium2.raw as raw

    edges = [ctypes.c_float() for _ in range(4)]
    raw.FPDFPageObj_GetBounds(item, *edges)
    left, bottom, right, top = (edge.value for edge in edges)
    for matrix in matrices:
        points = [_on(matrix, x, y) for x in (left, right) for y in (bottom, top)]
        left, right = min(x for x, _ in points), max(x for x, _ in points)
        bottom, top = min(y for _, y in points), max(y for _, y in points)
    return left, bottom, right, top


def fill_colour(item: Any) -> Colour | None:
    """The colour that an object is filled with; None where it has none, or lets see through."""
    import pypdfium2.raw as raw

    channels = [ctypes.c_uint() for _ in range(4)]
    if not raw.FPDFPageObj_GetFillColor(item, *channels):
        return None
    red, green, blue, alpha = (channel.value for channel in channels)
    return (red, green, blue) if alpha >= 128 else None


def _painted(item: Any) -> int:
    """0 where a path is not painted, _GROUND where it is only filled, else _DRAWN."""
    import pypdfium2.raw as raw

    fill, stroke = ctypes.c_int(), ctypes.c_int()
    if not raw.FPDFPath_GetDrawMode(item, fill, stroke) or stroke.value:
        return _DRAWN
    return _GROUND if fill.value else 0


def _picture(item: Any, box: Box) -> Picture:
    import pypdfium2.raw as raw

    width, height = ctypes.c_uint(), ctypes.c_uint()
    raw.FPDFImageObj_GetImagePixelSize(item, width, height)
    length = raw.FPDFImageObj_GetImageDataRaw(item, None, 0)
    identity = 0
    if 0 < length <= MAX_COMPARED:
        data = ctypes.create_string_buffer(length)
        raw.FPDFImageObj_GetImageDataRaw(item, data, length)
        identity = zlib.crc32(data) or 1
    name = ctypes.create_string_buffer(32)
    raw.FPDFImageObj_GetImageFilter(item, max(raw.FPDFImageObj_GetImageFilterCount(item) - 1, 0), name, 32)
    too_large = width.value * height.value > MOST_PIXELS.get(name.value, MOST_PIXELS_ELSE)
    return Picture(box, width.value, height.value, identity, too_large)


def _mark(item: Any, box: Box, matrices: tuple[Matrix, ...], shown: Callable[..., Box]) -> Mark:
    import pypdfium2.raw as raw

    count = raw.FPDFPath_CountSegments(item)
    if min(box[2] - box[0], box[3] - box[1]) <= THIN:
        return Mark(box, count, True, (box,))
    own = _matrix(item)
    if count > MAX_SEGMENTS or own is None:
        return Mark(box, count, False)
    rules: list[Box] = []
    x, y = ctypes.c_float(), ctypes.c_float()
    corners: list[tuple[float, float]] = []  # of the part of the path that is being drawn
    for n in range(count):
        segment = raw.FPDFPath_GetPathSegment(item, n)
        kind = raw.FPDFPathSegment_GetType(segment)
        if kind == raw.FPDF_SEGMENT_BEZIERTO:
            return Mark(box, count, False)
        raw.FPDFPathSegment_GetPoint(segment, x, y)
        at = x.value, y.value
        for matrix in (own, *matrices):
            at = _on(matrix, *at)
        if kind == raw.FPDF_SEGMENT_MOVETO:
            corners = []
        corners.append(at)
        ends = [corners[-2:]] if len(corners) > 1 else []
        if raw.FPDFPathSegment_GetClose(segment) and len(corners) > 1:
            ends.append([corners[-1], corners[0]])
        for (ax, ay), (bx, by) in ends:
            if min(abs(ax - bx), abs(ay - by)) > 0.5:
                return Mark(box, count, False)
            rules.append(shown(min(ax, bx), min(ay, by), max(ax, bx), max(ay, by)))
    return Mark(box, count, True, tuple(rules), dark=_is_dark(item))


def _is_dark(item: Any) -> bool:
    import pypdfium2.raw as raw

    fill, stroke = ctypes.c_int(), ctypes.c_int()
    red, green, blue, alpha = (ctypes.c_uint() for _ in range(4))
    filled = raw.FPDFPath_GetDrawMode(item, fill, stroke) and fill.value and raw.FPDFPageObj_GetFillColor(item, red, green, blue, alpha)
    return bool(filled and alpha.value * (255 - (0.3 * red.value + 0.59 * green.value + 0.11 * blue.value)) > DARK * 255)
