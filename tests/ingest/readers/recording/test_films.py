"""Films by their pictures: one for each scene, with its time, its words and what is said meanwhile; what cannot be had, in a line."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image, ImageDraw

from ingest.blocks import Document, Figure, Lost, Text
from ingest.describe import describe
from ingest.readers import read
from ingest.readers.recording.listen import Listener, listening
from ingest.readers.recording.scenes import scenes
from ingest.readers.resumed import resuming
from rag.errors import ModelUnavailable, ReadError
from rag.pictures.ocr import Ocr
from rag.records import Appearance, Hit, Routes
from rag.speech.recognise import Recogniser
from rag.speech.sound import RATE, Sound, opened
from tests.ingest.readers.recording.test_recordings import Clockwork
from tests.recorded import board, film, slide

HARBOUR = slide("The harbour at night", "Depth of the water: 11 metres", "Width of the quay: 40 metres")
COSTS = slide("Costs", "Crane 3,100 crowns", "Chain 420 crowns", ground="#203040")
POINTS = ["Plan", "First the survey", "Then the dredger"]
SAID = [("01", "04", "At low water a man can stand here."), ("04", "06", "The quay is wide."), ("07", "09", "It costs.")]
SUBTITLES = "WEBVTT\n\n" + "".join(f"00:{start}.000 --> 00:{end}.000\n{text}\n\n" for start, end, text in SAID)


def spans(path) -> list[tuple[float, float]]:
    with opened(path) as sound:
        return [(round(each.start), round(each.end)) for each in scenes(sound)]


def blocks(path, by: Recogniser | None = None) -> list[Document | Text | Figure | Lost]:
    with listening(Listener(by or Clockwork())):
        return list(read(path, path.name, path.parent, None))


@pytest.mark.parametrize("suffix", [".mp4", ".m4v", ".mov", ".mkv", ".webm", ".avi"])
def test_scenes_are_found_at_their_times_in_every_format(suffix, tmp_path):
    path = film(tmp_path / f"talk{suffix}", [(6, HARBOUR), (4, COSTS), (3, slide(*POINTS))])
    assert spans(path) == [(0, 6), (6, 10), (10, 13)]


def test_a_slide_that_fills_is_one_and_is_shown_full(tmp_path):
    path = film(tmp_path / "plan.mp4", [(4, COSTS), *[(3, slide(*POINTS[:n])) for n in (1, 2, 3)], (4, HARBOUR)])
    document, _, plan, _ = [each for each in blocks(path) if not isinstance(each, Lost)]
    assert document == Document() and plan.locator.time == (4.0, 13.0)
    assert Ocr(threads=1).read(plan.image).split() == " ".join(POINTS).split()


def test_a_slide_that_is_shown_again_is_the_same_picture(tmp_path):
    path = film(tmp_path / "again.mp4", [(4, HARBOUR), (4, COSTS), (4, HARBOUR)])
    first, costs, again = [each for each in blocks(path) if isinstance(each, Figure)]
    assert first.data == again.data != costs.data and (first.locator.time, again.locator.time) == (
        (0.0, 4.0),
        (8.0, pytest.approx(12, abs=0.1)),
    )


def test_who_moves_in_the_corner_parts_no_scene_and_cuts_part_what_moves(tmp_path):
    chance = np.random.default_rng(1)

    def speaker(number: int) -> Image.Image:
        image, (x, y) = HARBOUR.copy(), chance.normal((580, 310), 4)
        ImageDraw.Draw(image).ellipse((x - 22, y - 28, x + 22, y + 28), fill="#c98")
        return image

    def passing(colour: str, step: int):
        def at(number: int) -> Image.Image:
            image = Image.new("RGB", (640, 360), colour)
            for n in range(12):
                left, top = (n * 97 + number * step) % 700 - 60, n * 53 % 360
                ImageDraw.Draw(image).rectangle((left, top, left + 40, top + 90), fill=(n * 20, 255 - n * 20, 128))
            return image

        return at

    faded = [(1, lambda number: Image.blend(HARBOUR, COSTS, number / 5)), (4, COSTS)]
    shots = [(8, speaker), (5, COSTS), (6, passing("#7ac", 17)), (6, passing("#222", -23)), (8, speaker), *faded]
    assert spans(film(tmp_path / "mixed.mp4", shots)) == [(0, 8), (8, 13), (13, 19), (19, 25), (25, 34), (34, 38)]


def test_a_picture_has_what_is_said_meanwhile_and_comes_before_it(tmp_path):
    path = film(tmp_path / "talk.mp4", [(6, HARBOUR), (4, COSTS)], np.zeros(10 * RATE))
    path.with_suffix(".vtt").write_text(SUBTITLES)
    _, harbour, text, costs = list(read(path, "talk.mp4", tmp_path, None))
    assert harbour.around == "At low water a man can stand here.\nThe quay is wide." and costs.around == "It costs."
    assert harbour.locator.said == ((1.0, 4.0), (4.0, 6.0)) and text.text.startswith(harbour.around)


def test_a_quote_of_what_is_said_meanwhile_has_its_own_time(tmp_path):
    path = film(tmp_path / "talk.mp4", [(6, HARBOUR), (4, COSTS)])
    path.with_suffix(".vtt").write_text(SUBTITLES)
    harbour = list(read(path, "talk.mp4", tmp_path, None))[1]
    record = describe(harbour, "key", Ocr(threads=1).read(harbour.image))
    assert "Depth of the water: 11 metres" in record.text
    place = Appearance("talk.mp4", None, None, record.locator)
    hit = Hit(1, 1.0, "image", "talk.mp4", None, None, record.locator, record.text, None, (place,), Routes(), record.text)
    assert hit.where("The quay is wide.").time == (4.0, 6.0)
    assert hit.where("Depth of the water: 11 metres").moment == "0:00" and hit.locator.to_dict()["time"] == [0.0, 6.0]


def test_chapters_are_over_the_pictures_as_over_the_words(tmp_path):
    parts = [(0, 12, "Water"), (12, 30, "Money")]
    path = film(tmp_path / "heard.mkv", [(12, HARBOUR), (18, COSTS)], np.repeat([0.1, 0.2, 0.3], 10 * RATE), parts)
    _, *found = blocks(path)
    assert [type(each) for each in found] == [Figure, Text, Figure, Text]
    assert [each.locator.heading for each in found] == ["Water", "Water", "Money", "Money"]
    assert [len(each.locator.said) for each in found] == [1, 2, 2, 1], "each sentence where its middle is"


def test_without_sound_the_pictures_are_taken_in_and_the_sound_is_told_lost(tmp_path):
    *_, picture, lost = blocks(film(tmp_path / "silent.mp4", [(4, HARBOUR)]))
    assert isinstance(picture, Figure) and lost.name == "sound" and "no sound" in lost.reason and ".srt" in lost.hint


def test_one_whose_pictures_were_looked_through_is_not_looked_through_again(tmp_path, monkeypatch):
    path = film(tmp_path / "heard.mp4", [(5, HARBOUR), (5, COSTS)], np.full(10 * RATE, 0.2))
    with resuming(tmp_path / "kept" / "parts"), pytest.raises(KeyboardInterrupt):
        blocks(path, Clockwork(0))
    monkeypatch.setattr(Sound, "views", lambda *_: pytest.fail("it was looked through before"))
    with resuming(tmp_path / "kept" / "parts"):
        assert sum(isinstance(each, Figure) for each in blocks(path)) == 2


def test_without_a_model_a_film_is_taken_in_by_its_pictures_and_its_sound_is_told_lost(tmp_path):
    path = film(tmp_path / "talk.mp4", [(4, HARBOUR)], board()[: 4 * RATE])
    lacking = Listener(Recogniser("none"), ModelUnavailable("No model is here.", "Get it."))
    with listening(lacking):
        *_, picture, lost = read(path, path.name, tmp_path, None)
        assert isinstance(picture, Figure) and lost.name == "sound"
        assert lost.reason == "No model is here." and lost.hint.startswith("Get it.") and ".srt" in lost.hint
        black = film(tmp_path / "black.mp4", [(2, Image.new("RGB", (640, 360)))], np.zeros(2 * RATE))
        with pytest.raises(ReadError, match="No model is here"):
            list(read(black, black.name, tmp_path, None))
    with pytest.raises(ReadError, match="cannot be loaded"):
        blocks(path, Recogniser(str(tmp_path)))


def test_a_protected_or_damaged_film_is_told_in_a_line(tmp_path):
    keys = {"encryption_scheme": "cenc-aes-ctr", "encryption_key": "76" * 16, "encryption_kid": "a7" * 16}
    with pytest.raises(ReadError, match=r"protected against copying") as told:
        blocks(film(tmp_path / "bought.mp4", [(4, HARBOUR)], np.zeros(4 * RATE), options=keys))
    assert told.value.hint and "\n" not in str(told.value)
    whole = film(tmp_path / "whole.mkv", [(4, HARBOUR)], np.full(12 * RATE, 0.2)).read_bytes()
    (tmp_path / "cut.mkv").write_bytes(whole[: len(whole) * 3 // 4])
    assert any(isinstance(each, Figure) for each in blocks(tmp_path / "cut.mkv")), "as far as it goes"
    (tmp_path / "noise.mp4").write_bytes(bytes(range(256)) * 100)
    with pytest.raises(ReadError, match="damaged"):
        blocks(tmp_path / "noise.mp4")
