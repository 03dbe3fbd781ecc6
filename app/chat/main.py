"""The chat that `diptych chat` serves: the sidebar and the page, over one library for the process."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import streamlit as st

from app.chat.conversation import Conversation
from app.chat.language import _, choose
from app.chat.parts.conversations import conversations
from app.chat.parts.holdings import holdings
from app.chat.parts.models import model_picker
from app.chat.parts.text import plain
from app.chat.shelf import Shelf
from app.chat.views import ask
from app.chat.views import library as library_view
from rag.errors import DiptychError
from rag.library import Library
from rag.settings import Settings

if TYPE_CHECKING:
    from PIL.Image import Image


class View(NamedTuple):
    """A page beside that of the questions."""

    title: str
    icon: str
    page: Callable[[Library], None]


STYLE = Path(__file__).with_name("parts") / "style.css"
BRAND = '<div class="d-brand"><i><b></b><b></b></i>Diptych</div>'


@st.cache_resource(show_spinner=False)
def settings() -> Settings:
    return Settings.load()


@st.cache_resource(show_spinner=False, on_release=Library.close)
def library(folder: str) -> Library:
    """The library of this process; its encoders are loaded while the reader still reads the welcome."""
    opened = Library.open(folder, settings())
    if opened.catalog.counts()["files"]:
        threading.Thread(target=_warm, args=(opened,), daemon=True).start()
    return opened


@st.cache_resource(show_spinner=False)
def shelf(folder: str, _opened: Library) -> Shelf:
    """The conversations of this process's library."""
    return Shelf(_opened)


def _warm(opened: Library) -> None:
    with contextlib.suppress(DiptychError):  # the first question tells
        opened.search("light", k=1)


def main() -> None:
    st.set_page_config(page_title="Diptych", page_icon=_icon(), layout="centered")
    st.html(STYLE)
    try:
        choose(settings().chat_language)
        opened = library(str(settings().library))
    except DiptychError as error:
        st.html(BRAND)
        st.error(plain(error.hint), title=plain(error), icon=":material/error:")
        return
    kept = shelf(str(settings().library), opened)
    st.session_state.setdefault("model", settings().llm)
    views = {"library": View(_("Library"), ":material/folder_open:", library_view.page)}
    shown = views.get(st.query_params.get("v", ""))
    if shown is not None:
        shown.page(opened)
    else:
        ask.page(_addressed(kept), kept)
    with st.sidebar:
        st.html(BRAND)
        st.button(_("New conversation"), key="new", icon=":material/edit_square:", on_click=_begin, width="stretch")
        _ways(views)
        conversations(kept, st.query_params.get("c"))
        model_picker(settings())
        holdings(opened)


def _ways(views: dict[str, View]) -> None:
    """The other pages; each has an address (`?v=`)."""
    with st.container(key="ways", horizontal=True):
        for name, view in views.items():
            there = st.query_params.get("v") == name
            st.button(view.title, key=f"way-{name}", icon=view.icon, type="secondary" if there else "tertiary", on_click=_go, args=(name,))


def _go(name: str) -> None:
    st.query_params.from_dict({"v": name})


def _addressed(kept: Shelf) -> Conversation:
    """The conversation that the address names; without one, that of this session as long as nothing was asked in it."""
    id = st.query_params.get("c")
    current: Conversation | None = st.session_state.get("conversation")
    if current is None or current.id != id:
        found = kept.find(id) if id else current if current is not None and not current.turns else None
        if id and found is None:
            st.toast(_("This conversation is no longer there."), icon=":material/info:")
            del st.query_params["c"]
        st.session_state.conversation = current = found or kept.begin()
    return current


@st.cache_resource(show_spinner=False)
def _icon() -> Image:
    """The two panels; drawn here, because Streamlit fetches its own icons for tabs from outside."""
    from PIL import Image as images

    icon = images.new("RGBA", (32, 32))
    icon.paste("#1d5a63", (4, 3, 15, 29))
    icon.paste("#c9a45c", (18, 3, 29, 29))
    return icon


def _begin() -> None:
    st.query_params.clear()


main()
