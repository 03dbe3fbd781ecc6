"""The libraries that this user changes between: a list in the user's data folder, and only what it names can an address name."""

from __future__ import annotations

import json
import os
import re
import tempfile
import unicodedata
from dataclasses import asdict, dataclass
from pathlib import Path

from rag.errors import LibraryError, UsageError
from rag.library import Library
from rag.settings import Settings, libraries_file, libraries_folder

LONGEST_NAME = 60  # characters


@dataclass(frozen=True)
class Known:
    """A library on the list; `id` is its address (`?l=`), empty for the one that the chat was started with."""

    id: str
    name: str
    folder: Path


def known(started: Path) -> list[Known]:
    """The library that the chat was `started` with, then those of the list."""
    first = Known("", started.resolve().name, started.resolve())
    return [first, *sorted((each for each in _listed() if each.folder != first.folder), key=lambda each: each.id)]


def add(folder: Path) -> Known:
    """Put a library that is there on the list. Raises LibraryError, UsageError."""
    folder = folder.expanduser().resolve()
    try:
        there = (folder / "library.json").is_file()
    except OSError as error:
        raise UsageError(f"{folder} cannot be looked into: {error.strerror}.", "Give yourself the right to read it.") from None
    if not there:
        raise LibraryError(f"There is no library at {folder}.", "Name the folder that holds its library.json, or create a new one.")
    return _put(folder, folder.name)


def create(name: str, settings: Settings) -> Known:
    """Make an empty library of that name in the user's data folder, and put it on the list. Raises UsageError, LibraryError."""
    name = " ".join(name.split())[:LONGEST_NAME]
    if not _slug(name):
        raise UsageError("A library needs a name.", "Take some letters or digits.")
    folder = libraries_folder() / _slug(name)
    if folder.exists():
        raise UsageError(f"{folder} is there already.", "Take another name, or add it by its folder.")
    Library.open(folder, settings).close()
    return _put(folder.resolve(), name)


def forget(id: str) -> None:
    """Take a library off the list; its folder stays as it is."""
    _write([each for each in _listed() if each.id != id])


def _put(folder: Path, name: str) -> Known:
    listed = _listed()
    same = next((each for each in listed if each.folder == folder), None)
    if same:
        return same
    if name in {each.name for each in listed}:
        name = f"{folder.parent.name}/{folder.name}"
    taken, id, number = {each.id for each in listed}, _slug(name) or "library", 1
    while (unique := id if number == 1 else f"{id}-{number}") in taken:
        number += 1
    new = Known(unique, name, folder)
    _write([*listed, new])
    return new


def _slug(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().casefold()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-") or re.sub(r"\W+", "-", name.casefold()).strip("-")


def _listed() -> list[Known]:
    try:
        rows = json.loads(libraries_file().read_text("utf-8"))
        return [Known(str(row["id"]), str(row["name"]), Path(row["folder"])) for row in rows if row["id"]]
    except (OSError, ValueError, KeyError, TypeError):  # none yet, or not ours
        return []


def _write(libraries: list[Known]) -> None:
    file = libraries_file()
    rows = [asdict(each) | {"folder": str(each.folder)} for each in libraries]
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        handle, part = tempfile.mkstemp(dir=file.parent, prefix=".libraries-")
        with os.fdopen(handle, "w", encoding="utf-8") as out:
            json.dump(rows, out, ensure_ascii=False, indent=2)
        Path(part).replace(file)
    except OSError as error:
        raise LibraryError(
            f"The list of libraries cannot be kept in {file}: {error.strerror}.", "Check the rights of its folder."
        ) from None
