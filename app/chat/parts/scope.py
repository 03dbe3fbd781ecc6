"""Of what is asked: all that the library holds, or chosen folders and documents, as chips over the input."""

from __future__ import annotations

from collections import Counter

import streamlit as st

from app.chat.conversation import Conversation
from app.chat.language import _, several

FOLDER = "/*"


def scope(conversation: Conversation) -> None:
    """The chips; what was chosen last stays with the conversation."""
    sources = [each.source for each in conversation.library.catalog.sources()]
    if len(sources) < 2:
        return
    key = f"scope-{conversation.id}"
    offered = choices(sources)
    before = next((turn.source for turn in reversed(conversation.turns) if not turn.attached), None)
    st.session_state.setdefault(key, [each for each in (before or "").split("\n") if each in offered])
    st.multiselect(
        _("Ask only"),
        offered,
        key=key,
        format_func=lambda each: each.removesuffix("*"),
        select_all=False,
        placeholder=_asks_all(len(sources)),
        label_visibility="collapsed",
    )


def _asks_all(count: int) -> str:
    return several("Asks the one document", "Asks all {n} documents; choose some to ask only them", count)


def chosen(conversation: Conversation) -> str | None:
    """What is chosen, as `Library.stream` takes it; None for all."""
    return "\n".join(st.session_state.get(f"scope-{conversation.id}") or ()) or None


def choices(sources: list[str]) -> list[str]:
    """The folders with more than one document, each as a glob, then the documents."""
    folders: Counter[str] = Counter()
    for source in sources:
        parts = source.split("/")[:-1]
        folders.update("/".join(parts[: depth + 1]) for depth in range(len(parts)))
    return [folder + FOLDER for folder, count in sorted(folders.items()) if 1 < count < len(sources)] + sources
