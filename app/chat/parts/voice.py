"""A question that is spoken: recognised on this machine; its words stand in the input, to be corrected before they are sent."""

from __future__ import annotations

import io
import threading
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import streamlit as st

from app.chat.conversation import Conversation
from app.chat.jobs import Job, Tell
from app.chat.language import _, later, several
from app.chat.parts.text import escaped, note
from rag.settings import Settings
from rag.speech.recognise import STRETCH, missing, model_of, shared
from rag.speech.sound import opened

LOOK_AGAIN = 0.25  # seconds, while it is recognised

_one_at_a_time = threading.Lock()


@dataclass(frozen=True)
class Spoken:
    """What was said in a conversation, and is not sent yet; what was `typed` before it and the `files` beside it go with it."""

    conversation: str
    typed: str
    files: Sequence[Any]
    job: Job[str]
    id: str = field(default_factory=lambda: uuid.uuid4().hex)


def hear(conversation: Conversation, sound: bytes, typed: str, files: Sequence[Any]) -> None:
    """Begin to recognise a recording (a file's bytes)."""
    settings = conversation.library.settings
    files = [*taken(conversation), *files]
    st.session_state.spoken = Spoken(conversation.id, typed, files, Job(lambda tell: recognised(settings, sound, tell)))


def voice(conversation: Conversation) -> None:
    """A line over the input, while something is recognised, where nothing was, and of the files that wait."""
    spoken = _spoken(conversation)
    if spoken is None or (spoken.job.result and not spoken.files):
        return
    with st.bottom, st.container(key="voice"):
        if not spoken.job.done:
            _coming(spoken)
        elif spoken.job.error:
            st.html(note("error", spoken.job.error, spoken.job.error.hint))
        elif not spoken.job.result:
            st.html(f'<p class="d-small">{escaped(_("Nothing was heard."))}</p>')
        if spoken.files:
            told = several("{n} file goes with the question", "{n} files go with the question", len(spoken.files))
            st.html(f'<p class="d-small">{escaped(told)}</p>')


def heard(conversation: Conversation | None) -> dict[str, str] | None:
    """What the input shall hold, with an id that tells it from what was said before."""
    spoken = _spoken(conversation)
    if spoken is None or not spoken.job.done:
        return None
    return {"id": spoken.id, "words": " ".join(filter(None, [spoken.typed.strip(), spoken.job.result]))}


def taken(conversation: Conversation) -> Sequence[Any]:
    """The files that go with the next question; what was said is over with it."""
    spoken = _spoken(conversation)
    st.session_state.pop("spoken", None)
    return spoken.files if spoken else []


def _spoken(conversation: Conversation | None) -> Spoken | None:
    spoken: Spoken | None = st.session_state.get("spoken")
    return spoken if spoken and conversation and spoken.conversation == conversation.id else None


def _coming(spoken: Spoken) -> None:
    @st.fragment(run_every=LOOK_AGAIN)
    def draw() -> None:
        if spoken.job.done:
            st.rerun()
        st.html(f'<p class="d-small" role="status">{escaped(spoken.job.doing)}</p>')

    draw()


def recognised(settings: Settings, sound: bytes, tell: Tell) -> str:
    """What is said in it. Raises ModelUnavailable and ReadError."""
    if lacking := missing(settings):
        raise lacking
    recogniser = shared(model_of(settings))
    with _one_at_a_time, opened(io.BytesIO(sound)) as recording:
        tell(later("Loading the model that recognises speech…"), None)
        recogniser.load()
        tell(later("Recognising what you said…"), None)
        return recogniser.words(recording.beginning(STRETCH))
