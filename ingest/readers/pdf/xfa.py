"""Forms of Adobe's own kind (XFA): what was filled in is read from their data, since only Adobe's programs make pages of them."""

from __future__ import annotations

import ctypes
import re
from collections.abc import Iterator
from itertools import islice
from typing import Any

from ingest.blocks import Lost, Text
from ingest.readers.packed import markup
from ingest.readers.pdf.page import PDFIUM
from rag.errors import ReadError

MAX_PACKETS = 100
MAX_BYTES = 20_000_000
MAX_FIELDS = 5_000
_DATA = "{http://www.xfa.org/schema/xfa-data/1.0/}data"


def xfa_form(document: Any) -> Iterator[Text | Lost]:
    """The fields that hold something, as "name: value", of an open PDF that is such a form throughout; Lost where they hold nothing."""
    import pypdfium2.raw as raw

    with PDFIUM:
        if document.get_formtype() != raw.FORMTYPE_XFA_FULL:
            return
        packet = _packet(document.raw, "datasets")
    try:
        lines = list(islice(_fields(markup(packet)), MAX_FIELDS)) if packet else []
    except ReadError:
        lines = []
    if lines:
        yield Text("\n".join(lines))
    else:
        yield Lost("form", "It is a form of a kind (XFA) that only Adobe's programs show.", "Print it to a new PDF there.")


def _fields(root: Any) -> Iterator[str]:
    for data in root.iter(_DATA):
        for element in data.iter():
            value = " ".join((element.text or "").split())
            if value and not len(element):
                name = re.sub(r"(?<=[a-z])(?=[A-Z])|_+", " ", element.tag.rpartition("}")[2]).strip()
                yield f"{name}: {value}"


def _packet(document: Any, wanted: str) -> bytes:
    import pypdfium2.raw as raw

    for n in range(min(raw.FPDF_GetXFAPacketCount(document), MAX_PACKETS)):
        size = raw.FPDF_GetXFAPacketName(document, n, None, 0)
        name = ctypes.create_string_buffer(max(size, 1))
        raw.FPDF_GetXFAPacketName(document, n, name, size)
        length = ctypes.c_ulong()
        if name.value.decode("utf-8", "replace") != wanted or not raw.FPDF_GetXFAPacketContent(document, n, None, 0, length):
            continue
        if 0 < length.value <= MAX_BYTES:
            content = ctypes.create_string_buffer(length.value)
            raw.FPDF_GetXFAPacketContent(document, n, content, length.value, length)
            return content.raw
    return b""
