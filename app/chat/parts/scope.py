"""Of what is asked: all that the library holds, or chosen documents, folders, kinds and dates, as chips over the input. `@` in the input
offers them by name, and what is chosen stands in the address."""

from __future__ import annotations

from pathlib import Path

import streamlit as st
from streamlit.components import v2

from app.chat.address import SCOPE
from app.chat.content import address
from app.chat.conversation import Conversation
from app.chat.language import _, current, several
from app.chat.names import held, known, label
from app.chat.parts.text import escaped, plain

KEY = "names"
MOST = 50  # words that an address may bring

_NAMES = v2.component("diptych_names", html="<div></div>", js=Path(__file__).with_name("scope.js").read_text("utf-8"))


def scope(conversation: Conversation) -> None:
    """The chips, and the list of names that `@` opens."""
    library = conversation.library
    count = len(held(library).sources)
    words = _taken_up(conversation) if count > 1 else []
    if count > 1:
        with st.bottom, st.container(key="scope", horizontal=True):
            _chips(conversation, words, count)
    data = {
        "where": address(library) if count > 1 else "",
        "conversation": conversation.id,
        "language": current(),
        "chosen": words,
        "title": _("Ask only"),
    }
    _NAMES(key=KEY, data=data, on_chosen_change=_choose, height="content")


def chosen(conversation: Conversation) -> str | None:
    """What is chosen, as `Library.stream` takes it; None for all."""
    return "\n".join(st.session_state.get(_key(conversation), ())) or None


def _chips(conversation: Conversation, words: list[str], count: int) -> None:
    if not words:
        _opener(several("Asks the one document", "Asks all {n} documents; @ chooses some", count))
        return
    with st.container(key="chips", horizontal=True, width="content"):
        for place, word in enumerate(words):
            name = label(word)
            st.button(
                plain(name if name.endswith("/") else name.rpartition("/")[2]),
                key=f"chip-{place}",
                icon=":material/close:",
                icon_position="right",
                help=_("Ask no longer only {name}").format(name=plain(name)),
                on_click=_set,
                args=(conversation, [each for each in words if each != word]),
            )
    _opener(f"+ {_('more')}")
    st.button(_("Ask all"), key="chip-none", type="tertiary", on_click=_set, args=(conversation, []))
    met = len(conversation.library.catalog.versions("\n".join(words)))
    told = several("{n} document", "{n} documents", met) if met else _("No document fits all of this.")
    st.html(f'<span class="d-small{"" if met else " d-none"}">{escaped(told)}</span>', width="content")


def _opener(told: str) -> None:
    """A button that opens the list of names, as `@` does."""
    st.html(f'<button type="button" class="d-opener" data-names aria-haspopup="listbox">{escaped(told)}</button>', width="content")


def _taken_up(conversation: Conversation) -> list[str]:
    """What the address tells, without what is not there; where it tells nothing, what was chosen here before, else what was asked last."""
    told = st.query_params.get_all(SCOPE)
    before = st.session_state.get(_key(conversation), _asked_last(conversation)) if conversation.turns else []
    words = [word for word in dict.fromkeys(told or before) if known(conversation.library, word)][:MOST]
    if words and not told:
        st.query_params[SCOPE] = words
    st.session_state[_key(conversation)] = words
    return words


def _asked_last(conversation: Conversation) -> list[str]:
    source = next((turn.source for turn in reversed(conversation.turns) if not turn.attached), None)
    return (source or "").split("\n")


def _choose() -> None:
    words = st.session_state[KEY].chosen
    conversation: Conversation = st.session_state.conversation
    if words:
        _set(conversation, [*st.session_state.get(_key(conversation), ()), *words])


def _set(conversation: Conversation, words: list[str]) -> None:
    words = list(dict.fromkeys(words))
    st.session_state[_key(conversation)] = words
    st.query_params[SCOPE] = words or [""]  # that it is all, whatever was asked before
    if not words and not any(_asked_last(conversation)):
        del st.query_params[SCOPE]


def _key(conversation: Conversation) -> str:
    return f"scope-{conversation.id}"
