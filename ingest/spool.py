"""What a reading process found in one file, on disk until it is committed: no file's size is held in memory."""

from __future__ import annotations

import io
import pickle
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, BinaryIO

from rag.records import Record

if TYPE_CHECKING:
    from PIL.Image import Image


@dataclass(frozen=True)
class Spool:
    """Two files beside each other: the records, and each distinct image of them as small as it is looked at.

    `left_out` are keys of images whose records do not count (icons that the document repeats).
    """

    stem: Path
    passages: int = 0
    figures: int = 0
    examples: int = 0
    left_out: frozenset[str] = frozenset()

    def __len__(self) -> int:
        return self.passages + self.figures + self.examples

    def records(self) -> Iterator[Record]:
        """The records in the order of the file, their guesses not yet made."""
        return (record for record in _loaded(self.stem.with_suffix(".records")) if record.image not in self.left_out)

    def images(self) -> Iterator[tuple[str, bytes, Image]]:
        """Key, fingerprint and small image, each key once."""
        from PIL import Image

        for key, mark, data in _loaded(self.stem.with_suffix(".images")):
            if key not in self.left_out:
                yield key, mark, Image.open(io.BytesIO(data))

    def discard(self) -> None:
        for suffix in (".records", ".images"):
            self.stem.with_suffix(suffix).unlink(missing_ok=True)


@dataclass
class SpoolWriter:
    """Writes the spool of one file, in the reading process; a context manager."""

    stem: Path
    _records: BinaryIO = field(init=False)
    _images: BinaryIO = field(init=False)

    def __enter__(self) -> SpoolWriter:
        self._records = self.stem.with_suffix(".records").open("wb")
        self._images = self.stem.with_suffix(".images").open("wb")
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._records.close()
        self._images.close()

    def record(self, record: Record) -> None:
        pickle.dump(record, self._records)

    def image(self, key: str, fingerprint: bytes, small: Image) -> None:
        data = io.BytesIO()
        small.save(data, "PNG", compress_level=1)
        pickle.dump((key, fingerprint, data.getvalue()), self._images)


def _loaded(path: Path) -> Iterator[Any]:
    with path.open("rb") as file:
        while True:
            try:
                yield pickle.load(file)
            except EOFError:
                return
