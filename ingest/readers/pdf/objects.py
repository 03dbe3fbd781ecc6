"""The pictures and drawn marks of a PDF page, out of all the forms that they are nested in."""

from __future__ import annotations

import ctypes
import zlib
from collections.abc import Callable, Iterator
from itertools import repeat
from typing import Any, NamedTuple

from ingest.readers.pdf.calls import address, calls
from rag.pictures.layout import Box

MAX_OBJECTS = 50_000  # of a page; what comes after is passed over
MAX_DEPTH = 15  # of forms within forms
MAX_SEGMENTS = 400  # of a path that is looked at piece by piece: a grid drawn at one stroke
MAX_COMPARED = 1_000_000  # bytes of a picture that is known again on other pages
MOST_PIXELS = {b"JPXDecode": 40_000_000, b"DCTDecode": 150_000_000}  # PDFium unpacks these formats whole (of JPEG the progressive kind)
MOST_PIXELS_ELSE = 2_000_000_000  # these line by line
DARK = 60  # of 255: less is what is laid behind words, the stripes of a table
THIN = 3.0  # points: a path or box that is thinner is a rule

_AS_IT_IS = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)
_CURVE, _MOVE = 1, 2  # of the segments of a path
_OPAQUE = 128  # of 255

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
    objects = _Objects()
    for item, kind, matrices in objects.of(page):
        left, top, right, bottom = shown(*objects.bounds(item, matrices))
        box = (
            left if left > 0.0 else 0.0,
            top if top > 0.0 else 0.0,
            right if right < width else width,
            bottom if bottom < height else height,
        )
        if box[2] < box[0] or box[3] < box[1] or (box[2] == box[0] and box[3] == box[1]):
            continue
        if kind == raw.FPDF_PAGEOBJ_IMAGE:
            pictures.append(_picture(ctypes.cast(item, raw.FPDF_PAGEOBJECT), box))
        elif kind == raw.FPDF_PAGEOBJ_SHADING:
            marks.append(Mark(box, 1, False))
        elif any(painted := objects.painted(item)):
            marks.append(objects.mark(item, box, matrices, shown, *painted))
    return marks, pictures


def is_painted(page: Any) -> bool:
    """Whether anything at all is painted on an open page."""
    import pypdfium2.raw as raw

    return bool(raw.FPDFPage_CountObjects(page.raw) > 0)


class _Objects:
    """The objects of a page, told by their addresses, and what PDFium says of them."""

    def __init__(self) -> None:
        import pypdfium2.raw as raw

        self._calls = calls()
        self._edges = (ctypes.c_float * 4)()
        self._point = (ctypes.c_float * 2)()
        self._channels = (ctypes.c_uint * 4)()
        self._modes = (ctypes.c_int * 2)()
        self._matrix = raw.FS_MATRIX()
        self._at_edges, self._at_point, self._at_channels, self._at_modes = (
            range(ctypes.addressof(each), ctypes.addressof(each) + ctypes.sizeof(each), 4)
            for each in (self._edges, self._point, self._channels, self._modes)
        )
        self._at_matrix = ctypes.addressof(self._matrix)

    def of(self, page: Any) -> Iterator[tuple[int, int, tuple[Matrix, ...]]]:
        """The objects of an open page but its words, with their kind and the matrices of the forms around them, the inmost first."""
        import pypdfium2.raw as raw

        get_kind, text, form = self._calls.kind, raw.FPDF_PAGEOBJ_TEXT, raw.FPDF_PAGEOBJ_FORM
        left = MAX_OBJECTS

        def walk(count: int, get: Callable[[int, int], int], holder: int, around: tuple[Matrix, ...]) -> Iterator[Any]:
            nonlocal left
            items = list(map(get, repeat(holder), range(min(count, left))))
            done = 0
            for n, kind in enumerate(map(get_kind, items), 1):
                if kind == text:
                    continue
                left, done = left - (n - done), n
                if left < 0:
                    return
                item = items[n - 1]
                if kind != form:
                    yield item, kind, around
                elif len(around) < MAX_DEPTH and (matrix := self._own(item)):
                    inner = raw.FPDFFormObj_CountObjects(ctypes.cast(item, raw.FPDF_PAGEOBJECT))
                    yield from walk(inner, self._calls.form_object, item, (matrix, *around))
            left -= len(items) - done

        yield from walk(raw.FPDFPage_CountObjects(page.raw), self._calls.page_object, address(page.raw), ())

    def bounds(self, item: int, matrices: tuple[Matrix, ...]) -> Box:
        """Left, bottom, right, top in the page's space."""
        self._calls.bounds(item, *self._at_edges)
        left, bottom, right, top = self._edges[:]
        for matrix in matrices:
            a, b, c, d, e, f = matrix
            if b == c == 0:
                left, right = sorted((a * left + e, a * right + e))
                bottom, top = sorted((d * bottom + f, d * top + f))
                continue
            points = [_on(matrix, x, y) for x in (left, right) for y in (bottom, top)]
            left, right = min(x for x, _ in points), max(x for x, _ in points)
            bottom, top = min(y for _, y in points), max(y for _, y in points)
        return left, bottom, right, top

    def painted(self, item: int) -> tuple[bool, bool]:
        """Whether a path is filled, and whether its line is drawn."""
        if not self._calls.draw_mode(item, *self._at_modes):
            return False, True
        filled, stroked = self._modes[:]
        return bool(filled), bool(stroked)

    def mark(self, item: int, box: Box, matrices: tuple[Matrix, ...], shown: Callable[..., Box], filled: bool, stroked: bool) -> Mark:
        count = self._calls.segments(item)
        if box[2] - box[0] <= THIN or box[3] - box[1] <= THIN:
            return Mark(box, count, True, (box,))
        rules = self._rules(item, count, matrices, shown) if count <= MAX_SEGMENTS else None
        colour = self._fill(item) if filled and (rules is not None or not stroked) else None
        fill = (colour[0], colour[1], colour[2]) if colour and not stroked and colour[3] >= _OPAQUE else None
        if rules is None:
            return Mark(box, count, False, ground=not stroked, fill=fill)
        return Mark(box, count, True, rules, ground=not stroked, fill=fill, dark=colour is not None and _is_dark(colour))

    def _own(self, item: int) -> Matrix | None:
        found = self._matrix
        if not self._calls.object_matrix(item, self._at_matrix):
            return None
        return found.a, found.b, found.c, found.d, found.e, found.f

    def _fill(self, item: int) -> tuple[int, int, int, int] | None:
        """Red, green, blue and how much they cover of what is under them."""
        if not self._calls.object_colour(item, *self._at_channels):
            return None
        red, green, blue, alpha = self._channels[:]
        return red, green, blue, alpha

    def _rules(self, item: int, count: int, matrices: tuple[Matrix, ...], shown: Callable[..., Box]) -> tuple[Box, ...] | None:
        """The lines of a path of which all are upright or level; None where one is not."""
        own = self._own(item)
        if own is None:
            return None
        get, get_kind, get_point, closes = (
            self._calls.segment,
            self._calls.segment_kind,
            self._calls.segment_point,
            self._calls.segment_closes,
        )
        point, (at_x, at_y) = self._point, self._at_point
        turns = [matrix for matrix in (own, *matrices) if matrix != _AS_IT_IS]
        rules: list[Box] = []
        begun: tuple[float, float] | None = None  # the first corner of the part of the path that is being drawn
        last = (0.0, 0.0)
        for n in range(count):
            segment = get(item, n)
            kind = get_kind(segment)
            if kind == _CURVE:
                return None
            get_point(segment, at_x, at_y)
            x, y = point[:]
            for matrix in turns:
                x, y = _on(matrix, x, y)
            at = x, y
            if kind == _MOVE or begun is None:
                begun = last = at
                continue
            for ax, ay, bx, by in ((*last, x, y), (x, y, *begun)) if closes(segment) else ((*last, x, y),):
                if abs(ax - bx) > 0.5 and abs(ay - by) > 0.5:
                    return None
                if ax > bx:
                    ax, bx = bx, ax
                if ay > by:
                    ay, by = by, ay
                rules.append(shown(ax, ay, bx, by))
            last = at
        return tuple(rules)


def _on(matrix: Matrix, x: float, y: float) -> tuple[float, float]:
    a, b, c, d, e, f = matrix
    return a * x + c * y + e, b * x + d * y + f


def _is_dark(colour: tuple[int, int, int, int]) -> bool:
    red, green, blue, alpha = colour
    return alpha * (255 - (0.3 * red + 0.59 * green + 0.11 * blue)) > DARK * 255


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
