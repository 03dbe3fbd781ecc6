"""What a reader can do with an answer: copy it, edit the question, ask again, say what it is worth."""

from __future__ import annotations

from typing import Any

import streamlit as st

from app.chat.conversation import Conversation
from app.chat.export import turn_markdown
from app.chat.language import _
from app.chat.parts.text import escaped
from app.chat.shelf import Shelf
from app.chat.turn import Thumb, Turn

THUMBS: tuple[Thumb, Thumb] = ("down", "up")  # as Streamlit numbers them


def actions(conversation: Conversation, turn: Turn, shelf: Shelf, models: dict[str, str]) -> None:
    """A quiet row under a settled answer, and what its buttons open."""
    key = f"{conversation.id}-{turn.number}"
    if st.session_state.get("editing") == key:
        _editor(conversation, turn, shelf, key)
        return
    with st.container(key=f"actions-{key}", horizontal=True, vertical_alignment="center", gap="small"):
        if turn.told:
            copying = _copied(_("Copy"), turn.told)
            if turn.answer and turn.answer.citations:
                copying += _copied(_("with sources"), turn_markdown(turn))
            st.html(f'<div class="d-copy">{copying}</div>', width="content")
        if turn.question:
            st.button(_("Edit"), key=f"edit-{key}", icon=":material/edit:", type="tertiary", on_click=_edit, args=(key,))
            st.menu_button(
                _("Again"),
                list(models),
                format_func=models.__getitem__,
                key=f"again-{key}",
                icon=":material/refresh:",
                type="tertiary",
                help=_("Answer the question again, by the model that you choose; both answers are kept"),
                on_click=_again,
                args=(conversation, turn, f"again-{key}"),
            )
        if turn.answer and turn.answer.answer:
            given = THUMBS.index(turn.thumb) if turn.thumb else None
            st.feedback("thumbs", key=f"thumb-{key}", default=given, on_change=_judge, args=(conversation, turn, key))
    if turn.thumb:
        words = _("What was wrong?") if turn.thumb == "down" else _("What was good?")
        st.text_input(
            words,
            turn.why,
            key=f"why-{key}",
            placeholder=_("{question} (for you alone: it is kept in the library)").format(question=words),
            label_visibility="collapsed",
            on_change=_judge,
            args=(conversation, turn, key),
        )


def _copied(label: str, text: str) -> str:
    """A button that `copying` hears."""
    return f'<button type="button" data-copy="{escaped(text)}" data-copied="{_("Copied")}">{label}</button>'


def _edit(key: str) -> None:
    st.session_state.editing = key


def _editor(conversation: Conversation, turn: Turn, shelf: Shelf, key: str) -> None:
    with st.container(key=f"editor-{key}"):
        last = turn.place == conversation.places[-1]
        st.text_area(_("The question"), turn.question, key=f"text-{key}")
        if not last:
            told = _("The questions after it stay in this conversation; the new one begins another.")
            st.html(f'<div class="d-small">{told}</div>')
        with st.container(horizontal=True):
            st.button(_("Ask"), key=f"ask-{key}", type="primary", on_click=_edited, args=(conversation, turn, shelf, f"text-{key}"))
            st.button(_("Cancel"), key=f"cancel-{key}", on_click=_edit, args=("",))


def _edited(conversation: Conversation, turn: Turn, shelf: Shelf, key: str) -> None:
    words = st.session_state[key].strip()
    _edit("")
    if not words:
        return
    if turn.place != conversation.places[-1]:
        conversation = shelf.branch(conversation, turn.place)
        st.query_params["c"] = conversation.id
        _ask(conversation, words, turn, st.session_state.model)
    else:
        _ask(conversation, words, turn, st.session_state.model, place=turn.place)


def _again(conversation: Conversation, turn: Turn, key: str) -> None:
    _ask(conversation, turn.question, turn, st.session_state[key], place=turn.place)


def _ask(conversation: Conversation, words: str, like: Turn, model: str, **more: Any) -> None:
    conversation.ask(words, image=like.image, source=like.source, attached=like.attached, model=model, **more)


def _judge(conversation: Conversation, turn: Turn, key: str) -> None:
    given = st.session_state[f"thumb-{key}"]
    conversation.judge(turn, None if given is None else THUMBS[given], st.session_state.get(f"why-{key}", turn.why))
