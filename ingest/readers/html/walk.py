"""The walk over an HTML tree: headings, passages and figures in reading order, without what is only there to find one's way."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from ingest.blocks import Text
from ingest.figures import describes, label
from ingest.lists import lead_of
from ingest.readers.headings import Heading
from ingest.readers.html.captions import MAX_CAPTION, Captions
from ingest.readers.html.navigation import HEADINGS, boilerplate, decoration
from ingest.readers.html.svg import drawing_in
from ingest.readers.tables import Cell, markdown_table, reads_as_head
from rag.records import Locator

_BLOCKS = {
    "html", "body", "main", "article", "section", "header", "aside", "div", "p", "blockquote", "address", "center", "details", "summary",
    "fieldset", "legend", "form", "hr", "hgroup", "search", "ul", "ol", "menu", "dir", "dl", "dt", "dd", "li", "table", "caption", "thead",
    "tbody", "tfoot", "tr", "td", "th", "pre", "listing", "figure", "figcaption", *HEADINGS, "footer",
}  # fmt: skip
MARK = "data-diptych-mark"  # the number of an item, where the document that the HTML was made from writes it
_BREAK = "\x00"  # a <br>, until white space is folded; no parsed text holds it
_SPACE = re.compile(r"[ \t\n\r\f\v\u00a0\u2007\u202f]+")
_INVISIBLE = dict.fromkeys(map(ord, "\u00ad\u200b\u2060\ufeff"))


class Italic(Text):
    """A paragraph all in italics, as captions often are."""


class Caption(Text):
    """What is the caption of a picture."""


@dataclass(frozen=True)
class Shown:
    """A figure not yet opened: where its file may be, and what the document says of it."""

    candidates: tuple[str, ...]
    caption: str | None = None
    alt: str | None = None
    own: str | None = None  # the paragraph that it stands in
    locator: Locator = Locator()
    icon_side: int = 0  # it is left out where both its sides are shorter, in pixels


class Walker:
    """Walks the tree once, past the elements in `left_out`; what it meets is in `items`, in reading order."""

    def __init__(self, captions: Captions, left_out: frozenset[Any] = frozenset()) -> None:
        self._captions = captions
        self._left_out = left_out
        self.items: list[Heading | Text | Shown] = []
        self._pieces: list[str] = []
        self._waiting: list[Shown] = []
        self._text_came_first = False
        self._plain = False
        self._italic = 0
        self._line: int | None = None

    def flush(self) -> None:
        """Ends the running paragraph; figures in it come after it, or before it where they came before its words."""
        text = fold("".join(self._pieces))
        locator = Locator(line=self._line)
        passages: list[Text] = [(Text if self._plain else Italic)(text, locator)] if text else []
        figures = [replace(figure, own=text or None, locator=locator) for figure in self._waiting]
        if figures and text and self._alone(text):
            line = text.replace("\n", " ")
            passages = [Caption(text, locator)]
            figures = [replace(figure, own=None, caption=figure.caption or line) for figure in figures]
        self.items.extend([*passages, *figures] if self._text_came_first else [*figures, *passages])
        self._pieces, self._waiting, self._text_came_first, self._plain = [], [], False, False

    def _alone(self, text: str) -> bool:
        """Whether the words beside the figures of this paragraph can only be their caption."""
        return len(text) <= MAX_CAPTION and (not self._plain or label(text) is not None)

    def block(self, element: Any) -> None:
        """Walks a block element: its words are paragraphs of their own."""
        self.flush()
        start = len(self.items)
        line, self._line = self._line, _line(element) or self._line
        tag = element.tag
        if tag in HEADINGS:
            self._heading(element, int(tag[1:]))
        elif tag in ("ul", "ol", "menu", "dir", "dl") and not _has_blocks(element):
            self._list(element)
        elif tag == "table":
            self._table(element)
        elif tag in ("pre", "listing"):
            self._code(element)
        else:
            self.inside(element)
        self.flush()
        self._line = line
        if element in self._captions.elements:
            for at in range(start, len(self.items)):
                item = self.items[at]
                if isinstance(item, Text) and item.kind == "prose":
                    self.items[at] = Caption(item.text, item.locator)

    def inside(self, element: Any) -> None:
        self._words(element.text)
        for child in element:
            self._child(child)
            self._words(child.tail)

    def _child(self, child: Any) -> None:
        tag = child.tag
        if not isinstance(tag, str) or self._skipped(child):
            return
        if tag == "br":
            self._pieces.append(_BREAK)
        elif tag in ("img", "picture"):
            self._image(child)
        elif tag == "svg":
            self._drawing(child)
        elif tag == "object":
            self._object(child)
        elif tag in ("sup", "sub"):
            self._script(child)
        elif tag == "math" and child.get("alttext"):
            self._words(child.get("alttext"))
        elif tag in _BLOCKS or child in self._captions.elements:
            self.block(child)
        elif tag in ("em", "i", "cite"):
            self._italic += 1
            self.inside(child)
            self._italic -= 1
        else:
            self.inside(child)

    def _skipped(self, element: Any) -> bool:
        return element in self._left_out or boilerplate(element)

    def _words(self, words: str | None) -> None:
        if not words:
            return
        self._pieces.append(words)
        if words.strip():
            self._text_came_first = self._text_came_first or not self._waiting
            self._plain = self._plain or not self._italic

    def _script(self, element: Any) -> None:
        """A raised mark: footnote references go, exponents keep their meaning (10^6 is not 106)."""
        text = fold("".join(element.itertext()))
        links = element.findall(".//a")
        if links and all((link.get("href") or "").startswith("#") for link in links):
            return
        self._words("^" + text if element.tag == "sup" and re.fullmatch(r"[-+−]?\d+", text) else text)

    def _heading(self, element: Any, level: int) -> None:
        self.inside(element)
        text = fold("".join(self._pieces)).replace("\n", " ")
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
        term = ""
        number = _integer(element.get("start"), 1) if element.tag == "ol" else None
        for item in element:
            if not isinstance(item.tag, str) or self._skipped(item):
                continue
            if item.tag in ("ul", "ol", "menu", "dl"):
                lines.extend(self._list_lines(item, indent + "  "))
                continue
            mark = {"dt": "", "dd": "  "}.get(item.tag, "- " if number is None else f"{number}. ")
            if number is not None and item.tag == "li":
                number += 1
            mark = f"{item.get(MARK)} " if item.get(MARK) else mark
            nested = [child for child in item.iter("ul", "ol", "menu") if next(child.iterancestors("ul", "ol", "menu", "dl")) is element]
            first = len(self._waiting)
            self._pieces = []
            self._item(item, nested)
            text = fold("".join(self._pieces))
            self._own(first, f"{term}\n{text}" if item.tag == "dd" else text)
            term = text if item.tag == "dt" else term
            if text:
                lines.append(indent + mark + text.replace("\n", "\n" + indent + " " * len(mark)))
            for child in nested:
                lines.extend(self._list_lines(child, indent + "  "))
        return lines

    def _own(self, first: int, text: str) -> None:
        """Puts the words of their list item or table row, without captions, to the waiting figures from `first` on."""
        if len(self._waiting) > first:
            own = "\n".join(line for line in text.split("\n") if line and line not in self._captions.words)
            self._waiting[first:] = [replace(figure, own=own or None) for figure in self._waiting[first:]]

    def _item(self, element: Any, nested: list[Any]) -> None:
        """The words of a list item or a table cell on lines of their own, without the lists nested in it."""
        self._words(element.text)
        for child in element:
            if child in nested or not isinstance(child.tag, str) or self._skipped(child):
                pass
            elif child.tag in _BLOCKS:
                self._pieces.append(_BREAK)
                self._item(child, nested)
                self._pieces.append(_BREAK)
            elif child.tag in ("br", "img", "picture", "svg", "object", "sup", "sub", "math"):
                self._child(child)
            else:
                self._item(child, nested)
            self._words(child.tail)

    def _table(self, element: Any) -> None:
        rows = [row for row in element.iter("tr") if next(row.iterancestors("table")) is element and not self._skipped(row)]
        cells = [[cell for cell in row if cell.tag in ("td", "th") and not self._skipped(cell)] for row in rows]
        caption = element.find("caption")
        if _has_blocks(element, table=True) or max(map(len, cells), default=0) < 2:
            for part in [caption, *(cell for row in cells for cell in row)]:
                if part is not None:
                    self.block(part)
            return
        lead = ""
        if caption is not None:
            self.block(caption)
            lead = lead_of(fold("".join(caption.itertext())))
        grid: list[list[Cell]] = []
        for row in cells:
            first = len(self._waiting)
            grid.append([(self._cell(cell), _integer(cell.get("colspan"), 1), _integer(cell.get("rowspan"), 1)) for cell in row])
            self._own(first, "\n".join(text for text, *_ in grid[-1]))
        figures, self._waiting = self._waiting, []
        headed = element.find("thead") is not None or _headed(cells, _texts(grid))
        single = len(grid) == 1 and not headed and caption is None and not self._titled()
        text = ": ".join(filter(None, _texts(grid)[0])) if single else markdown_table(grid, headed)
        if text:
            self.items.append(Text(text, Locator(line=self._line), *(() if single else ("table", lead))))
        self.items.extend(replace(figure, locator=Locator(line=self._line)) for figure in figures)

    def _titled(self) -> bool:
        """Whether what was met last is the title of a table."""
        last = self.items[-1] if self.items else None
        return isinstance(last, Text) and (label(last.text) or "").lower().startswith("table")

    def _cell(self, cell: Any) -> str:
        self._pieces = []
        self._item(cell, [])
        text = fold("".join(self._pieces))
        self._pieces = []
        return text

    def _image(self, element: Any) -> None:
        image = element if element.tag == "img" else next(element.iter("img"), None)
        holders = [each for each in (image, *element.iter("source")) if each is not None]
        candidates = [holder.get(name) for name in ("src", "data-src") for holder in holders[:1]]
        candidates += [part.split()[0] for holder in holders for part in (holder.get("srcset") or "").split(", ") if part.strip()]
        alt, title = (fold((image.get(name) or "") if image is not None else "").replace("\n", " ") for name in ("alt", "title"))
        words = [text for text in (alt, title) if describes(text)]
        references = tuple(dict.fromkeys(each.strip() for each in candidates if each and each.strip()))
        if references:
            self._show(element, image if image is not None else element, references, words[0] if words else None)

    def _show(self, element: Any, picture: Any, references: tuple[str, ...], alt: str | None) -> None:
        side = decoration(picture)
        if side is not None:
            self._waiting.append(Shown(references, self._captions.of.get(element), alt, icon_side=side))

    def _object(self, element: Any) -> None:
        """What is set in another way than <img> does, where it is a picture; the words in it are for those who cannot see it."""
        if (element.get("type") or "").startswith("image/") and element.get("data"):
            alt = fold("".join(element.itertext())).replace("\n", " ")
            self._show(element, element, (element.get("data").strip(),), alt if describes(alt) else None)

    def _drawing(self, element: Any) -> None:
        reference = drawing_in(element)
        alt = fold(element.get("aria-label") or "").replace("\n", " ")
        if reference:
            self._show(element, element, (reference,), alt if describes(alt) else None)


def _has_blocks(element: Any, table: bool = False) -> bool:
    """Whether a list or a table holds more than words: then it is walked as a sequence of blocks."""
    within = ("table", "pre", "listing", "figure", "blockquote", *HEADINGS, *(() if table else ("dl",)))
    return any(each is not element for each in element.iter(*within))


def _headed(rows: list[list[Any]], texts: list[list[str]]) -> bool:
    """Whether the first row is the head of a table: where each row has a head of its own, that of the first does not make it one."""
    marked = [cell.tag == "th" for cell in rows[0]]
    if any(marked[1:]) or (any(marked) and not all(row and row[0].tag == "th" for row in rows)):
        return True
    return reads_as_head(texts) and not (any(marked) and max(map(len, rows)) == 2)  # of two columns: a name and a value


def _texts(grid: list[list[Cell]]) -> list[list[str]]:
    return [[text for text, *_ in row] for row in grid]


def _code_pieces(element: Any) -> Iterator[str]:
    yield element.text or ""
    for child in element:
        if child.tag == "br":
            yield "\n"
        elif isinstance(child.tag, str) and child.tag != "svg" and not boilerplate(child):
            yield from _code_pieces(child)
        yield child.tail or ""


def _line(element: Any) -> int | None:
    return _integer(element.get("data-line"), None)


def _integer(text: str | None, default: Any) -> Any:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 9 else default


def fold(text: str) -> str:
    """White space folded, line breaks kept only where a <br> was, invisible characters gone."""
    lines = _SPACE.sub(" ", text.translate(_INVISIBLE)).split(_BREAK)
    return "\n".join(filter(None, (line.strip() for line in lines)))
