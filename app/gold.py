"""What readers thought of the chat's answers, as lines of gold to measure with; what a reader corrected stands in the library's folder."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app.chat.conversation import Conversation
from app.chat.shelf import Shelf
from app.chat.turn import Turn
from rag.errors import LibraryError, UsageError
from rag.evaluate.questions import Asked
from rag.records import Citation, Hit, Locator

SNIPPET = 200  # characters of a quote that tell its passage
CORRECTED = "thumbs.json"
FIELDS = ("answerable", "answer", "keywords", "relevant")
LEFT_OUT = "left_out"


@dataclass(frozen=True)
class Rated:
    """An answer with a thumb: the line that it gives by itself, and the needs that its hits could be, those that it cites first."""

    id: str
    drafted: dict[str, Any]
    needs: tuple[dict[str, Any], ...]


def rated(shelf: Shelf) -> Iterator[dict[str, Any]]:
    """A row for each answer with a thumb, the latest conversation first; as it was corrected, where it was, without those left out.

    A good answer gives what it told and what it rests on as what should come again; of a bad one only the question is known, and the
    reader's reason stands in `note`.
    """
    corrected = corrections(shelf.library.folder)
    for each in thumbs(shelf):
        mended = corrected.get(each.id, {})
        if not mended.get(LEFT_OUT):
            yield row(each, mended)


def asked(shelf: Shelf) -> list[Asked]:
    """The questions of which a reader said what should be found."""
    rows = (row for row in rated(shelf) if row.get("relevant"))
    return [Asked(row["id"], row["question"], tuple(row.get("history", ())), relevant=tuple(row["relevant"])) for row in rows]


def thumbs(shelf: Shelf) -> Iterator[Rated]:
    """Every answer with a thumb, the latest conversation first."""
    for id in shelf.ids():
        conversation = shelf.find(id)
        for turn in conversation.turns if conversation else ():
            if conversation and turn.thumb and turn.answer and turn.question:
                drafted = _row(conversation, turn)
                needs = [*drafted.get("relevant", ()), *(_met_by(hit) for hit in turn.hits)]
                yield Rated(drafted["id"], drafted, tuple(need for at, need in enumerate(needs) if need not in needs[:at]))


def row(each: Rated, mended: dict[str, Any]) -> dict[str, Any]:
    """The line of an answer, with what was corrected in the place of what it says by itself."""
    merged = {name: value for name, value in each.drafted.items() if name not in FIELDS}
    for name in FIELDS:
        value = mended.get(name, each.drafted.get(name))
        if value not in (None, "", []):
            merged[name] = value
    return {name: merged[name] for name in (*(name for name in merged if name not in ("thumb", "note")), "thumb", "note") if name in merged}


def tells(row: dict[str, Any]) -> bool:
    """Whether a row says what should come: else nothing can be measured with it."""
    return row.get("answerable") is False or bool(row.get("relevant") or row.get("keywords"))


def corrections(folder: Path) -> dict[str, dict[str, Any]]:
    """What was corrected in a library's folder, by the id of the line."""
    try:
        kept = json.loads((folder / CORRECTED).read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return kept if isinstance(kept, dict) else {}


def correct(folder: Path, id: str, mended: dict[str, Any]) -> None:
    """Keep what was corrected of one line. Raises LibraryError where it cannot be written."""
    kept = json.dumps(corrections(folder) | {id: mended}, ensure_ascii=False, indent=1)
    part = folder / f"{CORRECTED}.part"
    try:
        part.write_text(kept, "utf-8")
        part.replace(folder / CORRECTED)
    except OSError as error:
        raise LibraryError(f"{folder / CORRECTED} cannot be written: {error.strerror}.", "Check the rights of the library.") from None


def line(row: dict[str, Any]) -> str:
    """A row as it stands in a file."""
    return json.dumps(row, ensure_ascii=False)


def write(rows: Sequence[dict[str, Any]], path: Path) -> None:
    """All rows into a file. Raises UsageError where it cannot be written."""
    try:
        path.write_text("".join(f"{line(row)}\n" for row in rows), "utf-8")
    except OSError as error:
        raise UsageError(f"{path} cannot be written: {error.strerror}.", "Name another file.") from None


def _row(conversation: Conversation, turn: Turn) -> dict[str, Any]:
    assert turn.answer is not None
    row: dict[str, Any] = {"id": f"{conversation.id}-{turn.number}", "question": turn.question}
    if history := conversation.history(turn):
        row["history"] = history
    if turn.thumb == "up":
        row["answerable"] = not turn.answer.refused
        if not turn.answer.refused:
            row["answer"] = turn.told
            row["relevant"] = [_need(each, turn) for each in turn.answer.citations]
    row["thumb"] = turn.thumb
    if turn.why:
        row["note"] = turn.why
    return row


def _need(citation: Citation, turn: Turn) -> dict[str, Any]:
    if citation.modality == "text":
        return {"source": citation.source, "text": " ".join(citation.quote.split())[:SNIPPET].rstrip()}
    origin = next((hit.origin for hit in turn.hits if hit.rank == citation.rank), None)
    if origin:
        return {"image": origin}
    return _seen_at(citation.source, citation.locator)


def _met_by(hit: Hit) -> dict[str, Any]:
    """The need that a hit meets."""
    if hit.modality == "text":
        return {"source": hit.source, "text": " ".join(hit.own.split())[:SNIPPET].rstrip()}
    if hit.origin:
        return {"image": hit.origin}
    return _seen_at(hit.source, hit.locator)


def _seen_at(source: str, place: Locator) -> dict[str, Any]:
    """The need of a picture that has no file of its own: by its page, or in a film by when it is shown."""
    at: dict[str, Any] = {"page": place.page} if place.page else {"time": place.time[0]} if place.time else {}
    return {"source": source, **at, "modality": "image"}
