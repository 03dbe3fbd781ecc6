"""The address of what is shown: the page, the conversation with what it is asked of, the document, and the library where it is not the
one of the start."""

from __future__ import annotations

import streamlit as st

LIBRARY = "l"
SCOPE = "s"  # once for each word


def go(**where: str) -> None:
    """Go to another place in the same library."""
    library = st.query_params.get(LIBRARY)
    st.query_params.from_dict(({LIBRARY: library} if library else {}) | where)


def change_to(id: str) -> None:
    """Go to another library's beginning; an empty `id` is the one that the chat was started with."""
    st.query_params.from_dict({LIBRARY: id} if id else {})
