"""The sound of a recording or film as numbers, piece by piece, its pictures now and then, and what its file says of itself.

Decoded by PyAV (FFmpeg's libraries). The only module that imports av.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from rag.errors import ReadError

if TYPE_CHECKING:
    import numpy as np
    from PIL.Image import Image

RATE = 16_000  # numbers a second, as Whisper takes them
SECONDS = 30  # of a piece
MOST_FAULTS = 100  # packets in a row that cannot be decoded
INDEXED = ("mov", "flac")  # formats that say how long they are wherever they are cut
CUT_OFF = 2.0  # seconds
SMALL = (160, 90)  # pixels of the small grey pictures of a film: letters of a slide just change them
MANY = 20  # pictures a second: of so many not all are decoded
LARGEST = 1920  # pixels of the longer side of a film's picture as it is kept
ALONE = {  # formats that hold their sound themselves: lists and scripts, which name other files and addresses, are none
    "format_whitelist": "aac,aiff,amr,amrnb,amrwb,asf,avi,caf,flac,matroska,webm,mov,mp4,m4a,mp3,ogg,w64,wav",
    "protocol_whitelist": "file",
}
_DAMAGED = "Play it and see whether it is whole; if it is, save it in another format."
SILENT = "There is no sound in it.", "Put a transcript of the same name beside it (.srt, .vtt), if there is one."
_PROTECTED = "It is protected against copying (DRM).", "Take in a copy without the protection, if you have one."


@dataclass(frozen=True)
class About:
    """What a file says of itself: `tags` by their names in small letters, seconds (0: not told), chapters by their beginning, and whether
    it has sound and moving pictures."""

    tags: dict[str, str]
    seconds: float = 0.0
    chapters: tuple[tuple[float, str], ...] = ()
    is_heard: bool = False
    is_seen: bool = False


@dataclass(frozen=True)
class View:
    """What a film shows at a time: small and grey, and the whole `picture`, which is made when it is called for."""

    at: float
    grey: np.ndarray
    picture: Callable[[], Image]


class Sound:
    """An open recording or film. Raises ReadError where it is none, is damaged or protected, or has no sound."""

    def __init__(self, container: Any):
        self._container = container
        self._decoded = 0.0

    def about(self) -> About:
        seconds = self._container.duration / 1_000_000 if self._container.duration else 0.0
        holders = filter(None, [self._heard, self._container])
        tags = {name.lower(): value for holder in holders for name, value in holder.metadata.items()}
        chapters = tuple(
            (float(each["start"] * each["time_base"]), each["metadata"].get("title", "")) for each in self._container.chapters()
        )
        return About(tags, max(seconds, 0.0), chapters, self._heard is not None, self._moving is not None)

    @property
    def breaks_off(self) -> tuple[float, float] | None:
        """The second at which its sound was at an end, and that at which it should be, by its index, which not every format has; None where
        they are the same."""
        track = self._heard
        if track is None or not track.duration or not self._container.format.name.startswith(INDEXED):
            return None
        whole = float(track.duration * track.time_base)
        return (self._decoded, whole) if 0 < self._decoded < whole - CUT_OFF else None

    @property
    def _heard(self) -> Any:
        """The sound track that players choose."""
        return self._container.streams.best("audio")

    @property
    def _moving(self) -> Any:
        from av.stream import Disposition

        return next((each for each in self._container.streams.video if not each.disposition & Disposition.attached_pic), None)

    def pieces(self, rate: int = RATE) -> Iterator[np.ndarray]:
        """The sound as float32 between -1 and 1, one channel, `rate` numbers a second, in pieces of half a minute."""
        import av
        import numpy as np

        if self._heard is None:
            raise ReadError(*SILENT)
        resampler = av.AudioResampler(format="s16", layout="mono", rate=rate)
        held: list[np.ndarray] = []
        size = 0
        for frame in self._frames(self._heard, "Its sound is damaged, or protected."):
            frame.pts = None
            try:
                parts = resampler.resample(frame)
            except (av.FFmpegError, ValueError):  # its format changes in the middle
                resampler = av.AudioResampler(format="s16", layout="mono", rate=rate)
                parts = resampler.resample(frame)
            for part in parts:
                numbers = part.to_ndarray().reshape(-1)
                held.append(numbers)
                size += len(numbers)
                self._decoded += len(numbers) / rate
            if size >= SECONDS * rate:
                yield np.concatenate(held).astype(np.float32) / 32768
                held, size = [], 0
        if size:
            yield np.concatenate(held).astype(np.float32) / 32768

    def beginning(self, seconds: float) -> np.ndarray:
        """Its first so many seconds, in one piece."""
        import numpy as np

        most, held, size = round(seconds * RATE), [np.zeros(0, np.float32)], 0
        for piece in self.pieces():
            held.append(piece)
            size += len(piece)
            if size >= most:
                break
        return np.concatenate(held)[:most]

    def views(self, every: float) -> Iterator[View]:
        """What it shows every so many seconds, where it shows anything; where a picture stands longer, when the next comes."""
        from av.video.reformatter import Interpolation, VideoReformatter

        stream = self._moving
        if stream is None:
            return
        stream.thread_type = "AUTO"
        rate = float(stream.average_rate or 25)
        if rate >= MANY:
            stream.codec_context.skip_frame = "NONREF"  # pictures on which no other is built; the others come often enough
        small, due = VideoReformatter(), 0.0
        start = (self._container.start_time or 0) / 1_000_000
        for number, frame in enumerate(self._frames(stream, "Its pictures are damaged, or protected.")):
            at = max(frame.time - start, 0.0) if frame.time is not None else number / rate
            if at < due:
                continue
            due = at - at % every + every
            grey = small.reformat(frame, *SMALL, format="gray", interpolation=Interpolation.AREA).to_ndarray()
            yield View(at, grey, partial(_picture, frame, float(stream.sample_aspect_ratio or 1)))

    def _frames(self, stream: Any, damaged: str) -> Iterator[Any]:
        """What can be decoded of a stream; packets that cannot are passed over while there are few."""
        import av

        decoded, faults = False, 0
        packets = self._container.demux(stream)
        while True:
            try:
                packet = next(packets)
                if packet.has_sidedata("encryption_info"):
                    raise ReadError(*_PROTECTED)
                for frame in packet.decode():
                    decoded, faults = True, 0
                    yield frame
            except StopIteration:
                break
            except av.FFmpegError as error:
                faults += 1
                if faults > MOST_FAULTS or isinstance(error, av.EOFError):
                    break
        if not decoded:
            raise ReadError(damaged, _DAMAGED)


def _picture(frame: Any, aspect: float) -> Image:
    """A frame as it is shown: turned, and stretched where its pixels are not square."""
    image: Image = frame.to_image()
    width = image.width * aspect
    scale = min(1.0, LARGEST / max(width, image.height))
    size = max(round(width * scale), 1), max(round(image.height * scale), 1)
    image = image.resize(size) if size != image.size else image
    return image.rotate(frame.rotation, expand=True) if frame.rotation else image


@contextmanager
def opened(file: Path | BinaryIO) -> Iterator[Sound]:
    """The recording or film at a path, or in an open file."""
    import av

    try:
        container = av.open(str(file) if isinstance(file, Path) else file, metadata_errors="replace", options=ALONE)
    except av.FFmpegError as error:
        raise ReadError("It is damaged, or no recording.", _DAMAGED) from error
    with container:
        yield Sound(container)
