"""Which files an ingest takes, and what it calls them."""

import os
from pathlib import Path

import pytest

from ingest.discover import Found, PassedOver, Refused, discover


def plant(root: Path, *names: str) -> None:
    for name in names:
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("words")


def sources(*paths: Path, **options) -> list[str]:
    return [each.source for each in discover(paths, **options)]


def test_a_folder_gives_its_documents_sorted_and_without_what_is_hidden_or_unknown(tmp_path):
    plant(
        tmp_path,
        "b.md",
        "a/z.txt",
        "a/c.HTML",
        ".git/x.md",
        ".hidden.md",
        "node_modules/p/readme.md",
        "__pycache__/t.txt",
        "a/~$c.docx",
        "prog.exe",
        "d.PNG",
    )
    every = list(discover([tmp_path]))
    assert [each.source for each in every if isinstance(each, PassedOver)] == ["prog.exe"]
    found = [each for each in every if isinstance(each, Found)]
    assert [each.source for each in found] == ["b.md", "d.PNG", "a/c.HTML", "a/z.txt"]
    assert all(each.root == tmp_path.resolve() and each.path.is_file() for each in found)


def test_a_file_named_by_itself_has_its_name_and_its_folder_as_root(tmp_path):
    plant(tmp_path, "deep/.draft.md")
    assert list(discover([tmp_path / "deep/.draft.md"])) == [Found(tmp_path / "deep/.draft.md", ".draft.md", tmp_path / "deep")]


def test_a_file_reached_twice_comes_once_under_its_first_name(tmp_path):
    plant(tmp_path, "docs/a.md")
    assert sources(tmp_path / "docs/a.md", tmp_path, tmp_path / "docs") == ["a.md"]


def test_what_cannot_be_taken_is_refused_with_a_reason_and_the_rest_goes_on(tmp_path):
    plant(tmp_path, "a.md", "b.exe")
    os.mkfifo(tmp_path / "pipe.md")
    refused = list(discover([tmp_path / "none.md", tmp_path / "b.exe", tmp_path / "pipe.md", tmp_path / "a.md"]))
    assert [type(each) for each in refused] == [Refused, Refused, Refused, Found]
    assert [each.reason for each in refused[:3]] == [
        "There is no such file or folder.",
        "No reader knows this kind of file.",
        "This is neither a file nor a folder.",
    ]
    assert all(each.hint for each in refused[:3]) and ".pdf" in refused[1].hint


def test_a_path_that_may_not_be_looked_at_is_told(tmp_path, monkeypatch):
    real = Path.resolve

    def resolve(path, strict=False):
        if path.name == "shut":
            raise PermissionError(13, "Permission denied")
        return real(path, strict)

    monkeypatch.setattr(Path, "resolve", resolve)
    (refused,) = discover([tmp_path / "shut"])
    assert isinstance(refused, Refused) and "may not look" in refused.reason


@pytest.mark.skipif(os.geteuid() == 0, reason="root may list any folder")
def test_a_folder_without_rights_is_one_refusal(tmp_path):
    plant(tmp_path, "open/a.md", "shut/b.md")
    (tmp_path / "shut").chmod(0)
    try:
        first, second = discover([tmp_path])
    finally:
        (tmp_path / "shut").chmod(0o755)
    assert first.source == "open/a.md" and second == Refused("shut", second.reason, second.hint) and "listed" in second.reason


def test_a_folder_that_fails_to_list_is_one_refusal(tmp_path, monkeypatch):
    plant(tmp_path, "a/one.md", "b/two.md")
    real = os.scandir

    def scandir(path):
        if Path(path).name == "a":
            raise OSError(5, "Input/output error")
        return real(path)

    monkeypatch.setattr(os, "scandir", scandir)
    refused, found = discover([tmp_path])
    assert isinstance(refused, Refused) and refused.source == "a" and "Input/output error" in refused.reason
    assert found.source == "b/two.md"


def test_diptychignore_speaks_gitignore_in_every_folder(tmp_path):
    plant(tmp_path, "a.md", "drafts/x.md", "notes.txt", "sub/notes.txt", "sub/keep.txt", "sub/build/y.md", "build/z.md", "sub/deep/a.md")
    (tmp_path / ".diptychignore").write_text("# not these\ndrafts/\n*.txt\n/build\n")
    (tmp_path / "sub/.diptychignore").write_text("!keep.txt\ndeep/a.md\n")
    assert sources(tmp_path) == ["a.md", "sub/keep.txt", "sub/build/y.md"]


def test_the_library_is_never_ingested(tmp_path):
    plant(tmp_path, "a.md", "library/originals/b.md")
    assert sources(tmp_path, skip=tmp_path / "library") == ["a.md"]
    (refused,) = discover([tmp_path / "library/originals/b.md"], skip=tmp_path / "library")
    assert isinstance(refused, Refused) and "library" in refused.reason


def test_links_are_followed_inside_the_folder_only_and_never_in_circles(tmp_path):
    plant(tmp_path, "outside/secret.md", "root/real/a.md", "root/.store/kept.md")
    root = tmp_path / "root"
    (root / "away.md").symlink_to(tmp_path / "outside/secret.md")
    (root / "awayfolder").symlink_to(tmp_path / "outside")
    (root / "again.md").symlink_to(root / "real/a.md")
    (root / "real/loop").symlink_to(root)
    (root / "self.md").symlink_to("self.md")
    (root / "broken.md").symlink_to("nowhere.md")
    (root / "visible").symlink_to(".store")
    found = list(discover([root]))
    assert [each.source for each in found] == ["real/a.md", "visible/kept.md"]
    assert found[1].path == root / ".store/kept.md"
    (refused,) = discover([root / "self.md"])
    assert isinstance(refused, Refused)


def test_names_come_out_as_text_whatever_their_bytes(tmp_path):
    plant(tmp_path, 'it\'s "quoted"\n.md', "cafe\u0301.md")
    (tmp_path / os.fsdecode(b"gr\xfc\xdf.md")).write_text("words")
    assert set(sources(tmp_path)) == {'it\'s "quoted"\n.md', "caf\u00e9.md", "gr\\xfc\\xdf.md"}


def test_very_deep_folders_do_not_exhaust_the_stack(tmp_path):
    deep = tmp_path
    for _ in range(1050):
        deep = deep / "d"
        deep.mkdir()
    (deep / "a.md").write_text("words")
    try:
        assert sources(tmp_path) == ["d/" * 1050 + "a.md"]
    finally:  # rmtree would exhaust it
        (deep / "a.md").unlink()
        for _ in range(1050):
            deep.rmdir()
            deep = deep.parent


def test_a_line_that_is_no_pattern_is_passed_over_and_the_others_count(tmp_path):
    plant(tmp_path, "a.md", "b.md")
    (tmp_path / ".diptychignore").write_text("!\n\\\na/**b[z-a]\nb.md\n")
    assert [each.source for each in discover([tmp_path])] == ["a.md"]
