"""What a mark or a hit opens: the names by which the panel beside the answer knows it, and a source as an export has it."""

from __future__ import annotations

from app.chat.parts.picture import inline_img, name
from app.chat.parts.reading import marked_html
from rag.records import Citation, Hit

LARGE = 1000  # pixels of a picture


def source_anchor(turn: int, n: int) -> str:
    """The name of what citation `n` of a turn opens."""
    return f"turn-{turn}-source-{n}"


def hit_anchor(turn: int, rank: int) -> str:
    """The name of what a hit of a turn opens."""
    return f"turn-{turn}-hit-{rank}"


def source_html(citation: Citation, hit: Hit | None) -> str:
    """The passage with the quote marked, or the picture itself and its words."""
    inside = marked_html(hit.text if hit else citation.quote, citation.quote)
    return f"{inline_img(hit.media, LARGE, name(hit))}{inside}" if hit is not None and hit.media else inside
