"""Files to records: discover, compare, read, look, encode, commit; what fails is one line and the rest goes on."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np

from ingest.blocks import Figure, Text
from ingest.chunk import chunk
from ingest.describe import describe
from ingest.discover import Found, Refused, discover
from ingest.ocr import Ocr
from ingest.plan import Failure, Plan, make_plan
from ingest.readers import kind, read
from rag.catalog import File
from rag.embed.pixels import flat
from rag.errors import DiptychError, ReadError
from rag.library import Library
from rag.records import Record

BATCH_RECORDS = 256
BATCH_IMAGES = 32

Progress = Callable[[str, int, int, str], None]
"""Called with the stage ("wait", "discover", "ingest"), how many are done, of how many (0: not known yet), and the source at hand."""


@dataclass
class Report:
    """What an ingest did. Sources by what became of them; passages and figures written; seconds by stage."""

    added: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    renamed: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    failed: list[Failure] = field(default_factory=list)
    passages: int = 0
    figures: int = 0
    seconds: dict[str, float] = field(default_factory=dict)

    def to_dict(self) -> dict[str, Any]:
        return {
            **{name: getattr(self, name) for name in ("added", "changed", "unchanged", "renamed", "removed")},
            "failed": [asdict(failure) for failure in self.failed],
            "passages": self.passages,
            "figures": self.figures,
            "seconds": {stage: round(seconds, 3) for stage, seconds in self.seconds.items()},
        }


@dataclass
class _Batch:
    """Files read and not yet committed, with the images that still have to be looked at, as small as they are looked at."""

    files: list[tuple[File, list[Text], list[tuple[Figure, str, str]]]] = field(default_factory=list)
    images: int = 0
    records: int = 0


def ingest(
    paths: Sequence[str | Path], library: Library, *, dry_run: bool = False, progress: Progress | None = None, uploads: bool = False
) -> Report:
    """Take files and folders in; only what is new or changed is read.

    `dry_run` tells what would happen and writes nothing. `uploads` allows files of the library's own `originals` folder.
    A path or file that cannot be taken is in `failed`. Raises LibraryError where the library cannot be written.
    """
    return _Ingest(library, progress or (lambda *_: None)).run([Path(path) for path in paths], dry_run, uploads)


class _Ingest:
    def __init__(self, library: Library, progress: Progress):
        self._library = library
        self._progress = progress
        self._report = Report()
        self._ocr = Ocr()

    def run(self, paths: Sequence[Path], dry_run: bool, uploads: bool) -> Report:
        start = time.perf_counter()
        if dry_run:
            self._note(self._planned(paths, uploads))
        else:
            with self._library.writing(waiting=lambda: self._progress("wait", 0, 0, "another ingest")):
                plan = self._planned(paths, uploads)
                self._note(plan)
                for root in plan.roots:
                    self._library.catalog.add_root(root)
                self._apply(plan)
        self._report.seconds["total"] = time.perf_counter() - start
        return self._report

    def _planned(self, paths: Sequence[Path], uploads: bool) -> Plan:
        with self._timed("discover"):
            own = self._library.folder.resolve()
            return make_plan(
                self._counted(discover(paths, None if uploads else own)),
                [path.resolve() for path in paths if path.is_dir()],
                self._library.catalog,
                own,
            )

    def _counted(self, found: Iterator[Found | Refused]) -> Iterator[Found | Refused]:
        for count, each in enumerate(found, 1):
            self._progress("discover", count, 0, each.source)
            yield each

    def _note(self, plan: Plan) -> None:
        self._report.added = [file.source for file in plan.added]
        self._report.changed = [file.source for file in plan.changed]
        self._report.unchanged = [file.source for file in (*plan.unchanged, *plan.touched)]
        self._report.renamed = [new.source for _, new in plan.renamed]
        self._report.removed = [file.source for file in plan.removed]
        self._report.failed = list(plan.failed)

    def _apply(self, plan: Plan) -> None:
        catalog = self._library.catalog
        for file in plan.touched:
            catalog.touch(file)
        for old, new in plan.renamed:
            catalog.move(old.path, new)
        catalog.remove([file.path for file in plan.removed])
        pictures = [new for _, new in plan.renamed if kind(new.path) == "image"]  # its name is part of what such a file says
        todo = [*plan.added, *plan.changed, *pictures]
        batch = _Batch()
        for count, file in enumerate(todo):
            self._progress("ingest", count, len(todo), file.source)
            try:
                self._read(file, batch)
            except ReadError as error:
                self._fail(file, error)
            if batch.records >= BATCH_RECORDS or batch.images >= BATCH_IMAGES:
                self._commit(batch)
                batch = _Batch()
        self._commit(batch)
        self._progress("ingest", len(todo), len(todo), "")

    def _read(self, file: File, batch: _Batch) -> None:
        texts: list[Text] = []
        figures: list[tuple[Figure, str, str]] = []
        blocks = read(file.path, file.source, file.root, self._ocr)
        while True:
            with self._timed("read"):
                block = next(blocks, None)
            if block is None:
                break
            if isinstance(block, Text):
                texts.append(block)
            else:
                key, inside = self._kept(block)
                figures.append((replace(block, image=flat(block.image), data=None), key, inside))
        with self._timed("read"):
            passages = chunk(texts, self._library.encoders.text.tokenizer, self._library.encoders.text.max_tokens)
        if not passages and not figures:
            raise ReadError("Nothing in it can be read: no text and no picture.", "Open it and see whether it is what you expect.")
        batch.files.append((file, passages, figures))
        batch.images += len(figures)
        batch.records += len(passages) + len(figures)

    def _kept(self, figure: Figure) -> tuple[str, str]:
        """The figure's key in media, and the text inside it, read once for each image."""
        with self._timed("media"):
            key = self._library.media.put(figure.image, figure.data)
        with self._timed("ocr"):
            inside = self._library.catalog.recall(key, self._ocr.name)
            if inside is None:
                inside = self._ocr.read(figure.image)
                self._library.catalog.remember(key, self._ocr.name, inside)
        return key, inside

    def _commit(self, batch: _Batch) -> None:
        if not batch.files:
            return
        with self._timed("look"):
            images = {key: figure.image for _, _, figures in batch.files for figure, key, _ in figures}
            looked = self._library.encoders.joint.look(list(images.values())) if images else None
            visual: dict[str, np.ndarray] = dict(zip(images, looked.visual, strict=True)) if looked else {}
            guesses = dict(zip(images, looked.guesses, strict=True)) if looked else {}
        files = []
        for file, passages, figures in batch.files:
            records = [Record("text", passage.text, passage.locator) for passage in passages]
            records += [describe(figure, key, inside, guesses[key]) for figure, key, inside in figures]
            files.append((file, records))
            self._report.passages += len(passages)
            self._report.figures += len(figures)
        with self._timed("encode and write"):
            self._library.add(files, visual)

    def _fail(self, file: File, error: DiptychError) -> None:
        """One line for the file; a changed one keeps what the library holds of it."""
        self._report.failed.append(Failure(file.source, str(error), error.hint))
        for sources in (self._report.added, self._report.changed):
            if file.source in sources:
                sources.remove(file.source)

    @contextmanager
    def _timed(self, stage: str) -> Iterator[None]:
        start = time.perf_counter()
        try:
            yield
        finally:
            self._report.seconds[stage] = self._report.seconds.get(stage, 0.0) + time.perf_counter() - start
