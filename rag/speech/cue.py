"""A piece of speech with its time."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Cue:
    """What is said from `start` to `end`, in seconds from the beginning of the recording."""

    start: float
    end: float
    text: str
