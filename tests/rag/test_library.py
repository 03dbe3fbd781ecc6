"""rag/library.py: opening, searching words and pictures, writing and removing."""

from __future__ import annotations

import json
import os
import sqlite3
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from threadpoolctl import threadpool_info, threadpool_limits

from ingest import ingest
from ingest.rebuild import rebuild
from rag import Library, Settings
from rag.errors import LibraryError, NoLibrary, OtherEncoder, OtherVersion, UsageError
from rag.records import Record
from rag.retrieve import rerank
from rag.storage.entries import File
from tests.models import tiny_clip
from tests.rag.embed.photos import photos


def at(folder: Path, **words) -> Settings:
    return Settings(library=folder, **words)


def file(name: str) -> File:
    return File(Path("/docs") / name, name, Path("/docs"), 1, 1, name)


# ── opening ───────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_reading_command_makes_nothing(tmp_path):
    with pytest.raises(NoLibrary) as caught:
        Library.open(tmp_path / "none", create=False)
    assert "diptych ingest" in caught.value.hint
    assert not (tmp_path / "none").exists()


def test_a_file_is_no_library(tmp_path):
    (tmp_path / "file").write_text("x")
    with pytest.raises(LibraryError, match="is a file"):
        Library.open(tmp_path / "file")


def test_other_encoders_are_refused_with_the_way_out(tmp_path):
    Library.open(tmp_path).close()
    card = json.loads((tmp_path / "library.json").read_text())
    card["encoders"]["text"] = "some-other-model"
    (tmp_path / "library.json").write_text(json.dumps(card))
    with pytest.raises(OtherEncoder, match="some-other-model") as caught:
        Library.open(tmp_path)
    assert "rebuild" in caught.value.hint


def test_a_library_of_before_the_head_goes_on_as_it_was_and_can_be_made_anew(tmp_path):
    docs, folder = tmp_path / "docs", tmp_path / "library"
    docs.mkdir()
    for name, photo in photos().items():
        photo.save(docs / f"{name[::-1]}.png")  # a name that no word finds
    Library.open(folder).close()
    card = json.loads((folder / "library.json").read_text())
    new = dict(card["encoders"])
    card["encoders"] |= {"joint": "conse-efficientnet-lite0", "joint_dim": 1000}
    (folder / "library.json").write_text(json.dumps(card))

    def first(library: Library, words: str) -> tuple[str, int | None]:
        hit = library.search(words, modality="image")[0]
        return hit.source, hit.routes.visual

    with Library.open(folder) as library:
        assert not ingest([docs], library).failed
        assert library.encoders.joint.encode_query(["a palace"]).shape == (1, 1000)
        assert first(library, "a Chinese temple") == ("elpmet.png", 1)
    with pytest.raises(OtherEncoder):
        Library.open(folder, at(folder, joint_model=str(tiny_clip(tmp_path / "clip"))))
    rebuild(at(folder))
    with Library.open(folder) as library:
        assert library.status()["encoders"] == new
        assert first(library, "a Chinese temple") == ("elpmet.png", 1)


def test_another_schema_is_refused_and_an_older_one_is_made_anew(tmp_path):
    (tmp_path / "notes.md").write_text("# Notes\n\nThe mole of Gull Island is 120 m long.\n")
    folder = tmp_path / "library"
    with Library.open(folder) as library:
        assert not ingest([tmp_path / "notes.md"], library).failed
    card = json.loads((folder / "library.json").read_text())
    for schema, way_out in ((99, "Take the Diptych"), (1, "diptych rebuild")):
        (folder / "library.json").write_text(json.dumps(card | {"schema": schema}))
        with pytest.raises(OtherVersion, match=f"schema {schema};") as caught:
            Library.open(folder)
        assert way_out in caught.value.hint
    for rest in folder.glob("catalog.db*"):
        rest.unlink()
    with closing(sqlite3.connect(folder / "catalog.db")) as db:  # as schema 1 had it
        db.executescript(
            "CREATE TABLE roots (path BLOB PRIMARY KEY);"
            "CREATE TABLE files (path BLOB PRIMARY KEY, source TEXT, root BLOB, version INTEGER UNIQUE, bytes INTEGER, mtime_ns INTEGER,"
            " hash TEXT, ingested_at TEXT);"
            "CREATE TABLE records (id INTEGER PRIMARY KEY, version INTEGER, modality TEXT, text TEXT, text_hash BLOB, guess TEXT,"
            " caption TEXT, origin TEXT, image TEXT, locator TEXT)"
        )
        path = os.fsencode(tmp_path / "notes.md")
        db.execute("INSERT INTO files VALUES (?, 'notes.md', ?, 1, 1, 1, 'x', '')", (path, path))
        db.commit()
    assert rebuild(at(folder)).added == ["notes.md"]
    with Library.open(folder) as library:
        assert library.search("mole")[0].source == "notes.md" and library.status()["schema"] == 3


def test_token_vectors_that_are_gone_are_missed(tmp_path):
    with Library.open(tmp_path) as library:
        assert not library.search("light").hits, "nothing is missing yet"
        with library.writing():
            library.add([(file("a.md"), [Record("text", "The light was built in 1791.")])], {})
        assert library.search("light")[0].routes.rerank == 1
    for rest in tmp_path.glob("tokens.db*"):
        rest.unlink()
    with Library.open(tmp_path) as library, pytest.raises(LibraryError, match=r"tokens\.db is missing") as caught:
        library.search("light")
    assert "rebuild" in caught.value.hint


def test_a_damaged_card_is_said(tmp_path):
    Library.open(tmp_path).close()
    (tmp_path / "library.json").write_text("{")
    with pytest.raises(LibraryError, match="damaged"):
        Library.open(tmp_path)


def test_a_damaged_catalogue_is_said(tmp_path):
    Library.open(tmp_path).close()
    (tmp_path / "catalog.db").write_bytes(b"no database at all" * 100)
    for rest in tmp_path.glob("catalog.db-*"):
        rest.unlink()
    with pytest.raises(LibraryError, match="does not open"):
        Library.open(tmp_path)


def test_a_folder_that_cannot_be_made_is_said(tmp_path):
    (tmp_path / "file").write_text("x")
    with pytest.raises(LibraryError, match="cannot be made"):
        Library.open(tmp_path / "file" / "library")


# ── searching ─────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_words_find_passages_with_ranks_by_route(library):
    hits = library.search("Who built the lighthouse at Hollin Point?", modality="text")
    assert hits[0].source == "lights.md"
    assert "Marta Quill" in hits[0].text
    assert hits[0].locator.heading == "Lights of the coast > Hollin Point"
    assert hits[0].routes.dense == 1 and hits[0].routes.bm25 == 1 and hits[0].routes.rerank == 1
    assert hits[0].routes.visual is None and hits[0].media is None


def test_words_find_pictures(library):
    hits = library.search("lifeboat under sail", modality="image")
    assert hits[0].caption == "The lifeboat Perpetua under sail"
    assert hits[0].routes.visual is not None
    with Image.open(hits[0].media) as image:
        assert image.size == (480, 320)


def test_text_inside_a_picture_is_found(library):
    hits = library.search("When does the ferry to Gull Island sail?")
    assert hits[0].modality == "image"
    assert "14:20" in hits[0].text
    assert hits[0].origin == "pictures/IMG_0412.png"


def test_a_picture_finds_itself_and_all_its_places(library, coast):
    with Image.open(coast / "pictures" / "tower.png") as image:
        smaller = image.resize((180, 240))
    assert library.search(image=smaller)[0].modality == "image"
    hits = library.search(image=smaller, modality="image", inside="")
    assert hits[0].caption == "The red tower of Hollin Point" or hits[0].origin == "pictures/tower.png"
    assert {place.source for place in hits[0].appearances} == {"lights.md", "pictures/tower.png"}
    assert hits[0].routes.visual == 1 and hits[0].routes.rerank is None


def test_a_picture_finds_passages(library, coast):
    hits = library.search(image=coast / "pictures" / "boat.png", modality="text")
    assert hits and all(hit.modality == "text" and hit.routes.dense for hit in hits)


def test_words_and_a_picture_together(library, coast):
    hits = library.search("fog horn", image=coast / "pictures" / "tower.png")
    assert {hit.modality for hit in hits[:4]} == {"text", "image"}


def test_filters(library):
    assert {hit.source for hit in library.search("Ness Head", source="*.txt")} == {"letter.txt"}
    assert {hit.modality for hit in library.search("Ness Head", modality="text")} == {"text"}
    assert len(library.search("Ness Head", k=2)) == 2
    assert len(library.search("Ness Head", source="no such*")) == 0


def test_a_filter_chooses_the_appearance_that_passes_it(library):
    hit = library.search("red tower", modality="image", source="pictures/*")[0]
    assert hit.source == "pictures/tower.png"
    assert len(hit.appearances) == 2


def test_scores_never_rise_with_rank(library):
    hits = library.search("light", k=20)
    scores = [hit.score for hit in hits]
    assert scores == sorted(scores, reverse=True)
    assert [hit.rank for hit in hits] == list(range(1, len(hits) + 1))


def test_without_rerank_the_routes_alone_decide(library):
    hits = library.search("whale fat", rerank=False)
    assert hits[0].source == "letter.txt"
    assert all(hit.routes.rerank is None for hit in hits)


@pytest.mark.parametrize("query", ["", "   ", "???", "the of and", "灯台はどこ", 'quote " and \\', "x" * 20_000])
def test_any_words_can_be_searched(library, query):
    assert len(library.search(query, k=3)) <= 3


def test_hits_as_json(library):
    hit = library.search("lifeboat under sail", modality="image")[0].to_dict()
    assert set(hit) == {
        "rank", "score", "modality", "source", "origin", "caption", "locator", "text", "media", "appearances", "routes"
    }  # fmt: skip
    assert set(hit["locator"]) >= {"page", "heading", "bbox"}
    assert set(hit["appearances"][0]) == {"source", "origin", "caption", "locator"}
    assert json.loads(json.dumps(hit)) == hit


@pytest.mark.parametrize("k", [0, -1])
def test_k_counts_from_one(library, k):
    with pytest.raises(UsageError):
        library.search("light", k=k)


def test_as_a_langchain_retriever(library):
    documents = library.as_retriever(k=2).invoke("Who built the light at Hollin Point?")
    assert len(documents) == 2
    assert "Marta Quill" in documents[0].page_content
    assert documents[0].metadata["source"] == "lights.md" and "text" not in documents[0].metadata


# ── writing ───────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def own(tmp_path):
    with Library.open(tmp_path / "library", at(tmp_path / "library")) as library:
        yield library


def test_a_new_version_replaces_the_old_in_search(own):
    with own.writing():
        own.add([(file("a.md"), [Record("text", "The mast is painted green.")])], {})
        own.add([(file("a.md"), [Record("text", "The mast is painted yellow.")])], {})
    assert [hit.text for hit in own.search("colour of the mast")] == ["The mast is painted yellow."]
    assert own.store.count() == 1, "rows of the old version are swept"


def test_an_empty_library_finds_nothing(own):
    assert len(own.search("anything at all")) == 0
    assert own.ask("Is anything in here?", model="quote").refused


def test_one_picture_in_many_documents_leaves_room_for_others(own):
    keys = [own.media.put(Image.new("RGB", (40, 40), colour)) for colour in ("red", "green", "blue")]
    vectors = dict(zip(keys, own.encoders.joint.look([Image.open(own.media.path(key)) for key in keys]).visual, strict=True))
    logo = [(file(f"page{n}.md"), [Record("image", "the logo", image=keys[0], origin="logo.png")]) for n in range(70)]
    others = [(file(f"other{n}.md"), [Record("image", f"another {n}", image=key)]) for n, key in enumerate(keys[1:])]
    with own.writing():
        own.add([*logo, *others], vectors)
    assert len(own.search("logo", modality="image", k=3)) == 3
    assert len(own.search("logo", modality="image", k=1)[0].appearances) == 70


def test_more_hits_than_the_usual_depth(own):
    with own.writing():
        own.add([(file("log.txt"), [Record("text", f"Day {n}: the fog came back.") for n in range(120)])], {})
    assert len(own.search("fog", k=110)) == 110


def test_rows_that_were_never_committed_do_not_count_and_are_swept(own):
    with own.writing():
        own.add([(file("a.md"), [Record("text", "The mast is painted green.")])], {})
    from rag.storage.store import Row

    [(version, ids)] = own.catalog.writer.begin([(None, 60)])
    vector = own.encoders.text.encode_passages(["The mast is painted green."])[0]
    own.store.write([Row(id, version, "text", "The mast is painted green.", vector, None) for id in ids])
    assert [hit.text for hit in own.search("colour of the mast")] == ["The mast is painted green."], "orphans are passed over"
    with own.writing():
        pass
    assert own.store.count() == 1


def test_identical_passages_are_one_hit_that_names_its_places(own):
    with own.writing():
        own.add([(file(name), [Record("text", "The mast is painted green.")]) for name in ("a.md", "b.md")], {})
    (hit,) = own.search("mast")
    assert [place.source for place in hit.appearances] == ["a.md", "b.md"]


def test_remove(own, coast):
    ingest([coast], own)
    removal = own.remove(["lights.md", "no such.md"])
    assert (removal.removed, removal.unknown) == (["lights.md"], ["no such.md"])
    assert all(place.source != "lights.md" for hit in own.search("Hollin Point", k=20) for place in hit.appearances)
    assert own.catalog.counts()["files"] == 5
    own.remove(["pictures/tower.png"])
    assert not any("Hollin" in hit.text for hit in own.search("Hollin Point tower", modality="image"))
    assert len(own.media.keys()) == 2, "the picture went with its last appearance"


def test_vectors_are_of_unit_length_and_of_the_stated_dimension(library):
    card = json.loads((library.folder / "library.json").read_text())["encoders"]
    looked = library.encoders.joint.look([Image.new("RGB", (50, 50), "green")])
    assert library.encoders.text.encode_passages(["a"]).shape == (1, card["text_dim"])
    assert looked.visual.shape == (1, card["joint_dim"])
    assert np.linalg.norm(looked.visual[0]) == pytest.approx(1, abs=1e-4)


def test_status(library):
    status = library.status()
    assert (status["files"], status["pictures"]) == (6, 3)
    assert status["bytes"]["index"] > 0 and status["bytes"]["media"] > 0


def test_token_vectors_come_and_go_with_their_rows(own):
    with own.writing():
        own.add([(file(f"{n}.md"), [Record("text", f"Mast {n} is painted green.")]) for n in range(3)], {})
    rows = {stored.id for stored in own.catalog.all_records()}
    assert set(own.tokens.fetch(range(100))) == rows and len(rows) == 3
    assert max(map(len, own.tokens.fetch(range(100)).values())) <= 96 * 10
    own.remove(["1.md"])
    assert len(own.tokens.fetch(range(100))) == 2


def test_numpy_has_one_thread_while_records_are_taken_in_whoever_imported_it_first(own, monkeypatch):
    def threads() -> set[int]:
        return {each["num_threads"] for each in threadpool_info() if each["user_api"] == "blas"}

    seen = []
    kept = rerank.kept
    monkeypatch.setattr(rerank, "kept", lambda *words: (seen.append(threads()), kept(*words))[1])
    with threadpool_limits(2, user_api="blas"), own.writing():
        before = threads()
        own.add([(file("a.md"), [Record("text", "The light was built in 1791.")])], {})
        after = threads()
    assert seen == [{1}]
    assert before == after


def test_a_passage_is_whole_again_where_it_was_cut(own):
    pieces = [
        Record("text", "Fees:\n| berth | fee |\n|---|---|\n| north quay | 35 |"),
        Record("image", "A chart of the berths.", image="0" * 64),
        Record("text", "Fees:\n| berth | fee |\n|---|---|\n| south quay | 20 |", continues=True),
        Record("text", "Dogs are kept on a lead."),
    ]
    with own.writing():
        own.add([(file("fees.md"), pieces)], {"0" * 64: np.eye(1, own.encoders.joint.dimension, dtype=np.float32)[0]})
    hits = own.search("What is the fee at the south quay?", modality="text")
    assert hits[0].text == "Fees:\n| berth | fee |\n|---|---|\n| north quay | 35 |\n| south quay | 20 |"
    assert [hit.text for hit in hits[1:]] == ["Dogs are kept on a lead."]


def test_editions_of_a_passage_are_one_hit_with_all_its_places(own):
    text = "The harbour at Ness was dredged in 1902, so that ships of deep draught could lie there at any tide and in any wind."
    other = text.replace("could lie", "can lie")
    with own.writing():
        own.add([(file("a.md"), [Record("text", text)]), (file("b.md"), [Record("text", other)])], {})
        own.add([(file("c.md"), [Record("text", text.replace("1902", "1903"))])], {})
    hits = own.search("When was the harbour at Ness dredged, so that ships could lie there?")
    assert sorted(sorted(place.source for place in hit.appearances) for hit in hits) == [["a.md", "b.md"], ["c.md"]]


def test_an_ingest_that_passes_the_limit_changes_the_index_once_and_status_tells_it(coast, tmp_path, monkeypatch):
    from rag.storage.store import Store

    monkeypatch.setattr(Store.fit_index, "__defaults__", (5,))
    with Library.open(tmp_path, at(tmp_path)) as library:
        assert library.status()["index"] == {"dense": "FLAT", "visual": "FLAT"}
        ingest([coast], library)
        counts = library.status()
        assert counts["passages"] + counts["figures"] > 5
        assert counts["index"]["dense"] == "IVF_FLAT"
        assert "Marta Quill" in library.search("Who built the light at Hollin Point?", modality="text")[0].text
        made = (tmp_path / "index.json").stat().st_mtime_ns
        ingest([coast / "pictures"], library)
        assert (tmp_path / "index.json").stat().st_mtime_ns == made
