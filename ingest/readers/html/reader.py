"""HTML to blocks: a walk over the tree that most other formats take too, and that opens nothing outside the named folder."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lxml import etree

from ingest.blocks import Block, Document, Figure, Passed, Text
from ingest.figures import beside, label
from ingest.readers.headings import Heading, under_headings
from ingest.readers.html.captions import MAX_CAPTION, Captions, captions
from ingest.readers.html.figures import Opener
from ingest.readers.html.navigation import navigation
from ingest.readers.html.roles import make_tables
from ingest.readers.html.seen import make_seen
from ingest.readers.html.shown import Shown, fold
from ingest.readers.html.walker import Caption, Italic, Walker
from ingest.readers.references import Fetch, local_files
from ingest.readers.text import whole
from ingest.readers.titles import page_title
from rag.errors import ReadError

if TYPE_CHECKING:
    from rag.pictures.ocr import Ocr

_SCRIPT = re.compile(r"<script\b.*?</script\s*>", re.I | re.S)
_LARGE = 9_000_000  # characters: libxml2 gives up at a single text of 10 MB, and data in a script is what is that long
_TELLING = 3  # words of an alternative text that stand for a picture which is not there
_MEDIA = (("video", "videos"), ("audio", "sounds"))
_SET_OFF = re.compile(r"\s*(?:[.:|\u2013\u2014-]|$)")


def read(path: Path, source: str, root: Path, ocr: Ocr | None) -> Iterator[Block]:
    """The blocks of an HTML file, first its <title>; local images are opened where they lie under `root`, others never."""
    tree = parse(whole(path))
    if tree is not None:
        yield Document(page_title(tree))
        yield from walk_tree(tree, local_files(path.parent, root))
        for tag, kind in _MEDIA:
            if count := sum(1 for _ in tree.iter(tag)):
                yield Passed(kind, count)


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
    """As `walk`, of a tree. Where `fetch` knows names that have a scheme ("embedded:3"), such figures have no `origin`.

    Navigation (`ingest.readers.html.navigation`) is left out, unless there is nothing else.
    """
    if title is None and tree.find(".//h1") is None:
        title = fold(tree.findtext(".//title") or "") or None
    make_seen(tree)
    make_tables(tree)
    known = captions(tree)
    left_out = navigation(tree)
    walker = _walked(tree, known, left_out)
    if left_out and all(isinstance(item, Heading) or (isinstance(item, Shown) and item.icon_side) for item in walker.items):
        walker = _walked(tree, known, frozenset())
    yield from _opened(list(under_headings(walker.items, title)), fetch)


def _walked(tree: Any, known: Captions, left_out: frozenset[Any]) -> Walker:
    walker = Walker(known, left_out)
    walker.page(tree)
    return walker


def _opened(items: list[Text | Shown], fetch: Fetch) -> Iterator[Text | Figure]:
    """Passages as Texts; figures whose image opens, with their caption and the words around them."""
    opener = Opener(fetch)
    beside_them = _captions_beside(items)
    taken = set(beside_them.values())
    for at, item in enumerate(items):
        if isinstance(item, Text):
            yield Text(item.text, item.locator, item.kind, item.lead)
            continue
        opened = opener.open(item.candidates, item.icon_side)
        if opened is None:
            if (
                opener.missing
                and item.alt
                and len(item.alt.split()) >= _TELLING
                and not _said(item.alt, item, items[max(at - 1, 0) : at + 2])
            ):
                yield Text(item.alt, item.locator)
            continue
        near = items[beside_them[at]] if at in beside_them else None
        caption = item.caption or (near.text.replace("\n", " ") if isinstance(near, Text) else item.alt or opened.title)
        alt = item.alt if item.alt and item.alt.lower() not in (caption or "").lower() else None
        texts = [item.own] if item.own and item.own != caption else []
        inside = max(item.own.split("\n"), key=len) if item.own else None  # of the list, if it is one, that the figure stands in
        texts += [text for text in _near(items, at, taken) if text != caption and not (inside and inside in text)]
        around = [alt, beside(texts, caption), opened.words]
        yield Figure(opened.image, caption, "\n".join(filter(None, around)) or None, opened.origin, item.locator, opened.data)


def _said(words: str, figure: Shown, beside: list[Text | Shown]) -> bool:
    """Whether the words of a picture stand beside it, or in its caption."""
    texts = [figure.caption or "", *(item.text for item in beside if isinstance(item, Text))]
    return any(words.lower() in " ".join(text.split()).lower() for text in texts)


def _captions_beside(items: list[Text | Shown]) -> dict[int, int]:
    """Where the captions stand (by their place in `items`) of the figures (by theirs) that have none of their own: the paragraph right
    below, where it is all in italics or begins with a label ("Figure 3", "Fig. 3"); that above, in a run of labelled paragraphs and
    figures that begins with a paragraph and ends with a figure."""
    found: dict[int, int] = {}
    start = 0
    for end in range(len(items) + 1):
        goes_on = end < len(items) and _bare_or_caption(items, end)
        if goes_on and items[end].locator.heading == items[start].locator.heading:
            continue
        above = end - start > 1 and _labelled(items[start]) and isinstance(items[end - 1], Shown)
        caption = start
        for at in range(start, end):
            if not isinstance(items[at], Shown):
                caption = at
            elif above:
                found[at] = caption
            elif at + 1 < end and not isinstance(items[at + 1], Shown):
                found[at] = at + 1
        start = end if goes_on else end + 1
    return found


def _bare_or_caption(items: list[Text | Shown], at: int) -> bool:
    """Whether this is a figure without a caption, or a paragraph that may be one (and not of the table below it)."""
    item = items[at]
    if isinstance(item, Shown):
        return not item.caption
    if item.kind != "prose" or isinstance(item, Caption) or len(item.text) > MAX_CAPTION:
        return False
    name = label(item.text)
    below = items[at + 1] if at + 1 < len(items) else None
    of_table = name is not None and name.lower().startswith("table") and isinstance(below, Text) and below.kind == "table"
    return isinstance(item, Italic) or (name is not None and not of_table)


def _labelled(item: Text | Shown) -> bool:
    """Whether a paragraph begins with a label that is set off from what follows, as that of a sentence is not."""
    if not isinstance(item, Text) or (name := label(item.text)) is None:
        return False
    return _SET_OFF.match(item.text.split(name, 1)[1]) is not None


def _near(items: list[Text | Shown], at: int, captions: set[int]) -> list[str]:
    """The prose of the figure's section without captions, nearest first, what stands before it ahead of what follows as closely; at most
    8 each way."""
    heading = items[at].locator.heading
    found: list[tuple[int, str]] = []
    for step in (-1, 1):
        for distance in range(1, 9):
            other = at + step * distance
            if not 0 <= other < len(items) or items[other].locator.heading != heading:
                break
            item = items[other]
            if isinstance(item, Text) and item.kind == "prose" and not isinstance(item, Caption) and other not in captions:
                found.append((distance, item.text))
    return [text for _, text in sorted(found, key=lambda pair: pair[0])]
