"""A library made anew from its sources, with the encoders that the settings name now.

The former library stands aside, under its name with ".former" behind it, until the new one is whole; an interrupted rebuild goes on where
the command is given again.
"""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path

from ingest.archives import holder
from ingest.pipeline import Progress, ingest
from ingest.report import Failure, Report
from rag.embed.adapter import adapter
from rag.errors import LibraryError, NoLibrary
from rag.library import Library
from rag.settings import Settings
from rag.storage.catalog import Catalog
from rag.storage.sqlite import ReadOnly, may_write

TAKEN_OVER = ("originals", "conversations.db", "runs", "thumbs.json")  # what no source can give again


def rebuild(settings: Settings, *, progress: Progress | None = None) -> Report:
    """Ingest every root and file of the library in `settings.library` anew, but for what was removed; text read inside pictures is taken
    over.

    Raises NoLibrary, and LibraryError where another process uses the library or a folder of its sources is missing.
    """
    folder = settings.library.resolve()
    former = folder.with_name(folder.name + ".former")
    if not former.exists():
        _stand_aside(folder, former)
    before = Catalog(former)
    files, roots = before.files(), before.roots()
    with Library.open(folder, settings) as library:
        for name in TAKEN_OVER:
            if (former / name).exists():
                (former / name).rename(folder / name)
        _keep_adapter(former, library)
        library.catalog.writer.take_over(before.writer)
        paths = dict.fromkeys(holder(file.path) or file.path for file in files)
        uploads = [path for path in paths if path.is_relative_to(folder)]
        roots = [root for root in roots if not root.is_relative_to(folder)]
        alone = [path for path in paths if not any(path.is_relative_to(root) for root in (folder, *roots))]
        report = ingest([*roots, *alone], library, progress=progress, keep_out=True)
        if uploads:
            report.join(ingest(uploads, library, progress=progress, uploads=True))
        held = {file.path for file in library.catalog.files()}
    before.close()
    if files and not held:
        raise LibraryError("Nothing could be ingested anew.", f"The former library is kept at {former}.")
    lost = [file for file in files if file.path not in held and not _was_deleted(file.path, roots)]
    if lost:
        reason = f"{len(lost)} files that were in could not be read anew: {', '.join(file.source for file in lost[:3])}."
        report.failed.append(Failure(str(former), reason, "They are kept here. Mend them and rebuild again, or delete this folder."))
    else:
        shutil.rmtree(former)
    return report


def _keep_adapter(former: Path, library: Library) -> None:
    """Take over what the library learnt for its questions, where its encoders are what they were; for others it says nothing."""
    try:
        kept = adapter(former, library.made_with)
    except LibraryError:
        return
    kept.save(library.folder)


def _was_deleted(path: Path, roots: Sequence[Path]) -> bool:
    """Whether a file is gone from a folder that is still there: then it goes from the library too."""
    return not (holder(path) or path).exists() and any(path.is_relative_to(root) for root in roots)


def _stand_aside(folder: Path, former: Path) -> None:
    from filelock import FileLock, Timeout

    if not (folder / "library.json").exists():
        raise NoLibrary(folder)
    if not may_write(folder):
        raise ReadOnly(folder)
    missing = [root for root in Catalog(folder).roots() if not root.is_dir() or not any(root.iterdir())]
    if missing:
        raise LibraryError(f"{missing[0]} is missing or empty, and the library was made from it.", "Bring it back, then rebuild.")
    try:
        with FileLock(folder / "write.lock", timeout=0), FileLock(folder / "index.lock", timeout=0):
            folder.rename(former)
    except Timeout:
        raise LibraryError("Another process uses this library.", "Close the chat and other commands, then rebuild.") from None
