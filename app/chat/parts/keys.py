"""The keyboard: focus in the input at the start, Escape closes or stops, arrow up recalls, `?` tells the shortcuts; what was said stands
in the input; and a new turn is shown from its question on."""

from __future__ import annotations

from pathlib import Path

import streamlit as st
from streamlit.components import v2

from app.chat.conversation import Conversation
from app.chat.language import _, current
from app.chat.parts.voice import heard

_KEYS = v2.component("diptych_keys", html="<div></div>", js=Path(__file__).with_name("keys.js").read_text("utf-8"))


def keys(conversation: Conversation | None) -> None:
    """Listen for the shortcuts, on every page; `conversation` is what is open."""
    turns = conversation.turns if conversation else []
    data = {
        "conversation": conversation.id if conversation else "",
        "turns": len({turn.place for turn in turns}),
        "asked": bool(turns and not turns[-1].settled),
        "editing": st.session_state.get("editing", ""),
        "heard": heard(conversation),
        "last": next((turn.question for turn in reversed(turns) if turn.question), ""),
        "language": current(),
        "title": _("Keyboard shortcuts"),
        "close": _("Close"),
        "keys": [
            ("/", _("write a question")),
            ("@", _("ask only some: a document, a folder, a kind or a date by its name")),
            ("↑", _("the last question again, in the empty line")),
            (_("Enter"), _("ask; with Shift a new line")),
            (_("Esc"), _("close what is open; else stop the answer; else leave the line")),
            ("n", _("new conversation")),
            ("j", _("the next source of the answer")),
            ("k", _("the source before")),
            ("+ −", _("zoom in and out, in what is open")),
            ("← →", _("turn the page of what is open, or go to the source before and after")),
            ("l", _("the library")),
            ("?", _("this list")),
        ],
    }
    _KEYS(key="keys", data=data, height="content")
