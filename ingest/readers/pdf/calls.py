"""PDFium's functions that are asked for every character and every object of a page, called in half the time.

They take pointers as addresses, of which ctypes checks nothing, and keep the interpreter's lock, as each takes less than a microsecond.
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable
from functools import cache
from typing import Any, NamedTuple

_WHOLE, _POINTER = ctypes.c_int, ctypes.c_void_p


class Calls(NamedTuple):
    """Named as PDFium names them, without FPDF; a page, an object or a segment is told by its address."""

    loose_box: Callable[[int, int, int], int]
    text_object: Callable[[int, int], int | None]
    render_mode: Callable[[int], int]
    fill_colour: Callable[[int, int, int, int, int, int], int]
    matrix: Callable[[int, int, int], int]
    font_size: Callable[[int, int], float]
    font: Callable[[int], int | None]
    angle: Callable[[int, int], float]
    has_map_error: Callable[[int, int], int]
    page_object: Callable[[int, int], int]
    form_object: Callable[[int, int], int]
    kind: Callable[[int], int]
    bounds: Callable[[int, int, int, int, int], int]
    object_matrix: Callable[[int, int], int]
    object_colour: Callable[[int, int, int, int, int], int]
    draw_mode: Callable[[int, int, int], int]
    segments: Callable[[int], int]
    segment: Callable[[int, int], int]
    segment_kind: Callable[[int], int]
    segment_point: Callable[[int, int, int], int]
    segment_closes: Callable[[int], int]


@cache
def calls() -> Calls:
    import pypdfium2.raw as raw

    four = (_POINTER,) * 4
    return Calls(
        loose_box=_quick(raw.FPDFText_GetLooseCharBox, _POINTER, _WHOLE, _POINTER),
        text_object=_quick(raw.FPDFText_GetTextObject, _POINTER, _WHOLE, result=_POINTER),
        render_mode=_quick(raw.FPDFTextObj_GetTextRenderMode, _POINTER),
        fill_colour=_quick(raw.FPDFText_GetFillColor, _POINTER, _WHOLE, *four),
        matrix=_quick(raw.FPDFText_GetMatrix, _POINTER, _WHOLE, _POINTER),
        font_size=_quick(raw.FPDFText_GetFontSize, _POINTER, _WHOLE, result=ctypes.c_double),
        font=_quick(raw.FPDFTextObj_GetFont, _POINTER, result=_POINTER),
        angle=_quick(raw.FPDFText_GetCharAngle, _POINTER, _WHOLE, result=ctypes.c_float),
        has_map_error=_quick(raw.FPDFText_HasUnicodeMapError, _POINTER, _WHOLE),
        page_object=_quick(raw.FPDFPage_GetObject, _POINTER, _WHOLE, result=_POINTER),
        form_object=_quick(raw.FPDFFormObj_GetObject, _POINTER, ctypes.c_ulong, result=_POINTER),
        kind=_quick(raw.FPDFPageObj_GetType, _POINTER),
        bounds=_quick(raw.FPDFPageObj_GetBounds, _POINTER, *four),
        object_matrix=_quick(raw.FPDFPageObj_GetMatrix, _POINTER, _POINTER),
        object_colour=_quick(raw.FPDFPageObj_GetFillColor, _POINTER, *four),
        draw_mode=_quick(raw.FPDFPath_GetDrawMode, _POINTER, _POINTER, _POINTER),
        segments=_quick(raw.FPDFPath_CountSegments, _POINTER),
        segment=_quick(raw.FPDFPath_GetPathSegment, _POINTER, _WHOLE, result=_POINTER),
        segment_kind=_quick(raw.FPDFPathSegment_GetType, _POINTER),
        segment_point=_quick(raw.FPDFPathSegment_GetPoint, _POINTER, _POINTER, _POINTER),
        segment_closes=_quick(raw.FPDFPathSegment_GetClose, _POINTER),
    )


def address(pointer: Any) -> int:
    """Where a pointer of pypdfium2's points to."""
    return ctypes.cast(pointer, ctypes.c_void_p).value or 0


def _quick(function: Any, *kinds: Any, result: Any = _WHOLE) -> Any:
    return ctypes.PYFUNCTYPE(result, *kinds)(address(function))
