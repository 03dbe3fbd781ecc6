"""Files to records: discover, compare, read in processes of their own, look, encode, commit; what fails is one line, the rest goes on."""

from __future__ import annotations

import os
import shutil
import time
import uuid
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from itertools import count, groupby
from pathlib import Path

from ingest.archives import holder, unpacked
from ingest.describe import file_words
from ingest.discover import Discovered, discover
from ingest.looks import Guessed, Looks
from ingest.messages import Job, Read, Setup, Stop, Unread
from ingest.plan import Plan, make_plan
from ingest.pool import PROCESSES, ReaderPool
from ingest.readers import HEARD, kind, signature
from ingest.readers.references import mark
from ingest.report import Failure, LeftOut, Report
from ingest.unfinished import Unfinished
from rag.errors import LibraryError, ReadError
from rag.library import Library
from rag.pictures.ocr import give_back
from rag.storage.entries import File

BATCH_RECORDS = 1024  # a commit is due when so many are read, or as many as are encoded in the time below,
BATCH_SECONDS = 10.0  # or when the first of them was read so long ago,
FIRST_BATCH = 32  # or where reading has to be waited for, with so many; so many also while it is not known how long they take
TICK = 0.2  # seconds in which nothing is read, after which it is looked whether a commit is due
LONGEST_PASSAGE = 512  # tokens, whatever an encoder takes: one of many pages points at nothing, and fits in no prompt
PICTURES = ("image", "drawing")

Progress = Callable[[str, int, int, str], None]
"""Called with a stage, how many are done, of how many (0: not known yet), and the source at hand: "wait", "discover" (files found), "read"
(files read), "encode" (passages and figures committed or about to be, of those read so far), "listen" (minutes of a recording)."""


@dataclass
class _Batch:
    """Files read and not yet committed; with `most` records they are committed whatever comes next."""

    most: int
    files: list[tuple[File, Read]] = field(default_factory=list)
    references: dict[Path, dict[str, str]] = field(default_factory=dict)
    records: int = 0
    since: float = field(default_factory=time.monotonic)

    @property
    def due(self) -> bool:
        return self.records >= self.most or time.monotonic() - self.since > BATCH_SECONDS


def ingest(
    paths: Sequence[str | Path],
    library: Library,
    *,
    dry_run: bool = False,
    progress: Progress | None = None,
    uploads: bool = False,
    keep_out: bool = False,
) -> Report:
    """Take files and folders in; only what is new or changed is read.

    `dry_run` tells what would happen and writes nothing. `uploads` allows files of the library's own `originals` folder. What was removed
    from the library comes in again, but where it is `keep_out`: for rounds that nobody asks for.
    A path or file that cannot be taken is in `failed`. Raises LibraryError where the library cannot be written.
    """
    return _Ingest(library, progress or (lambda *_: None)).run([Path(path) for path in paths], dry_run, uploads, keep_out)


class _Ingest:
    def __init__(self, library: Library, progress: Progress):
        self._library = library
        self._progress = progress
        self._report = Report()
        self._readers = signature(library.settings.sound_model)
        self._looks = Looks(library)
        self._read_records = self._encoded_records = 0
        self._at_once = FIRST_BATCH

    def run(self, paths: Sequence[Path], dry_run: bool, uploads: bool, keep_out: bool) -> Report:
        start = time.perf_counter()
        if dry_run:
            self._note(self._planned(paths, uploads, keep_out))
        else:
            with self._library.writing(waiting=lambda: self._progress("wait", 0, 0, "another ingest")):
                plan = self._planned(paths, uploads, keep_out)
                self._note(plan)
                for root in plan.roots:
                    self._library.catalog.writer.add_root(root)
                self._apply(plan)
        self._report.seconds["total"] = time.perf_counter() - start
        return self._report

    def _planned(self, paths: Sequence[Path], uploads: bool, keep_out: bool) -> Plan:
        with self._timed("discover"):
            own = self._library.folder.resolve()
            return make_plan(
                self._counted(discover(paths, None if uploads else own)),
                [path.resolve() for path in paths if _is_folder(path)],
                self._library.catalog,
                own,
                limit=self._library.settings.max_file_mb * 1_000_000,
                readers=self._readers,
                keep_out={each.path for each in self._library.catalog.removed()} if keep_out else (),
            )

    def _counted(self, found: Iterator[Discovered]) -> Iterator[Discovered]:
        for number, each in enumerate(found, 1):
            self._progress("discover", number, 0, each.source)
            yield each

    def _note(self, plan: Plan) -> None:
        self._report.added = [file.source for file in plan.added]
        self._report.changed = [file.source for file in plan.changed]
        self._report.unchanged = [file.source for file in (*plan.unchanged, *plan.touched)]
        self._report.renamed = [new.source for _, new in plan.renamed]
        self._report.removed = [file.source for file in plan.removed]
        self._report.failed = list(plan.failed)
        self._report.passed_over = plan.passed_over
        self._report.kept_out = plan.kept_out

    def _apply(self, plan: Plan) -> None:
        """Write what changed. The words of a file's name are part of what is searched, a suffix decides on the reader, and a picture's
        path is its origin: where these are others, a renamed file is read anew, and replaces itself when it is."""
        catalog = self._library.catalog
        anew: list[tuple[File, File]] = []
        moved: list[tuple[File, File]] = []
        for old, new in plan.renamed:
            alike = kind(old.path) == kind(new.path) not in PICTURES and old.path.suffix.lower() == new.path.suffix.lower()
            (moved if alike and file_words(old.source) == file_words(new.source) else anew).append((old, new))
        if plan.let_go:
            catalog.writer.readmit(plan.let_go)
        if plan.touched:
            catalog.writer.touch(plan.touched)
        if moved:
            catalog.writer.move(moved)
        if plan.removed:
            catalog.writer.remove([file.path for file in plan.removed])
        todo = [*(new for _, new in anew), *plan.added, *plan.changed]
        if not todo:
            return
        with self._spools() as spools:
            self._take_in(todo, {new.path: old.path for old, new in anew}, spools)

    @contextmanager
    def _spools(self) -> Iterator[Path]:
        spools = self._library.folder.resolve() / "spool"
        shutil.rmtree(spools, ignore_errors=True)  # what a killed ingest left
        folder = spools / uuid.uuid4().hex[:8]  # apart from what its reading processes may still write before they end
        folder.mkdir(parents=True, exist_ok=True)
        try:
            yield folder
        finally:
            shutil.rmtree(spools, ignore_errors=True)

    @cached_property
    def _longest(self) -> int:
        return min(self._library.encoders.text.max_tokens, LONGEST_PASSAGE)

    @cached_property
    def _unfinished(self) -> Unfinished:
        return Unfinished(self._library.folder.resolve(), f"{self._readers} {self._library.encoders.text.name} {self._longest}")

    def _take_in(self, todo: Sequence[File], former: dict[Path, Path], spools: Path) -> None:
        self._unfinished.only(todo)
        self._library.catalog.writer.forget_unfinished([self._unfinished.key(file) for file in todo])
        number, batch = 0, _Batch(self._at_once)
        with closing(self._read(todo, spools)) as outcomes:  # where this stops, reading stops too, and not when the error is forgotten
            for each in outcomes:
                if each is None:
                    if batch.files and (batch.due or batch.records >= FIRST_BATCH):
                        self._commit(batch, former)
                        batch = _Batch(self._at_once)
                    continue
                number, (file, outcome) = number + 1, each
                if isinstance(outcome, Stop):
                    raise LibraryError(outcome.reason, outcome.hint)
                if isinstance(outcome, Unread):
                    self._fail(file, outcome)
                    if outcome.lasting and file.path not in former:  # a renamed one is matched with what it was by being tried again
                        self._library.catalog.writer.give_up(file, self._readers, outcome.reason, outcome.hint)
                else:
                    if not batch.files:
                        batch.since = time.monotonic()
                    batch.files.append((file, outcome))
                    archive = holder(file.path)
                    batch.references[file.path] = {
                        target: mark(archive) if archive and not Path(target).is_absolute() else then
                        for target, then in outcome.references.items()
                    }
                    batch.records += len(outcome.spool)
                    self._read_records += len(outcome.spool)
                    self._report.failed += [Failure(f"{file.source} > {lost.name}", lost.reason, lost.hint) for lost in outcome.lost]
                    self._report.left_out += [LeftOut(file.source, what, number) for what, number in outcome.passed.items()]
                    self._report.took(outcome.seconds)
                self._progress("read", number, len(todo), file.source)
                if batch.due:
                    self._commit(batch, former)
                    batch = _Batch(self._at_once)
        self._commit(batch, former)

    def _read(self, todo: Sequence[File], spools: Path) -> Generator[tuple[File, Read | Unread | Stop] | None]:
        """Every file with what became of its reading, as they are done, those first that an ingest had read that was stopped; archives one
        after the other. None now and then where nothing is done."""
        library = self._library
        numbers, unread = count(), []
        for file in todo:
            if read := self._unfinished.found(file):
                yield file, read
            else:
                unread.append(file)
        if not unread:
            return
        unread.sort(key=lambda file: kind(file.path) in HEARD and holder(file.path) is None)  # first what is read soon
        setup = self._setup(spools, sum(kind(file.path) in HEARD for file in unread))

        def job(file: File, path: Path, root: Path) -> tuple[File, Job]:
            return file, Job(path, file.source, root, spools / str(next(numbers)), self._unfinished.parts(file), file.hash)

        with ReaderPool(setup, library.settings.read_seconds, min(PROCESSES, len(unread))) as pool:
            for archive, files in groupby(unread, lambda file: holder(file.path)):
                if archive is None:
                    for outcome in pool.read((job(file, file.path, file.root) for file in files), self._unfinished.keep, TICK):
                        for source, (heard, of) in list(pool.hears.items())[: outcome is None]:
                            self._progress("listen", int(heard // 60), int(of // 60), source)
                        yield outcome
                    continue
                members = list(files)
                try:
                    with unpacked(archive, spools) as folder:
                        inside = (job(file, folder / file.path.relative_to(archive), folder) for file in members)
                        yield from pool.read(inside, self._unfinished.keep, TICK)
                except ReadError as error:  # it was whole when it was listed
                    yield from ((file, Unread(str(error), error.hint)) for file in members)

    def _setup(self, spools: Path, recordings: int) -> Setup:
        from rag.speech.joint import load_sounds
        from rag.speech.recognise import missing, model_of

        settings = self._library.settings
        lacking = missing(settings)
        if settings.sound_model and recordings:
            load_sounds(settings.sound_model, settings.device)  # so that what keeps it from being loaded is told before anything is read
        return Setup(
            self._library.folder.resolve(),
            spools,
            settings.media_uri,
            self._library.encoders.text.tokenizer.to_str(),
            self._longest,
            model_of(settings),
            max(1, (os.cpu_count() or 1) // max(1, min(PROCESSES, recordings))),
            (str(lacking), lacking.hint) if lacking else None,
            settings.sound_model,
            settings.device,
        )

    def _commit(self, batch: _Batch, former: dict[Path, Path]) -> None:
        if not batch.files:
            return
        start, encoded = time.monotonic(), self._encoded_records
        with self._timed("look"):
            visual, guesses = self._looks.at(read.spool for _, read in batch.files)
        with self._timed("encode and write"):
            self._library.add(
                [(file, Guessed(read.spool, guesses)) for file, read in batch.files],
                visual,
                former=former,
                references=batch.references,
                keys={file.path: self._unfinished.key(file) for file, _ in batch.files},
                progress=self._encoded,
            )
        speed = (self._encoded_records - encoded) / max(time.monotonic() - start, 0.001)
        self._at_once = round(min(max(speed * BATCH_SECONDS, 1), BATCH_RECORDS))
        for _, read in batch.files:
            self._unfinished.drop(read)
            self._report.passages += read.spool.passages
            self._report.figures += read.spool.figures
            self._report.examples += read.spool.examples

    def _encoded(self, records: int) -> None:
        give_back()
        self._encoded_records += records
        self._progress("encode", self._encoded_records, self._read_records, "")

    def _fail(self, file: File, unread: Unread) -> None:
        """One line for the file; a changed one keeps what the library holds of it."""
        self._report.failed.append(Failure(file.source, unread.reason, unread.hint))
        for sources in (self._report.added, self._report.changed, self._report.renamed):
            if file.source in sources:
                sources.remove(file.source)

    @contextmanager
    def _timed(self, stage: str) -> Iterator[None]:
        start = time.perf_counter()
        try:
            yield
        finally:
            self._report.took({stage: time.perf_counter() - start})


def _is_folder(path: Path) -> bool:
    try:
        return path.is_dir()
    except OSError:  # it may not be looked at, as `discover` tells
        return False
