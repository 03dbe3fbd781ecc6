"""What the chat serves beside its page: only what the library holds, unchanged, and nothing that runs."""

from __future__ import annotations

import io
import re
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from lxml import html
from PIL import Image
from starlette.applications import Starlette
from starlette.testclient import TestClient

from app.chat.content import publish
from app.chat.conversation import Conversation
from app.chat.routes import routes
from app.chat.shelf import Shelf
from app.chat.turn import Turn
from ingest import ingest as take_in
from rag import Library, Settings
from rag.records import GUESS_MARK, Answer, Citation, Hit, Locator, Routes
from tests.corpus import make_coast
from tests.hostile import HOSTILE
from tests.ingest.packed import zipped
from tests.ingest.pages import Page, column, write_pdf
from tests.recorded import BOARD, film, slide

SCRIPT = "<html><body><h1>Tides</h1><p>High water at Ness Head stands at nine.</p><script>alert(1)</script></body></html>"


@dataclass
class Served:
    library: Library
    shelf: Shelf
    folder: Path
    client: TestClient
    at: str

    def hash(self, source: str) -> str:
        file = self.library.catalog.file(source)
        assert file is not None
        return file.hash

    def get(self, path: str, **headers: str):
        return self.client.get(f"/{self.at}/{path}", headers=headers)

    def panel(self, path: str) -> html.HtmlElement:
        answer = self.get(f"panel/{path}")
        assert answer.status_code == 200
        return html.fromstring(f"<div>{answer.text}</div>")


@pytest.fixture(scope="module")
def served(tmp_path_factory) -> Iterator[Served]:
    folder = make_coast(tmp_path_factory.mktemp("routes") / "coast")
    lamp = Page(words=column(72, 100, ["The lamp of Skerrin Head burns colza oil."]))
    write_pdf(folder / "lamps.pdf", lamp, Page(words=column(72, 100, ["The second page tells of wicks."])))
    (folder / "tides.html").write_text(SCRIPT)
    (folder / "sign.svg").write_text(
        '<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script><text x="5" y="9">Mind the step</text></svg>'
    )
    (folder / "boats.csv").write_text("Boat,Year\nPerpetua,1907\nCormorant,1923\n")
    with Image.open(folder / "pictures/tower.png") as tower:
        tower.resize((180, 240)).save(folder / "pictures/small-tower.jpg", quality=90)
    settings = Settings(library=folder.parent / "library", llm="quote")
    with Library.open(settings.library, settings) as library:
        take_in([folder], library)
        shelf = Shelf(library)
        app = Starlette(routes=routes())
        yield Served(library, shelf, folder, TestClient(app), publish(shelf))


@pytest.fixture(scope="module")
def asked(served) -> Conversation:
    conversation = served.shelf.begin()
    for question in ("In which year was the light at Hollin Point built?", "Show me a picture of the lifeboat Perpetua"):
        turn = conversation.ask(question, model="quote")
        while conversation.live or turn.follow_ups is None:
            time.sleep(0.05)
        assert turn.answer and turn.answer.citations
    return conversation


# ── files ─────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_file_is_served_by_its_content_as_it_came(served):
    answer = served.get(f"file/{served.hash('letter.txt')}")
    assert answer.status_code == 200 and answer.content == (served.folder / "letter.txt").read_bytes()
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"
    assert served.get(f"file/{served.hash('lamps.pdf')}").headers["content-type"] == "application/pdf"


@pytest.mark.parametrize("source", ["tides.html", "sign.svg"])
def test_what_could_run_is_shown_as_text_in_a_sandbox(served, source):
    answer = served.get(f"file/{served.hash(source)}")
    assert answer.headers["content-type"].startswith("text/plain") and "alert(1)" in answer.text
    assert answer.headers["x-content-type-options"] == "nosniff"
    policy = answer.headers["content-security-policy"]
    assert "sandbox" in policy and "default-src 'none'" in policy and "allow-scripts" not in policy


def test_what_no_browser_shows_is_a_download(served, tmp_path):
    (served.folder / "notes.rtf").write_text(r"{\rtf1 The tender comes on Thursdays.}")
    take_in([served.folder], served.library)
    answer = served.get(f"file/{served.hash('notes.rtf')}")
    assert answer.headers["content-type"] == "application/octet-stream"
    assert answer.headers["content-disposition"] == 'attachment; filename="notes.rtf"'


def test_a_recording_is_played_from_its_moment_by_its_content_alone(served, tmp_path):
    talks = tmp_path / "talks"
    talks.mkdir()
    (talks / "board.opus").write_bytes(BOARD.read_bytes())
    said = [("00:10.600", "00:15.300", "The <fog> signal &amp; horn fail."), ("01:02:05.000", "01:02:09.000", "A crown is paid.")]
    (talks / "board.vtt").write_text("WEBVTT\n\n" + "".join(f"{start} --> {end}\n{text}\n\n" for start, end, text in said))
    (talks / "alone.srt").write_text("1\n00:00:07,000 --> 00:00:09,000\nNobody recorded this.\n")
    take_in([talks], served.library)
    hash = served.hash("board.opus")
    whole = served.get(f"file/{hash}")
    assert whole.headers["content-type"] == "audio/ogg" and "media-src 'self'" in whole.headers["content-security-policy"]
    part = served.get(f"file/{hash}", Range="bytes=100-199")
    assert part.status_code == 206 and part.content == BOARD.read_bytes()[100:200]
    assert part.headers["content-range"] == f"bytes 100-199/{BOARD.stat().st_size}"
    [first, second] = [stored.id for stored in served.library.catalog.of(["board.opus"])]
    panel = served.panel(f"record/{second}")
    [player] = panel.xpath("//audio[@class='d-player'][@controls]")
    assert player.get("src") == f"{served.at}/file/{hash}#t=3725"
    assert panel.xpath("string(//*[@class='d-where'])") == "1:02:05"
    times = [(each.get("data-at"), each.text) for each in panel.xpath("//*[@class='d-around']//button")]
    assert times == [("10.6", "0:10"), ("3725", "1:02:05")]
    assert "The & horn fail." not in panel.text_content() and "signal & horn fail." in panel.text_content()
    (talks / "board.opus").write_bytes(BOARD.read_bytes()[:-1])
    assert not served.panel(f"record/{first}").xpath("//audio | //button") and served.get(f"file/{hash}").status_code == 404
    [alone] = served.library.catalog.of(["alone.srt"])
    assert not served.panel(f"record/{alone.id}").xpath("//audio | //button")
    served.library.remove(["board.opus", "alone.srt"])


def test_a_slide_of_a_film_is_played_from_its_moment_and_tells_its_span(served, tmp_path):
    talks = tmp_path / "talks"
    talks.mkdir()
    film(
        talks / "talk.mp4",
        [(65, slide("Harbour", "Depth: 11 metres")), (6, slide("Costs", "Crane: 3,100 crowns", ground="#203040"))],
        rate=2,
    )
    (talks / "talk.vtt").write_text("WEBVTT\n\n01:06.000 --> 01:08.000\nThe <smith> &amp; crew are paid.\n")
    take_in([talks], served.library)
    harbour, costs = [each for each in served.library.catalog.of(["talk.mp4"]) if each.record.image]
    for panel in (served.panel(f"record/{costs.id}"), served.panel(f"picture/{costs.record.image.split('.')[0]}")):
        [player] = panel.xpath("//video[@class='d-player'][@controls]")
        assert player.get("src") == f"{served.at}/file/{served.hash('talk.mp4')}#t=65"
        assert player.get("poster").startswith(f"{served.at}/media/{costs.record.image}")
        facts = dict(zip(panel.xpath("//dt/text()"), panel.xpath("//dd"), strict=True))
        assert facts["Shown"].text_content() == "1:05 to 1:11" and "The & crew are paid." in facts["Said meanwhile"].text_content()
        assert "3,100 crowns" in facts["Read in it"].text_content()
        times = [(each.get("data-at"), each.text) for each in panel.xpath("//*[@class='d-around']//button")]
        assert times == [("0", "0:00"), ("65", "1:05"), ("66", "1:06")], "pictures and sentences in their order"
    assert served.get(f"media/{harbour.record.image}").status_code == 200
    served.library.remove(["talk.mp4"])


@pytest.mark.parametrize(
    "path",
    [
        f"file/{'0' * 40}",
        "file/..%2f..%2fcatalog.db",
        "file/catalog.db",
        f"file/{'0' * 40}/page/1",
        f"media/{'0' * 40}.png",
        "media/..%2fcatalog.db",
        "media/%2e%2e%2fcatalog.db",
        "media/catalog.db",
        f"panel/picture/{'0' * 40}",
        "panel/picture/..%2f..%2fcatalog.db",
        f"panel/like/{'0' * 40}",
        "panel/record/999999",
        "panel/turn/nobody/1/source/1",
    ],
)
def test_what_the_library_does_not_hold_is_not_there(served, path):
    assert served.get(path).status_code == 404


def test_without_the_token_nothing_is_had(served):
    hash = served.hash("letter.txt")
    for token in ("", "guess", served.at.split("/")[1][:-1]):
        assert served.client.get(f"/held/{token}/file/{hash}").status_code == 404


def test_a_file_that_changed_or_went_is_not_served_and_one_that_was_only_touched_is(served):
    path = served.folder / "boats.csv"
    hash, before = served.hash("boats.csv"), path.read_text()
    path.touch()
    assert served.get(f"file/{hash}").status_code == 200
    path.write_text(before.replace("1907", "1908"))
    assert served.get(f"file/{hash}").status_code == 404
    path.unlink()
    assert served.get(f"file/{hash}").status_code == 404
    path.write_text(before)
    assert served.get(f"file/{hash}").text == before


def test_a_member_of_an_archive_is_served_and_shown_like_a_file_while_the_archive_has_it(served, tmp_path):
    pages = write_pdf(tmp_path / "wicks.pdf", Page(words=column(72, 100, ["The wick of Skerrin Head is trimmed twice."]))).read_bytes()
    log = "# Log\n\nThe keeper wrote it down.\n"
    (served.folder / "box.zip").write_bytes(zipped({"in/log.md": log, "wicks.pdf": pages, "../out.md": "Out."}))
    take_in([served.folder], served.library)
    hash = served.hash("box.zip/in/log.md")
    assert served.get(f"file/{hash}").text == log
    (passage,) = served.library.catalog.of(["box.zip/in/log.md"])
    panel = served.panel(f"record/{passage.id}")
    assert f"/file/{hash}" in next(panel.iter("a")).get("href") and panel.xpath('.//ol[@class="d-lines"]')
    (passage,) = served.library.catalog.of(["box.zip/wicks.pdf"])
    (leaf,) = served.panel(f"record/{passage.id}").xpath('.//section[contains(@class, "d-leaf")]/img/@src')
    assert served.client.get(f"/{leaf}").headers["content-type"] == "image/webp"
    (served.folder / "box.zip").write_bytes(zipped({"in/log.md": "Another.", "wicks.pdf": pages}))
    assert served.get(f"file/{hash}").status_code == 404 and served.get(f"file/{served.hash('box.zip/wicks.pdf')}").content == pages
    (passage,) = served.library.catalog.of(["box.zip/in/log.md"])
    assert "The file has changed or gone" in served.panel(f"record/{passage.id}").text_content()


def test_code_of_a_passage_is_shown_as_code(served):
    note = "# Kiln\n\nLight it:\n\n```sh\nfor each in kiln; do\n\n    light <b> $each\ndone\n```\n\nThen wait: done.\n"
    (served.folder / "kiln.md").write_text(note)
    (served.folder / "kiln.py").write_text("def light(kiln):\n    return kiln < 3\n")
    take_in([served.folder], served.library)

    def shown(source: str) -> tuple[list[str], str]:
        (passage,) = served.library.catalog.of([source])
        (told,) = served.panel(f"record/{passage.id}").xpath('./div[@class="d-passage"]')
        return [each.text_content() for each in told.iter("pre")], told.text_content()

    code, text = shown("kiln.md")
    assert code == ["for each in kiln; do\n\n    light <b> $each\ndone\n"] and "Then wait: done." in text
    assert shown("kiln.py")[0] == ["def light(kiln):\n    return kiln < 3\n"]


def test_a_link_that_is_put_in_its_place_leads_nowhere(served, tmp_path):
    path = served.folder / "letter.txt"
    hash, before = served.hash("letter.txt"), path.read_bytes()
    (tmp_path / "secret.txt").write_text("secret")
    path.unlink()
    path.symlink_to(tmp_path / "secret.txt")
    assert served.get(f"file/{hash}").status_code == 404
    path.unlink()
    path.write_bytes(before)


# ── pages and pictures ────────────────────────────────────────────────────────────────────────────────────────────────────────────────


def opened(answer) -> Image.Image:
    assert answer.status_code == 200 and answer.headers["content-type"] == "image/webp"
    return Image.open(io.BytesIO(answer.content)).convert("RGB")


def test_every_page_is_had_in_bounded_sizes_and_the_quote_is_marked(served):
    at = f"file/{served.hash('lamps.pdf')}/page"
    assert opened(served.get(f"{at}/1?width=900")).width == 960
    assert max(opened(served.get(f"{at}/2?width=99999")).size) <= 2400
    plain, marked = opened(served.get(f"{at}/1")), opened(served.get(f"{at}/1?quote=burns%20colza%20oil"))
    assert (248, 232, 174) not in {color for _, color in plain.getcolors(1 << 24)}
    assert any(abs(r - 248) < 8 and abs(g - 232) < 8 and abs(b - 174) < 12 for _, (r, g, b) in marked.getcolors(1 << 24))
    assert served.get(f"{at}/3").status_code == served.get(f"{at}/0").status_code == served.get(f"{at}/-1").status_code == 404
    assert served.get(f"file/{served.hash('letter.txt')}/page/1").status_code == 404


def test_a_picture_is_had_small_and_whole_and_not_sent_twice(served):
    (tower,) = [each for each in served.library.catalog.of(["pictures/tower.png"]) if each.record.image]
    small = served.get(f"media/{tower.record.image}?side=100")
    assert max(opened(small).size) == 160
    whole = served.get(f"media/{tower.record.image}")
    assert whole.headers["content-type"] == "image/png" and Image.open(io.BytesIO(whole.content)).size == (360, 480)
    again = served.get(f"media/{tower.record.image}?side=100", **{"if-none-match": small.headers["etag"]})
    assert again.status_code == 304 and not again.content


# ── what opens beside an answer ───────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_citation_opens_its_passage_with_the_lines_of_its_file(served, asked):
    opened = served.panel(f"turn/{asked.id}/1/source/1")
    assert "lights.md" in opened.find("header").text_content() and "Hollin Point" in opened.find("header").text_content()
    assert "built in 1791 by Marta Quill" in opened.xpath('.//div[@class="d-passage"]//mark')[0].text_content()
    (line,) = opened.xpath('.//ol//li[@value="5"]')
    assert "built in 1791" in line.xpath("./mark")[0].text_content() and line.get("class") == "d-here"
    links = {link.text_content(): link.get("href") for link in opened.xpath('.//nav[@class="d-does"]/a')}
    assert links["Open file"] == f"{served.at}/file/{served.hash('lights.md')}"
    assert links["Show in library"] == "?v=library&d=lights.md"


def test_every_hit_opens_and_knows_the_one_before_and_after(served, asked):
    last = len(asked.turns[0].hits)
    ways = {each.get("data-way"): each.get("href") for each in served.panel(f"turn/{asked.id}/1/hit/2").xpath(".//a[@data-way]")}
    assert ways == {"before": "#turn-1-hit-1", "after": "#turn-1-hit-3"} and last >= 3
    assert served.get(f"panel/turn/{asked.id}/1/hit/{last + 1}").status_code == 404


def test_a_picture_tells_its_places_and_what_is_only_guessed(served, asked):
    found = next(hit for hit in asked.turns[1].hits if hit.media and hit.caption == "The lifeboat Perpetua under sail")
    hit = replace(found, rank=1, text=f"{found.evidence}\n{GUESS_MARK}sailboat, <b>ship")
    conversation = served.shelf.begin()
    conversation.turns.append(Turn(1, "q", place=1, status="done", answer=Answer("q", "q", "a", (hit,), citations=())))
    opened = served.panel(f"turn/{conversation.id}/1/hit/1")
    assert opened.xpath('.//section[@class="d-view"]/@data-full') == [f"{served.at}/media/{Path(hit.media).name}"]
    places = {hit.source, *(each.strip() for each in opened.xpath(".//dd/ul/li/text()"))}
    assert places >= {"boats.html", "pictures/boat.png"}
    (guess,) = opened.xpath('.//dd[@class="d-guess"]')
    assert guess.text_content() == "sailboat, <b>ship a guess from the pixels"
    assert opened.xpath(f'.//a[@href="#like-{Path(hit.media).stem}"]')


def test_a_page_of_a_pdf_opens_with_the_way_through_the_document(served):
    (passage, *_) = served.library.catalog.of(["lamps.pdf"])
    (leaf,) = served.panel(f"record/{passage.id}").xpath('.//section[contains(@class, "d-leaf")]')
    assert (leaf.get("data-page"), leaf.get("data-pages")) == ("1", "2")
    (image,) = leaf.xpath("./img")
    assert opened(served.client.get("/" + image.get("src"))).width == 960


def test_what_a_source_says_and_is_called_is_text(served):
    locator = Locator(heading=HOSTILE)
    hit = Hit(1, 1.0, "text", HOSTILE, None, HOSTILE, locator, f"Before {HOSTILE} after", None, (), Routes(), HOSTILE, 1)
    conversation = served.shelf.begin()
    answer = Answer("q", "q", "a [1]", (hit,), citations=(Citation(1, HOSTILE, locator, "text", HOSTILE, None, 1),))
    conversation.turns.append(Turn(1, "q", place=1, status="done", answer=answer))
    for way in ("source", "hit"):
        opened = served.panel(f"turn/{conversation.id}/1/{way}/1")
        assert not list(opened.iter("img", "script", "iframe", "object", "style"))
        assert all(not name.startswith("on") for element in opened.iter() for name in element.attrib)
        assert HOSTILE in opened.find("header").text_content()
        assert all(link.get("href").startswith(("#", "?v=library&d=", "held/")) for link in opened.iter("a"))
    (mark,) = served.panel(f"turn/{conversation.id}/1/source/1").iter("mark")
    assert mark.text_content() == HOSTILE


def test_what_a_document_says_is_text(served, tmp_path):
    (served.folder / "hostile.md").write_text(
        "# Bait\n\nThe bait <img src=x onerror=alert(1)> </div><script>alert(2)</script> lies here.\n"
    )
    take_in([served.folder], served.library)
    (passage,) = served.library.catalog.of(["hostile.md"])
    opened = served.panel(f"record/{passage.id}")
    assert not opened.xpath(".//script | .//img | .//*[@onerror]")
    assert "alert(2)" in opened.text_content()


def test_pictures_like_one_leave_out_its_copies(served):
    (tower,) = [each for each in served.library.catalog.of(["pictures/tower.png"]) if each.record.image]
    opened = served.panel(f"like/{Path(tower.record.image).stem}")
    shown = {re.sub("^#picture-", "", each) for each in opened.xpath('.//a[@class="d-tile"]/@href')}
    copies = {Path(each.record.image).stem for each in served.library.catalog.showing(tower.record.image)}
    assert len(copies) == 2 and shown and not shown & copies


def test_copies_are_found_as_groups(served):
    (group,) = served.library.catalog.copies()
    assert [each.source for each in group] == ["lights.md", "pictures/small-tower.jpg"]


def test_the_panel_speaks_the_language_that_is_asked_for(served, asked):
    assert "Datei öffnen" in served.panel(f"turn/{asked.id}/1/source/1?l=de").text_content()
    assert "Open file" in served.panel(f"turn/{asked.id}/1/source/1?l=xx").text_content()


# ── names ─────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_names_are_offered_as_they_are_typed_in_the_readers_language(served):
    answer = served.get("names?q=TOW&l=de")
    assert answer.headers["content-type"] == "application/json" and answer.headers["cache-control"] == "no-store"
    assert [each["words"] for each in answer.json()] == [["pictures/tower.png"], ["pictures/small-tower.jpg"]]
    kinds = {each["words"][0]: (each["label"], each["note"]) for each in served.get("names?l=de").json() if each["icon"] == "category"}
    assert kinds["kind:picture"] == ("Bilder", "5 Dokumente") and "kind:mail" not in kinds
    assert served.get("names?q=" + "x" * 5000).json() == []
    assert served.client.get("/held/nobody/names?q=tower").status_code == 404
