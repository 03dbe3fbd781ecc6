"""The library in figures: what kinds of documents it holds, how much is in each, how large they are and of when."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import streamlit as st

from app.chat.language import _, number
from app.chat.parts.documents import Document, listed, size
from app.chat.parts.text import escaped

if TYPE_CHECKING:
    import altair as alt

    from rag.library import Library

COLOUR = "#4d8b96"  # seen on light and on dark
MOST = 20  # bars of a plot by document


def numbers(library: Library) -> None:
    """Draw them."""
    documents = listed(library)
    status = library.status()
    sizes = status["bytes"]
    with st.container(key="numbers", horizontal=True):
        for label, value in (
            (_("Documents"), number(status["files"])),
            (_("Passages"), number(status["passages"])),
            (_("Pictures"), number(status["pictures"])),
            (_("Size of the files"), size(sum(each.bytes for each in documents))),
            (_("The library itself"), size(sum(sizes.values()))),
        ):
            st.metric(label, value)
    if not documents:
        return
    left, right = st.columns(2)
    with left:
        kinds = Counter(each.kind for each in documents)
        _bars(_("Documents by kind"), [{"of": name, "n": count} for name, count in kinds.most_common(MOST)], _("documents"))
        _sizes(documents)
    with right:
        largest = sorted((each for each in documents if each.passages), key=lambda each: -each.passages)[:MOST]
        _bars(_("Passages by document"), [{"of": each.source, "n": each.passages} for each in largest], _("passages"))
        _dates(documents)


def _bars(title: str, rows: list[dict[str, Any]], what: str) -> None:
    import altair as alt

    bars = alt.Chart(alt.Data(values=rows)).mark_bar(cornerRadiusEnd=3, color=COLOUR)
    _plot(
        title,
        bars.encode(
            alt.X("n:Q", title=what, axis=alt.Axis(tickMinStep=1)),
            alt.Y("of:N", sort=None, title="", axis=alt.Axis(labelLimit=170, labelOverlap=False)),
            tooltip=[alt.Tooltip("of:N", title=" "), alt.Tooltip("n:Q", title=what, format=",")],
        ).properties(height=24 * len(rows) + 60),
    )


def _sizes(documents: Sequence[Document]) -> None:
    import altair as alt

    edges = [0, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, float("inf")]
    names = ["0–1 kB", "1–10 kB", "10–100 kB", "0.1–1 MB", "1–10 MB", "10–100 MB", "> 100 MB"]
    counts = [sum(low <= each.bytes < high for each in documents) for low, high in pairwise(edges)]
    rows = [{"size": name, "n": count} for name, count in zip(names, counts, strict=True)]
    bars = alt.Chart(alt.Data(values=rows)).mark_bar(cornerRadiusEnd=3, color=COLOUR)
    _plot(
        _("Documents by size"),
        bars.encode(
            alt.X("size:N", sort=None, title="", axis=alt.Axis(labelAngle=-35)),
            alt.Y("n:Q", title=_("documents"), axis=alt.Axis(tickMinStep=1)),
            tooltip=[alt.Tooltip("size:N", title=" "), alt.Tooltip("n:Q", title=_("documents"))],
        ).properties(height=210),
    )


def _dates(documents: Sequence[Document]) -> None:
    import altair as alt

    years = {each.date.year for each in documents}
    unit = "yearmonth" if max(years) - min(years) < 4 else "year"
    rows = [{"date": each.date.date().isoformat()} for each in documents]
    bars = alt.Chart(alt.Data(values=rows)).mark_bar(cornerRadiusEnd=3, color=COLOUR)
    _plot(
        _("Documents by date"),
        bars.encode(
            alt.X(f"{unit}(date):T", title=""),
            alt.Y("count():Q", title=_("documents"), axis=alt.Axis(tickMinStep=1)),
            tooltip=[alt.Tooltip(f"{unit}(date):T", title=" "), alt.Tooltip("count():Q", title=_("documents"))],
        ).properties(height=210),
    )


def _plot(title: str, chart: alt.Chart) -> None:
    st.html(f'<div class="d-label">{escaped(title)}</div>')
    st.altair_chart(chart, theme="streamlit")
