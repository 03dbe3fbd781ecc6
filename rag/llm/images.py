"""Pictures in a message: always as bytes, never as a path that a client might read for itself."""

from __future__ import annotations

import base64
import io
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PIL import Image, ImageOps, UnidentifiedImageError

from rag.errors import ReadError

if TYPE_CHECKING:
    from langchain_core.messages import HumanMessage

LONGEST_SIDE = 1024


def image_message(text: str, images: Sequence[str | Path | Image.Image]) -> HumanMessage:
    """A user's message with `text` and `images` (paths or PIL images) as JPEG of at most 1024 px. Raises ReadError."""
    from langchain_core.messages import HumanMessage

    blocks: list[str | dict] = [{"type": "text", "text": text}]
    for image in images:
        url = f"data:image/jpeg;base64,{base64.b64encode(_jpeg(image)).decode()}"
        blocks.append({"type": "image_url", "image_url": {"url": url}})
    return HumanMessage(content=blocks)


def _jpeg(image: str | Path | Image.Image) -> bytes:
    try:
        if not isinstance(image, Image.Image):
            with Image.open(image) as opened:
                return _jpeg(ImageOps.exif_transpose(opened))
        small = image.convert("RGBA")
        small.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
        page = Image.new("RGB", small.size, "white")
        page.paste(small, mask=small.getchannel("A"))
        out = io.BytesIO()
        page.save(out, "JPEG", quality=90)
        return out.getvalue()
    except (OSError, ValueError, SyntaxError, UnidentifiedImageError, Image.DecompressionBombError) as error:
        raise ReadError(f"The picture cannot be read: {error}", "Give a PNG, JPEG, WebP, GIF, TIFF or BMP file.") from error
