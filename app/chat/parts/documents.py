"""The documents of the library: found by name or by what they hold, of chosen kinds, in a chosen order, as a table or as tiles."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, Any

import streamlit as st

from app.chat.address import LOOK, stay
from app.chat.content import WIDTHS, address
from app.chat.language import ENGLISH, _, current, later, number, rounded, several
from app.chat.parts.picture import img
from app.chat.parts.switch import switch
from app.chat.parts.text import escaped, plain
from ingest.readers import kind

if TYPE_CHECKING:
    from rag.library import Library

TILES = 24  # on one page
COVER = 320  # pixels
SNIPPET, BEFORE = 200, 30  # characters of a text, and of them before a word


@dataclass(frozen=True)
class Document:
    """A document as the list shows it; `date` is its own, else that of its file; `picture` is its first one's key in `Media`."""

    source: str
    kind: str
    passages: int
    pictures: int
    bytes: int
    date: datetime
    added: datetime
    path: Path
    hash: str
    picture: str | None


Order = tuple[later, Callable[[Document], Any], bool]
ORDERS: dict[str, Order] = {  # the key of an order, what it is called, and whether it runs downwards
    "name": (later("by name"), lambda each: each.source.casefold(), False),
    "kind": (later("by kind"), lambda each: each.kind.casefold(), False),
    "date": (later("latest first"), lambda each: each.date, True),
    "added": (later("last added first"), lambda each: each.added, True),
    "size": (later("largest first"), lambda each: each.bytes, True),
    "passages": (later("most passages first"), lambda each: each.passages, True),
    "pictures": (later("most pictures first"), lambda each: each.pictures, True),
}
KINDS = {  # those that are no names of formats
    each.text: each
    for each in (
        later("text"),
        later("image"),
        later("drawing"),
        later("mail"),
        later("saved page"),
        later("sheet"),
        later("table"),
        later("data"),
        later("pairs"),
        later("documents"),
        later("notebook"),
        later("recording"),
        later("film"),
        later("transcript"),
        later("code"),
    )
}
NAMES = {"markdown": "Markdown"}  # of formats that are no abbreviations
VIEWS = {"table": ":material/table_rows:", "tiles": ":material/grid_view:"}


def listed(library: Library) -> list[Document]:
    """All documents, by name."""
    return _listed(str(library.folder), library.catalog.state(), current(), library)


@st.cache_data(show_spinner=False, max_entries=8)
def _listed(folder: str, state: tuple[int, ...], language: str, _library: Library) -> list[Document]:
    catalog = _library.catalog
    files = {file.source: file for file in catalog.files()}
    dates = {source: place.date for source, place in catalog.documents()}
    covers = catalog.covers()
    return [
        Document(
            each.source,
            kind_of(each.source),
            each.passages,
            each.figures,
            each.bytes,
            _date(dates.get(each.source, "")) or datetime.fromtimestamp(file.mtime_ns / 1e9, UTC),
            datetime.fromisoformat(each.ingested_at),
            file.path,
            file.hash,
            covers.get(each.source),
        )
        for each in catalog.sources()
        if (file := files.get(each.source))
    ]


def kind_of(source: str) -> str:
    """The kind of a document in words, by its name."""
    named = kind(PurePath(source))
    if not named:
        return _("other")
    return str(KINDS[named]) if named in KINDS else NAMES.get(named, named.upper())


def _date(text: str) -> datetime | None:
    """A date of ISO 8601, also of a month or a year alone."""
    for form in ("%Y-%m-%d", "%Y-%m", "%Y"):
        try:
            return datetime.strptime(text[:10], form).replace(tzinfo=UTC)
        except ValueError:
            continue
    return None


def documents(library: Library) -> list[str]:
    """Draw the list with what narrows it; the names of the chosen documents."""
    everything = listed(library)
    with st.container(key="library-tools", horizontal=True, vertical_alignment="center"):
        words = st.text_input(
            _("Filter"),
            key="library-filter",
            placeholder=_("Find by name or by what is in it"),
            label_visibility="collapsed",
            live=True,
        )
        order = st.selectbox(
            _("Order"),
            list(ORDERS),
            key="library-order",
            format_func=lambda each: str(ORDERS[each][0]),
            label_visibility="collapsed",
            width=190,
        )
        view = switch(_("View"), VIEWS, "library-view", LOOK)
    kinds = sorted({each.kind for each in everything}, key=str.casefold)
    wanted = (
        st.pills(_("Kinds"), kinds, selection_mode="multi", key="library-kinds", label_visibility="collapsed") if len(kinds) > 1 else []
    )
    found = library.catalog.found(words.split()) if words and words.strip() else None
    shown = [each for each in everything if (found is None or each.source in found) and (not wanted or each.kind in wanted)]
    _name, key, downwards = ORDERS[order]
    shown.sort(key=key, reverse=downwards)
    if not shown:
        st.html(f'<p class="d-lead">{escaped(_("No document has these words."))}</p>')
        return []
    if view == "tiles":
        _tiles(library, shown, found or {})
        return []
    return _table(shown, found, ((words or "").split() or [""])[-1], f"{words}-{'-'.join(wanted or ())}-{order}")


def _table(shown: Sequence[Document], found: dict[str, str] | None, word: str, key: str) -> list[str]:
    in_english = current() == ENGLISH  # Streamlit tells distances of time, and shortens numbers, in English alone
    rows = [
        {
            _("Document"): each.source,
            **({_("Found"): around(found.get(each.source, ""), word)} if found is not None else {}),
            _("Kind"): each.kind,
            _("Passages"): each.passages,
            _("Pictures"): each.pictures,
            _("Size"): each.bytes if in_english else round(each.bytes / 1000, 1),
            _("Date"): each.date.date(),
            _("Added"): each.added,
        }
        for each in shown
    ]
    chosen = st.dataframe(
        rows,
        hide_index=True,
        selection_mode=["multi-row", "single-cell"],
        on_select="rerun",
        key=f"library-table-{key}",  # another selection for other rows
        column_config={
            _("Size"): st.column_config.NumberColumn(format="bytes")
            if in_english
            else st.column_config.NumberColumn(_("Size (kB)"), format="localized"),
            _("Date"): st.column_config.DateColumn(format="iso8601" if in_english else "localized"),
            _("Added"): st.column_config.DatetimeColumn(format="distance" if in_english else "localized"),
        },
    )
    told = several(
        "{n} document; choose its row to open it, remove it or read it again.",
        "{n} documents; choose rows to open them, remove them or read them again.",
        len(shown),
    )
    st.html(f'<p class="d-small">{told}</p>')
    rows_chosen = chosen["selection"]["rows"] or [at for at, _column in chosen["selection"]["cells"]]
    return [shown[at].source for at in rows_chosen if at < len(shown)]


def _tiles(library: Library, shown: Sequence[Document], found: dict[str, str]) -> None:
    pages = -(-len(shown) // TILES)
    at = (
        st.number_input(_("Page"), 1, pages, key="library-tiles", help=_("Of {pages}").format(pages=number(pages)), width=160)
        if pages > 1
        else 1
    )
    texts = {each.source: each.text for each in library.catalog.openings()}
    with st.container(key="tiles"):
        for place, each in enumerate(shown[(at - 1) * TILES : at * TILES]):
            with st.container(key=f"tile-{place}"):
                st.html(f'<div class="d-cover">{_cover(library, each, found.get(each.source) or texts.get(each.source, ""))}</div>')
                st.button(
                    plain(each.source), key=f"tile-open-{place}", type="tertiary", on_click=opened, args=(each.source,), width="stretch"
                )
                st.html(f'<div class="d-small">{escaped(facts(each))}</div>')


def opened(source: str) -> None:
    """Go to a document, and back to the list as it was."""
    stay(d=source)


def facts(each: Document) -> str:
    """ "PDF · 12 passages · 3 pictures · 1.2 MB"."""
    passages = several("{n} passage", "{n} passages", each.passages)
    pictures = several("{n} picture", "{n} pictures", each.pictures) if each.pictures else ""
    return " · ".join(filter(None, [each.kind, passages if each.passages else "", pictures, size(each.bytes)]))


def size(count: int) -> str:
    """Bytes as people say them: "1.2 MB"."""
    for unit, one in (("GB", 1e9), ("MB", 1e6), ("kB", 1e3)):
        if count >= one:
            return f"{rounded(count / one)} {unit}"
    return f"{count} B"


def around(text: str, word: str) -> str:
    """A piece of `text` on one line that has the word in it, where it has it."""
    line = " ".join(text.split())
    start = max(line.casefold().find(word.casefold()) - BEFORE, 0)
    start = line.rfind(" ", 0, start) + 1
    return ("…" if start else "") + line[start : start + SNIPPET]


def _cover(library: Library, each: Document, text: str) -> str:
    """How a document looks: a PDF by its first page, a document with pictures by the first of them, any other by how it begins."""
    if each.path.suffix.lower() == ".pdf":
        return f'<img src="{address(library)}/file/{each.hash}/page/1?width={WIDTHS[0]}" alt="" loading="lazy">'
    if each.picture:
        return img(str(library.media.path(each.picture)), COVER, "")
    return f"<p>{escaped(' '.join(text.split())[:SNIPPET])}</p>"
