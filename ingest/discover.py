"""Which files an ingest takes: a walk that passes over what is hidden, ignored, or outside the folder that was named."""

from __future__ import annotations

import os
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import NamedTuple

from ingest.archives import is_archive, listing
from ingest.ignore import Rules, ignored, is_hidden, rules_of
from ingest.readers import SUFFIXES, belongs_to_recording, kind
from ingest.readers.packed import MAX_PART
from ingest.readers.unread import advice
from rag.errors import ReadError


@dataclass(frozen=True)
class Found:
    """A file to read: `path` resolved, `source` its name in the library, `root` the resolved folder that it may refer into.

    A member of an archive has its path below the archive's, as if that were a folder, and its unpacked size in `bytes`.
    """

    path: Path
    source: str
    root: Path
    archive: Path | None = None
    bytes: int | None = None


@dataclass(frozen=True)
class Refused:
    """A path that cannot be taken, why, and what to do. `path` is resolved, None where nothing is there."""

    source: str
    reason: str
    hint: str
    path: Path | None = None


@dataclass(frozen=True)
class PassedOver:
    """A file of a kind that no reader knows, inside a folder: counted, no fault."""

    source: str


Discovered = Found | Refused | PassedOver


class _Folder(NamedTuple):
    path: Path
    prefix: str
    rules: tuple[Rules, ...]


def spell(name: str) -> str:
    """A file name as text: NFC, with bytes that are not UTF-8 as `\\xNN`."""
    return unicodedata.normalize("NFC", os.fsencode(name).decode("utf-8", "backslashreplace"))


def discover(paths: Sequence[Path], skip: Path | None = None) -> Iterator[Discovered]:
    """The files under `paths`, each once, in the order of the paths and sorted within a folder; what links lead to comes last.

    Archives stand for their members. Silently passed over: hidden files and folders, `node_modules`, `__pycache__`, what a
    `.diptychignore` (gitignore syntax, in any folder) names, `skip` (the library's own folder), transcripts beside their recording,
    and links that lead out of the folder or into a loop. Kinds that no reader knows are told as PassedOver.
    """
    for each in _discover(paths, skip):
        if isinstance(each, Found) and is_archive(each.path):
            yield from _members(each)
        else:
            yield each


def _members(archive: Found) -> Iterator[Discovered]:
    try:
        held = listing(archive.path)
        for name, size in held.files:
            path, source = archive.path / name, f"{archive.source}/{spell(name)}"
            if is_archive(path):
                yield Refused(source, "An archive in an archive is not opened.", "Unpack the outer one beside it.", path)
            elif kind(path) and size > MAX_PART:
                reason = f"It has {size / 1e6:,.0f} MB; of an archive, members of {MAX_PART / 1e6:,.0f} MB are read."
                yield Refused(source, reason, "Unpack the archive beside it.", path)
            elif kind(path):
                yield Found(path, source, archive.root, archive.path, size)
            else:
                yield PassedOver(source)
        if held.astray:
            reason = f"{held.astray} of its files have names that lead out of it, and were left out."
            yield Refused(archive.source, reason, "Unpack it yourself, and take in what you trust.")
        elif not held.files:
            reason = "All that it holds is hidden." if held.count else "It is empty."
            yield Refused(archive.source, reason, "Open it and see whether it is what you expect.")
    except ReadError as error:
        yield Refused(archive.source, str(error), error.hint, archive.path)
    except OSError as error:
        yield Refused(archive.source, f"It cannot be read: {error.strerror or error}.", "Check its rights.", archive.path)


def _takes(path: PurePath) -> bool:
    return kind(path) is not None or is_archive(path)


def _discover(paths: Sequence[Path], skip: Path | None) -> Iterator[Discovered]:
    library = skip.resolve() if skip else None
    seen: set[Path] = set()
    for path in paths:
        try:
            resolved = path.resolve(strict=True)
        except PermissionError:
            yield Refused(spell(str(path)), "You may not look into the folder that it is in.", "Give yourself the right to read it.")
            continue
        except (OSError, RuntimeError, ValueError):  # RuntimeError: a loop of links, before Python 3.13
            yield Refused(spell(str(path)), "There is no such file or folder.", "Check the spelling of the path.")
            continue
        if library and resolved.is_relative_to(library):
            yield Refused(spell(str(path)), "This is the library's own folder.", "Name the folder of your documents instead.", resolved)
        elif resolved.is_dir():
            yield from _walk(resolved, spell(str(path)), library, seen)
        elif not resolved.is_file():
            yield Refused(spell(str(path)), "This is neither a file nor a folder.", "Name a file or a folder.", resolved)
        elif not _takes(path):
            hint = advice(path.suffix) or f"The kinds that can be read: {', '.join(sorted(SUFFIXES))}."
            yield Refused(spell(path.name), "No reader knows this kind of file.", hint, resolved)
        elif resolved not in seen:
            seen.add(resolved)
            yield Found(resolved, spell(path.name), resolved.parent)


def _walk(root: Path, named: str, library: Path | None, seen: set[Path]) -> Iterator[Discovered]:
    links: list[tuple[Path, str]] = []
    folders = {root}
    yield from _descend(root, _Folder(root, "", ()), named, library, seen, folders, links)
    while links:
        path, inner = links.pop(0)
        try:
            target = path.resolve(strict=True)
            is_folder, is_file = target.is_dir(), target.is_file()
        except (OSError, RuntimeError):
            continue
        if not target.is_relative_to(root) or (library and target.is_relative_to(library)):
            continue
        if is_folder and target not in folders:
            folders.add(target)
            yield from _descend(root, _Folder(target, inner + "/", ()), named, library, seen, folders, links)
        elif is_file and target not in seen:
            seen.add(target)
            yield Found(target, spell(inner), root) if _takes(PurePath(inner)) else PassedOver(spell(inner))


def _descend(
    root: Path, start: _Folder, named: str, library: Path | None, seen: set[Path], folders: set[Path], links: list[tuple[Path, str]]
) -> Iterator[Discovered]:
    waiting = [start]
    while waiting:
        folder = waiting.pop()
        try:
            with os.scandir(folder.path) as entries:
                listed = sorted(entries, key=lambda entry: entry.name)
            rules = folder.rules + rules_of(folder.path, folder.prefix)
            inner_folders = []
            for entry in listed:
                inner = folder.prefix + entry.name
                if is_hidden(entry.name):
                    continue
                is_folder = entry.is_dir(follow_symlinks=False)
                path = folder.path / entry.name
                if ignored(inner + "/" * is_folder, rules) or path == library:
                    continue
                if entry.is_symlink():
                    links.append((path, inner))
                elif is_folder:
                    if path not in folders:
                        folders.add(path)
                        inner_folders.append(_Folder(path, inner + "/", rules))
                elif entry.is_file(follow_symlinks=False) and path not in seen and not belongs_to_recording(path):
                    seen.add(path)
                    yield Found(path, spell(inner), root) if _takes(path) else PassedOver(spell(inner))
            waiting.extend(reversed(inner_folders))
        except OSError as error:
            name = spell(folder.prefix.rstrip("/")) or named
            yield Refused(
                name, f"The folder cannot be listed: {error.strerror or error}.", "Give yourself the right to read it.", folder.path
            )
