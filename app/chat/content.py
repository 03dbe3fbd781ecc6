"""What the chat serves of its open libraries: their pictures and files by content, at addresses that no other page can guess.

A file is served only while its bytes are those that were taken in.
"""

from __future__ import annotations

import re
import secrets
from functools import lru_cache
from pathlib import Path, PurePath
from typing import TYPE_CHECKING

from app.chat.members import copied
from ingest.archives import holder
from ingest.plan import content_hash
from ingest.readers import kind

if TYPE_CHECKING:
    from app.chat.shelf import Shelf
    from rag.library import Library
    from rag.storage.entries import File

WHERE = "held"  # the first part of each address
SIDES = (160, 320, 640, 1000, 1600)  # pixels of pictures, so that few sizes are made
WIDTHS = (640, 960, 1280, 1800, 2400)  # pixels of pages
KEY = re.compile(r"[0-9a-f]{40}\.(?:png|jpg|webp|gif|avif)")
HASH = re.compile(r"[0-9a-f]{40}")

_tokens: dict[Path, str] = {}
_shelves: dict[str, Shelf] = {}


def publish(shelf: Shelf) -> str:
    """Let the pictures, files and conversations of a library be had below the address that is returned."""
    token = _tokens.setdefault(shelf.library.folder, secrets.token_urlsafe(18))
    _shelves[token] = shelf
    return f"{WHERE}/{token}"


def published(token: str) -> Shelf | None:
    """What is had below the address with this token."""
    return _shelves.get(token)


def address(library: Library) -> str:
    """Where what a library holds is had; nothing where it was not published."""
    token = _tokens.get(library.folder)
    return f"{WHERE}/{token}" if token else ""


def picture_url(path: str | Path, side: int | None = None) -> str:
    """Where the picture at this path in a library's `media` is had, within `side` pixels (as it is without)."""
    path = Path(path)
    token = _tokens.get(path.parent.parent) or next(reversed(_tokens.values()), "")
    return f"{WHERE}/{token}/media/{path.name}" + (f"?side={side}" if side else "")


def original(library: Library, hash: str) -> tuple[File, Path] | None:
    """A file with these bytes that is in the library, and where they lie now."""
    return next(((file, path) for file in library.catalog.with_hash(hash) if (path := standing(file))), None)


def standing(file: File) -> Path | None:
    """Where the bytes of a file lie, of an archive's member a copy; None where they are not those that were taken in."""
    archive = holder(file.path)
    if archive is not None:
        return copied(file, archive)
    return file.path if _unchanged(file) else None


def _unchanged(file: File) -> bool:
    """Whether a file is what it was when it was taken in: by its size and times, else by its bytes."""
    try:
        stat = file.path.stat()
    except OSError:
        return False
    mark = (stat.st_size, stat.st_mtime_ns, stat.st_ctime_ns)
    if mark == file.mark:
        return True
    return stat.st_size == file.bytes and _hashed(file.path, mark) == file.hash


@lru_cache(maxsize=1024)
def _hashed(path: Path, mark: tuple[int, int, int]) -> str:
    try:
        return content_hash(path)
    except OSError:
        return ""


_SHOWN = {  # what browsers show that cannot run anything
    ".pdf": "application/pdf", ".png": "image/png", ".jpg": "image/jpeg", ".jpeg": "image/jpeg", ".webp": "image/webp", ".gif": "image/gif",
    ".avif": "image/avif", ".bmp": "image/bmp", ".wav": "audio/wav", ".mp3": "audio/mpeg", ".m4a": "audio/mp4", ".m4b": "audio/mp4",
    ".aac": "audio/aac", ".ogg": "audio/ogg", ".oga": "audio/ogg", ".opus": "audio/ogg", ".flac": "audio/flac", ".mp4": "video/mp4",
    ".m4v": "video/mp4", ".mov": "video/mp4", ".webm": "video/webm", ".mkv": "video/webm",
}  # fmt: skip
_READ = {"transcript", "markdown", "text", "code", "html", "data", "table", "pairs", "mail"}  # as plain text, whatever it says it is
_AS_TEXT = {".svg", ".xml", ".css", ".json"}


def plays(source: str) -> str:
    """The element that plays a file of that name in a browser, audio or video; nothing where none does."""
    element = (content_type(source) or "").partition("/")[0]
    return element if element in ("audio", "video") else ""


def content_type(source: str) -> str | None:
    """As what a file is shown in a browser; None for what is only downloaded."""
    name = PurePath(source)
    suffix = name.suffix.lower()
    if suffix in _SHOWN:
        return _SHOWN[suffix]
    return "text/plain" if kind(name) in _READ or suffix in _AS_TEXT else None
