"""A conversation: its questions are answered one after the other, on threads that no click and no reload of the page can end."""

from __future__ import annotations

import contextlib
import threading
import uuid
from collections.abc import Callable, Sequence
from contextlib import closing
from typing import TYPE_CHECKING, Any

from app.chat.jobs import Line, as_error
from app.chat.language import later
from app.chat.start import reading
from app.chat.turn import Status, Thumb, Turn
from app.chat.uploads import take_in
from rag.answer.events import Checked, Done, Draft, Event, Found
from rag.errors import DiptychError

if TYPE_CHECKING:
    from rag.library import Library

LOOK = 0.2  # seconds between two looks whether the first document is in


class Conversation:
    """Turns in their order; at most one is being answered, the others wait for it.

    `keep` is called with each turn that was asked, has settled, or was judged, so that it outlives the process.
    """

    def __init__(
        self, library: Library, id: str = "", turns: Sequence[Turn] = (), keep: Callable[[Conversation, Turn], None] = lambda *_: None
    ):
        self.library = library
        self.id = id or uuid.uuid4().hex[:12]
        self.turns: list[Turn] = list(turns)
        self._keep = keep
        self._guard = threading.RLock()

    def ask(self, question: str, **words: Any) -> Turn:
        """A new turn, begun as soon as those before it are settled; `words` are fields of Turn."""
        with self._guard:
            turn = Turn(len(self.turns) + 1, question.strip(), **words)
            turn.place = turn.place or max((each.place for each in self.turns), default=0) + 1
            self.turns.append(turn)
            self._keep(self, turn)
            self._next()
        return turn

    def stop(self, turn: Turn) -> None:
        """End a turn; what came of it is kept, and the next one begins."""
        self._settle(turn, "stopped")

    def judge(self, turn: Turn, thumb: Thumb | None, why: str = "") -> None:
        """Note what the reader thinks of an answer."""
        turn.thumb, turn.why = thumb, why.strip() if thumb else ""
        self._keep(self, turn)

    @property
    def live(self) -> list[Turn]:
        return [turn for turn in self.turns if not turn.settled]

    def at(self, place: int) -> list[Turn]:
        """The turns at one place: a question and the same asked again."""
        return [turn for turn in self.turns if turn.place == place]

    @property
    def places(self) -> list[int]:
        return sorted({turn.place for turn in self.turns})

    def history(self, before: Turn) -> list[dict[str, str]]:
        """The turns before one, as `Library.stream` takes them; of a question that was asked again, the last."""
        last = [self.at(place)[-1] for place in self.places if place < before.place]
        told = [turn for turn in last if turn.question and turn.told]
        return [
            {"role": role, "content": content} for turn in told for role, content in (("user", turn.question), ("assistant", turn.told))
        ]

    def _next(self) -> None:
        turn = next(iter(self.live), None)
        if turn is not None and turn.status == "waiting":
            turn.status = "adding" if turn.documents else "searching"
            threading.Thread(target=self._work, args=(turn,), daemon=True).start()

    def _settle(self, turn: Turn, status: Status, error: DiptychError | None = None) -> None:
        with self._guard:
            if not turn.settled:
                turn.error, turn.status = error, status
                self._keep(self, turn)
            self._next()

    def _work(self, turn: Turn) -> None:
        try:
            if turn.documents:
                turn.report = take_in(turn.documents, self.library, lambda doing, share: self._doing(turn, doing, share))
                turn.documents = ()
                if taken := [*turn.report.added, *turn.report.changed, *turn.report.unchanged, *turn.report.renamed]:
                    turn.source, turn.attached = "\n".join(taken), True
            if turn.question or turn.image is not None:
                self._answer(turn)
            self._settle(turn, "done")
        except Exception as error:
            self._settle(turn, "failed", as_error(error))
        self._lead_on(turn)

    def _lead_on(self, turn: Turn) -> None:
        """Find what could be asked next, after the answer is there; given up as soon as something is asked."""
        found: tuple[str, ...] = ()
        if turn.status == "done" and turn.answer is not None:
            asked = [each.question for each in self.turns]
            with contextlib.suppress(Exception):  # the answer stands without it
                found = self.library.follow_ups(turn.answer, asked=asked, stop=lambda: self.turns[-1] is not turn)
        turn.follow_ups = found
        if found:
            self._keep(self, turn)

    def _doing(self, turn: Turn, doing: Line, share: float | None) -> None:
        turn.doing, turn.share = doing, share

    def _first_document(self, turn: Turn) -> None:
        """Wait, where the library is still empty and something is being read, until the first document is in."""
        while not turn.settled and self.library.catalog.empty() and (job := reading(self.library)):
            with self._guard:
                if not turn.settled:
                    turn.status = "adding"
            self._doing(turn, later("Waiting for the first document. {doing}").format(doing=job.doing), job.share)
            job.wait(LOOK)

    def _answer(self, turn: Turn) -> None:
        self._first_document(turn)
        with self._guard:
            if turn.settled:
                return
            turn.status = "searching"
        events = self.library.stream(
            turn.question,
            history=self.history(turn),
            image=turn.image,
            model=turn.model,
            source=turn.source,
            retrieval_only=not turn.question,
        )
        with closing(events):  # type: ignore[type-var]
            for event in events:
                with self._guard:
                    if turn.settled:
                        return
                    _note(turn, event)


def _note(turn: Turn, event: Event) -> None:
    match event:
        case Found():
            turn.hits, turn.status = event.hits, "writing"
        case Draft():
            turn.draft += event.text
        case Checked():
            turn.checked.append(event)
        case Done():
            turn.answer = event.answer
