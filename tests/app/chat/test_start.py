"""The start on an empty library: the page is there at once, says what is being read, and answers from what is in."""

from __future__ import annotations

import threading
import time

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

import ingest
from app.chat.serve import FIRST
from tests.app.chat.test_pages import SCRIPT, ask, page, words


@pytest.fixture
def gate(monkeypatch, tmp_path, coast):
    """An ingest of the coast that holds before its end until the event is set; the chat is told to begin with it."""
    real, gate = ingest.ingest, threading.Event()

    def held(paths, library, **more):
        report = real(paths, library, **more)
        assert gate.wait(60)
        return report

    monkeypatch.setattr(ingest, "ingest", held)
    monkeypatch.setenv(FIRST, str(coast))
    monkeypatch.setenv("DIPTYCH_LIBRARY", str(tmp_path / "library"))
    monkeypatch.setenv("DIPTYCH_LLM", "quote")
    yield gate
    gate.set()
    st.cache_resource.clear()
    st.cache_data.clear()


def test_the_page_is_there_while_the_first_documents_are_read(gate):
    at = AppTest.from_file(str(SCRIPT), default_timeout=60).run()
    assert not at.exception
    opened = at.session_state.conversation.library
    until = time.monotonic() + 120
    while not opened.catalog.counts()["files"]:
        assert time.monotonic() < until, "nothing was taken in"
        time.sleep(0.05)
    at = ask(at, "In which year was the light at Hollin Point built?")
    assert "1791" in words(at) and "Files were still being read when this was asked" in words(at)
    assert not at.file_uploader, "one reading at a time"
    gate.set()
    while not at.run().file_uploader:
        assert time.monotonic() < until, "the reading did not end"
    at = ask(at, "When was Ness Head lit?")
    assert "1834" in words(at) and words(at).count("Files were still being read") == 1


def test_a_library_that_holds_something_is_left_as_it_is(gate, library, monkeypatch):
    monkeypatch.setenv("DIPTYCH_LIBRARY", str(library.folder))
    at = AppTest.from_file(str(SCRIPT), default_timeout=60).run()
    assert at.file_uploader and "being read" not in page(at).text_content()
