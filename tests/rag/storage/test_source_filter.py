"""rag/storage/source_filter.py: kinds, spans of time and names narrow a library together, and what is none of them is told."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from ingest.readers import SUFFIXES, code
from rag.errors import UsageError
from rag.records import Record
from rag.storage.catalog import Catalog
from rag.storage.entries import File
from rag.storage.source_filter import KINDS, kind

TODAY = datetime.now(UTC).date()
DATED = {  # sources, the date that each tells of itself, and that of its file
    "guide/lights.md": ("2023", date(2019, 1, 1)),
    "guide/plan.pdf": ("2024-03", date(2019, 1, 1)),
    "letters/1.eml": ("2024-03-15", date(2019, 1, 1)),
    "letters/2.eml": ("", TODAY - timedelta(days=3)),
    "kind:pdf": ("", date(2001, 5, 5)),
    "year:1890/log.txt": ("1890-12-31", TODAY),
}


@pytest.fixture(scope="module")
def catalog(tmp_path_factory):
    catalog = Catalog(tmp_path_factory.mktemp("catalog"))
    begun = catalog.writer.begin([(None, 1)] * len(DATED))
    for (version, (id,)), (source, (own, of_file)) in zip(begun, DATED.items(), strict=True):
        noon = datetime(of_file.year, of_file.month, of_file.day, 12, tzinfo=UTC).timestamp()
        file = File(Path("/docs") / source, source, Path("/docs"), 10, int(noon * 1e9), source, version)
        catalog.writer.commit([(file, [(id, Record("text", "x", date=own))])])
    return catalog


def asked(catalog: Catalog, *words: str) -> set[str]:
    versions = catalog.versions("\n".join(words))
    assert len(versions) == len(set(versions))
    return {file.source for file in catalog.files() if file.version in versions}


@pytest.mark.parametrize(
    ("words", "sources"),
    [
        (["kind:mail"], {"letters/1.eml", "letters/2.eml"}),
        (["Kind: Mails"], {"letters/1.eml", "letters/2.eml"}),
        (["kind:markdown", "kind:mail"], {"guide/lights.md", "letters/1.eml", "letters/2.eml"}),
        (["year:2024"], {"guide/plan.pdf", "letters/1.eml"}),
        (["year:2023", "year:1890"], {"guide/lights.md", "year:1890/log.txt"}),
        (["since:2024-03-02"], {"letters/1.eml", "letters/2.eml"}),
        (["since:2024-03"], {"guide/plan.pdf", "letters/1.eml", "letters/2.eml"}),
        (["until:2023"], {"guide/lights.md", "kind:pdf", "year:1890/log.txt"}),
        (["since:2023", "until:2024-03-14"], {"guide/lights.md", "guide/plan.pdf"}),
        (["since:2023", "until:2023", "year:1890"], {"guide/lights.md", "year:1890/log.txt"}),
        (["days:7"], {"letters/2.eml"}),
        (["days:2"], set()),
        (["days:2", "year:2023"], {"guide/lights.md"}),
        (["guide/*", "kind:mail"], set()),
        (["guide/*", "letters/*", "kind:mail", "year:2024"], {"letters/1.eml"}),
        (["guide/*", "letters/2.eml", "since:2024"], {"guide/plan.pdf", "letters/2.eml"}),
        (["nowhere/*", "kind:mail"], set()),
    ],
)
def test_of_each_sort_one_is_enough_and_all_sorts_are_asked_for(catalog, words, sources):
    assert asked(catalog, *words) == sources


@pytest.mark.parametrize("words", [["kind:pdf"], ["year:1890/*"], ["year:*"]])
def test_what_is_a_name_or_matches_one_is_no_kind_and_no_year(catalog, words):
    assert asked(catalog, *words) == {next(source for source in DATED if source.startswith(words[0][:5]))}


@pytest.mark.parametrize(
    ("word", "told", "hint"),
    [
        ("kind:pfd", "no kind 'pfd'", "pdf, word, slides"),
        ("kind:", "no kind ''", "pdf"),
        ("year:20", "'year:20'", "year:2024"),
        ("year:2024-03", "is no year", "year:2024"),
        ("since:last week", "'last week'", "since:2024-03-15"),
        ("since:2024-13", "is no date", "since:2024-03"),
        ("until:2023-02-29", "is no date", "until:2024-03-15"),
        ("days:0", "'days:0'", "days:30"),
        ("days:many", "'days:many'", "days:30"),
    ],
)
def test_a_kind_or_a_date_that_there_is_not_is_told(catalog, word, told, hint):
    with pytest.raises(UsageError, match=told) as raised:
        catalog.versions(f"guide/*\n{word}")
    assert hint in raised.value.hint


def test_each_kind_of_file_that_can_be_read_has_its_kind():
    of = {suffix: kind(f"folder/a file.v2{suffix.upper()}") for suffix in SUFFIXES}
    assert set(of.values()) == set(KINDS)
    assert {suffix for suffix, name in of.items() if name == "code"} == {*code.SUFFIXES.split(), ".ipynb"}
    assert {"".join(each.split()) for each in " ".join(KINDS.values()).split()} <= set(SUFFIXES), "no kind has a suffix that none reads"
    assert kind("box/cur/1700000000.M1P2.host:2,S") == "mail" and kind("LETTER.PDF") == "pdf"
