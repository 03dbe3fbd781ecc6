"""ingest/loaders.py and its reader: what LangChain's document loaders give, taken in as files are."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from pathlib import Path

import pytest
from langchain_core.document_loaders import BaseLoader
from langchain_core.documents import Document

from ingest import ingest, ingest_loader
from ingest.readers import read
from ingest.rebuild import rebuild
from rag import Library, Settings
from rag.errors import LibraryError, ReadError


class Log(BaseLoader):
    """A loader of one's own: what it is made with, and then an error, where it is made with one."""

    def __init__(self, *documents: Document | Exception):
        self._documents = documents

    def lazy_load(self) -> Iterator[Document]:
        for each in self._documents:
            if isinstance(each, Exception):
                raise each
            yield each


def entry(source: str | None, text: str, **metadata: object) -> Document:
    return Document(text, metadata={"source": source, **metadata} if source else metadata)


LIGHT = entry(
    "https://coast.example/guide/lights", "The light at Hollin Point was built in 1791.", title="Lights", section="Hollin Point", page=0
)
TIDE = entry("/srv/tides.pdf", "The tide turns at nine.", page=6)
FERRY = entry("/srv/tides.pdf", "The ferry sails at two.", page_number=9)


@pytest.fixture
def own(tmp_path, library):
    folder = tmp_path / "library"
    with Library.open(folder, Settings(library=folder)) as opened:
        opened.encoders = library.encoders  # loaded once for all tests
        yield opened


def sources(library: Library) -> list[str]:
    return [file.source for file in library.catalog.files()]


def text_of(library: Library, source: str) -> str:
    return " ".join(each.record.text for each in library.catalog.all_records() if each.source == source)


def test_documents_are_taken_in_by_source_and_then_only_what_changes(own):
    first = ingest_loader(Log(LIGHT, TIDE, FERRY, entry(None, "A note of nobody.")), own, "coast")
    assert sorted(first.added) == ["coast.documents", "lights.documents", "tides.pdf.documents"] and not first.failed
    hit = own.search("When was the light built?")[0]
    assert hit.text == "The light at Hollin Point was built in 1791." and hit.source == "lights.documents"
    assert hit.locator.heading == "Lights > Hollin Point" and hit.locator.page == 1
    assert own.search("ferry", source="tides*")[0].locator.page in (7, 9)

    again = ingest_loader(Log(LIGHT, TIDE, FERRY, entry(None, "A note of nobody.")), own, "coast")
    assert sorted(again.unchanged) == sorted(first.added) and "read" not in again.seconds
    assert not (again.added or again.changed or again.removed or again.failed)

    later = entry("/srv/tides.pdf", "The tide turns at ten.", page=6)
    other = ingest_loader(Log(entry("lamp.txt", "The lamp burns oil.")), own, "lamps")
    assert other.added == ["lamp.txt.documents"] and not other.removed
    third = ingest_loader(Log(LIGHT, later), own, "coast")
    assert (third.changed, third.removed) == (["tides.pdf.documents"], ["coast.documents"])
    assert text_of(own, "tides.pdf.documents") == "The tide turns at ten."
    assert sources(own) == ["lamp.txt.documents", "lights.documents", "tides.pdf.documents"]


def test_what_a_loader_gave_survives_a_rebuild(own, library, monkeypatch):
    ingest_loader(Log(LIGHT, TIDE), own, "coast")
    own.close()
    monkeypatch.setattr("rag.embed.load_encoders", lambda settings, joint: library.encoders)
    report = rebuild(own.settings)
    assert sorted(report.added) == ["lights.documents", "tides.pdf.documents"] and not report.failed
    with Library.open(own.folder, own.settings) as anew:
        assert len(ingest_loader(Log(LIGHT, TIDE), anew, "coast").unchanged) == 2
        assert ingest_loader(Log(TIDE), anew, "coast").removed == ["lights.documents"]


def test_a_loader_that_stops_in_the_middle_loses_nothing(own):
    ingest_loader(Log(LIGHT, TIDE, FERRY), own, "coast")
    changed = entry(LIGHT.metadata["source"], "The light was rebuilt in 1860.")
    report = ingest_loader(Log(changed, entry("new.txt", "New this year."), TIDE, ValueError("line 7\nis torn")), own, "coast")
    assert (report.added, report.changed, report.removed) == (["new.txt.documents"], ["lights.documents"], [])
    (failure,) = report.failed
    assert failure.source == "coast" and failure.reason == "The loader stopped after 3 documents (ValueError: line 7 is torn)."
    assert "ferry" in text_of(own, "tides.pdf.documents")  # of what it was at, all that was in stays

    for nothing in (Log(OSError("gone")), Log(), BaseLoader.__new__(type("Bare", (BaseLoader,), {}))):
        report = ingest_loader(nothing, own, "coast")
        assert len(report.failed) == 1 and not report.removed
    assert len(sources(own)) == 3
    assert ingest_loader(Log(LIGHT, "no document"), own, "odd").failed[0].reason.startswith("The loader stopped after 1 documents")  # type: ignore[arg-type]


def test_names_of_sources_are_safe_and_told_apart(own):
    report = ingest_loader(
        Log(entry("a/notes.txt", "One."), entry("b/notes.txt", "Two."), entry("https://coast.example/", "Three."),
            entry("../../.hidden", "Four."), entry("x" * 300, "Five."), entry("who?\x1b[31m\udc80", "Six.")),
        own, "../up",
    )  # fmt: skip
    assert not report.failed and len(report.added) == 6
    held = own.folder / "originals" / "loaders"
    paths = list(own.folder.rglob("*.documents"))
    assert len(paths) == 6 and all(path.parent.parent == held for path in paths)
    assert "coast.example.documents" in report.added
    assert all(name.isprintable() and not name.startswith(".") for name in report.added)
    assert sum(name.startswith("notes.txt-") for name in report.added) == 2


def test_whatever_metadata_and_text_hold_is_kept(own):
    odd = entry("odd.txt", "Torn \udc80 and null \x00 end.", at=Path("x"), page=True, deep={"a": [1, {2}]}, score=float("nan"))
    assert ingest_loader(Log(odd), own, "odd").added == ["odd.txt.documents"]
    assert text_of(own, "odd.txt.documents") == "Torn ? and null  end."


def test_loaders_of_langchain_community(own, tmp_path):
    community = pytest.importorskip("langchain_community.document_loaders")
    (tmp_path / "one").mkdir()
    (tmp_path / "one" / "letter.txt").write_text("The oil for the lamp ran out.\n\nWe burned whale fat.")
    (tmp_path / "one" / "tide.txt").write_text("The tide turns at nine.")
    (tmp_path / "boats.csv").write_text("boat,year\nPerpetua,1907\nCormorant,1923\n")
    letter = community.TextLoader(str(tmp_path / "one" / "letter.txt"))
    tide = community.TextLoader(str(tmp_path / "one" / "tide.txt"))
    assert ingest_loader(letter, own).added == ["letter.txt.documents"]
    assert ingest_loader(tide, own).added == ["tide.txt.documents"]  # another loader of the same class takes nothing away
    boats = ingest_loader(community.CSVLoader(str(tmp_path / "boats.csv")), own)
    assert boats.added == ["boats.csv.documents"]
    assert "boat: Perpetua\nyear: 1907" in own.search("When was the Perpetua built?", source="boats*")[0].text
    assert ingest_loader(letter, own).unchanged == ["letter.txt.documents"]
    folder = community.DirectoryLoader(str(tmp_path / "one"), glob="*.txt", loader_cls=community.TextLoader)
    assert len(ingest_loader(folder, own, "folder").added) == 2
    (tmp_path / "one" / "tide.txt").unlink()
    assert len(ingest_loader(folder, own, "folder").removed) == 1
    missing = ingest_loader(tide, own)
    assert "FileNotFoundError" in missing.failed[0].reason or "Error loading" in missing.failed[0].reason
    assert "tide.txt.documents" in sources(own)


def test_a_library_that_cannot_be_written(own):
    own.folder.joinpath("originals").write_text("in the way")
    with pytest.raises(LibraryError, match="cannot be kept"):
        ingest_loader(Log(LIGHT), own)


# ── the reader ────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────


def written(folder: Path, *lines: object) -> Path:
    path = folder / "a.documents"
    path.write_text("\n".join(line if isinstance(line, str) else json.dumps(line) for line in lines))
    return path


def test_metadata_become_places(tmp_path):
    path = written(
        tmp_path,
        {"page_content": "One.\n\n\nTwo.", "metadata": {"page": 0, "Header 1": "Coast", "Header 2": " Ness\nHead "}},
        "",
        {"page_content": "Three.", "metadata": {"page": 4, "page_number": 2, "page_name": "Fares"}},
        {"page_content": "Four.", "metadata": {"page": "iv", "title": 7, "section": ""}},
        {"page_content": "Five."},
    )
    placed = [(each.text, each.locator.page, each.locator.heading, each.locator.sheet) for each in read(path, path.name, tmp_path, None)]
    assert placed == [
        ("One.", 1, "Coast > Ness Head", None), ("Two.", 1, "Coast > Ness Head", None), ("Three.", 2, None, "Fares"),
        ("Four.", None, None, None), ("Five.", None, None, None),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "line", ["[1]", "{}", '"x"', "not json", '{"page_content": 7}', '{"page_content": "x", "metadata": [1]}', "[" * 100_000]
)
def test_a_line_that_is_no_document_is_refused(tmp_path, line):
    path = written(tmp_path, {"page_content": "Sound."}, line)
    with pytest.raises(ReadError, match="Line 2 is no document"):
        list(read(path, path.name, tmp_path, None))


def test_mutated_files_give_texts_or_a_clear_error(tmp_path):
    path = written(tmp_path, *({"page_content": f"Day {n}: fog.", "metadata": {"page": n, "title": "Log"}} for n in range(20)))
    whole = path.read_bytes()
    rng = random.Random(7)
    for _ in range(200):
        data = bytearray(whole[: rng.randrange(1, len(whole))] + whole[rng.randrange(len(whole)) :])
        for _ in range(rng.randrange(8)):
            data[rng.randrange(len(data))] = rng.randrange(256)
        path.write_bytes(data)
        try:
            list(read(path, path.name, tmp_path, None))
        except ReadError as error:
            assert str(error) and error.hint


def test_ingested_as_a_file_of_its_own(own, tmp_path):
    path = written(tmp_path, {"page_content": "The fog horn sounds every 30 seconds.", "metadata": {"source": "elsewhere"}})
    assert ingest([path], own).added == ["a.documents"]
