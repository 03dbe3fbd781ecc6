"""A turn as the reader sees it: the question, the answer while it comes, and the answer with all that it rests on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import streamlit as st

from app.chat.language import _, current, later, several
from app.chat.names import label
from app.chat.parts.citation import answer_html, sources_html
from app.chat.parts.hits import found_html, hits_html
from app.chat.parts.holdings import report_html
from app.chat.parts.panel import hit_anchor, source_anchor
from app.chat.parts.picture import cited_picture_html, image_uri
from app.chat.parts.text import escaped, note, plain
from app.chat.turn import MARK, Turn
from rag.records import Answer, Unsupported

NEAREST = 3
ASKING = 440  # pixels of the picture in a question
DOING = {
    "waiting": later("Waiting for the answer before"),
    "searching": later("Searching the library"),
    "writing": later("Reading what was found"),
}


def question(turn: Turn) -> None:
    """What was asked, with the picture and the names of the documents that came with it."""
    with st.chat_message("user", avatar=":material/person:"):
        if turn.question:
            st.html(f'<div class="d-question">{escaped(turn.question)}</div>')
        if turn.image is not None:
            st.html(f'<div class="d-asking"><img src="{_asking(turn)}" alt="{_("The picture in the question")}"></div>')
        if turn.source:
            names = list(map(label, turn.source.split("\n")))
            told = _("Asked of {names}").format(names=", ".join(names[:3]))
            told += " " + several("and {n} more", "and {n} more", len(names) - 3) if len(names) > 3 else ""
            st.html(f'<div class="d-small">{escaped(told)}</div>')
        for document in turn.documents:
            st.html(f'<div class="d-small">{escaped(_("With {name}").format(name=document[0]))}</div>')
        if turn.left_out:
            told = _("One picture goes with a question; left out: {names}").format(names=", ".join(turn.left_out))
            st.html(note("warning", told))


def _asking(turn: Turn) -> str:
    """The picture in the question, as a data URI."""
    if "asking" not in turn.drawn and turn.image is not None:
        turn.drawn["asking"] = image_uri(turn.image, ASKING)
    return turn.drawn.get("asking", "")


def coming(turn: Turn) -> None:
    """A turn that is not settled: what is being done, and the draft so far."""
    if turn.report is not None:
        st.html(report_html(turn.report))
    if turn.status == "adding":
        st.progress(turn.share or 0.0, text=plain(turn.doing or _("Taking the files in")))
    elif turn.draft:
        failed = sum(each.reason is not None for each in turn.checked)
        verdict = " · " + several("{n} sentence checked", "{n} sentences checked", len(turn.checked)) if turn.checked else ""
        verdict += ", " + several("{n} not borne by the passages", "{n} not borne by the passages", failed) if failed else ""
        st.html(f'{_draft(turn)}<div class="d-small d-live">{_("Draft, checking…")}{verdict}</div>')
    else:
        hits = " " + several("({n} hit)", "({n} hits)", len(turn.hits)) if turn.hits else ""
        st.html(f'<div class="d-small d-live" role="status">{DOING[turn.status]}{hits}…</div>')


def settled(turn: Turn) -> None:
    """A turn that is done, stopped or failed."""
    if turn.report is not None:
        st.html(report_html(turn.report))
    if turn.answer is not None:
        key = f"{current()} {turn.number}"
        if key not in turn.drawn:
            turn.drawn[key] = f'<div class="d-turn">{"".join(_answer(turn, turn.answer))}</div>'
        st.html(turn.drawn[key])
    elif turn.draft:
        st.html(_draft(turn))
    if turn.status == "stopped":
        drafted = turn.draft and not turn.answer
        st.html(note("info", _("Stopped. This is a draft, and was not checked to its end.") if drafted else _("Stopped.")))
    if turn.error is not None:
        st.html(note("error", str(turn.error), turn.error.hint))


def _draft(turn: Turn) -> str:
    return f'<div class="d-answer d-draft">{escaped(MARK.sub("", turn.draft))}</div>'


def _answer(turn: Turn, answer: Answer) -> Iterator[str]:
    """The answer with all that it rests on, piece by piece; only what does not change once it is there."""
    by_rank = {hit.rank: hit for hit in answer.hits}
    if answer.answer is None:
        what = _("Nearest to your picture:") if answer.hits else _("The library holds nothing to compare it with.")
        yield f'<div class="d-answer">{what}</div>{hits_html(answer.hits[:NEAREST], turn.number, {})}'
    else:
        yield answer_html(answer, turn.number)
    if answer.refused and answer.hits:
        yield f'<div class="d-label">{_("Nearest in the library")}</div>{hits_html(answer.hits[:NEAREST], turn.number, {})}'
    pictures = {citation.rank: citation.n for citation in reversed(answer.citations) if citation.modality == "image"}
    shown = {hit.rank: hit_anchor(turn.number, hit.rank) for hit in answer.hits if hit.media}
    for rank, n in sorted(pictures.items(), key=lambda each: each[1]):
        anchor = source_anchor(turn.number, n)
        group = [anchor if each == rank else other for each, other in shown.items()]
        yield f'<div class="d-cited">{cited_picture_html(by_rank[rank], n, anchor, group)}</div>'
    yield from _notes(turn, answer)
    if answer.citations:
        yield sources_html(answer, turn.number)
    if answer.hits:
        yield found_html(answer, turn.number)
    if turn.by:
        cost = answer.usage.told()
        yield f'<div class="d-small d-by">{escaped(turn.by)}{f" · {cost}" if cost else ""}</div>'


def _notes(turn: Turn, answer: Answer) -> list[str]:
    """What the reader has to know about this answer."""
    notes = []
    failed = answer.grounding.unsupported if answer.grounding else ()
    if answer.fallback:
        notes.append(note("warning", _("The model's own text failed its check; these are the passages, quoted.")) + _own(turn, failed))
    elif failed:
        notes.append(note("warning", _("Not borne by the passages:"), *_reasons(failed)))
    if turn.early:
        told = _("Files were still being read when this was asked: what was not in yet is not part of the answer.")
        notes.append(note("info", told, _("Ask again when they are in.")))
    elif answer.refused and not answer.hits and not turn.source:
        notes.append(note("info", _("The library was still empty. Add documents on the left, or on the library page, and ask again.")))
    notes += [note("info", line) for line in answer.unseen(turn.image is not None)]
    if answer.error:
        notes.append(note("error", answer.error))
    return notes


def _own(turn: Turn, failed: Sequence[Unsupported]) -> str:
    """What the model wrote and the check replaced, behind a click, with what is wrong with it."""
    own = f'<p class="d-own">{escaped(MARK.sub("", turn.draft))}</p>' if turn.draft else ""
    wrong = note("warning", *_reasons(failed)) if failed else ""
    return f'<details class="d-found"><summary>{_("What the model wrote")}</summary>{own}{wrong}</details>' if own or wrong else ""


def _reasons(failed: Sequence[Unsupported]) -> list[str]:
    return [f"✗ {each.sentence} ({each.reason})" for each in failed]
