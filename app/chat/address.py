"""The address of what is shown: the page and the part of it, the conversation with what it is asked of, the document, and the library
where it is not the one of the start."""

from __future__ import annotations

import streamlit as st

LIBRARY = "l"
PART = "p"
LOOK = "w"  # of what a part shows: table or tiles, these colours or those
ASKED = "q"
SCOPE = "s"  # once for each word


def go(**where: str) -> None:
    """Go to another place in the same library."""
    library = st.query_params.get(LIBRARY)
    st.query_params.from_dict(({LIBRARY: library} if library else {}) | where)


def stay(**where: str) -> None:
    """Change what is shown of the same page; what is empty goes from the address."""
    now: dict[str, str | list[str]] = {name: st.query_params.get_all(name) for name in st.query_params}
    st.query_params.from_dict({name: value for name, value in (now | where).items() if value})


def change_to(id: str) -> None:
    """Go to another library's beginning; an empty `id` is the one that the chat was started with."""
    st.query_params.from_dict({LIBRARY: id} if id else {})
