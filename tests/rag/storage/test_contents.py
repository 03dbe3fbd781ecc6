"""rag/storage/contents.py: what is known of a picture or a recording by its content stays as long as something has it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from rag.records import Record
from rag.storage.catalog import Catalog
from rag.storage.entries import File
from rag.storage.sqlite import ReadOnly


@pytest.fixture
def catalog(tmp_path):
    return Catalog(tmp_path)


def put(catalog: Catalog, name: str, *records: Record) -> int:
    [(version, ids)] = catalog.writer.begin([(None, len(records))])
    file = File(Path("/docs") / name, name, Path("/docs"), bytes=10, mtime_ns=1, hash=f"hash of {name}")
    catalog.writer.commit([(replace(file, version=version), list(zip(ids, records, strict=True)))])
    return version


def test_text_read_inside_an_image_is_kept_by_reader(catalog):
    catalog.contents.remember("k.png", "ocr 1", "HELLO")
    assert catalog.contents.recall("k.png", "ocr 1") == "HELLO"
    assert catalog.contents.recall("k.png", "ocr 2") is None


def test_a_family_of_copies_is_forgotten_with_the_last_picture_that_shows_it(catalog):
    put(catalog, "a.md", Record("image", "a tower", image="tower.png"))
    for key in ("tower.png", "gone.png"):
        catalog.contents.link(key, "tower.png", f"mark of {key}".encode())
    assert catalog.contents.sketches(7) == [("tower.png", b"mark of"), ("gone.png", b"mark of")]
    catalog.contents.sweep()
    assert catalog.contents.kin("tower.png") == ("tower.png", b"mark of tower.png") and catalog.contents.kin("gone.png") is None


def test_sounds_are_those_of_the_files_that_are_in(catalog):
    version = put(catalog, "a.wav", Record("text", "Fog."))
    for hash in ("hash of a.wav", "hash of b.wav"):
        catalog.contents.remember_sound(hash, b"print")
        catalog.contents.remember_sounding(hash, "one", b"vectors")
    assert list(catalog.contents.sounds()) == [("a.wav", version, b"print")]
    assert list(catalog.contents.soundings("one")) == [("a.wav", version, b"vectors")] and not list(catalog.contents.soundings("other"))
    catalog.contents.sweep()
    later = put(catalog, "b.wav", Record("text", "Rain."))
    assert version < later and [source for source, _, _ in catalog.contents.sounds()] == ["a.wav"], "what was not in was forgotten"


def test_nothing_is_written_through_a_catalogue_that_is_only_read(catalog, tmp_path):
    with pytest.raises(ReadOnly):
        Catalog(tmp_path, read_only=True).contents.remember("k.png", "ocr 1", "HELLO")
    assert catalog.contents.recall("k.png", "ocr 1") is None
