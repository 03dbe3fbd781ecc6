"""Recordings for tests: two spoken by espeak-ng 1.51 (`tests/data/spoken`), in any format that PyAV writes, with chapters and titles.

espeak-ng -v en-gb -s 140 -m -w board.wav '<speak>Good morning, ... <break time="3s"/> Fishermen say ...</speak>'
espeak-ng -v es -s 130 -w biblioteca.wav 'La biblioteca abre a las nueve de la mañana. El lunes está cerrada.'
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
from PIL import Image, ImageDraw

from rag import Settings
from rag.speech.recognise import missing
from rag.speech.sound import opened

SPOKEN = Path(__file__).parent / "data" / "spoken"
BOARD = SPOKEN / "board.opus"
CODECS = {
    ".wav": "pcm_s16le", ".mp3": "mp3", ".m4a": "aac", ".aac": "aac", ".ogg": "flac", ".opus": "libopus", ".flac": "flac", ".wma": "wmav2",
    ".amr": "libopencore_amrnb", ".mp4": "aac", ".m4v": "aac", ".mov": "aac", ".mkv": "libopus", ".webm": "libopus", ".avi": "mp3",
}  # fmt: skip
RATES = {"libopus": 48_000, "libopencore_amrnb": 8_000, "mp3": 44_100, "aac": 44_100, "wmav2": 44_100}

needs_speech = pytest.mark.skipif(missing(Settings()) is not None, reason="the model of speech is not here: make speech")


def board() -> np.ndarray:
    """The harbour board's 17 seconds as numbers."""
    return samples(BOARD)


def samples(path: Path) -> np.ndarray:
    """A recording as numbers."""
    with opened(path) as sound:
        return np.concatenate(list(sound.pieces()))


def record(
    path: Path,
    samples: np.ndarray,
    title: str = "",
    artist: str = "",
    chapters: Sequence[tuple[int, int, str]] = (),
    bits: int = 32_000,
) -> Path:
    """Write numbers (16,000 a second) as the recording or film that the suffix of `path` tells, with so many bits a second."""
    codec = CODECS[path.suffix]
    rate = RATES.get(codec, 16_000)
    with av.open(str(path), "w", format={".wma": "asf", ".m4v": "mp4"}.get(path.suffix)) as out:
        out.metadata.update({name: value for name, value in (("title", title), ("artist", artist), ("date", "2024-05-01")) if value})
        _part(out, chapters)
        stream = out.add_stream(codec, rate=rate, layout="mono")
        stream.bit_rate = 12_200 if codec == "libopencore_amrnb" else bits
        _sound(out, stream, samples)
    return path


def slide(*lines: str, ground: str = "white") -> Image.Image:
    """A slide with a heading and lines below it."""
    image = Image.new("RGB", (640, 360), ground)
    draw = ImageDraw.Draw(image)
    for number, line in enumerate(lines):
        draw.text((40, 30 + number * 50), line, fill="black" if ground == "white" else "white", font_size=26 if number else 34)
    return image


def film(
    path: Path,
    shots: Sequence[tuple[float, Image.Image | Callable[[int], Image.Image]]],
    samples: np.ndarray | None = None,
    chapters: Sequence[tuple[int, int, str]] = (),
    rate: int = 5,
    options: dict[str, str] | None = None,
) -> Path:
    """Write a film: each picture (or what gives the picture of a number) for so many seconds, with numbers for its sound, where it has any;
    `options` are those of its container."""
    with av.open(str(path), "w", format={".m4v": "mp4"}.get(path.suffix), options=options or {}) as out:
        _part(out, chapters)
        shown = out.add_stream("libvpx" if path.suffix == ".webm" else "mpeg4" if path.suffix == ".avi" else "libx264", rate=rate)
        shown.width, shown.height, shown.pix_fmt, shown.bit_rate = 640, 360, "yuv420p", 400_000
        heard = None if samples is None else out.add_stream(CODECS[path.suffix], rate=RATES[CODECS[path.suffix]], layout="mono")
        for seconds, picture in shots:
            for number in range(round(seconds * rate)):
                image = picture(number) if callable(picture) else picture
                out.mux(shown.encode(av.VideoFrame.from_image(image)))
        out.mux(shown.encode(None))
        if heard is not None and samples is not None:
            _sound(out, heard, samples)
    return path


def _part(out: Any, chapters: Sequence[tuple[int, int, str]]) -> None:
    if chapters:
        second = Fraction(1, 1)
        out.set_chapters(
            [
                {"id": n, "start": start, "end": end, "time_base": second, "metadata": {"title": name}}
                for n, (start, end, name) in enumerate(chapters)
            ]
        )


def _sound(out: Any, stream: Any, samples: np.ndarray) -> None:
    frame = av.AudioFrame.from_ndarray((samples * 32767).astype(np.int16).reshape(1, -1), format="s16", layout="mono")
    frame.rate, frame.pts = 16_000, 0
    resampler = av.AudioResampler(format=stream.format.name, layout="mono", rate=stream.rate, frame_size=stream.frame_size or 1024)
    for part in [*resampler.resample(frame), *resampler.resample(None)]:
        out.mux(stream.encode(part))
    out.mux(stream.encode(None))
