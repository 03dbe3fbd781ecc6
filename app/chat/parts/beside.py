"""The panel beside the answer: it fetches what a mark or a hit opens, and never moves what one reads.

What it shows is named by the address's fragment (`#turn-1-source-2`), so that back closes it and a reload opens it again.
"""

from __future__ import annotations

from pathlib import Path

import streamlit as st
from streamlit.components import v2

from app.chat.address import go
from app.chat.language import _, current

KEY = "beside"

_PANEL = v2.component("diptych_beside", html="<div></div>", js=Path(__file__).with_name("beside.js").read_text("utf-8"))


def beside(where: str, conversation: str) -> None:
    """The panel of this page; `where` is the address below which the library is served, and turns are those of the `conversation`."""
    words = {
        "source": _("Source"),
        "before": _("Previous"),
        "after": _("Next"),
        "back": _("Back"),
        "larger": _("Larger"),
        "smaller": _("Smaller"),
        "close": _("Close"),
        "page": _("Page"),
        "pages": _("of {count}"),
        "page_before": _("Previous page"),
        "page_after": _("Next page"),
        "nearer": _("Zoom in"),
        "farther": _("Zoom out"),
        "coming": _("Opening…"),
        "gone": _("This can no longer be shown."),
    }
    data = {"where": where, "conversation": conversation, "language": current(), "words": words}
    _PANEL(key=KEY, data=data, on_show_change=_show, height="content")


def _show() -> None:
    """Go to a document on the page of the library."""
    source = st.session_state[KEY].show
    if source:
        go(v="library", d=source)
