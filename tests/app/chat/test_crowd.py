"""Many readers at once: each in a browser context of their own, all on one library, and nobody's answer strays."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, expect

from ingest import ingest as take_in
from rag import Library, Settings
from tests.app.chat.served import CHROMIUM, ask, served
from tests.app.chat.test_browser import browser  # noqa: F401 (a fixture)

READERS = 20
WAIT = 180_000  # milliseconds
NAMES = ("Alder Birch Cedar Dogwood Elder Fir Gorse Hazel Ivy Juniper Kelp Larch Maple Nettle Oak Poplar Quince Rowan Spruce Thorn").split()

pytestmark = [pytest.mark.long, pytest.mark.skipif(not CHROMIUM.exists(), reason="needs Debian's chromium at /usr/bin/chromium")]


@pytest.fixture
def address(tmp_path: Path) -> Iterator[str]:
    """A chat over a library in which each reader's island has a document, a year and a keeper of its own."""
    islands = tmp_path / "islands"
    islands.mkdir()
    for number, name in enumerate(NAMES):
        text = f"# {name} Island\n\nThe light on {name} Island was built in {1701 + 7 * number} by Keeper {name[::-1].title()}.\n"
        (islands / f"{name.lower()}.md").write_text(text)
    folder = tmp_path / "library"
    with Library.open(folder, Settings(library=folder)) as library:
        take_in([islands], library)
    with served(folder, DIPTYCH_LLM="quote") as address:
        yield address


def test_twenty_readers_at_once_get_each_their_own_answer(browser: Browser, address: str):  # noqa: F811
    expect.set_options(timeout=WAIT)
    contexts: list[BrowserContext] = [browser.new_context() for _ in range(READERS)]
    pages = [context.new_page() for context in contexts]
    faults: list[str] = []
    for page in pages:
        page.set_default_timeout(WAIT)
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.goto(address)
        expect(page.get_by_test_id("stChatInputTextArea")).to_be_visible()
    begun = time.monotonic()
    for page, name in zip(pages, NAMES, strict=True):
        ask(page, f"In which year was the light on {name} Island built?")
    took = []
    for page in pages:
        expect(page.locator(".d-by")).to_have_count(1)
        took.append(time.monotonic() - begun)
    for number, (page, name) in enumerate(zip(pages, NAMES, strict=True)):
        assert str(1701 + 7 * number) in page.locator(".d-answer").inner_text()
        expect(page.locator(".d-question")).to_have_text(f"In which year was the light on {name} Island built?")
        page.locator(".d-answer a.d-cite").first.click()
        expect(page.locator(".d-panel header")).to_contain_text(f"{name.lower()}.md")
        expect(page.locator(".d-panel .d-lines mark")).to_contain_text(f"{1701 + 7 * number}")
        assert page.get_by_test_id("stException").count() == page.locator(".d-error").count() == 0
    assert len({re.search(r"c=(\w+)", page.url)[1] for page in pages}) == READERS
    assert not faults
    print(f"\n{READERS} at once: first answer after {min(took):.1f} s, last after {max(took):.1f} s")
    for context in contexts:
        context.close()
