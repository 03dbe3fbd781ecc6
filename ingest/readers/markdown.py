"""Markdown (CommonMark with tables, footnotes and front matter) to HTML, and from there as HTML goes."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ingest.blocks import Block, Document, Text
from ingest.readers.front_matter import FrontMatter, parted
from ingest.readers.html import parse, walk_tree
from ingest.readers.labelled import is_record
from ingest.readers.notes_markup import notes_plugin
from ingest.readers.references import local_files
from ingest.readers.text import whole
from ingest.readers.titles import iso_date, page_title
from ingest.readers.wiki import vault_files, wiki_plugin
from rag.records import Locator

if TYPE_CHECKING:
    from markdown_it import MarkdownIt

    from rag.pictures.ocr import Ocr


def read(path: Path, source: str, root: Path, ocr: Ocr | None) -> Iterator[Block]:
    """The blocks of a Markdown file, each with its `line` (1-based); front matter is a Text of its own, with its title and date."""
    from mdit_py_plugins.front_matter import front_matter_plugin

    parser = to_html().use(front_matter_plugin)
    known: dict[str, Any] = {}
    toml, text = parted(whole(path))
    tokens = parser.parse(text, known)
    front = FrontMatter(toml, is_toml=True) if toml else None
    title = (front and front.title) or None
    for token in tokens:
        if token.type == "inline" and is_record(token.content.replace("*", "").replace("__", "").split("\n")):
            for child in token.children or ():
                child.type = "hardbreak" if child.type == "softbreak" else child.type
        if token.type == "front_matter":
            front = FrontMatter(token.content)
            title = front.title or None
        elif token.map and token.nesting >= 0 and token.type != "inline":
            token.attrSet("data-line", str(token.map[0] + 1))
    tree = parse(parser.renderer.render(tokens, parser.options, known))
    yield Document(title or (page_title(tree) if tree is not None else ""), iso_date(front.date if front else ""))
    if front and front.text:
        yield Text(front.text, Locator(heading=title, line=1))
    if any(token.type == "heading_open" and token.tag == "h1" for token in tokens):
        title = None
    if tree is not None:
        files = local_files(path.parent, root)
        yield from walk_tree(tree, vault_files(path.parent, root, files, known.get("embeds", set())), title)


def to_html() -> MarkdownIt:
    """What renders Markdown as HTML: CommonMark with tables, footnotes, definition lists, formulas, and what note-takers add."""
    from markdown_it import MarkdownIt
    from mdit_py_plugins.deflist import deflist_plugin
    from mdit_py_plugins.dollarmath import dollarmath_plugin
    from mdit_py_plugins.footnote import footnote_plugin

    parser = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
    parser.validateLink = lambda url: True  # type: ignore[method-assign]  # what may be opened is for the walker to say
    parser.use(dollarmath_plugin, allow_labels=False, allow_space=False, allow_digits=False, renderer=_formula)
    return parser.use(footnote_plugin).use(deflist_plugin).use(wiki_plugin).use(notes_plugin)


def _formula(source: str, options: dict[str, Any]) -> str:
    """A formula as it was written: a sign of money may be taken for its mark."""
    mark = "$$" if options.get("display_mode") else "$"
    return escape(f"{mark}{source}{mark}")
