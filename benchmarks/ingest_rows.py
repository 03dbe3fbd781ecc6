"""Rows of speed.py about taking in: the reading of pictures, the ingest of texts, and an ingest with nothing to do."""

from __future__ import annotations

import tempfile
import time
from itertools import cycle, islice
from pathlib import Path

from docstrings import paragraphs
from ratios import Bench, Row

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
