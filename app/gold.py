"""What readers thought of the chat's answers, as lines of gold to measure with."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from app.chat.conversation import Conversation
from app.chat.shelf import Shelf
from app.chat.turn import Turn
from rag.errors import UsageError
from rag.records import Citation

SNIPPET = 200  # characters of a quote that tell its passage


def rated(shelf: Shelf) -> Iterator[dict[str, Any]]:
    """A row for each answer with a thumb, the latest conversation first.

    A good answer gives what it told and what it rests on as what should come again; of a bad one only the question is known, and the
    reader's reason stands in `note`.
    """
    for id in shelf.ids():
        conversation = shelf.find(id)
        for turn in conversation.turns if conversation else ():
            if turn.thumb and turn.answer and turn.question:
                yield _row(conversation, turn)  # type: ignore[arg-type]


def line(row: dict[str, Any]) -> str:
    """A row as it stands in a file."""
    return json.dumps(row, ensure_ascii=False)


def write(rows: list[dict[str, Any]], path: Path) -> None:
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
    return {"source": citation.source, "page": citation.locator.page, "modality": "image"}
