"""The chat as `diptych chat` serves it, for tests in a real browser, and what a reader does in it."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Locator, Page, expect

from rag.settings import PROJECT

CHROMIUM = Path("/usr/bin/chromium")
FLAGS = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking --disable-component-update --disable-sync"
).split()
SCREENS = PROJECT / "artefacts" / "screens"
WAIT = 40_000  # milliseconds; the first question loads the encoders


@contextmanager
def served(library: Path, **environment: str) -> Iterator[str]:
    """The address of a chat over the library folder; the server ends with it, and leaves nothing behind."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "app", "chat", "--port", str(port)]
    server = subprocess.Popen(command, env=os.environ | {"DIPTYCH_LIBRARY": str(library)} | environment, stderr=subprocess.DEVNULL)
    address = f"http://127.0.0.1:{port}"
    try:
        until = time.monotonic() + 120
        while not _answers(f"{address}/_stcore/health"):
            assert server.poll() is None and time.monotonic() < until, "the chat did not start"
            time.sleep(0.1)
        yield address
    finally:
        server.terminate()
        server.wait(20)
    until = time.monotonic() + 10
    while _answers(f"{address}/_stcore/health"):
        assert time.monotonic() < until, "the chat outlived its command"
        time.sleep(0.1)


def _answers(url: str) -> bool:
    try:
        return urllib.request.urlopen(url, timeout=2).status == 200
    except OSError:
        return False


def ask(page: Page, question: str) -> None:
    line = page.get_by_test_id("stChatInputTextArea")
    line.fill(question)
    line.press("Enter")


def answered(page: Page, number: int = 1) -> str:
    """The text of answer `number`, once it is whole, and the page is drawn with what comes after it."""
    expect(page.locator(".d-by")).to_have_count(number)
    drawn(page)
    return page.locator(".d-answer").nth(number - 1).inner_text()


def drawn(page: Page) -> None:
    """Wait until the page is drawn: until then things may still move, and be drawn anew."""
    expect(page.get_by_test_id("stApp")).to_have_attribute("data-test-script-state", "notRunning")


def at_rest(page: Page, element: Locator) -> float:
    """Where the top of an element is, once the page is drawn and it has not moved for 0.7 s: what comes after an answer moves the
    page to its question."""
    drawn(page)
    seen: list[float] = []
    while len(seen) < 8 or len(set(seen[-8:])) > 1:
        assert len(seen) < 200, "it never came to rest"
        seen.append(element.bounding_box()["y"])
        page.wait_for_timeout(100)
    return seen[-1]


def keep(page: Page, name: str) -> None:
    """Keep how the page looks at the end of a test, to be looked at by people."""
    SCREENS.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=(SCREENS / re.sub(r"[^\w-]+", "-", name).strip("-")).with_suffix(".png"))
