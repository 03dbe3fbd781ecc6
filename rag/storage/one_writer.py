"""One writer at a time into a library folder, over all processes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from rag.errors import LibraryError


@contextmanager
def one_writer(folder: Path, wait: float, waiting: Callable[[], None]) -> Iterator[None]:
    """Hold the right to write. Where another has it, `waiting` is called once, and it is waited for; LibraryError after `wait` seconds."""
    from filelock import FileLock, Timeout

    lock = FileLock(folder / "write.lock", timeout=0)
    try:
        try:
            lock.acquire()
        except Timeout:
            waiting()
            lock.acquire(timeout=wait)
    except Timeout:
        raise LibraryError("Another ingest into this library is still running.", "Wait until it is done, or stop it.") from None
    try:
        yield
    finally:
        lock.release()
