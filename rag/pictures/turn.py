"""Which way up the writing in a picture stands: by the shapes of its lines, a small classifier, and, where these say it is turned, by
reading two lines both ways.

Lines that are higher than wide lie on their side. Which way, and whether level lines stand on their head, the classifier of RapidOCR's
package tells from the beginning of a line (as wide as four letters are high; of whole long lines, which it sees squeezed, it is wrong for
a third). Tried on four pages of reports and brochures in all four turns, with eight lines each: all right but one line. It costs 3 ms a
line, five lines are asked. What it says is believed where the recogniser is surer of the lines that way.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from rag.pictures.layout import Box

if TYPE_CHECKING:
    import numpy as np

TALL = 1.5  # times as high as wide: a line on its side
ASKED = 5  # lines
LINE = 2.0  # times as long as high: what is shorter does not tell
SURE = 0.9
SURER = 0.1  # of 1: how much surer the recogniser is of lines that are the right way up
LEAST_SKEW, MOST_SKEW = math.radians(0.4), math.radians(20)

Classify = Callable[["Sequence[np.ndarray]"], "list[tuple[str, float]]"]
Recognise = Callable[["Sequence[np.ndarray]"], "Sequence[float]"]


def tall(boxes: np.ndarray) -> np.ndarray:
    """Which of the boxes (n, 4 corners, 2) hold a line on its side."""
    wide, high = _sides(boxes)
    return high >= TALL * wide


def quarter_turns(boxes: np.ndarray, crops: Sequence[np.ndarray], classify: Classify, recognise: Recognise) -> int:
    """How many quarter turns, against the clock, bring the picture with these lines upright. A crop of a tall box is turned by one."""
    import numpy as np

    sideways = tall(boxes)
    lengths = np.max(_sides(boxes), axis=0)
    lying = lengths[sideways].sum() > lengths[~sideways].sum()
    asked = [n for n in np.argsort(-lengths) if sideways[n] == lying and crops[n].shape[1] >= LINE * crops[n].shape[0]][:ASKED]
    if not asked:
        return 0
    said = classify([beginning(crops[n]) for n in asked])
    upside_down = sum(score for label, score in said if label == "180") > sum(score for label, score in said if label != "180")
    if not lying and not upside_down:
        return 0
    as_it_is, turned = (np.mean(recognise(lines)) for lines in zip(*((crops[n], _over(crops[n])) for n in asked[:2]), strict=True))
    upside_down = bool(turned - as_it_is > (0 if upside_down else SURER) if lying else turned - as_it_is > SURER)
    return int(lying) + 2 * upside_down


def upright(boxes: np.ndarray, crops: Sequence[np.ndarray], classify: Classify) -> list[np.ndarray]:
    """The crops, those of tall boxes (the label of an axis) turned the right way up."""
    turned = list(crops)
    asked = [n for n, is_tall in enumerate(tall(boxes)) if is_tall and crops[n].shape[1] >= LINE * crops[n].shape[0]]
    for n, (label, score) in zip(asked, classify([beginning(crops[n]) for n in asked]) if asked else (), strict=True):
        if label == "180" and score > SURE:
            turned[n] = _over(crops[n])
    return turned


def beginning(crop: np.ndarray) -> np.ndarray:
    """The beginning of a line, as wide as the classifier sees it whole."""
    import numpy as np

    return np.ascontiguousarray(crop[:, : 4 * crop.shape[0]])


def skew(boxes: np.ndarray) -> float:
    """The angle by which level lines slope, in radians; 0 where it is too little to matter."""
    import numpy as np

    wide, high = _sides(boxes)
    long = wide > 4 * high
    if not long.any():
        return 0.0
    along = boxes[long, 1] - boxes[long, 0] + boxes[long, 2] - boxes[long, 3]
    angle = float(np.median(np.arctan2(along[:, 1], along[:, 0])))
    return angle if LEAST_SKEW < abs(angle) < MOST_SKEW else 0.0


def rotated(points: np.ndarray, angle: float) -> np.ndarray:
    """Points (..., 2) turned about the origin."""
    import numpy as np

    sine, cosine = math.sin(angle), math.cos(angle)
    return points @ np.array([[cosine, sine], [-sine, cosine]])


def before_turning(box: Box, turns: int) -> Box:
    """A box in fractions of a picture that was turned by quarter turns against the clock, in fractions of the picture as it was."""
    left, top, right, bottom = box
    for _ in range(turns):
        left, top, right, bottom = 1 - bottom, left, 1 - top, right
    return left, top, right, bottom


def _over(crop: np.ndarray) -> np.ndarray:
    import numpy as np

    return np.ascontiguousarray(np.rot90(crop, 2))


def _sides(boxes: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """How wide and how high the boxes are."""
    import numpy as np

    return np.linalg.norm(boxes[:, 1] - boxes[:, 0], axis=1), np.linalg.norm(boxes[:, 3] - boxes[:, 0], axis=1)
