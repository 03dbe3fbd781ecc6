"""rag/retrieve/inside.py: the words inside a picture beside those that were typed."""

from __future__ import annotations

import pytest
from PIL import Image, ImageDraw

from rag.retrieve.inside import MOST, searched

SIGN = "Sails at 14:20\n\nfrom the north pier"
OIL = "The oil for the lamp at Ness Head ran out"


@pytest.mark.parametrize("typed", ["What does this mean?", "Explain this", "How do I fix this error?", "What ship is this?"])
def test_few_words_are_joined_by_those_of_the_picture(typed):
    assert searched(typed, SIGN) == f"{typed} (Sails at 14:20 from the north pier)"


def test_a_picture_alone_is_searched_by_its_words():
    assert searched("", SIGN) == "Sails at 14:20 from the north pier"


@pytest.mark.parametrize("typed", ["When was the light at Hollin Point built?", "the same tower at night"])
def test_enough_words_lead_alone(typed):
    assert searched(typed, SIGN) == typed


@pytest.mark.parametrize("inside", ["", "N\n\n-W E\n\n$", "品", "1 2 3 4 5 6 7 8 9"])
def test_single_signs_are_no_writing(inside):
    assert searched("What is this?", inside) == "What is this?"


def test_a_long_writing_is_cut():
    assert len(searched("", "word " * 500).split()) == MOST


def test_the_words_inside_find_the_passage_that_has_them(library):
    paper = Image.new("RGB", (400, 200), "white")
    assert next(hit.source for hit in library.search("", image=paper, inside=OIL) if hit.modality == "text") == "letter.txt"
    assert library.search("", image=paper, inside=OIL, modality="text")[0].source == "letter.txt"
    assert library.search("Where is this from?", image=paper, inside=OIL, modality="text")[0].source == "letter.txt"


def test_a_picture_with_words_finds_the_passage_with_these_words(library, tmp_path):
    sign = Image.new("RGB", (900, 120), "white")
    ImageDraw.Draw(sign).text((30, 40), OIL, fill="black", font_size=32)
    sign.save(tmp_path / "sign.png")
    for image in (sign, tmp_path / "sign.png"):
        found = library.search(image=image, modality="text")
        assert found[0].source == "letter.txt" and found[0].routes.bm25 == 1
    assert library.read(sign) == OIL and library.read(None) == ""
    blank = library.search(image=Image.new("RGB", (900, 120), "white"), modality="text")
    assert all(hit.routes.bm25 is None for hit in blank)


def test_typed_words_are_not_drowned(library, coast):
    asked, picture = "When was the lifeboat Perpetua launched?", coast / "pictures" / "boat.png"
    assert library.search(asked, image=picture, inside=OIL).hits == library.search(asked, image=picture, inside="").hits


def test_a_picture_still_finds_itself_first(library, coast):
    found = library.search("", image=coast / "pictures" / "IMG_0412.png", inside="FERRY TO GULL ISLAND Sails at 14:20 from the north pier")
    assert found[0].source == "pictures/IMG_0412.png" and found[0].routes.bm25 == 1


def test_where_nothing_is_given_the_library_reads(library, coast, monkeypatch):
    picture = coast / "pictures" / "boat.png"
    monkeypatch.setattr(library, "read", lambda image: OIL)
    answer = library.ask("Where is this from?", image=picture, model="quote")
    assert answer.query == f"Where is this from? ({OIL})" and answer.question == "Where is this from?"
    assert "oil for the lamp at Ness Head ran out" in answer.answer and answer.citations[0].source == "letter.txt"
