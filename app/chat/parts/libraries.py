"""The libraries to change between: chosen in the sidebar, added and made on the library's page."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import streamlit as st

from app.chat import libraries as kept
from app.chat.address import LIBRARY, change_to
from app.chat.language import _
from app.chat.parts.text import escaped, note
from rag.errors import DiptychError

if TYPE_CHECKING:
    from app.chat.libraries import Known
    from rag.settings import Settings


def addressed(settings: Settings) -> Known:
    """The library that the address names, of those that are known; else the one that the chat was started with."""
    known = kept.known(settings.library)
    id = st.query_params.get(LIBRARY, "")
    found = next((each for each in known if each.id == id), None)
    if found is None:
        st.toast(_("This address names a library that is not on the list."), icon=":material/info:")
        change_to("")
    return found or known[0]


def library_picker(settings: Settings, current: Known) -> None:
    """A choice among the libraries, where there are several."""
    known = kept.known(settings.library)
    if len(known) < 2:
        return
    names = {each.id: each.name for each in known}
    st.session_state["library-chosen"] = current.id
    st.selectbox(
        _("Library"), list(names), key="library-chosen", format_func=names.__getitem__, on_change=_changed, label_visibility="collapsed"
    )


def libraries(settings: Settings) -> None:
    """The list, and the ways to add to it."""
    trouble = st.session_state.pop("libraries-trouble", "")
    if trouble:
        st.html(note("error", trouble))
    for number, each in enumerate(kept.known(settings.library)):
        here = each.id == st.query_params.get(LIBRARY, "")
        with st.container(horizontal=True, vertical_alignment="center", key=f"known-{number}"):
            st.html(f'<b>{escaped(each.name)}</b><div class="d-small">{escaped(each.folder)}</div>', width="stretch")
            if here:
                st.html(f'<span class="d-small">{_("open now")}</span>', width="content")
            else:
                st.button(_("Open"), key=f"library-open-{number}", on_click=change_to, args=(each.id,))
            if each.id and not here:
                hint = _("Take it off this list; the library itself stays as it is")
                st.button(
                    "",
                    key=f"library-forget-{number}",
                    icon=":material/close:",
                    type="tertiary",
                    help=hint,
                    on_click=_forget,
                    args=(each.id,),
                )
    left, right = st.columns(2)
    with left, st.form("library-new", border=False):
        st.text_input(_("Name of a new library"), key="library-name", placeholder=_("Letters"))
        st.form_submit_button(_("Create"), icon=":material/add:", on_click=_create, args=(settings,))
    with right, st.form("library-known", border=False):
        st.text_input(_("Folder of a library that is there"), key="library-folder-known", placeholder=_("~/my-library"))
        st.form_submit_button(_("Add to the list"), on_click=_add)


def _changed() -> None:
    change_to(st.session_state["library-chosen"])


def _create(settings: Settings) -> None:
    try:
        change_to(kept.create(st.session_state["library-name"], settings).id)
    except DiptychError as error:
        _tell(error)


def _add() -> None:
    named = st.session_state["library-folder-known"].strip()
    if not named:
        return
    try:
        change_to(kept.add(Path(named)).id)
    except DiptychError as error:
        _tell(error)


def _forget(id: str) -> None:
    try:
        kept.forget(id)
    except DiptychError as error:
        _tell(error)


def _tell(error: DiptychError) -> None:
    st.session_state["libraries-trouble"] = f"{error} {error.hint}".strip()
