"""What a document refers to: files beside it, never outside the named folder, and pictures written into the reference itself."""

from __future__ import annotations

import base64
import binascii
import os
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path
from urllib.parse import unquote_to_bytes, urlsplit

from rag.pictures.open import MAX_BYTES

Fetch = Callable[[str], bytes | None]

_MAX_INLINE_DATA = 20_000_000


_noted: ContextVar[dict[Path, str] | None] = ContextVar("noted", default=None)


@contextmanager
def noting() -> Iterator[dict[Path, str]]:
    """Collects the files inside its root that a document refers to, with their marks, whether they are there or not."""
    found: dict[Path, str] = {}
    token = _noted.set(found)
    try:
        yield found
    finally:
        _noted.reset(token)


def note(target: Path, root: Path) -> None:
    """Has a file read anew when this one inside its `root` changes, comes or goes."""
    if (noted := _noted.get()) is not None and target.is_relative_to(root):
        noted[target] = mark(target)


def mark(path: Path) -> str:
    """What changes with a file: its size and its times; "" where there is none."""
    try:
        stat = path.stat()
    except (OSError, ValueError):
        return ""
    return f"{stat.st_size} {stat.st_mtime_ns} {stat.st_ctime_ns}"


def same(now: str, then: str) -> bool:
    """Whether two marks are of the same file as it was; one from before times of change were kept tells no more than its size and time."""
    return now.split()[: len(then.split())] == then.split() if then else not now


def local_files(folder: Path, root: Path) -> Fetch:
    """Gives the bytes of a referenced file, resolved against `folder`, or against `root` with a leading slash; None for anything that
    is remote, missing, too large, or outside `root`."""
    folder, root = folder.resolve(), root.resolve()

    def fetch(reference: str) -> bytes | None:
        name = local_name(reference)
        if not name or "\0" in name:
            return None
        try:
            target = (root / name.lstrip("/") if name.startswith("/") else folder / name).resolve()
            if not target.is_relative_to(root):
                return None
            note(target, root)
            if target.is_file() and target.stat().st_size <= MAX_BYTES:
                return target.read_bytes()
        except (OSError, RuntimeError, ValueError):
            pass
        return None

    return fetch


def local_name(reference: str) -> str | None:
    """The file name in a reference without query and fragment, URL-decoded; None where it has a scheme or a host."""
    try:
        parts = urlsplit(reference.strip())
    except ValueError:
        return None
    if parts.scheme or parts.netloc or parts.path.startswith(("\\", "//")):
        return None
    return os.fsdecode(unquote_to_bytes(parts.path.encode("utf-8", "surrogateescape")))


def inline_data(reference: str) -> bytes | None:
    """The bytes of a `data:` URI of an image."""
    head, _, body = reference.strip()[5:].partition(",")
    if not head.lower().startswith("image/") or len(body) > _MAX_INLINE_DATA:
        return None
    raw = unquote_to_bytes(body)
    if not head.lower().rstrip().endswith(";base64"):
        return raw
    try:
        return base64.b64decode(re.sub(rb"\s+", b"", raw))
    except (binascii.Error, ValueError):
        return None
