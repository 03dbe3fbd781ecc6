"""What the tests of the chat's pages share."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from tests.app.chat.driven import opened


@pytest.fixture
def forgetful() -> Iterator[None]:
    """What Streamlit keeps for all sessions of a process is let go of after the test."""
    yield
    st.cache_resource.clear()
    st.cache_data.clear()


@pytest.fixture
def chat(monkeypatch, forgetful) -> Callable[..., AppTest]:
    """Open the chat over a library folder, on a page of it; words are settings."""

    def chat(folder: Path, view: str = "", **settings: str) -> AppTest:
        monkeypatch.setenv("DIPTYCH_LIBRARY", str(folder))
        for name, value in ({"llm": "quote"} | settings).items():
            monkeypatch.setenv(f"DIPTYCH_{name.upper()}", value)
        return opened(v=view) if view else opened()

    return chat
