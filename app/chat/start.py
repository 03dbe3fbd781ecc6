"""What is being taken in: on a thread, while the chat is there already and answers from what is in; first, where the library is empty,
what it was started with."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

import streamlit as st

from app.chat.jobs import Job, Tell
from app.chat.serve import FIRST
from app.chat.uploads import telling
from app.chat.watching import Watching
from ingest.archives import holder

if TYPE_CHECKING:
    from ingest.report import Report
    from rag.library import Library
    from rag.storage.entries import File, Removed

_guard = threading.Lock()
_under_way: WeakKeyDictionary[Library, list[Job[Report]]] = WeakKeyDictionary()


def reading(library: Library) -> Job[Report] | None:
    """What is being taken in now, whoever began it; None where nothing is."""
    with _guard:
        return next((job for job in _under_way.get(library, []) if not job.done), None)


def begin(library: Library, work: Callable[[Tell], Report]) -> Job[Report]:
    """Take something in by `work`, on a thread."""
    job = Job(work)
    with _guard:
        _under_way[library] = [*(each for each in _under_way.get(library, []) if not each.done), job]
    return job


def take(library: Library, paths: Sequence[Path], then: Callable[[], None] = lambda: None) -> None:
    """Take files and folders in that lie on this machine, and do what comes `then`; this session shows what became of them."""

    def work(tell: Tell) -> Report:
        from ingest import ingest

        report = ingest(paths, library, progress=telling(tell))
        then()
        return report

    st.session_state.upload = begin(library, work)


def take_again(library: Library, files: Sequence[File | Removed]) -> None:
    """Read files anew that are in the library, or were before they were removed, uploads among them; what else was removed stays out."""
    own, roots = library.folder.resolve(), library.catalog.roots()
    paths = dict.fromkeys(each.root if each.root in roots else holder(each.path) or each.path for each in files)
    uploads = [path for path in paths if path.is_relative_to(own)]
    others = [path for path in paths if path not in uploads]

    def work(tell: Tell) -> Report:
        from ingest import ingest

        library.remove([each.source for each in files if library.catalog.file(each.source)])
        library.catalog.writer.readmit([each.path for each in files])
        report = ingest(others, library, progress=telling(tell), keep_out=True)
        if uploads:
            report.join(ingest(uploads, library, progress=telling(tell), uploads=True, keep_out=True))
        return report

    st.session_state.upload = begin(library, work)


@st.cache_resource(show_spinner=False)
def first(folder: str, _library: Library) -> Job[Report] | None:
    """The reading of what was named for an empty library; begun by the first who looks."""
    named = os.environ.get(FIRST)
    if not named or _library.catalog.counts()["files"]:
        return None

    def work(tell: Tell) -> Report:
        from ingest import ingest

        return ingest([Path(named)], _library, progress=telling(tell))

    return begin(_library, work)


@st.cache_resource(show_spinner=False, on_release=Watching.close)
def watching(folder: str, _library: Library) -> Watching:
    """What a library follows, as long as this process runs."""
    return Watching(_library)
