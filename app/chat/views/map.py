"""The map: the passages and pictures of the library in a plane, what is alike together, and a question among them with what it finds."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any

import streamlit as st

from app.chat.address import ASKED, LOOK, stay
from app.chat.content import picture_url
from app.chat.jobs import Job, Tell
from app.chat.language import _, current, later, number, several
from app.chat.parts.documents import kind_of
from app.chat.parts.plane import plane
from app.chat.parts.switch import switch
from app.chat.parts.text import escaped, note, place, where
from app.chat.start import reading
from rag.errors import DiptychError
from rag.retrieve.projection import Projection

if TYPE_CHECKING:
    from rag.library import Library
    from rag.storage.entries import Stored

COLOURS = "#4269d0 #d99a1c #c4473a #4fa8a0 #3f8f4d #d9759c #8a6bc4 #7fb1dd #9c6b4e #76843a".split()
OTHER = "#9498a0"
COLUMNS = ("id", "x", "y", "group", "picture", "where", "words")
WORDS = 150  # of a passage's beginning, in characters
STAGES = {"vectors": later("Reading the vectors: {done} of {of}"), "places": later("Finding a place for {of} passages and pictures")}
THUMB = 320  # pixels
BY = {"document": later("by document"), "kind": later("by kind")}


@dataclass(frozen=True)
class Asked:
    """A question on the map: where it lies, and what it found, best first."""

    place: tuple[float, float]
    found: tuple[Stored, ...]
    places: tuple[tuple[float, float], ...]


def page(library: Library) -> None:
    """Draw the map of what the library holds; while it is computed, how far that is."""
    st.html(f'<h1 class="d-h1 d-wide">{escaped(_("Map"))}</h1>')
    if library.catalog.empty():
        st.html(f'<p class="d-lead">{escaped(_("Nothing is in yet: add a folder or files."))}</p>')
        return
    maps = _maps(str(library.folder), library)
    job, now = maps.job(settled=reading(library) is None)
    if not job.done:
        _progress(job)
    elif job.error or job.result is None:
        st.html(note("error", str(job.error), job.error.hint if job.error else ""))
        st.button(_("Try again"), on_click=_maps.clear)
    else:
        _drawn(library, job.result, now)


class Maps:
    """The maps of one library, for all sessions: one is computed at a time, and none while the library is still changing."""

    def __init__(self, library: Library):
        self._library = library
        self._guard = Lock()
        self._job: Job[Projection] | None = None
        self._of: tuple[int, ...] = ()

    def job(self, settled: bool) -> tuple[Job[Projection], str]:
        """The latest, which may be under way, and what names the state of the library that it shows."""
        with self._guard:
            now = self._library.catalog.state()
            if self._job is None or (settled and self._job.done and now != self._of):
                self._job, self._of = Job(self._compute), now
            return self._job, str(self._of)

    def _compute(self, tell: Tell) -> Projection:
        def told(stage: str, done: int, of: int) -> None:
            tell(STAGES[stage].format(done=done, of=of), 0.3 * done / max(of, 1) if stage == "vectors" else 0.3)

        return self._library.projection(told)


@st.cache_resource(show_spinner=False)
def _maps(folder: str, _library: Library) -> Maps:
    return Maps(_library)


def _progress(job: Job[Projection]) -> None:
    @st.fragment(run_every=0.3)
    def draw() -> None:
        if job.done:
            st.rerun()
        st.progress(job.share or 0.0, text=str(job.doing or _("Reading the vectors")))

    draw()


def _drawn(library: Library, projection: Projection, now: str) -> None:
    with st.container(key="map-choices", horizontal=True):
        question = st.query_params.get(ASKED, "")
        if st.session_state.get("map-question") != question:
            st.session_state["map-question"] = question
        label, hint = _("A question as a point"), _("Ask, and see where it lies and what it finds")
        st.text_input(label, key="map-question", placeholder=hint, on_change=_ask)
        by = switch(_("Colours"), BY, "map-colours", LOOK, labelled=True)
    asked = _asked(library, projection, now, question) if question else None
    points = _points(library, projection, now, by, asked)
    plane(points, f"map-{by}")
    shown = len(projection.ids)
    told = several("{n} passage or picture", "{n} passages and pictures", projection.of)
    if shown < projection.of:
        every = -(-projection.of // shown)
        told += " " + _("(one of every {every} is shown: {shown})").format(every=every, shown=number(shown))
    how = _(
        "Circles are passages, squares are pictures. What lies together is alike; what lies far apart says little. The arrow keys walk."
    )
    st.html(f'<p class="d-small">{escaped(told)}. {escaped(how)}</p>')
    if asked and asked.found:
        st.html(_table(asked.found))


def _ask() -> None:
    stay(**{ASKED: st.session_state["map-question"].strip()})


def _asked(library: Library, projection: Projection, now: str, question: str) -> Asked | None:
    try:
        return _found(str(library.folder), now, question, library, projection)
    except DiptychError as error:
        st.html(note("error", str(error), error.hint))
        return None


@st.cache_resource(show_spinner=False, max_entries=32)
def _found(folder: str, now: str, question: str, _library: Library, _projection: Projection) -> Asked:
    hits = _library.search(question)
    found = _library.catalog.records([hit.id for hit in hits])
    (vector,) = _library.encoders.text.encode_query([question])
    known = dict(zip(_projection.ids.tolist(), _projection.places.tolist(), strict=True))
    lost = [id for id in found if id not in known]
    known |= {id: _projection.place(each) for id, each in _library.store.vectors(lost).items()}
    lit = [found[hit.id] for hit in hits if hit.id in found and hit.id in known]
    return Asked(_projection.place(vector), tuple(lit), tuple(tuple(known[each.id]) for each in lit))


def _points(library: Library, projection: Projection, now: str, by: str, asked: Asked | None) -> dict[str, Any]:
    """What the canvas draws: columns of the points, those that the question found last where they are not among the others."""
    base = _base(str(library.folder), now, by, current(), library, projection)
    data = {name: list(values) for name, values in base["columns"].items()}
    groups = base["groups"]
    at = {id: number for number, id in enumerate(data["id"])}
    lit = []
    for each, (x, y) in zip(asked.found, asked.places, strict=True) if asked else ():
        if each.id not in at:
            at[each.id] = len(data["id"])
            for name, value in _row(library, each, base["group_of"].get(_group(each, by), len(groups) - 1), x, y).items():
                data[name].append(value)
        lit.append(at[each.id])
    return data | {
        "groups": groups,
        "lit": lit,
        "asked": [round(1000 * each, 1) for each in asked.place] if asked else None,
        "label": _("Map of the library: walk with the arrow keys, open with Enter"),
        "words_of": {"in": _("Closer"), "out": _("Farther"), "whole": _("The whole map")},
    }


@st.cache_resource(show_spinner=False, max_entries=8)
def _base(folder: str, now: str, by: str, language: str, _library: Library, _projection: Projection) -> dict[str, Any]:
    """The points without a question, as columns, with the groups by which they are coloured: the largest, and the others together."""
    stored = _library.catalog.records(_projection.ids.tolist())
    shown = [(stored[id], at) for id, at in zip(_projection.ids.tolist(), _projection.places.tolist(), strict=True) if id in stored]
    sizes = Counter(_group(each, by) for each, _at in shown)
    largest = [name for name, _count in sizes.most_common(len(COLOURS) - (len(sizes) > len(COLOURS)))]
    group_of = {name: rank for rank, name in enumerate(largest)}
    groups = [{"name": name, "colour": COLOURS[rank], "count": sizes[name]} for name, rank in group_of.items()]
    rest = len(shown) - sum(sizes[name] for name in largest)
    if rest:
        groups.append({"name": _("others"), "colour": OTHER, "count": rest})
    rows = [_row(_library, each, group_of.get(_group(each, by), len(groups) - 1), x, y) for each, (x, y) in shown]
    return {"columns": {name: [row[name] for row in rows] for name in COLUMNS}, "groups": groups, "group_of": group_of}


def _group(each: Stored, by: str) -> str:
    return each.source if by == "document" else kind_of(each.source)


def _row(library: Library, each: Stored, group: int, x: float, y: float) -> dict[str, Any]:
    image = each.record.image
    return {
        "id": each.id,
        "x": round(1000 * x, 1),
        "y": round(1000 * y, 1),
        "group": group,
        "picture": picture_url(library.media.path(image), THUMB) if image else "",
        "where": where(each.source, each.record.locator),
        "words": _beginning(each),
    }


def _beginning(each: Stored) -> str:
    words = " ".join((each.record.caption or each.record.text or Path(each.record.origin or each.source).name).split())
    return words if len(words) <= WORDS else words[: WORDS - 1].rstrip() + "…"


def _table(found: Sequence[Stored]) -> str:
    """What is lit, in words, each a way to what it says."""
    rows = "".join(
        f"<tr><td>{rank}</td><td>{escaped(_('Picture') if each.record.image else _('Passage'))}</td>"
        f'<td><a class="d-file" href="#record-{each.id}">{escaped(each.source)}</a></td><td>{escaped(place(each.record.locator))}</td>'
        f"<td>{escaped(_beginning(each))}</td></tr>"
        for rank, each in enumerate(found, 1)
    )
    group = " ".join(f"#record-{each.id}" for each in found)
    heads = "".join(f"<th>{escaped(head)}</th>" for head in ("", _("Kind"), _("Document"), _("Place"), _("Begins")))
    caption = f"<caption>{escaped(_('What the question finds'))}</caption>"
    return f'<table class="d-lit" data-group="{group}">{caption}<tr>{heads}</tr>{rows}</table>'
