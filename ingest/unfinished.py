"""What an ingest had read and not committed when it was stopped, kept in the library's folder until the next one goes on with it.

A file's spool is kept under a key that changes with the file and with whatever reads it. How many of its records are in the index by then
is known to the catalogue, under the same key.
"""

from __future__ import annotations

import hashlib
import os
import pickle
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from ingest.messages import Read
from ingest.readers import HEARD, kind
from rag.library import UNFINISHED
from rag.storage.entries import File

LONG = {"pdf", *HEARD}  # kinds whose files may take minutes to read
_SUFFIXES = (".read", ".records", ".images")


class Unfinished:
    """The spools that are kept in one library folder; `reading` is a signature of all that decides on what is read from a file."""

    def __init__(self, library: Path, reading: str):
        self._folder = library / UNFINISHED
        self._reading = reading

    def key(self, file: File) -> str:
        said = (os.fsencode(file.path), file.source.encode(), file.hash.encode(), self._reading.encode())
        return hashlib.blake2b(b"\0".join(said), digest_size=16).hexdigest()

    def parts(self, file: File) -> Path | None:
        """Where the parts of a file that takes long to read are kept while it is read; None for what is read soon."""
        return self._folder / f"{self.key(file)}.parts" if kind(file.path) in LONG else None

    def keep(self, file: File, read: Read) -> Read:
        """Move what was read to where the next ingest finds it; what is there then."""
        self._folder.mkdir(exist_ok=True)
        stem = self._folder / self.key(file)
        for suffix in _SUFFIXES[1:]:
            read.spool.stem.with_suffix(suffix).replace(stem.with_suffix(suffix))
        kept = replace(read, spool=replace(read.spool, stem=stem))
        stem.with_suffix(".parts").unlink(missing_ok=True)
        part = stem.with_suffix(".part")
        part.write_bytes(pickle.dumps(replace(kept, seconds={})))
        part.replace(stem.with_suffix(".read"))
        return kept

    def found(self, file: File) -> Read | None:
        """What an earlier ingest read of this file as it is now."""
        with suppress(OSError, EOFError, pickle.UnpicklingError, AttributeError, ImportError):
            stem = self._folder / self.key(file)
            read = pickle.loads(stem.with_suffix(".read").read_bytes())
            if isinstance(read, Read) and all(stem.with_suffix(suffix).exists() for suffix in _SUFFIXES):
                return replace(read, spool=replace(read.spool, stem=stem))  # the library may have been moved
        return None

    def only(self, files: Iterable[File]) -> None:
        """Drop what is kept of other files than these."""
        keys = {self.key(file) for file in files}
        with suppress(FileNotFoundError):
            for path in self._folder.iterdir():
                if path.stem not in keys:
                    path.unlink(missing_ok=True)

    def drop(self, read: Read) -> None:
        """Delete what is kept of a file that is committed."""
        read.spool.discard()
        read.spool.stem.with_suffix(".read").unlink(missing_ok=True)
