"""A reading process: takes one file at a time from its parent and writes what it finds in it to a spool. `python -m ingest.worker`.

Whatever a file does to its reader (a crash, a hang, a flood of memory) ends this process and not the ingest. It lives no longer than its
parent: the end of its standard input ends it at once.
"""

from __future__ import annotations

import os
import pickle
import queue
import signal
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import nullcontext, suppress
from dataclasses import replace
from functools import partial
from pathlib import Path, PurePath
from typing import TYPE_CHECKING

from ingest.above import Above
from ingest.blocks import Document, Example, Figure, Lost, Passed, Text
from ingest.bounded import MOST, bounded
from ingest.chunk import chunk
from ingest.describe import describe, file_words
from ingest.figures import ICON_TIMES, small_as_an_icon
from ingest.inside import is_running, kept, page_texts, written
from ingest.messages import Beat, Job, Read, Setup, Stop, Unread
from ingest.readers import HEARD, kind, read
from ingest.readers.recording.listen import Listener, listening
from ingest.readers.references import mark as mark_of
from ingest.readers.references import noting
from ingest.readers.resumed import resuming
from ingest.remembered import remembering
from ingest.spool import Spool, SpoolWriter
from rag.errors import LibraryError, ModelUnavailable, NoRoom, ReadError
from rag.pictures.copies import fingerprint
from rag.records import Place, Record
from rag.speech.fingerprint import fingerprint as fingerprint_of_sound
from rag.speech.joint import load_sounds, packed
from rag.speech.sound import opened
from rag.storage.catalog import Catalog
from rag.storage.disk import lacks_room
from rag.storage.media import Media

if TYPE_CHECKING:
    import numpy as np
    from tokenizers import Tokenizer

    from rag.pictures.ocr import Writing

MEMORY = 3 << 30  # bytes that a reading process may take
BEAT_SECONDS = 0.5


class Reading:
    """Reads files one after the other; the OCR engine is loaded at the first picture and kept."""

    def __init__(self, setup: Setup, beat: Callable[[tuple[float, float] | None], None]):
        from tokenizers import Tokenizer

        from rag.pictures.ocr import Ocr
        from rag.speech.recognise import Recogniser

        self._tokenizer: Tokenizer = Tokenizer.from_str(setup.tokenizer)
        self._max_tokens = setup.max_tokens
        self._above = Above(self._tokenizer, setup.max_tokens)
        self._contents = Catalog(setup.library).contents
        self._media = Media(setup.library / "media", setup.media_uri)
        self._engine = Ocr(threads=1)
        self._ocr = remembering(self._engine)
        self._library = setup.library
        self._beat = beat
        self._lacking = ModelUnavailable(*setup.lacking) if setup.lacking else None
        self._speech = Path(setup.speech).absolute()
        self._listener = Listener(Recogniser(setup.speech, setup.threads), self._lacking, lambda seconds, of: beat((seconds, of)))
        self._sound_model, self._device = setup.sound_model, setup.device
        self._seconds: dict[str, float] = {}
        self._lost: list[Lost] = []
        self._passed = Counter[str]()
        self._examples = 0

    def read(self, job: Job) -> Read | Unread | Stop:
        """Read one file into its spool."""
        self._seconds, self._lost, self._passed, self._examples = {"ocr": 0.0}, [], Counter(), 0
        start = time.perf_counter()
        try:
            resumed = resuming(job.parts) if job.parts else nullcontext()
            with SpoolWriter(job.spool) as out, noting() as referred, listening(self._listening(job)), resumed:
                shown = Counter[str]()
                icons: set[str] = set()
                passages, name = 0, file_words(job.source)
                texts = bounded(self._texts(job, name, out, shown, icons), max(MOST, job.path.stat().st_size))
                for passage in chunk(texts, self._tokenizer, self._max_tokens, name):
                    out.record(passage)
                    passages += 1
                if passages and kind(PurePath(job.source)) in HEARD:
                    self._sound(job)
        except ReadError as error:
            cause = error.__cause__
            return self._full(cause) or Unread(
                str(error), error.hint, lasting=not isinstance(cause, OSError | MemoryError | ModelUnavailable)
            )
        except OSError as error:
            hint = "Check the rights and the room of the library's folder."
            return self._full(error) or Unread(f"It cannot be kept: {error.strerror or error}.", hint)
        except LibraryError as error:
            return Stop(str(error), error.hint)
        except MemoryError:
            return Unread("It does not fit into memory.", "Split it into smaller files.")
        except Exception as error:  # of the OCR engine, for one: this process goes on with the next file
            return Unread(f"Its words or pictures could not be prepared ({type(error).__name__}: {error}).", "Report it, with the file.")
        left_out = frozenset(key for key in icons if shown[key] >= ICON_TIMES)
        figures = sum(count for key, count in shown.items() if key not in left_out)
        if not passages and not figures and not self._examples:
            only = f", only {'; '.join(f'{kind}: {number}' for kind, number in self._passed.items())}" if self._passed else ""
            reason = f"Nothing in it can be read: no text and no picture{only}."
            return Unread(reason, "Open it and see whether it is what you expect.", lasting=True)
        self._seconds["read"] = time.perf_counter() - start - self._seconds["ocr"]
        folder = job.path.parent
        references = {os.path.relpath(path, folder): mark for path, mark in referred.items()}
        if self._lacking and any(lost.name == "sound" for lost in self._lost):  # once the model is there, it is heard
            references[str(self._speech)] = mark_of(self._speech)
        spool = Spool(job.spool, passages, figures, self._examples, left_out)
        return Read(spool, dict(self._seconds), references, tuple(self._lost), dict(self._passed))

    def _listening(self, job: Job) -> Listener:
        """Who listens to a recording; what was heard in one with the same bytes is remembered, and not heard again."""
        at = job.hash, self._listener.recogniser.name
        return replace(
            self._listener,
            recall=partial(self._contents.recall, *at),
            keep=partial(self._contents.remember, *at),
            sounds=self._sound_model is not None,
        )

    def _sound(self, job: Job) -> None:
        """Keep the fingerprint of a recording, by which the same sound is found, and the vectors by which the like is."""

        def heard(pieces: Iterator[np.ndarray]) -> Iterator[np.ndarray]:
            for piece in pieces:
                self._beat(None)
                yield piece

        with suppress(ReadError, ImportError), opened(job.path) as sound:  # one that has a transcript may be damaged
            self._contents.remember_sound(job.hash, fingerprint_of_sound(heard(sound.pieces())))
        if self._sound_model:
            encoder = load_sounds(self._sound_model, self._device)
            with suppress(ReadError, ImportError), opened(job.path) as sound:
                vectors = list(encoder.pieces(sound, lambda: self._beat(None)))
                self._contents.remember_sounding(job.hash, encoder.name, packed(vectors))

    def _full(self, error: BaseException | None) -> Stop | None:
        if not lacks_room(error):
            return None
        told = NoRoom(self._library)
        return Stop(str(told), told.hint)

    def _texts(self, job: Job, name: str, out: SpoolWriter, shown: Counter[str], icons: set[str]) -> Iterator[Document | Text]:
        """The texts of the file, and what it says of itself; its figures are written to `out` on the way, and counted in `shown`."""
        from rag.embed.pixels import flat

        document = Document()
        for block in read(job.path, job.source, job.root, self._ocr):
            self._beat(None)
            if isinstance(block, Document):
                document = block
            if isinstance(block, Document | Text):
                yield block
                continue
            if isinstance(block, Lost):
                self._lost.append(block)
                continue
            if isinstance(block, Passed):
                self._passed[block.kind] += block.count
                continue
            if isinstance(block, Example):
                out.record(Record("example", f"{block.question}\n\n{block.answer}", block.locator, caption=block.question))
                self._examples += 1
                continue
            key = self._media.put(block.image, block.data)
            if not shown[key]:
                out.image(key, fingerprint(block.image), flat(block.image))
                if small_as_an_icon(block.image):
                    icons.add(key)
            shown[key] += 1
            found = self._inside(key, block)
            inside = "\n\n".join(each.text for each in found)
            out.record(self._placed(describe(block, key, block.inside or inside), document, name))
            if self._is_page(inside):
                yield from page_texts(found, block.locator, block.origin == job.source)

    def _placed(self, figure: Record, document: Document, name: str) -> Record:
        """A figure in the place that a passage beside it has."""
        locator = figure.locator
        place = self._above.fitted(Place(document.title, name, locator.heading or "", locator.sheet or "", date=document.date))
        locator = replace(locator, heading=place.heading or None, sheet=place.sheet or None)
        return replace(figure, locator=locator, title=place.title, name=place.name, date=place.date)

    def _inside(self, key: str, figure: Figure) -> list[Writing]:
        """What is written in the figure, read once for each image of the library; nothing where its reader has read it."""
        if figure.inside is not None:
            return []
        known = self._contents.recall(key, self._ocr.name)
        if known is not None:
            return written(known)
        start = time.perf_counter()
        found = self._engine.paragraphs(figure.image)
        self._seconds["ocr"] += time.perf_counter() - start
        self._contents.remember(key, self._ocr.name, kept(found))
        return found

    def _is_page(self, inside: str) -> bool:
        """Whether a picture is full of writing, more than the encoder sees at once."""
        return is_running(inside) and len(self._tokenizer.encode(inside).ids) > self._max_tokens


def main() -> None:
    """Answer the parent's jobs until it hangs up. Pickled objects pass on standard input and output; what libraries print is dropped."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the parent, which ends this process
    _limit_memory()
    if hasattr(os, "nice"):
        os.nice(10)  # the encoder's threads wait for each other, and must not wait for a reader's turn to end
    replies = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    jobs: queue.SimpleQueue[Job] = queue.SimpleQueue()

    def listen() -> None:
        try:
            while True:
                jobs.put(pickle.load(sys.stdin.buffer))
        except BaseException:
            os._exit(0)  # the parent is gone, or done with this process

    def reply(message: object) -> None:
        pickle.dump(message, replies)
        replies.flush()

    last = 0.0

    def beat(heard: tuple[float, float] | None) -> None:
        nonlocal last
        if time.monotonic() - last > BEAT_SECONDS:
            last = time.monotonic()
            reply(Beat(heard))

    setup: Setup = pickle.load(sys.stdin.buffer)
    threading.Thread(target=listen, daemon=True).start()
    reading = Reading(setup, beat)
    reply(Beat())
    while True:
        reply(reading.read(jobs.get()))


def _limit_memory() -> None:
    try:
        import resource
    except ImportError:  # Windows
        return
    _, hard = resource.getrlimit(resource.RLIMIT_DATA)
    most = MEMORY if hard == resource.RLIM_INFINITY else min(MEMORY, hard)
    resource.setrlimit(resource.RLIMIT_DATA, (most, most))


if __name__ == "__main__":
    main()
