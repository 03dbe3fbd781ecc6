"""Make the pictures of the pages: the real chat over the sample, a source opened beside the answer, and the library.

Run from the project: python docs/screenshot.py [LIBRARY]
"""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

from PIL import Image
from playwright.sync_api import sync_playwright

PROJECT = Path(__file__).resolve().parent.parent
CHAT, LIBRARY = PROJECT / "docs" / "chat.png", PROJECT / "docs" / "library.png"
QUESTION = "Which parts of a Fresnel lens bend the light?"
DIPTYCH = [sys.executable, "-m", "app"]


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        library = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(folder) / "library"
        environment = os.environ | {"DIPTYCH_LIBRARY": str(library), "DIPTYCH_LLM": os.environ.get("DIPTYCH_LLM", "quote")}
        subprocess.run([*DIPTYCH, "ingest", str(PROJECT / "data" / "sample")], env=environment, cwd=PROJECT, check=True)
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        server = subprocess.Popen([*DIPTYCH, "chat", "--port", str(port)], env=environment, cwd=PROJECT)
        try:
            _wait(f"http://127.0.0.1:{port}")
            _shoot(f"http://127.0.0.1:{port}")
        finally:
            server.terminate()
            server.wait(20)
    for shot in (CHAT, LIBRARY):
        Image.open(shot).convert("RGB").quantize(256, dither=Image.Dither.NONE).save(shot, optimize=True)


def _wait(address: str) -> None:
    until = time.monotonic() + 60
    while time.monotonic() < until:
        try:
            urllib.request.urlopen(f"{address}/_stcore/health", timeout=2)
            return
        except OSError:
            time.sleep(0.2)
    raise SystemExit("The chat did not start.")


def _shoot(address: str) -> None:
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox", "--disable-gpu"])
        page = chromium.new_page(viewport={"width": 1280, "height": 900})
        page.set_default_timeout(120_000)
        page.goto(address)
        line = page.get_by_test_id("stChatInputTextArea")
        for _ in ("with the encoders loaded", "as it is from then on"):
            page.get_by_role("button", name="New conversation").click()
            page.wait_for_selector("h1.d-hello")
            line.fill(QUESTION)
            line.press("Enter")
            page.wait_for_selector(".d-by")
        page.locator(".d-answer a.d-cite").first.click()
        page.wait_for_timeout(1500)
        page.screenshot(path=CHAT)
        page.get_by_test_id("stSidebar").get_by_role("button", name="Library").click()
        page.get_by_role("radio", name="Pictures").click()
        page.locator(".d-tile").nth(3).click()
        page.wait_for_timeout(1500)
        page.screenshot(path=LIBRARY)
        chromium.close()


if __name__ == "__main__":
    main()
