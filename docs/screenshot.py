"""Make the pictures of the pages: the real chat over the sample, in light and dark, on a phone, and each page beside it.

Run from the project: python docs/screenshot.py [LIBRARY]
"""

from __future__ import annotations

import io
import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

PROJECT = Path(__file__).resolve().parent.parent
FIRST = "Who was the architect of Skerrin Head?"  # loads the encoders, so that what is shown next says the time of a warm chat
QUESTION = "Which parts of a Fresnel lens bend the light?"
DIPTYCH = [sys.executable, "-m", "app"]
WIDE, PHONE = (1280, 860), (390, 844)


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        library = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(folder) / "library"
        environment = os.environ | {"DIPTYCH_LIBRARY": str(library), "DIPTYCH_LLM": os.environ.get("DIPTYCH_LLM", "quote")}
        subprocess.run([*DIPTYCH, "ingest", str(PROJECT / "data" / "sample")], env=environment, cwd=PROJECT)
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        server = subprocess.Popen([*DIPTYCH, "chat", "--port", str(port)], env=environment, cwd=PROJECT)
        try:
            _wait(f"http://127.0.0.1:{port}")
            with sync_playwright() as playwright:
                chromium = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox", "--disable-gpu"])
                _shoot(chromium, f"http://127.0.0.1:{port}")
                chromium.close()
        finally:
            server.terminate()
            server.wait(20)


def _wait(address: str) -> None:
    until = time.monotonic() + 60
    while time.monotonic() < until:
        try:
            urllib.request.urlopen(f"{address}/_stcore/health", timeout=2)
            return
        except OSError:
            time.sleep(0.2)
    raise SystemExit("The chat did not start.")


def _shoot(chromium: Browser, address: str) -> None:
    conversation = _conversation(chromium, address)
    pages: list[tuple[str, str, str, tuple[int, int], Callable[[Page], None]]] = [
        ("chat-light", conversation, "light", WIDE, _answer),
        ("chat-dark", conversation, "dark", WIDE, _answer),
        ("phone", conversation, "light", PHONE, _answer),
        ("evidence", conversation, "light", WIDE, _evidence),
        ("library", f"{address}/?v=library", "light", WIDE, _pictures),
        ("map", f"{address}/?v=map", "light", WIDE, lambda page: page.locator("canvas").first.wait_for()),
    ]
    for name, url, scheme, (width, height), show in pages:
        page = chromium.new_page(viewport={"width": width, "height": height}, color_scheme=scheme)  # type: ignore[arg-type]
        page.set_default_timeout(120_000)
        page.goto(url)
        show(page)
        page.wait_for_timeout(2500)
        shot = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
        shot.save(PROJECT / "docs" / f"{name}.webp", quality=80, method=6)
        page.close()


def _conversation(chromium: Browser, address: str) -> str:
    """The address of a conversation with the question; another stands below it in the list."""
    page = chromium.new_page()
    page.set_default_timeout(120_000)
    for question in (FIRST, QUESTION):
        page.goto(address)
        page.wait_for_selector("h1.d-hello")
        line = page.get_by_test_id("stChatInputTextArea")
        line.fill(question)
        line.press("Enter")
        page.wait_for_selector(".d-by")
    url = page.url
    page.close()
    return url


def _answer(page: Page) -> None:
    page.wait_for_selector(".d-by")
    page.wait_for_timeout(1500)
    page.locator("main").evaluate("main => { main.scrollTop = 0 }")
    page.mouse.move(0, 0)


def _evidence(page: Page) -> None:
    _answer(page)
    page.locator(".d-answer a.d-cite").first.click()
    page.locator(".d-panel:visible mark").first.wait_for()


def _pictures(page: Page) -> None:
    page.get_by_role("radio", name="Pictures").click()
    page.locator(".d-tile").nth(3).wait_for()


if __name__ == "__main__":
    main()
