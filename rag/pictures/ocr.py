"""Words inside pictures, read by RapidOCR from the models in its own package: nothing is fetched.

Where the time goes, on one core: to find lines costs about 0.4 s a megapixel, to recognise one line 0.02 s. So nothing is searched that
has no sharp step of brightness anywhere, nor any part of a picture that has none. A photograph (or anything of many tones: no four greys
make up a third of it), where lines are rare, is searched at half its size first, then at full size only around what might be letters.
Screenshots and diagrams have no such first look: nearly all have words, and it would cost more than it saves. Lines are recognised one by
one.

Against RapidOCR on the whole picture with lines in batches of six, processor time of one thread a picture: 15 photographs and wallpapers
0.74 to 0.36 s, 20 screenshots of two Debian manuals 1.03 to 0.79 s, 19 pictures of data/sample 0.49 to 0.39 s. Of the characters, 99.5 %
are the same (277 pictures of these and other sets, some of which helped to choose the limits below); what differs is mostly spaces, dots
and marks in drawings, either way. Of 56 signs with capitals of 10 to 24 pixels, put into 14 photographs in which the former way had found
no word, 50 are read, 22 were the former way, and all of these 22 are among the 50.
"""

from __future__ import annotations

import ctypes
import logging
import sys
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version
from itertools import pairwise, product
from typing import TYPE_CHECKING, Any

from rag.pictures import turn
from rag.pictures.layout import Box, Line, columns, passages
from rag.pictures.open import rgb

if TYPE_CHECKING:
    import numpy as np
    from PIL.Image import Image

CONFIDENCE = 0.6  # a line that the recogniser is less sure of is dropped
MAX_SIDE = 2000  # longer images are scaled down to this
SHORT_SIDE = 736  # smaller ones are scaled up towards this, at most threefold: the detector misses letters of few pixels
MIN_CONTRAST = 12  # of 255: where neighbouring pixels nowhere differ by more, nothing is written
LEAST_RANGE, FULL_RANGE = 6, 110  # of 255: from the darkest to the brightest value of a picture whose contrast is raised

WINDOW = 1_050_000  # pixels that the detector looks at in one go (1280 x 800 and less): each megapixel costs it about 230 MB
MARGIN = 64  # pixels around a window, so that lines at its edge are seen as in the whole
STEP = 32  # the detector takes multiples of this
LARGE = 600_000  # pixels: on less, a first look saves nothing, and little memory stays behind
TONES = 1 / 3  # share of the four commonest greys, below which a picture is a photograph
LONG = 5  # lines of a paragraph
CHANCE = 0.1  # of letters at a pixel, in the first look: where it is less, there are none


def give_back() -> None:
    """Return freed memory to the system where the C library (glibc) would keep it: over a long ingest it keeps several hundred MB, since
    no two batches are of one shape."""
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None) if sys.platform == "linux" else None
    if trim:
        trim(0)


@dataclass(frozen=True)
class Writing:
    """A paragraph in a picture: its lines, and its box in fractions of the picture as it was given."""

    text: str
    box: Box


class Ocr:
    """Reads the words in images. The models are loaded at the first `read`; calls take turns."""

    def __init__(self, threads: int | None = None):
        self._threads = threads
        self._lock = threading.Lock()
        self._engine: Any = None

    @property
    def name(self) -> str:
        """Engine, version, floor, and the edition of this module's own rules: texts read under another name may differ."""
        return f"rapidocr-{version('rapidocr')}-PP-OCRv6-small-{CONFIDENCE}-3"

    def read(self, image: Image) -> str:
        """The lines of `image` in reading order, paragraphs parted by a blank line; "" where there are none."""
        return "\n\n".join(paragraph.text for paragraph in self.paragraphs(image))

    def paragraphs(self, image: Image) -> list[Writing]:
        """The paragraphs of `image` in reading order, whichever way up it is."""
        import numpy as np

        if min(image.size) < 8:
            return []
        image = _stretched(rgb(_scaled(image, min(1, MAX_SIDE / max(image.size)))))
        if not _steps(np.asarray(image)).any():
            return []
        image = _scaled(image, min(MAX_SIDE / max(image.size), max(1, SHORT_SIDE / min(image.size)), 3))
        with self._lock:
            if self._engine is None:
                self._engine = self._load()
            found = self._lines(np.asarray(image)[:, :, ::-1])
            if image.width * image.height >= LARGE:
                give_back()
        return found

    def recognised(self, lines: Sequence[Image]) -> list[tuple[str, float]]:
        """What is written in pictures of one level line each, and how sure that is (0 to 1)."""
        import numpy as np

        with self._lock:
            if self._engine is None:
                self._engine = self._load()
            read = self._engine.recognize_txt([np.ascontiguousarray(np.asarray(rgb(line))[:, :, ::-1]) for line in lines])
        return list(zip(read.txts, map(float, read.scores), strict=True))

    def _lines(self, image: np.ndarray, turns: int = 0) -> list[Writing]:
        """The paragraphs of an image (height x width x 3) that was turned by `turns` quarters; where it was not, it may have to be."""
        import numpy as np

        pixels, scaled = self._engine.preprocess_img(np.ascontiguousarray(image))
        crops, found = self._cropped(pixels, scaled)
        if not crops:
            return []
        boxes = found.copy()
        if not turns and (turns := turn.quarter_turns(boxes, crops, self._classified, self._scores)):
            return self._lines(np.rot90(image, turns), turns)
        read = self._engine.recognize_txt(turn.upright(boxes, crops, self._classified))
        height, width = image.shape[:2]
        corners = self._placed(boxes, scaled, height, width)
        slope = turn.skew(corners)
        level = turn.rotated(corners, -slope)
        lines = []
        for box, text, score in zip(level, read.txts, read.scores, strict=True):
            if score >= CONFIDENCE and text.strip():
                lefts, tops = box[:, 0], box[:, 1]
                lines.append(Line(text.strip(), float(lefts.min()), float(tops.min()), float(lefts.max()), float(tops.max())))
        size = np.array([width, height])

        def place(paragraph: list[Line]) -> Box:
            left, top = min(line.left for line in paragraph), min(line.top for line in paragraph)
            right, bottom = max(line.right for line in paragraph), max(line.bottom for line in paragraph)
            shown = turn.rotated(np.array([(left, top), (right, top), (right, bottom), (left, bottom)]), slope) / size
            box = (*map(float, shown.min(axis=0)), *map(float, shown.max(axis=0)))
            return turn.before_turning(box, turns)  # type: ignore[arg-type]

        return [Writing("\n".join(line.text for line in each), place(each)) for each in _parted(passages(columns(lines)))] if lines else []

    def _cropped(self, pixels: np.ndarray, scaled: dict[str, Any]) -> tuple[list[np.ndarray], Any]:
        """The lines of writing cut out, and their boxes; `scaled` is told what was put around the image."""
        from rapidocr.main import RapidOCRError

        try:
            crops, found = self._engine.detect_and_crop(pixels, scaled)
        except RapidOCRError:  # there are none
            return [], None
        return crops, found.boxes

    def _placed(self, boxes: np.ndarray, scaled: dict[str, Any], height: int, width: int) -> np.ndarray:
        from rapidocr.utils.process_img import map_boxes_to_original

        placed: np.ndarray = map_boxes_to_original(boxes.astype(float), scaled, height, width)
        return placed

    def _classified(self, lines: Sequence[np.ndarray]) -> list[tuple[str, float]]:
        said: list[tuple[str, float]] = self._engine._load_cls_model()(list(lines)).cls_res
        return said

    def _scores(self, lines: Sequence[np.ndarray]) -> Sequence[float]:
        scores: Sequence[float] = self._engine.recognize_txt(list(lines)).scores
        return scores

    def _load(self) -> Any:
        from rapidocr import RapidOCR

        words: dict[str, Any] = {
            "Global.log_level": "critical",
            "Global.use_cls": False,
            "Global.text_score": CONFIDENCE,
            "Global.max_side_len": MAX_SIDE,
            "Det.limit_type": "max",  # by itself it would scale a strip of 40 x 1500 pixels to 736 x 27600
            "Det.limit_side_len": MAX_SIDE,
            "Rec.rec_batch_num": 1,  # lines of a batch are padded to its longest: one by one costs a quarter less
        }
        if self._threads:
            words["EngineConfig.onnxruntime.intra_op_num_threads"] = self._threads
        engine: Any = RapidOCR(params=words)
        engine.text_det = _Detector(engine._load_det_model())
        logging.getLogger("RapidOCR").setLevel(logging.CRITICAL)
        return engine


@cache
def shared() -> Ocr:
    """The reader of this process, for pictures that come one at a time."""
    return Ocr()


class _Detector:
    """RapidOCR's detector of lines, in windows and with a first look at photographs; called in its place."""

    def __init__(self, whole: Any):
        self._whole = whole

    def __call__(self, image: np.ndarray) -> Any:
        """The boxes of lines in `image` (height x width x 3, 8 bits), as RapidOCR's TextDetOutput."""
        import cv2
        from rapidocr.ch_ppocr_det import TextDetOutput

        plane = self._whole.get_preprocess().resize(image)
        if plane is None:
            return TextDetOutput()
        where = _steps(plane)
        height, width = plane.shape[:2]
        if height * width >= LARGE and _photograph(plane):
            small = cv2.resize(plane, [max(STEP, round(side / 2 / STEP) * STEP) for side in (width, height)], interpolation=cv2.INTER_AREA)
            where &= _blocks(self._chances(small, _steps(small)) >= CHANCE, where.shape)
        boxes, scores = self._whole.postprocess_op(self._chances(plane, where)[None, None], image.shape[:2])
        return TextDetOutput(image, self._whole.sorted_boxes(boxes), scores) if len(boxes) else TextDetOutput()

    def _chances(self, plane: np.ndarray, where: np.ndarray) -> np.ndarray:
        """The chance of each pixel of `plane` to be in a line; zero outside the blocks that are true in `where`.

        Outside of them nothing may be asked: in wide plain areas the model sees lines that are none.
        """
        import cv2
        import numpy as np

        height, width = plane.shape[:2]
        chances = np.zeros((height, width), np.float32)
        for window in _windows(height, width):
            box = _around(where, window)
            if box is not None:
                rows, columns = (slice(max(0, start - MARGIN), stop + MARGIN) for start, stop in box)
                found = self._whole.session(self._whole.get_preprocess()(plane[rows, columns]))[0, 0]
                (top, bottom), (left, right) = box
                inner = found[top - rows.start : bottom - rows.start, left - columns.start : right - columns.start]
                chances[top:bottom, left:right] = inner
        return chances * cv2.resize(where.astype(np.uint8), (width, height), interpolation=cv2.INTER_NEAREST)


Window = tuple[tuple[int, int], tuple[int, int]]  # rows and columns, each from and up to


def _windows(height: int, width: int) -> Iterator[Window]:
    """A grid of boxes over height x width pixels, as few as stay below WINDOW with their margins."""
    down = across = 1
    while (-(-height // down) + 2 * MARGIN * (down > 1)) * (-(-width // across) + 2 * MARGIN * (across > 1)) > WINDOW:
        if height / down > width / across:
            down += 1
        else:
            across += 1
    yield from product(_parts(height, down), _parts(width, across))


def _parts(length: int, count: int) -> list[tuple[int, int]]:
    edges = [round(n * length / count / STEP) * STEP for n in range(count)] + [length]
    return list(pairwise(edges))


def _around(where: np.ndarray, window: Window) -> Window | None:
    """The smallest box in `window` that holds its true blocks; None where it has none."""
    import numpy as np

    (top, bottom), (left, right) = window
    part = where[top // STEP : bottom // STEP, left // STEP : right // STEP]
    rows, columns = (np.flatnonzero(part.any(axis=axis)) * STEP for axis in (1, 0))
    if not len(rows):
        return None
    return (top + int(rows[0]), top + int(rows[-1]) + STEP), (left + int(columns[0]), left + int(columns[-1]) + STEP)


def _parted(paragraphs: list[list[Line]]) -> Iterator[list[Line]]:
    """The paragraphs, long ones parted where a line ends a sentence, so that a box tells where on the page a line is."""
    for paragraph in paragraphs:
        part: list[Line] = []
        for line in paragraph:
            part.append(line)
            if len(part) >= LONG and line.text.endswith((".", "!", "?", "。")):
                yield part
                part = []
        if part:
            yield part


def _scaled(image: Image, scale: float) -> Image:
    from PIL.Image import Resampling

    if scale == 1:
        return image
    width, height = (max(8, round(side * scale)) for side in image.size)
    return image.resize((width, height), Resampling.LANCZOS)


def _stretched(image: Image) -> Image:
    """A picture of little contrast (grey on grey, white on all but white) with more of it; any other as it is."""
    low, high = (end(each[n] for each in image.getextrema()) for n, end in ((0, min), (1, max)))  # type: ignore[index]
    if not LEAST_RANGE <= high - low < FULL_RANGE:
        return image
    scale = 255 / (high - low)
    return image.point([min(255, max(0, round((value - low) * scale))) for value in range(256)] * 3)


def _steps(plane: np.ndarray) -> np.ndarray:
    """Which blocks of STEP x STEP pixels of a picture in colours are at most one block away from a step of one of them."""
    import cv2
    import numpy as np

    steps = cv2.morphologyEx(plane, cv2.MORPH_GRADIENT, np.ones((3, 3), np.uint8)).max(axis=2) >= MIN_CONTRAST
    return _blocks(steps, (-(-plane.shape[0] // STEP), -(-plane.shape[1] // STEP)))


def _blocks(marks: np.ndarray, shape: tuple[int, ...]) -> np.ndarray:
    """A map of pixels as one of `shape` blocks: those that hold a mark, and those beside them."""
    import cv2
    import numpy as np

    blocks = np.zeros(shape, np.uint8)
    rows, columns = np.nonzero(marks)
    blocks[rows * shape[0] // marks.shape[0], columns * shape[1] // marks.shape[1]] = 1
    return cv2.dilate(blocks, np.ones((3, 3), np.uint8)).astype(bool)


def _photograph(plane: np.ndarray) -> bool:
    """Whether a picture (BGR) has many tones.

    Of 280 large pictures of two manuals 2 have, both renderings of solid bodies; of 45 photographs and wallpapers 37, all but the plain and
    drawn ones.
    """
    import cv2
    import numpy as np

    counts = np.bincount(cv2.cvtColor(plane[::2, ::2], cv2.COLOR_BGR2GRAY).ravel(), minlength=256)
    return int(np.sort(counts)[-4:].sum()) < TONES * counts.sum()
