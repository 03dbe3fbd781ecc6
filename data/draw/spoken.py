"""Two recordings and a lecture with slides, spoken by espeak-ng: an interview, a meeting with its parts, a talk on a lost crate.

Printed on the way: when each sentence begins, for the gold.
"""

from __future__ import annotations

import subprocess
import tempfile
import wave
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
from PIL import Image

from canvas import SAMPLE, circle, line, path, rect, screenshot, svg, words
from canvas import wave as water

RATE = 22_050  # of espeak-ng
PICTURES = 10  # a second
WIDTH, HEIGHT = 960, 540
BETWEEN, TURN = 0.5, 1.2  # seconds between sentences, and between those of two who speak

ASKS, HELEN, CHAIR, CLERK, LECTURER = "en-us", "en-gb+f3", "en-gb", "en-us+f2", "en-gb+m3"


@dataclass(frozen=True)
class Turn:
    """What one says, sentence by sentence; in a film under a slide, in a meeting as the beginning of a part."""

    voice: str
    sentences: tuple[str, ...]
    over: str = ""


INTERVIEW = (
    Turn(ASKS, ("This is the fourteenth of June, nineteen eighty seven.", "I am talking to Helen Carter, the daughter of a keeper.",
        "Mrs Carter, where were you born?")),
    Turn(HELEN, ("In the middle cottage, in the spring of nineteen twenty nine.",
        "There were no other girls at the station, so I played football with the boys from the village.")),
    Turn(ASKS, ("Did your family keep animals?",)),
    Turn(HELEN, ("We kept two goats, and we called them Salt and Pepper.",
        "Pepper ate my father's best hat on the day of an inspection, and he had to salute without it.")),
    Turn(ASKS, ("What do you remember of the great winter?",)),
    Turn(HELEN, ("That was nineteen forty seven.", "The road was closed by snow for nineteen days.",
        "The postman came on skis, and he pulled our bread behind him on a sledge.", "We burned the old fence to keep the kitchen warm.")),
    Turn(ASKS, ("And how was it in the war?",)),
    Turn(HELEN, ("The lamp was dark, and it was lit only when a convoy passed.",
        "The order came by telephone, and the secret word was marmalade.", "To this day I cannot eat it without listening for the bell.")),
    Turn(ASKS, ("Did you have work to do?",)),
    Turn(HELEN, ("I read the signal flags of the ships, and my father paid me a penny for every name that I wrote down.",
        "I saved for two years, and bought a bicycle for eleven crowns.")),
    Turn(ASKS, ("Which place did you like best?",)),
    Turn(HELEN, ("There is a window half way up the stair.",
        "I sat there with my books when it rained, and the tower hummed like a kettle.")),
)  # fmt: skip
MEETING = (
    Turn(CHAIR, ("Good evening.", "I open the meeting of the Friends of the Lights, on the ninth of March, twenty twenty one.",
        "Fourteen members are here."), "Opening"),
    Turn(CHAIR, ("The first item is the roof of the boat house.", "The builder found rot in six beams.",
        "He asks eighteen thousand four hundred crowns for oak, and eleven thousand for pine.",
        "We vote for oak, with nine hands against five."), "The roof of the boat house"),
    Turn(CLERK, ("A school has given us a telescope.", "It stands on the upper gallery, and visitors pay nothing for it.",
        "A box for gifts hangs beside it, and in the first month it took two hundred and sixty crowns."), "The telescope"),
    Turn(CHAIR, ("In October the deck of the lightship will be sealed anew.",
        "There are eleven hundred metres of seams, and the work takes three weeks."), "The deck of the lightship"),
    Turn(CLERK, ("The lantern supper is moved from the seventh to the twenty first of November, because the cook goes to a wedding.",
        "A ticket costs fifteen crowns, and children eat free."), "The lantern supper"),
    Turn(CHAIR, ("We meet again on the first Tuesday of June, at half past seven, in the lens hall.", "Please bring a lamp."),
        "The next meeting"),
)  # fmt: skip
LECTURE = (
    Turn(LECTURER, ("Welcome to this lecture.", "Tonight we look for a wooden box that nobody has seen for a hundred and seventy years."),
        "title"),
    Turn(LECTURER, ("In eighteen forty nine the great lens came by sea, and one crate slipped from the crane.",
        "It held forty spare prisms, packed in straw, and it weighed three hundred and ten kilograms."), "crate"),
    Turn(LECTURER, ("The crane stood on the north side of the quay.",
        "The water is eleven metres deep there, and under it lie three metres of soft mud.",
        "Whatever falls in goes on sinking for years."), "place"),
    Turn(LECTURER, ("Three people have looked for it.", "In nineteen thirty eight, a diver came up with two boots.",
        "In nineteen seventy nine, a magnet brought up an anchor.",
        "The sonar of twenty sixteen showed a square shadow, and that is why we are here."), "searches"),
    Turn(LECTURER, ("What would it cost to raise it?",
        "The divers ask thirty eight thousand crowns, the barge with its crane seventeen thousand, and the cleaning of the glass nine "
        "thousand.",
        "We have saved a fifth of that."), "cost"),
    Turn(LECTURER, ("Let us go back to the map once more.",
        "The harbour master allows us to dig in the last week of March, when no ship uses the wharf."), "place"),
    Turn(LECTURER, ("Thank you.", "If you want to help, put a coin into the jar with the anchor on it."), "thanks"),
)  # fmt: skip


def said(voice: str, text: str) -> np.ndarray:
    """A sentence as numbers between -1 and 1, without the silence around it."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "said.wav")
        subprocess.run(["espeak-ng", "-v", voice, "-s", "145", "-w", str(file), text], check=True)
        with wave.open(str(file)) as sound:
            samples = np.frombuffer(sound.readframes(sound.getnframes()), np.int16) / 32768
    loud = np.flatnonzero(np.abs(samples) > 0.01)
    return samples[loud[0] : loud[-1] + 1]


def spoken(turns: Sequence[Turn]) -> tuple[np.ndarray, list[float]]:
    """All of it, and the second at which each turn begins."""
    pieces, starts, at = [np.zeros(RATE // 2)], [], 0.5
    for turn in turns:
        starts.append(at)
        for number, sentence in enumerate(turn.sentences):
            print(f"{at:7.1f}  {sentence}")
            pause = BETWEEN if number + 1 < len(turn.sentences) else TURN
            pieces += [samples := said(turn.voice, sentence), np.zeros(round(pause * RATE))]
            at += len(samples) / RATE + pause
    return np.concatenate(pieces), starts


def written(
    name: str,
    samples: np.ndarray,
    about: dict[str, str],
    parts: Sequence[tuple[float, str]] = (),
    shown: Sequence[tuple[float, Image.Image]] = (),
) -> None:
    """Write data/sample/spoken/`name`: its sound, its parts by where they begin, and of a film the pictures that come one after another."""
    target = SAMPLE / "spoken" / name
    target.parent.mkdir(parents=True, exist_ok=True)
    whole = len(samples) / RATE
    with av.open(str(target), "w", options={"movflags": "faststart"} if shown or parts else {}) as out:
        out.metadata.update(about)
        ends = [*(start for start, _ in parts[1:]), whole]
        marks = [
            {
                "id": number,
                "start": round(1000 * start),
                "end": round(1000 * end),
                "time_base": Fraction(1, 1000),
                "metadata": {"title": title},
            }
            for number, ((start, title), end) in enumerate(zip(parts, ends, strict=False))
        ]
        out.set_chapters(marks)
        film: Any = out.add_stream("libx264", rate=PICTURES, options={"crf": "27", "preset": "veryslow"}) if shown else None
        voice: Any = out.add_stream("mp3" if target.suffix == ".mp3" else "aac", rate=RATE, layout="mono")
        voice.bit_rate = 32_000
        if film:
            film.width, film.height, film.pix_fmt, film.gop_size = WIDTH, HEIGHT, "yuv420p", 10 * PICTURES
            until = [*(start for start, _ in shown[1:]), whole]
            for (start, image), end in zip(shown, until, strict=True):
                for _ in range(round(start * PICTURES), round(end * PICTURES)):
                    out.mux(film.encode(av.VideoFrame.from_image(image)))
            out.mux(film.encode(None))
        frame = av.AudioFrame.from_ndarray((samples * 32767).astype(np.int16).reshape(1, -1), format="s16", layout="mono")
        frame.rate, frame.pts = RATE, 0
        resampler = av.AudioResampler(format=voice.format.name, layout="mono", rate=RATE, frame_size=voice.frame_size)
        for part in [*resampler.resample(frame), *resampler.resample(None)]:
            out.mux(voice.encode(part))
        out.mux(voice.encode(None))
    print(f"{target.name}: {whole:.0f} s, {target.stat().st_size / 1000:.0f} kB\n")


def slide(title: str, body: str) -> Image.Image:
    """A slide under its title, in the museum's blue."""
    head = rect(0, 0, WIDTH, 86, "#1d3f5e") + words(48, 57, title, 38, "#ffffff", "start")
    foot = words(912, 520, "Museum of Coast Lights", 15, "#7d8894", "end")
    return screenshot(svg(WIDTH, HEIGHT, rect(0, 0, WIDTH, HEIGHT, "#fbfaf6") + head + body + foot), WIDTH, HEIGHT)


def points(*told: str) -> str:
    return "".join(
        circle(76, 171 + 72 * row, 6, "#b3402e") + words(100, 182 + 72 * row, text, 32, anchor="start") for row, text in enumerate(told)
    )


def table(rows: Sequence[Sequence[str]]) -> str:
    drawn = ""
    for number, row in enumerate(rows):
        y = 160 + 76 * number
        drawn += line(60, y + 24, 900, y + 24, "#b9c1c8", 2 if number else 4)
        drawn += "".join(
            words(x, y, cell, 30, "#22303c" if number else "#1d3f5e", "start") for x, cell in zip((70, 250, 560), row, strict=True)
        )
    return drawn


def harbour() -> str:
    """The quay with its crane, cut open: water, mud, and where the crate may lie."""
    return (
        rect(0, 86, WIDTH, 160, "#dcebf3") + rect(0, 246, WIDTH, 130, "#5b93ad") + water(246, WIDTH, 260, "#5b93ad", 6, 80)
        + rect(0, 376, WIDTH, 164, "#7a6650") + path("M0 220H330V470H0Z", "#9a9a94") + rect(0, 210, 340, 14, "#6f6f69")
        + line(250, 210, 250, 110, "#b3402e", 9) + line(250, 112, 430, 140, "#b3402e", 7) + line(430, 140, 430, 236, "#444444", 2)
        + rect(520, 420, 64, 44, "#c79a5b", 'stroke="#5b4324" stroke-width="4"') + words(552, 496, "the crate?", 22, "#ffffff")
        + words(90, 290, "Crane wharf", 26, "#22303c", "start") + words(690, 318, "Water: 11 metres", 28, "#ffffff", "start")
        + words(690, 440, "Mud: 3 metres", 28, "#ffffff", "start")
    )  # fmt: skip


def bars() -> str:
    drawn = ""
    for row, (what, crowns) in enumerate((("Divers", 38_000), ("Crane barge", 17_000), ("Cleaning the glass", 9_000))):
        y = 150 + 104 * row
        drawn += words(60, y + 36, what, 28, anchor="start") + rect(340, y, crowns / 100, 52, "#3a7ca5")
        drawn += words(356 + crowns / 100, y + 36, f"{crowns:,} crowns", 26, anchor="start")
    return drawn + line(340, 140, 340, 430, "#22303c", 3)


def slides() -> dict[str, Image.Image]:
    return {
        "title": slide("The lost crate", words(480, 280, "A lecture at Tessaly Quay", 40) + words(480, 340, "12 May 2018", 30, "#55626e")),
        "crate": slide(
            "What fell into the harbour", points("One crate of ninety-two", "Forty spare prisms in straw", "Weight: 310 kilograms")
        ),
        "place": slide("Where it fell", harbour()),
        "searches": slide(
            "Three searches",
            table(
                [
                    ("Year", "Means", "Found"),
                    ("1938", "a diver", "two boots"),
                    ("1979", "a magnet", "an anchor"),
                    ("2016", "sonar", "a square shadow"),
                ]
            ),
        ),
        "cost": slide("What it would cost to raise it", bars()),
        "thanks": slide("Thank you", words(480, 300, "Questions?", 56)),
    }


def everything() -> None:
    samples, _ = spoken(INTERVIEW)
    about = {"title": "Helen Carter remembers Skerrin Head", "artist": "Museum of Coast Lights", "date": "1987-06-14"}
    written("helen-carter-1987.mp3", samples, about)
    samples, starts = spoken(MEETING)
    parts = [(start, turn.over) for start, turn in zip(starts, MEETING, strict=True)]
    written("friends-of-the-lights.m4a", samples, {"title": "Meeting of the Friends of the Lights", "date": "2021-03-09"}, parts)
    samples, starts = spoken(LECTURE)
    drawn = slides()
    shown = [(start if number else 0.0, drawn[turn.over]) for number, (start, turn) in enumerate(zip(starts, LECTURE, strict=True))]
    written("the-lost-crate.mp4", samples, {"title": "The lost crate, a lecture", "date": "2018-05-12"}, shown=shown)
