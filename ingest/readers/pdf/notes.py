"""What people pinned to a PDF page: notes, comments on marked words, text typed onto it, stamps."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

from ingest.readers.pdf.annotations import Note, Shown, box_of, each_annotation, quads, text_of
from ingest.readers.pdf.forms import beside_label
from rag.pictures.layout import Box, Line

MOST_MARKED = 200  # characters of the words that a comment is on
_ADDRESS = re.compile(r"(?:https?:|mailto:|www\.)\S+", re.I)
_STAMP = re.compile(r"^#?(?:SB|SH)?|(?<=[a-z])(?=[A-Z])|[_#]+")


def notes(page: Any, textpage: Any, printed: Sequence[Line], shown: Shown) -> Iterator[Note]:
    """The notes of an open page, in their order, each once; `printed` are the page's own runs of text."""
    import pypdfium2.raw as raw

    marks = {raw.FPDF_ANNOT_HIGHLIGHT, raw.FPDF_ANNOT_UNDERLINE, raw.FPDF_ANNOT_SQUIGGLY, raw.FPDF_ANNOT_STRIKEOUT}
    passed_over = {raw.FPDF_ANNOT_WIDGET, raw.FPDF_ANNOT_POPUP, raw.FPDF_ANNOT_REDACT, raw.FPDF_ANNOT_XFAWIDGET}
    popups: list[tuple[str, str, Box]] = []
    said: set[str] = set()
    for each, kind in each_annotation(page):
        box = box_of(each, shown)
        text, author = text_of(each, b"Contents"), " ".join(text_of(each, b"T").split())
        if kind == raw.FPDF_ANNOT_POPUP and text and box:
            popups.append((text, author, box))
        if kind in passed_over or box is None or text_of(each, b"StateModel"):
            continue
        if kind == raw.FPDF_ANNOT_STAMP and not text:
            text = " ".join(_STAMP.sub(" ", text_of(each, b"Name")).split())
            text = f"Stamp: {text}" if text else ""
        if kind == raw.FPDF_ANNOT_FREETEXT:
            if text and not beside_label(text, box, printed):
                yield Note(text, box)
            said.add(text)
            continue
        marked = _marked(each, textpage) if kind in marks and kind != raw.FPDF_ANNOT_STRIKEOUT else ""
        if not text or text in said or _folded(text) == _folded(marked) or (kind == raw.FPDF_ANNOT_LINK and _ADDRESS.fullmatch(text)):
            continue
        said.add(text)
        said_on = marked or ("words that are struck out" if kind == raw.FPDF_ANNOT_STRIKEOUT else "")
        yield Note(_told(text, author, said_on, bool(marked)), box)
    yield from (Note(_told(text, author, "", False), box) for text, author, box in popups if text not in said)


def pinned_files(page: Any) -> bool:
    """Whether files are pinned to an open page."""
    import pypdfium2.raw as raw

    return any(kind == raw.FPDF_ANNOT_FILEATTACHMENT for _, kind in each_annotation(page))


def _told(text: str, author: str, on: str, quoted: bool) -> str:
    if text.startswith("Stamp: "):
        return text
    on = f" on “{on}”" if quoted else f" on {on}" if on else ""
    return f"Note{f' by {author}' if author else ''}{on}: {text}"


def _marked(annotation: Any, textpage: Any) -> str:
    """The words that a mark lies on."""
    found = " ".join(textpage.get_text_bounded(*box) for box in quads(annotation))
    words = " ".join(found.replace("\x02", "").split())
    return words if len(words) <= MOST_MARKED else words[:MOST_MARKED].rsplit(" ", 1)[0] + " …"


def _folded(text: str) -> str:
    return "".join(filter(str.isalnum, text.casefold()))
