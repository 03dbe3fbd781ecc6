"""Transcripts that somebody made, and how pieces of speech become passages with their times."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.blocks import Document, Text
from ingest.chunk import chunk
from ingest.readers import read
from ingest.readers.recording.spoken import Chapter, passages, sentences
from ingest.readers.recording.subtitles import SUFFIXES, Transcript, transcript
from rag.errors import ReadError
from rag.records import Hit, Locator, Routes
from rag.speech.cue import Cue

TTML = """<tt xmlns="http://www.w3.org/ns/ttml" xmlns:ttp="http://www.w3.org/ns/ttml#parameter" ttp:frameRate="25" ttp:tickRate="1000">
<body><div begin="10s">%s</div></body></tt>"""


def parsed(tmp_path: Path, suffix: str, data: str) -> Transcript:
    path = tmp_path / f"t{suffix}"
    path.write_text(data, "utf-8")
    return transcript(path, suffix)


def texts(path: Path) -> list[Text]:
    return [block for block in read(path, path.name, path.parent, None) if isinstance(block, Text)]


def test_subrip_has_its_times_and_no_marks_of_style(tmp_path):
    data = (
        "1\n00:00:01,500 --> 00:00:04,000\n{\\an8}Good <i>morning</i>,\nall &amp; sundry.\n2\n01:02:03,004 --> 01:02:05,000\n12\n\n"
        "note: 7 --> 8\n"
    )
    assert parsed(tmp_path, ".srt", data).cues == (Cue(1.5, 4.0, "Good morning, all & sundry."), Cue(3723.004, 3725.0, "12"))


def test_webvtt_leaves_notes_out_and_names_who_speaks(tmp_path):
    data = (
        "WEBVTT\n\nNOTE\nnobody hears this\n\nSTYLE\n::cue { color: red }\n\nintro\n00:02.000 --> 00:05.250 align:start\n"
        "<v Anna Lind>The <c.loud>fog</c> horn <00:00:03.000>is <b>old</b>.\n"
    )
    assert parsed(tmp_path, ".vtt", data).cues == (Cue(2.0, 5.25, "Anna Lind: The fog horn is old."),)


def test_rolling_captions_are_said_once(tmp_path):
    data = (
        "WEBVTT\n\n00:00.000 --> 00:02.000\nthe keeper\n\n00:02.000 --> 00:04.000\nthe keeper\nlit the lamp\n\n"
        "00:04.000 --> 00:06.000\nlit the lamp\nat dusk\n\n00:20.000 --> 00:21.000\nat dusk\n"
    )
    assert [cue.text for cue in parsed(tmp_path, ".vtt", data).cues] == ["the keeper", "lit the lamp", "at dusk", "at dusk"]


def test_subviewer(tmp_path):
    data = "0:00:01.000,0:00:02.500\nOne line\nand another\n\n0:01:00.000,0:01:01.000\n10:30, 11:30 and noon\n"
    assert parsed(tmp_path, ".sbv", data).cues == (Cue(1.0, 2.5, "One line and another"), Cue(60.0, 61.0, "10:30, 11:30 and noon"))


def test_lrc_lines_last_until_the_next_and_the_song_is_named(tmp_path):
    data = "[ti:Harbour song]\n[ar:The Keepers]\n[offset:+500]\n[00:10.50][01:00.50]Row, row\n[00:12.50]<00:12.60>home again\n[00:14.00]\n"
    assert parsed(tmp_path, ".lrc", data) == Transcript(
        (Cue(10.0, 12.0, "Row, row"), Cue(12.0, 13.5, "home again"), Cue(60.0, 68.0, "Row, row")), "Harbour song, The Keepers"
    )


def test_ttml_counts_times_from_what_holds_them_and_knows_every_form(tmp_path):
    said = (
        '<p begin="00:00:01:05" dur="2s">The <span>old</span><br/>pier</p><p begin="5500ms" end="6s">stands</p>'
        '<p begin="8000t" end="0:00:09.5">here<metadata>no</metadata></p><p>never</p>'
    )
    found = parsed(tmp_path, ".ttml", TTML % said).cues
    assert [(round(cue.start, 3), round(cue.end, 3), cue.text) for cue in found] == [
        (11.2, 13.2, "The old pier"),
        (15.5, 16.0, "stands"),
        (18.0, 19.5, "here"),
    ]


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_what_has_no_times_is_said_in_one_line(tmp_path, suffix):
    with pytest.raises(ReadError, match="nothing in it with a time"):
        parsed(tmp_path, suffix, "<tt/>" if suffix == ".ttml" else "No times here.\n\nNone at all.\n")


def clock(seconds: float, comma: str = ".") -> str:
    whole, thousandths = divmod(round(seconds * 1000), 1000)
    return f"{whole // 3600:02}:{whole // 60 % 60:02}:{whole % 60:02}{comma}{thousandths:03}"


WORDS = st.lists(st.text("abcdefgh éß漢", min_size=1, max_size=12), min_size=1, max_size=4).map(
    lambda words: " ".join(" ".join(words).split())
)
CUES = st.lists(st.tuples(st.integers(1, 5000), st.integers(1, 5000), WORDS.filter(bool)), min_size=1, max_size=12)
WRITTEN = {
    ".srt": lambda cues: "".join(f"{n}\n{clock(a, ',')} --> {clock(b, ',')}\n{text}\n\n" for n, (a, b, text) in enumerate(cues, 1)),
    ".vtt": lambda cues: "WEBVTT\n\n" + "".join(f"{clock(a)} --> {clock(b)}\n{text}\n\n" for a, b, text in cues),
    ".sbv": lambda cues: "".join(f"{clock(a)},{clock(b)}\n{text}\n\n" for a, b, text in cues),
    ".ttml": lambda cues: (TTML % "".join(f'<p begin="{clock(a)}" end="{clock(b)}">{text}</p>' for a, b, text in cues)).replace(
        "10s", "0s"
    ),
}


@given(CUES, st.sampled_from(sorted(WRITTEN)))
def test_what_is_written_is_read_with_its_times(tmp_path_factory, spans, suffix):
    cues, at = [], 0.0
    for before, length, text in spans:
        cues.append((at + before / 1000 + 0.5, at + before / 1000 + 0.5 + length / 1000, text))
        at = cues[-1][1]
    found = parsed(tmp_path_factory.mktemp("t"), suffix, WRITTEN[suffix](cues)).cues
    assert [(round(cue.start, 3), round(cue.end, 3), cue.text) for cue in found] == [
        (round(a, 3), round(b, 3), text) for a, b, text in cues
    ]


@given(st.sampled_from(SUFFIXES), st.text(st.sampled_from("0123456789:.,->[]<>tp \n'\"=abs/&;{}\\"), max_size=200))
def test_nothing_written_breaks_them(tmp_path_factory, suffix, data):
    try:
        found = parsed(tmp_path_factory.mktemp("t"), suffix, data)
    except ReadError:
        return
    assert all(cue.text and cue.end >= cue.start >= 0 for cue in found.cues)


def test_sentences_are_made_whole_across_captions_and_parted_within_them():
    cues = [Cue(0, 2, "The lamp was lit"), Cue(2, 6, "at dusk. It burned oil"), Cue(6, 8, "until 1902."), Cue(20, 22, "no full stop")]
    found = list(sentences(cues))
    assert [cue.text for cue in found] == ["The lamp was lit at dusk.", "It burned oil until 1902.", "no full stop"]
    assert (found[0].start, found[1].end, found[2].start) == (0, 8, 20)
    assert 3 < found[0].end <= found[1].start < 4.5, "where the caption is parted, by its letters"


@given(st.lists(st.tuples(st.floats(0, 4), st.floats(0, 4), st.text("ab .?!。é", max_size=30)), max_size=20))
def test_no_word_is_lost_and_time_never_runs_back(spans):
    at, cues = 0.0, []
    for before, length, text in spans:
        cues.append(Cue(at + before, at + before + length, text))
        at += before + length
    found = list(sentences(cues))
    assert "".join("".join(cue.text.split()) for cue in found) == "".join("".join(cue.text.split()) for cue in cues)
    assert all(one.start <= one.end <= other.start + 1e-6 for one, other in pairwise(found))
    assert all(cue.start <= cue.end <= at + 1e-6 for cue in found)


def test_passages_stand_under_their_chapter_and_break_at_pauses():
    said = "The harbour board met in the old customs house and talked for long about the state of the breakwater and the dredger."
    cues = [Cue(10 * n, 10 * n + 9, f"{n}: {said}") for n in range(4)] + [Cue(60, 69, f"5: {said}"), Cue(70, 79, f"6: {said}")]
    found = list(passages(cues, [Chapter(70.2, "Any other business"), Chapter(0, "")]))
    assert [text.locator.time for text in found] == [(0, 39), (60, 69), (70, 79)]
    assert [text.locator.heading for text in found] == [None, None, "Any other business"]
    assert found[0].locator.said == ((0, 9), (10, 19), (20, 29), (30, 39))


@pytest.fixture(scope="module")
def tokenizer():
    from rag import Settings
    from rag.embed import load_encoders

    return load_encoders(Settings()).text.tokenizer


def test_passages_that_are_joined_or_cut_keep_the_time_of_each_line(tokenizer):
    cues = [Cue(4 * n, 4 * n + 3, f"The keeper of light number {n} wrote down what he saw.") for n in range(60)]
    records = list(chunk(passages(cues), tokenizer))
    assert len(records) > 3
    spans = [span for record in records for span in record.locator.said]
    assert spans == [(4 * n, 4 * n + 3) for n in range(60)], "each line once"
    for record in records:
        lines = [line for line in record.text.split("\n") if line]
        assert len(lines) == len(record.locator.said)
        assert f"number {record.locator.said[0][0] // 4:g} " in lines[0]
        assert record.locator.time == (record.locator.said[0][0], record.locator.said[-1][1])
        assert Locator.from_dict(record.locator.to_store()) == record.locator


def test_a_quote_has_the_time_at_which_it_is_said():
    said = ((751.2, 755.0), (755.5, 760.0), (762.0, 768.9))
    locator = Locator(time=(751.2, 768.9), said=said)
    text = "The lamp is old.\nIt burns oil,\n\nand nobody mends it."
    hit = Hit(1, 1.0, "text", "talk.mp3", None, None, locator, text, None, (), Routes(), text)
    assert hit.where("It burns oil, and nobody mends it.").time == (755.5, 768.9)
    assert hit.where("The lamp is old.").to_dict() == {"page": None, "heading": None, "bbox": None, "time": [751.2, 755.0]}
    assert hit.where("nowhere") is locator
    assert (locator.moment, Locator(time=(3725.9, 4000)).moment, Locator().moment) == ("12:31", "1:02:05", "")


def test_a_transcript_is_a_document_of_its_own(tmp_path):
    (tmp_path / "song.lrc").write_text("[ti:Harbour song]\n[00:01.00]Row home\n", "utf-8")
    title, text = read(tmp_path / "song.lrc", "song.lrc", tmp_path, None)
    assert title == Document("Harbour song") and text == Text("Row home", Locator(time=(1.0, 9.0), said=((1.0, 9.0),)))
