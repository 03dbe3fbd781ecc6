"""What no page can change: what a library was made with, and what only the file or the environment says, with the reason."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import streamlit as st

from app.chat.language import _, later
from app.chat.parts.text import escaped
from app.chat.settings_file import overridden
from rag.llm.address import shown

if TYPE_CHECKING:
    from rag.library import Library

MADE_WITH = {
    "profile": later("Encoders"),
    "text_model": later("Encoder of words"),
    "joint_model": later("Encoder of pictures"),
    "language": later("Language of the keyword search"),
}
ELSEWHERE = {
    "library": later("Folder of the library"),
    "media_uri": later("Folder or store of its pictures"),
    "milvus_uri": later("Milvus server"),
    "milvus_token": later("Token for that server"),
    "readers": later("Folder of the packaged models"),
    "device": later("Where the encoders run"),
}
SECRET = {"milvus_token"}
COMMAND = re.compile(r"`([^`]+)`")


def fixed(library: Library) -> None:
    """Two lists, each with the reason why its settings are not changed here."""
    state, settings = library.status(), library.settings
    encoders = state["encoders"]
    made = {
        "profile": settings.profile,
        "text_model": encoders["text"],
        "joint_model": encoders["joint"],
        "language": state["language"],
    }
    why = _("Each vector of the library was made with these. After a change in the file, `diptych rebuild` reads everything anew.")
    st.html(_list(_("Fixed when the library was made"), why, [(str(MADE_WITH[name]), value, name) for name, value in made.items()]))
    named = {name: _value(name, getattr(settings, name)) for name in ELSEWHERE}
    named["library"] = str(library.folder)
    why = _("Where things lie is said before the chat starts: in the file, or in the environment.")
    st.html(_list(_("Said elsewhere"), why, [(str(ELSEWHERE[name]), value, name) for name, value in named.items()]))


def _value(name: str, value: object) -> str:
    """A value as a page may show it: no secret, and no password of an address."""
    if name in SECRET:
        return _("given; it is not shown") if value else _("none")
    return _("as shipped") if value is None else shown(str(value)) if "://" in str(value) else str(value)


def _list(title: str, why: str, rows: list[tuple[str, str, str]]) -> str:
    lines = "".join(f"<dt>{escaped(label)} <code>{name}</code></dt><dd>{escaped(value)}{_by(name)}</dd>" for label, value, name in rows)
    told = COMMAND.sub(r"<code>\1</code>", escaped(why))
    return f'<div class="d-label">{escaped(title)}</div><p class="d-small">{told}</p><dl class="d-fixed">{lines}</dl>'


def _by(name: str) -> str:
    variable = overridden(name)
    return f' <span class="d-where">{escaped(_("set by {variable}").format(variable=variable))}</span>' if variable else ""
