"""ZIP archives in a folder: each member is a file of its own, under a path as if the archive were a folder."""

from __future__ import annotations

import errno
import hashlib
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePath, PurePosixPath

from ingest.ignore import is_hidden
from ingest.readers import kind
from ingest.readers.packed import MAX_PART, open_packed
from ingest.zip_names import names
from rag.errors import ReadError

ARCHIVES = {".zip"}
_PIECE = 1 << 20


def is_archive(path: PurePath) -> bool:
    """Whether a file's name says that it is one."""
    return path.suffix.lower() in ARCHIVES


def holder(path: Path) -> Path | None:
    """The archive that a member's path leads into; None for a path that leads into none."""
    return next((parent for parent in path.parents if is_archive(parent) and parent.is_file()), None)


@dataclass(frozen=True)
class Listing:
    """What an archive holds: name and size of every file that can be taken, sorted; how many have names that lead out of it; how many
    there are, hidden ones among them."""

    files: list[tuple[str, int]]
    astray: int
    count: int


def listing(archive: Path) -> Listing:
    """What is in it. Raises ReadError where it is damaged, would unpack to too much, or is protected by a password."""
    with open_packed(archive) as opened:
        named = list(_named(opened))
    found = {name: info.file_size for name, info in named if _is_plain(name)}
    return Listing(sorted(found.items()), sum(_is_astray(name) for name, _ in named), len(named))


def _named(opened: zipfile.ZipFile) -> Iterator[tuple[str, zipfile.ZipInfo]]:
    """Every file in it with its name as it was meant, as a path from the archive. Of several of one name the further ones are numbered,
    and those with the same bytes left out."""
    infos = opened.infolist()
    taken: dict[str, set[tuple[int, int]]] = {}
    for info, name in zip(infos, names(infos), strict=True):
        if name.endswith("/"):
            continue
        if info.flag_bits & 0x1:
            raise ReadError("It is protected by a password.", "Unpack it yourself, and take in what is in it.")
        path = PurePosixPath(name.lstrip("/"))
        alike = taken.setdefault(str(path), set())
        if (info.CRC, info.file_size) in alike:
            continue
        alike.add((info.CRC, info.file_size))
        number = len(alike)
        while number > 1 and str(again := path.with_name(f"{path.stem} ({number}){path.suffix}")) in taken:
            number += 1
        if number > 1:
            path = again
            taken[str(path)] = {(info.CRC, info.file_size)}
        yield str(path), info


def _is_plain(name: str) -> bool:
    """Whether a member's name leads nowhere but below its archive, and past nothing hidden."""
    path = PurePosixPath(name)
    return (
        bool(path.parts)
        and not PurePath(name).drive  # on Windows, "c:x" is on another drive
        and not any(map(is_hidden, path.parts))  # ".." among them
    )


def _is_astray(name: str) -> bool:
    """Whether it is no plain name, and not because something hidden is on its way."""
    return not _is_plain(name) and not any(is_hidden(part) for part in PurePosixPath(name).parts if part != "..")


class Members:
    """An open archive whose files are had by their names."""

    def __init__(self, opened: zipfile.ZipFile):
        self._opened = opened
        self._infos = {name: info for name, info in _named(opened) if _is_plain(name)}

    def __iter__(self) -> Iterator[tuple[str, int]]:
        return iter(sorted((name, info.file_size) for name, info in self._infos.items()))

    def pieces(self, name: str) -> Iterator[bytes]:
        """The bytes of a file. Raises ReadError where it is damaged, or not there any more."""
        try:
            with self._opened.open(self._infos[name]) as member:
                while piece := member.read(_PIECE):
                    yield piece
        except (OSError, GeneratorExit):
            raise
        except Exception as error:  # BadZipFile, zlib.error, LZMAError: each compression has its own
            raise ReadError("This member of the archive is damaged.", "Pack it anew.") from error


def extract(archive: Path, name: str, target: Path, limit: int) -> None:
    """Write a member to `target`. Raises ReadError where it is damaged, not there any more, or over `limit` bytes; OSError."""
    with open_packed(archive) as opened, target.open("wb") as out:
        for piece in Members(opened).pieces(name):
            if out.tell() + len(piece) > limit:
                raise ReadError(f"It has over {limit / 1e6:,.0f} MB.", "Unpack the archive beside it.")
            out.write(piece)


@contextmanager
def hashing() -> Iterator[Callable[[Path, str], str]]:
    """Gives the BLAKE2 of a member, by archive and name, read in pieces. The archive asked of last stays open: each opening reads all its
    names.

    What it gives raises ReadError where archive or member is damaged, OSError where the archive cannot be opened.
    """
    with ExitStack() as stack:
        at: Path | None = None
        opened: Members

        def content_hash(archive: Path, name: str) -> str:
            nonlocal at, opened
            if archive != at:
                stack.close()
                at = None
                opened = Members(stack.enter_context(open_packed(archive)))
                at = archive
            digest = hashlib.blake2b(digest_size=20)
            for piece in opened.pieces(name):
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
        members = Members(opened)
        for name, size in members:
            if kind(PurePosixPath(name)) and size <= MAX_PART:
                _unpack(members, name, folder)
        yield folder


def _reopened(archive: Path) -> zipfile.ZipFile:
    try:
        return open_packed(archive)
    except OSError as error:  # gone or locked since it was listed
        raise ReadError(
            f"Its archive cannot be opened: {error.strerror or error}.", "See whether it is there, and ingest again."
        ) from error


def _unpack(members: Members, name: str, folder: Path) -> None:
    target = folder / name
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with target.open("xb") as out:
            for piece in members.pieces(name):
                out.write(piece)
    except ReadError:
        target.unlink(missing_ok=True)
    except OSError as error:  # "a" and "a/b", two names that this file system takes for one, a name too long for it
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise
