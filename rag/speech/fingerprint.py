"""Recordings that are the same sound: cut, encoded anew, louder or softer.

A fingerprint has 32 bits for every HOP of sound, as Haitsma and Kalker make them ("A highly robust audio fingerprinting system", ISMIR
2002): of 33 bands between 300 and 2000 Hz, whether the difference of two neighbouring ones grows from one frame to the next. Frames are
longer and farther apart than theirs, so that an hour takes 112 KB; to make up for it, what is looked for is taken from several beginnings.
Where there is silence, nothing is known (0). Two recordings are compared at every shift at once, by their cross-correlation over the FFT;
what counts is the share of bits that agree where both are known. benchmarks/speech.md has what was measured.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rag.speech.sound import RATE, SECONDS

if TYPE_CHECKING:
    import numpy as np

FRAME, HOP = 8192, 2048  # numbers: 0.51 and 0.13 seconds
BANDS, LOWEST, HIGHEST = 33, 300.0, 2000.0  # Hz
SILENT = 1e-4  # of the energy of what is loud in the recording
LOUD = 0.95  # the quantile of the energy that is called so
STARTS = 4  # beginnings from which what is looked for is taken
LEAST = 24  # frames, three seconds, that must be compared
AGREE = 0.70  # share of their bits: of other recordings half of them agree, and seldom more
BLOCK = 16_384  # frames that are compared at once


@dataclass(frozen=True)
class Match:
    """Where a recording that is looked for begins in another (seconds; below 0 where it begins before it), for how long both were
    compared, and the share of bits that agree."""

    start: float
    seconds: float
    agree: float


def fingerprint(pieces: Iterable[np.ndarray]) -> bytes:
    """The fingerprint of sound that comes in pieces (float32, RATE numbers a second), 32 bits for each HOP; in bounded memory."""
    import numpy as np

    bands, held = [np.zeros((0, BANDS), np.float32)], np.zeros(0, np.float32)
    edges = np.rint(np.geomspace(LOWEST, HIGHEST, BANDS + 1) * FRAME / RATE).astype(int)
    window = np.hanning(FRAME).astype(np.float32)
    for piece in pieces:
        held = np.concatenate([held, piece])
        count = max((len(held) - FRAME) // HOP + 1, 0)
        if count:
            frames = np.lib.stride_tricks.sliding_window_view(held, FRAME)[: count * HOP : HOP]
            power = np.abs(np.fft.rfft(frames * window)).astype(np.float32) ** 2
            bands.append(np.add.reduceat(power, edges, axis=1)[:, :BANDS])
            held = held[count * HOP :]
    return _bits(np.concatenate(bands)).astype("<u4").tobytes()


def _bits(energy: np.ndarray) -> np.ndarray:
    """A number of 32 bits for each frame but the first."""
    import numpy as np

    if len(energy) < 2:
        return np.zeros(0, np.uint32)
    steps = np.diff(np.diff(energy, axis=1), axis=0) < 0
    bits = np.packbits(steps, axis=1).view(">u4").ravel().astype(np.uint32)
    whole = energy.sum(axis=1)
    loud = whole > max(SILENT * float(np.quantile(whole, LOUD)), 1e-9)
    bits[~(loud[1:] & loud[:-1])] = 0
    return bits


class Sought:
    """A recording that is looked for in others."""

    def __init__(self, sound: np.ndarray):
        size = SECONDS * RATE
        self._marks = [
            _known(fingerprint(sound[at : at + size] for at in range(start, len(sound), size))) for start in range(0, HOP, HOP // STARTS)
        ]
        self._length = max(map(len, self._marks))
        self._spectra: dict[int, list[np.ndarray]] = {}

    def within(self, mark: bytes, least: float = AGREE) -> Match | None:
        """Where it is in, or holds, the recording with the fingerprint `mark`; None where it is another one, of whose bits fewer than
        `least` agree."""
        import numpy as np

        known = _known(mark)
        if not self._length or not len(known):
            return None
        size = min(_power(len(known) + 2 * self._length), max(BLOCK, _power(4 * self._length)))
        padding = np.zeros((self._length - 1, BANDS), np.float32)
        known = np.concatenate([padding, known, padding])
        best: Match | None = None
        step = size - self._length + 1
        for at in range(0, len(known) - self._length + 1, step):
            block = np.fft.rfft(known[at : at + size], size, axis=0)
            for number, spectrum in enumerate(self._of(size)):
                found = self._best(block, spectrum, size, step)
                if found[1] >= least and found[2] and (best is None or (found[1], found[2]) > (best.agree, best.seconds)):
                    shift = (at + found[0] - self._length + 1) * HOP - number * (HOP // STARTS)
                    best = Match(shift / RATE, found[2] * HOP / RATE, found[1])
        return best

    def _best(self, block: np.ndarray, spectrum: np.ndarray, size: int, step: int) -> tuple[int, float, int]:
        """The shift at which most bits agree, their share, and how many frames were compared (0: too few)."""
        import numpy as np

        product = block * spectrum
        alike = np.fft.irfft(product[:, :-1].sum(axis=1), size)[:step]
        frames = np.fft.irfft(product[:, -1], size)[:step]
        share = np.where(frames > LEAST - 0.5, 0.5 + alike / (2 * (BANDS - 1) * np.maximum(frames, 1)), 0)
        at = int(share.argmax())
        return at, float(share[at]), round(float(frames[at])) if share[at] else 0

    def _of(self, size: int) -> Sequence[np.ndarray]:
        import numpy as np

        if size not in self._spectra:
            self._spectra[size] = [np.conj(np.fft.rfft(mark, size, axis=0)) for mark in self._marks]
        return self._spectra[size]


def _known(mark: bytes) -> np.ndarray:
    """A row of bits as 1 and -1 for each frame, and last whether anything is known of it; 0 where nothing is."""
    import numpy as np

    numbers = np.frombuffer(mark, "<u4")
    bits = np.unpackbits(numbers.astype(">u4").view(np.uint8).reshape(-1, 4), axis=1).astype(np.float32)
    known = (numbers != 0).astype(np.float32)[:, None]
    return np.concatenate([(2 * bits - 1) * known, known], axis=1)


def _power(number: int) -> int:
    """The next power of two."""
    return 1 << max(number - 1, 1).bit_length()
