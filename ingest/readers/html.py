"""HTML to blocks: a walk over the tree that most other formats take too, and that opens nothing outside the named folder."""

from __future__ import annotations

import base64
import binascii
import logging
import os
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote_to_bytes, urlsplit

from lxml import etree

from ingest.blocks import Block, Figure, Text
from ingest.figures import beside, describes, label, worth_keeping
from ingest.readers.headings import Heading, under_headings
from ingest.readers.tables import markdown_table
from ingest.readers.text import decode
from rag.errors import ReadError
from rag.pictures import MAX_BYTES, open_image
from rag.records import Locator

if TYPE_CHECKING:
    from ingest.ocr import Ocr

Fetch = Callable[[str], bytes | None]

_log = logging.getLogger(__name__)

_DROPPED = {
    "script", "style", "template", "noscript", "head", "nav", "footer", "svg", "canvas", "iframe", "object", "embed", "video", "audio",
    "button", "select", "input", "textarea", "datalist", "dialog", "map", "annotation", "annotation-xml",
}  # fmt: skip
_BLOCKS = {
    "html", "body", "main", "article", "section", "header", "aside", "div", "p", "blockquote", "address", "center", "details", "summary",
    "fieldset", "legend", "form", "hr", "hgroup", "search", "ul", "ol", "menu", "dir", "dl", "dt", "dd", "li", "table", "caption", "thead",
    "tbody", "tfoot", "tr", "td", "th", "pre", "listing", "figure", "figcaption", "h1", "h2", "h3", "h4", "h5", "h6", "footer",
}  # fmt: skip
_BOILERPLATE_ROLES = {"navigation", "search", "banner", "contentinfo", "complementary", "menu", "menubar", "toolbar", "dialog"}
_BOILERPLATE_CLASSES = {
    "headerlink",
    "footnote-backref",
    "linenos",
    "sr-only",
    "visually-hidden",
    "breadcrumb",
    "breadcrumbs",
    "toc-backref",
}
_HIDDEN = re.compile(r"(?:display\s*:\s*none|visibility\s*:\s*hidden)", re.I)
_BREAK = "\x00"  # a <br>, until white space is folded; no parsed text holds it
_SPACE = re.compile(r"[ \t\n\r\f\v\u00a0\u2007\u202f]+")
_INVISIBLE = dict.fromkeys(map(ord, "\u00ad\u200b\u2060\ufeff"))
_SCRIPT = re.compile(r"<script\b.*?</script\s*>", re.I | re.S)
_LARGE = 9_000_000  # characters: libxml2 gives up at a single text of 10 MB, and data in a script is what is that long
_MAX_CAPTION = 400
_MAX_INLINE_DATA = 20_000_000


class _Italic(Text):
    """A paragraph all in italics, as captions often are."""


@dataclass(frozen=True)
class _Shown:
    """A figure not yet opened: where its file may be, and what the document says of it."""

    candidates: tuple[str, ...]
    caption: str | None = None
    alt: str | None = None
    own: str | None = None  # the paragraph that it stands in
    locator: Locator = Locator()


def read(path: Path, source: str, root: Path, ocr: Ocr | None) -> Iterator[Block]:
    """The blocks of an HTML file; local images are opened where they lie under `root`, others never."""
    yield from walk(decode(path.read_bytes()), local_files(path.parent, root))


def local_files(folder: Path, root: Path) -> Fetch:
    """Gives the bytes of a referenced file, resolved against `folder`, or against `root` with a leading slash; None for anything that
    is remote, missing, too large, or outside `root`."""
    folder, root = folder.resolve(), root.resolve()

    def fetch(reference: str) -> bytes | None:
        name = _local_name(reference)
        if not name or "\0" in name:
            return None
        try:
            target = (root / name.lstrip("/") if name.startswith("/") else folder / name).resolve()
            if target.is_relative_to(root) and target.is_file() and target.stat().st_size <= MAX_BYTES:
                return target.read_bytes()
        except (OSError, RuntimeError, ValueError):
            pass
        return None

    return fetch


def _local_name(reference: str) -> str | None:
    """The file name in a reference without query and fragment, URL-decoded; None where it has a scheme or a host."""
    try:
        parts = urlsplit(reference.strip())
    except ValueError:
        return None
    if parts.scheme or parts.netloc or parts.path.startswith(("\\", "//")):
        return None
    return os.fsdecode(unquote_to_bytes(parts.path.encode("utf-8", "surrogateescape")))


def _inline_data(reference: str) -> bytes | None:
    """The bytes of a `data:` URI of an image."""
    head, _, body = reference.strip()[5:].partition(",")
    if not head.lower().startswith("image/") or len(body) > _MAX_INLINE_DATA:
        return None
    raw = unquote_to_bytes(body)
    if not head.lower().rstrip().endswith(";base64"):
        return raw
    try:
        return base64.b64decode(re.sub(rb"\s+", b"", raw))
    except (binascii.Error, ValueError):
        return None


def walk(html: str, fetch: Fetch, title: str | None = None) -> Iterator[Block]:
    """The blocks of an HTML text. `fetch` gives the bytes behind a reference, or None; `title` stands above all headings, by default
    the document's <title> where it has no <h1>. Attributes `data-line` become `line`. Raises ReadError where nothing can be parsed."""
    parser = etree.HTMLParser(no_network=True, huge_tree=False, remove_comments=True, remove_pis=True, encoding="utf-8")
    if len(html) > _LARGE:
        html = _SCRIPT.sub("", html)
    try:
        tree = etree.fromstring(html.encode("utf-8", "replace"), parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise ReadError(f"The HTML cannot be parsed: {error}.", "Open it in a browser; if it shows there, save it anew.") from None
    if any(error.type_name == "ERR_RESOURCE_LIMIT" for error in parser.error_log):  # the rest was silently left out
        raise ReadError("The HTML is nested too deeply, or has a part of over 10 MB.", "Save it in simpler form, its images as files.")
    if tree is None:
        return
    if title is None and tree.find(".//h1") is None:
        title = _fold(tree.findtext(".//title") or "") or None
    walker = _Walker()
    walker.block(tree)
    walker.flush()
    yield from _opened(list(under_headings(walker.items, title)), fetch)


class _Walker:
    """Walks the tree once; what it meets is in `items`, in reading order."""

    def __init__(self) -> None:
        self.items: list[Heading | Text | _Shown] = []
        self._pieces: list[str] = []
        self._waiting: list[_Shown] = []
        self._text_came_first = False
        self._plain = False
        self._italic = 0
        self._line: int | None = None

    def flush(self) -> None:
        """Ends the running paragraph; figures in it come after it, or before it where they came before its words."""
        text = _fold("".join(self._pieces))
        locator = Locator(line=self._line)
        passages = [(Text if self._plain else _Italic)(text, locator)] if text else []
        own = text if not self._alone(text) else None
        figures = [replace(figure, own=own, locator=locator) for figure in self._waiting]
        self.items.extend([*passages, *figures] if self._text_came_first else [*figures, *passages])
        self._pieces, self._waiting, self._text_came_first, self._plain = [], [], False, False

    def _alone(self, text: str) -> bool:
        """Whether the words beside the figures of this paragraph can only be their caption."""
        return not self._plain or label(text) is not None

    def block(self, element: Any) -> None:
        """Walks a block element: its words are paragraphs of their own."""
        self.flush()
        line, self._line = self._line, _line(element) or self._line
        tag = element.tag
        if tag in ("h1", "h2", "h3", "h4", "h5", "h6"):
            self._heading(element, int(tag[1]))
        elif tag in ("ul", "ol", "menu", "dir", "dl") and not _has_blocks(element):
            self._list(element)
        elif tag == "table":
            self._table(element)
        elif tag in ("pre", "listing"):
            self._code(element)
        elif tag == "figure":
            self._figure(element)
        else:
            self.inside(element)
        self.flush()
        self._line = line

    def inside(self, element: Any) -> None:
        self._words(element.text)
        for child in element:
            self._child(child)
            self._words(child.tail)

    def _child(self, child: Any) -> None:
        tag = child.tag
        if not isinstance(tag, str) or _boilerplate(child):
            return
        if tag == "br":
            self._pieces.append(_BREAK)
        elif tag in ("img", "picture"):
            self._image(child)
        elif tag in ("sup", "sub"):
            self._script(child)
        elif tag == "math" and child.get("alttext"):
            self._words(child.get("alttext"))
        elif tag in _BLOCKS:
            self.block(child)
        elif tag in ("em", "i", "cite"):
            self._italic += 1
            self.inside(child)
            self._italic -= 1
        else:
            self.inside(child)

    def _words(self, words: str | None) -> None:
        if not words:
            return
        self._pieces.append(words)
        if words.strip():
            self._text_came_first = self._text_came_first or not self._waiting
            self._plain = self._plain or not self._italic

    def _script(self, element: Any) -> None:
        """A raised mark: footnote references go, exponents keep their meaning (10^6 is not 106)."""
        text = _fold("".join(element.itertext()))
        links = element.findall(".//a")
        if links and all((link.get("href") or "").startswith("#") for link in links):
            return
        self._words("^" + text if element.tag == "sup" and re.fullmatch(r"[-+−]?\d+", text) else text)

    def _heading(self, element: Any, level: int) -> None:
        self.inside(element)
        text = _fold("".join(self._pieces)).replace("\n", " ")
        self._pieces = []
        if text:
            self.items.append(Heading(level, text, Locator(line=self._line)))

    def _code(self, element: Any) -> None:
        text = "".join(piece for piece in _code_pieces(element)).expandtabs(4).strip("\n").rstrip()
        line = next(filter(None, map(_line, element.iter())), self._line)  # on the <code> in it where it was Markdown
        if text.strip():
            self.items.append(Text(text, Locator(line=line), "code"))
        for image in element.iter("img"):
            self._image(image)

    def _list(self, element: Any) -> None:
        lines = self._list_lines(element, "")
        self._pieces = []
        figures, self._waiting = self._waiting, []
        if lines:
            self.items.append(Text("\n".join(lines), Locator(line=self._line)))
        self.items.extend(replace(figure, locator=Locator(line=self._line)) for figure in figures)

    def _list_lines(self, element: Any, indent: str) -> list[str]:
        lines: list[str] = []
        number = _integer(element.get("start"), 1) if element.tag == "ol" else None
        for item in element:
            if not isinstance(item.tag, str) or _boilerplate(item):
                continue
            if item.tag in ("ul", "ol", "menu", "dl"):
                lines.extend(self._list_lines(item, indent + "  "))
                continue
            mark = {"dt": "", "dd": "  "}.get(item.tag, "- " if number is None else f"{number}. ")
            if number is not None and item.tag == "li":
                number += 1
            nested = [child for child in item.iter("ul", "ol", "menu") if next(child.iterancestors("ul", "ol", "menu", "dl")) is element]
            self._pieces = []
            self._item(item, nested)
            text = _fold("".join(self._pieces)).replace("\n", "\n" + indent + " " * len(mark))
            if text:
                lines.append(indent + mark + text)
            for child in nested:
                lines.extend(self._list_lines(child, indent + "  "))
        return lines

    def _item(self, element: Any, nested: list[Any]) -> None:
        """The words of a list item or a table cell on lines of their own, without the lists nested in it."""
        self._words(element.text)
        for child in element:
            if child in nested or not isinstance(child.tag, str) or _boilerplate(child):
                pass
            elif child.tag in _BLOCKS:
                self._pieces.append(_BREAK)
                self._item(child, nested)
                self._pieces.append(_BREAK)
            elif child.tag in ("br", "img", "picture", "sup", "sub", "math"):
                self._child(child)
            else:
                self._item(child, nested)
            self._words(child.tail)

    def _table(self, element: Any) -> None:
        rows = [row for row in element.iter("tr") if next(row.iterancestors("table")) is element and not _boilerplate(row)]
        cells = [[cell for cell in row if cell.tag in ("td", "th") and not _boilerplate(cell)] for row in rows]
        caption = element.find("caption")
        if _has_blocks(element, table=True) or max(map(len, cells), default=0) < 2:
            for part in [caption, *(cell for row in cells for cell in row)]:
                if part is not None:
                    self.block(part)
            return
        if caption is not None:
            self.block(caption)
        grid = [[(self._cell(cell), _integer(cell.get("colspan"), 1), _integer(cell.get("rowspan"), 1)) for cell in row] for row in cells]
        figures, self._waiting = self._waiting, []
        text = markdown_table(grid)
        if text:
            self.items.append(Text(text, Locator(line=self._line), "table"))
        self.items.extend(replace(figure, locator=Locator(line=self._line)) for figure in figures)

    def _cell(self, cell: Any) -> str:
        self._pieces = []
        self._item(cell, [])
        text = _fold("".join(self._pieces))
        self._pieces = []
        return text

    def _figure(self, element: Any) -> None:
        captions = [each for each in element.iter("figcaption") if next(each.iterancestors("figure")) is element]
        caption = " ".join(filter(None, (_fold("".join(each.itertext())).replace("\n", " ") for each in captions)))
        start = len(self.items)
        self.inside(element)
        self.flush()
        if caption:
            for at in range(start, len(self.items)):
                item = self.items[at]
                if isinstance(item, _Shown) and not item.caption:
                    self.items[at] = replace(item, caption=caption)

    def _image(self, element: Any) -> None:
        image = element if element.tag == "img" else next(element.iter("img"), None)
        holders = [each for each in (image, *element.iter("source")) if each is not None]
        candidates = [holder.get(name) for name in ("src", "data-src") for holder in holders[:1]]
        candidates += [part.split()[0] for holder in holders for part in (holder.get("srcset") or "").split(", ") if part.strip()]
        alt, title = (_fold((image.get(name) or "") if image is not None else "").replace("\n", " ") for name in ("alt", "title"))
        words = [text for text in (alt, title) if describes(text)]
        references = tuple(dict.fromkeys(each.strip() for each in candidates if each and each.strip()))
        if references:
            self._waiting.append(_Shown(references, alt=words[0] if words else None))


def _opened(items: list[Text | _Shown], fetch: Fetch) -> Iterator[Block]:
    """Passages as Texts; figures whose image opens, with their caption and the words around them."""
    for at, item in enumerate(items):
        if isinstance(item, Text):
            yield Text(item.text, item.locator, item.kind)
            continue
        opened = _open(item.candidates, fetch)
        if opened is None:
            continue
        image, data, origin = opened
        below = items[at + 1] if at + 1 < len(items) else None
        caption = item.caption or _caption_below(item, below) or item.alt
        texts = [item.own] if item.own else []
        texts += [text for text in _near(items, at) if text != caption and text != item.own]
        around = beside(texts, caption)
        if item.alt and caption != item.alt:
            around = "\n".join(filter(None, [item.alt, around]))
        yield Figure(image, caption, around, origin, item.locator, data)


def _caption_below(figure: _Shown, below: Any) -> str | None:
    """The paragraph right below a figure, where it is all in italics or begins with a label ("Figure 3", "Fig. 3")."""
    if not isinstance(below, Text) or below.kind != "prose" or below.locator.heading != figure.locator.heading:
        return None
    text = below.text.replace("\n", " ")
    return text if len(text) <= _MAX_CAPTION and (isinstance(below, _Italic) or label(text)) else None


def _near(items: list[Text | _Shown], at: int) -> list[str]:
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


def _open(candidates: tuple[str, ...], fetch: Fetch) -> tuple[Any, bytes, str | None] | None:
    for reference in candidates:
        inline = reference[:5].lower() == "data:"
        data = _inline_data(reference) if inline else fetch(reference)
        if data is None:
            _log.debug("passed over: %.200s", reference)
            continue
        try:
            image = open_image(data)
        except ReadError as error:
            _log.debug("passed over: %.200s: %s", reference, error)
            continue
        if worth_keeping(image):
            origin = None if inline else _local_name(reference)
            return image, data, origin and os.fsencode(origin).decode("utf-8", "backslashreplace")
    return None


def _boilerplate(element: Any) -> bool:
    tag, get = element.tag, element.get
    if tag == "footer":
        return next(element.iterancestors("blockquote", "figure"), None) is None
    if tag in _DROPPED or get("hidden") is not None or get("aria-hidden") == "true" or (get("role") or "").lower() in _BOILERPLATE_ROLES:
        return True
    if (style := get("style")) and _HIDDEN.search(style):
        return True
    if (classes := get("class")) and not _BOILERPLATE_CLASSES.isdisjoint(classes.lower().split()):
        return True
    if tag == "aside":
        words = len("".join(element.itertext()).split())
        return sum(len("".join(link.itertext()).split()) for link in element.iter("a")) > words / 2
    if tag == "form":  # some sites wrap the whole page in one
        return next(element.iter("p", "h1", "h2", "h3", "article", "img"), None) is None
    return False


def _has_blocks(element: Any, table: bool = False) -> bool:
    """Whether a list or a table holds more than words: then it is walked as a sequence of blocks."""
    within = ("table", "pre", "listing", "figure", "blockquote", "h1", "h2", "h3", "h4", "h5", "h6", *(() if table else ("dl",)))
    return any(each is not element for each in element.iter(*within))


def _code_pieces(element: Any) -> Iterator[str]:
    yield element.text or ""
    for child in element:
        if child.tag == "br":
            yield "\n"
        elif isinstance(child.tag, str) and not _boilerplate(child):
            yield from _code_pieces(child)
        yield child.tail or ""


def _line(element: Any) -> int | None:
    return _integer(element.get("data-line"), None)


def _integer(text: str | None, default: Any) -> Any:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 9 else default


def _fold(text: str) -> str:
    """White space folded, line breaks kept only where a <br> was, invisible characters gone."""
    lines = _SPACE.sub(" ", text.translate(_INVISIBLE)).split(_BREAK)
    return "\n".join(filter(None, (line.strip() for line in lines)))
