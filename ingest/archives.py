"""ZIP archives in a folder: each member is a file of its own, under a path as if the archive were a folder."""

from __future__ import annotations

import errno
import hashlib
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path, PurePath, PurePosixPath

from ingest.ignore import is_hidden
from ingest.readers import kind
from ingest.readers.packed import MAX_PART, open_packed
from rag.errors import ReadError

ARCHIVES = {".zip"}
_PIECE = 1 << 20


def is_archive(path: PurePath) -> bool:
    """Whether a file's name says that it is one."""
    return path.suffix.lower() in ARCHIVES


def holder(path: Path) -> Path | None:
    """The archive that a member's path leads into; None for a path that leads into none."""
    return next((parent for parent in path.parents if is_archive(parent) and parent.is_file()), None)


def members(archive: Path) -> Iterator[tuple[str, int]]:
    """Name and size of every file in it, sorted; hidden ones and folders are passed over.

    Raises ReadError where it is damaged, would unpack to too much, or is protected by a password.
    """
    with open_packed(archive) as opened:
        yield from _members(opened)


def _members(opened: zipfile.ZipFile) -> list[tuple[str, int]]:
    files = [info for info in opened.infolist() if not info.is_dir()]
    if any(info.flag_bits & 0x1 for info in files):
        raise ReadError("It is protected by a password.", "Unpack it yourself, and take in what is in it.")
    sizes = {info.filename: info.file_size for info in files if _is_plain(info.filename)}
    return sorted(sizes.items())


def _is_plain(name: str) -> bool:
    """Whether a member's name leads nowhere but below its archive, by one spelling only, and past nothing hidden."""
    path = PurePosixPath(name)
    return (
        str(path) == name
        and "\\" not in name
        and not path.is_absolute()
        and not PurePath(name).drive  # on Windows, "c:x" is on another drive
        and not any(map(is_hidden, path.parts))  # ".." among them
    )


@contextmanager
def hashing() -> Iterator[Callable[[Path, str], str]]:
    """Gives the BLAKE2 of a member, by archive and name, read in pieces. The archive asked of last stays open: each opening reads all its
    names.

    What it gives raises ReadError where archive or member is damaged, OSError where the archive cannot be opened.
    """
    with ExitStack() as stack:
        at: Path | None = None
        opened: zipfile.ZipFile

        def content_hash(archive: Path, name: str) -> str:
            nonlocal at, opened
            if archive != at:
                stack.close()
                at = None
                opened = stack.enter_context(open_packed(archive))
                at = archive
            digest = hashlib.blake2b(digest_size=20)
            for piece in _pieces(opened, name):
                digest.update(piece)
            return digest.hexdigest()

        yield content_hash


@contextmanager
def unpacked(archive: Path, into: Path) -> Iterator[Path]:
    """A folder below `into` with what readers know of the archive, and what that may refer to, for as long as the context lasts.

    A member that cannot be unpacked is left out: whoever reads it finds no file. Raises ReadError where the archive does not open.
    """
    with tempfile.TemporaryDirectory(dir=into, prefix="archive-", ignore_cleanup_errors=True) as made, _reopened(archive) as opened:
        folder = Path(made).resolve()
        for name, size in _members(opened):
            if kind(PurePosixPath(name)) and size <= MAX_PART:
                _unpack(opened, name, folder)
        yield folder


def _reopened(archive: Path) -> zipfile.ZipFile:
    try:
        return open_packed(archive)
    except OSError as error:  # gone or locked since it was listed
        raise ReadError(
            f"Its archive cannot be opened: {error.strerror or error}.", "See whether it is there, and ingest again."
        ) from error


def _unpack(opened: zipfile.ZipFile, name: str, folder: Path) -> None:
    target = folder / name
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with target.open("xb") as out:
            for piece in _pieces(opened, name):
                out.write(piece)
    except ReadError:
        target.unlink(missing_ok=True)
    except OSError as error:  # "a" and "a/b", two names that this file system takes for one, a name too long for it
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise


def _pieces(opened: zipfile.ZipFile, name: str) -> Iterator[bytes]:
    try:
        with opened.open(name) as member:
            while piece := member.read(_PIECE):
                yield piece
    except (OSError, GeneratorExit):
        raise
    except Exception as error:  # BadZipFile, zlib.error, LZMAError: each compression has its own
        raise ReadError("This member of the archive is damaged.", "Pack it anew.") from error
