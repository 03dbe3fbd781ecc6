"""The prompts: read, changed in a folder of the reader's own, looked at as a model gets them, and put back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import streamlit as st

from app.chat import own_prompts
from app.chat.language import _, later
from app.chat.parts.text import escaped, note
from rag.errors import DiptychError
from rag.prompts import OPTIONAL, REQUIRED
from rag.settings import Settings

NAMES = {
    "answer": later("Answer, by a model with room"),
    "answer_small": later("Answer, by a small model"),
    "condense": later("Make a follow-up question whole"),
    "followups": later("What could be asked next"),
    "judge": later("Grade an answer (evaluation)"),
}
ROLES = {"system": later("What the system says"), "user": later("What the user says")}
HEIGHT = 420


def prompts(settings: Settings, write: Callable[[str, Any], None]) -> None:
    """One prompt at a time; `write` sets a setting."""
    name = st.selectbox(_("Prompt"), list(REQUIRED), format_func=lambda each: str(NAMES[each]), key="prompt-name")
    try:
        own = own_prompts.own(name, settings)
    except DiptychError as error:
        st.html(note("error", error, error.hint))
        own = ""
    lies = _("Your own, in {folder}.").format(folder=own_prompts.folder(settings))
    st.html(f'<p class="d-small">{escaped(lies if own is not None else _("As shipped."))}</p>')
    must, may = (", ".join(f"{{{each}}}" for each in sorted(each[name])) for each in (REQUIRED, OPTIONAL))
    told = _("It must have {must}, and may have {may}.") if may else _("It must have {must}.")
    st.html(f'<p class="d-small">{escaped(told.replace("{must}", must).replace("{may}", may))}</p>')
    key = f"prompt-{name}"
    st.session_state.setdefault(key, own if own is not None else own_prompts.shipped(name))
    text = st.text_area(_("Text"), key=key, height=HEIGHT, label_visibility="collapsed")
    try:
        told_to_model = own_prompts.preview(name, text)
    except DiptychError as error:
        st.html(note("error", error, error.hint))
        told_to_model = []
    with st.container(horizontal=True):
        st.button(
            _("Keep"),
            key="prompt-keep",
            type="primary",
            disabled=not told_to_model or text == (own if own is not None else own_prompts.shipped(name)),
            on_click=_keep,
            args=(name, key, settings, write),
        )
        st.button(_("As shipped"), key="prompt-reset", icon=":material/undo:", on_click=_reset, args=(name, key, settings, write))
    if told_to_model:
        with st.expander(_("Preview, as a model gets it"), icon=":material/visibility:"):
            for role, said in told_to_model:
                st.caption(str(ROLES[role]))
                st.code(said, language=None, wrap_lines=True)


def _keep(name: str, key: str, settings: Settings, write: Callable[[str, Any], None]) -> None:
    try:
        where = own_prompts.keep(name, st.session_state[key], settings)
    except DiptychError as error:
        st.session_state["settings-fault"] = (str(error), error.hint)
        return
    if settings.prompts is None:
        write("prompts", str(where))
    else:
        st.session_state["settings-done"] = (later("Kept."), later("It holds from now on."))


def _reset(name: str, key: str, settings: Settings, write: Callable[[str, Any], None]) -> None:
    st.session_state.pop(key, None)
    try:
        own_prompts.reset(name, settings)
    except DiptychError as error:
        st.session_state["settings-fault"] = (str(error), error.hint)
        return
    if own_prompts.idle(settings):
        write("prompts", None)
