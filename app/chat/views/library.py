"""The page of what the library holds: documents in a table, their pictures, what was not taken and why; add, remove, read again."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, Any

import streamlit as st

from app.chat.jobs import Job, Tell
from app.chat.language import _, later, number, several
from app.chat.parts.gallery import Tile, gallery_html
from app.chat.parts.holdings import held, progress, uploader
from app.chat.parts.text import escaped, note
from app.chat.start import reading
from app.chat.uploads import telling
from ingest.readers import kind, signature
from rag.errors import DiptychError

if TYPE_CHECKING:
    from ingest.pipeline import Report
    from rag.library import Library
    from rag.storage.catalog import SourceCount, Stored

PARTS = {"documents": later("Documents"), "pictures": later("Pictures"), "missing": later("Not taken"), "add": later("Add")}
PICTURES = 24  # on one page
PASSAGES = 40  # of one document


def page(library: Library) -> None:
    """Draw the page as the library stands."""
    told = _("{counts} in {folder}").format(counts=held(library), folder=library.folder)
    st.html(f'<h1 class="d-h1">{_("Library")}</h1><p class="d-lead">{escaped(told)}</p>')
    parts = {"documents": _documents, "pictures": _pictures, "missing": _missing, "add": _add}
    shown = st.segmented_control(
        _("Part"),
        list(parts),
        default="documents",
        required=True,
        key="library-part",
        format_func=lambda each: str(PARTS[each]),
        label_visibility="collapsed",
    )
    parts[shown](library)


def _documents(library: Library) -> None:
    sources = library.catalog.sources()
    outcome: str = st.session_state.pop("library-done", "")
    if outcome:
        st.html(note("info", outcome))
    running = reading(library)
    if running is not None:
        progress(running, library)
    if not sources:
        st.html(f'<p class="d-lead">{_("Nothing is in yet: add a folder or files.")}</p>')
        return
    hint = _("Filter by name")
    words = st.text_input(_("Filter"), key="library-filter", placeholder=hint, label_visibility="collapsed", live=True) or ""
    kinds = sorted({_kind(each.source) for each in sources})
    wanted = (
        st.pills(_("Kinds"), kinds, selection_mode="multi", key="library-kinds", label_visibility="collapsed") if len(kinds) > 1 else []
    )
    shown = [each for each in sources if words.casefold() in each.source.casefold() and (not wanted or _kind(each.source) in wanted)]
    chosen = st.dataframe(
        [_row(each) for each in shown],
        hide_index=True,
        selection_mode="multi-row",
        on_select="rerun",
        key=f"library-table-{words}-{'-'.join(wanted or ())}",  # another selection for other rows
        column_config={
            _("Size"): st.column_config.NumberColumn(format="bytes"),
            _("Added"): st.column_config.DatetimeColumn(format="distance"),
        },
    )
    named = [shown[at].source for at in chosen["selection"]["rows"] if at < len(shown)]
    told = several(
        "{n} document; choose its row to remove it or read it again.",
        "{n} documents; choose rows to remove them or read them again.",
        len(shown),
    )
    st.html(f'<p class="d-small">{told}</p>')
    if named:
        with st.container(horizontal=True):
            st.button(_("Read again"), key="library-again", icon=":material/refresh:", on_click=_again, args=(library, named))
            with st.popover(_("Remove"), icon=":material/delete:"):
                told = several(
                    "Take {n} document out of the library? The file itself stays where it is.",
                    "Take {n} documents out of the library? The files themselves stay where they are.",
                    len(named),
                )
                st.html(f"<p>{told}</p>")
                st.button(_("Remove"), key="library-remove", type="primary", on_click=_remove, args=(library, named))
    if len(named) == 1:
        _document(library, named[0])


def _kind(source: str) -> str:
    return kind(PurePath(source)) or _("other")


def _row(each: SourceCount) -> dict[str, Any]:
    return {
        _("Document"): each.source,
        _("Kind"): _kind(each.source),
        _("Passages"): each.passages,
        _("Pictures"): each.figures,
        _("Size"): each.bytes,
        _("Added"): datetime.fromisoformat(each.ingested_at),
    }


def _document(library: Library, source: str) -> None:
    """One document: its pictures, and how its passages begin."""
    records = library.catalog.of([source])
    st.html(f'<h2 class="d-h2">{escaped(source)}</h2>{gallery_html(_shown(library, records)[:PICTURES])}')
    passages = [each.record for each in records if each.record.modality == "text"]
    rows = "".join(
        f'<div class="d-hit"><div class="d-hit-body"><div class="d-where">{escaped(each.locator.heading or "")}</div>'
        f'<div class="d-snippet">{escaped(" ".join(each.text.split())[:260])}</div></div></div>'
        for each in passages[:PASSAGES]
    )
    more = f'<p class="d-small">{several("and {n} more", "and {n} more", len(passages) - PASSAGES)}</p>' if len(passages) > PASSAGES else ""
    st.html(f'<div class="d-hits">{rows}</div>{more}')


def _pictures(library: Library) -> None:
    found = _shown(library, [each for each in library.catalog.all_records() if each.record.image])
    if not found:
        st.html(f'<p class="d-lead">{_("The library has no pictures.")}</p>')
        return
    pages = (len(found) + PICTURES - 1) // PICTURES
    at = st.number_input(_("Page"), 1, pages, key="library-page", help=_("Of {pages}").format(pages=number(pages))) if pages > 1 else 1
    st.html(gallery_html(found[(at - 1) * PICTURES : at * PICTURES]))


def _shown(library: Library, records: Sequence[Stored]) -> list[Tile]:
    """One of each picture, with its caption and the places that show it."""
    first = {each.twin: each for each in reversed(records) if each.record.image}
    return [
        Tile(library.media.path(each.record.image or ""), each.record.caption or "", each.source, each.record.locator, each.record.text)
        for each in reversed(first.values())
    ]


def _missing(library: Library) -> None:
    lost = library.catalog.unreadable(signature())
    if not lost:
        st.html(f'<p class="d-lead">{_("Everything that was named could be read.")}</p>')
        return
    st.html("".join(note("warning", f"{path}: {each.reason}", each.hint) for path, each in sorted(lost.items())))


def _add(library: Library) -> None:
    with st.form("library-folder", border=False):
        st.text_input(_("A folder or file on this machine"), key="library-path", placeholder=_("/home/me/documents"))
        st.form_submit_button(_("Add"), on_click=_take_in, args=(library,))
    uploader(library)


def _take_in(library: Library) -> None:
    named = st.session_state["library-path"].strip()
    if named:
        _read(library, [Path(named).expanduser()])


def _again(library: Library, sources: Sequence[str]) -> None:
    """Take out and read anew what still stands where it was."""
    files = {source: file for source in sources if (file := library.catalog.file(source)) and file.path.exists()}
    library.remove(list(files))
    _read(library, sorted({file.root for file in files.values()}))


def _read(library: Library, paths: Sequence[Path]) -> None:
    def work(tell: Tell) -> Report:
        from ingest import ingest

        return ingest(paths, library, progress=telling(tell))

    st.session_state.upload = Job(work)


def _remove(library: Library, sources: Sequence[str]) -> None:
    try:
        gone = library.remove(sources).removed
    except DiptychError as error:
        st.session_state["library-done"] = f"{error} {error.hint}"
        return
    st.session_state["library-done"] = _("Removed {names}.").format(names=", ".join(gone))
