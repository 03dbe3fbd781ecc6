"""What is in the library, in the sidebar, and the upload of more."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from app.chat.jobs import Job, Tell
from app.chat.language import _, several
from app.chat.parts.text import note, plain
from app.chat.start import begin, reading
from app.chat.uploads import take_in
from ingest.archives import ARCHIVES
from ingest.readers import SUFFIXES

if TYPE_CHECKING:
    from ingest.report import Report
    from rag.library import Library

TYPES = sorted(suffix.lstrip(".") for suffix in {*SUFFIXES, *ARCHIVES})
NAMED = 8  # files of each kind of news


def held(library: Library) -> str:
    """ "12 files · 140 passages · 22 pictures"."""
    counts = library.catalog.counts()
    return " · ".join(
        [
            several("{n} file", "{n} files", counts["files"]),
            several("{n} passage", "{n} passages", counts["passages"]),
            several("{n} picture", "{n} pictures", counts["pictures"]),
        ]
    )


def holdings(library: Library) -> None:
    """How much is in, the way to the page of it, and the upload with its progress and outcome; where the page has these, not again."""
    st.html(f'<div class="d-label">{_("Library")}</div><div class="d-small">{held(library)}</div>')
    welcomed = not st.query_params.get("v") and not st.query_params.get("c") and not library.catalog.counts()["files"]
    if st.query_params.get("v") != "library" and not welcomed:
        uploader(library)


def uploader(library: Library) -> None:
    """The upload; while something is taken in, how far that is, and then what became of it."""
    running = reading(library)
    if running is not None:
        progress(running, library)
        return
    key = f"files-{st.session_state.setdefault('uploads', 0)}"
    st.file_uploader(_("Add documents and pictures"), TYPES, accept_multiple_files=True, key=key, on_change=_upload, args=(library, key))
    outcome()


def notices() -> list[str]:
    """What is said of what was done on the library's page, until it is dismissed.

    To be fetched before long work: Streamlit ends a run that another click overtakes at its next look at the state, so that what is written
    there after the work is lost; what is put into this list is not.
    """
    said: list[str] = st.session_state.setdefault("library-done", [])
    return said


def outcome() -> None:
    """What became of what this session took in last, until it is dismissed."""
    job: Job[Report] | None = st.session_state.get("upload")
    if job is None or not job.done:
        return
    with st.container(key="outcome"):
        if job.error:
            st.html(note("error", str(job.error), job.error.hint))
        elif job.result is not None:
            st.html(report_html(job.result) or note("info", _("Nothing new was found.")))
        st.button(_("Dismiss"), key="outcome-away", type="tertiary", icon=":material/close:", on_click=_dismissed)


def _dismissed() -> None:
    del st.session_state["upload"]


def report_html(report: Report) -> str:
    """What became of each file: one line for each, of many only the first, with reason and hint where it was not taken."""
    kinds = (
        (_("Added {source}"), report.added),
        (_("Brought up to date: {source}"), report.changed),
        (_("Already there: {source}"), (*report.unchanged, *report.renamed)),
        (_("Taken out, as it is gone: {source}"), report.removed),
    )
    lines = [("info", words.format(source=source)) for words, sources in kinds for source in _first(sources)]
    not_added = _("Not added: {source}.")
    lines += [("warning", f"{not_added.format(source=each.source)} {each.reason} {each.hint}") for each in report.failed]
    return "".join(note(kind, line) for kind, line in lines)


def _first(sources: list[str] | tuple[str, ...]) -> list[str]:
    more = len(sources) - NAMED
    return [*sources[:NAMED], several("and {n} more", "and {n} more", more)] if more > 0 else list(sources)


def progress(job: Job[Report], library: Library) -> None:
    """How far it is; when more files are in, all that tells what is in is drawn anew."""
    known = library.catalog.counts()["files"]

    @st.fragment(run_every=0.4)
    def draw() -> None:
        if job.done or library.catalog.counts()["files"] != known:
            st.rerun()
        doing = str(job.doing or _("Taking the files in"))
        st.progress(job.share or 0.0, text=plain(" · ".join(filter(None, [doing, _left(job.left)]))))

    draw()


def _left(seconds: float | None) -> str:
    if seconds is None:
        return ""
    if seconds < 60:
        return _("less than a minute left")
    return several("about {n} minute left", "about {n} minutes left", round(seconds / 60))


def _upload(library: Library, key: str) -> None:
    files = [(file.name, file.getvalue()) for file in st.session_state[key]]
    if not files:
        return
    st.session_state.uploads += 1  # a fresh, empty uploader

    def work(tell: Tell) -> Report:
        return take_in(files, library, tell)

    st.session_state.upload = begin(library, work)
