"""Time and memory of an ingest: a real documentation tree, then a PDF of 2,000 pages, then a folder of 20,000 files.

    .venv/bin/python benchmarks/ingesting.py debian     debian-edu-doc-en, or the packages named behind it, fetched with apt-get
    .venv/bin/python benchmarks/ingesting.py pages      a PDF of 2,000 pages, made here
    .venv/bin/python benchmarks/ingesting.py files      20,000 Markdown files, made here

Each is ingested twice by `diptych ingest`, and the second run has nothing to do. Memory is the proportional set size of the command and its
reading processes together (Linux), looked at five times a second; the process of Milvus Lite is told apart.
"""

from __future__ import annotations

import json
import random
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

from corpora import unpack
from processes import megabytes, tree

PACKAGES = ("debian-edu-doc-en",)
WORDS = "light lamp lens tower keeper reef harbour fog bell signal oil wick tide chart storm".split()
INTERVAL = 0.2


def debian(folder: Path) -> None:
    for package in sys.argv[2:] or PACKAGES:
        (folder / "unpacked" / package).mkdir(parents=True)
        unpack(package, folder / "unpacked" / package).rename(folder / "docs" / package)


def pages(folder: Path, number: int = 2000) -> None:
    """A PDF written by hand, so that it is made in a moment: each page has a heading, forty lines, and a foot that repeats."""
    chance = random.Random(7)
    objects: list[bytes] = []
    for n in range(number):
        lines = [" ".join(chance.choices(WORDS, k=11)).capitalize() + f" {chance.randrange(10**6)}." for _ in range(40)]
        shown = b"".join(f"1 0 0 1 72 {690 - 15 * at} Tm ({line}) Tj\n".encode() for at, line in enumerate(lines))
        title = f"/F 18 Tf 1 0 0 1 72 730 Tm (Station {n + 1}) Tj /F 10 Tf\n".encode()
        foot = f"1 0 0 1 72 40 Tm (Coast Guide, page {n + 1}) Tj\n".encode()
        stream = b"BT\n" + title + shown + foot + b"ET"
        objects.append(b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream))
        objects.append(b"<< /Type /Page /Parent 2 0 R /Contents %d 0 R >>" % (4 + 2 * n))
    kids = b" ".join(b"%d 0 R" % (5 + 2 * n) for n in range(number))
    font = b"<< /Font << /F 3 0 R >> >>"
    head = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Count %d /MediaBox [0 0 612 792] /Resources %s /Kids [%s] >>" % (number, font, kids),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    out, places = bytearray(b"%PDF-1.7\n"), []
    for n, body in enumerate([*head, *objects], 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (n, body)
    table = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(places) + 1) + b"".join(b"%010d 00000 n \n" % place for place in places)
    out += b"trailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF" % (len(places) + 1, table)
    (folder / "docs" / "guide.pdf").write_bytes(out)


def files(folder: Path, number: int = 20_000) -> None:
    chance = random.Random(7)
    for n in range(number):
        path = folder / "docs" / f"{n // 500:02}" / f"{n:05}.md"
        path.parent.mkdir(exist_ok=True)
        path.write_text(f"# Station {n}\n\nNo. {n}: {' '.join(chance.choices(WORDS, k=40))}.\n")


def ingest(folder: Path) -> tuple[dict[str, Any], float, dict[str, float]]:
    """The report of one `diptych ingest`, its seconds, and the peak MB of its processes."""
    command = [sys.executable, "-m", "app", "ingest", str(folder / "docs"), "--library", str(folder / "library"), "--json"]
    start = time.perf_counter()
    with (folder / "report.json").open("wb") as out:
        process = subprocess.Popen(command, stdout=out, stderr=subprocess.DEVNULL)
        peak = {"ingest": 0.0, "index": 0.0}
        ended = threading.Event()
        watcher = threading.Thread(target=_watch, args=(process.pid, peak, ended))
        watcher.start()
        process.wait()
        ended.set()
        watcher.join()
    return json.loads((folder / "report.json").read_text()), time.perf_counter() - start, peak


def _watch(pid: int, peak: dict[str, float], ended: threading.Event) -> None:
    while not ended.wait(INTERVAL):
        now = {"ingest": 0.0, "index": 0.0}
        for each in tree(pid):
            with suppress(OSError):  # it may have ended
                part = "index" if b"milvus" in Path(f"/proc/{each}/cmdline").read_bytes().split(b"\0")[0] else "ingest"
                now[part] += megabytes(each)
        for part, size in now.items():
            peak[part] = max(peak[part], size)


def main(name: str) -> None:
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        (folder / "docs").mkdir()
        {"debian": debian, "pages": pages, "files": files}[name](folder)
        report, first, peak = ingest(folder)
        again, _, _ = ingest(folder)
    seconds = report["seconds"]
    once, twice = seconds["total"], again["seconds"]["total"]
    stages = ", ".join(f"{stage} {value:.1f}" for stage, value in seconds.items() if stage != "total")
    counts = f"{report['passages']} passages, {report['figures']} figures, {len(report['failed'])} failed"
    print(f"{name}: {len(report['added'])} files, {counts}")
    print(f"  first run {once:.1f} s ({first:.1f} s with the start of the command): {stages}")
    print(f"  peak memory {peak['ingest']:.0f} MB, and {peak['index']:.0f} MB for the index's own process")
    print(f"  second run {twice:.3f} s: {once / twice:.0f} times faster")


if __name__ == "__main__":
    if len(sys.argv) < 2 or sys.argv[1] not in ("debian", "pages", "files"):
        sys.exit("usage: ingesting.py {debian [PACKAGE...]|pages|files}")
    main(sys.argv[1])
