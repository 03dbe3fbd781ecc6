"""The switch between the parts of a page: the one that is open stands in the address, so that a reload and a link find it again."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from app.chat.address import PART, stay
from app.chat.language import later


def part(parts: Mapping[str, object], name: str = PART) -> str:
    """The part that the address names under `name`; without one, or one that there is not, the first."""
    named = st.query_params.get(name, "")
    return named if named in parts else next(iter(parts))


def switch(label: str, parts: Mapping[str, str | later], key: str, name: str = PART, *, labelled: bool = False) -> str:
    """Draw the switch; the part that is open."""
    if st.session_state.get(key) != part(parts, name):
        st.session_state[key] = part(parts, name)
    st.segmented_control(
        label,
        list(parts),
        required=True,
        key=key,
        format_func=lambda each: str(parts[each]),
        on_change=_switched,
        args=(parts, key, name),
        label_visibility="visible" if labelled else "collapsed",
        width="content",
    )
    return part(parts, name)


def _switched(parts: Mapping[str, object], key: str, name: str) -> None:
    chosen = st.session_state[key]
    stay(**{name: "" if chosen == next(iter(parts)) else chosen})
