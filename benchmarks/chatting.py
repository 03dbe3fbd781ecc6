"""Time of the chat's server: a rerun of the page without a question, and the opening of a source, in a long conversation.

    .venv/bin/python benchmarks/chatting.py [LIBRARY]      a library with a conversation; without, one of the sample and 4,000 passages more

The chat is served as `diptych chat` does. A rerun is what a click on a quiet button costs: from the message to the server until its last
answer, over the same socket that the browser has, without a browser. Opening a source is the request for what the panel shows and, of a
PDF, for the page with its quote marked, the first time that it is drawn. Every citation and hit of the conversation is opened once.
CPU is what the server's process took for it.
"""

from __future__ import annotations

import asyncio
import re
import statistics
import sys
import tempfile
import time
import urllib.request
from html import unescape
from pathlib import Path

import psutil
from serving import PROJECT, line, rerun, served

from app.chat.shelf import Shelf
from ingest import ingest
from rag import Library, Settings

QUESTIONS = (
    "Who was the architect of Skerrin Head?",
    "Which parts of a Fresnel lens bend the light?",
    "Show me a picture of the lightship",
    "What did the lamp trials of 1931 find about paraffin?",
    "When is low water at Skerrin?",
    "How many visitors came to Thornsay?",
)
TURNS, RERUNS = 30, 30
NOTES, PARAGRAPHS = 400, 10


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        library = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(folder) / "library"
        with Library.open(library, Settings(library=library, llm="quote")) as opened:
            if len(sys.argv) == 1:
                ingest([PROJECT / "data" / "sample", _notes(Path(folder) / "notes")], opened)
            counts = opened.catalog.counts()
            conversation = _conversation(opened)
        print(f"{counts['files']:,} documents, {counts['passages']:,} passages, {counts['pictures']:,} pictures; {TURNS} turns")
        with served(library) as (command, address):
            asyncio.run(_measure(command, address, conversation))


def _notes(folder: Path) -> Path:
    """Documents of paragraphs that Python's own documentation strings have."""
    from docstrings import paragraphs

    folder.mkdir()
    texts = paragraphs()
    for number in range(NOTES):
        own = texts[number * PARAGRAPHS :][:PARAGRAPHS]
        told = "\n\n".join(f"## Section {n}\n\n{text}" for n, text in enumerate(own, 1))
        (folder / f"note-{number:03}.md").write_text(f"# Note {number}\n\n{told}\n", "utf-8")
    return folder


def _conversation(library: Library) -> str:
    """The address of a conversation with TURNS turns, all of them answered."""
    conversation = Shelf(library).begin()
    for number in range(TURNS):
        turn = conversation.ask(QUESTIONS[number % len(QUESTIONS)], model="quote")
        while not turn.settled or turn.follow_ups is None:
            time.sleep(0.02)
    return conversation.id


async def _measure(command: int, address: str, conversation: str) -> None:
    (server,) = psutil.Process(command).children()
    async with line(address) as page:
        for name, query in (("a new conversation", ""), (f"a conversation of {TURNS} turns", f"c={conversation}")):
            for _ in range(3):  # what the first ones keep
                sent = await rerun(page, query)
            before = _cpu(server)
            took, size = [], 0
            for _ in range(RERUNS):
                start = time.perf_counter()
                size = sum(map(len, await rerun(page, query)))
                took.append((time.perf_counter() - start) * 1000)
            cpu = (_cpu(server) - before) / RERUNS * 1000
            print(f"rerun, {name}: {_told(took)}; CPU {cpu:.0f} ms; {size / 1000:,.0f} KB sent")
    where = next(found[0].decode() for found in (re.search(rb"held/[\w-]+", each) for each in sent) if found)
    _open(server, f"{address}/{where}/panel/turn/{conversation}", address)


def _open(server: psutil.Process, panels: str, address: str) -> None:
    took: dict[str, list[float]] = {"passages and pictures": [], "pages of PDFs, the first time": [], "pages of PDFs, again": []}
    drawn: set[str] = set()
    before, opened = _cpu(server), 0
    for turn in range(1, TURNS + 1):
        for kind in ("source", "hit"):
            for n in range(1, 9):
                start = time.perf_counter()
                try:
                    told = urllib.request.urlopen(f"{panels}/{turn}/{kind}/{n}").read().decode()
                except urllib.error.HTTPError:
                    break
                what = "passages and pictures"
                if page := re.search(r'class="d-page" src="([^"]+)"', told):
                    what = "pages of PDFs, again" if page[1] in drawn else "pages of PDFs, the first time"
                    drawn.add(page[1])
                    urllib.request.urlopen(f"{address}/{unescape(page[1])}").read()
                took[what].append((time.perf_counter() - start) * 1000)
                opened += 1
    for what, times in took.items():
        print(f"opening, {what}: {_told(times)}, {len(times)} of them")
    print(f"opening: CPU {(_cpu(server) - before) / opened * 1000:.0f} ms")


def _cpu(server: psutil.Process) -> float:
    times = server.cpu_times()
    return times.user + times.system


def _told(times: list[float]) -> str:
    if not times:
        return "none"
    return f"median {statistics.median(times):.0f} ms, 9 in 10 under {sorted(times)[int(len(times) * 0.9)]:.0f} ms"


if __name__ == "__main__":
    main()
