"""The page of the library: its documents, pictures and figures, what was not taken and why, what is added and followed, and the others."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import streamlit as st

from app.chat.address import stay
from app.chat.language import _, later, number
from app.chat.parts.adding import folder, followed
from app.chat.parts.documents import documents, opened
from app.chat.parts.gallery import copies_html, gallery_html
from app.chat.parts.holdings import held, notices, outcome, progress, uploader
from app.chat.parts.libraries import libraries
from app.chat.parts.numbers import numbers
from app.chat.parts.switch import part, switch
from app.chat.parts.text import escaped, note
from app.chat.start import reading, take_again
from app.chat.views.document import PICTURES, document, glance, removal, shown, tile
from ingest.archives import holder
from ingest.readers import signature
from rag.errors import DiptychError

if TYPE_CHECKING:
    from rag.library import Library
    from rag.storage.entries import Removed

PARTS = {
    "documents": later("Documents"),
    "pictures": later("Pictures"),
    "numbers": later("In figures"),
    "missing": later("Not taken"),
    "add": later("Add"),
    "libraries": later("Libraries"),
}


def page(library: Library) -> None:
    """Draw the page as the library stands; with `d` in the address, that document."""
    named = st.query_params.get("d")
    if not named:
        told = _("{counts} in {folder}").format(counts=held(library), folder=library.folder.name)
        st.html(f'<h1 class="d-h1 d-wide">{_("Library")}</h1><p class="d-lead" title="{escaped(library.folder)}">{escaped(told)}</p>')
    with st.container(key="library-news"):  # one place, however much is told: what is written below is not drawn anew, and not lost
        _notices(library)
    if named:
        document(library, named, _again, _remove)
        return
    parts = {
        "documents": _documents,
        "pictures": _pictures,
        "numbers": numbers,
        "missing": _missing,
        "add": _add,
        "libraries": lambda library: libraries(library.settings),
    }
    parts[switch(_("Part"), PARTS, "library-part")](library)


def _notices(library: Library) -> None:
    """What became of what was done here, until it is dismissed, and how far what is being done is."""
    for told in notices():
        with st.container(key="library-told", horizontal=True, vertical_alignment="center"):
            st.html(note("info", told), width="stretch")
            st.button("", key="library-away", icon=":material/close:", type="tertiary", help=_("Dismiss"), on_click=_dismissed)
    running = reading(library)
    if part(PARTS) == "add" and not st.query_params.get("d"):
        return  # the upload tells
    if running is not None:
        progress(running, library)
    else:
        outcome()


def _dismissed() -> None:
    notices().clear()


def _documents(library: Library) -> None:
    if not library.catalog.counts()["files"]:
        st.html(f'<p class="d-lead">{_("Nothing is in yet: add a folder or files.")}</p>')
        return
    named = documents(library)
    if not named:
        return
    with st.container(horizontal=True):
        if len(named) == 1:
            st.button(_("Open"), key="library-open", icon=":material/open_in_full:", on_click=opened, args=(named[0],))
        st.button(_("Read again"), key="library-again", icon=":material/refresh:", on_click=_again, args=(library, named))
        removal(library, named, _remove)
    if len(named) == 1:
        glance(library, named[0])


def _pictures(library: Library) -> None:
    found = shown(library, [each for each in library.catalog.all_records() if each.record.image])
    if not found:
        st.html(f'<p class="d-lead">{_("The library has no pictures.")}</p>')
        return
    copies = library.catalog.copies()
    if copies and st.toggle(_("Near-duplicates ({n})").format(n=number(len(copies))), key="library-copies"):
        st.html(copies_html([[tile(library, each) for each in group] for group in copies[:PICTURES]]))
        return
    pages = (len(found) + PICTURES - 1) // PICTURES
    at = (
        st.number_input(_("Page"), 1, pages, key="library-page", help=_("Of {pages}").format(pages=number(pages)), width=160)
        if pages > 1
        else 1
    )
    st.html(gallery_html(found[(at - 1) * PICTURES : at * PICTURES]))


def _missing(library: Library) -> None:
    lost = library.catalog.unreadable(signature(library.settings.sound_model))
    _removed(library)
    if not lost:
        st.html(f'<p class="d-lead">{_("Everything that was named could be read.")}</p>')
        return
    st.html("".join(note("warning", f"{path}: {each.reason}", each.hint) for path, each in sorted(lost.items())))


def _removed(library: Library) -> None:
    """What was removed and is still there as a file, with the way to have it again."""
    removed = {} if library.read_only else {str(each.path): each for each in library.catalog.removed() if _there(each.path)}
    if not removed:
        return
    told = _("These files are where they were, and stay out of the library, also where their folder is followed.")
    st.html(f'<h2 class="d-h2">{escaped(_("Removed"))}</h2><p class="d-small">{escaped(told)}</p>')
    with st.container(horizontal=True, vertical_alignment="bottom"):
        label, hint = _("Removed files"), _("Choose files")
        chosen = st.multiselect(
            label, list(removed), key="library-removed", placeholder=hint, label_visibility="collapsed", width="stretch"
        )
        st.button(
            _("Take in again"),
            key="library-readmit",
            icon=":material/undo:",
            disabled=not chosen or reading(library) is not None,
            on_click=_readmit,
            args=(library, [removed[path] for path in chosen]),
        )


def _readmit(library: Library, removed: Sequence[Removed]) -> None:
    _dismissed()
    take_again(library, removed)


def _there(path: Path) -> bool:
    """Whether a file, or the archive that it is in, stands where it was."""
    return (holder(path) or path).exists()


def _add(library: Library) -> None:
    folder(library)
    uploader(library)
    followed(library)


def _again(library: Library, sources: Sequence[str]) -> None:
    """Take out and read anew what still stands where it was."""
    files = {source: file for source in sources if (file := library.catalog.file(source)) and _there(file.path)}
    gone = [source for source in sources if source not in files]
    if gone:
        kept = _("The file is no longer there, so that what is known of it was kept: {names}")
        notices()[:] = [kept.format(names=", ".join(gone))]
    if files:
        take_again(library, list(files.values()))


def _remove(library: Library, sources: Sequence[str]) -> None:
    said = notices()
    if reading(library) is not None:
        said[:] = [_("Something is being read; remove it when that is done.")]
        return
    told = _("Removed {names}. Under “Not taken” it can be taken in again.")  # now: the language is asked of the state too
    try:
        gone = library.remove(sources).removed
    except DiptychError as error:
        said[:] = [f"{error} {error.hint}"]
        return
    said[:] = [told.format(names=", ".join(gone))]
    stay(d="")
