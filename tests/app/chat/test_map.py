"""The page of the map: what is drawn, how it is coloured, and a question with what it finds."""

from __future__ import annotations

import re
import time
from typing import Any

import pytest
import streamlit as st

from app.chat.views import map as view
from tests.app.chat.driven import page, words
from tests.corpus import copied

QUESTION = "In which year was the light at Hollin Point built?"


class Drawn:
    """Stands in for the canvas: what it was given last."""

    def __init__(self) -> None:
        self.data: dict[str, Any] = {}

    def __call__(self, data: dict[str, Any], key: str) -> None:
        self.data = data

    def groups(self) -> list[str]:
        return [group["name"] for group in self.data["groups"]]


@pytest.fixture
def drawn(monkeypatch) -> Drawn:
    drawn = Drawn()
    monkeypatch.setattr(view, "plane", drawn)
    return drawn


@pytest.fixture
def at(chat, library, tmp_path, drawn):
    at = chat(copied(library, tmp_path / "library"), "map")
    until = time.monotonic() + 120
    while not drawn.data:
        assert time.monotonic() < until, "the map did not come"
        time.sleep(0.1)
        at.run()
    return at


def test_every_passage_and_picture_is_a_point_coloured_by_document_or_kind(at, drawn, library):
    counts = library.catalog.counts()
    assert not at.exception
    assert len(drawn.data["id"]) == counts["passages"] + counts["figures"] == len(drawn.data["x"])
    assert sum(map(bool, drawn.data["picture"])) == counts["figures"] and drawn.data["lit"] == [] and drawn.data["asked"] is None
    assert all(0 <= each <= 1000 for each in drawn.data["x"] + drawn.data["y"])
    assert "lights.md" in drawn.groups() and sum(group["count"] for group in drawn.data["groups"]) == len(drawn.data["id"])
    assert all(re.search(r"/media/[0-9a-f]{40}\.", address) for address in drawn.data["picture"] if address)
    at.segmented_control(key="map-colours").set_value("kind").run()
    assert {"Markdown", "image"} <= set(drawn.groups()) and "lights.md" not in drawn.groups()


def test_a_question_lights_what_it_finds_and_says_it_in_words(at, drawn, library):
    at.text_input(key="map-question").set_value(f" {QUESTION} ").run()
    assert at.query_params["q"] == QUESTION
    at.text_input(key="map-question").set_value("").run()
    assert drawn.data["lit"] == []
    at.query_params["q"] = QUESTION  # as a reload and a link do
    at.run()
    found = [hit.id for hit in library.search(QUESTION)]
    assert not at.exception and [drawn.data["id"][each] for each in drawn.data["lit"]] == found
    first = drawn.data["lit"][0]
    assert drawn.data["where"][first].startswith("lights.md")
    rows = page(at).xpath('.//table[contains(@class, "d-lit")]//tr')[1:]
    assert len(rows) == len(found) and "lights.md" in rows[0].text_content()
    assert [row.xpath(".//a/@href") for row in rows] == [[f"#record-{id}"] for id in found]
    places = list(zip(drawn.data["x"], drawn.data["y"], strict=True))
    x, y = drawn.data["asked"]
    distance = sorted(range(len(places)), key=lambda at: (places[at][0] - x) ** 2 + (places[at][1] - y) ** 2)
    assert set(distance[:8]) & set(drawn.data["lit"]), "it lies among what it finds"


def test_beyond_the_largest_documents_the_others_share_a_colour(at, drawn, monkeypatch):
    monkeypatch.setattr(view, "COLOURS", view.COLOURS[:3])
    st.cache_resource.clear()
    drawn.data = {}
    until = time.monotonic() + 60
    while not drawn.data:
        assert time.monotonic() < until
        at.run()
    assert len(drawn.groups()) == 3 and drawn.groups()[-1] == "others" and drawn.data["groups"][-1]["colour"] == view.OTHER
    assert "passages and pictures" in words(at)
