"""The writing in pictures that are pages of text becomes passages; labels and menus stay with their picture."""

from __future__ import annotations

from PIL import Image, ImageDraw, ImageFont

from ingest import ingest
from ingest.blocks import Text
from ingest.chunk import chunk
from ingest.inside import is_running, kept, page_texts, written
from rag import Library
from rag.pictures.ocr import Writing
from rag.records import Locator

TRADES = "cooper baker smith tailor mason sailor joiner glazier weaver fuller saddler tanner potter roper turner".split()


def test_a_picture_full_of_writing_is_found_by_a_line_far_down(tmp_path):
    lines = [f"In house {n} of Skipper Street lived the {trade} with a family of {n + 2}." for n, trade in enumerate(TRADES * 3, 11)]
    lines[40] = "The pilot Eystein Wold kept two goats and a telescope there."
    page = Image.new("L", (1240, 1900), "white")
    for n, line in enumerate(lines):
        ImageDraw.Draw(page).text((120, 100 + 38 * n), line, fill="black", font=ImageFont.load_default(26))
    (tmp_path / "docs").mkdir()
    page.save(tmp_path / "docs" / "census.png")
    with Library.open(tmp_path / "library") as library:
        ingest([tmp_path / "docs"], library)
        hit = library.search("Who kept goats and a telescope?", modality="text")[0]
        (picture,) = library.search("goats and a telescope", modality="image")
    assert "Eystein Wold kept two goats" in hit.text and hit.source == "census.png"
    left, top, right, bottom = hit.locator.bbox
    assert left < 0.15 and right > 0.6 and 0.4 < top < (113 + 38 * 40) / 1900 < bottom
    assert picture.origin == "census.png", "the picture itself is found, too"


def test_labels_and_menus_are_no_running_text():
    assert not is_running("File Edit View\nOpen\nSave as\nCancel OK")
    assert is_running("The keeper wound the clock every four hours.\nHe slept\nin the lee of the tower when there was no fog.")


def test_what_was_read_is_remembered_with_its_places():
    found = [Writing("one line\nand “another”", (0.1, 0.2, 0.5, 0.25)), Writing("灯台", (0.0, 0.5, 1.0, 1.0))]
    assert written(kept(found)) == found


def test_boxes_lie_where_the_picture_lies():
    found = [Writing("words", (0.0, 0.5, 0.5, 1.0))]
    (on_page,) = page_texts(found, Locator(page=3, heading="Log", bbox=(0.2, 0.4, 0.6, 0.8)), False)
    assert on_page.locator == Locator(page=3, heading="Log", bbox=(0.2, 0.6, 0.4, 0.8))
    (file,) = page_texts(found, Locator(), True)
    (inside,) = page_texts(found, Locator(heading="Log"), False)
    assert file.locator.bbox == (0.0, 0.5, 0.5, 1.0) and inside.locator.bbox is None


def test_what_is_written_in_a_scene_is_not_what_is_said_meanwhile(library):
    scene = Locator(time=(10.0, 40.0), said=((11.0, 14.0), (15.0, 19.0)))
    [written_there] = page_texts([Writing("Agenda of the board", (0.1, 0.1, 0.9, 0.2))], scene, False)
    assert (written_there.locator.time, written_there.locator.said) == ((10.0, 40.0), ())
    spoken = Text("We begin.\nThe agenda is long.", scene)
    passages = list(chunk([spoken, written_there], library.encoders.text.tokenizer, 200, "film"))
    assert [(each.text, len(each.locator.said)) for each in passages] == [(spoken.text, 2), ("Agenda of the board", 0)]
