"""No room: a full disk, a used-up quota or a limit on files, which each part under a library tells in its own way, told in one."""

from __future__ import annotations

import errno
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from rag.errors import NoRoom

PROBE = 4 << 20  # bytes


def lacks_room(error: BaseException | None) -> bool:
    """Whether the system says that a write failed because there is no room."""
    return isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


def is_full(folder: Path) -> bool:
    """Whether `folder` takes no more than a few megabytes; to be asked where a write failed and nobody says why."""
    try:
        with tempfile.TemporaryFile(dir=folder) as file:
            file.write(bytes(PROBE))
    except OSError as error:
        return lacks_room(error)
    return False


@contextmanager
def room_in(folder: Path) -> Iterator[None]:
    """Raises NoRoom for whatever fails inside because `folder` has no room."""
    try:
        yield
    except (OSError, sqlite3.OperationalError) as error:
        if lacks_room(error) or (isinstance(error, sqlite3.Error) and is_full(folder)):
            raise NoRoom(folder) from error
        raise
