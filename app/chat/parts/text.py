"""Text of documents and models as data: escaped, so that the page shows it letter by letter and renders or fetches nothing it says."""

from __future__ import annotations

import html
import re

from app.chat.language import _
from rag.records import Locator

_MARKDOWN = re.compile(r"([\\`*_{}\[\]()<>#+\-.!|~$:^=&\"'@/])")


def plain(text: object) -> str:
    """`text` for a Streamlit label, which is Markdown: one line, every sign of Markdown, LaTeX and directives escaped."""
    return _MARKDOWN.sub(r"\\\1", " ".join(str(text).split()))


def escaped(text: object) -> str:
    """`text` for HTML, in an element or in a quoted attribute."""
    return html.escape(str(text))


def place(locator: Locator) -> str:
    """Where in its file: "Lights › Fresnel lens · page 3", of a recording "12:31"."""
    heading = (locator.heading or "").replace(" > ", " › ")
    page = _("page {number}").format(number=locator.page) if locator.page else ""
    slide = _("slide {number}").format(number=locator.slide) if locator.slide else ""
    return " · ".join(filter(None, [heading, page, slide, locator.sheet, locator.moment]))


def where(source: str, locator: Locator) -> str:
    """A file and the place in it: "a.pdf · Lights › Fresnel lens · page 3"."""
    return " · ".join(filter(None, [source, place(locator)]))


def note(kind: str, *lines: object) -> str:
    """A line to the reader as HTML; `kind` is "info", "warning" or "error". `lines` are text."""
    role = "alert" if kind == "error" else "note"
    return f'<div class="d-note d-{kind}" role="{role}">{"<br>".join(map(escaped, lines))}</div>'
