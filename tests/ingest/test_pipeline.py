"""Files to records: what an ingest keeps, moves and lets go of."""

import json
import shutil
import threading
import zipfile
from email.message import EmailMessage

import pytest
from PIL import Image

from ingest import ingest as take_in
from rag import Library, Settings
from rag.records import Place
from tests.corpus import boat, tower
from tests.ingest.readers.pdf.objects import page_with, shown, stream, write_objects


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


def test_pictures_are_kept_whole_and_found_by_what_they_show(own, docs):
    Image.new("RGB", (2400, 1200), "teal").save(docs / "teal.png")
    boat(docs / "boat.png")
    assert take_in([docs], own).figures == 2
    assert sorted(Image.open(own.media.path(key)).size for key in own.catalog.images()) == [(480, 320), (2400, 1200)]
    assert not (own.folder / "spool").exists()


def test_what_ends_an_ingest_ends_its_reading_at_once(own, docs):
    class Ended(Exception):
        pass

    def progress(stage, *_):
        if stage == "read":
            raise Ended

    tower(docs / "tower.png")
    with pytest.raises(Ended) as kept:
        take_in([docs], own, progress=progress)
    assert kept.value.__traceback__ and not [thread for thread in threading.enumerate() if thread.name.startswith("reader")]
    assert not (own.folder / "spool").exists()


def test_what_of_a_file_is_lost_is_told_and_the_rest_goes_in(own, docs):
    letter = EmailMessage()
    letter["Subject"] = "Fog signal"
    letter.set_content("The horn sounds every thirty seconds.")
    letter.add_attachment(b"%PDF-broken", "application", "pdf", filename="plan.pdf")
    (docs / "fog.eml").write_bytes(bytes(letter))
    report = take_in([docs], own)
    assert report.added == ["fog.eml", "letter.txt"]
    assert [failure.source for failure in report.failed] == ["fog.eml > plan.pdf"] and report.failed[0].hint
    assert not take_in([docs], own).failed


def test_what_is_left_out_of_a_file_is_counted_by_kind(own, docs):
    files = b"/Names<</EmbeddedFiles<</Names[(a.step) 6 0 R (b.dwg) 6 0 R]>>>>"
    more = [b"<</Type/Filespec/F(a.step)/EF<</F 7 0 R>>>>", stream(b"ISO-10303")]
    write_objects(docs / "winch.pdf", page_with(shown((72, 700, "The winch is drawn in the files.")), [], files, more))
    report = take_in([docs], own)
    assert report.added == ["letter.txt", "winch.pdf"] and not report.failed
    assert report.to_dict()["left_out"] == [{"source": "winch.pdf", "kind": "attachments of unknown kinds", "count": 2}]


def test_a_file_that_breaks_off_leaves_nothing_of_itself(own, docs):
    lines = [json.dumps({"day": n, "weather": "fog"}) for n in range(200)]
    (docs / "log.jsonl").write_text("\n".join([*lines, '{"day": 200, "weather"' * 300, "\x00\x01" * 4000]))
    tower(docs / "tower.png")
    report = take_in([docs], own)
    assert report.added == ["letter.txt", "tower.png"]
    assert [failure.source for failure in report.failed] == ["log.jsonl"]
    assert own.catalog.counts() == {"files": 2, "passages": 1, "figures": 1, "pictures": 1} and len(own.media.keys()) == 1


def test_what_cannot_be_read_is_told_again_without_being_read_again(own, docs):
    (docs / "broken.pdf").write_bytes(b"%PDF-1.7 and nothing more")
    first, second = take_in([docs], own), take_in([docs], own)
    assert [failure.source for failure in first.failed] == ["broken.pdf"] and second.failed == first.failed
    assert "read" not in second.seconds
    (docs / "broken.pdf").unlink()
    (docs / "broken.txt").write_text("Now it can be read.")
    third = take_in([docs], own)
    assert third.added == ["broken.txt"] and not third.failed


def test_a_changed_file_that_cannot_be_read_keeps_what_was_in(own, docs):
    take_in([docs], own)
    (docs / "letter.txt").write_bytes(b"")
    report = take_in([docs], own)
    assert [failure.source for failure in report.failed] == ["letter.txt"] and not report.changed
    assert "oil for the lamp" in own.search("lamp oil")[0].text


def test_a_picture_that_a_document_repeats_is_an_icon_where_it_is_small(own, docs):
    Image.linear_gradient("L").resize((64, 64)).save(docs / "tick.png")
    tower(docs / "tower.png")
    shown = '<p>Step.</p><img src="tick.png"><img src="tower.png">'
    (docs / "guide.html").write_text(f"<h1>Guide</h1>{shown * 3}")
    take_in([docs / "guide.html"], own)
    (picture,) = own.catalog.images()
    assert Image.open(own.media.path(picture)).size == Image.open(docs / "tower.png").size
    assert own.catalog.counts()["figures"] == 3


def test_files_over_the_limit_are_one_line_each(tmp_path, docs):
    (docs / "large.txt").write_text("fog " * 300_000)
    with Library.open(tmp_path / "small", Settings(library=tmp_path / "small", max_file_mb=1)) as library:
        report = take_in([docs], library)
    assert report.added == ["letter.txt"]
    assert [(failure.source, failure.reason) for failure in report.failed] == [("large.txt", "It has 1 MB, and the limit is 1 MB.")]
    assert "max_file_mb" in report.failed[0].hint


def test_kinds_that_no_reader_knows_are_counted(own, docs):
    (docs / "film.mpg").write_bytes(b"x")
    (docs / "other.MPG").write_bytes(b"x")
    (docs / "README").write_bytes(b"x")
    report = take_in([docs], own)
    assert report.added == ["letter.txt"] and not report.failed
    assert report.to_dict()["passed_over"] == {".mpg": 2, "(no suffix)": 1}


def test_an_archive_is_a_folder_of_its_members(own, docs):
    tower(docs / "tower.png")
    with zipfile.ZipFile(docs / "old.zip", "w") as archive:
        archive.writestr("guide/light.html", '<h1>Light</h1><p>The lamp burns colza.</p><figure><img src="img/t.png">'
                         "<figcaption>The tower at dusk</figcaption></figure>")  # fmt: skip
        archive.write(docs / "tower.png", "guide/img/t.png")
        archive.writestr("guide/empty.txt", "")
        archive.writestr("../outside.txt", "not to be taken")
        archive.writestr("inner.zip", b"PK")
    report = take_in([docs], own)
    assert sorted(report.added) == ["letter.txt", "old.zip/guide/img/t.png", "old.zip/guide/light.html", "tower.png"]
    assert sorted(failure.source for failure in report.failed) == ["old.zip", "old.zip/guide/empty.txt", "old.zip/inner.zip"]
    hit = own.search("tower at dusk", modality="image")[0]
    assert sorted(each.source for each in hit.appearances) == ["old.zip/guide/img/t.png", "old.zip/guide/light.html", "tower.png"]
    assert own.search("colza", source="old.zip/*")[0].source == "old.zip/guide/light.html"

    again = take_in([docs], own)
    assert len(again.unchanged) == 4 and not (again.added or again.changed or again.removed or again.renamed)
    (docs / "old.zip").rename(docs / "new.zip")
    moved = take_in([docs], own)
    assert sorted(moved.renamed) == ["new.zip/guide/img/t.png", "new.zip/guide/light.html"] and not (moved.added or moved.removed)
    with zipfile.ZipFile(docs / "new.zip", "w") as archive:
        archive.writestr("guide/light.html", "<p>The lamp burns paraffin.</p>")
    changed = take_in([docs], own)
    assert changed.changed == ["new.zip/guide/light.html"] and changed.removed == ["new.zip/guide/img/t.png"]
    (docs / "new.zip").write_bytes(b"PK cut short")
    cut = take_in([docs], own)
    assert [failure.source for failure in cut.failed] == ["new.zip"] and not cut.removed
    assert own.remove(["new.zip"]).removed == ["new.zip/guide/light.html"]


def test_a_file_with_another_name_says_it_and_one_in_another_folder_is_not_read_again(own, docs):
    tower(docs / "IMG_0412.png")
    (docs / "Jane Doe.md").write_text("Phone: 555 0134")
    take_in([docs], own)
    before = {file.source: file.version for file in own.catalog.files()}
    (docs / "old").mkdir()
    (docs / "IMG_0412.png").rename(docs / "red-lighthouse.png")
    (docs / "letter.txt").rename(docs / "old" / "letter.txt")
    (docs / "Jane Doe.md").rename(docs / "Janet_Roe.md")
    report = take_in([docs], own)
    assert sorted(report.renamed) == ["Janet_Roe.md", "old/letter.txt", "red-lighthouse.png"]
    assert not (report.added or report.changed or report.removed or report.failed)
    after = {file.source: file.version for file in own.catalog.files()}
    assert set(after) == set(report.renamed) and after["old/letter.txt"] == before["letter.txt"]
    records = {stored.source: stored.record for stored in own.catalog.all_records()}
    assert records["Janet_Roe.md"].words == "Janet Roe\nPhone: 555 0134" and records["old/letter.txt"].name == "letter"
    picture = records["red-lighthouse.png"]
    assert picture.origin == "red-lighthouse.png" and "red lighthouse" in picture.text
    assert sorted(take_in([docs], own).unchanged) == sorted(report.renamed)


def test_passages_and_figures_stand_in_the_same_place(own, docs):
    tower(docs / "tower.png")
    page = '<title>Lights of the coast</title><h2>Ness Head</h2><p>It burns colza.</p><figure><img src="tower.png"></figure>'
    (docs / "light-book.html").write_text(page)
    (docs / "index.html").write_text(f"{page.replace('colza', 'paraffin')}")
    take_in([docs], own)
    found = [(stored.source, stored.record.place) for stored in own.catalog.all_records() if stored.source.endswith(".html")]
    place = Place("Lights of the coast", "light book", "Lights of the coast > Ness Head")
    nameless = Place("Lights of the coast", "", place.heading)
    assert sorted(found, key=str) == sorted([("light-book.html", place)] * 2 + [("index.html", nameless)] * 2, key=str)
    assert own.search("light book colza")[0].source == "light-book.html"


def test_a_file_renamed_to_another_kind_is_read_as_that(own, docs):
    (docs / "keepers.txt").write_text("# Keepers\n\nAnna kept the light for nine years.")
    take_in([docs], own)
    (docs / "keepers.txt").rename(docs / "keepers.md")
    report = take_in([docs], own)
    assert report.renamed == ["keepers.md"] and not (report.added or report.removed)
    assert [hit.locator.heading for hit in own.search("Anna", source="keepers.*")] == ["Keepers"]


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


def test_copies_of_a_picture_are_one_hit_with_all_their_places(own, docs):
    tower(docs / "tower.png")
    with Image.open(docs / "tower.png") as whole:
        whole.convert("RGB").resize((whole.width // 2, whole.height // 2)).save(docs / "tower-small.jpg", quality=70)
    boat(docs / "boat.png")
    take_in([docs], own)
    hits = own.search("tower", modality="image").hits
    assert len(hits) == 2 and own.catalog.counts()["pictures"] == 3
    (towers,) = [hit for hit in hits if len(hit.appearances) == 2]
    assert sorted(each.source for each in towers.appearances) == ["tower-small.jpg", "tower.png"]

    (docs / "tower.png").unlink()
    assert take_in([docs], own).removed == ["tower.png"]
    assert sorted(len(hit.appearances) for hit in own.search("tower", modality="image")) == [1, 1]


def test_a_document_is_read_again_when_a_picture_that_it_shows_changes_comes_or_goes(own, docs):
    (docs / "guide.html").write_text('<figure><img src="img/light.png"><figcaption>The light in 1911</figcaption></figure><p>Text.</p>')
    take_in([docs], own)
    assert own.catalog.counts()["figures"] == 0
    (docs / "img").mkdir()
    tower(docs / "img" / "light.png")
    report = take_in([docs], own)
    assert report.changed == ["guide.html"] and report.added == ["img/light.png"]
    (first,) = own.catalog.images()
    boat(docs / "img" / "light.png")
    assert sorted(take_in([docs], own).changed) == ["guide.html", "img/light.png"]
    (second,) = own.catalog.images()
    assert first != second
    docs.rename(docs.with_name("moved"))
    moved = take_in([docs.with_name("moved")], own)
    assert sorted(moved.renamed) == ["guide.html", "img/light.png", "letter.txt"] and not moved.changed
    (docs.with_name("moved") / "img" / "light.png").unlink()
    gone = take_in([docs.with_name("moved")], own)
    assert gone.changed == ["guide.html"] and gone.removed == ["img/light.png"] and not own.media.keys()


@pytest.fixture
def long(docs):
    """A file of more than a few passages, one under each heading."""
    parts = [f"## Log {number}\n\nOn day {number} the keeper wrote {number + 7} lines about the weather.\n" for number in range(40)]
    (docs / "log.md").write_text("# The log\n\n" + "\n".join(parts))
    (docs / "letter.txt").unlink()
    return docs / "log.md"


def stopped(own, docs, monkeypatch, after: int) -> None:
    """An ingest that is stopped when `after` parts of the records are in the index."""
    write, parts = own.store.write, []

    def failing(rows):
        if len(parts) == after:
            raise KeyboardInterrupt
        parts.append(rows)
        write(rows)

    with monkeypatch.context() as patched, pytest.raises(KeyboardInterrupt):
        patched.setattr("rag.indexing.ENCODED_AT_ONCE", 8)
        patched.setattr(own.store, "write", failing)
        take_in([docs], own)


def test_what_was_done_when_an_ingest_stopped_is_not_done_again(own, docs, long, monkeypatch, tmp_path):
    stopped(own, docs, monkeypatch, after=3)
    assert own.catalog.counts()["files"] == 0 and not own.search("weather").hits, "nothing half-read is shown"
    written: list[int] = []
    write = own.store.write
    monkeypatch.setattr(own.store, "write", lambda rows: written.append(len(rows)) or write(rows))
    monkeypatch.setattr("ingest.pipeline.ReaderPool", None)  # nothing is read again
    report = take_in([docs], own)
    assert report.added == ["log.md"] and report.passages == 40 and sum(written) == 40 - 3 * 8
    assert own.catalog.unswept() == [] and own.catalog.unfinished() == set() and not (own.folder / "unfinished").exists()
    assert own.store.count() == 40 and own.search("day 2 keeper", k=40).hits[0].text.startswith("On day")
    monkeypatch.undo()
    with Library.open(tmp_path / "fresh", Settings(library=tmp_path / "fresh")) as fresh:
        take_in([docs], fresh)
        assert [each.record for each in fresh.catalog.all_records()] == [each.record for each in own.catalog.all_records()]


def test_a_file_that_changed_since_an_ingest_stopped_is_read_anew(own, docs, long, monkeypatch):
    stopped(own, docs, monkeypatch, after=3)
    long.write_text("# The log\n\nThe log was lost at sea.\n")
    report = take_in([docs], own)
    assert report.passages == 1 and own.store.count() == 1 and own.catalog.unswept() == []


def test_taking_something_out_lets_go_of_what_was_not_finished(own, docs, long, monkeypatch):
    stopped(own, docs, monkeypatch, after=3)
    own.remove(["nothing"])
    assert own.store.count() == 0 and own.catalog.unswept() == [] and not (own.folder / "unfinished").exists()
    assert take_in([docs], own).passages == 40


def test_a_few_files_are_committed_while_others_are_still_read(own, docs, monkeypatch):
    """A picture whose reading takes longer than a commit is waited for."""
    tower(docs / "tower.png")
    monkeypatch.setattr("ingest.pipeline.BATCH_SECONDS", 0.0)
    monkeypatch.setattr("ingest.pipeline.TICK", 0.05)
    there: list[int] = []
    take_in([docs], own, progress=lambda stage, *_: there.append(own.catalog.counts()["files"]) if stage == "read" else None)
    assert own.catalog.counts()["files"] == 2 and there[-1] == 1


def test_what_is_read_is_committed_where_reading_has_to_be_waited_for(own, docs, long, monkeypatch):
    """However many more would go into one commit by then."""
    monkeypatch.setattr("ingest.pipeline.BATCH_SECONDS", 3600.0)
    shutil.copy(long, long.with_name("other.md"))
    Image.effect_noise((2000, 2000), 99).save(docs / "slow.png")  # to look for lines in it takes seconds
    own.encoders.text.encode_query(["loaded"])
    there: list[int] = []
    take_in([docs], own, progress=lambda stage, *_: there.append(own.catalog.counts()["files"]) if stage == "read" else None)
    assert own.catalog.counts()["files"] == 3 and there[-1] == 2
