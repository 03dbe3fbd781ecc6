"""The page that measures: a file of questions asked, its figures and misses, two runs compared, thumbs turned into gold."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import streamlit as st

from app.chat.address import PART, stay
from app.chat.language import _, later, several
from app.chat.parts.models import offered
from app.chat.parts.outcomes import comparison, outcome, title
from app.chat.parts.switch import switch
from app.chat.parts.text import escaped, note, plain
from app.chat.parts.thumbs import gold_of_thumbs, thumbs
from app.chat.runs import Run, Runs
from app.chat.shelf import Shelf
from rag.errors import DiptychError, UsageError
from rag.evaluate.questions import load_questions
from rag.evaluate.run import LEAST_K
from rag.settings import PROJECT

if TYPE_CHECKING:
    from rag.evaluate.questions import Asked
    from rag.library import Library

PARTS = {"measure": later("Measure"), "runs": later("Runs"), "compare": later("Compare"), "thumbs": later("Thumbs")}
THUMBS, UPLOAD = "thumbs", "upload"
FILES = ["jsonl", "csv", "tsv", "txt"]
LOOK_AGAIN = 0.5  # seconds, while a run is under way
MOST_K = 50


@st.cache_resource(show_spinner=False)
def runs_of(folder: str, _library: Library) -> Runs:
    """The runs of this process's library."""
    return Runs(_library)


def page(library: Library, shelf: Shelf) -> None:
    """Draw the page; what is under way stands on top, whatever part is shown."""
    runs = runs_of(str(library.folder), library)
    lead = _("How often the right thing is found, what is missed, and what a change is worth.")
    st.html(f'<h1 class="d-h1 d-wide">{_("Evaluate")}</h1><p class="d-lead">{escaped(lead)}</p>')
    part = switch(_("Part"), PARTS, "evaluate-part")
    _under_way(runs)
    parts = {"measure": _measure, "runs": _runs, "compare": _compare, "thumbs": _thumbs}
    parts[part](library, shelf, runs)


def _under_way(runs: Runs) -> None:
    """How far the run is, and what became of the last one."""
    job = runs.job
    if job is not None and job.error:
        st.html(note("error", job.error, job.error.hint))
    if runs.running is None:
        return

    @st.fragment(run_every=LOOK_AGAIN)
    def draw() -> None:
        running = runs.running
        if running is None:
            if job is not None and job.result is not None:
                st.session_state["evaluate-run"] = job.result.id
                stay(**{PART: "runs"})
            st.rerun()
        with st.container(horizontal=True, vertical_alignment="center"):
            asked = str(running.doing) or _("Getting ready")
            st.progress(running.share or 0.0, text=plain(_("Asking: {done}").format(done=asked)))
            st.button(_("Stop"), key="evaluate-stop", icon=":material/stop_circle:", type="tertiary", on_click=runs.stop)
        st.caption(_("It goes on when you leave this page."))

    draw()


def _measure(library: Library, shelf: Shelf, runs: Runs) -> None:
    files = {str(path): path.name for path in sorted((PROJECT / "data" / "gold").glob("*.jsonl"))}
    judged = gold_of_thumbs(shelf)
    named = {**files, THUMBS: _("Thumbs of this library"), UPLOAD: _("A file of your own")}
    if not judged:
        del named[THUMBS]
    chosen = st.selectbox(_("Questions"), list(named), format_func=named.__getitem__, key="evaluate-gold")
    questions: list[Asked] = []
    name = named[chosen]
    try:
        if chosen == THUMBS:
            name = "thumbs.jsonl"
            questions = _loaded(name, "\n".join(judged).encode())
        elif chosen == UPLOAD:
            sent = st.file_uploader(_("Questions as JSON lines, a table (CSV) or plain text, one a line"), FILES, key="evaluate-file")
            st.caption(_("With what should be found beside them they are gold, and give figures; alone they give answers."))
            if sent is not None:
                name, questions = sent.name, _loaded(sent.name, sent.getvalue())
        else:
            questions = load_questions(Path(chosen))
    except DiptychError as error:
        st.html(note("error", error, error.hint))
    if questions:
        measured = sum(bool(each.relevant) for each in questions)
        counts = several("{n} question", "{n} questions", len(questions)), several("{n} with gold", "{n} with gold", measured)
        st.caption(plain(" · ".join(counts)))
    search_only = st.toggle(_("Only the search, no answers"), key="evaluate-search")
    models = offered(library.settings)
    left, right = st.columns(2)
    with left:
        model = st.selectbox(_("Model"), list(models), format_func=models.__getitem__, key="evaluate-model", disabled=search_only)
    with right:
        told = _("A run looks at {least} at least, since the figures do.").format(least=LEAST_K)
        k = st.number_input(_("Hits a question"), LEAST_K, MOST_K, value=LEAST_K, step=1, key="evaluate-k", help=told)
    st.button(
        _("Start"),
        key="evaluate-start",
        type="primary",
        icon=":material/play_arrow:",
        disabled=not questions or runs.running is not None,
        on_click=_start,
        args=(runs, questions, name, None if search_only else model, int(k)),
    )


def _start(runs: Runs, questions: Sequence[Asked], name: str, model: str | None, k: int) -> None:
    try:
        runs.start(questions, name, model=model, k=k)
    except DiptychError as error:
        st.toast(plain(error), icon=":material/error:")


def _loaded(name: str, data: bytes) -> list[Asked]:
    """The questions of an upload. Raises UsageError, also where they name pictures, which it cannot bring: no path leaves its folder."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"questions{Path(name).suffix}"
        path.write_bytes(data)
        try:
            questions = load_questions(path)
        except UsageError as error:
            raise UsageError(str(error).replace(str(path), name).replace(path.name, name), error.hint) from None
    if pictured := [each.id for each in questions if each.image]:
        told = _("These rows ask with a picture, which an uploaded file cannot bring: {rows}.").format(rows=", ".join(pictured[:5]))
        raise UsageError(told, _("Measure them with `diptych eval`."))
    return questions


def _chosen(runs: Runs, label: str, key: str, kept: Sequence[Run], at: int = 0) -> Run:
    """A run that is chosen of those that are kept."""
    by_id = {run.id: run for run in kept}
    if st.session_state.get(key) not in by_id:
        st.session_state[key] = kept[at].id
    return by_id[st.selectbox(label, list(by_id), format_func=lambda id: title(by_id[id]), key=key)]


def _runs(library: Library, shelf: Shelf, runs: Runs) -> None:
    kept = runs.listed()
    if not kept:
        st.html(f'<p class="d-lead">{escaped(_("Nothing was measured yet."))}</p>')
        return
    run = _chosen(runs, _("Run"), "evaluate-run", kept)
    if run.n < run.of:
        st.html(note("warning", _("Stopped: {n} of {of} questions were asked.").format(n=run.n, of=run.of)))
    outcome(library, runs, run)
    with st.popover(_("Delete this run"), icon=":material/delete:", type="tertiary"):
        st.button(_("Delete it for good"), key="evaluate-delete", type="primary", on_click=runs.delete, args=(run,))


def _compare(library: Library, shelf: Shelf, runs: Runs) -> None:
    kept = runs.listed()
    if len(kept) < 2:
        st.html(f'<p class="d-lead">{escaped(_("Two runs of the same questions can be compared: measure once more."))}</p>')
        return
    left, right = st.columns(2)
    with left:
        a = _chosen(runs, "A", "evaluate-a", kept, at=_before(kept))
    with right:
        b = _chosen(runs, "B", "evaluate-b", kept)
    if a.id == b.id:
        st.html(note("info", _("This is twice the same run.")))
        return
    comparison(runs, a, b)


def _before(kept: Sequence[Run]) -> int:
    """The latest run of the same questions as the last one, else the one before it."""
    return next((at for at, run in enumerate(kept) if at and run.gold == kept[0].gold), 1)


def _thumbs(library: Library, shelf: Shelf, runs: Runs) -> None:
    thumbs(shelf)
