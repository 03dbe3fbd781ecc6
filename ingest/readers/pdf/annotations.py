"""The annotations of a PDF page as PDFium holds them: what is pinned to it, and the fields of its form."""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from rag.pictures.layout import Box

MAX_ANNOTATIONS = 1_000  # of a page
MAX_TEXT = 20_000  # characters of one
_NOT_SHOWN = 0b100010  # hidden, or not in view


class Note(NamedTuple):
    """What stands on a page beside what is printed: its words, and where it is."""

    text: str
    box: Box


Shown = Callable[[float, float, float, float], Box]


def each_annotation(page: Any) -> Iterator[tuple[Any, int]]:
    """The annotations of an open page that are shown, each with its kind, open while it is looked at."""
    import pypdfium2.raw as raw

    for n in range(min(raw.FPDFPage_GetAnnotCount(page.raw), MAX_ANNOTATIONS)):
        each = raw.FPDFPage_GetAnnot(page.raw, n)
        if not each:
            continue
        try:
            if not raw.FPDFAnnot_GetFlags(each) & _NOT_SHOWN:
                yield each, raw.FPDFAnnot_GetSubtype(each)
        finally:
            raw.FPDFPage_CloseAnnot(each)


def box_of(annotation: Any, shown: Shown) -> Box | None:
    """Where it stands; None where it says nothing of that."""
    import pypdfium2.raw as raw

    rect = raw.FS_RECTF()
    if not raw.FPDFAnnot_GetRect(annotation, rect):
        return None
    return shown(min(rect.left, rect.right), min(rect.bottom, rect.top), max(rect.left, rect.right), max(rect.bottom, rect.top))


def text_of(annotation: Any, key: bytes) -> str:
    """A text of its own, such as its Contents; "" where it has none."""
    import pypdfium2.raw as raw

    return wide(lambda buffer, size: raw.FPDFAnnot_GetStringValue(annotation, key, buffer, size))


def wide(get: Callable[[Any, int], int]) -> str:
    """What one of PDFium's functions writes into a buffer of UTF-16, told its size, first none."""
    import pypdfium2.raw as raw

    size = get(None, 0)
    if size <= 2:
        return ""
    buffer = (raw.FPDF_WCHAR * (size // 2 + 1))()
    get(buffer, size)
    text = bytes(buffer)[: size - 2].decode("utf-16-le", "ignore").replace("\x00", "")
    return text.replace("\r\n", "\n").replace("\r", "\n").strip()[:MAX_TEXT]


def quads(annotation: Any) -> Iterator[tuple[float, float, float, float]]:
    """The boxes that it marks, in the page's own space: left, bottom, right, top."""
    import pypdfium2.raw as raw

    points = raw.FS_QUADPOINTSF()
    for n in range(min(raw.FPDFAnnot_CountAttachmentPoints(annotation), 200)):
        if raw.FPDFAnnot_GetAttachmentPoints(annotation, n, ctypes.byref(points)):
            xs, ys = ([getattr(points, f"{axis}{corner}") for corner in (1, 2, 3, 4)] for axis in "xy")
            yield min(xs), min(ys), max(xs), max(ys)
