"""What an ingest has to do, held against what the catalogue knows."""

import os
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest

from ingest.discover import Found, Refused, discover
from ingest.plan import Plan, content_hash, make_plan
from ingest.readers.references import mark, same
from rag.storage.catalog import Catalog
from rag.storage.entries import File


@pytest.fixture
def catalog(tmp_path):
    (tmp_path / "library").mkdir()
    catalog = Catalog(tmp_path / "library")
    yield catalog
    catalog.close()


def hold(catalog: Catalog, root: Path, sources: dict[str, str]) -> None:
    """Write files (path below `root` to source) and let the catalogue know them."""
    files = []
    begun = catalog.writer.begin([(None, 0)] * len(sources))
    for (version, _), (name, source) in zip(begun, sources.items(), strict=True):
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"words of {name}")
        stat = path.stat()
        files.append((File(path, source, root, stat.st_size, stat.st_mtime_ns, content_hash(path), version, ctime_ns=stat.st_ctime_ns), []))
    catalog.writer.commit(files)


def test_files_of_a_folder_that_cannot_be_listed_are_kept_whatever_they_are_called(catalog, tmp_path, monkeypatch):
    root = tmp_path / "docs"
    hold(catalog, root, {"shut/a.md": "docs/shut/a.md", "shut/deep/b.md": "shut/deep/b.md", "shutter/c.md": "shutter/c.md", "d.md": "d.md"})
    (root / "shutter/c.md").unlink()
    real = os.scandir

    def scandir(path):
        if Path(path).name == "shut":
            raise PermissionError(13, "Permission denied")
        return real(path)

    monkeypatch.setattr(os, "scandir", scandir)
    plan = make_plan(discover([root]), [root], catalog)
    assert [file.source for file in plan.removed] == ["shutter/c.md"]
    assert [file.source for file in plan.unchanged] == ["d.md"]
    assert [failure.source for failure in plan.failed] == ["shut"]


def test_a_folder_that_cannot_be_listed_at_all_is_not_called_empty(catalog, tmp_path):
    root = tmp_path / "docs"
    hold(catalog, root, {"a.md": "a.md"})
    plan = make_plan([Refused("docs", "The folder cannot be listed.", "", root)], [root], catalog)
    assert not plan.removed and [failure.reason for failure in plan.failed] == ["The folder cannot be listed."]


def test_a_file_that_was_refused_by_its_own_path_is_kept(catalog, tmp_path):
    root = tmp_path / "docs"
    hold(catalog, root, {"a.md": "a.md", "b.md": "b.md", "c.md": "c.md"})
    found = [Found(root / "a.md", "a.md", root), Refused("x", "No.", "", root / "b.md")]
    assert [file.source for file in make_plan(found, [root], catalog).removed] == ["c.md"]


def test_an_emptied_folder_keeps_its_files_and_says_so(catalog, tmp_path):
    root = tmp_path / "docs"
    hold(catalog, root, {"a.md": "a.md"})
    (root / "a.md").unlink()
    plan = make_plan(discover([root]), [root], catalog)
    assert not plan.removed and "empty now" in plan.failed[0].reason


def test_a_file_moved_out_of_a_folder_that_is_not_named_is_renamed(catalog, tmp_path):
    old, new = tmp_path / "old", tmp_path / "new"
    hold(catalog, old, {"a.md": "a.md", "b.md": "b.md"})
    new.mkdir()
    (old / "a.md").rename(new / "moved.md")
    (new / "copy.md").write_bytes((old / "b.md").read_bytes())
    plan = make_plan(discover([new]), [new], catalog)
    assert [(was.source, now.source) for was, now in plan.renamed] == [("a.md", "moved.md")]
    assert [file.source for file in plan.added] == ["copy.md"] and not plan.removed


@pytest.mark.timeout(60)
def test_thousands_of_renamed_files_are_planned(catalog, tmp_path):
    root = tmp_path / "docs"
    hold(catalog, root, {f"{number}.md": f"{number}.md" for number in range(3000)})
    for number in range(3000):
        (root / f"{number}.md").rename(root / f"new {number}.md")
    found = list(discover([root]))
    plan = make_plan(found, [root], catalog)
    assert len(plan.renamed) == 3000 and not plan.removed and not plan.added
    assert all(now.source == f"new {was.source}" for was, now in plan.renamed)


def test_a_copy_of_what_an_archive_holds_is_new_while_the_archive_is_there(catalog, tmp_path):
    old, new = tmp_path / "old", tmp_path / "new"
    for folder in (old, new):
        folder.mkdir()
    with zipfile.ZipFile(old / "a.zip", "w") as archive:
        archive.writestr("m.md", "# Bell")
    [(version, _)] = catalog.writer.begin([(None, 0)])
    (known,) = make_plan(discover([old]), [old], catalog).added
    catalog.writer.commit([(replace(known, version=version), [])])
    (new / "m.md").write_text("# Bell")
    plan = make_plan(discover([new]), [new], catalog)
    assert [file.source for file in plan.added] == ["m.md"] and not plan.renamed
    (old / "a.zip").unlink()
    assert [(was.source, now.source) for was, now in make_plan(discover([new]), [new], catalog).renamed] == [("a.zip/m.md", "m.md")]


def test_no_other_file_takes_a_name_that_a_renamed_one_may_still_have(catalog, tmp_path):
    first, second = tmp_path / "first", tmp_path / "second"
    hold(catalog, first, {"a.png": "a.png"})
    (first / "a.png").rename(first / "b.png")
    second.mkdir()
    (second / "a.png").write_text("another")
    plan = make_plan(discover([first, second]), [first, second], catalog)
    assert [(was.source, now.source) for was, now in plan.renamed] == [("a.png", "b.png")]
    assert [file.source for file in plan.added] == ["second/a.png"]


@pytest.mark.skipif(os.name == "nt", reason="Windows keeps no time of the last change")
def test_a_file_that_changed_within_its_size_and_time_is_seen_and_one_that_did_not_is_hashed_once(catalog, tmp_path, monkeypatch):
    root = tmp_path / "docs"
    hold(catalog, root, {"fee.md": "fee.md", "same.md": "same.md", "still.md": "still.md"})
    hashed: list[str] = []
    monkeypatch.setattr("ingest.plan.content_hash", lambda path: hashed.append(path.name) or content_hash(path))

    def planned() -> Plan:
        hashed.clear()
        plan = make_plan(discover([root]), [root], catalog)
        catalog.writer.touch(plan.touched)
        return plan

    assert not planned().changed and hashed == []
    for name, text in (("fee.md", "other of fee.md"), ("same.md", "words of same.md")):
        stat = (root / name).stat()
        (root / name).write_text(text)
        os.utime(root / name, ns=(stat.st_atime_ns, stat.st_mtime_ns))
        assert (root / name).stat().st_size == stat.st_size
    plan = planned()
    assert [file.source for file in plan.changed] == ["fee.md"] and [file.source for file in plan.touched] == ["same.md"]
    assert hashed == ["fee.md", "same.md"]
    planned()
    assert hashed == ["fee.md"]


def test_an_archive_that_changed_within_its_size_and_time_is_seen(catalog, tmp_path):
    root = tmp_path / "docs"
    root.mkdir()

    def pack(text: str) -> None:
        with zipfile.ZipFile(root / "a.zip", "w") as archive:
            archive.writestr("m.md", text)
        os.utime(root / "a.zip", ns=(10**18, 10**18))

    pack("one bell")
    (file,) = make_plan(discover([root]), [root], catalog).added
    [(version, _)] = catalog.writer.begin([(None, 0)])
    catalog.writer.commit([(replace(file, version=version), [])])
    assert not make_plan(discover([root]), [root], catalog).changed
    pack("two bell")
    assert [file.source for file in make_plan(discover([root]), [root], catalog).changed] == ["a.zip/m.md"]


def test_marks_of_what_is_referred_to_hold_from_before_times_of_change_were_kept(tmp_path):
    path = tmp_path / "a.png"
    assert same(mark(path), "") and not same(mark(path), "5 7")
    path.write_bytes(b"12345")
    now = mark(path)
    before = " ".join(now.split()[:2])
    assert same(now, now) and same(now, before) and not same(now, "") and not same(now, before[:-1])
    os.utime(path, ns=(10**18, path.stat().st_mtime_ns))
    assert same(mark(path), before)
