"""The page where questions are asked: a welcome, the turns of the conversation, and the input."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import PurePath
from typing import TYPE_CHECKING, Any

import streamlit as st

from app.chat.conversation import Conversation
from app.chat.language import _, later
from app.chat.parts.actions import actions
from app.chat.parts.answer import coming, question, settled
from app.chat.parts.beginnings import beginnings
from app.chat.parts.conversations import menu
from app.chat.parts.holdings import TYPES, held, progress
from app.chat.parts.models import offered
from app.chat.parts.scope import chosen, scope
from app.chat.parts.suggestions import suggestions
from app.chat.parts.text import escaped, plain
from app.chat.parts.voice import hear, taken, voice
from app.chat.start import reading
from app.chat.turn import Turn
from ingest.readers import kind
from rag.errors import ReadError
from rag.pictures.open import open_image

if TYPE_CHECKING:
    from PIL.Image import Image

    from app.chat.shelf import Shelf
    from rag.library import Library

STATES = {"done": later("done"), "stopped": later("stopped"), "failed": later("failed")}
LOOK_AGAIN = 0.25  # seconds, while an answer comes


@dataclass(frozen=True)
class Dropped:
    """What was sent with pictures while the library is empty: each (name, content); `image` is the first of them."""

    question: str
    image: Image
    pictures: list[tuple[str, bytes]]
    documents: list[tuple[str, bytes]]
    left_out: list[str]


def page(conversation: Conversation, shelf: Shelf) -> None:
    """Draw the conversation as it stands; while a turn is not settled, only that part is drawn again and again."""
    if conversation.turns:
        menu(shelf, conversation)
    else:
        _welcome(conversation)
    live = conversation.live
    models = offered(conversation.library.settings) if conversation.turns else {}
    for place in conversation.places:
        answers = [turn for turn in conversation.at(place) if turn not in live]
        if answers:
            _turn(conversation, answers, shelf, models)
    if live:
        _live(conversation, live)
    elif conversation.turns:
        _follow_ups(conversation, conversation.turns[-1])
    scope(conversation)
    voice(conversation)
    st.chat_input(
        _("Ask about the library"),
        key="asked",
        accept_file="multiple",
        file_type=TYPES,
        accept_audio=True,
        on_submit=_submitted,
        args=(conversation,),
    )


def _welcome(conversation: Conversation) -> None:
    library = conversation.library
    with st.container(key="welcome"):
        if library.catalog.counts()["files"] == 0:
            running = reading(library)
            if running is not None:
                _hello(_("The first documents are being read"), _("You can ask already: the answer comes as soon as one is in."))
                progress(running, library)
                return
            _hello(_("The library is empty"), _("Three ways to begin. What you add stays on this machine."))
            if not _dropped(conversation):
                beginnings(library)
            return
        _hello(_("What would you like to know?"), held(library))
        with st.container(key="suggestions"):
            for number, asked in enumerate(_suggested(library, str(library.folder), library.catalog.sources()[-1].ingested_at)):
                st.button(plain(asked), key=f"suggestion-{number}", on_click=ask, args=(conversation, asked), width="stretch")


def _hello(greeting: str, lead: str) -> None:
    st.html(f'<h1 class="d-hello">{greeting}</h1><p class="d-lead">{lead}</p>')


def _dropped(conversation: Conversation) -> bool:
    """A picture that came where there is nothing to compare it with is offered for adding; whether one is."""
    sent: Dropped | None = st.session_state.get("dropped")
    if sent is None:
        return False
    with st.container(key="dropped", border=True):
        st.html(f"<p>{escaped(_('There is nothing yet to compare this picture with. Shall it be added to the library?'))}</p>")
        st.image([picture for _name, picture in sent.pictures], width=150)
        with st.container(horizontal=True):
            st.button(_("Add it"), key="dropped-add", type="primary", on_click=_add_dropped, args=(conversation, sent))
            st.button(_("Only ask"), key="dropped-ask", on_click=_ask_dropped, args=(conversation, sent))
            st.button(_("Cancel"), key="dropped-away", type="tertiary", on_click=_undropped)
    return True


def _undropped() -> None:
    st.session_state.pop("dropped", None)


def _add_dropped(conversation: Conversation, sent: Dropped) -> None:
    _undropped()
    ask(conversation, sent.question, documents=[*sent.pictures, *sent.documents], left_out=sent.left_out)


def _ask_dropped(conversation: Conversation, sent: Dropped) -> None:
    _undropped()
    ask(conversation, sent.question, image=sent.image, documents=sent.documents, left_out=sent.left_out)


@st.cache_data(max_entries=8, show_spinner=False)
def _suggested(_library: Library, folder: str, state: str) -> list[str]:
    return suggestions(_library.catalog.all_records())


def _turn(conversation: Conversation, answers: list[Turn], shelf: Shelf, models: dict[str, str]) -> None:
    """A question with its answer; where it was asked again, with a choice among them, the last first."""
    turn = answers[-1]
    if len(answers) > 1:
        labels = {each.number: f"{at} · {_by(each)}" for at, each in enumerate(answers, 1)}
        key = f"answers-{conversation.id}-{turn.number}"
        chosen = st.session_state.get(key, turn.number)
        turn = next((each for each in answers if each.number == chosen), turn)
    question(turn)
    with st.chat_message("assistant", avatar=":material/auto_stories:"):
        if len(answers) > 1:
            st.segmented_control(
                _("Answers"), list(labels), default=turn.number, format_func=labels.__getitem__, key=key, label_visibility="collapsed"
            )
        settled(turn)
        actions(conversation, turn, shelf, models)


def _by(turn: Turn) -> str:
    """Who answered, or what became of the answer."""
    if turn.answer is None:
        return str(STATES[turn.status])
    return _("Quotes") if turn.answer.model == "quote" else turn.answer.model or str(STATES[turn.status])


def _live(conversation: Conversation, live: list[Turn]) -> None:
    @st.fragment(run_every=LOOK_AGAIN)
    def draw() -> None:
        if conversation.live != live:
            st.rerun()
        for turn in live:
            question(turn)
            with st.chat_message("assistant", avatar=":material/auto_stories:"):
                coming(turn)
                st.button(
                    _("Stop"),
                    key=f"stop-{turn.number}",
                    icon=":material/stop_circle:",
                    type="tertiary",
                    on_click=conversation.stop,
                    args=(turn,),
                )

    draw()


def _follow_ups(conversation: Conversation, turn: Turn) -> None:
    """What could be asked after the last answer, as soon as it is known."""
    if turn.follow_ups is None and turn.status == "done":

        @st.fragment(run_every=LOOK_AGAIN)
        def wait() -> None:
            if turn.follow_ups is not None:
                st.rerun()

        wait()
    elif turn.follow_ups:
        with st.container(key="follow-ups"):
            for number, asked in enumerate(turn.follow_ups):
                key = f"follow-up-{turn.number}-{number}"
                st.button(plain(asked), key=key, icon=":material/subdirectory_arrow_right:", on_click=ask, args=(conversation, asked))


def ask(conversation: Conversation, words: str, **more: Any) -> None:
    """Ask with the model that is chosen in the sidebar; from now on the conversation has its address."""
    early = reading(conversation.library) is not None
    conversation.ask(words, model=st.session_state.model, early=early, source=chosen(conversation), **more)
    st.query_params["c"] = conversation.id


def _submitted(conversation: Conversation) -> None:
    sent = st.session_state.asked
    if sent.audio is not None:
        hear(conversation, sent.audio.getvalue(), sent.text, sent.files)
        return
    files = [*taken(conversation), *sent.files]
    pictures = [file for file in files if kind(PurePath(file.name)) == "image"]
    documents = [(file.name, file.getvalue()) for file in files if file not in pictures]
    image, unread = _opened(pictures[0]) if pictures else (None, [])
    left_out = [*unread, *(file.name for file in pictures[1:])]
    if image is not None and conversation.library.catalog.empty() and not conversation.turns and reading(conversation.library) is None:
        readable = [(file.name, file.getvalue()) for file in pictures if _opened(file)[0] is not None]
        st.session_state.dropped = Dropped(sent.text, image, readable, documents, left_out)
    elif sent.text.strip() or image is not None or documents:
        ask(conversation, sent.text, image=image, documents=documents, left_out=left_out)
    elif left_out:
        st.toast(plain(_("{name} is no picture that can be read.").format(name=left_out[0])), icon=":material/error:")


def _opened(file: Any) -> tuple[Image | None, list[str]]:
    """The picture, or its name where it cannot be read."""
    try:
        return open_image(file.getvalue()), []
    except ReadError:
        return None, [_("{name} (it cannot be read)").format(name=file.name)]
