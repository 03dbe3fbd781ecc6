"""Pictures as a classifier wants them: on white, upright, of one size."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from PIL.Image import Image

WHITE = (255, 255, 255)


def flat(image: Image) -> Image:
    """RGB of any mode, the right way up, transparent parts on white."""
    from PIL import Image as Images
    from PIL import ImageOps

    image = ImageOps.exif_transpose(image)
    if image.mode.startswith(("I", "F")):
        levels = np.asarray(image, dtype=np.float32)
        low, high = float(levels.min()), float(levels.max())
        image = Images.fromarray(((levels - low) / max(high - low, 1e-9) * 255).astype(np.uint8))
    if image.has_transparency_data:
        image = image.convert("RGBA")
        ground = Images.new("RGBA", image.size, (*WHITE, 255))
        ground.alpha_composite(image)
        image = ground
    return image.convert("RGB")


def boxed(image: Image, side: int) -> Image:
    """The whole of `image` (RGB), fitted into a white square of `side` pixels."""
    from PIL import Image as Images
    from PIL import ImageOps

    return ImageOps.pad(image, (side, side), method=Images.Resampling.BICUBIC, color=WHITE)
