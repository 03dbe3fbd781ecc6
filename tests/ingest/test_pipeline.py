"""Files to records: what an ingest keeps, moves and lets go of."""

import threading

import pytest
from PIL import Image

import ingest.pipeline
from ingest import ingest as take_in
from ingest.blocks import Figure, Text
from rag import Library, Settings
from rag.embed.pixels import LARGEST
from rag.errors import ReadError
from tests.corpus import boat, tower


@pytest.fixture
def own(tmp_path):
    folder = tmp_path / "library"
    with Library.open(folder, Settings(library=folder)) as library:
        yield library


@pytest.fixture
def docs(tmp_path):
    folder = tmp_path / "docs"
    folder.mkdir()
    (folder / "letter.txt").write_text("The oil for the lamp at Ness Head ran out on the night of the storm.")
    return folder


def test_images_wait_for_their_commit_small_and_are_kept_whole(own, docs, monkeypatch):
    Image.new("RGB", (2400, 1200), "teal").save(docs / "teal.png")
    boat(docs / "boat.png")
    waiting = []
    commit = ingest.pipeline._Ingest._commit
    monkeypatch.setattr(
        ingest.pipeline._Ingest,
        "_commit",
        lambda self, batch: (waiting.extend(figure for _, _, figures in batch.files for figure, _, _ in figures), commit(self, batch)),
    )
    assert take_in([docs], own).figures == 2
    assert sorted(figure.image.size for figure in waiting) == [(480, 320), (LARGEST, 320)]
    assert all(figure.data is None for figure in waiting)
    assert sorted(Image.open(own.media.path(key)).size for key in own.catalog.images()) == [(480, 320), (2400, 1200)]


def test_a_file_that_breaks_off_leaves_nothing_of_itself(own, docs, monkeypatch):
    tower(docs / "tower.png")
    whole = ingest.pipeline.read

    def breaks_off(path, source, *rest):
        if source == "letter.txt":
            yield Text("The first page.")
            yield Figure(Image.new("RGB", (300, 300), "teal"))
            raise ReadError("The second page is damaged.", "Save it anew.")
        yield from whole(path, source, *rest)

    monkeypatch.setattr(ingest.pipeline, "read", breaks_off)
    report = take_in([docs], own)
    assert [failure.source for failure in report.failed] == ["letter.txt"] and report.added == ["tower.png"]
    assert (report.passages, report.figures) == (0, 1)
    assert own.catalog.counts() == {"files": 1, "passages": 0, "figures": 1, "pictures": 1} and len(own.media.keys()) == 1


def test_a_renamed_picture_says_its_new_name_and_a_renamed_text_is_not_read_again(own, docs):
    tower(docs / "IMG_0412.png")
    take_in([docs], own)
    before = {file.source: file.version for file in own.catalog.files()}
    (docs / "IMG_0412.png").rename(docs / "red-lighthouse.png")
    (docs / "letter.txt").rename(docs / "note.txt")
    report = take_in([docs], own)
    assert sorted(report.renamed) == ["note.txt", "red-lighthouse.png"]
    assert not (report.added or report.changed or report.removed or report.failed)
    after = {file.source: file.version for file in own.catalog.files()}
    assert set(after) == {"note.txt", "red-lighthouse.png"} and after["note.txt"] == before["letter.txt"]
    (picture,) = [stored for stored in own.catalog.all_records() if stored.record.image]
    assert picture.source == picture.record.origin == "red-lighthouse.png" and "red lighthouse" in picture.record.text
    assert take_in([docs], own).unchanged == ["note.txt", "red-lighthouse.png"]


def test_only_folders_that_gave_files_are_roots(own, docs, tmp_path):
    (tmp_path / "bare").mkdir()
    originals = own.folder / "originals"
    originals.mkdir()
    (originals / "upload.txt").write_text("The upload speaks of herons.")
    take_in([originals / "upload.txt"], own, uploads=True)
    report = take_in([docs, tmp_path / "bare", own.folder], own)
    assert [failure.reason for failure in report.failed] == ["This is the library's own folder."] and not report.removed
    assert own.catalog.roots() == [docs]
    own.remove(["letter.txt"])
    assert own.catalog.roots() == []


def test_a_second_writer_says_that_it_waits(own, docs):
    told = []
    freed = threading.Event()

    def progress(stage, done, of, source):
        told.append((stage, source))
        if stage == "wait":
            freed.set()

    def hold():
        with own.writing():
            held.set()
            freed.wait(20)

    held = threading.Event()
    other = threading.Thread(target=hold)
    other.start()
    held.wait(20)
    report = take_in([docs], own, progress=progress)
    other.join()
    assert report.added == ["letter.txt"]
    assert told[0] == ("wait", "another ingest") and "wait" not in [stage for stage, _ in told[1:]]


def test_uploads_stay_when_the_folder_around_the_library_is_taken_in(own, docs, tmp_path):
    originals = own.folder / "originals"
    originals.mkdir()
    (originals / "upload.txt").write_text("The upload speaks of herons.")
    take_in([originals / "upload.txt"], own, uploads=True)
    report = take_in([tmp_path], own)
    assert report.added == ["docs/letter.txt"] and not report.removed
    assert [each.source for each in own.catalog.sources()] == ["docs/letter.txt", "upload.txt"]
