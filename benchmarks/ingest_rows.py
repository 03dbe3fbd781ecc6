"""Rows of speed.py about taking in: the reading of pictures, the ingest of texts and of PDFs, and an ingest with nothing to do."""

from __future__ import annotations

import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import cycle, islice
from pathlib import Path
from typing import TYPE_CHECKING

from docstrings import paragraphs
from ratios import PROJECT, Bench, Row

if TYPE_CHECKING:
    from rag import Library

PARAGRAPHS_EACH = 8  # a file has 1 to 2 KB
NEW, UNCHANGED = 1_000, 10_000  # files


def ocr(bench: Bench) -> Row:
    """The words in pictures as an ingest reads them, one thread a picture, by the same models with their package's own defaults."""
    import logging
    from concurrent.futures import ThreadPoolExecutor

    import numpy as np
    from rapidocr import RapidOCR

    from rag.embed.exported import cores
    from rag.pictures.ocr import Ocr
    from rag.pictures.open import open_image

    logging.getLogger("RapidOCR").setLevel(logging.CRITICAL)
    images = [open_image(path) for path in bench.pictures]
    readers, theirs = [Ocr(threads=1) for _ in range(cores())], RapidOCR()

    def ours() -> list[str]:
        with ThreadPoolExecutor(len(readers)) as pool:
            shares = pool.map(lambda at: [readers[at].read(image) for image in images[at :: len(readers)]], range(len(readers)))
            return [text for share in shares for text in share]

    def plain() -> list[str]:
        return [" ".join(theirs(np.asarray(image)).txts or ()) for image in images]

    found, known = ({word for text in read() for word in text.lower().split()} for read in (ours, plain))
    return Row(
        f"words read in pictures ({len(found & known) / len(known):.2f} of the words alike)",
        "RapidOCR as it comes",
        2,
        ours,
        plain,
        len(images),
        "a second",
    )


def texts(bench: Bench) -> Row:
    """Files of text into a new library, against the encoder alone over the same passages."""
    from ingest import ingest
    from rag import Library, Settings

    folder = bench.temporary()
    written(folder, NEW)

    def ours() -> None:
        with (
            tempfile.TemporaryDirectory() as temporary,
            Library.open(Path(temporary) / "new", Settings(library=Path(temporary) / "new")) as library,
        ):
            library.encoders  # noqa: B018 - loaded for both sides
            ingest([folder], library)
            passages[:] = [stored.record.gist for stored in library.catalog.all_records()]

    passages: list[str] = []
    ours()
    encoder = Library.open(bench.folder, create=False).encoders.text
    return Row(
        "texts taken in, passages",
        "the encoder alone over the same",
        0.9,
        ours,
        lambda: list(encoder.encode_both(passages)),
        len(passages),
        "a second",
    )


def pdfs(bench: Bench) -> Row:
    """PDFs into a new library, against its parts one after the other, each on all cores: the reading with OCR, the looks, the encoder.

    Of the folder in the variable DIPTYCH_BENCH_PDFS; without it those of the sample, which are few and small.
    """
    given = os.environ.get("DIPTYCH_BENCH_PDFS")
    from ingest import ingest
    from ingest.messages import Read
    from ingest.pipeline import _Ingest
    from rag import Library, Settings

    folder = bench.temporary()
    found = sorted(Path(given or PROJECT / "data" / "sample").rglob("*.pdf"))
    for path in found:
        shutil.copy(path, folder)

    @contextmanager
    def empty() -> Iterator[Library]:
        with tempfile.TemporaryDirectory() as temporary:
            at = Path(temporary) / "new"
            with Library.open(at, Settings(library=at)) as library:
                library.encoders  # noqa: B018 - loaded for both sides
                yield library

    def ours() -> None:
        with empty() as library:
            ingest([folder], library)

    def apart() -> None:
        with empty() as library, tempfile.TemporaryDirectory() as spools:
            taking = _Ingest(library, lambda *_: None)
            outcomes = list(taking._read(taking._planned([folder], False, False).added, Path(spools)))
            spooled = [outcome.spool for _, outcome in filter(None, outcomes) if isinstance(outcome, Read)]
            images = {key: image for spool in spooled for key, _, image in spool.images()}
            library.encoders.joint.look(list(images.values()))
            list(library.encoders.text.encode_both([record.gist for spool in spooled for record in spool.records()]))

    what = f"{len(found)} PDFs taken in, those of {'DIPTYCH_BENCH_PDFS' if given else 'the sample'}"
    return Row(what, "their parts alone, one after the other, on all cores", 0.85, ours, apart)


def again(bench: Bench) -> Row:
    """An ingest of unchanged files, against the first of them; the first is made once."""
    from ingest import ingest
    from rag import Library, Settings

    folder, kept = bench.temporary(), bench.temporary() / "library"
    written(folder, UNCHANGED)
    library = Library.open(kept, Settings(library=kept))
    began = time.perf_counter()
    ingest([folder], library)
    first = time.perf_counter() - began
    return Row(
        f"{UNCHANGED:,} unchanged files looked through",
        f"the first ingest of them ({first:.1f} s)",
        100,
        lambda: ingest([folder], library),
        first,
        unit="ms",
    )


def written(folder: Path, files: int) -> None:
    """Files of real paragraphs."""
    every = cycle(paragraphs())
    for at in range(files):
        (folder / f"{at:05}.txt").write_text("\n\n".join(islice(every, PARAGRAPHS_EACH)), "utf-8")
