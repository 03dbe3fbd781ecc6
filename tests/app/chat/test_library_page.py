"""The page of the library: what is in, what was not taken, and more taken in by the path of a folder."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest
from streamlit.testing.v1 import AppTest

from app.chat.views import library as view
from rag import Library, Settings
from tests.app.chat.driven import of, page, words
from tests.ingest.packed import zipped


@pytest.fixture
def at(chat, tmp_path):
    return chat(tmp_path / "library", "library")


def part(at: AppTest, name: str) -> AppTest:
    return at.segmented_control(key="library-part").set_value(name).run()


def until(what: Callable[[], object], seconds: float = 120) -> None:
    end = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < end
        time.sleep(0.05)


def look(at: AppTest, path: object) -> AppTest:
    """See what would be taken from a path."""
    part(at, "add")
    at.text_input(key="library-path").set_value(f" {path} ")
    at.button(key="FormSubmitter:library-folder-Look what is there").click().run()
    until(lambda: at.session_state["library-plan"][1].done)
    return at.run()


def take(at: AppTest) -> AppTest:
    at.button(key="library-take").click().run()
    until(lambda: at.session_state.upload.done)
    return at.run()


def keys(at: AppTest) -> set[str]:
    return {button.key for button in at.button}


def test_a_folder_is_looked_at_then_added_by_its_path_and_looked_through(at, coast, tmp_path):
    assert "Nothing is in yet" in words(at)
    (tmp_path / "more").mkdir()
    (tmp_path / "more/broken.pdf").write_bytes(b"%PDF-1.4 nothing")
    (tmp_path / "more/film.swf").write_bytes(b"film")
    at = look(at, coast)
    assert "files would be added" in words(at) and "lights.md" in words(at)
    assert "0 files" in words(at), "nothing was taken in by looking"
    at = take(at)
    assert "Added lights.md" in words(at)
    at = look(at, tmp_path / "more")
    assert "Passed over, of kinds that are not read: 1 .swf" in words(at)
    at = take(at)
    assert "Not added: broken.pdf." in words(at)
    at.button(key="outcome-away").click().run()
    assert "Not added" not in words(at)
    part(at, "documents")
    assert "lights.md" in list(at.dataframe[0].value["Document"])
    at.text_input(key="library-filter").set_value("LIGHTS.MD").run()
    assert "lights.md" in set(at.dataframe[0].value["Document"]) and len(at.dataframe[0].value) < 4
    part(at, "pictures")
    assert "The lifeboat Perpetua under sail" in {each.text_content() for each in of(page(at), "d-tile")}
    part(at, "missing")
    assert "broken.pdf: The PDF is damaged" in words(at)


def test_what_is_not_there_is_told(at, tmp_path):
    at = look(at, tmp_path / "nowhere")
    assert "nowhere" in words(at) and not {"library-take", "library-follow"} & keys(at)
    at.button(key="library-cancel").click().run()
    assert "nowhere" not in words(at)


@pytest.fixture
def filled(chat, library):
    return chat(library.folder, "library")


def test_words_find_documents_by_what_they_hold_and_the_order_is_chosen(filled, library):
    at = filled
    at.text_input(key="library-filter").set_value("marta quill").run()
    table = at.dataframe[0].value
    assert "lights.md" in list(table["Document"])
    assert all("quill" in f"{source} {text[:40]}".casefold() for source, text in zip(table["Document"], table["Found"], strict=True))
    at.text_input(key="library-filter").set_value("no such words anywhere").run()
    assert not at.dataframe and "No document has these words" in words(at)
    at.text_input(key="library-filter").set_value("").run()
    at.selectbox(key="library-order").set_value("size").run()
    sizes = list(at.dataframe[0].value["Size"])
    assert sizes == sorted(sizes, reverse=True) and len(sizes) == library.catalog.counts()["files"]


def test_tiles_show_documents_and_open_them_at_their_address(filled, library):
    at = filled.segmented_control(key="library-view").set_value("tiles").run()
    assert at.query_params["w"] == "tiles"
    covers = of(page(at), "d-cover")
    assert len(covers) == min(24, library.catalog.counts()["files"])
    assert any(cover.xpath(".//img") for cover in covers) and any(cover.text_content().strip() for cover in covers)
    tiles = {button.label.replace("\\", ""): button for button in at.button if (button.key or "").startswith("tile-open-")}
    tiles["lights.md"].click().run()
    assert (at.query_params["v"], at.query_params["d"]) == ("library", "lights.md")
    assert "built in 1791 by Marta Quill" in words(at)
    at.button(key="document-back").click().run()
    assert "d" not in at.query_params and of(page(at), "d-cover"), "the list is as it was"
    at.query_params["d"] = "lights.md"
    at.run().button(key="document-ask").click().run()
    assert "v" not in at.query_params and at.query_params["s"] == "lights.md" and at.button(key="chip-0").label == "lights\\.md"
    at.query_params["v"], at.query_params["d"] = "library", "gone.md"
    assert "not in the library, or no longer" in words(at.run())


def test_a_link_opens_a_part_and_one_that_is_not_there_the_first(filled):
    at = filled
    at.query_params["p"] = "pictures"
    assert of(page(at.run()), "d-tile") and at.segmented_control(key="library-part").value == "pictures"
    part(at, "documents")
    assert "p" not in at.query_params and at.dataframe
    at.query_params["p"] = "nothing"
    assert at.run().dataframe and not at.exception
    at.query_params["p"] = "pictures"
    at.run().button(key="way-settings").click().run()
    assert at.segmented_control(key="settings-part").value == "answers"


def test_the_library_in_figures(filled, library):
    at = part(filled, "numbers")
    counts = library.catalog.counts()
    assert [metric.value for metric in at.metric[:3]] == [str(counts[name]) for name in ("files", "passages", "pictures")]
    assert not at.exception and "Documents by kind" in words(at)


def test_a_folder_is_followed_until_it_is_stopped(at, tmp_path):
    docs = tmp_path / "docs"
    docs.mkdir()
    (docs / "kiln.md").write_text("The kiln of Ottery burns lime.")
    at = look(at, docs)
    at.button(key="library-follow").click().run()
    until(lambda: "is followed" in words(at.run()))
    assert str(docs) in words(at) and "1 file ·" in words(at)
    at.button(key="unfollow-0").click().run()
    assert "Followed folders" not in words(at)


def test_what_is_removed_of_a_followed_folder_stays_out_until_it_is_taken_in_again(at, tmp_path):
    docs = tmp_path / "docs"
    docs.mkdir()
    (docs / "kiln.md").write_text("The kiln of Ottery burns lime.")
    (docs / "mill.md").write_text("The mill grinds oats.")
    at = look(at, docs)
    at.button(key="library-follow").click().run()
    until(lambda: "2 files ·" in words(at.run()))
    at.query_params["d"] = "mill.md"
    at.run().button(key="library-remove").click().run()
    (docs / "mill.md").write_text("The mill grinds barley.")
    (docs / "ferry.md").write_text("The ferry sails at two.")
    until(lambda: "2 files ·" in words(at.run()))
    assert "ferry.md" in list(part(at, "documents").dataframe[0].value["Document"])
    at = part(at, "missing")
    at.multiselect(key="library-removed").set_value([str(docs / "mill.md")]).run()
    at.button(key="library-readmit").click().run()
    until(lambda: at.session_state.upload.done)
    assert "3 files ·" in words(at.run()) and not at.multiselect
    part(at, "add").button(key="unfollow-0").click().run()


def test_libraries_are_made_and_changed_between_and_the_address_names_only_known_ones(at, tmp_path, coast, monkeypatch):
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    at = part(at.run(), "libraries")
    at.text_input(key="library-name").set_value("Letters")
    at.button(key="FormSubmitter:library-new-Create").click().run()
    assert at.query_params["l"] == "letters" and at.selectbox(key="library-chosen").value == "letters"
    at.button(key="way-library").click().run()
    assert at.query_params["l"] == "letters", "the library stays where one goes to another page"
    at = take(look(at, coast / "lights.md"))
    assert "1 file ·" in words(at)
    at.selectbox(key="library-chosen").set_value("").run()
    assert "l" not in at.query_params and "0 files" in words(at)
    at.query_params["l"] = "../letters"
    at.run()
    assert "l" not in at.query_params and "0 files" in words(at) and "not on the list" in at.toast[0].value


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
        assert "deep/b.md" in "".join(view.st.session_state["library-done"])
        job = view.st.session_state["upload"]
        job.wait(60)
        after = {each.source: each.version for each in library.catalog.files()}
        assert job.error is None and after["deep/a.md"] > before["deep/a.md"]
        (tmp_path / "alone.md").write_text("The lock lifts boats.")
        (tmp_path / "near.md").write_text("The weir holds water.")
        (tmp_path / "letters.zip").write_bytes(zipped({"one.md": "The post came by boat.", "two.md": "The mail was lost."}))
        ingest([tmp_path / "alone.md", tmp_path / "letters.zip"], library)
        library.remove(["letters.zip/two.md"])
        view._again(library, ["alone.md", "letters.zip/one.md"])
        view.st.session_state["upload"].wait(60)
        names = {each.source for each in library.catalog.files()}
    assert {"alone.md", "letters.zip/one.md"} <= names and not {"near.md", "letters.zip/two.md"} & names
