"""Recordings and films by what is heard in them: every format, long ones in stretches, and what cannot be heard in one line."""

from __future__ import annotations

import re

import numpy as np
import pytest
from PIL import Image

from ingest.blocks import Document, Lost, Text
from ingest.readers import read
from ingest.readers.recording.listen import Listener, listening
from ingest.readers.references import noting
from ingest.readers.resumed import resuming
from rag import Settings
from rag.errors import ModelUnavailable, ReadError
from rag.speech.cue import Cue
from rag.speech.recognise import STRETCH, Heard, Recogniser, model_of
from rag.speech.sound import RATE, opened
from tests.recorded import BOARD, CODECS, SPOKEN, board, film, needs_speech, record

FAST = {"movflags": "faststart"}  # its index stands first


@pytest.fixture(scope="session")
def recogniser() -> Recogniser:
    """One for all tests of this process, since its model takes a while to load."""
    return Recogniser(model_of(Settings()), 1)


class Clockwork(Recogniser):
    """Hears a sentence in each ten seconds of sound that is no silence; it can be stopped after so many stretches."""

    def __init__(self, stretches: int = 1000):
        super().__init__("none")
        self.left, self.heard_at = stretches, []

    def heard(self, samples, language, last, tell=lambda _: None) -> Heard:
        if not self.left:
            raise KeyboardInterrupt
        self.left -= 1
        self.heard_at.append(len(samples) / RATE)
        used = len(samples) / RATE if last else STRETCH - 20
        cues = [Cue(at, at + 9, f"Sentence of level {samples[at * RATE]:.2f}.") for at in range(0, int(used), 10) if samples[at * RATE]]
        tell(used)
        return Heard(tuple(cues), used, language or "en")


def heard(path, by: Recogniser, tell=lambda seconds, of: None) -> list[Text]:
    with listening(Listener(by, None, tell)):
        return [block for block in read(path, path.name, path.parent, None) if isinstance(block, Text)]


@needs_speech
def test_what_is_said_has_its_sentences_and_their_times(recogniser):
    [text] = heard(BOARD, recogniser)
    first, second, third, fourth = text.text.split("\n")
    assert first.startswith("Good morning, and welcome") and "42,000 crowns" in second and "fog signal" in third and "new horn" in fourth
    (_, _), (_, end), (start, _), (_, last) = text.locator.said
    assert 6.5 < end < 8.5 and 9.5 < start < 11.5, "the pause of three seconds belongs to neither"
    assert 16 < last < 18.5


@needs_speech
def test_the_language_is_found_and_silence_and_music_say_nothing(recogniser, tmp_path):
    with opened(SPOKEN / "biblioteca.opus") as sound:
        found = recogniser.heard(np.concatenate(list(sound.pieces())), None, True)
    assert "biblioteca" in found.cues[0].text and "lunes" in found.cues[-1].text
    at = np.arange(20 * RATE) / RATE
    music = sum(np.sin(2 * np.pi * tone * at) / 10 for tone in (220, 277, 330, 440)) * (0.6 + 0.4 * np.sin(4 * np.pi * at))
    path = record(tmp_path / "music.flac", np.concatenate([music, np.zeros(10 * RATE)]))
    with pytest.raises(ReadError, match="No speech is heard"):
        heard(path, recogniser)


@needs_speech
def test_a_stretch_ends_in_a_pause(recogniser):
    speech, pause = board(), np.zeros(3 * RATE, np.float32)
    samples = np.concatenate([np.zeros(80 * RATE, np.float32), speech, pause, speech, speech])[: round(STRETCH * RATE)]
    found = recogniser.heard(samples, "en", False)
    assert 97 < found.used < 101, "in the pause between one who speaks and another, not in the shorter ones between sentences"
    assert "new horn" in found.cues[-1].text and found.cues[0].start > 79


@pytest.mark.parametrize("suffix", CODECS)
def test_every_format_is_decoded(suffix, tmp_path):
    tone = np.sin(np.arange(4 * RATE) * 2 * np.pi * 440 / RATE) / 2
    with opened(record(tmp_path / f"tone{suffix}", tone)) as sound:
        samples = np.concatenate(list(sound.pieces()))
    assert abs(len(samples) / RATE - 4) < 0.2
    middle = samples[RATE : 3 * RATE]
    assert 0.3 < np.abs(middle).max() < 0.8 and np.argmax(np.abs(np.fft.rfft(middle))) in range(875, 886), "the tone that was recorded"


def test_title_date_and_chapters(tmp_path):
    samples = np.concatenate([np.full(30 * RATE, 0.25), np.zeros(30 * RATE), np.full(30 * RATE, 0.5)])
    path = record(tmp_path / "talk.m4a", samples, "The harbour board", "Ada Lind", [(0, 60, "Breakwater"), (60, 90, "Fog signal")])
    with listening(Listener(Clockwork())):
        document, *texts = read(path, "talk.m4a", tmp_path, None)
    assert document == Document("The harbour board, Ada Lind", "2024-05-01")
    assert [(text.locator.heading, text.locator.time[0]) for text in texts] == [("Breakwater", 0.0), ("Fog signal", 60.0)]


def test_long_ones_are_heard_in_stretches_with_their_times_and_told(tmp_path):
    path = record(tmp_path / "long.flac", np.repeat(np.linspace(0.1, 0.9, 33), 10 * RATE))
    told, by = [], Clockwork()
    texts = heard(path, by, lambda seconds, of: told.append((round(seconds), round(of))))
    spans = [span for text in texts for span in text.locator.said]
    assert [start for start, _ in spans] == [10 * n for n in range(33)], "each once"
    assert by.heard_at == [120, 120, 120, 30]
    assert told[-1] == (330, 330) and [seconds for seconds, _ in told] == sorted(seconds for seconds, _ in told)


def test_one_that_was_stopped_is_not_heard_again(tmp_path):
    path = record(tmp_path / "long.flac", np.repeat(np.linspace(0.1, 0.9, 33), 10 * RATE))
    parts = tmp_path / "kept" / "long.parts"
    with resuming(parts), pytest.raises(KeyboardInterrupt):
        heard(path, Clockwork(2))
    by = Clockwork()
    with resuming(parts):
        texts = heard(path, by)
    assert len(by.heard_at) == 2, "of four"
    assert [start for text in texts for start, _ in text.locator.said] == [10 * n for n in range(33)]


def test_a_transcript_beside_it_is_read_for_it_and_noted(tmp_path):
    path = record(tmp_path / "talk.mp3", np.zeros(RATE), "Board")
    (tmp_path / "talk.srt").write_text("1\n00:00:01,000 --> 00:00:02,000\nWritten down.\n")
    (tmp_path / "talk.vtt").write_text("WEBVTT\n\nnothing\n")
    with noting() as noted:
        document, text = read(path, "talk.mp3", tmp_path, None)
    assert document.title == "Board" and text.text == "Written down." and text.locator.time == (1.0, 2.0)
    assert noted[tmp_path / "talk.srt"] and noted[tmp_path / "talk.mp3.lrc"] == ""


def test_what_cannot_be_heard_is_told_in_a_line(tmp_path):
    damaged, cut = tmp_path / "damaged.mp3", tmp_path / "cut.mp4"
    damaged.write_bytes(bytes(range(256)) * 200)
    cut.write_bytes(record(tmp_path / "whole.mp4", board()).read_bytes()[:4000])
    black = film(tmp_path / "black.mp4", [(2, Image.new("RGB", (640, 360)))])
    for path, reason in ((damaged, "damaged"), (cut, "damaged"), (black, "no sound in it")):
        with pytest.raises(ReadError, match=reason) as told:
            heard(path, Clockwork())
        assert told.value.hint and "\n" not in str(told.value)


@pytest.mark.parametrize("script", ["ffconcat version 1.0\nfile board.opus\n", "#EXTM3U\n#EXTINF:10,\nboard.opus\n#EXT-X-ENDLIST\n"])
def test_a_script_that_names_other_files_opens_none(script, tmp_path):
    (tmp_path / "board.opus").write_bytes(BOARD.read_bytes())
    (tmp_path / "list.mp3").write_text(script)
    with pytest.raises(ReadError, match="no recording"):
        heard(tmp_path / "list.mp3", Clockwork())


def test_half_a_recording_is_heard_as_far_as_it_goes(tmp_path):
    data = record(tmp_path / "whole.mp3", np.repeat(np.linspace(0.1, 0.9, 6), 10 * RATE)).read_bytes()
    (tmp_path / "half.mp3").write_bytes(data[: len(data) // 2] + bytes(3000))
    texts = heard(tmp_path / "half.mp3", Clockwork())
    assert [start for text in texts for start, _ in text.locator.said][:3] == [0, 10, 20]


def test_where_one_breaks_off_is_told(tmp_path):
    whole = film(tmp_path / "whole.mp4", [(40, Image.new("RGB", (640, 360)))], np.repeat([0.1, 0.2, 0.3, 0.4], 10 * RATE), options=FAST)
    data = whole.read_bytes()
    (tmp_path / "cut.mp4").write_bytes(data[: len(data) * 2 // 3])
    with listening(Listener(Clockwork())):
        assert not any(isinstance(block, Lost) for block in read(whole, whole.name, tmp_path, None))
        *texts, lost = read(tmp_path / "cut.mp4", "cut.mp4", tmp_path, None)
    assert lost.name == "the rest" and re.fullmatch(r"It breaks off at 0:2\d of 0:40\.", lost.reason) and lost.hint
    assert isinstance(texts[-1], Text)


def test_without_a_model_the_way_to_one_is_told():
    lacking = ModelUnavailable("No model is here.", "Get it.")
    with listening(Listener(Recogniser("none"), lacking)), pytest.raises(ReadError, match="No model is here") as told:
        list(read(BOARD, "board.opus", BOARD.parent, None))
    assert told.value.hint.startswith("Get it. A transcript")


def test_a_folder_that_is_no_model_is_told(tmp_path):
    (tmp_path / "model.bin").write_bytes(b"none")
    with pytest.raises(ReadError, match="cannot be loaded"):
        heard(BOARD, Recogniser(str(tmp_path)))
