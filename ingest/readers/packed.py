"""ZIP files, and the formats that are ZIP files inside: what they unpack to is weighed before anything is unpacked."""

from __future__ import annotations

import zipfile
from pathlib import Path

from rag.errors import ReadError

MAX_UNPACKED = 1_000_000_000  # bytes of all parts together
MAX_PART = 256_000_000
MAX_PARTS = 100_000


def open_packed(path: Path) -> zipfile.ZipFile:
    """The ZIP file at `path`, to be closed by the caller.

    Raises ReadError where it is none, is cut short, or would unpack to over 1 GB. `zipfile` gives no more of a part than its
    directory announces, so a false size cannot get around the limit.
    """
    try:
        archive = zipfile.ZipFile(path)
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OverflowError) as error:
        raise ReadError("The file is damaged or cut short.", "Save it anew, or fetch it again.") from error
    parts = archive.infolist()
    if len(parts) > MAX_PARTS or sum(part.file_size for part in parts) > MAX_UNPACKED:
        archive.close()
        raise ReadError("It would unpack to over 1 GB, or to over 100,000 files.", "Unpack it yourself, and take in what is in it.")
    return archive


def part(archive: zipfile.ZipFile, name: str) -> bytes | None:
    """One part's bytes; None where there is no such part. Raises ReadError where it is damaged, encrypted or over 256 MB."""
    try:
        info = archive.getinfo(name)
    except KeyError:
        return None
    if info.file_size > MAX_PART:
        raise ReadError(f"A part of it is over {MAX_PART // 1_000_000} MB.", "Split it into smaller ones.")
    try:
        return archive.read(info)
    except RuntimeError as error:  # zipfile's word for a password
        raise ReadError("It is protected by a password.", "Save a copy without the password.") from error
    except Exception as error:  # BadZipFile, zlib.error, LZMAError: each compression has its own
        raise ReadError("The file is damaged or cut short.", "Save it anew, or fetch it again.") from error
