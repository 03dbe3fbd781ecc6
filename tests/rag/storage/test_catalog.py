"""rag/storage/catalog.py: versions count when they are committed, and what no longer counts is listed for sweeping."""

from __future__ import annotations

import os
import sqlite3
from dataclasses import replace
from pathlib import Path

import pytest

from rag.records import Locator, Record
from rag.storage.catalog import Catalog
from rag.storage.entries import File


@pytest.fixture
def catalog(tmp_path):
    return Catalog(tmp_path)


def file(name: str, root: str = "/docs") -> File:
    return File(Path(root) / name, name, Path(root), bytes=10, mtime_ns=1, hash=f"hash of {name}")


def put(catalog: Catalog, which: File, *records: Record) -> list[int]:
    [(version, ids)] = catalog.writer.begin([(None, len(records))])
    catalog.writer.commit([(replace(which, version=version), list(zip(ids, records, strict=True)))])
    return list(ids)


def test_a_reserved_version_counts_only_once_committed(catalog):
    [(version, ids)] = catalog.writer.begin([(None, 2)])
    assert catalog.unswept() == [version]
    assert catalog.records(list(ids)) == {}
    catalog.writer.commit([(replace(file("a.md"), version=version), [(ids[0], Record("text", "one")), (ids[1], Record("text", "two"))])])
    assert catalog.unswept() == []
    assert [stored.record.text for stored in catalog.records(list(ids)).values()] == ["one", "two"]


def test_a_new_version_replaces_the_old_one_at_once(catalog):
    old = put(catalog, file("a.md"), Record("text", "old"))
    (old_version,) = catalog.versions("a.md")
    new = put(catalog, file("a.md"), Record("text", "new"))
    assert catalog.records(old) == {}
    assert catalog.records(new)[new[0]].record.text == "new"
    assert catalog.unswept() == [old_version]
    catalog.writer.swept([old_version])
    assert catalog.unswept() == []


def test_a_failed_commit_leaves_the_old_version(catalog):
    old = put(catalog, file("a.md"), Record("text", "old"))
    [(version, (id,))] = catalog.writer.begin([(None, 1)])
    clash = replace(file("b.md"), source="a.md", version=version)  # the source is taken
    with pytest.raises(Exception, match="UNIQUE"):
        catalog.writer.commit([(clash, [(id, Record("text", "new"))])])
    assert catalog.records(old)[old[0]].record.text == "old"
    assert catalog.unswept() == [version]


def test_records_come_back_as_they_went_in(catalog):
    record = Record(
        "image", "a lamp\u00a0room", Locator(3, "A > B", (0.1, 0.2, 0.3, 0.4), line=7), "Plate 2", "img/a b.png", "ab12.png", "lighthouse"
    )
    (id,) = put(catalog, file("a.pdf"), record)
    assert catalog.records([id])[id].record == record


def test_a_pair_is_neither_the_neighbour_nor_the_twin_of_a_passage(catalog):
    pair = Record("example", "When was it lit?\n\nIn 1834.", caption="When was it lit?")
    first, _, last = put(catalog, file("a.eml"), Record("text", "one"), pair, Record("text", "When was it lit? In 1834.", continues=True))
    stored = catalog.records([first, last])
    assert catalog.around(stored[last]) == (stored[first], None) and catalog.around(stored[first]) == (None, stored[last])
    assert catalog.twins(stored[last]) == [stored[last]]


def test_twins_are_the_places_of_one_image_or_one_passage(catalog):
    put(catalog, file("a.md"), Record("image", "first", image="k.png"), Record("text", "The  same\nwords"))
    (second, words) = put(catalog, file("b.md"), Record("image", "second", image="k.png"), Record("text", "The same words"))
    stored = catalog.records([second, words])
    assert [twin.source for twin in catalog.twins(stored[second])] == ["a.md", "b.md"]
    assert [twin.source for twin in catalog.twins(stored[words])] == ["a.md", "b.md"]


def test_copies_of_a_picture_are_one_group_and_each_shows_all_its_places(catalog):
    for name, image in (("a.md", "tower.png"), ("b.md", "small.jpg"), ("c.md", "boat.png"), ("d.md", "tower.png")):
        put(catalog, file(name), Record("image", name, image=image))
    for key, family in (("tower.png", "tower.png"), ("small.jpg", "tower.png"), ("boat.png", "boat.png"), ("gone.png", "boat.png")):
        catalog.contents.link(key, family, b"mark")
    assert [[each.source for each in group] for group in catalog.copies()] == [["a.md", "b.md"]]
    assert [each.source for each in catalog.showing("small.jpg")] == ["b.md", "a.md", "d.md"]
    assert [each.source for each in catalog.showing("boat.png")] == ["c.md"] and catalog.showing("no.png") == []


def test_files_are_known_by_their_bytes(catalog):
    put(catalog, file("a.md"))
    put(catalog, replace(file("copy.md"), hash="hash of a.md"))
    assert [each.source for each in catalog.with_hash("hash of a.md")] == ["a.md", "copy.md"]
    assert catalog.with_hash("") == []


@pytest.mark.parametrize(
    ("glob", "sources"),
    [
        ("*.md", {"guide/Lights.md", "notes.md"}),
        ("guide/*", {"guide/Lights.md", "guide/deep/x.pdf"}),
        ("*lights*", set()),
        ("notes.md", {"notes.md"}),
        ("notes.md\nguide/*\nguide/deep/*", {"notes.md", "guide/Lights.md", "guide/deep/x.pdf"}),
        ('it\'s "q".txt', {'it\'s "q".txt'}),
    ],
)
def test_globs_cross_slashes_and_mind_case(catalog, glob, sources):
    for name in ("guide/Lights.md", "guide/deep/x.pdf", "notes.md", 'it\'s "q".txt'):
        put(catalog, file(name), Record("text", name))
    versions = set(catalog.versions(glob))
    assert {each.source for each in catalog.files() if each.version in versions} == sources


def test_removed_and_renamed_files(catalog):
    (kept,) = put(catalog, file("a.md"), Record("text", "kept"))
    put(catalog, file("b.md"), Record("text", "gone"))
    catalog.writer.remove([file("b.md").path])
    catalog.writer.move([(file("a.md"), file("c.md"))])
    assert [each.source for each in catalog.files()] == ["c.md"]
    assert catalog.records([kept])[kept].source == "c.md"
    assert len(catalog.unswept()) == 1


def test_paths_that_are_not_utf8(catalog, tmp_path):
    path = Path(os.fsdecode(b"/docs/caf\xe9.txt"))
    put(catalog, File(path, "caf\\xe9.txt", Path("/docs"), 1, 1, "h"), Record("text", "x"))
    assert catalog.files()[0].path == path


def test_counts_and_sources(catalog):
    put(catalog, file("a.md"), Record("text", "x"), Record("text", "y"), Record("image", "", image="k.png"))
    put(catalog, file("b.md"), Record("image", "", image="k.png"))
    assert catalog.counts() == {"files": 2, "passages": 2, "figures": 2, "pictures": 1}
    assert [(s.source, s.passages, s.figures, s.bytes) for s in catalog.sources()] == [("a.md", 2, 1, 10), ("b.md", 0, 1, 10)]


def test_documents_are_found_by_words_of_their_names_and_of_what_they_hold(catalog):
    put(catalog, file("letters/ferry.md"), Record("text", "It sails at noon."), Record("text", "The Wanderlust carries 100% of the sheep."))
    put(catalog, file("sheep.md"), Record("text", "Wool."), Record("example", "the ferry", caption="What sails?"))
    put(catalog, file("empty.md"))
    assert catalog.found(["SHEEP"]) == {"letters/ferry.md": "The Wanderlust carries 100% of the sheep.", "sheep.md": ""}
    assert catalog.found(["sheep", "sails"]) == {"letters/ferry.md": "It sails at noon."}
    assert set(catalog.found(["ferry"])) == {"letters/ferry.md"}, "an example is no passage"
    assert set(catalog.found(["empty"])) == {"empty.md"}
    assert set(catalog.found(["0%"])) == {"letters/ferry.md"} and catalog.found(["e_p"]) == {}, "no wildcards"


def test_a_cover_is_the_first_picture_of_a_document_and_examples_have_no_place_on_the_map(catalog):
    ids = put(catalog, file("a.md"), Record("text", "one"), Record("image", "two", image="b.png"), Record("image", "three", image="a.png"))
    put(catalog, file("b.md"), Record("example", "four"))
    assert catalog.covers() == {"a.md": "b.png"} and catalog.ids() == ids


def test_two_catalogs_on_one_folder_see_each_other(catalog, tmp_path):
    other = Catalog(tmp_path)
    (id,) = put(other, file("a.md"), Record("text", "x"))
    assert catalog.records([id])[id].source == "a.md"


def test_a_catalogue_from_before_times_of_change_were_kept_learns_them(catalog, tmp_path):
    put(catalog, file("a.md"), Record("text", "x"))
    catalog.close()
    db = sqlite3.connect(tmp_path / "catalog.db")
    for table in ("files", "unreadable"):
        db.execute(f"ALTER TABLE {table} DROP COLUMN ctime_ns")
    db.commit()
    db.close()
    again = Catalog(tmp_path)
    (known,) = again.files()
    assert known.ctime_ns == 0
    again.writer.touch([replace(known, ctime_ns=7)])
    assert again.files()[0].mark == (known.bytes, known.mtime_ns, 7)
    again.close()
