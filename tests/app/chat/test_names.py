"""app/chat/names.py: what is typed after `@` finds kinds, dates, folders and documents, in any case and without accents."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from app.chat.conversation import Conversation
from app.chat.language import spoken
from app.chat.names import choices, folders, known, label
from app.chat.turn import Turn
from rag import Library, Settings
from rag.records import Record
from rag.storage.entries import File

OLD = "2019-06-01"
SOURCES = {  # each with the date that it tells of itself
    "guide/lights.md": OLD,
    "guide/Lampen.pdf": OLD,
    "guide/old/lampoon.txt": "2021",
    "[Küste] a?/Bericht.docx": OLD,
    "[Küste] a?/brief.md": OLD,
    "alamp.md": "",
}


@pytest.fixture(scope="module")
def library(tmp_path_factory) -> Iterator[Library]:
    folder = tmp_path_factory.mktemp("names")
    with Library.open(folder, Settings(library=folder)) as library:
        put(library, SOURCES)
        yield library


def put(library: Library, sources: dict[str, str]) -> None:
    begun = library.catalog.writer.begin([(None, 1)] * len(sources))
    recent = int((datetime.now(UTC) - timedelta(days=20)).timestamp() * 1e9)
    files = [
        File(Path("/docs") / source, source, Path("/docs"), 1, recent, source, version)
        for source, (version, _) in zip(sources, begun, strict=True)
    ]
    library.catalog.writer.commit(
        (file, [(id, Record("text", "x", date=sources[file.source]))]) for file, (_, (id,)) in zip(files, begun, strict=True)
    )


def offered(library: Library, typed: str) -> list[tuple[str, ...]]:
    return [choice.words for choice in choices(library, typed)]


def test_names_that_begin_so_come_before_those_that_have_it_and_those_in_such_a_folder(library):
    assert offered(library, "LAMP") == [("guide/Lampen.pdf",), ("guide/old/lampoon.txt",), ("alamp.md",)]
    assert offered(library, "old") == [("guide/old/lampoon.txt",)]
    assert offered(library, "guide/o") == [("guide/old/lampoon.txt",)]
    assert offered(library, "nothing") == []


def test_a_folder_is_found_without_its_accents_and_narrows_to_what_is_in_it(library):
    (words, *documents) = offered(library, "kuste")
    assert documents == [("[Küste] a?/Bericht.docx",), ("[Küste] a?/brief.md",)]
    assert len(library.catalog.versions(words[0])) == 2 and label(words[0]) == "[Küste] a?/"


def test_kinds_are_found_by_their_names_in_either_language(library):
    assert offered(library, "word") == [("kind:word",)]
    with spoken("de"):
        (pdf, *_others) = choices(library, "pdf")
        assert (pdf.words, pdf.label, pdf.note) == (("kind:pdf",), "PDF", "1 Dokument")
    assert offered(library, "slides") == [], "of which there are none"


def test_dates_are_offered_where_they_choose_and_as_they_are_typed(library):
    offer = {choice.words[0]: choice.note for choice in choices(library, "") if choice.icon == "calendar_month"}
    year = str((datetime.now(UTC) - timedelta(days=20)).year)
    assert offer == {"days:30": "1 document", f"year:{year}": "1 document", "year:2021": "1 document", "year:2019": "4 documents"}
    assert offered(library, "2019") == [("year:2019",), ("since:2019",), ("until:2019",)]
    assert offered(library, "2019-06") == [("since:2019-06",), ("until:2019-06",)]
    assert offered(library, "since:2020-01-01") == [("since:2020-01-01",)] and offered(library, "2019-13") == []


def test_each_word_is_called_by_its_name():
    assert [label(word) for word in ("kind:web", "year:2023", "days:7", "guide/*", "guide/a.md")] == [
        "Web pages", "2023", "the last 7 days", "guide/", "guide/a.md"
    ]  # fmt: skip
    with spoken("de"):
        assert [label(word) for word in ("since:2024-03-15", "until:2024-03", "since:2024")] == [
            "seit 15.03.2024",
            "bis März 2024",
            "seit 2024",
        ]
    assert label("since:soon") == "since soon" and label("kind:boat") == "kind:boat"


def test_what_came_with_the_questions_is_one_choice(library):
    turns = [Turn(1, "x", source="alamp.md", attached=True), Turn(2, "y", source="guide/*"), Turn(3, "z", source="a\nb", attached=True)]
    first = choices(library, "", Conversation(library, turns=turns))[0]
    assert first.words == ("alamp.md", "a", "b") and first.label == "What came with the questions"
    assert choices(library, "came", Conversation(library, turns=turns)) == [first]


def test_only_words_that_ask_for_something_are_known(library):
    words = ["kind:slides", "kind:boat", "since:2030", "since:soon", "guide/*", "guide/gone.md", ""]
    assert [word for word in words if known(library, word)] == ["kind:slides", "since:2030", "guide/*"]


def test_a_folder_of_all_or_of_one_is_no_choice():
    assert folders(["a/b/1.md", "a/b/2.md", "a/3.md", "4.md"]) == {"a": 3, "a/b": 2}
    assert folders(["a/1.md", "a/2.md"]) == {} == folders(["a/1.md", "b/2.md"])


def test_of_ten_thousand_only_a_few_are_told_and_what_is_new_is_found(library):
    catalog = library.catalog
    put(library, {f"box/letter-{number:05}.eml": "1931" for number in range(10_000)})
    assert len(choices(library, "letter")) == 8 and offered(library, "letter-07777") == [("box/letter-07777.eml",)]
    assert len(choices(library, "")) <= 25
    catalog.writer.remove([Path("/docs/box") / f"letter-{number:05}.eml" for number in range(10_000)])
    assert offered(library, "letter") == []
