"""Pictures that are copies of one another: resized, recompressed, in another format.

A picture's fingerprint is a perceptual hash: its size, its grey values averaged over 64 x 64 cells, and its colours over 8 x 8. Two
pictures are copies where their proportions agree and no cell differs by more than the copying explains: TOLERANCE grey levels, and what a
shift by SHIFT pixels of the smaller picture changes beside an edge. So one other word in a dialog, or one other bar in a chart, parts
them, while the noise of a JPEG does not.

Measured by benchmarks/alike.py over the 576 pictures of the manuals in Debian's kicad-doc-en and debian-edu-doc-en and of data/sample, on
which TOLERANCE and SHIFT were chosen: no two distinct ones are linked (165,600 pairs, most of them screenshots of a few programs). Of
their copies these are known: scaled to 25 to 90 %: 0.99; the same and then JPEG 60: 0.97 to 0.99; JPEG 40: 0.98; JPEG 60 and WebP 40
upwards: over 0.99 (what is missed are mostly strips less than 130 pixels high); 1 pixel cut off one side: 0.84, off all sides: 0.53. Of
2,642 pictures of gimp-help-en, tuxpaint-stamps-default, mate-backgrounds and scikit-image (400 of them took part in the choice) 30 were
linked to one before. Looked at one by one they are copies, or one subject before and after a filter that blurs it or shifts its tones a
little. A look-up among 50,000 takes 2 ms, a fingerprint of those 0.5 ms.

Its limit: a change as small as two letters in a full window may go unseen. So what may be folded is what is shown, not what is read.

The 64-bit pHash of the library imagehash is not used as a sieve: on pictures with large plain areas its bits flip. On 916 pictures of
these sets a distance of up to 10 let go 6 % of the copies as JPEG 60. The sieve of coarse cells let go 6 of the 11,355 copies known
above.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable
from typing import TYPE_CHECKING

from rag.pictures.open import rgb

if TYPE_CHECKING:
    import numpy as np
    from PIL.Image import Image

CELLS = 64
COARSE = 8
TOLERANCE = 11  # grey levels of 255
SHIFT = 0.75  # pixels of the smaller picture
COLOUR = 16  # of 255, for Cb and Cr
SIEVE = 14  # grey levels between the coarse cells of copies
STRUCTURE = 16  # grey levels between a picture's darkest and brightest cell, below which it shows too little to be told from others
SKETCH = struct.calcsize("<II") + COARSE * COARSE  # bytes: the first ones of a fingerprint, all that the index holds in memory

_SIZE = struct.Struct("<II")


def fingerprint(image: Image) -> bytes:
    """The fingerprint of `image`, up to 4.3 KB; the first SKETCH bytes are enough for `Index.add`.

    b"" where the picture shows too little to be compared: it is like no other.
    """
    import numpy as np
    from PIL.Image import Resampling

    grid = rgb(image).resize((CELLS, CELLS), Resampling.HAMMING, reducing_gap=4).convert("YCbCr")
    cells = np.asarray(grid)
    grey = cells[:, :, 0]
    if int(grey.max()) - int(grey.min()) < STRUCTURE:
        return b""
    coarse = _means(cells)
    return _SIZE.pack(*image.size) + coarse[:, :, 0].tobytes() + zlib.compress(coarse[:, :, 1:].tobytes() + grey.tobytes(), 6)


def alike(one: bytes, other: bytes) -> bool:
    """Whether two fingerprints are those of copies of one picture."""
    import numpy as np

    if not one or not other:
        return False
    (size, colour, grey), (other_size, other_colour, other_grey) = _open(one), _open(other)
    if _misfit(size, other_size) > 1 or int(np.abs(colour - other_colour).max()) > COLOUR:
        return False
    one_grey, other_grey = grey.astype(float), other_grey.astype(float)
    cell = [CELLS / min(size[1 - axis], other_size[1 - axis]) for axis in (0, 1)]  # one pixel of the smaller, down and across, in cells
    apart = np.abs(one_grey - other_grey)
    moved = np.abs(_aligned(one_grey, other_grey, cell))
    allowed = np.full(grey.shape, float(TOLERANCE))
    for axis in (0, 1):
        allowed += min(1.0, SHIFT * cell[axis]) * np.maximum(_steps(one_grey, axis), _steps(other_grey, axis))
    return bool((apart <= allowed).all() or (moved <= allowed).all())


class Index:
    """Finds the copies of a picture among many: a sieve of the sketches in memory (72 bytes a picture), then `alike` on what is left.

    `fetch` gives the whole fingerprint of a key that was added.
    """

    def __init__(self, fetch: Callable[[str], bytes]):
        import numpy as np

        self._fetch = fetch
        self._keys: list[str] = []
        self._sketches = np.zeros((1024, SKETCH), np.uint8)

    def add(self, key: str, sketch: bytes) -> None:
        """Take in a picture by its fingerprint, or the first SKETCH bytes of it; b"" is passed over."""
        import numpy as np

        if not sketch:
            return
        if len(self._keys) == len(self._sketches):
            self._sketches = np.concatenate([self._sketches, np.zeros_like(self._sketches)])
        self._sketches[len(self._keys)] = np.frombuffer(sketch[:SKETCH], np.uint8)
        self._keys.append(key)

    def find(self, mark: bytes) -> str | None:
        """The key, of those added first, of a picture that the fingerprint `mark` is a copy of; None where there is none."""
        import numpy as np

        if not mark:
            return None
        known = self._sketches[: len(self._keys), _SIZE.size :]
        near = np.arange(len(known))
        for part in (slice(0, None, 9), slice(None)):  # the diagonal first: it parts most, for an eighth of the cost
            wanted = np.frombuffer(mark[_SIZE.size : SKETCH], np.uint8)[part]
            found = known[:, part] if len(near) == len(known) else known[near][:, part]
            near = near[(np.maximum(found, wanted) - np.minimum(found, wanted)).max(axis=1, initial=0) <= SIEVE]
        return next((self._keys[n] for n in near if alike(mark, self._fetch(self._keys[n]))), None)


def _open(mark: bytes) -> tuple[tuple[int, int], np.ndarray, np.ndarray]:
    import numpy as np

    rest = np.frombuffer(zlib.decompress(mark[SKETCH:]), np.uint8).astype(np.int16)
    width, height = _SIZE.unpack_from(mark)
    colours = COARSE * COARSE * 2
    return (width, height), rest[:colours], rest[colours:].reshape(CELLS, CELLS)


def _means(cells: np.ndarray) -> np.ndarray:
    """COARSE x COARSE x 3 from CELLS x CELLS x 3."""
    import numpy as np

    block = CELLS // COARSE
    means = cells.reshape(COARSE, block, COARSE, block, 3).mean(axis=(1, 3))
    return means.round().astype(np.uint8)


def _misfit(size: tuple[int, int], other: tuple[int, int]) -> float:
    """How far two proportions are apart, in what two pixels of the smaller picture's shorter side make."""
    ratio = size[0] * other[1] / (size[1] * other[0])
    return (max(ratio, 1 / ratio) - 1) * min(*size, *other) / 2


def _aligned(one: np.ndarray, other: np.ndarray, pixel: list[float]) -> np.ndarray:
    """What is left of the difference of two pictures after the small shift and stretch that explains most of it (Lucas and Kanade
    1981, one step), by at most two pixels; `pixel` is the size of one in cells, down and across."""
    import numpy as np

    down, across = np.gradient((one + other) / 2)
    place = (np.arange(CELLS) + 0.5) / CELLS - 0.5
    moves = np.stack([down, down * place[:, None], across, across * place], axis=-1).reshape(-1, 4)
    difference = (one - other).ravel()
    system = moves.T @ moves
    fit = np.linalg.solve(system + (1e-3 * np.trace(system) / 4 + 1e-6) * np.eye(4), moves.T @ difference)
    most = np.array([2 * pixel[0], 4 * pixel[0], 2 * pixel[1], 4 * pixel[1]])
    return (difference - moves @ np.clip(fit, -most, most)).reshape(one.shape)


def _steps(grey: np.ndarray, axis: int) -> np.ndarray:
    """For each cell the larger of its differences to its two neighbours along `axis`."""
    import numpy as np

    steps = np.abs(np.diff(grey, axis=axis))
    nothing = [(1, 0) if along == axis else (0, 0) for along in (0, 1)]
    return np.maximum(np.pad(steps, nothing), np.pad(steps, [pair[::-1] for pair in nothing]))
