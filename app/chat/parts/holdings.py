"""What is in the library, in the sidebar, and the upload of more."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from app.chat.jobs import Job, Tell
from app.chat.language import _, several
from app.chat.parts.text import note, plain
from app.chat.start import reading
from app.chat.uploads import take_in
from ingest.archives import ARCHIVES
from ingest.readers import SUFFIXES

if TYPE_CHECKING:
    from ingest.pipeline import Report
    from rag.library import Library

TYPES = sorted(suffix.lstrip(".") for suffix in {*SUFFIXES, *ARCHIVES})


def held(library: Library) -> str:
    """ "12 documents · 140 passages · 22 pictures"."""
    counts = library.catalog.counts()
    return " · ".join(
        [
            several("{n} document", "{n} documents", counts["files"]),
            several("{n} passage", "{n} passages", counts["passages"]),
            several("{n} picture", "{n} pictures", counts["pictures"]),
        ]
    )


def holdings(library: Library) -> None:
    """How much is in, the way to the page of it, and the upload with its progress and outcome."""
    st.html(f'<div class="d-label">{_("Library")}</div><div class="d-small">{held(library)}</div>')
    if st.query_params.get("v") != "library":
        uploader(library)


def uploader(library: Library) -> None:
    running = reading(library)
    if running is not None:
        progress(running, library)
        return
    job: Job[Report] | None = st.session_state.get("upload")
    key = f"files-{st.session_state.setdefault('uploads', 0)}"
    st.file_uploader(_("Add documents and pictures"), TYPES, accept_multiple_files=True, key=key, on_change=_upload, args=(library, key))
    if job is not None and job.error:
        st.html(note("error", str(job.error), job.error.hint))
    elif job is not None and job.result is not None:
        st.html(report_html(job.result))


def report_html(report: Report) -> str:
    """What became of each file: one line for each, with reason and hint where it was not taken."""
    lines = [("info", _("Added {source}").format(source=source)) for source in report.added]
    lines += [("info", _("Brought up to date: {source}").format(source=source)) for source in report.changed]
    lines += [("info", _("Already there: {source}").format(source=source)) for source in (*report.unchanged, *report.renamed)]
    not_added = _("Not added: {source}.")
    lines += [("warning", f"{not_added.format(source=each.source)} {each.reason} {each.hint}") for each in report.failed]
    return "".join(note(kind, line) for kind, line in lines)


def progress(job: Job[Report], library: Library) -> None:
    """How far it is; when more files are in, all that tells what is in is drawn anew."""
    known = library.catalog.counts()["files"]

    @st.fragment(run_every=0.4)
    def draw() -> None:
        if job.done or library.catalog.counts()["files"] != known:
            st.rerun()
        st.progress(job.share or 0.0, text=plain(job.doing or _("Taking the files in")))

    draw()


def _upload(library: Library, key: str) -> None:
    files = [(file.name, file.getvalue()) for file in st.session_state[key]]
    if not files:
        return
    st.session_state.uploads += 1  # a fresh, empty uploader

    def work(tell: Tell) -> Report:
        return take_in(files, library, tell)

    st.session_state.upload = Job(work)
