"""The chat in a real browser against a real server: what a reader sees, clicks and uploads."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import numpy as np
import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from ingest import ingest
from rag import Library, Settings
from tests.app.chat.served import CHROMIUM, FLAGS, WAIT, answered, ask, at_rest, drawn, keep, served
from tests.corpus import copied
from tests.ingest.pages import Page as Leaf
from tests.ingest.pages import column, write_pdf
from tests.ollama_server import OllamaServer
from tests.recorded import BOARD, SPOKEN, film, needs_speech, record, samples, slide

pytestmark = [pytest.mark.first, pytest.mark.skipif(not CHROMIUM.exists(), reason="needs Debian's chromium at /usr/bin/chromium")]


@pytest.fixture(scope="module")
def ollama() -> Iterator[OllamaServer]:
    with OllamaServer() as server:
        yield server


@pytest.fixture(scope="module")
def folder(library, tmp_path_factory) -> Path:
    """A copy of the small library."""
    return copied(library, tmp_path_factory.mktemp("chat") / "library")


@pytest.fixture(scope="module")
def address(folder, ollama) -> Iterator[str]:
    """A chat as `diptych chat` serves it, over a library; questions go to the Ollama stand-in unless a test chooses."""
    with served(folder, DIPTYCH_OLLAMA_HOST=ollama.host) as address:
        yield address


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def page(browser, address, ollama, request) -> Iterator[Page]:
    """A fresh chat. Nothing it shows may come from another host, and no script may fail."""
    ollama.delay = 0.0
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    page.set_default_timeout(WAIT)
    expect.set_options(timeout=WAIT)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(address)
    expect(page.locator("h1.d-hello")).to_be_visible()
    yield page
    keep(page, request.node.name)
    page.close()
    elsewhere = [url for url in asked if urlsplit(url).scheme not in ("data", "blob") and urlsplit(url).hostname != "127.0.0.1"]
    assert not elsewhere


def attach(page: Page, file: Path) -> None:
    """Attach a file to the next question, as the reader does."""
    page.get_by_test_id("stChatInputFileUploadButton").locator("input[type=file]").set_input_files(file)
    expect(page.get_by_test_id("stChatInput").get_by_text(file.name)).to_be_visible()
    expect(page.get_by_test_id("stChatInputSubmitButton")).to_be_enabled()  # not before the upload is there


def test_an_answer_streams_in_and_its_citation_opens_the_passage(page, ollama):
    ollama.delay = 0.4
    ask(page, "In which year was the light at Hollin Point built?")
    draft = page.locator(".d-draft")
    expect(draft).to_be_visible()
    expect(page.get_by_text("Draft, checking…")).to_be_visible()
    first = draft.inner_text()
    page.wait_for_function("before => document.querySelector('.d-draft')?.innerText.length > before", arg=len(first) + 8)
    assert draft.inner_text().startswith(first)
    ollama.delay = 0.0
    text = answered(page)
    assert "1791" in text and page.locator(".d-draft").count() == 0
    expect(page.get_by_text("Answered by ollama:llama3")).to_be_visible()
    passage = page.locator("#turn-1-source-1")
    expect(passage).not_to_be_visible()
    mark = page.locator(".d-answer a.d-cite").first
    before = at_rest(page, mark)
    mark.click()
    expect(passage).to_be_visible()
    expect(passage.locator(":scope > .d-passage mark")).to_contain_text("built in 1791")
    expect(passage.locator(".d-lines mark")).to_contain_text("built in 1791")
    expect(passage.locator("header")).to_contain_text("lights.md")
    expect(passage.locator("header")).to_contain_text("Hollin Point")
    assert mark.bounding_box()["y"] == pytest.approx(before, abs=2), "what one reads stays where it is"
    assert passage.bounding_box()["x"] >= page.locator(".d-answer").bounding_box()["x"] + page.locator(".d-answer").bounding_box()["width"]
    page.keyboard.press("Escape")
    expect(passage).not_to_be_visible()


def test_every_hit_opens_beside_the_answer_and_leads_to_the_next(page):
    ask(page, "In which year was the light at Hollin Point built?")
    answered(page)
    page.get_by_text("What was found").click()
    page.locator(".d-hit a.d-file").first.click()
    expect(page.locator("#turn-1-hit-1")).to_be_visible()
    page.locator("#turn-1-hit-1").get_by_label("Next", exact=True).click()
    expect(page.locator("#turn-1-hit-1")).not_to_be_visible()
    expect(page.locator("#turn-1-hit-2")).to_be_visible()
    page.locator("#turn-1-hit-2").get_by_label("Close").click()
    expect(page.locator(".d-panel:visible")).to_have_count(0)


def test_the_pages_of_a_pdf_are_turned_and_zoomed_and_back_closes_them(page, tmp_path):
    tell = ["The winch of Sorrow Quay lifts four tons.", "The crane of Sorrow Quay lifts nine tons.", "The slip is closed in winter."]
    document = write_pdf(tmp_path / "quay.pdf", *[Leaf(words=column(72, 100, [line])) for line in tell])
    page.get_by_test_id("stFileUploader").locator("input[type=file]").set_input_files(document)
    expect(page.get_by_text("Added quay.pdf")).to_be_visible()
    ask(page, "How many tons does the winch of Sorrow Quay lift?")
    assert "four tons" in answered(page)
    page.locator(".d-answer a.d-cite").first.click()
    leaf = page.locator(".d-leaf")
    drawn = "() => { const page = document.querySelector('.d-leaf img'); return page?.complete && page.naturalWidth }"
    assert page.wait_for_function(drawn).json_value() == 960
    expect(leaf.get_by_label("Page", exact=True)).to_have_value("1")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    expect(leaf.get_by_label("Page", exact=True)).to_have_value("3")
    expect(leaf.get_by_label("Next page")).to_be_disabled()
    page.keyboard.press("+")
    expect(leaf.locator(".d-frame")).to_have_class("d-frame d-near")
    page.get_by_label("Larger").click()
    expect(page.locator(".d-panel.d-full")).to_be_visible()
    page.reload()
    expect(page.locator(".d-panel.d-full .d-leaf")).to_be_visible()
    page.go_back()
    expect(page.locator(".d-panel")).not_to_be_visible()
    assert "four tons" in answered(page)


def test_the_keyboard_is_enough(page, ollama):
    expect(page.get_by_test_id("stChatInputTextArea")).to_be_focused()
    page.keyboard.type("In which year was the light at Hollin Point built?")
    page.keyboard.press("Enter")
    answered(page)
    ollama.delay = 0.6
    page.get_by_test_id("stChatInputTextArea").press("ArrowUp")
    expect(page.get_by_test_id("stChatInputTextArea")).to_have_value("In which year was the light at Hollin Point built?")
    page.keyboard.press("Enter")
    expect(page.locator(".d-draft")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_text("Stopped. This is a draft")).to_be_visible()
    page.locator("h1, .d-title").first.click()
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Keyboard shortcuts")).to_be_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("/")
    expect(page.get_by_test_id("stChatInputTextArea")).to_be_focused()


def test_names_are_offered_after_an_at_and_chosen_by_keys_and_clicks(page):
    line, options = page.get_by_test_id("stChatInputTextArea"), page.get_by_role("option")
    drawn(page)
    expect(line).to_be_focused()
    page.keyboard.type("Write to a@boats.html")
    expect(options).to_have_count(0)
    line.fill("")
    page.keyboard.type("When was it built? @boat")
    expect(page.get_by_role("listbox", name="Ask only")).to_be_visible()
    expect(options).to_have_count(2)
    page.keyboard.press("ArrowDown")
    assert line.get_attribute("aria-activedescendant") == options.nth(1).get_attribute("id")
    expect(options.nth(1)).to_have_attribute("aria-selected", "true")
    page.keyboard.press("Escape")
    expect(options).to_have_count(0)
    page.keyboard.type("s")
    expect(line).to_have_value("When was it built? @boats")
    expect(options).to_have_count(0)
    line.fill("In which year was the light at Hollin Point built?")
    page.keyboard.press("Home")
    page.keyboard.type("@lights ")
    page.keyboard.press("ArrowLeft")
    page.keyboard.type(".")
    expect(options).to_have_text(re.compile("lights.md"))
    page.keyboard.press("Enter")
    chips = page.locator(".st-key-chips").get_by_role("button")
    expect(chips).to_have_text([re.compile("lights.md")])
    expect(line).to_have_value("In which year was the light at Hollin Point built?")
    page.get_by_role("button", name="+ more").click()
    expect(line).to_have_value(re.compile("built\\? @$"))
    page.get_by_role("option", name="Markdown").click()
    expect(chips).to_have_text([re.compile("lights.md"), re.compile("Markdown")])
    expect(line).to_be_focused()
    page.reload()
    expect(chips).to_have_text([re.compile("lights.md"), re.compile("Markdown")])
    drawn(page)
    ask(page, "In which year was the light at Hollin Point built?")
    assert "1791" in answered(page)
    expect(page.get_by_text("Asked of lights.md, Markdown")).to_be_visible()
    assert "s=lights.md&s=kind%3Amarkdown" in page.url and "&c=" in page.url


def test_a_cited_picture_is_seen_and_what_was_found_shows_ranks(page):
    ask(page, "Show me a picture of the lifeboat Perpetua")
    answered(page)
    picture = page.locator(".d-cited img")
    page.wait_for_function("() => document.querySelector('.d-cited img')?.naturalWidth > 0")
    assert picture.evaluate("image => image.naturalWidth / image.naturalHeight") == pytest.approx(480 / 320, rel=0.01)
    expect(page.locator(".d-caption")).to_contain_text("The lifeboat Perpetua under sail")
    page.get_by_text("What was found").click()
    card = page.locator(".d-hit").first
    expect(card).to_contain_text("dense")
    expect(card).to_contain_text("visual")
    expect(page.locator(".d-found")).to_contain_text("tokens of hits")
    expect(page.locator(".d-by")).to_contain_text("hits in the prompt")
    expect(page.locator(".d-by")).to_contain_text("tokens read")


def test_a_picture_is_part_of_the_question(page, coast):
    attach(page, coast / "pictures/tower.png")
    ask(page, "What is this tower?")
    answered(page)
    expect(page.get_by_text("The model has not seen your picture")).to_be_visible()
    expect(page.get_by_test_id("stChatMessage").first.locator("img")).to_have_count(1)
    page.get_by_text("What was found").click()
    expect(page.locator(".d-hits")).to_contain_text("The red tower of Hollin Point")


def test_an_uploaded_document_is_answered_from(page, tmp_path):
    document = tmp_path / "Ferry.md"
    document.write_text("# The ferry\n\nThe ferry Wanderlust carries forty-two sheep to Gull Island on market days.\n")
    page.get_by_test_id("stFileUploader").locator("input[type=file]").set_input_files(document)
    expect(page.get_by_text("Added Ferry.md")).to_be_visible()
    ask(page, "How many sheep does the ferry Wanderlust carry?")
    assert "forty-two" in answered(page)
    expect(page.locator(".d-source").first).to_contain_text("Ferry.md")


def test_a_document_in_the_input_goes_in_before_its_question(page, tmp_path):
    document = tmp_path / "mill.txt"
    document.write_text("The windmill of Ottery grinds nine tons of barley in a week.\n")
    attach(page, document)
    ask(page, "How much barley does the windmill of Ottery grind?")
    assert "nine tons" in answered(page)
    expect(page.get_by_text("Added mill.txt")).to_be_visible()


def test_a_follow_up_is_understood(page):
    page.get_by_test_id("stSidebar").get_by_role("combobox").click()
    page.get_by_role("option", name="Quotes only, no model").click()
    drawn(page)
    ask(page, "Who built the light at Hollin Point?")
    assert "Marta Quill" in answered(page)
    ask(page, "And how high is it?")
    assert "stands 31 m above the sea" in answered(page, 2)
    page.locator(".d-found summary").nth(1).click()
    expect(page.locator(".d-found").nth(1)).to_contain_text("Hollin Point")
    page.get_by_role("button", name="New conversation").click()
    expect(page.locator("h1.d-hello")).to_be_visible()
    expect(page.locator(".d-question")).to_have_count(0)


def test_a_question_that_leads_on_is_asked_by_a_click(page):
    ask(page, "In which year was the light at Hollin Point built?")
    answered(page)
    offered = page.locator(".st-key-follow-ups button")
    expect(offered.first).to_be_visible()
    question = offered.first.inner_text().splitlines()[-1]
    offered.first.click()
    answered(page, 2)
    expect(page.locator(".d-question").nth(1)).to_have_text(question)
    expect(page.locator(".d-source").last).to_be_visible()


def test_a_question_and_clicks_while_an_answer_comes_lose_nothing(page, ollama):
    ollama.delay = 0.6
    ask(page, "In which year was the light at Hollin Point built?")
    expect(page.locator(".d-draft")).to_be_visible()
    ask(page, "In which year was Ness Head lit?")
    expect(page.get_by_text("Waiting for the answer before")).to_be_visible()
    page.get_by_test_id("stSidebar").get_by_role("button", name="Library").click()
    expect(page.get_by_role("heading", name="Library")).to_be_visible()
    page.locator('[class*="st-key-open-"] button').first.click()
    ollama.delay = 0.0
    assert "1834" in answered(page, 2)
    assert "1791" in page.locator(".d-answer").first.inner_text()
    expect(page.locator(".d-question").nth(1)).to_have_text("In which year was Ness Head lit?")


def test_a_reload_in_the_middle_of_an_answer_loses_nothing(page, ollama):
    ollama.delay = 0.15
    ask(page, "In which year was the light at Hollin Point built?")
    expect(page.locator(".d-draft")).to_be_visible()
    address = page.url
    assert "?c=" in address
    page.reload()
    expect(page.locator(".d-question")).to_have_text("In which year was the light at Hollin Point built?")
    assert "1791" in answered(page) and page.url == address
    page.get_by_role("button", name="New conversation").click()
    expect(page.locator("h1.d-hello")).to_be_visible()
    assert "?c=" not in page.url
    page.go_back()
    assert "1791" in answered(page)


def test_two_tabs_show_one_conversation(page, ollama, browser):
    ask(page, "In which year was the light at Hollin Point built?")
    answered(page)
    other = browser.new_page()
    other.set_default_timeout(WAIT)
    other.goto(page.url)
    assert "1791" in answered(other)
    ask(other, "In which year was Ness Head lit?")
    assert "1834" in answered(other, 2)
    other.close()
    page.reload()
    assert "1834" in answered(page, 2)


def test_an_answer_is_copied_alone_and_with_its_sources(page):
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    ask(page, "In which year was the light at Hollin Point built?")
    answered(page)
    page.get_by_role("button", name="Copy").click()
    expect(page.get_by_role("button", name="Copied")).to_be_visible()
    alone = page.evaluate("() => navigator.clipboard.readText()")
    assert "1791" in alone and "[1]" not in alone
    page.get_by_role("button", name="with sources").click()
    page.wait_for_function("before => navigator.clipboard.readText().then(now => now !== before)", arg=alone)
    whole = page.evaluate("() => navigator.clipboard.readText()")
    assert "[1] lights.md · Lights of the coast › Hollin Point" in whole


def test_a_conversation_is_taken_along_as_one_file(page, tmp_path):
    ask(page, "Show me a picture of the lifeboat Perpetua")
    answered(page)
    page.get_by_role("button", name="More").click()
    with page.expect_download() as download:
        page.get_by_role("button", name="Export as one HTML file").click()
    download.value.save_as(tmp_path / "a.html")
    text = (tmp_path / "a.html").read_text("utf-8")
    assert download.value.suggested_filename == "Show-me-a-picture-of-the-lifeboat-Perpetua.html"
    assert "<h1>Show me a picture of the lifeboat Perpetua</h1>" in text and "data:image/" in text


def test_stopping_keeps_the_draft(page, ollama):
    ollama.delay = 0.6
    ask(page, "In which year was the light at Hollin Point built?")
    expect(page.locator(".d-draft")).to_be_visible()
    page.get_by_role("button", name="Stop").click()
    expect(page.get_by_text("Stopped. This is a draft")).to_be_visible()
    assert page.locator(".d-draft").inner_text().strip()
    ollama.delay = 0.0
    ask(page, "When was Ness Head lit?")
    expect(page.locator(".d-by")).to_have_count(1)
    assert "1834" in page.locator(".d-answer").last.inner_text()


def test_the_library_is_looked_through_and_taken_from(page, tmp_path):
    document = tmp_path / "Kiln.md"
    document.write_text("# The kiln\n\nThe kiln of Ottery burns lime for three days.\n")
    page.get_by_test_id("stFileUploader").locator("input[type=file]").set_input_files(document)
    expect(page.get_by_text("Added Kiln.md")).to_be_visible()
    page.get_by_test_id("stSidebar").get_by_role("button", name="Library").click()
    expect(page.get_by_text("documents; choose rows")).to_be_visible()
    drawn(page)
    page.get_by_placeholder("Find by name or by what is in it").fill("burns kiln")
    expect(page.get_by_text("1 document;")).to_be_visible()
    drawn(page)
    table = page.get_by_test_id("stDataFrame").locator("canvas").first.bounding_box()
    page.mouse.click(table["x"] + 90, table["y"] + 52)  # the name in the first row
    expect(page.locator(".d-snippet", has_text="burns lime for three days")).to_be_visible()
    drawn(page)
    page.mouse.click(table["x"] + 15, table["y"] + 52)  # its box
    page.get_by_role("button", name="Remove").click()
    page.locator(".st-key-library-remove button").click()
    expect(page.get_by_text("Removed Kiln.md.")).to_be_visible()
    drawn(page)
    page.get_by_role("radio", name="Pictures").click()
    tile = page.locator(".d-tile").first
    expect(tile).to_be_visible()
    tile.click()
    expect(page.locator(".d-panel.d-full .d-picture img")).to_be_visible()
    first = page.url
    page.keyboard.press("ArrowRight")
    page.wait_for_url(lambda url: url != first)
    page.get_by_role("link", name="More like this").click()
    page.locator(".d-panel .d-tile").first.click()
    page.get_by_role("link", name="Show in library").click()
    expect(page.locator(".d-panel")).not_to_be_visible()
    page.wait_for_url(re.compile(r"\?v=library&d=[\w%./-]+$"))


def test_the_map_shows_a_question_among_what_it_finds_and_is_walked_by_keys(page):
    page.get_by_test_id("stSidebar").get_by_role("button", name="Map").click()
    canvas = page.get_by_role("application")
    expect(canvas).to_be_visible()
    drawn(page)
    page.get_by_label("A question as a point").fill("In which year was the light at Hollin Point built?")
    page.keyboard.press("Enter")
    expect(page.locator("table.d-lit tr").nth(1)).to_contain_text("lights.md")
    canvas.focus()
    page.keyboard.press("ArrowRight")  # to the first of what was found
    expect(page.locator(".tip b")).to_contain_text("lights.md")
    page.keyboard.press("Enter")
    expect(page.locator(".d-panel header")).to_contain_text("lights.md")
    page.keyboard.press("Escape")
    expect(page.locator(".d-panel")).not_to_be_visible()
    box = canvas.bounding_box()
    ink = "canvas => canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data.some(each => each)"
    assert box["width"] > 600 and canvas.evaluate(ink)


def test_documents_are_tiles_that_open_at_an_address_of_their_own(page):
    page.get_by_test_id("stSidebar").get_by_role("button", name="Library").click()
    expect(page.get_by_text("documents; choose rows")).to_be_visible()
    drawn(page)
    page.locator(".st-key-library-view button").nth(1).click()
    page.wait_for_function("() => [...document.querySelectorAll('.d-cover img')].some(image => image.naturalWidth > 0)")
    page.locator('[class*="st-key-tile-open-"] button', has_text="lights.md").first.click()
    page.wait_for_url(re.compile(r"\?v=library&w=tiles&d=[\w%./-]*lights.md$"))
    page.reload()
    expect(page.get_by_role("heading", name="lights.md")).to_be_visible()
    page.locator(".d-hits a.d-where").first.click()
    expect(page.locator(".d-panel header")).to_contain_text("lights.md")
    page.keyboard.press("Escape")
    page.get_by_role("button", name="All documents").click()
    expect(page.get_by_role("heading", name="Library")).to_be_visible()
    page.reload()
    expect(page.locator(".d-cover").first).to_be_visible()


def test_questions_are_measured_while_one_reads_elsewhere_and_a_miss_opens_what_came(page, tmp_path):
    gold = tmp_path / "coast.jsonl"
    rows = [
        ("Who built the light at Hollin Point?", {"source": "lights.md", "text": "Marta Quill"}),
        ("A unicorn", {"image": "unicorn.png"}),
    ]
    gold.write_text("".join(json.dumps({"question": question, "relevant": [need]}) + "\n" for question, need in rows))
    page.get_by_role("button", name="Evaluate").click()
    expect(page.get_by_text("110 questions")).to_be_visible()
    drawn(page)
    page.get_by_role("combobox", name="Questions").fill("A file of your own")
    page.keyboard.press("Enter")
    page.locator(".st-key-evaluate-file input[type=file]").set_input_files(gold)
    expect(page.get_by_text("2 questions · 2 with gold")).to_be_visible()
    drawn(page)
    page.get_by_text("Only the search, no answers").click()
    page.get_by_role("button", name="Start").click()
    page.get_by_test_id("stSidebar").get_by_role("button", name="Library").click()
    expect(page.get_by_role("heading", name="Library")).to_be_visible()
    page.get_by_role("button", name="Evaluate").click()
    expect(page.get_by_role("heading", name="Evaluate")).to_be_visible()
    page.get_by_role("radio", name="Runs").click()
    expect(page.locator(".d-figures").first.locator("tr").nth(2)).to_contain_text("Passages11.00")
    expect(page.locator(".vega-embed canvas, .vega-embed svg").first).to_be_visible()
    page.locator("details.d-judged summary", has_text="A unicorn").click()
    page.locator("details.d-judged[open] .d-hit a.d-file").first.click()
    expect(page.locator(".d-panel:visible header")).to_be_visible()


def test_a_citation_plays_the_recording_from_its_moment(page, folder, tmp_path):
    talks = tmp_path / "talks"
    talks.mkdir()
    (talks / "board.opus").write_bytes(BOARD.read_bytes())
    said = [("03.500", "07.500", "The breakwater costs 42,000 crowns."), ("10.600", "15.300", "Nobody hears the fog signal.")]
    (talks / "board.vtt").write_text("WEBVTT\n\n" + "".join(f"00:{start} --> 00:{end}\n{text}\n\n" for start, end, text in said))
    film(talks / "winch.mp4", [(4, slide("The winch of the quay")), (5, slide("Repairs", "Winch: 3,100 crowns", ground="#203040"))])
    with Library.open(folder, Settings(library=folder)) as library:
        assert ingest([talks], library).added == ["board.opus", "winch.mp4"]
    ask(page, "At what time do they talk about the fog signal?")
    assert answered(page).startswith("0:10: “Nobody hears the fog signal.”")
    page.locator(".d-source", has_text="board.opus · 0:10".split(" · ")[0]).click()
    panel = page.locator(".d-panel")
    player = panel.locator("audio.d-player")
    expect(player).to_have_js_property("currentTime", 10.6)
    assert 16 < player.evaluate("player => player.duration") < 19, "it is really decoded"
    panel.get_by_role("button", name="Play from 0:03").click()
    expect(player).to_have_js_property("paused", False)
    assert 3.4 < player.evaluate("player => player.currentTime") < 9
    player.evaluate("player => player.pause()")
    ask(page, "How many crowns do the repairs of the winch cost?")
    assert "3,100" in answered(page, 2)
    page.locator(".d-answer").nth(1).locator("a.d-cite").first.click()
    slides = panel.locator("video.d-player")
    expect(slides).to_have_js_property("currentTime", 4)
    assert slides.evaluate("player => [player.videoWidth, player.videoHeight]") == [640, 360], "it is really decoded"
    expect(panel.locator("dd").first).to_have_text("0:04 to 0:09")
    panel.get_by_role("button", name="Play from 0:00").click()
    expect(slides).to_have_js_property("paused", False)
    slides.evaluate("player => player.pause()")
    page.goto(f"{page.url.partition('?')[0]}?v=library&d=board.opus")
    page.get_by_role("button", name="Transcript").click()
    with page.expect_download() as taken:
        page.get_by_role("button", name="As subtitles (.vtt)").click()
    assert taken.value.suggested_filename == "board.vtt"
    assert "00:00:03.500 --> 00:00:07.500\nThe breakwater costs 42,000 crowns.\n" in Path(taken.value.path()).read_text()


@needs_speech
def test_a_question_that_is_spoken_stands_in_the_input_to_be_corrected(browser, address, tmp_path):
    """Chromium's microphone plays a file."""
    said = record(tmp_path / "said.wav", np.concatenate([np.zeros(16_000, np.float32), samples(SPOKEN / "biblioteca.opus")]))
    fake = ["--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream", f"--use-file-for-fake-audio-capture={said}%noloop"]
    hearing = browser.browser_type.launch(executable_path=str(CHROMIUM), args=[*FLAGS, *fake])
    expect.set_options(timeout=WAIT)
    page = hearing.new_context(permissions=["microphone"]).new_page()
    page.set_default_timeout(WAIT)
    page.goto(address)
    line = page.get_by_test_id("stChatInputTextArea")
    line.fill("Tell me:")
    page.get_by_test_id("stChatInputMicButton").click()
    expect(page.get_by_test_id("stChatInputWaveform")).to_be_visible()
    page.wait_for_timeout(7000)
    page.get_by_test_id("stChatInputApproveButton").click()
    expect(page.locator(".st-key-voice [role=status]")).to_be_visible()
    expect(line).to_have_value(re.compile("^Tell me: .*(?:biblioteca|mañana|lunes|cerrada)"))  # a busy machine drops some of the sound
    expect(line).to_be_focused()
    assert page.locator(".d-question").count() == 0, "nothing is sent before it is looked at"
    keep(page, "spoken")
    line.fill("In which year was the light at Hollin Point built?")
    line.press("Enter")
    assert "1791" in answered(page)
    hearing.close()


def test_a_phone_shows_everything_without_scrolling_sideways(browser, page):
    page.set_viewport_size({"width": 390, "height": 844})
    assert _overflow(page) == 0
    page.locator(".st-key-suggestions button").first.click()
    answered(page)
    assert page.locator("details.d-found").count() == 1
    for opened in page.get_by_test_id("stMainBlockContainer").locator("details summary").all():
        opened.click()
    assert _overflow(page) == 0
    page.locator(".d-answer a.d-cite").first.click()
    panel = page.locator("#turn-1-source-1").bounding_box()
    assert (panel["x"], panel["width"]) == (0, 390) and 400 < panel["height"] < 600, "a sheet from below"
    assert _overflow(page) == 0


def _overflow(page: Page) -> int:
    """Pixels that the widest element sticks out to the right."""
    return page.evaluate(
        "() => Math.max(0, document.documentElement.scrollWidth - innerWidth,"
        " ...[...document.querySelectorAll('[data-testid=stAppViewContainer] *')]"
        ".filter(e => !e.closest('[data-testid=stSidebar]') && e.scrollWidth > e.clientWidth + 1)"
        ".filter(e => /auto|scroll/.test(getComputedStyle(e).overflowX))"
        ".map(e => e.scrollWidth - e.clientWidth))"
    )
