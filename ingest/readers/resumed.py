"""What a reader makes of the parts of a long file, kept on disk as it goes: where it is stopped, the next one passes over them at once."""

from __future__ import annotations

import pickle
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path
from typing import Any, BinaryIO, TypeVar

MOST_BYTES = 500_000_000  # that are kept of one file

T = TypeVar("T")


class _Parts:
    """The parts in the order in which they were made, in a file that is read as far as it goes and then added to."""

    def __init__(self, file: BinaryIO):
        self._file = file
        self._replays = True

    def once(self, key: Hashable, make: Callable[[], Any]) -> Any:
        at = self._file.tell()
        if self._replays:
            try:
                found, value = pickle.load(self._file)
                if found == key:
                    return value
            except Exception:  # the end, or what a kill cut short: whatever a broken pickle raises
                pass
            self._file.seek(at)
        value = make()  # where it cannot be made, what is kept may go on behind it
        if self._replays:
            self._replays = False
            self._file.truncate()
        if at < MOST_BYTES:
            pickle.dump((key, value), self._file)
            self._file.flush()
        return value


_parts: ContextVar[_Parts | None] = ContextVar("parts", default=None)


@contextmanager
def resuming(path: Path) -> Iterator[None]:
    """Keeps the parts of the file that is read in `path`, which only this file under this reader uses."""
    path.parent.mkdir(exist_ok=True)
    path.touch()
    with path.open("r+b") as file:
        token = _parts.set(_Parts(file))
        try:
            yield
        finally:
            _parts.reset(token)


def once(key: Hashable, make: Callable[[], T]) -> T:
    """What `make` gives for the part of that key, or gave when the reading of this file was stopped. Parts are asked for in one order."""
    parts = _parts.get()
    return make() if parts is None else parts.once(key, make)
