"""Pictures: a small copy inside the page, and a cited picture at reading size with its caption and source."""

from __future__ import annotations

import base64
import io
from pathlib import Path

import streamlit as st

from app.chat.language import _
from app.chat.parts.text import escaped, where
from rag.records import Hit

READING_WIDTH = 460


@st.cache_data(max_entries=1024, show_spinner=False)
def data_uri(path: str, side: int) -> str | None:
    """The picture at `path` within `side` pixels as a data URI; None where it cannot be read (it may have been removed since)."""
    from PIL import Image

    try:
        with Image.open(path) as image:
            image.thumbnail((side, side))
            small = image.convert("RGBA") if "A" in image.getbands() or "transparency" in image.info else image.convert("RGB")
    except (OSError, ValueError):
        return None
    out = io.BytesIO()
    small.save(out, "WEBP", quality=82)
    return f"data:image/webp;base64,{base64.b64encode(out.getvalue()).decode()}"


def img(path: str, side: int, alt: str) -> str:
    """An <img> of the picture within `side` pixels, or a line where it cannot be read."""
    uri = data_uri(path, side)
    return f'<img src="{uri}" alt="{escaped(alt)}">' if uri else gone()


def gone() -> str:
    return f'<span class="d-gone">{_("The picture is no longer there.")}</span>'


def name(hit: Hit) -> str:
    """What a picture is called: its caption, else its file."""
    return hit.caption or Path(hit.origin or hit.source).name


def cited_picture(hit: Hit, n: int, anchor: str) -> None:
    """A cited picture, shown without a click."""
    width = _width(hit.media or "")
    if width:
        st.image(hit.media or "", width=min(width, READING_WIDTH), alt=name(hit))
    else:
        st.html(gone())
    told = escaped(where(hit.source, hit.locator))
    mark = f'<a class="d-cite" href="#{anchor}" aria-label="{_("Source {n}").format(n=n)}">{n}</a>'
    st.html(f'<div class="d-caption">{escaped(name(hit))} {mark}<br><span class="d-where">{told}</span></div>')


@st.cache_data(max_entries=1024, show_spinner=False)
def _width(path: str) -> int:
    """Pixels across; 0 where the picture cannot be read."""
    from PIL import Image

    try:
        with Image.open(path) as image:
            return image.width
    except (OSError, ValueError):
        return 0
