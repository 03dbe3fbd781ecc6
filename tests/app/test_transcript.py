"""Transcripts to take along: what is written is read again as it was, by players and by our own reader."""

from __future__ import annotations

import pytest

from app.transcript import as_markdown, as_vtt, cues, said, written
from ingest import ingest
from ingest.readers.recording.subtitles import transcript
from rag import Library, Settings
from rag.errors import UsageError
from tests.app.test_cli import run  # noqa: F401 (a fixture)

LINES = [
    ("00:00:01.000", "00:00:02.500", "Salt & pepper cost <2 crowns>, not &amp; 3."),
    ("00:00:03.000", "00:00:03.000", "It lasts no time."),
    ("00:12:31.200", "00:12:35.000", "12"),
    ("00:12:40.000", "00:12:44.000", "The *dredger* {\\an8} goes --> north_east; it was built [in] Rotterdam."),
    ("01:02:05.000", "01:02:08.000", "# It sank in 1931."),
]
SUBTITLES = "WEBVTT\n\n" + "".join(
    f"{start} --> {end}\n{text.replace('&', '&amp;').replace('<', '&lt;').replace('>', '&gt;').replace('{', '&#123;')}\n\n"
    for start, end, text in LINES
)


@pytest.fixture(scope="module")
def talks(tmp_path_factory):
    """A library with a transcript and notes."""
    folder, place = tmp_path_factory.mktemp("talks"), tmp_path_factory.mktemp("library")
    (folder / "talk.vtt").write_text(SUBTITLES)
    (folder / "notes.md").write_text("# Notes\n\nThe quay is closed for two days.\n")
    with Library.open(place, Settings(library=place)) as library:
        assert not ingest([folder], library).failed
        yield library


def test_what_is_exported_is_read_again_as_it_was(talks, tmp_path):
    passages = said(talks.catalog.of(["talk.vtt"]))
    assert [cue.text for cue in cues(passages)] == [text for *_, text in LINES]
    text = as_vtt(passages)
    assert text.startswith("WEBVTT\n\n00:00:01.000 --> 00:00:02.500\nSalt &amp; pepper cost &lt;2 crowns&gt;, not &amp;amp; 3.\n\n")
    assert "01:02:05.000 --> 01:02:08.000\n" in text
    (tmp_path / "again.vtt").write_text(text)
    again = transcript(tmp_path / "again.vtt", ".vtt")
    assert list(again.cues) == cues(passages) and len(again.cues) == len(LINES)
    assert all(cue.end > cue.start for cue in again.cues)


def test_as_markdown_it_has_its_times_and_no_marks_of_its_own(talks):
    text = as_markdown(said(talks.catalog.of(["talk.vtt"])))
    assert text.startswith("# talk.vtt\n\n**0:01** Salt & pepper cost \\<2 crowns\\>")
    assert "\\*dredger\\*" in text and "north\\_east" in text and "\n\n**1:02:05** \\# It sank in 1931." in text


def test_what_is_not_said_has_no_transcript(talks):
    assert said(talks.catalog.of(["notes.md"])) == []
    with pytest.raises(UsageError):
        written(talks, "notes.md", "vtt")


def test_the_command_shows_a_document_and_prints_a_transcript(run, talks):  # noqa: F811
    def show(*words: str):
        return run("show", *words, "--library", talks.folder)

    shown = show("talk.vtt", "--format", "vtt")
    assert (shown.status, shown.out) == (0, as_vtt(said(talks.catalog.of(["talk.vtt"]))))
    assert show("talk.vtt", "--format", "md", "--json").json["text"] == as_markdown(said(talks.catalog.of(["talk.vtt"])))
    assert "notes.md · Notes" in show("notes.md").out and "closed for two days" in show("notes.md").out
    [record] = show("notes.md", "--json").json["records"]
    assert (record["modality"], record["locator"]["heading"]) == ("text", "Notes")
    for words in (["nobody.md"], ["notes.md", "--format", "vtt"], ["talk.vtt", "--format", "doc"]):
        ran = show(*words, "--json")
        assert ran.status == 2 and ran.json["error"] and ran.json["hint"], words
