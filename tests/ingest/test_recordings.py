"""Recordings in a library: heard once, found and cited with their times, last of all; without a model named, and the rest goes on."""

from __future__ import annotations

import json
import re
import shutil
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from app.output import place
from ingest import ingest
from ingest.plan import content_hash
from rag import Library, Settings
from rag.errors import ModelUnavailable, ReadError
from rag.speech.recognise import Recogniser, model_of
from tests.recorded import BOARD, SPOKEN, board, film, needs_speech, record, samples, slide

NOTES = "# Tides\n\nThe highest tide of the year comes in September, and the quay is closed for two days.\n"
SUBTITLES = "1\n00:12:31,200 --> 00:12:35,000\nThe dredger was built in Rotterdam.\n\n2\n01:02:05,000 --> 01:02:08,000\nIt sank in 1931.\n"


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    """A folder with a recording, one that has its transcript beside it, and notes."""
    folder = tmp_path_factory.mktemp("recorded") / "talks"
    folder.mkdir()
    (folder / "tides.md").write_text(NOTES)
    (folder / "meeting.opus").write_bytes(BOARD.read_bytes())
    record(folder / "dredger.mp3", board()[:32_000], "The dredger")
    (folder / "dredger.srt").write_text(SUBTITLES)
    return folder


@pytest.fixture(scope="module")
def heard(folder, tmp_path_factory):
    """It, taken in, with the progress that was told."""
    place, told = tmp_path_factory.mktemp("library"), []
    with Library.open(place, Settings(library=place)) as library:
        report = ingest([folder], library, progress=lambda *each: told.append(each))
        yield library, report, told


@needs_speech
def test_a_recording_is_found_and_cited_with_its_time(heard):
    library, report, told = heard
    assert (sorted(report.added), report.failed) == (["dredger.mp3", "meeting.opus", "tides.md"], [])
    assert [source for stage, _, _, source in told if stage == "read"][-1] == "meeting.opus", "what takes long comes last"
    assert json.loads(library.catalog.contents.recall(content_hash(BOARD), Recogniser(model_of(library.settings)).name))[0][0] < 1
    hit = library.search("What will the repair of the breakwater cost?", k=3)[0]
    assert hit.source == "meeting.opus" and json.loads(json.dumps(hit.to_dict()))["locator"]["time"] == [*hit.locator.time]
    answer = library.ask("What will the repair of the breakwater cost?", model="quote")
    assert "42,000 crowns" in answer.answer
    start, end = answer.citations[0].locator.time
    assert 3 < start < 5 and 6.5 < end < 8.5, "of the sentence, not of the passage"


@needs_speech
def test_who_asks_for_the_moment_is_told_the_time(heard):
    library, _, _ = heard
    answer = library.ask("At what time do they talk about the fog signal?", model="quote")
    assert re.match(r"0:1[01]: “Fishermen say", answer.answer) and answer.citations[0].locator.moment in answer.answer
    assert {hit.source for hit in library.search("At what time do they talk about the tide?")} == {"dredger.mp3", "meeting.opus"}
    answer = library.ask("Show me the moment when the dredger sank.", model="quote")
    assert answer.answer.startswith("1:02:05 · The dredger: “It sank in 1931.” [1]")
    assert (answer.citations[0].source, answer.citations[0].locator.moment) == ("dredger.mp3", "1:02:05")


@needs_speech
def test_a_transcript_beside_a_recording_belongs_to_it(heard, folder):
    library, _, _ = heard
    hit = library.search("Where was the dredger built?", k=1)[0]
    assert (hit.source, hit.locator.moment, hit.place.title) == ("dredger.mp3", "12:31", "The dredger")
    assert [each.source for each in library.catalog.sources()] == ["dredger.mp3", "meeting.opus", "tides.md"]
    (folder / "dredger.srt").write_text(SUBTITLES.replace("Rotterdam", "Antwerp"))
    report = ingest([folder], library)
    assert report.changed == ["dredger.mp3"] and "Antwerp" in library.search("Where was the dredger built?", k=1)[0].text


@needs_speech
def test_what_was_heard_in_the_same_bytes_is_not_heard_again(tmp_path):
    talks = tmp_path / "talks"
    talks.mkdir()
    shutil.copy(BOARD, talks / "meeting.opus")
    settings = Settings(library=tmp_path / "library")
    with Library.open(settings.library, settings) as library:
        name = Recogniser(model_of(settings)).name
        library.catalog.contents.remember(content_hash(BOARD), name, '[[1.0, 2.5, "Remembered words."]]')
        assert ingest([talks], library).added == ["meeting.opus"]
        (talks / "meeting.opus").rename(talks / "board of the harbour.opus")  # is read anew for the words of its name
        assert ingest([talks], library).renamed == ["board of the harbour.opus"]
        [stored] = library.catalog.of(["board of the harbour.opus"])
        assert (stored.record.text, stored.record.locator.time) == ("Remembered words.", (1.0, 2.5))


@needs_speech
def test_a_recording_finds_the_same_sound_and_then_what_says_the_like(heard, tmp_path):
    library, _, _ = heard
    piece = record(tmp_path / "piece.mp3", board()[60_000:220_000] * 0.3, bits=16_000)
    found = library.search(audio=piece)
    assert (found[0].source, found[0].routes.sound) == ("meeting.opus", 1) and found[0].locator.time[1] > 3.75
    assert "breakwater" in found.query and [hit.rank for hit in found] == [*range(1, len(found) + 1)]
    assert all(one.score >= other.score for one, other in pairwise(found)) and len({hit.id for hit in found}) == len(found)
    assert [hit.to_dict()["routes"].get("sound") for hit in found] == [1, *[None] * (len(found) - 1)]
    assert "sound" not in library.search("tide")[0].to_dict()["routes"]
    other = record(tmp_path / "other.wav", samples(SPOKEN / "biblioteca.opus"))
    assert all(hit.routes.sound is None for hit in library.search(audio=other))
    assert library.search(audio=piece, source="tides.md")[0].routes.sound is None
    assert not library.search(audio=record(tmp_path / "silent.wav", np.zeros(160_000, np.float32)))
    with pytest.raises(ReadError):
        library.search(audio=tmp_path / "none.wav")


def test_the_same_sound_is_found_without_a_model_of_speech_and_forgotten_with_its_file(folder, tmp_path):
    settings = Settings(library=tmp_path / "library", readers=tmp_path / "none")
    talks = tmp_path / "talks"
    talks.mkdir()
    record(talks / "board.wav", board())
    (talks / "board.srt").write_text(SUBTITLES)
    with Library.open(settings.library, settings) as library:
        assert not ingest([talks], library).failed
        [hit] = library.search(audio=BOARD)
        assert (hit.source, hit.locator.moment, hit.routes.sound) == ("board.wav", "12:31", 1)
        with pytest.raises(ModelUnavailable):
            library.search(audio=SPOKEN / "biblioteca.opus")
        library.remove(["board.wav"])
        assert list(library.catalog.contents.sounds()) == []


def test_a_slide_is_found_by_its_words_with_every_span_and_shows_what_is_said_meanwhile(tmp_path):
    talks = tmp_path / "talks"
    talks.mkdir()
    harbour = slide("The harbour at night", "Depth of the water: 11 metres", "Width of the quay: 40 metres")
    costs = slide("Costs", "Crane 3,100 crowns", "Chain 420 crowns", ground="#203040")
    film(talks / "talk.mp4", [(6, harbour), (4, costs), (4, harbour)])
    said = ((1, "A man can stand here at low water."), (7, "Nobody has paid the smith."), (11, "So much for the sea."))
    (talks / "talk.vtt").write_text("WEBVTT\n\n" + "".join(f"00:{at:02}.000 --> 00:{at + 2:02}.000\n{text}\n\n" for at, text in said))
    settings = Settings(library=tmp_path / "library")
    with Library.open(settings.library, settings) as library:
        report = ingest([talks], library)
        assert (report.added, report.figures, report.failed) == (["talk.mp4"], 3, [])
        found = library.search("What does the crane cost?", modality="image", k=1)[0]
        assert found.locator.time == (6.0, 10.0) and found.media and "3,100 crowns" in found.text
        assert "Nobody has paid the smith." in found.text and place(found.source, found.locator) == "talk.mp4 · 0:06"
        again = library.search("How wide is the quay?", modality="image", k=1)[0]
        assert [each.locator.time[0] for each in again.appearances] == [0.0, 10.0]
        answer = library.ask("Show me the harbour at night", model="quote")
        assert [(each.modality, each.locator.moment) for each in answer.citations] == [("image", "0:00")]
        assert answer.answer == "The nearest picture is talk.mp4 · 0:00. [1]"
        answer = library.ask("What does the crane cost?", model="quote")
        assert answer.answer == "“Text in the picture: Costs Crane 3,100 crowns Chain 420 crowns” [1]"
        assert answer.citations[0].locator.time == (6.0, 10.0)


def test_without_a_model_recordings_are_named_and_tried_again_and_the_rest_goes_on(folder, tmp_path):
    settings = Settings(library=tmp_path / "library", readers=tmp_path / "none")
    with Library.open(settings.library, settings) as library:
        for _ in range(2):
            [failure] = ingest([folder], library).failed
            assert failure.source == "meeting.opus" and "make speech" in failure.hint and ".srt" in failure.hint
        assert [each.source for each in library.catalog.sources()] == ["dredger.mp3", "tides.md"]


@needs_speech
def test_a_film_that_was_taken_in_without_a_model_is_heard_once_there_is_one(tmp_path):
    talks, readers = tmp_path / "talks", tmp_path / "readers"
    talks.mkdir()
    film(talks / "board.mp4", [(18, slide("The harbour at night", "Depth of the water: 11 metres"))], board())
    settings = Settings(library=tmp_path / "library", readers=readers)
    with Library.open(settings.library, settings) as library:
        for _ in range(2):
            report = ingest([talks], library)
        assert report.unchanged == ["board.mp4"] and library.search("How deep is the water?")[0].media
        [lost] = ingest([talks], Library.open(tmp_path / "other", settings)).failed
        assert lost.source == "board.mp4 > sound" and "make speech" in lost.hint
        readers.mkdir()
        (readers / "whisper-base").symlink_to(Path(model_of(Settings())))
        for each in Settings().readers.glob("whisper-base*"):
            if not each.is_dir():
                (readers / each.name).symlink_to(each)
        assert ingest([talks], library).changed == ["board.mp4"]
        assert "42,000 crowns" in library.search("What will the repair of the breakwater cost?", modality="text")[0].text


def test_a_recording_may_be_larger_than_what_is_read_whole(folder, tmp_path):
    settings = Settings(library=tmp_path / "library", max_file_mb=1)
    big = tmp_path / "long"
    big.mkdir()
    record(big / "talk.wav", board().repeat(2))
    (big / "talk.vtt").write_text("WEBVTT\n\n00:01.000 --> 00:02.000\nHello there.\n")
    assert (big / "talk.wav").stat().st_size > 1_000_000
    with Library.open(settings.library, settings) as library:
        assert ingest([big], library).added == ["talk.wav"]
