"""A private copy of an index that may only be read: Milvus Lite writes beside its file, and into it, even to be asked."""

from __future__ import annotations

import shutil
import tempfile
import time
from pathlib import Path

from rag.errors import LibraryError
from rag.storage import index
from rag.storage.sqlite import Mark, copied, mark

SECONDS = 30.0  # that a copy is good for, whatever its owner writes meanwhile


class IndexCopy:
    """The copy of the index of one library folder, in a temporary folder of its own, which goes with the process."""

    def __init__(self, folder: Path):
        self._folder = folder
        self._made: tempfile.TemporaryDirectory[str] | None = None
        self._mark: Mark = ()
        self._since = 0.0

    def made(self, with_rows: bool = True) -> Path:
        """A folder that may be written to, with a copy of the index; without its rows where they are on a server."""
        self.close()
        try:
            return self._copied(with_rows)
        except OSError as error:
            self.close()
            raise LibraryError(
                f"The index can only be read, and no copy of it can be made: {error.strerror or error}.",
                "Make room where temporary files go, or name another folder for them (TMPDIR).",
            ) from error

    def _copied(self, with_rows: bool) -> Path:
        self._mark, self._since = self._now(), time.monotonic()
        self._made = tempfile.TemporaryDirectory(prefix="diptych-index-", ignore_cleanup_errors=True)
        folder, rows = Path(self._made.name), self._folder / "index.db"
        if (self._folder / index.FILE).exists():
            shutil.copyfile(self._folder / index.FILE, folder / index.FILE)
        if with_rows and rows.is_dir():  # of Milvus Lite 3
            shutil.copytree(rows, folder / rows.name)
        elif with_rows and rows.exists():
            copied(rows, folder / rows.name)
        return folder

    def outdated(self) -> bool:
        """Whether the index was written to since, and the copy is not fresh."""
        return self._made is not None and time.monotonic() - self._since > SECONDS and self._mark != self._now()

    def close(self) -> None:
        if self._made:
            self._made.cleanup()
            self._made = None

    def _now(self) -> Mark:
        rows = self._folder / "index.db"
        return tuple(each for path in (sorted(rows.rglob("*")) if rows.is_dir() else [rows]) for each in mark(path))
