"""A recording listened to stretch by stretch, in bounded memory; what was heard is not heard again where it was stopped."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import partial

from ingest.readers.resumed import once
from rag.errors import ModelUnavailable, ReadError
from rag.speech.cue import Cue
from rag.speech.recognise import STRETCH, Heard, Recogniser
from rag.speech.sound import RATE, Sound

LONGEST = 24 * 3600  # seconds of a recording that are heard
TRANSCRIPT = "A transcript of its name beside it (.srt, .vtt) is read without one."


@dataclass(frozen=True)
class Listener:
    """What recognises speech (`lacking` where that is not there); `tell` hears how many seconds were heard, and of how many (0: not
    known). `recall` gives what was heard in this recording before, as it was given to `keep`. With `sounds` what has no words counts, too.
    """

    recogniser: Recogniser
    lacking: ModelUnavailable | None = None
    tell: Callable[[float, float], None] = lambda seconds, of: None
    recall: Callable[[], str | None] = lambda: None
    keep: Callable[[str], None] = lambda heard: None
    sounds: bool = False


class NoListener(ReadError):
    """Nothing on this machine recognises speech."""


_listener: ContextVar[Listener | None] = ContextVar("listener", default=None)


@contextmanager
def listening(listener: Listener) -> Iterator[None]:
    """Has recordings that are read listened to."""
    token = _listener.set(listener)
    try:
        yield
    finally:
        _listener.reset(token)


def listener() -> Listener:
    """Who listens now. Raises NoListener."""
    found = _listener.get()
    lacking = found.lacking if found else ModelUnavailable("Nothing here recognises speech.", "")
    if found is None or lacking:
        raise NoListener(str(lacking), f"{lacking.hint if lacking else ''} {TRANSCRIPT}".strip()) from lacking
    return found


def sounds_count() -> bool:
    """Whether what has no words is taken in, too."""
    found = _listener.get()
    return found is not None and found.sounds


def watched(seconds: float, of: float) -> None:
    """Tells who listens now, if anybody does, how many seconds of a film were looked through, and of how many."""
    if found := _listener.get():
        found.tell(seconds, of)


def heard(sound: Sound, by: Listener) -> Iterator[Cue]:
    """What is said in it. Raises ReadError."""
    if known := by.recall():
        yield from (Cue(*each) for each in json.loads(known))
        return
    cues: list[Cue] = []
    try:
        for cue in _said(sound, by):
            cues.append(cue)
            yield cue
        by.keep(json.dumps([(round(cue.start, 2), round(cue.end, 2), cue.text) for cue in cues], ensure_ascii=False))
    except ModelUnavailable as error:
        raise ReadError(str(error), error.hint) from error


def _said(sound: Sound, by: Listener) -> Iterator[Cue]:
    import numpy as np

    of = min(sound.about().seconds, LONGEST)
    pieces, held, whole = sound.pieces(), np.zeros(0, dtype=np.float32), round(STRETCH * RATE)
    used, last = 0, False  # samples
    language: str | None = None

    def hear() -> Heard:
        tell = partial(_told, by, used / RATE, of)
        return by.recogniser.heard(held[:whole], language, last and len(held) <= whole, tell)

    while not last and used < LONGEST * RATE:
        piece = next(pieces, None)
        last = piece is None
        held = held if piece is None else np.concatenate([held, piece])
        while len(held) >= whole or (last and len(held)):
            found = once(("heard", used, len(held[:whole]), language), hear)
            yield from (Cue(used / RATE + cue.start, used / RATE + cue.end, cue.text) for cue in found.cues)
            language = found.language
            done = min(max(round(found.used * RATE), 1), len(held))
            held, used = held[done:], used + done
            by.tell(used / RATE, of)


def _told(by: Listener, before: float, of: float, seconds: float) -> None:
    by.tell(before + seconds, of)
