"""Any LangChain document loader into the library: what it gives is kept in `originals/`, one file a source, and ingested from there."""

from __future__ import annotations

import filecmp
import hashlib
import json
import re
import shutil
import tempfile
import time
import unicodedata
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ingest.pipeline import Progress, ingest
from ingest.report import Failure, Report
from rag.errors import LibraryError
from rag.library import Library

if TYPE_CHECKING:
    from langchain_core.document_loaders import BaseLoader
    from langchain_core.documents import Document

SUFFIX = ".documents"
_LONGEST_NAME = 100  # bytes
_UNSAFE = re.compile(r'[<>:"/\\|?*\s]+')


def ingest_loader(loader: BaseLoader, library: Library, name: str | None = None, progress: Progress | None = None) -> Report:
    """Take in what a document loader (langchain-community's, or any BaseLoader) gives; only what is new or changed is read.

    Documents of one `metadata["source"]` are one source, named after its last part (those of none after the loader), with the suffix
    `.documents`; `ingest.readers.documents` says which metadata become places. They are written to `originals/loaders/NAME/`, so that a
    rebuild needs no loader. What a loader of this `name` gave before and does not give now is removed. Without a name, loaders are told
    apart by their class and their plain settings (paths, patterns, numbers).

    Where the loader raises, what it gave before is taken in, nothing is removed, and one line in `failed` says why; so it is where it
    gives nothing at all. Raises LibraryError where the library cannot be written.
    """
    shown = name or type(loader).__name__
    folder = library.folder.resolve() / "originals" / "loaders" / (_file_name(name) if name else f"{shown}-{_settings(loader)}")
    start = time.perf_counter()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for left in folder.glob(".part-*"):  # by a killed run
            shutil.rmtree(left)
        with tempfile.TemporaryDirectory(dir=folder, prefix=".part-") as parts:
            given = _Given(Path(parts))
            failure = _load(loader, shown, given, progress or (lambda *_: None))
            kept = _keep(given, folder, shown, unfinished=given.last if failure else None)
        if not failure:
            for path in set(folder.glob(f"*{SUFFIX}")) - kept:
                path.unlink()
    except OSError as error:
        hint = f"Check the rights and the room of {library.folder}."
        raise LibraryError(f"What the loader gave cannot be kept: {error.strerror or error}.", hint) from error
    loaded = time.perf_counter() - start
    report = ingest(sorted(kept), library, progress=progress, uploads=True)
    if failure:
        report.failed.append(failure)
    elif gone := [file.source for file in library.catalog.files() if file.path.parent == folder and file.path not in kept]:
        report.removed += library.remove(gone).removed
    report.seconds["load"] = loaded
    report.seconds["total"] += loaded
    return report


@dataclass
class _Given:
    """What a loader gave, in a file for each source; `last` is the source of the last document."""

    folder: Path
    files: dict[str, Path] = field(default_factory=dict)
    documents: int = 0
    last: str | None = None

    def write(self, source: str, line: str) -> None:
        path = self.files.setdefault(source, self.folder / str(len(self.files)))
        with path.open("a", encoding="utf-8", errors="backslashreplace", newline="\n") as file:  # a lone surrogate becomes its JSON escape
            file.write(line + "\n")
        self.documents += 1


def _load(loader: BaseLoader, shown: str, given: _Given, progress: Progress) -> Failure | None:
    """Let the loader give its documents; why it stopped, where that was not their end."""
    lines = _lines(loader, given)
    while True:
        try:
            source, line = next(lines)
        except StopIteration:
            break
        except Exception as error:  # a loader may raise anything
            what = " ".join(f"{type(error).__name__}: {error}".split())[:300]
            hint = "What it gave before that is in, and nothing was removed. Mend it and run it again."
            return Failure(shown, f"The loader stopped after {given.documents} documents ({what}).", hint)
        given.write(source, line)
        progress("discover", given.documents, 0, source)
    if not given.documents:
        return Failure(shown, "The loader gave no documents; what the library holds of it was kept.", "See whether its source is there.")
    return None


def _lines(loader: BaseLoader, given: _Given) -> Iterator[tuple[str, str]]:
    for document in loader.lazy_load():
        given.last = source = str(document.metadata.get("source") or "")
        yield source, _line(document)


def _line(document: Document) -> str:
    kept = {"page_content": document.page_content, "metadata": document.metadata}
    return json.dumps(kept, ensure_ascii=False, default=str, skipkeys=True)


def _keep(given: _Given, folder: Path, shown: str, unfinished: str | None) -> set[Path]:
    """Put the files in their places, where they differ from what is there; of an `unfinished` source, what is there stays."""
    kept = set()
    names = {source: _file_name(re.split(r"[/\\]", source.rstrip("/\\"))[-1] or shown) for source in given.files}
    taken = Counter(name.casefold() for name in names.values())
    for source, part in given.files.items():
        path = folder / f"{names[source]}-{_digest(source)}{SUFFIX}"
        if taken[names[source].casefold()] == 1 and not path.exists():
            path = folder / f"{names[source]}{SUFFIX}"
        if not path.exists() or (source != unfinished and not filecmp.cmp(part, path, shallow=False)):
            part.replace(path)
        kept.add(path)
    return kept


def _file_name(text: str) -> str:
    """`text` as a file name on every system; what had to be changed is told apart by a digest."""
    name = unicodedata.normalize("NFC", text.encode("utf-8", "replace").decode())
    name = "".join(letter for letter in _UNSAFE.sub(" ", name) if letter.isprintable()).strip().lstrip(".")
    name = name.encode()[:_LONGEST_NAME].decode("utf-8", "ignore").rstrip(". ")
    return name if name == text else f"{name or 'documents'}-{_digest(text)}"


def _settings(loader: Any) -> str:
    """A digest of the loader's attributes that are plain values."""
    values = vars(loader) if hasattr(loader, "__dict__") else {}
    plain = {name: str(value) for name, value in values.items() if isinstance(value, (str, int, float, bool, Path))}
    return _digest(json.dumps(plain, sort_keys=True))


def _digest(text: str) -> str:
    return hashlib.blake2b(text.encode("utf-8", "replace"), digest_size=4).hexdigest()
