"""Who may compute at once: a few, in the order in which they came."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, Lock


class Turns:
    """At most `most` at once. A semaphore of `threading` gives a place to whoever asks at the right moment, so that one who asks again and
    again comes first; here who has waited longest does."""

    def __init__(self, most: int):
        self._free = most
        self._waiting: deque[Event] = deque()
        self._lock = Lock()

    @contextmanager
    def one(self) -> Iterator[None]:
        """Wait for a turn, and give it on at the end. Who has one must not ask for another."""
        turn = Event()
        with self._lock:
            if self._free:
                self._free -= 1
                turn.set()
            else:
                self._waiting.append(turn)
        try:
            turn.wait()
            yield
        finally:
            self._hand_on(turn)

    def _hand_on(self, turn: Event) -> None:
        with self._lock:
            if not turn.is_set():  # interrupted while it waited
                self._waiting.remove(turn)
            elif self._waiting:
                self._waiting.popleft().set()
            else:
                self._free += 1
