"""Documents added by the path of a folder, after a look at what would be taken; and folders that are followed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import streamlit as st

from app.chat.jobs import Job, Tell
from app.chat.language import _, later, number, several
from app.chat.parts.documents import kind_of
from app.chat.parts.holdings import notices
from app.chat.parts.text import escaped, note, plain
from app.chat.start import take, watching
from app.chat.uploads import telling
from rag.errors import DiptychError

if TYPE_CHECKING:
    from app.chat.watching import Watched
    from ingest.report import Report
    from rag.library import Library

NAMED = 12  # files of each kind of news
STATES = {
    "waiting": later("is looked at"),
    "elsewhere": later("is followed by another process"),
    "following": later("is followed"),
    "failed": later("cannot be followed now"),
}


def folder(library: Library) -> None:
    """The path of a folder, what would be taken from it, and the choice to take it, once or from now on."""
    with st.form("library-folder", border=False):
        st.text_input(_("A folder or file on this machine"), key="library-path", placeholder=_("~/documents"))
        st.form_submit_button(_("Look what is there"), icon=":material/search:", on_click=_look, args=(library,))
    path, plan = st.session_state.get("library-plan", (None, None))
    if plan is None:
        return
    if not plan.done:
        _looking(plan)
        return
    if plan.error:
        st.html(note("error", str(plan.error), plan.error.hint))
        return
    report = plan.result
    with st.container(key="library-planned", border=True):
        st.html(_planned(path, report))
        with st.container(horizontal=True):
            if report.added or report.changed or report.renamed or report.removed:
                st.button(_("Take in"), key="library-take", type="primary", on_click=_take, args=(library, path))
            if not report.failed or report.added or report.unchanged:
                st.button(
                    _("Take in and follow"), key="library-follow", icon=":material/visibility:", on_click=_follow, args=(library, path)
                )
            st.button(_("Cancel"), key="library-cancel", type="tertiary", on_click=_forget)


def followed(library: Library) -> None:
    """The folders that are followed, with the way to end it."""
    if library.read_only:
        return
    all_of_them = watching(str(library.folder), library).all()
    if all_of_them:
        st.html(f'<h2 class="d-h2">{escaped(_("Followed folders"))}</h2>')

    known = library.catalog.state()

    @st.fragment(run_every=2)
    def draw() -> None:
        now = watching(str(library.folder), library).all()
        if library.catalog.state() != known or bool(now) != bool(all_of_them):
            st.rerun()
        for place, each in enumerate(now):
            with st.container(horizontal=True, vertical_alignment="center", key=f"watched-{place}"):
                st.html(_watched(each), width="stretch")
                st.button(
                    _("Stop"), key=f"unfollow-{place}", icon=":material/visibility_off:", on_click=_unfollow, args=(library, each.path)
                )

    if all_of_them:
        draw()


def _watched(each: Watched) -> str:
    lines = [f"<b>{escaped(each.path)}</b> {escaped(STATES[each.state])}"]
    if each.news is not None:
        told: list[tuple[Sequence[object], later]] = [
            (each.news.added, later("{n} added")),
            (each.news.changed, later("{n} changed")),
            (each.news.removed, later("{n} removed")),
            (each.news.failed, later("{n} not taken")),
        ]
        news = ", ".join(str(words.format(n=len(files))) for files, words in told if files) or _("nothing new")
        lines.append(f"{datetime.fromtimestamp(each.at).astimezone():%H:%M} · {escaped(news)}")
    if each.trouble:
        lines.append(escaped(each.trouble))
    return f'<div class="d-small">{"<br>".join(lines)}</div>'


def _looking(plan: Job[Report]) -> None:
    @st.fragment(run_every=0.3)
    def draw() -> None:
        if plan.done:
            st.rerun()
        st.progress(0.0, text=plain(str(plan.doing) or _("Looking")))

    draw()


def _planned(path: Path, report: Report) -> str:
    """What would become of what is there."""
    lines = [f'<div class="d-file">{escaped(path)}</div>']
    what = ", ".join(f"{number(count)} {name}" for name, count in Counter(map(kind_of, report.added)).most_common())
    groups: list[tuple[str, Sequence[str]]] = [
        (several("{n} file would be added", "{n} files would be added", len(report.added)) + f" ({what})", report.added),
        (
            several("{n} has changed and would be read again", "{n} have changed and would be read again", len(report.changed)),
            report.changed,
        ),
        (several("{n} was moved or renamed", "{n} were moved or renamed", len(report.renamed)), report.renamed),
        (several("{n} is gone and would be taken out", "{n} are gone and would be taken out", len(report.removed)), report.removed),
        (several("{n} is in already", "{n} are in already", len(report.unchanged)), report.unchanged),
    ]
    groups = [(words, files) for words, files in groups if files]
    for words, files in groups:
        more = len(files) - NAMED
        named = [*files[:NAMED], several("and {n} more", "and {n} more", more)] if more > 0 else files
        lines.append(
            f"<details><summary>{escaped(words)}</summary><ul>{''.join(f'<li>{escaped(each)}</li>' for each in named)}</ul></details>"
        )
    if report.passed_over:
        suffixes = ", ".join(f"{number(count)} {suffix}" for suffix, count in report.passed_over.most_common(NAMED))
        lines.append(f'<p class="d-small">{escaped(_("Passed over, of kinds that are not read: {what}").format(what=suffixes))}</p>')
    if not groups and not report.failed:
        lines.append(f"<p>{escaped(_('Nothing is there that can be read.'))}</p>")
    failures = [note("warning", f"{each.source}: {each.reason}", each.hint) for each in report.failed[:NAMED]]
    return f'<div class="d-plan">{"".join(lines)}</div>{"".join(failures)}'


def _look(library: Library) -> None:
    named = st.session_state["library-path"].strip().strip("\"'")
    if not named:
        return
    try:
        path = Path(named).expanduser()
    except RuntimeError:  # ~of nobody
        path = Path(named)

    def work(tell: Tell) -> Report:
        from ingest import ingest

        return ingest([path], library, dry_run=True, progress=telling(tell))

    st.session_state["library-plan"] = (path, Job(work))


def _take(library: Library, path: Path) -> None:
    _forget()
    take(library, [path])


def _follow(library: Library, path: Path) -> None:
    """It is taken in first, with progress, and questions wait for its first document; then it is followed."""
    _forget()
    followed = watching(str(library.folder), library)
    take(library, [path], then=lambda: followed.start(path))


def _unfollow(library: Library, path: Path) -> None:
    try:
        watching(str(library.folder), library).stop(path)
    except DiptychError as error:
        notices()[:] = [f"{error} {error.hint}"]


def _forget() -> None:
    st.session_state.pop("library-plan", None)
