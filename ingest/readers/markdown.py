"""Markdown (CommonMark with tables, footnotes and front matter) to HTML, and from there as HTML goes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from ingest.blocks import Block, Text
from ingest.readers.html import local_files, walk
from ingest.readers.text import whole
from rag.records import Locator

if TYPE_CHECKING:
    from markdown_it import MarkdownIt

    from rag.pictures.ocr import Ocr

_TITLE = re.compile(r"^title\s*:\s*(.+?)\s*$", re.M | re.I)


def read(path: Path, source: str, root: Path, ocr: Ocr | None) -> Iterator[Block]:
    """The blocks of a Markdown file, each with its `line` (1-based); front matter is a Text of its own, its title the title."""
    from mdit_py_plugins.front_matter import front_matter_plugin

    parser = to_html().use(front_matter_plugin)
    tokens = parser.parse(whole(path))
    title = None
    for token in tokens:
        if token.type == "front_matter":
            found = _TITLE.search(token.content)
            title = found[1].strip("\"'") if found else None
            if token.content.strip():
                yield Text(token.content.strip(), Locator(heading=title, line=1))
        elif token.map and token.nesting >= 0 and token.type != "inline":
            token.attrSet("data-line", str(token.map[0] + 1))
    if any(token.type == "heading_open" and token.tag == "h1" for token in tokens):
        title = None
    yield from walk(parser.renderer.render(tokens, parser.options, {}), local_files(path.parent, root), title)


def to_html() -> MarkdownIt:
    """What renders Markdown as HTML: CommonMark with tables, footnotes and definition lists."""
    from markdown_it import MarkdownIt
    from mdit_py_plugins.deflist import deflist_plugin
    from mdit_py_plugins.footnote import footnote_plugin

    parser = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
    parser.validateLink = lambda url: True  # type: ignore[method-assign]  # what may be opened is for the walker to say
    return parser.use(footnote_plugin).use(deflist_plugin)
