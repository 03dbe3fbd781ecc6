"""The conversations of the library in the sidebar: found, opened, renamed, pinned, exported, deleted and brought back."""

from __future__ import annotations

import streamlit as st

from app.chat.address import go
from app.chat.conversation import Conversation
from app.chat.export import as_html, as_markdown, file_name
from app.chat.language import _, current, number
from app.chat.parts.text import escaped, note, plain
from app.chat.shelf import Shelf

SHOWN = 12
LINE = 28  # characters of a title that are seen
SEARCHED_FROM = 8  # conversations


def conversations(shelf: Shelf, open: str | None) -> None:
    """The list with the one that is open, by its address, its search once it is long, and the way back for what was just deleted."""
    if shelf.fault:
        st.html(note("warning", shelf.fault))
    _deleted(shelf)
    everything = shelf.listed()
    if not everything:
        return
    with st.container(key="conversations"):
        st.html(f'<div class="d-label">{_("Conversations")}</div>')
        words = ""
        if len(everything) >= SEARCHED_FROM:
            label = _("Search conversations")
            words = st.text_input(label, key="search", placeholder=_("Search"), label_visibility="collapsed", live=True) or ""
        found = shelf.listed(words) if words else everything
        if not found:
            st.html(f'<div class="d-small">{_("None has these words.")}</div>')
        shown = found if st.session_state.get("all-conversations") else found[:SHOWN]
        for entry in shown:
            st.button(
                plain(entry.title),
                key=f"open-{entry.id}",
                icon=":material/keep:" if entry.pinned else None,
                type="secondary" if entry.id == open else "tertiary",
                on_click=opened,
                args=(entry.id,),
                width="stretch",
                help=plain(entry.title) if len(entry.title) > LINE else None,
            )
        if len(found) > SHOWN:
            st.toggle(_("All {number}").format(number=number(len(found))), key="all-conversations")


def opened(id: str) -> None:
    """Go to a conversation."""
    go(c=id)


def _deleted(shelf: Shelf) -> None:
    id, title = st.session_state.get("deleted", ("", ""))
    if not id:
        return
    with st.container(key="deleted", horizontal=True, vertical_alignment="center"):
        told = _("Deleted “{title}”.").format(title=title)
        st.html(f'<div class="d-small">{escaped(told)}</div>', width="stretch")
        st.button(_("Undo"), key="undo", type="tertiary", on_click=_restore, args=(shelf, id))
        st.button("", key="deleted-away", icon=":material/close:", type="tertiary", help=_("Dismiss"), on_click=_forget)


def _forget() -> None:
    st.session_state.pop("deleted", None)


def _restore(shelf: Shelf, id: str) -> None:
    shelf.restore(id)
    _forget()
    opened(id)


def menu(shelf: Shelf, conversation: Conversation) -> None:
    """The name of the open conversation, and what can be done with it."""
    title, language = shelf.title(conversation.id), current()
    id = conversation.id
    with st.container(key="head", horizontal=True, vertical_alignment="center"):
        st.html(f'<div class="d-title">{escaped(title)}</div>', width="stretch")
        with st.popover(_("More"), type="tertiary", help=_("Rename, pin, export or delete this conversation")):
            st.session_state.setdefault(f"name-{id}", title)
            st.text_input(_("Name"), key=f"name-{id}", on_change=_rename, args=(shelf, id))
            st.toggle(_("Pinned"), shelf.pinned(id), key=f"pin-{id}", on_change=_pin, args=(shelf, id))
            name = file_name(title)
            st.download_button(
                _("Export as Markdown"),
                lambda: as_markdown(title, conversation, language),
                f"{name}.md",
                "text/markdown",
                on_click="ignore",
                width="stretch",
            )
            st.download_button(
                _("Export as one HTML file"),
                lambda: as_html(title, conversation, language),
                f"{name}.html",
                "text/html",
                on_click="ignore",
                width="stretch",
            )
            st.button(_("Delete"), icon=":material/delete:", key="delete", on_click=_delete, args=(shelf, id, title), width="stretch")


def _rename(shelf: Shelf, id: str) -> None:
    key = f"name-{id}"
    shelf.rename(id, st.session_state[key])
    st.session_state[key] = shelf.title(id)


def _pin(shelf: Shelf, id: str) -> None:
    shelf.pin(id, st.session_state[f"pin-{id}"])


def _delete(shelf: Shelf, id: str, title: str) -> None:
    shelf.delete(id)
    st.session_state.deleted = (id, title)
    go()
