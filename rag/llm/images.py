"""Pictures in a message: always as bytes, never as a path that a client might read for itself."""

from __future__ import annotations

import base64
import io
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from rag.pictures import open_image, rgb

if TYPE_CHECKING:
    from langchain_core.messages import HumanMessage
    from PIL.Image import Image

LONGEST_SIDE = 1024


def image_message(text: str, images: Sequence[str | Path | Image]) -> HumanMessage:
    """A user's message with `text` and `images` (paths or PIL images) as JPEG of at most 1024 px. Raises ReadError."""
    from langchain_core.messages import HumanMessage

    blocks: list[str | dict] = [{"type": "text", "text": text}]
    for image in images:
        url = f"data:image/jpeg;base64,{base64.b64encode(_jpeg(image)).decode()}"
        blocks.append({"type": "image_url", "image_url": {"url": url}})
    return HumanMessage(content=blocks)


def _jpeg(image: str | Path | Image) -> bytes:
    picture = open_image(Path(image)) if isinstance(image, str | Path) else image
    small = rgb(picture)
    small.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    out = io.BytesIO()
    small.save(out, "JPEG", quality=90)
    return out.getvalue()
