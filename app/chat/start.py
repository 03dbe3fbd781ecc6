"""What is taken in first where the library is empty: on a thread, while the chat is there already and answers from what is in."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import streamlit as st

from app.chat.jobs import Job, Tell
from app.chat.serve import FIRST
from app.chat.uploads import telling

if TYPE_CHECKING:
    from ingest.pipeline import Report
    from rag.library import Library


def reading(library: Library) -> Job[Report] | None:
    """What is being taken in now, by this session or for all; None where nothing is."""
    jobs = (st.session_state.get("upload"), first(str(library.folder), library))
    return next((job for job in jobs if job is not None and not job.done), None)


@st.cache_resource(show_spinner=False)
def first(folder: str, _library: Library) -> Job[Report] | None:
    """The reading of what was named for an empty library; begun by the first who looks."""
    named = os.environ.get(FIRST)
    if not named or _library.catalog.counts()["files"]:
        return None

    def work(tell: Tell) -> Report:
        from ingest import ingest

        return ingest([Path(named)], _library, progress=telling(tell))

    return Job(work)
