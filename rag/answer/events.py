"""What an answer shows while it comes: the hits, the draft, each sentence's verdict, and the answer whole."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from rag.records import Answer, Hit


@dataclass(frozen=True)
class Found:
    """The hits that the answer will rest on, and the question as it was searched."""

    query: str
    hits: tuple[Hit, ...]


@dataclass(frozen=True)
class Draft:
    """A piece of the model's text, not yet checked."""

    text: str


@dataclass(frozen=True)
class Checked:
    """A sentence with its verdict; `reason` says what its passages do not bear, None where they bear it."""

    sentence: str
    reason: str | None


@dataclass(frozen=True)
class Done:
    """The answer whole: always the last event."""

    answer: Answer


Event = Found | Draft | Checked | Done


def final(events: Iterator[Event]) -> Answer:
    """The answer that a stream of events ends with."""
    answer = None
    for event in events:
        if isinstance(event, Done):
            answer = event.answer
    assert answer is not None, "a stream of events ends with Done"
    return answer
