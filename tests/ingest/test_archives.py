"""ZIP archives: what is listed, what is hashed, what is unpacked, and what is refused."""

import hashlib
import zipfile
from pathlib import Path

import pytest

from ingest.archives import hashing, holder, listing, unpacked
from ingest.discover import Found, Refused, discover
from ingest.readers import read
from rag.errors import ReadError


@pytest.fixture
def packed(tmp_path):
    """Makes an archive of names and contents."""

    def make(contents: dict[str, str], name: str = "a.zip") -> Path:
        with zipfile.ZipFile(tmp_path / name, "w", zipfile.ZIP_DEFLATED) as archive:
            for member, text in contents.items():
                archive.writestr(member, text)
        return tmp_path / name

    return make


def test_members_are_listed_hashed_and_unpacked_where_they_belong(packed, tmp_path):
    archive = packed({"b/n.md": "# N", "a.txt": "one", "é.txt": "two", "run.exe": "no"})
    assert listing(archive).files == [("a.txt", 3), ("b/n.md", 3), ("run.exe", 2), ("é.txt", 3)]
    with hashing() as content_hash:
        assert content_hash(archive, "a.txt") == hashlib.blake2b(b"one", digest_size=20).hexdigest()
        assert content_hash(packed({"a.txt": "other"}, "b.zip"), "a.txt") == hashlib.blake2b(b"other", digest_size=20).hexdigest()
    with unpacked(archive, tmp_path) as folder:
        assert sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*.*")) == ["a.txt", "b/n.md", "é.txt"]
    assert not folder.exists()
    assert holder(archive / "b/n.md") == archive and holder(tmp_path / "n.md") is None


@pytest.mark.parametrize(
    "name",
    ["../up.txt", "a/../../up.txt", "a\\..\\..\\up.txt", "__MACOSX/._a.txt", ".git/x.md", "a/.h.md", "a\\.h.md"],
)
def test_names_that_lead_elsewhere_or_are_hidden_are_passed_over(packed, tmp_path, name):
    archive = packed({"kept.txt": "x", name: "y"})
    assert [member for member, _ in listing(archive).files] == ["kept.txt"]
    into = tmp_path / "one/two/three"
    into.mkdir(parents=True)
    before = set(tmp_path.rglob("*"))
    with unpacked(archive, into):
        pass
    assert set(tmp_path.rglob("*")) == before


def test_names_that_get_in_each_others_way_do_no_harm(packed, tmp_path):
    archive = packed({"a.txt": "file", "a.txt/b.txt": "below a file", "x" * 300 + ".txt": "too long a name"})
    with unpacked(archive, tmp_path) as folder:
        assert [path.name for path in folder.iterdir()] == ["a.txt"]


def test_a_bomb_is_refused_before_it_is_unpacked(tmp_path):
    bomb = zipfile.ZipFile(tmp_path / "bomb.zip", "w", zipfile.ZIP_DEFLATED)
    with bomb, bomb.open("zeros.txt", "w", force_zip64=True) as member:
        for _ in range(1100):
            member.write(bytes(1_000_000))
    assert (tmp_path / "bomb.zip").stat().st_size < 2_000_000
    (refused,) = discover([tmp_path])
    assert isinstance(refused, Refused) and refused.source == "bomb.zip" and "over 1 GB" in refused.reason


def test_a_member_larger_than_it_says_gives_no_more_than_it_says(packed):
    archive = packed({"a.txt": "x" * 100_000})
    data = archive.read_bytes()
    archive.write_bytes(data.replace((100_000).to_bytes(4, "little"), (10).to_bytes(4, "little")))
    assert listing(archive).files == [("a.txt", 10)]
    with pytest.raises(ReadError, match="damaged"), hashing() as content_hash:
        content_hash(archive, "a.txt")


def test_an_archive_that_went_since_it_was_listed_is_said(packed, tmp_path):
    archive = packed({"a.txt": "x"})
    archive.unlink()
    with pytest.raises(ReadError, match="cannot be opened"), unpacked(archive, tmp_path):
        pass


def test_an_archive_is_opened_once_for_all_its_members(packed, monkeypatch):
    first, second = packed({f"{number}.txt": "x" for number in range(30)}), packed({"a.txt": "x"}, "b.zip")
    opened: list[Path] = []
    monkeypatch.setattr("ingest.archives.open_packed", lambda path: opened.append(path) or zipfile.ZipFile(path))
    with hashing() as content_hash:
        assert len({content_hash(first, f"{number}.txt") for number in range(30)} | {content_hash(second, "a.txt")}) == 1
    assert opened == [first, second]


def test_a_protected_archive_and_a_cut_one_are_one_line_each(packed, tmp_path):
    protected = packed({"a.txt": "x"}, "protected.zip")
    data = bytearray(protected.read_bytes())
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(signature) + offset] |= 1
    protected.write_bytes(data)
    packed({"a.txt": "x" * 500}, "cut.zip").write_bytes(b"PK\x03\x04 and no more")
    found = {each.source: each for each in discover([tmp_path])}
    assert "password" in found["protected.zip"].reason and "damaged" in found["cut.zip"].reason


def test_an_archive_named_by_itself_gives_its_members(packed):
    found = list(discover([packed({"n.md": "# N"})]))
    assert [(each.source, each.bytes) for each in found if isinstance(each, Found)] == [("a.zip/n.md", 3)]


def told(path: Path) -> list[tuple[str, str]]:
    return [(each.source, each.reason) for each in discover([path]) if isinstance(each, Refused)]


def test_names_are_paths_below_the_archive_however_they_are_written(packed, tmp_path):
    archive = packed({"yard\\docks\\winch.txt": "1", "./c.txt": "2", "a//b.txt": "3", "/etc/d.txt": "4", "empty\\": ""})
    assert [name for name, _ in listing(archive).files] == ["a/b.txt", "c.txt", "etc/d.txt", "yard/docks/winch.txt"]
    with unpacked(archive, tmp_path) as folder, hashing() as content_hash:
        assert (folder / "yard/docks/winch.txt").read_text() == "1" and (folder / "etc/d.txt").read_text() == "4"
        assert content_hash(archive, "yard/docks/winch.txt") == hashlib.blake2b(b"1", digest_size=20).hexdigest()
    assert not told(archive)


def test_an_archive_that_gives_nothing_or_not_all_says_so(packed):
    assert told(packed({"../up.txt": "x", "b.txt": "y"})) == [
        ("a.zip", "1 of its files have names that lead out of it, and were left out.")
    ]
    assert told(packed({})) == [("a.zip", "It is empty.")]
    assert told(packed({"__MACOSX/._a.txt": "x"})) == [("a.zip", "All that it holds is hidden.")]
    assert told(packed({"a.txt": "x", "__MACOSX/._a.txt": "x"})) == []


def test_members_of_one_name_are_both_told_and_copies_once(tmp_path):
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive, pytest.warns(UserWarning, match="Duplicate"):
        for member, text in (("n/may.txt", "one"), ("n/may.txt", "other"), ("n/may.txt", "one"), ("n/may (2).txt", "third")):
            archive.writestr(member, text)
    assert listing(tmp_path / "a.zip").files == [("n/may (2) (2).txt", 5), ("n/may (2).txt", 5), ("n/may.txt", 3)]
    with unpacked(tmp_path / "a.zip", tmp_path) as folder:
        assert {path.read_text() for path in folder.rglob("*.txt")} == {"one", "other", "third"}


@pytest.mark.parametrize("name", ["a.zip", "a.docx"])
def test_a_file_without_a_byte_says_so(tmp_path, name):
    (tmp_path / name).touch()
    if name.endswith(".zip"):
        (refused,) = discover([tmp_path / name])
        assert isinstance(refused, Refused) and refused.reason == "The file is empty: it has 0 bytes."
    else:
        with pytest.raises(ReadError, match="The file is empty"):
            list(read(tmp_path / name, name, tmp_path, None))
