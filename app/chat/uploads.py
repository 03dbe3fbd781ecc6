"""Uploaded files: kept under `originals/` of the library under a safe name, then ingested from there."""

from __future__ import annotations

import tempfile
import unicodedata
from collections.abc import Sequence
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from app.chat.jobs import Tell
from app.chat.language import later

if TYPE_CHECKING:
    from ingest.pipeline import Progress
    from ingest.report import Report
    from rag.library import Library

LONGEST_NAME = 120  # bytes, well below what any file system takes
STAGES = {
    "wait": later("Waiting for {source}"),
    "discover": later("Looking: {done} found"),
    "read": later("Reading {source} · {files} of {of} files"),
    "encode": later("Encoding · {records} of {found} passages and pictures, {files} of {of} files read"),
    "listen": later("Listening to {source} · {done} of {of} minutes"),
}


def safe_name(name: str) -> str:
    """The last part of `name`, in NFC, without control characters or leading dots, and not too long."""
    from ingest.readers import suffix

    last = PurePosixPath(name.replace("\\", "/")).name
    text = unicodedata.normalize("NFC", last.encode("utf-8", "replace").decode("utf-8"))
    text = "".join(letter for letter in text if letter.isprintable()).strip().lstrip(".").strip()
    ending = suffix(PurePosixPath(text))
    stem = text.removesuffix(ending).encode()[: LONGEST_NAME - len(ending.encode())].decode("utf-8", "ignore")
    return f"{stem}{ending}" if stem else f"upload{ending}"


def keep(name: str, data: bytes, folder: Path) -> Path:
    """Write an upload into `folder`; a file of that name with other content stays, and the new one is numbered."""
    from ingest.readers import suffix

    folder.mkdir(parents=True, exist_ok=True)
    wanted = safe_name(name)
    ending = suffix(PurePosixPath(wanted))  # of which none is lost to the number: it tells the kind
    with tempfile.NamedTemporaryFile(dir=folder, prefix=".part-") as part:
        part.write(data)
        part.flush()
        number = 1
        while True:
            path = folder / (wanted if number == 1 else f"{wanted.removesuffix(ending)} ({number}){ending}")
            try:
                path.hardlink_to(part.name)  # never over a file that is there
            except FileExistsError:
                if path.is_file() and path.stat().st_size == len(data) and path.read_bytes() == data:
                    return path
                number += 1
            else:
                path.chmod(0o644)
                return path


def take_in(files: Sequence[tuple[str, bytes]], library: Library, tell: Tell) -> Report:
    """Keep and ingest (name, content) pairs. Raises DiptychError where the library cannot be written."""
    from ingest import ingest
    from rag.errors import LibraryError

    try:
        paths = [keep(name, data, library.folder / "originals") for name, data in files]
    except OSError as error:
        raise LibraryError(
            f"The upload cannot be kept: {error.strerror}.", f"Check the rights and the room of {library.folder}."
        ) from error

    tell(later("Waiting for the library"), None)
    return ingest(paths, library, progress=telling(tell), uploads=True)


def telling(tell: Tell) -> Progress:
    """Tells the progress of an ingest as a line with the share that is done: half of it is reading, half encoding what was read."""
    files, records = (0, 0), (0, 0)

    def progress(stage: str, done: int, of: int, source: str) -> None:
        nonlocal files, records
        if stage in ("wait", "discover"):
            tell(STAGES[stage].format(source=source, done=done), None)
            return
        if stage == "listen":
            tell(STAGES[stage].format(source=source, done=done, of=of), (files[0] / files[1] if files[1] else 0.0) / 2)
            return
        files, records = ((done, of), records) if stage == "read" else (files, (done, of))
        read = files[0] / files[1] if files[1] else 0.0
        encoded = read * records[0] / records[1] if records[1] else 0.0
        line = STAGES["encode" if stage == "encode" else "read"].format(
            source=source, files=files[0], of=files[1], records=records[0], found=records[1]
        )
        tell(line, (read + encoded) / 2)

    return progress
