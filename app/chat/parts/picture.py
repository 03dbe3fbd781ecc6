"""Pictures: a small copy inside the page, and a cited picture at reading size with its caption and source."""

from __future__ import annotations

import base64
import io
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from app.chat.content import picture_url
from app.chat.language import _
from app.chat.parts.text import escaped, where
from rag.records import Hit

if TYPE_CHECKING:
    from PIL.Image import Image

READING_WIDTH = 460


def data_uri(path: str, side: int) -> str | None:
    """The picture at `path` within `side` pixels as a data URI; None where it cannot be read (it may have been removed since)."""
    from PIL import Image as images

    try:
        with images.open(path) as image:
            return image_uri(image, side)
    except (OSError, ValueError):
        return None


def image_uri(image: Image, side: int) -> str:
    """A picture within `side` pixels as a data URI."""
    small = image.copy()
    small.thumbnail((side, side))
    small = small.convert("RGBA" if "A" in small.getbands() or "transparency" in small.info else "RGB")
    out = io.BytesIO()
    small.save(out, "WEBP", quality=82)
    return f"data:image/webp;base64,{base64.b64encode(out.getvalue()).decode()}"


def img(path: str, side: int, alt: str, size: str = "") -> str:
    """An <img> that fetches the picture within `side` pixels, or a line where it is gone; `size` are its attributes, where it has some."""
    if not Path(path).is_file():
        return gone()
    return f'<img src="{escaped(picture_url(path, side))}" alt="{escaped(alt)}" loading="lazy"{size}>'


def inline_img(path: str, side: int, alt: str) -> str:
    """An <img> that holds the picture itself, or a line where it cannot be read."""
    uri = data_uri(path, side)
    return f'<img src="{uri}" alt="{escaped(alt)}">' if uri else gone()


def gone() -> str:
    return f'<span class="d-gone">{_("The picture is no longer there.")}</span>'


def name(hit: Hit) -> str:
    """What a picture is called: its caption, else its file."""
    return hit.caption or Path(hit.origin or hit.source).name


def cited_picture_html(hit: Hit, n: int, anchor: str, group: Sequence[str]) -> str:
    """A cited picture, shown without a click; a click shows it large, among those of `group` (anchors)."""
    width, height = _size(hit.media or "")
    across = min(width, READING_WIDTH)
    size = f' width="{across}" height="{round(height * across / width)}"' if width else ""
    others = " ".join(f"#{each}" for each in group)
    shown = img(hit.media or "", 2 * READING_WIDTH, name(hit), size)
    shown = f'<a class="d-large" href="#{anchor}" data-group="{others}">{shown}</a>' if width else shown
    told = escaped(where(hit.source, hit.locator))
    mark = f'<a class="d-cite" href="#{anchor}" aria-label="{_("Source {n}").format(n=n)}">{n}</a>'
    return f'{shown}<div class="d-caption">{escaped(name(hit))} {mark}<br><span class="d-where">{told}</span></div>'


@lru_cache(maxsize=4096)
def _size(path: str) -> tuple[int, int]:
    """Pixels across and down; 0 where the picture cannot be read."""
    from PIL import Image as images

    try:
        with images.open(path) as image:
            return image.size
    except (OSError, ValueError):
        return 0, 0
