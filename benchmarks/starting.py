"""Seconds from `make chat` on an empty library to a page that can be used, to the first document and to the whole sample answerable.

    .venv/bin/python benchmarks/starting.py [--rounds N]      prints a row for each, the median of the rounds

The chat is served as `make chat` does, over a new folder. A page can be used when the server has drawn it whole, which is asked over the
socket that a browser has; a document is answerable when the catalogue counts it.
"""

from __future__ import annotations

import asyncio
import sqlite3
import statistics
import sys
import tempfile
import time
from contextlib import closing
from pathlib import Path

from serving import line, rerun, served

MOST = 300  # seconds
STAGES = (("a page that can be used", 10), ("the first document answerable", 20), ("the whole sample answerable", 40))


def started(folder: Path) -> list[float]:
    """Seconds to each stage."""
    library = folder / "library"
    began = time.perf_counter()
    with served(library, "--first", "data/sample") as (_, address):
        asyncio.run(_drawn(address))
        found = [time.perf_counter() - began]
        while counted(library) < 1 and time.perf_counter() - began < MOST:
            time.sleep(0.1)
        found.append(time.perf_counter() - began)
        last, since = 0, time.perf_counter()
        while (library / "spool").exists() and time.perf_counter() - began < MOST:
            if (now := counted(library)) != last:
                last, since = now, time.perf_counter()
            time.sleep(0.1)
        return [*found, since - began]


async def _drawn(address: str) -> None:
    async with line(address) as page:
        await rerun(page, "")


def counted(library: Path) -> int:
    """Documents that count by now."""
    try:
        with closing(sqlite3.connect(f"file:{library / 'catalog.db'}?mode=ro", uri=True)) as catalog:
            return int(catalog.execute("SELECT count(*) FROM files").fetchone()[0])
    except sqlite3.Error:
        return 0


def main(words: list[str]) -> None:
    rounds = int(words[words.index("--rounds") + 1]) if "--rounds" in words else 3
    runs = []
    for _ in range(rounds):
        with tempfile.TemporaryDirectory() as folder:
            runs.append(started(Path(folder)))
    print("| `make chat`, seconds to | median | wanted |\n|---|---|---|")
    for (what, wanted), times in zip(STAGES, zip(*runs, strict=True), strict=True):
        print(f"| {what} | {statistics.median(times):.1f} | {wanted} |")


if __name__ == "__main__":
    main(sys.argv[1:])
