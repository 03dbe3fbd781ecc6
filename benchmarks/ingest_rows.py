"""Rows of speed.py about taking in: the reading of pictures, the ingest of texts, and an ingest with nothing to do."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from index import paragraphs
from ratios import Bench, Row

FILES, PARAGRAPHS_EACH = 200, 8  # of texts; a file has 1 to 2 KB
UNCHANGED = 100  # times faster than the first


def ocr(bench: Bench) -> Row:
    """The words in pictures, by the same models with their package's own defaults."""
    import logging

    import numpy as np
    from rapidocr import RapidOCR

    from rag.pictures.ocr import Ocr
    from rag.pictures.open import open_image

    logging.getLogger("RapidOCR").setLevel(logging.ERROR)
    images = [open_image(path) for path in bench.pictures]
    ours, theirs = Ocr(), RapidOCR()
    found = [
        " ".join(read(image) for image in images).lower().split()
        for read in (ours.read, lambda i: " ".join(theirs(np.asarray(i)).txts or ()))
    ]
    shared = len(set(found[0]) & set(found[1])) / len(set(found[1]))
    return Row(
        f"words read in pictures ({shared:.2f} of the words found alike)",
        "RapidOCR as it comes",
        2,
        lambda: [ours.read(image) for image in images],
        lambda: [theirs(np.asarray(image)) for image in images],
        len(images),
        "a second",
    )


def texts(bench: Bench) -> Row:
    """Files of text into a new library, against the encoder alone over the same passages."""
    from ingest import ingest
    from rag import Library, Settings

    folder = bench.temporary()
    written(folder)

    def ours() -> None:
        with (
            tempfile.TemporaryDirectory() as temporary,
            Library.open(Path(temporary) / "new", Settings(library=Path(temporary) / "new")) as library,
        ):
            library.encoders  # noqa: B018 - loaded for both sides
            ingest(library, [folder])
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
    written(folder)
    library = Library.open(kept, Settings(library=kept))
    began = time.perf_counter()
    ingest(library, [folder])
    first = time.perf_counter() - began
    return Row(
        f"{FILES} unchanged files looked through",
        f"the first ingest of them ({first:.1f} s)",
        UNCHANGED,
        lambda: ingest(library, [folder]),
        first,
        unit="ms",
    )


def written(folder: Path) -> None:
    """Files of real paragraphs."""
    every = list(_cycled())
    for at in range(FILES):
        part = every[at * PARAGRAPHS_EACH : (at + 1) * PARAGRAPHS_EACH]
        (folder / f"{at:04}.txt").write_text("\n\n".join(part), "utf-8")


def _cycled() -> Iterator[str]:
    found = paragraphs()
    for at in range(FILES * PARAGRAPHS_EACH):
        yield found[at % len(found)]
