"""The sound of a recording or film as numbers, piece by piece, and what its file says of itself; decoded by PyAV (FFmpeg's libraries).

The only module that imports av.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from rag.errors import ReadError

if TYPE_CHECKING:
    import numpy as np

RATE = 16_000  # numbers a second, as Whisper takes them
PIECE = 30 * RATE
MOST_FAULTS = 100  # packets in a row that cannot be decoded
ALONE = {  # formats that hold their sound themselves: lists and scripts, which name other files and addresses, are none
    "format_whitelist": "aac,aiff,amr,amrnb,amrwb,asf,avi,caf,flac,matroska,webm,mov,mp4,m4a,mp3,ogg,w64,wav",
    "protocol_whitelist": "file",
}
_DAMAGED = "Play it and see whether it is whole; if it is, save it in another format."


@dataclass(frozen=True)
class About:
    """What a file says of itself: `tags` by their names in small letters, seconds (0: not told), chapters by their beginning."""

    tags: dict[str, str]
    seconds: float = 0.0
    chapters: tuple[tuple[float, str], ...] = ()


class Sound:
    """An open recording or film. Raises ReadError where it is none, is damaged, or has no sound."""

    def __init__(self, container: Any):
        self._container = container

    def about(self) -> About:
        seconds = self._container.duration / 1_000_000 if self._container.duration else 0.0
        holders = [*self._container.streams.audio[:1], self._container]
        tags = {name.lower(): value for holder in holders for name, value in holder.metadata.items()}
        chapters = tuple(
            (float(each["start"] * each["time_base"]), each["metadata"].get("title", "")) for each in self._container.chapters()
        )
        return About(tags, max(seconds, 0.0), chapters)

    @property
    def _sounding(self) -> Any:
        streams = self._container.streams.audio
        if not streams:
            raise ReadError("There is no sound in it.", "Put a transcript of the same name beside it (.srt, .vtt), if there is one.")
        return streams[0]

    def pieces(self) -> Iterator[np.ndarray]:
        """The sound as float32 between -1 and 1, one channel, in pieces of half a minute."""
        import av
        import numpy as np

        resampler = av.AudioResampler(format="s16", layout="mono", rate=RATE)
        held: list[np.ndarray] = []
        size = 0
        for frame in self._frames():
            try:
                parts = resampler.resample(frame)
            except (av.FFmpegError, ValueError):  # its format changes in the middle
                resampler = av.AudioResampler(format="s16", layout="mono", rate=RATE)
                parts = resampler.resample(frame)
            for part in parts:
                numbers = part.to_ndarray().reshape(-1)
                held.append(numbers)
                size += len(numbers)
            if size >= PIECE:
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

    def _frames(self) -> Iterator[Any]:
        """What can be decoded; packets that cannot are passed over while there are few."""
        import av

        stream = self._sounding
        decoded, faults = False, 0
        packets = self._container.demux(stream)
        while True:
            try:
                packet = next(packets)
                for frame in packet.decode():
                    decoded, faults = True, 0
                    frame.pts = None
                    yield frame
            except StopIteration:
                break
            except av.FFmpegError as error:
                faults += 1
                if faults > MOST_FAULTS or isinstance(error, av.EOFError):
                    break
        if not decoded:
            raise ReadError("Its sound is damaged, or protected.", _DAMAGED)


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
