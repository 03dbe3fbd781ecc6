"""The files that a PDF carries: those of the whole document and those pinned to its pages."""

from __future__ import annotations

import ctypes
import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from ingest.blocks import Block, Lost
from ingest.readers.attached import attached
from ingest.readers.pdf.annotations import each_annotation, wide
from ingest.readers.pdf.page import PDFIUM

if TYPE_CHECKING:
    from rag.pictures.ocr import Ocr

MAX_ATTACHED = 100  # files of a document
MAX_BYTES = 100_000_000  # of one
_SAVE = "Save what is attached to it as files, and take those in."


def attachments(document: Any, pages: Iterable[int], ocr: Ocr | None) -> Iterator[Block]:
    """The blocks of the files that an open PDF carries, each under its name, those pinned to `pages` (from 1) last; more than 100, and
    what cannot be had, as Lost."""
    import pypdfium2.raw as raw

    with PDFIUM:
        count = raw.FPDFDoc_GetAttachmentCount(document.raw)
    seen: set[tuple[str, int]] = set()
    for n in range(min(count, MAX_ATTACHED)):
        with PDFIUM:
            found = _file(raw.FPDFDoc_GetAttachment(document.raw, n))
        if found:
            seen.add((found[0], len(found[1] or b"")))
            yield from _blocks(*found, ocr)
    left = MAX_ATTACHED - count
    for number in pages:
        for found in _pinned(document, number):
            if (key := (found[0], len(found[1] or b""))) in seen:
                continue
            seen.add(key)
            left -= 1
            if left >= 0:
                yield from _blocks(*found, ocr)
    if left < 0:
        yield Lost("attachments", f"Only the first {MAX_ATTACHED} files that it carries are read.", _SAVE)


def _blocks(name: str, data: bytes | None, ocr: Ocr | None) -> Iterator[Block]:
    if data is None:
        yield Lost(name, f"It is damaged, or has over {MAX_BYTES // 1_000_000} MB.", _SAVE)
    elif data:
        yield from attached(name, data, (), ocr)


def _pinned(document: Any, number: int) -> Iterator[tuple[str, bytes | None]]:
    """The files pinned to page `number` (from 1)."""
    import pypdfium2
    import pypdfium2.raw as raw

    found = []
    with PDFIUM:
        try:
            page = document[number - 1]
        except pypdfium2.PdfiumError:  # as where it is read
            return
        try:
            for each, kind in each_annotation(page):
                if kind == raw.FPDF_ANNOT_FILEATTACHMENT and (file := _file(raw.FPDFAnnot_GetFileAttachment(each))):
                    found.append(file)
                    if len(found) > MAX_ATTACHED:
                        break
        finally:
            page.close()
    yield from found


def _file(attachment: Any) -> tuple[str, bytes | None] | None:
    """Name and content; None for the content where it cannot be had, for all where there is no file."""
    import pypdfium2.raw as raw

    if not attachment:
        return None
    name = wide(lambda buffer, size: raw.FPDFAttachment_GetName(attachment, buffer, size))
    name = re.sub(r"[\x00-\x1f\x7f]", "", name).replace("\\", "/").rstrip("/").rpartition("/")[2].strip()[-200:] or "attachment"
    size = ctypes.c_ulong()
    if not raw.FPDFAttachment_GetFile(attachment, None, 0, size) or size.value > MAX_BYTES:
        return name, None
    data = ctypes.create_string_buffer(size.value) if size.value else None
    if data is not None and not raw.FPDFAttachment_GetFile(attachment, data, size.value, size):
        return name, None
    return name, data.raw if data is not None else b""
