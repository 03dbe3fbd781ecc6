"""HTML to blocks: a walk over the tree that most other formats take too, and that opens nothing outside the named folder."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lxml import etree

from ingest.blocks import Block, Figure, Text
from ingest.figures import beside, label
from ingest.readers.headings import under_headings
from ingest.readers.html_figures import Opener
from ingest.readers.html_walk import Italic, Shown, Walker, fold
from ingest.readers.references import Fetch, local_files
from ingest.readers.text import whole
from rag.errors import ReadError

if TYPE_CHECKING:
    from ingest.ocr import Ocr

_SCRIPT = re.compile(r"<script\b.*?</script\s*>", re.I | re.S)
_LARGE = 9_000_000  # characters: libxml2 gives up at a single text of 10 MB, and data in a script is what is that long
_MAX_CAPTION = 400


def read(path: Path, source: str, root: Path, ocr: Ocr | None) -> Iterator[Block]:
    """The blocks of an HTML file; local images are opened where they lie under `root`, others never."""
    yield from walk(whole(path), local_files(path.parent, root))


def walk(html: str, fetch: Fetch, title: str | None = None) -> Iterator[Text | Figure]:
    """The blocks of an HTML text. `fetch` gives the bytes behind a reference, or None; `title` stands above all headings, by default
    the document's <title> where it has no <h1>. Attributes `data-line` become `line`. Raises ReadError where nothing can be parsed."""
    tree = parse(html)
    if tree is not None:
        yield from walk_tree(tree, fetch, title)


def parse(html: str) -> Any:
    """The tree of an HTML text, None where there is nothing in it. Raises ReadError where it cannot be parsed whole."""
    parser = etree.HTMLParser(no_network=True, huge_tree=False, remove_comments=True, remove_pis=True, encoding="utf-8")
    if len(html) > _LARGE:
        html = _SCRIPT.sub("", html)
    try:
        tree = etree.fromstring(html.encode("utf-8", "replace"), parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise ReadError(f"The HTML cannot be parsed: {error}.", "Open it in a browser; if it shows there, save it anew.") from None
    if any(error.type_name == "ERR_RESOURCE_LIMIT" for error in parser.error_log):  # the rest was silently left out
        raise ReadError("The HTML is nested too deeply, or has a part of over 10 MB.", "Save it in simpler form, its images as files.")
    return tree


def walk_tree(tree: Any, fetch: Fetch, title: str | None = None) -> Iterator[Text | Figure]:
    """As `walk`, of a tree. Where `fetch` knows names that have a scheme ("embedded:3"), such figures have no `origin`."""
    if title is None and tree.find(".//h1") is None:
        title = fold(tree.findtext(".//title") or "") or None
    walker = Walker()
    walker.block(tree)
    walker.flush()
    yield from _opened(list(under_headings(walker.items, title)), fetch)


def _opened(items: list[Text | Shown], fetch: Fetch) -> Iterator[Text | Figure]:
    """Passages as Texts; figures whose image opens, with their caption and the words around them."""
    opener = Opener(fetch)
    for at, item in enumerate(items):
        if isinstance(item, Text):
            yield Text(item.text, item.locator, item.kind)
            continue
        opened = opener.open(item.candidates)
        if opened is None:
            continue
        below = items[at + 1] if at + 1 < len(items) else None
        caption = item.caption or _caption_below(item, below) or item.alt or opened.title
        texts = [item.own] if item.own else []
        texts += [text for text in _near(items, at) if text != caption and text != item.own]
        around = [item.alt if caption != item.alt else None, beside(texts, caption), opened.words]
        yield Figure(opened.image, caption, "\n".join(filter(None, around)) or None, opened.origin, item.locator, opened.data)


def _caption_below(figure: Shown, below: Any) -> str | None:
    """The paragraph right below a figure, where it is all in italics or begins with a label ("Figure 3", "Fig. 3")."""
    if not isinstance(below, Text) or below.kind != "prose" or below.locator.heading != figure.locator.heading:
        return None
    text = below.text.replace("\n", " ")
    return text if len(text) <= _MAX_CAPTION and (isinstance(below, Italic) or label(text)) else None


def _near(items: list[Text | Shown], at: int) -> list[str]:
    """The prose of the figure's section, nearest first, what stands before it ahead of what follows as closely; at most 8 each way."""
    heading = items[at].locator.heading
    found: list[tuple[int, str]] = []
    for step in (-1, 1):
        for distance in range(1, 9):
            other = at + step * distance
            if not 0 <= other < len(items) or items[other].locator.heading != heading:
                break
            item = items[other]
            if isinstance(item, Text) and item.kind == "prose":
                found.append((distance, item.text))
    return [text for _, text in sorted(found, key=lambda pair: pair[0])]
