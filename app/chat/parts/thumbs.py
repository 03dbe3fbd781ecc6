"""What was thought of answers, turned into gold: looked through, corrected, and taken along or measured with."""

from __future__ import annotations

from typing import Any

import streamlit as st

from app.chat.language import _, later, several
from app.chat.parts.text import escaped, note, plain
from app.chat.shelf import Shelf
from app.gold import LEFT_OUT, Rated, correct, corrections, line, rated, row, tells
from app.gold import thumbs as judged
from rag.errors import DiptychError

KINDS = {
    "holds": later("The library holds the answer"),
    "lacks": later("The library does not hold it"),
    "out": later("Leave it out"),
}
LABEL = 110  # letters of a need
ON_A_PAGE = 8
THUMBS = {"up": ":material/thumb_up:", "down": ":material/thumb_down:"}


def gold_of_thumbs(shelf: Shelf) -> list[str]:
    """The lines that say what should come."""
    return [line(each) for each in rated(shelf) if tells(each)]


def thumbs(shelf: Shelf) -> None:
    """Every answer with a thumb, with what should come the next time."""
    found = list(judged(shelf))
    if not found:
        told = _(
            "No answer has a thumb yet. Give one under an answer: what was good is asked for again, what was bad can be put right here."
        )
        st.html(f'<p class="d-lead">{escaped(told)}</p>')
        return
    mended = corrections(shelf.library.folder)
    rows = [row(each, mended.get(each.id, {})) for each in found if not mended.get(each.id, {}).get(LEFT_OUT)]
    ready = [each for each in rows if tells(each)]
    counts = (
        several("{n} answer with a thumb", "{n} answers with a thumb", len(found)),
        several("{n} ready to measure with", "{n} ready to measure with", len(ready)),
    )
    if fault := st.session_state.pop("thumbs-fault", ""):
        st.html(note("error", fault))
    with st.container(horizontal=True, vertical_alignment="center"):
        st.html(f'<p class="d-small">{escaped(" · ".join(counts))}</p>')
        data = "".join(f"{line(each)}\n" for each in rows)
        st.download_button(
            _("Gold (JSONL)"), data, "gold.jsonl", "application/jsonl", key="thumbs-file", type="tertiary", icon=":material/download:"
        )
    pages = -(-len(found) // ON_A_PAGE)
    at = st.number_input(_("Page"), 1, pages, key="thumbs-page", help=_("Of {pages}").format(pages=pages)) if pages > 1 else 1
    for each in found[(at - 1) * ON_A_PAGE : at * ON_A_PAGE]:
        _review(shelf, each, mended.get(each.id, {}))


def _review(shelf: Shelf, each: Rated, mended: dict[str, Any]) -> None:
    now = row(each, mended)
    state = "out" if mended.get(LEFT_OUT) else "lacks" if now.get("answerable") is False else "holds"
    head = plain(each.drafted["question"]) + ("" if state == "out" or tells(now) else f" · :orange[{plain(_('to be put right'))}]")
    with st.expander(head, icon=THUMBS[each.drafted["thumb"]]):
        if each.drafted.get("note"):
            st.html(f'<p class="d-small">{escaped(each.drafted["note"])}</p>')
        with st.form(f"gold-{each.id}", border=False):
            st.radio(
                _("This question"), list(KINDS), list(KINDS).index(state), format_func=lambda kind: str(KINDS[kind]), key=f"kind-{each.id}"
            )
            labels = [_label(need) for need in each.needs]
            chosen = [at for at, need in enumerate(each.needs) if need in (now.get("relevant") or [])]
            st.multiselect(
                _("What should be found"),
                range(len(labels)),
                chosen,
                format_func=labels.__getitem__,
                key=f"needs-{each.id}",
                help=_("What was found for this question; what the answer cites comes first."),
            )
            st.text_input(
                _("Words that the answer should have, with commas between"),
                ", ".join(now.get("keywords") or ()),
                key=f"words-{each.id}",
            )
            st.text_area(_("The right answer"), now.get("answer") or "", key=f"right-{each.id}", height=90)
            st.form_submit_button(_("Keep"), key=f"keep-{each.id}", on_click=_keep, args=(shelf, each))


def _keep(shelf: Shelf, each: Rated) -> None:
    state = st.session_state
    kind = state[f"kind-{each.id}"]
    mended: dict[str, Any] = {
        "answerable": kind != "lacks",
        "keywords": [word.strip() for word in state[f"words-{each.id}"].split(",") if word.strip()],
        "relevant": [each.needs[at] for at in state[f"needs-{each.id}"]] if kind == "holds" else [],
        "answer": state[f"right-{each.id}"].strip() if kind == "holds" else "",
    }
    if kind == "out":
        mended = {LEFT_OUT: True}
    try:
        correct(shelf.library.folder, each.id, mended)
    except DiptychError as error:
        state["thumbs-fault"] = f"{error} {error.hint}"


def _label(need: dict[str, Any]) -> str:
    words = " · ".join(str(need[part]) for part in ("source", "image", "text") if need.get(part))
    return words if len(words) <= LABEL else words[: LABEL - 1] + "…"
