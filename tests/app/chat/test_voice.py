"""A question by voice: what is recognised, and what the page says meanwhile, after silence, and without a model."""

from __future__ import annotations

import io

import numpy as np
import pytest

from app.chat.jobs import Job
from app.chat.parts.voice import Spoken, heard, recognised
from rag import Settings
from rag.errors import ModelUnavailable, ReadError
from tests.app.chat.driven import words
from tests.recorded import SPOKEN, needs_speech, record


def told(result: object) -> Job[str]:
    """A job that is done, with this result or error."""

    def work(tell: object) -> str:
        if isinstance(result, Exception):
            raise result
        return str(result)

    job = Job(work)
    job.wait()
    return job


@needs_speech
def test_what_is_said_is_recognised_in_its_own_language_after_the_model_is_loaded():
    doing = []
    text = recognised(Settings(), (SPOKEN / "biblioteca.opus").read_bytes(), lambda line, _: doing.append(str(line)))
    assert "a biblioteca" in text and "El lunes est" in text and "cerrada." in text  # the accent hangs on the processor
    assert doing == ["Loading the model that recognises speech…", "Recognising what you said…"]


@needs_speech
def test_silence_is_no_words(tmp_path):
    silent = record(tmp_path / "silent.wav", np.zeros(32_000, np.float32)).read_bytes()
    assert recognised(Settings(), silent, lambda *_: None) == ""


def test_without_a_model_one_is_told_how_to_have_it(tmp_path):
    with pytest.raises(ModelUnavailable) as without:
        recognised(Settings(readers=tmp_path), b"", lambda *_: None)
    assert "make speech" in without.value.hint


@needs_speech
def test_what_is_no_recording_is_said_to_be_none():
    with pytest.raises(ReadError):
        recognised(Settings(), b"RIFF and no more", lambda *_: None)


@pytest.mark.parametrize(
    "result, line",
    [("", "Nothing was heard."), (ModelUnavailable("There is no model.", "Get it with `make speech`."), "There is no model.")],
    ids=["silence", "no model"],
)
def test_the_page_says_what_came_of_it_and_keeps_what_was_typed_and_attached(chat, library, result, line):
    at = chat(library.folder)
    conversation = at.session_state.conversation
    at.session_state.spoken = Spoken(conversation.id, "Who built", [io.BytesIO(b"notes")], told(result))
    at.run()
    assert not at.exception and line in words(at) and "1 file goes with the question" in words(at)
    at.session_state.spoken = Spoken("another", "", [], told(result))
    assert line not in words(at.run())


def test_the_words_stand_behind_what_was_typed(monkeypatch):
    import streamlit as st

    spoken = Spoken("here", " In which year ", [], told("was it built?"))
    monkeypatch.setitem(st.session_state, "spoken", spoken)
    conversation = type("Here", (), {"id": "here"})()
    assert heard(conversation) == {"id": spoken.id, "words": "In which year was it built?"}
    assert heard(None) is None
