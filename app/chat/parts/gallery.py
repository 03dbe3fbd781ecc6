"""Pictures as a grid of tiles; each opens large in the panel, with its caption, its places and the words read inside it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from app.chat.parts.panel import linked, panel
from app.chat.parts.picture import img
from app.chat.parts.text import escaped, place
from rag.records import Locator

TILE, LARGE = 300, 720  # pixels


@dataclass(frozen=True)
class Tile:
    """A picture with what is known of it."""

    path: Path
    caption: str
    source: str
    locator: Locator
    words: str


def gallery_html(tiles: Sequence[Tile], name: str = "picture") -> str:
    """The tiles and their panels; `name` sets their addresses apart from those of other grids on the page."""
    if not tiles:
        return ""
    grid = "".join(
        f'<a class="d-tile" href="#{name}-{at}">{img(str(each.path), TILE, each.caption or each.source)}'
        f"<span>{escaped(each.caption or place(each.locator) or each.source)}</span></a>"
        for at, each in enumerate(tiles)
    )
    panels = [
        panel(f"{name}-{at}", "", each.source, each.locator, f"{img(str(each.path), LARGE, each.caption)}<p>{escaped(each.words)}</p>")
        for at, each in enumerate(tiles)
    ]
    return f'<div class="d-gallery">{grid}</div>{"".join(linked(panels))}'
