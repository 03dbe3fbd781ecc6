"""Three ways into an empty library: the sample, files, a folder."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from app.chat.language import _
from app.chat.parts.adding import folder
from app.chat.parts.holdings import uploader
from app.chat.parts.text import escaped
from app.chat.start import take
from rag.settings import PROJECT

if TYPE_CHECKING:
    from rag.library import Library

SAMPLE = PROJECT / "data" / "sample"  # of a clone; an installed package has none


def beginnings(library: Library) -> None:
    """Draw them, each with what it is for."""
    if library.read_only:
        return
    with st.container(key="beginnings"):
        if SAMPLE.is_dir():
            with st.container(border=True, key="beginning-sample"):
                _way(_("Try it on the sample"), _("An invented coast with its lighthouses: documents, tables and pictures."))
                st.button(_("Take the sample in"), key="take-sample", icon=":material/menu_book:", on_click=take, args=(library, [SAMPLE]))
        with st.container(border=True, key="beginning-upload"):
            _way(_("Add files"), _("Documents and pictures, dropped here or into the line below."))
            uploader(library)
        with st.container(border=True, key="beginning-folder"):
            _way(_("Take in a folder"), _("By its path on this machine. First you see what would be taken."))
            folder(library)


def _way(title: str, told: str) -> None:
    st.html(f'<div class="d-file">{escaped(title)}</div><div class="d-small">{escaped(told)}</div>')
