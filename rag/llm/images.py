"""Pictures in a message: few, small, and always as bytes, never as a path that a client might read for itself."""

from __future__ import annotations

import base64
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from rag.errors import ReadError
from rag.pictures.open import open_image, rgb

if TYPE_CHECKING:
    from langchain_core.messages import HumanMessage
    from PIL.Image import Image

LONGEST_SIDE = 1024
LEAST_TOKENS = 576
"""Of a picture: what LLaVA makes of any. Models that look closer (Qwen-VL, Mistral) make one of each 28 x 28 pixels."""
PIXELS_A_TOKEN = 28 * 28


@dataclass(frozen=True)
class Picture:
    """A picture as a model gets it: JPEG of at most 1024 px, and a guess on the high side of the tokens that it takes from the context.

    `rank` is that of the hit that it belongs to, 0 for the user's own.
    """

    rank: int
    jpeg: bytes
    tokens: int


def fitting(wanted: Iterable[tuple[int, str | Path | Image]], room: int) -> list[Picture]:
    """Of the (rank, path or PIL image) in `wanted`, as many from the front as fit into `room` tokens; what cannot be read is left out."""
    pictures: list[Picture] = []
    for rank, image in wanted:
        try:
            picture = prepared(image, rank)
        except ReadError:
            continue
        if picture.tokens > room:
            break
        pictures.append(picture)
        room -= picture.tokens
    return pictures


def prepared(image: str | Path | Image, rank: int = 0) -> Picture:
    """Raises ReadError."""
    small = rgb(open_image(Path(image)) if isinstance(image, str | Path) else image)
    small.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    out = io.BytesIO()
    small.save(out, "JPEG", quality=90)
    return Picture(rank, out.getvalue(), max(LEAST_TOKENS, small.width * small.height // PIXELS_A_TOKEN))


def image_message(text: str, pictures: Sequence[Picture]) -> HumanMessage:
    """A user's message with `text` and `pictures`."""
    from langchain_core.messages import HumanMessage

    blocks: list[str | dict] = [{"type": "text", "text": text}]
    for picture in pictures:
        url = f"data:image/jpeg;base64,{base64.b64encode(picture.jpeg).decode()}"
        blocks.append({"type": "image_url", "image_url": {"url": url}})
    return HumanMessage(content=blocks)
