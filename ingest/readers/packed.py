"""ZIP files, and the formats that are ZIP files inside: what they unpack to is weighed before anything is unpacked."""

from __future__ import annotations

import mmap
import zipfile
from pathlib import Path
from typing import Any

from rag.errors import ReadError

MAX_UNPACKED = 1_000_000_000  # bytes of all parts together
MAX_PART = 256_000_000
MAX_PARTS = 100_000

_OLE = b"\xd0\xcf\x11\xe0"  # what begins Office files with a password, and those older than 2007
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")  # the name of the stream that holds them ([MS-OFFCRYPTO] 2.3.4.4)


def open_packed(path: Path) -> zipfile.ZipFile:
    """The ZIP file at `path`, to be closed by the caller.

    Raises ReadError where it is none, is cut short, is an Office file with a password, or would unpack to over 1 GB. `zipfile` gives
    no more of a part than its directory announces, so a false size cannot get around the limit.
    """
    if not path.stat().st_size:
        raise ReadError("The file is empty: it has 0 bytes.", "Fetch it again, or take it out.")
    _refuse_ole(path)
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


def markup(data: bytes) -> Any:
    """The root of a part that is XML, as an lxml element: nothing is fetched; entities of its own and comments are left out.

    Raises ReadError where it is damaged, nested over 256 deep, or has a single text of over 10 MB.
    """
    from lxml import etree

    parser = etree.XMLParser(
        resolve_entities=False, load_dtd=False, no_network=True, huge_tree=False, remove_comments=True, remove_pis=True
    )
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        reason = getattr(error, "msg", None) or error
        raise ReadError(f"A part of it is damaged: {reason}.", "Open it where it was made, and save it anew.") from error
    etree.strip_tags(root, etree.Entity)
    return root


def _refuse_ole(path: Path) -> None:
    with path.open("rb") as file:
        if file.read(len(_OLE)) != _OLE:
            return
        with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
            encrypted = data.find(_ENCRYPTED) >= 0
    if encrypted:
        raise ReadError("It is protected by a password.", "Save a copy without the password.")
    raise ReadError("It is in the format of Office before 2007.", "Open it, and save it in the present format (.docx, .pptx, .xlsx).")
