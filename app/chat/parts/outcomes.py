"""What a run brought: its figures as tables and charts, its misses with what came instead, every question, and files to take along."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import streamlit as st

from app.batch import written
from app.chat.language import _, current, later, several
from app.chat.parts.figures import answers_html, charts, comparison_html, retrieval_html, table_html
from app.chat.parts.picture import img, name
from app.chat.parts.text import escaped, note, place
from app.chat.runs import SEARCH_ONLY, Run, Runs
from rag.evaluate.summary import MISSED_BEYOND
from rag.records import clock

if TYPE_CHECKING:
    from rag.evaluate.compare import Comparison
    from rag.library import Library
    from rag.records import Answer, Hit

SHOWN = {"misses": later("Misses"), "questions": later("All questions")}
ON_A_PAGE = 10
SNIPPET = 220
CHANGED = 40  # questions of a comparison
NAMED = 12  # ids


def title(run: Run) -> str:
    """ "sample.jsonl · quote · 30 November 2026, 14:05"."""
    from babel.dates import format_datetime

    model = _("search only") if run.model == SEARCH_ONLY else run.model
    return f"{run.gold} · {model} · {format_datetime(datetime.fromisoformat(run.at), 'medium', locale=current())}"


def outcome(library: Library, runs: Runs, run: Run) -> None:
    """All that a run brought."""
    try:
        metrics, rows, answers = runs.metrics(run), runs.rows(run), runs.answers(run)
    except (OSError, ValueError) as error:
        st.html(note("error", _("This run cannot be read: {why}").format(why=error)))
        return
    failed = [row for row in rows if row["error"]]
    if failed:
        told = several("{n} question failed: {why}", "{n} questions failed, the first: {why}", len(failed))
        st.html(note("warning", told.replace("{why}", failed[0]["error"])))
    if metrics["retrieval"]["all"]["n"]:
        st.html(retrieval_html(metrics))
    st.html(answers_html(metrics))
    drawn = list(charts(rows).items())
    for at in range(0, len(drawn), 2):
        for column, (heading, chart) in zip(st.columns(2), drawn[at : at + 2], strict=False):
            with column:
                st.html(f'<div class="d-label">{escaped(heading)}</div>')
                st.altair_chart(chart.properties(height=240), key=f"chart-{run.id}-{heading}")
    _downloads(runs, run, answers)
    missed = [(row, answer) for row, answer in zip(rows, answers, strict=True) if _unmet(row)]
    parts = {"misses": str(SHOWN["misses"]), "questions": str(SHOWN["questions"])}
    shown = st.segmented_control(
        _("Part"),
        list(parts),
        default="misses" if missed else "questions",
        required=True,
        key=f"outcome-{run.id}",
        format_func=lambda each: f"{parts[each]} ({len(missed) if each == 'misses' else len(rows)})",
        label_visibility="collapsed",
    )
    _listed(library, missed if shown == "misses" else list(zip(rows, answers, strict=True)), f"{run.id}-{shown}", shown == "misses")


def comparison(runs: Runs, a: Run, b: Run) -> None:
    """Two runs side by side: what differs by measure, in the settings, and by question."""
    from rag.errors import DiptychError

    try:
        found = _compared(str(runs.path(a)), str(runs.path(b)))
    except DiptychError as error:
        st.html(note("error", error, error.hint))
        return
    told = several("{n} question in both.", "{n} questions in both.", found.n)
    chance = _("* marks a difference that is hardly chance (p below 0.05), each measure by itself.")
    st.html(comparison_html(found) + f'<p class="d-small">{escaped(f"{told} {chance}")}</p>')
    alone = {_("Only in A"): found.only_a, _("Only in B"): found.only_b, _("Not the same question in both"): found.unlike}
    for words, ids in alone.items():
        if ids:
            st.html(note("info", f"{words}: {', '.join(ids[:NAMED])}{f' … ({len(ids)})' if ids[NAMED:] else ''}"))
    if found.settings:
        st.html(f'<div class="d-label">{_("What differs in the settings")}</div>')
        st.html(table_html(["", "A", "B"], [[name, *map(str, values)] for name, values in found.settings.items()]))
    st.html(f'<div class="d-label">{_("Questions that changed, the worst first")}</div>')
    if found.changed:
        rows = [[each["question"], f"{each['gain']:+.2f}", *map(_ranked, each["ranks"])] for each in found.changed[:CHANGED]]
        st.html(table_html([_("Question"), "nDCG", _("Ranks in A"), _("Ranks in B")], rows))
    else:
        st.html(f'<p class="d-small">{_("None: all came at the same ranks.")}</p>')
    data = json.dumps(found.to_dict(), ensure_ascii=False, indent=1)
    st.download_button(_("Comparison as JSON"), data, "comparison.json", "application/json", key="compare-json", icon=":material/download:")


@st.cache_data(max_entries=16, show_spinner=False)
def _compared(a: str, b: str) -> Comparison:
    from rag.evaluate.compare import compare

    return compare(Path(a), Path(b))


def _downloads(runs: Runs, run: Run, answers: Sequence[Answer]) -> None:
    folder, stem = runs.path(run), run.id
    files = {
        _("Report (HTML)"): ((folder / "report.html").read_bytes(), f"{stem}.html", "text/html"),
        _("Figures (JSON)"): ((folder / "metrics.json").read_bytes(), f"{stem}.json", "application/json"),
    }
    rows = [answer.to_dict() for answer in answers]
    for suffix, kind in ((".jsonl", "application/jsonl"), (".csv", "text/csv"), (".md", "text/markdown")):
        words = _("Answers ({kind})").format(kind=suffix.lstrip(".").upper())
        files[words] = (written(rows, suffix).encode("utf-8", "replace"), f"{stem}-answers{suffix}", kind)
    with st.container(key="run-files", horizontal=True, gap="small"):
        for at, (words, (data, file, mime)) in enumerate(files.items()):
            st.download_button(words, data, file, mime, key=f"file-{at}", type="tertiary", icon=":material/download:")


def _unmet(row: Mapping[str, Any]) -> list[tuple[dict[str, Any], int | None]]:
    """The needs that were not met in time, each with its rank."""
    pairs = zip(row["needs"], row["ranks"], strict=True)
    return [(need, rank) for need, rank in pairs if rank is None or rank > MISSED_BEYOND]


def _listed(library: Library, found: Sequence[tuple[dict[str, Any], Answer]], key: str, misses: bool) -> None:
    """Questions, each opened for what was wanted and what came."""
    if not found:
        st.html(f'<p class="d-lead">{_("Nothing was missed.") if misses else ""}</p>')
        return
    hint = _("Find in the questions")
    words = st.text_input(hint, key=f"find-{key}", placeholder=hint, label_visibility="collapsed", live=True) or ""
    wanted = [pair for pair in found if words.casefold() in pair[0]["question"].casefold()]
    pages = max(1, -(-len(wanted) // ON_A_PAGE))
    at = st.number_input(_("Page"), 1, pages, key=f"page-{key}", help=_("Of {pages}").format(pages=pages)) if pages > 1 else 1
    shown = wanted[(min(at, pages) - 1) * ON_A_PAGE : min(at, pages) * ON_A_PAGE]
    ids = _records(library, [hit for _row, answer in shown for hit in answer.hits[:MISSED_BEYOND]])
    st.html("".join(_question(row, answer, ids) for row, answer in shown))


def _records(library: Library, hits: Sequence[Hit]) -> dict[tuple[str, str], int]:
    """The ids of the passages that were found, as far as they are in the library still: by source and words."""
    wanted = {hit.source for hit in hits if hit.modality == "text"}
    return {(each.source, each.record.text): each.id for each in library.catalog.of(sorted(wanted)) if not each.record.image}


def _question(row: Mapping[str, Any], answer: Answer, ids: Mapping[tuple[str, str], int]) -> str:
    unmet = _unmet(row)
    lacking = "".join(_need(need, rank) for need, rank in unmet)
    wanted = f'<div class="d-label">{_("Wanted")}</div><ul class="d-needs">{lacking}</ul>' if unmet else ""
    told = f'<p class="d-told">{escaped(answer.answer)}</p>' if answer.answer else ""
    error = note("error", row["error"]) if row["error"] else ""
    came = "".join(_hit(hit, ids) for hit in answer.hits[:MISSED_BEYOND])
    instead = _("What came instead") if unmet else _("What came")
    found = f'<div class="d-label">{instead}</div><div class="d-hits">{came}</div>' if came else ""
    refused = f' <span class="d-kind">{_("refused")}</span>' if answer.refused else ""
    side = _ranked(row["ranks"]) if row["ranks"] else ""
    ranks = f'<span class="d-where">{escaped(side)}</span>' if side else ""
    return f'<details class="d-judged"><summary>{escaped(row["question"])}{refused} {ranks}</summary>{error}{told}{wanted}{found}</details>'


def _need(need: Mapping[str, Any], rank: int | None) -> str:
    words = [str(need[part]) for part in ("source", "image", "text") if need.get(part)]
    if need.get("page"):
        words.append(_("page {number}").format(number=need["page"]))
    if need.get("time") is not None:
        words.append(clock(need["time"]))
    came = _("came at rank {rank}").format(rank=rank) if rank else _("did not come")
    return f'<li>{escaped(" · ".join(words))} <span class="d-where">{escaped(came)}</span></li>'


def _hit(hit: Hit, ids: Mapping[tuple[str, str], int]) -> str:
    """A hit as a card that opens it where the library still has it."""
    opens = f"picture-{Path(hit.media).stem}" if hit.media else f"record-{id}" if (id := ids.get((hit.source, hit.own))) else ""
    named = (
        f'<a class="d-file" href="#{opens}">{escaped(hit.source)}</a>' if opens else f'<span class="d-file">{escaped(hit.source)}</span>'
    )
    kind = _("Picture") if hit.modality == "image" else _("Passage")
    text = " ".join((hit.caption or hit.own).split())
    snippet = text if len(text) <= SNIPPET else text[: SNIPPET - 1].rstrip() + "…"
    thumb = f'<div class="d-thumb">{img(hit.media, 144, name(hit))}</div>' if hit.media else ""
    return (
        f'<div class="d-hit"><div class="d-rank">{hit.rank}</div>'
        f'<div class="d-hit-body"><div><span class="d-kind">{kind}</span>{named}</div>'
        f'<div class="d-where">{escaped(place(hit.locator))}</div><div class="d-snippet">{escaped(snippet)}</div></div>{thumb}</div>'
    )


def _ranked(ranks: Sequence[int | None]) -> str:
    """ "1, 4, –"."""
    return ", ".join("–" if rank is None else str(rank) for rank in ranks)
