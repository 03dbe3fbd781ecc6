"""ingest/rebuild.py: the same sources with other encoders, and nothing lost on the way."""

from __future__ import annotations

import shutil

import numpy as np
import pytest

from ingest import ingest
from ingest.rebuild import rebuild
from rag import Library, Settings
from rag.embed.adapter import Adapter
from rag.errors import LibraryError, NoLibrary, OtherEncoder
from tests.models import tiny_clip


@pytest.fixture(scope="module")
def kept(coast, tmp_path_factory):
    """Where a library of a folder and an upload is, and a copy to put back what a test changed of them: paths in it are whole ones."""
    place = tmp_path_factory.mktemp("rebuild") / "place"
    folder = shutil.copytree(coast, place / "coast")
    settings = Settings(library=place / "library")
    with Library.open(settings.library, settings) as library:
        originals = library.folder / "originals"
        originals.mkdir()
        (originals / "upload.txt").write_text("The upload speaks of herons.")
        ingest([folder], library)
        ingest([originals / "upload.txt"], library, uploads=True)
    return place, shutil.copytree(place, place.with_name("kept"))


@pytest.fixture
def made(kept):
    """The settings with which that library was made."""
    place, copy = kept
    shutil.rmtree(place)
    shutil.copytree(copy, place)
    return Settings(library=place / "library")


def test_rebuild_encodes_anew_and_keeps_every_source(made, tmp_path):
    other = Settings(library=made.library, profile="clip", joint_model=str(tiny_clip(tmp_path / "clip")))
    with pytest.raises(OtherEncoder):
        Library.open(made.library, other)
    with Library.open(made.library, made) as library:
        before = [(each.source, each.passages, each.figures) for each in library.catalog.sources()]
    (made.library / "conversations.db").write_bytes(b"what was asked")
    _learnt(made)
    report = rebuild(other)
    assert not report.failed and report.seconds["total"] > 0
    assert (made.library / "conversations.db").read_bytes() == b"what was asked", "no source can give that again"
    with Library.open(made.library, other) as library:
        assert [(each.source, each.passages, each.figures) for each in library.catalog.sources()] == before
        assert library.search("Which text speaks of herons?")[0].source == "upload.txt"
        assert library.search("lifeboat", modality="image")[0].routes.visual
        assert library.status()["adapter"] is None, "what was learnt over other encoders says nothing over these"
    assert not made.library.with_name("library.former").exists()


def test_what_a_library_learnt_is_kept_over_the_same_encoders(made):
    _learnt(made)
    assert not rebuild(made).failed
    with Library.open(made.library, made) as library:
        assert library.adapter.card["seed"] == 7 and library.adapter.visual[3, 3] == 0.5


def _learnt(settings: Settings) -> None:
    with Library.open(settings.library, settings) as library:
        encoders = library.status()["encoders"]
        learnt = np.eye(encoders["joint_dim"], dtype=np.float32) * 0.5
        Adapter(visual=learnt, card={"encoders": encoders, "seed": 7}).save(library.folder)


def test_a_missing_root_stops_a_rebuild_before_it_begins(made):
    shutil.rmtree(made.library.parent / "coast")
    with pytest.raises(LibraryError, match="missing or empty"):
        rebuild(made)
    with Library.open(made.library, made) as library:
        assert library.catalog.counts()["files"] == 7


def test_a_library_in_use_is_not_rebuilt(made):
    with Library.open(made.library, made) as library:
        library.store.count()
        with pytest.raises(LibraryError, match="uses this library"):
            rebuild(made)


def test_there_is_nothing_to_rebuild(tmp_path):
    with pytest.raises(NoLibrary):
        rebuild(Settings(library=tmp_path / "none"))
    assert not (tmp_path / "none").exists()


def test_what_cannot_be_read_anew_stays_in_the_former_library(made):
    upload = made.library / "originals" / "upload.txt"
    upload.write_bytes(b"")
    report = rebuild(made)
    former = made.library.with_name("library.former")
    assert report.failed[-1].source == str(former) and "upload.txt" in report.failed[-1].reason and former.exists()
    with Library.open(made.library, made) as library:
        assert library.catalog.counts()["files"] == 6
    (made.library / "originals" / "upload.txt").write_text("Which text speaks of herons? This one.")
    assert not rebuild(made).failed and not former.exists()
    with Library.open(made.library, made) as library:
        assert library.catalog.counts()["files"] == 7
