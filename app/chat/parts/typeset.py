"""What the page does to text once it stands there: formulas are set by KaTeX, blocks of code get a button that copies them."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import streamlit
from streamlit.components import v2

from app.chat.language import _

_TYPESET = v2.component("diptych_typeset", html="<div></div>", js=Path(__file__).with_name("typeset.js").read_text("utf-8"))


def typeset() -> None:
    """Look after what this page shows, now and later."""
    _TYPESET(key="typeset", data={"katex": _katex(), "copy": _("Copy"), "copied": _("Copied")}, height="content")


@cache
def _katex() -> str:
    """The address of the KaTeX that Streamlit serves for its own Markdown; nothing where it has none: formulas then stay as written."""
    scripts = Path(streamlit.__file__).parent / "static" / "static" / "js"
    found = next(scripts.glob("katex.*.js"), None)
    return f"/static/js/{found.name}" if found else ""
