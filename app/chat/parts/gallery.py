"""Pictures as a grid of tiles; each opens large, with its caption, its places, the words read inside it, and the one before and after."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from app.chat.language import several
from app.chat.parts.picture import img
from app.chat.parts.text import escaped, place
from rag.records import Locator

TILE = 320  # pixels


@dataclass(frozen=True)
class Tile:
    """A picture with what is known of it."""

    path: Path
    caption: str
    source: str
    locator: Locator
    words: str


def gallery_html(tiles: Sequence[Tile]) -> str:
    """The tiles, as links that open them."""
    if not tiles:
        return ""
    return f'<div class="d-gallery">{"".join(map(_tile, tiles))}</div>'


def copies_html(groups: Sequence[Sequence[Tile]]) -> str:
    """Pictures that are copies of one another, group by group."""
    labels = (several("{n} version", "{n} versions", len(group)) for group in groups)
    return "".join(
        f'<section class="d-copies"><h2 class="d-label">{label}</h2>{gallery_html(group)}</section>'
        for label, group in zip(labels, groups, strict=True)
    )


def _tile(each: Tile) -> str:
    return (
        f'<a class="d-tile" href="#picture-{each.path.stem}">{img(str(each.path), TILE, each.caption or each.source)}'
        f"<span>{escaped(each.caption or place(each.locator) or each.source)}</span></a>"
    )
