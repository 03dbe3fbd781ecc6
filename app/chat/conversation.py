"""A conversation: its questions are answered one after the other, on threads that no click and no reload of the page can end."""

from __future__ import annotations

import contextlib
import re
import threading
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from app.chat.jobs import as_error
from app.chat.uploads import take_in
from rag.answer.events import Checked, Done, Draft, Event, Found
from rag.errors import DiptychError
from rag.records import Answer, Hit

if TYPE_CHECKING:
    from PIL.Image import Image

    from ingest.pipeline import Report
    from rag.library import Library

Status = Literal["waiting", "adding", "searching", "writing", "done", "stopped", "failed"]
SETTLED = ("done", "stopped", "failed")
MARK = re.compile(r"\s*\[(?:\d+|unverified)\]")


@dataclass
class Turn:
    """A question and what came of it so far. `image` is part of the question; `documents` (name, content) go into the library first."""

    number: int
    question: str
    image: Image | None = None
    documents: Sequence[tuple[str, bytes]] = ()
    model: str | None = None
    left_out: Sequence[str] = ()
    status: Status = "waiting"
    doing: str = ""
    share: float | None = None
    report: Report | None = None
    hits: tuple[Hit, ...] = ()
    draft: str = ""
    checked: list[Checked] = field(default_factory=list)
    answer: Answer | None = None
    follow_ups: tuple[str, ...] | None = None  # None: not known yet
    error: DiptychError | None = None

    @property
    def settled(self) -> bool:
        return self.status in SETTLED

    @property
    def told(self) -> str:
        """What the reader was told, without marks: the answer, or the draft where it was stopped."""
        text = self.answer.answer if self.answer else self.draft
        return MARK.sub("", text or "").strip()


class Conversation:
    """Turns in their order; at most one is being answered, the others wait for it."""

    def __init__(self, library: Library):
        self.library = library
        self.turns: list[Turn] = []
        self._guard = threading.RLock()

    def ask(self, question: str, **words: Any) -> Turn:
        """A new turn, begun as soon as those before it are settled; `words` are fields of Turn."""
        with self._guard:
            turn = Turn(len(self.turns) + 1, question.strip(), **words)
            self.turns.append(turn)
            self._next()
        return turn

    def stop(self, turn: Turn) -> None:
        """End a turn; what came of it is kept, and the next one begins."""
        self._settle(turn, "stopped")

    @property
    def live(self) -> list[Turn]:
        return [turn for turn in self.turns if not turn.settled]

    def history(self, before: Turn) -> list[dict[str, str]]:
        """The turns before one, as `Library.stream` takes them."""
        told = [turn for turn in self.turns[: before.number - 1] if turn.question and turn.told]
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
            self._next()

    def _work(self, turn: Turn) -> None:
        try:
            if turn.documents:
                turn.report = take_in(turn.documents, self.library, lambda doing, share: self._doing(turn, doing, share))
                turn.documents = ()
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

    def _doing(self, turn: Turn, doing: str, share: float | None) -> None:
        turn.doing, turn.share = doing, share

    def _answer(self, turn: Turn) -> None:
        with self._guard:
            if turn.settled:
                return
            turn.status = "searching"
        events = self.library.stream(
            turn.question,
            history=self.history(turn),
            image=turn.image,
            model=turn.model,
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
