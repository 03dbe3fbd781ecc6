"""Members of archives, copied out to be shown: checked by their hash, kept aside while there is room, gone with the process."""

from __future__ import annotations

import tempfile
from collections import OrderedDict
from functools import cache
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

from ingest.archives import extract
from ingest.plan import content_hash
from rag.errors import ReadError

if TYPE_CHECKING:
    from rag.storage.entries import File

LARGEST = 64_000_000  # bytes of a member
ROOM = 256_000_000  # bytes of all copies
REMEMBERED = 64  # members, those among them that are not what they were

_guard = Lock()
_copies: OrderedDict[tuple[str, int, int], Path | None] = OrderedDict()


def copied(file: File, archive: Path) -> Path | None:
    """A copy of a member of `archive`; None where it is not there any more, is not what was taken in, or is too large."""
    if file.bytes > LARGEST:
        return None
    try:
        stat = archive.stat()
    except OSError:
        return None
    key = (file.hash, stat.st_mtime_ns, stat.st_ctime_ns)
    with _guard:
        if key not in _copies:
            _copies[key] = _made(file, archive, Path(_aside().name) / file.hash)
        _copies.move_to_end(key)
        _tidy()
        return _copies[key]


def _made(file: File, archive: Path, target: Path) -> Path | None:
    try:
        extract(archive, file.path.relative_to(archive).as_posix(), target, LARGEST)
        if content_hash(target) == file.hash:
            return target
    except (ReadError, OSError):
        pass
    target.unlink(missing_ok=True)
    return None


def _tidy() -> None:
    """Let go of what was shown longest ago."""
    while len(_copies) > 1 and (len(_copies) > REMEMBERED or sum(map(_size, set(_copies.values()))) > ROOM):
        _key, path = _copies.popitem(last=False)
        if path is not None and path not in _copies.values():
            path.unlink(missing_ok=True)


def _size(path: Path | None) -> int:
    return path.stat().st_size if path is not None and path.is_file() else 0


@cache
def _aside() -> tempfile.TemporaryDirectory[str]:
    return tempfile.TemporaryDirectory(prefix="diptych-", ignore_cleanup_errors=True)
