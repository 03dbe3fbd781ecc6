"""The list of libraries: what is on it has an address, and nothing else has."""

from __future__ import annotations

import json

import pytest

from app.chat import libraries
from rag import Library, Settings
from rag.errors import LibraryError, UsageError
from rag.settings import libraries_file


@pytest.fixture(autouse=True)
def data(monkeypatch, tmp_path):
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))


def test_the_first_is_the_one_that_the_chat_was_started_with_and_the_others_follow(tmp_path):
    made = [Library.open(tmp_path / name, Settings()) for name in ("started", "b/library", "c/library")]
    for each in made:
        each.close()
    b, c = (libraries.add(each.folder) for each in made[1:])
    assert (b.id, c.id, c.name) == ("library", "c-library", "c/library"), "two of one name have two addresses"
    assert libraries.add(made[1].folder) == b, "once on the list"
    new = libraries.create("  Ältere   Briefe ", Settings())
    assert new.id == "altere-briefe" and new.name == "Ältere Briefe" and (new.folder / "library.json").is_file()
    assert [each.id for each in libraries.known(tmp_path / "started")] == ["", "altere-briefe", "c-library", "library"]
    assert [each.id for each in libraries.known(b.folder)] == ["", "altere-briefe", "c-library"]
    libraries.forget(b.id)
    assert [each.id for each in libraries.known(tmp_path / "started")] == ["", "altere-briefe", "c-library"]
    assert (b.folder / "library.json").is_file()


def test_what_is_no_library_or_has_no_name_is_told(tmp_path):
    with pytest.raises(LibraryError, match="no library at"):
        libraries.add(tmp_path)
    with pytest.raises(UsageError, match="needs a name"):
        libraries.create(" .. ", Settings())
    libraries.create("../../escape", Settings())
    assert [each.name for each in (tmp_path / "data/diptych/libraries").iterdir()] == ["escape"]
    with pytest.raises(UsageError, match="there already"):
        libraries.create("escape", Settings())


@pytest.mark.parametrize("text", ["", "{", "[1]", '[{"id": ""}]'])
def test_a_list_that_cannot_be_read_is_an_empty_one(tmp_path, text):
    libraries_file().parent.mkdir(parents=True)
    libraries_file().write_text(text)
    assert [each.id for each in libraries.known(tmp_path)] == [""]
    Library.open(tmp_path / "x", Settings()).close()
    libraries.add(tmp_path / "x")
    assert [row["id"] for row in json.loads(libraries_file().read_text())] == ["x"]
