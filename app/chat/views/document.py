"""One document of the library, at an address of its own: its pictures, its passages in their order, and what can be done with it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import PurePath
from typing import TYPE_CHECKING

import streamlit as st

from app.chat.address import go, stay
from app.chat.content import address, original
from app.chat.language import _, number, several
from app.chat.parts.code import code_lines
from app.chat.parts.documents import facts, listed
from app.chat.parts.gallery import Tile, gallery_html
from app.chat.parts.reading import marked_html
from app.chat.parts.text import escaped, place
from app.transcript import FORMS, said

if TYPE_CHECKING:
    from rag.library import Library
    from rag.storage.entries import Stored
PICTURES = 24  # on one page
PASSAGES = 30
BEGINNING = 260  # characters


def document(library: Library, source: str, again: Callable[[Library, Sequence[str]], None], remove: Callable[..., None]) -> None:
    """Draw the document of that name."""
    st.button(_("All documents"), key="document-back", icon=":material/arrow_back:", type="tertiary", on_click=_back)
    known = next((each for each in listed(library) if each.source == source), None)
    if known is None:
        st.html(f'<h1 class="d-h1">{escaped(source)}</h1><p class="d-lead">{_("This document is not in the library, or no longer.")}</p>')
        return
    told = " · ".join([facts(known), f"{known.date:%Y-%m-%d}"])
    url = f"{address(library)}/file/{known.hash}"
    found = original(library, known.hash)
    link = f'<a class="d-file" href="{url}" target="_blank" rel="noopener">{escaped(_("Open file"))}</a>' if found else ""
    st.html(f'<h1 class="d-h1">{escaped(source)}</h1><p class="d-small">{escaped(told)} {link}<br>{escaped(known.path)}</p>')
    records = library.catalog.of([source])
    with st.container(horizontal=True):
        st.button(_("Ask about it"), key="document-ask", icon=":material/chat:", on_click=_asked, args=(source,))
        st.button(_("Read again"), key="document-again", icon=":material/refresh:", on_click=again, args=(library, [source]))
        _transcript(source, records)
        removal(library, [source], remove)
    tiles = shown(library, records)
    if tiles:
        st.html(gallery_html(tiles[:PICTURES]))
    passages = [each for each in records if each.record.modality == "text"]
    pages = max(1, -(-len(passages) // PASSAGES))
    at = (
        st.number_input(_("Page"), 1, pages, key="document-page", help=_("Of {pages}").format(pages=number(pages)), width=160)
        if pages > 1
        else 1
    )

    def told_of(text: str) -> str:
        return marked_html(text, "", code_lines(*found, text) if found else ())

    rows = "".join(
        f'<div class="d-hit"><div class="d-hit-body">'
        f'<a class="d-where" href="#record-{each.id}">{escaped(place(each.record.locator) or _("Passage"))}</a>'
        f'<div class="d-passage">{told_of(each.record.text)}</div></div></div>'
        for each in passages[(at - 1) * PASSAGES : at * PASSAGES]
    )
    st.html(f'<div class="d-hits">{rows}</div>')


def glance(library: Library, source: str) -> None:
    """A document under the list: its pictures, and how its passages begin."""
    records = library.catalog.of([source])
    st.html(f'<h2 class="d-h2">{escaped(source)}</h2>{gallery_html(shown(library, records)[:PICTURES])}')
    passages = [each.record for each in records if each.record.modality == "text"]
    rows = "".join(
        f'<div class="d-hit"><div class="d-hit-body"><div class="d-where">{escaped(each.locator.heading or "")}</div>'
        f'<div class="d-snippet">{escaped(" ".join(each.text.split())[:BEGINNING])}</div></div></div>'
        for each in passages[:PASSAGES]
    )
    more = len(passages) - PASSAGES
    told = f'<p class="d-small">{several("and {n} more", "and {n} more", more)}</p>' if more > 0 else ""
    st.html(f'<div class="d-hits">{rows}</div>{told}')


def _transcript(source: str, records: Sequence[Stored]) -> None:
    """What is said in a recording, to take along."""
    passages = said(records)
    if not passages:
        return
    with st.popover(_("Transcript"), icon=":material/download:"):
        for form, mime in (("vtt", "text/vtt"), ("md", "text/markdown")):
            st.download_button(
                _("As subtitles (.vtt)") if form == "vtt" else _("As text (.md)"),
                partial(FORMS[form], passages),
                f"{PurePath(source).stem}.{form}",
                mime,
                key=f"transcript-{form}",
                on_click="ignore",
                width="stretch",
            )


def removal(library: Library, sources: Sequence[str], remove: Callable[..., None]) -> None:
    """The button that asks once more before it removes."""
    with st.popover(_("Remove"), icon=":material/delete:"):
        told = several(
            "Take {n} document out of the library? It stays out until it is added again; its file is not touched.",
            "Take {n} documents out of the library? They stay out until they are added again; their files are not touched.",
            len(sources),
        )
        st.html(f"<p>{told}</p>")
        st.button(_("Remove"), key="library-remove", type="primary", on_click=remove, args=(library, sources))


def shown(library: Library, records: Sequence[Stored]) -> list[Tile]:
    """One of each picture, with its caption and the places that show it."""
    first = {each.twin: each for each in reversed(records) if each.record.image}
    return [tile(library, each) for each in reversed(first.values())]


def tile(library: Library, each: Stored) -> Tile:
    """A picture as the gallery shows it."""
    return Tile(library.media.path(each.record.image or ""), each.record.caption or "", each.source, each.record.locator, each.record.text)


def _back() -> None:
    stay(d="")


def _asked(source: str) -> None:
    go(s=source)
