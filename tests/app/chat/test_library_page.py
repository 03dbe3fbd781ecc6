"""The page of the library: what is in, what was not taken, and more taken in by the path of a folder."""

from __future__ import annotations

import time

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from app.chat.views import library as view
from rag import Library, Settings
from tests.app.chat.test_pages import SCRIPT, of, page, words


@pytest.fixture
def at(monkeypatch, tmp_path):
    monkeypatch.setenv("DIPTYCH_LIBRARY", str(tmp_path / "library"))
    monkeypatch.setenv("DIPTYCH_LLM", "quote")
    at = AppTest.from_file(str(SCRIPT), default_timeout=60)
    at.query_params["v"] = "library"
    yield at.run()
    st.cache_resource.clear()
    st.cache_data.clear()


def test_a_folder_is_added_by_its_path_and_looked_through(at, coast, tmp_path):
    assert "Nothing is in yet" in words(at)
    (tmp_path / "more").mkdir()
    (tmp_path / "more/broken.pdf").write_bytes(b"%PDF-1.4 nothing")
    for folder in (coast, tmp_path / "more"):
        at.segmented_control(key="library-part").set_value("Add").run()
        at.text_input(key="library-path").set_value(f" {folder} ")
        at.button(key="FormSubmitter:library-folder-Add").click().run()
        until = time.monotonic() + 120
        while not at.session_state.upload.done:
            assert time.monotonic() < until
            time.sleep(0.05)
    at.segmented_control(key="library-part").set_value("Documents").run()
    assert "lights.md" in list(at.dataframe[0].value["Document"])
    at.text_input(key="library-filter").set_value("LIGHTS").run()
    assert list(at.dataframe[0].value["Document"]) == ["lights.md"] and "1 document;" in words(at)
    at.segmented_control(key="library-part").set_value("Pictures").run()
    assert "The lifeboat Perpetua under sail" in {each.text_content() for each in of(page(at), "d-tile")}
    at.segmented_control(key="library-part").set_value("Not taken").run()
    assert "broken.pdf: The PDF is damaged" in words(at)


def test_what_is_read_again_keeps_its_name_and_what_is_gone_stays(coast, tmp_path, monkeypatch):
    folder = tmp_path / "docs/deep"
    folder.mkdir(parents=True)
    (folder / "a.md").write_text("The kiln burns lime.")
    (folder / "b.md").write_text("The mill grinds oats.")
    monkeypatch.setattr(view.st, "session_state", type("State", (dict,), {"__setattr__": dict.__setitem__})())
    with Library.open(tmp_path / "library", Settings(library=tmp_path / "library")) as library:
        from ingest import ingest

        ingest([tmp_path / "docs"], library)
        before = {each.source: each.version for each in library.catalog.files()}
        (folder / "b.md").unlink()
        view._again(library, ["deep/a.md", "deep/b.md"])
        job = view.st.session_state["upload"]
        job.wait(60)
        after = {each.source: each.version for each in library.catalog.files()}
    assert job.error is None and after["deep/a.md"] > before["deep/a.md"]
