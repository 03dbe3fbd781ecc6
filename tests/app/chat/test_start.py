"""The start on an empty library: the page is there at once, says what is being read, and answers from what is in."""

from __future__ import annotations

import threading
import time

import pytest

import ingest
from app.chat.serve import FIRST
from ingest.report import Report
from tests.app.chat.driven import ask, opened, page, settle, words


@pytest.fixture
def empty(chat, tmp_path):
    """The chat over an empty library."""
    return chat(tmp_path / "library")


@pytest.fixture
def gate(monkeypatch, forgetful, tmp_path, coast):
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


def test_the_page_is_there_while_the_first_documents_are_read(gate):
    at = opened()
    assert not at.exception
    library = at.session_state.conversation.library
    until = time.monotonic() + 120
    while library.catalog.file("lights.md") is None:
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


def test_a_question_before_the_first_document_is_answered_when_it_is_in(gate, monkeypatch, coast):
    real, entered = ingest.ingest, threading.Event()  # the gated one

    def later(paths, library, **more):
        assert entered.wait(60)
        return real([coast / "lights.md"], library, **more)

    monkeypatch.setattr(ingest, "ingest", later)
    at = opened()
    assert "You can ask already" in words(at)
    at.chat_input[0].set_value("In which year was the light at Hollin Point built?").run()
    (turn,) = at.session_state.conversation.turns
    until = time.monotonic() + 120
    while turn.status != "adding":
        assert time.monotonic() < until
        time.sleep(0.05)
    assert "Waiting for the first document" in str(turn.doing) and not turn.settled
    entered.set()
    at = settle(at, 120)
    assert turn.early and "1791" in turn.answer.answer and "Files were still being read when this was asked" in words(at)


def test_an_empty_library_has_three_ways_in(tmp_path, monkeypatch, empty):
    at = empty
    assert "The library is empty" in words(at) and at.file_uploader and at.text_input(key="library-path")
    taken = []
    monkeypatch.setattr(ingest, "ingest", lambda paths, library, **more: taken.extend(paths) or Report())
    at.button(key="take-sample").click().run()
    at.session_state.upload.wait(60)
    assert [path.name for path in taken] == ["sample"]


def test_a_folder_that_shall_be_followed_is_waited_for_by_the_first_question(empty, coast):
    at = ask(empty, "In which year was the light at Hollin Point built?")
    assert "The library was still empty" in words(at)
    at.button(key="new").click().run()
    at.text_input(key="library-path").set_value(str(coast / "lights.md"))
    at.button(key="FormSubmitter:library-folder-Look what is there").click().run()
    at.session_state["library-plan"][1].wait(60)
    at.run().button(key="library-follow").click().run()
    at.chat_input[0].set_value("In which year was the light at Hollin Point built?").run()
    assert "1791" in words(settle(at, 120))


def test_a_picture_on_an_empty_library_is_offered_for_adding(empty, coast):
    at = empty
    at.chat_input[0].upload("mine.png", (coast / "pictures/tower.png").read_bytes()).run()
    assert "nothing yet to compare this picture with" in words(at) and not at.session_state.conversation.turns
    at.button(key="dropped-add").click().run()
    at = settle(at, 120)
    assert [file.source for file in at.session_state.conversation.library.catalog.files()] == ["mine.png"]
    assert "Added mine.png" in words(at) and not at.exception


def test_a_library_that_holds_something_is_left_as_it_is(gate, library, monkeypatch):
    monkeypatch.setenv("DIPTYCH_LIBRARY", str(library.folder))
    at = opened()
    assert at.file_uploader and "being read" not in page(at).text_content()
