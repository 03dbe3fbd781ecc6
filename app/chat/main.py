"""The chat that `diptych chat` serves: the sidebar and the page, over one library, or one of several."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import streamlit as st

from app.chat.address import LIBRARY, change_to, go
from app.chat.content import publish
from app.chat.conversation import Conversation
from app.chat.language import _, choose, current, spoken
from app.chat.parts.beside import beside
from app.chat.parts.conversations import conversations
from app.chat.parts.copying import copying
from app.chat.parts.holdings import holdings
from app.chat.parts.keys import keys
from app.chat.parts.libraries import addressed, library_picker
from app.chat.parts.models import model_picker
from app.chat.parts.text import plain
from app.chat.parts.typeset import typeset
from app.chat.settings_file import taken_up
from app.chat.shelf import Shelf
from app.chat.start import first, watching
from app.chat.views import ask, evaluate
from app.chat.views import library as library_view
from app.chat.views import map as map_view
from app.chat.views import settings as settings_view
from app.warm import Server, serve
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


@st.cache_resource(show_spinner=False, on_release=lambda server: server and server.close())
def served(folder: str, _opened: Library) -> Server | None:
    """What answers commands about this process's library."""
    return serve(_opened)


def _warm(opened: Library) -> None:
    with contextlib.suppress(DiptychError):  # the first question tells
        opened.search("light", k=1)


def main() -> None:
    st.set_page_config(page_title="Diptych", page_icon=_icon(), layout="centered")
    st.html(STYLE)
    try:
        here = addressed(settings())
        opened = library(str(here.folder))
    except DiptychError as error:
        st.html(BRAND)
        st.error(plain(error.hint), title=plain(error), icon=":material/error:")
        if st.query_params.get(LIBRARY):
            st.button(_("Back to the first library"), on_click=change_to, args=("",))
        return
    opened.settings = taken_up(opened.settings, settings())
    kept = shelf(str(here.folder), opened)
    served(str(here.folder), opened)
    watching(str(here.folder), opened)
    if not here.id:
        first(str(here.folder), opened)
    where = publish(kept)
    st.session_state.setdefault("model", settings().llm)
    views = {
        "library": View(_("Library"), ":material/folder_open:", library_view.page),
        "map": View(_("Map"), ":material/scatter_plot:", map_view.page),
        "evaluate": View(_("Evaluate"), ":material/monitoring:", lambda opened: evaluate.page(opened, kept)),
        "settings": View(_("Settings"), ":material/settings:", lambda opened: settings_view.page(opened, settings.clear)),
    }
    shown = views.get(st.query_params.get("v", ""))
    conversation = None if shown else _addressed(kept)
    if shown is not None:
        shown.page(opened)
    elif conversation is not None:
        ask.page(conversation, kept)
    keys(conversation)
    typeset()
    copying()
    beside(where, conversation.id if conversation else "")
    with st.sidebar:
        st.html(BRAND)
        st.button(_("New conversation"), key="new", icon=":material/edit_square:", on_click=_begin, width="stretch")
        _ways(views)
        library_picker(settings(), here)
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
    go(v=name)


def _addressed(kept: Shelf) -> Conversation:
    """The conversation that the address names; without one, that of this session as long as nothing was asked in it."""
    id = st.query_params.get("c")
    current: Conversation | None = st.session_state.get("conversation")
    if current is not None and current.library is not kept.library:
        current = None
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
    go()


with contextlib.suppress(DiptychError):  # the page tells
    choose(settings().chat_language)
with spoken(current()):  # looked up once a run
    main()
