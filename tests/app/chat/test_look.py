"""How the chat looks and is used, in a real browser: light and dark, on a phone, by keyboard alone, and as axe judges it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Locator, Page, expect, sync_playwright

from app import chat as chat_room
from app.chat.serve import COLOURS, look
from ingest import ingest
from rag import Library, Settings
from tests.app.chat.served import CHROMIUM, FLAGS, WAIT, answered, ask, at_rest, drawn, keep, served
from tests.corpus import copied

pytestmark = [pytest.mark.first, pytest.mark.skipif(not CHROMIUM.exists(), reason="needs Debian's chromium at /usr/bin/chromium")]

QUESTION = "In which year was the light at Hollin Point built?"
FORMULAS = r"""# The lens maker

The power of the Ottery lens is $P = \frac{1}{f}$ dioptres, and the glass cost $5 then and $6 now.

$$
\frac{1}{f} = (n - 1)\left(\frac{1}{R_1} - \frac{1}{R_2}\right)
$$
"""
PAGES: dict[str, str | Callable[[Page], None]] = {  # each by the part of its address after `?`, or by what one does there
    "an answer with its source": lambda page: page.locator(".d-answer a.d-cite").first.click(),
    "what was found": lambda page: page.locator(".d-found summary").first.click(),
    "the names after @": lambda page: offered(page),
    "the keyboard": lambda page: page.keyboard.press("?"),
    "library": "v=library",
    "map": "v=map",
    "evaluate": "v=evaluate",
    "settings": "v=settings",
}
STILL = """() => document.getAnimations().every(
  each => each.playState !== "running" || each.effect.getComputedTiming().iterations === Infinity)"""  # what fades in has its colours
OF_STREAMLIT = {  # findings that are not ours to mend, by what the element that has them is called, each with why
    "stSidebarContent": "a sidebar that is folded away on a phone can be scrolled, and has nothing in it to focus until it is opened",
}


def offered(page: Page) -> None:
    """Choose a kind by its name, and have more offered."""
    page.get_by_test_id("stChatInputTextArea").fill("@markd")
    page.get_by_role("option", name="Markdown").click()
    expect(page.locator(".st-key-chips").get_by_role("button", name="Markdown")).to_be_visible()
    page.get_by_role("button", name="+ more").click()
    expect(page.get_by_role("option").first).to_be_visible()


@pytest.fixture(scope="module")
def address(library, tmp_path_factory) -> Iterator[str]:
    folder = copied(library, tmp_path_factory.mktemp("look") / "library")
    document = folder.parent / "lens-maker.md"
    document.write_text(FORMULAS, encoding="utf-8")
    with Library.open(folder, Settings(library=folder)) as opened:
        ingest([document], opened)
    with served(folder, DIPTYCH_LLM="quote", DIPTYCH_OLLAMA_HOST="http://127.0.0.1:9") as address:
        yield address


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    expect.set_options(timeout=WAIT)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=FLAGS)
        yield browser
        browser.close()


def reach(page: Page, url: str) -> None:
    page.goto(url)
    expect(page.locator(".d-brand")).to_have_count(1)
    expect(page.locator(".d-keys dt").first).to_be_attached()  # from then on keys are heard


@pytest.fixture
def opened(browser, request) -> Iterator[Callable[..., Page]]:
    """Open an address as someone would whose browser is set so. Nothing may come from another host."""
    contexts, asked = [], []

    def opened(url: str, scheme: str = "light", width: int = 1440, **settings) -> Page:
        size = {"width": width, "height": 844 if width < 500 else 900}
        context = browser.new_context(viewport=size, color_scheme=scheme, **settings)
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(WAIT)
        page.on("request", lambda request: asked.append(request.url))
        reach(page, url)
        return page

    yield opened
    for number, page in enumerate((page for context in contexts for page in context.pages), 1):
        keep(page, f"{request.node.name}-{number}")
    for context in contexts:
        context.close()
    assert not [url for url in asked if urlsplit(url).scheme not in ("data", "blob") and urlsplit(url).hostname != "127.0.0.1"]


@pytest.fixture(scope="module")
def conversation(browser, address) -> str:
    """The address of a conversation with one answer."""
    page = browser.new_page()
    page.set_default_timeout(WAIT)
    page.goto(address)
    ask(page, QUESTION)
    assert "1791" in answered(page)
    url = page.url
    page.close()
    return url


@pytest.mark.parametrize(
    "scheme, width",
    [
        ("light", 1440),
        ("dark", 390),
        pytest.param("dark", 1440, marks=pytest.mark.long),
        pytest.param("light", 390, marks=pytest.mark.long),
    ],
)
def test_axe_finds_nothing_serious(opened, address, conversation, scheme, width):
    found: dict[str, list[str]] = {}
    page = opened(address, scheme, width)  # one for all: a second one would have everything to load again
    for name, way in PAGES.items():
        reach(page, f"{address}/?{way}" if isinstance(way, str) else conversation)
        if isinstance(way, str):
            expect(page.locator("h1")).to_be_visible()
        else:
            answered(page)
            page.locator("body").press("Escape")
            way(page)
        drawn(page)
        page.wait_for_function(STILL)
        for violation in Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]:
            nodes = [each for each in violation["nodes"] if not any(known in each["html"] for known in OF_STREAMLIT)]
            if violation["impact"] in ("serious", "critical") and nodes:
                found.setdefault(name, []).extend(f"{violation['id']}: {each['html'][:200]}" for each in nodes)
        keep(page, f"{name}-{scheme}-{width}")
    assert found == {}


def colour(page: Page, selector: str, name: str = "background-color") -> str:
    return page.locator(selector).first.evaluate("(element, name) => getComputedStyle(element)[name]", name)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_page_its_panels_and_its_popovers_follow_the_system(opened, conversation, scheme):
    page = opened(conversation, scheme)
    ground, ink = (_rgb(COLOURS[scheme][name]) for name in ("backgroundColor", "textColor"))
    assert (colour(page, ".stApp"), colour(page, ".d-answer", "color")) == (ground, ink)
    assert colour(page, "html", "color-scheme") == scheme
    page.locator(".d-answer a.d-cite").first.click()
    assert colour(page, ".d-panel:visible .d-passage", "color") == ink
    page.keyboard.press("Escape")
    page.keyboard.press("?")
    assert colour(page, "dialog[open]") == ground
    page.emulate_media(color_scheme="dark" if scheme == "light" else "light")
    expect(page.locator("html")).to_have_css("color-scheme", "dark" if scheme == "light" else "light")


def test_the_setting_decides_where_it_is_made_and_the_colours_are_those_of_the_stylesheet():
    assert look("dark")["base"] == "dark" and look("dark")["backgroundColor"] == COLOURS["dark"]["backgroundColor"]
    assert look("auto")["light.backgroundColor"] == COLOURS["light"]["backgroundColor"] and "base" not in look("auto")
    text = (Path(chat_room.__file__).parent / "parts/style.css").read_text("utf-8")
    named = {name: (light, dark) for name, light, dark in re.findall(r"--(\w+): light-dark\((#\w+), (#\w+)\)", text)}
    for name, option in {
        "ground": "backgroundColor",
        "panel": "secondaryBackgroundColor",
        "ink": "textColor",
        "line": "borderColor",
    }.items():
        assert named[name] == (COLOURS["light"][option], COLOURS["dark"][option]), name


def _rgb(code: str) -> str:
    return f"rgb({int(code[1:3], 16)}, {int(code[3:5], 16)}, {int(code[5:7], 16)})"


def test_the_page_speaks_the_browsers_language(opened, address):
    page = opened(address, locale="de-DE")
    expect(page.locator("h1")).to_have_text("Was möchtest du wissen?")
    expect(page.locator("html")).to_have_attribute("lang", "de")
    page.locator("h1").click()
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Tastenkürzel")).to_be_visible()


def size(element: Locator) -> float:
    """The size of its letters in pixels."""
    return float(element.evaluate("element => parseFloat(getComputedStyle(element).fontSize)"))


def test_formulas_are_set_and_prices_are_left(opened, address):
    page = opened(address)
    ask(page, "What is the power of the Ottery lens?")
    answered(page)
    fraction = page.locator(".d-answer .katex .mfrac").first
    expect(fraction).to_be_visible()
    assert fraction.bounding_box()["height"] > 20, "a fraction stands upright"
    expect(page.locator(".d-answer .katex-html").first).to_have_text(re.compile("^P=f1"))
    small, large = (page.locator(f".d-answer .katex-html {each}").first for each in (".mtight", ".mord"))
    assert size(small) == pytest.approx(0.7 * size(large), abs=0.2), "Streamlit's styles fit its KaTeX"
    page.locator(".d-answer a.d-cite").first.click()
    panel = page.locator(".d-panel:visible")
    expect(panel.locator(".katex-display")).to_have_count(1)
    expect(panel).to_contain_text("cost $5 then and $6 now")


def test_code_is_copied_by_its_button(opened, conversation):
    page = opened(conversation)
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.locator(".d-answer").evaluate("element => { element.innerHTML += '<pre><code>x = [1, 2]\\n</code></pre>' }")
    page.locator(".d-code button").click()
    expect(page.locator(".d-code button")).to_have_text("Copied")
    assert page.evaluate("() => navigator.clipboard.readText()") == "x = [1, 2]"


def top(page: Page, number: int) -> float:
    """How far question `number` stands below the top of the window, once that is at rest."""
    return at_rest(page, page.locator(".d-question").nth(number - 1))


@pytest.mark.parametrize("width", [1440, 390])
def test_a_new_turn_is_shown_from_its_question_on(opened, address, width):
    page, places = opened(address, width=width), []
    for number, question in enumerate((QUESTION, "Who built the light at Hollin Point?", "Show me a picture of the lifeboat Perpetua"), 1):
        page.locator("main").evaluate("main => { main.scrollTop = 0 }")
        ask(page, question)
        answered(page, number)
        places.append(top(page, number))
    assert 40 < places[1] < 160
    assert places == pytest.approx([places[1]] * 3, abs=3), "what comes after the question, and is drawn anew, moves no turn"
    before = top(page, 3)
    page.locator(".d-answer a.d-cite:visible").last.click()
    expect(page.locator(".d-panel:visible")).to_be_visible()
    assert top(page, 3) == pytest.approx(before, abs=3)
    page.keyboard.press("Escape")
    page.locator("main").hover()
    page.mouse.wheel(0, -400)
    page.wait_for_function("from => [...document.querySelectorAll('.d-question')].pop().getBoundingClientRect().y > from", arg=before + 200)
    page.get_by_test_id("stMainBlockContainer").evaluate("page => page.firstElementChild.append(document.createElement('p'))")
    assert top(page, 3) > before + 200, "who scrolls is not taken back"


def test_a_question_is_edited_by_keys_in_a_field_that_is_seen_whole(opened, conversation):
    page = opened(conversation)
    answered(page)
    page.get_by_role("button", name="Edit").click()
    field, cancel = page.get_by_label("The question"), page.get_by_role("button", name="Cancel")
    expect(field).to_be_focused()
    cancel.evaluate("element => new Promise(requestAnimationFrame)")
    below = page.get_by_test_id("stBottom").bounding_box()["y"]
    assert cancel.bounding_box()["y"] + cancel.bounding_box()["height"] <= below
    page.keyboard.press("Escape")
    expect(field).to_have_count(0)


def test_every_way_has_a_key(opened, conversation):
    page = opened(conversation)
    answered(page)
    page.locator("body").press("Escape")
    page.locator(".d-question").click()
    page.keyboard.press("j")
    expect(page.locator(".d-panel:visible")).to_contain_text("built in 1791")
    page.keyboard.press("Escape")
    expect(page.locator(".d-panel:visible")).to_have_count(0)
    page.keyboard.press("l")
    page.keyboard.press("/")  # while the library comes and the input of the conversation goes
    expect(page.locator("h1.d-hello")).to_be_visible()
    line = page.get_by_test_id("stChatInputTextArea")
    expect(line).to_be_focused()
    drawn(page)
    page.keyboard.type("jnl?")
    expect(line).to_have_value("jnl?")
    line.fill("")
    page.keyboard.press("Escape")
    expect(line).not_to_be_focused()
    page.keyboard.press("l")
    expect(page.get_by_role("heading", name="Library")).to_be_visible()
    page.keyboard.press("?")
    shortcuts = page.get_by_role("dialog", name="Keyboard shortcuts")
    expect(shortcuts.locator("dt")).to_have_text(["/", "@", "↑", "Enter", "Esc", "n", "j", "k", "+ −", "← →", "l", "?"])
    page.keyboard.press("Escape")
    for key in "/n":
        page.keyboard.press(key)
        expect(page.locator("h1.d-hello")).to_be_visible()
        expect(line).to_be_focused()
        page.keyboard.press("Escape")
        page.keyboard.press("l")
        expect(page.get_by_role("heading", name="Library")).to_be_visible()


def test_tab_goes_through_the_page_in_its_order_and_what_has_the_focus_is_seen(opened, conversation):
    page = opened(conversation)
    answered(page)
    page.locator(".d-question").click()
    seen = []
    for _ in range(14):
        page.keyboard.press("Tab")
        seen.append(
            page.evaluate(
                """() => {
                  let element = document.activeElement
                  while (element.shadowRoot?.activeElement) element = element.shadowRoot.activeElement
                  const style = getComputedStyle(element), around = getComputedStyle(element.parentElement)
                  const ringed = style.outlineStyle !== "none" || style.boxShadow !== "none" || around.boxShadow !== "none"
                  return [element.className || element.textContent.trim() || element.tagName, ringed]
                }"""
            )
        )
    assert [name for name, ringed in seen if name.startswith("d-") and not ringed] == []
    order = [at for at, (name, _) in enumerate(seen) if name in ("d-cite", "d-source")]
    assert order[1] - order[0] == 1 and seen[order[1] + 1][0].startswith("What was found"), seen
