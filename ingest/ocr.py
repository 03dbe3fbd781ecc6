"""Words inside pictures, read by RapidOCR from the models in its own package: nothing is fetched."""

from __future__ import annotations

import logging
import threading
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

from ingest.layout import Line, columns, passages
from rag.pictures import rgb

if TYPE_CHECKING:
    from PIL.Image import Image

CONFIDENCE = 0.6  # a line that the recogniser is less sure of is dropped
MAX_SIDE = 2000  # longer images are scaled down to this
SHORT_SIDE = 736  # smaller ones are scaled up towards this, at most threefold: the detector misses letters of few pixels
MIN_CONTRAST = 12  # of 255: below this difference between the darkest and the brightest grey nothing is written


class Ocr:
    """Reads the words in images. The models are loaded at the first `read`; calls take turns."""

    def __init__(self, threads: int | None = None):
        self._threads = threads
        self._lock = threading.Lock()
        self._engine: Any = None

    @property
    def name(self) -> str:
        """Engine, version and floor: texts read under another name may differ."""
        return f"rapidocr-{version('rapidocr')}-PP-OCRv6-small-{CONFIDENCE}"

    def read(self, image: Image) -> str:
        """The lines of `image` in reading order, paragraphs parted by a blank line; "" where there are none."""
        import numpy as np
        from PIL.Image import Resampling

        image = rgb(image)
        darkest, brightest = np.asarray(image.convert("L")).min(), np.asarray(image.convert("L")).max()
        if int(brightest) - int(darkest) < MIN_CONTRAST or min(image.size) < 8:
            return ""
        scale = min(MAX_SIDE / max(image.size), max(1, SHORT_SIDE / min(image.size)), 3)
        if scale != 1:
            width, height = (max(8, round(side * scale)) for side in image.size)
            image = image.resize((width, height), Resampling.LANCZOS)
        with self._lock:
            if self._engine is None:
                self._engine = self._load()
            found = self._engine(np.asarray(image)[:, :, ::-1])
        if found.boxes is None or found.txts is None:
            return ""
        lines = []
        for box, text, score in zip(found.boxes, found.txts, found.scores, strict=True):
            if score >= CONFIDENCE and text.strip():
                lefts, tops = box[:, 0], box[:, 1]
                lines.append(Line(text.strip(), float(lefts.min()), float(tops.min()), float(lefts.max()), float(tops.max())))
        return "\n\n".join("\n".join(line.text for line in paragraph) for paragraph in passages(columns(lines)))

    def _load(self) -> Any:
        from rapidocr import RapidOCR

        words: dict[str, Any] = {
            "Global.log_level": "critical",
            "Global.use_cls": False,
            "Global.text_score": CONFIDENCE,
            "Global.max_side_len": MAX_SIDE,
            "Det.limit_type": "max",  # by itself it would scale a strip of 40 x 1500 pixels to 736 x 27600
            "Det.limit_side_len": MAX_SIDE,
        }
        if self._threads:
            words["EngineConfig.onnxruntime.intra_op_num_threads"] = self._threads
        engine = RapidOCR(params=words)
        logging.getLogger("RapidOCR").setLevel(logging.CRITICAL)
        return engine
