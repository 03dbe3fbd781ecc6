"""A turn of a conversation: a question with what came of it so far, and the form in which it is kept."""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from app.chat.language import _, later, number
from ingest.report import Report
from rag.answer.events import Checked
from rag.errors import DiptychError
from rag.records import Answer, Hit

if TYPE_CHECKING:
    from PIL.Image import Image
    from pydantic import TypeAdapter

Status = Literal["waiting", "adding", "searching", "writing", "done", "stopped", "failed"]
SETTLED = ("done", "stopped", "failed")
Thumb = Literal["up", "down"]
MARK = re.compile(r"\s*\[(?:\d+|unverified)\]")


@dataclass
class Turn:
    """A question and what came of it so far.

    `number` counts the turns of a conversation from 1 as they are asked; turns at one `place` are answers to the same question. `image`
    is part of the question; `documents` (name, content) go into the library first; it is `early` where files were still being read when it
    was asked. `source` are the globs of what it is asked of, one a line; those of the documents that came with it where it is `attached`.
    `thumb` is what the reader thinks of the answer, and `why` the reason. `drawn` is for the page: HTML that it need not make again.
    """

    number: int
    question: str
    image: Image | None = None
    documents: Sequence[tuple[str, bytes]] = ()
    model: str | None = None
    left_out: Sequence[str] = ()
    place: int = 0
    status: Status = "waiting"
    doing: str | later = ""
    share: float | None = None
    report: Report | None = None
    hits: tuple[Hit, ...] = ()
    draft: str = ""
    checked: list[Checked] = field(default_factory=list)
    answer: Answer | None = None
    follow_ups: tuple[str, ...] | None = None  # None: not known yet
    error: DiptychError | None = None
    thumb: Thumb | None = None
    why: str = ""
    early: bool = False
    source: str | None = None
    attached: bool = False
    drawn: dict[str, str] = field(default_factory=dict, compare=False, repr=False)

    @property
    def settled(self) -> bool:
        return self.status in SETTLED

    @property
    def by(self) -> str:
        """Who answered, and how long it took; empty where nobody did."""
        if self.answer is None or not self.answer.model:
            return ""
        told = _("Quoted without a model in {seconds} s") if self.answer.model == "quote" else _("Answered by {model} in {seconds} s")
        return told.format(model=self.answer.model, seconds=number(self.answer.timings_ms.get("total", 0) / 1000, 1))

    @property
    def told(self) -> str:
        """What the reader was told, without marks: the answer, or the draft where it was stopped."""
        text = self.answer.answer if self.answer else self.draft
        return MARK.sub("", text or "").strip()


@dataclass(frozen=True)
class Kept:
    """What of a turn outlives the process, as JSON can hold it."""

    question: str
    place: int
    model: str | None
    left_out: tuple[str, ...]
    status: Status
    report: Report | None
    draft: str
    answer: Answer | None
    follow_ups: tuple[str, ...] | None
    error: tuple[str, str] | None
    thumb: Thumb | None
    why: str
    early: bool = False
    source: str | None = None
    attached: bool = False


@cache
def _json() -> TypeAdapter[Kept]:
    from pydantic import TypeAdapter

    return TypeAdapter(Kept)


def dump(turn: Turn) -> bytes:
    """The turn as JSON, without its picture and without the documents that came with it."""
    return _json().dump_json(
        Kept(
            turn.question,
            turn.place,
            turn.model,
            tuple(turn.left_out),
            turn.status,
            turn.report,
            turn.draft,
            turn.answer,
            turn.follow_ups,
            (str(turn.error), turn.error.hint) if turn.error else None,
            turn.thumb,
            turn.why,
            turn.early,
            turn.source,
            turn.attached,
        )
    )


def load(number: int, data: bytes, picture: bytes | None, media: Path) -> Turn:
    """The turn that `dump` wrote; one that was under way is stopped. Pictures of hits are looked for in `media` where the library was
    moved. Raises ValueError where it is of another make."""
    kept = _json().validate_json(data)
    error = DiptychError(*kept.error) if kept.error else None
    status: Status = kept.status if kept.status in SETTLED else "stopped"
    turn = Turn(number, kept.question, _picture(picture), model=kept.model, left_out=kept.left_out, place=kept.place, status=status)
    turn.report, turn.draft, turn.error, turn.thumb, turn.why = kept.report, kept.draft, error, kept.thumb, kept.why
    turn.early, turn.source, turn.attached = kept.early, kept.source, kept.attached
    turn.answer = moved(kept.answer, media) if kept.answer else None
    turn.hits = turn.answer.hits if turn.answer else ()
    turn.follow_ups = kept.follow_ups or ()
    return turn


def packed(image: Image | None) -> bytes | None:
    """A picture as it is kept."""
    if image is None:
        return None
    out = io.BytesIO()
    image.save(out, "WEBP", lossless=True)
    return out.getvalue()


def _picture(data: bytes | None) -> Image | None:
    from rag.pictures.open import open_image

    return open_image(data) if data else None


def moved(answer: Answer, media: Path) -> Answer:
    """The answer with its pictures where they lie now, in `media`, where the library was moved."""
    from dataclasses import replace

    def found(path: str | None) -> str | None:
        return path if path is None or Path(path).exists() else str(media / Path(path).name)

    hits = tuple(replace(hit, media=found(hit.media)) for hit in answer.hits)
    return replace(answer, hits=hits, citations=tuple(replace(each, media=found(each.media)) for each in answer.citations))
