"""The page of a PDF that a source stands on: a figure outlined, a quote marked."""

from __future__ import annotations

import base64
import io
from pathlib import Path

import streamlit as st

from app.chat.language import _
from app.chat.parts.text import escaped
from rag.library import Library
from rag.records import Citation


def page_html(library: Library, citation: Citation) -> str:
    """The cited page as an <img>; nothing for what is no PDF, or has changed or gone since it was taken in."""
    file = library.catalog.file(citation.source)
    if file is None or not citation.locator.page or file.path.suffix.lower() != ".pdf":
        return ""
    try:
        if file.path.stat().st_mtime_ns != file.mtime_ns:
            return ""
    except OSError:
        return ""
    quote = citation.quote if citation.modality == "text" else None
    uri = _page(str(file.path), file.hash, citation.locator.page, citation.locator.bbox, quote)
    label = _("Page {number} of {source}").format(number=citation.locator.page, source=citation.source)
    return f'<img class="d-page" src="{uri}" alt="{escaped(label)}">' if uri else ""


@st.cache_data(max_entries=256, show_spinner=False)
def _page(path: str, hash: str, page: int, box: tuple[float, float, float, float] | None, quote: str | None) -> str | None:
    from ingest.page import marked

    image = marked(Path(path), page, box, quote)
    if image is None:
        return None
    out = io.BytesIO()
    image.save(out, "WEBP", quality=80)
    return f"data:image/webp;base64,{base64.b64encode(out.getvalue()).decode()}"
