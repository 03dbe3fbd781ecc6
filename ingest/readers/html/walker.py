"""The walk over an HTML tree: headings, passages and figures in reading order, without what is only there to find one's way."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from lxml import etree

from ingest.blocks import Text
from ingest.figures import label
from ingest.lists import lead_of
from ingest.readers.headings import Heading
from ingest.readers.html.captions import MAX_CAPTION, Captions
from ingest.readers.html.inline import SPOKEN
from ingest.readers.html.navigation import HEADINGS, boilerplate
from ingest.readers.html.numbers import integer, marks
from ingest.readers.html.seen import make_seen
from ingest.readers.html.shown import BREAK, PICTURES, Shown, fold, shown_by
from ingest.readers.html.table import is_layout, parts, rows_of, spans
from ingest.readers.html.words import Words, note_words
from ingest.readers.tables import Cell, plain_rows, written
from rag.records import Locator

_BLOCKS = {
    "html", "body", "main", "article", "section", "header", "aside", "div", "p", "blockquote", "address", "center", "details", "summary",
    "fieldset", "legend", "form", "hr", "hgroup", "search", "ul", "ol", "menu", "dir", "dl", "dt", "dd", "li", "table", "caption", "thead",
    "tbody", "tfoot", "tr", "td", "th", "pre", "listing", "figure", "figcaption", *HEADINGS, "footer",
}  # fmt: skip
_SAID = {*SPOKEN, "iframe", "map"}
_MOST_FRAMES = 20
_LARGEST_FRAME = 2_000_000  # characters


class Italic(Text):
    """A paragraph all in italics, as captions often are."""


class Caption(Text):
    """What is the caption of a picture."""


class Walker:
    """Walks the tree once, past the elements in `left_out`; what it meets is in `items`, in reading order."""

    def __init__(self, captions: Captions, left_out: frozenset[Any] = frozenset()) -> None:
        self._captions = captions
        self._left_out = left_out
        self.items: list[Heading | Text | Shown] = []
        self._said = Words()
        self._waiting: list[Shown] = []
        self._text_came_first = False
        self._line: int | None = None
        self._mark = ""  # the number of an item of a list, until its first words
        self._frames = 0

    def page(self, tree: Any) -> None:
        """Walks a whole page."""
        self._said.learn(tree)
        self.block(tree)
        self.flush()

    def flush(self) -> None:
        """Ends the running paragraph; figures in it come after it, or before it where they came before its words."""
        text = fold(self._said.take())
        if text and self._mark:
            text, self._mark = self._mark + text, ""
        locator = Locator(line=self._line)
        passages: list[Text] = [(Text if self._said.plain else Italic)(text, locator)] if text else []
        figures = [replace(figure, own=text or None, locator=locator) for figure in self._waiting]
        if figures and text and self._alone(text):
            line = text.replace("\n", " ")
            passages = [Caption(text, locator)]
            figures = [replace(figure, own=None, caption=figure.caption or line) for figure in figures]
        self.items.extend([*passages, *figures] if self._text_came_first else [*figures, *passages])
        self._waiting, self._text_came_first, self._said.plain = [], False, False
        while self._said.due:
            self._note(*self._said.due.pop(0))

    def _alone(self, text: str) -> bool:
        """Whether the words beside the figures of this paragraph can only be their caption."""
        return len(text) <= MAX_CAPTION and (not self._said.plain or label(text) is not None)

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
        elif tag in ("ul", "ol"):
            self._walked_list(element)
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
            self._said.pieces.append(BREAK)
        elif tag in PICTURES:
            self._picture(child)
        elif tag in SPOKEN:
            self._words(self._said.speak(child))
        elif tag == "iframe":
            self._framed(child)
        elif tag == "map":
            self._areas(child)
        elif tag in _BLOCKS or child in self._captions.elements:
            self.block(child)
        else:
            italic = tag in ("em", "i", "cite")
            self._said.italic += italic
            self._said.around(child, self.inside, self._words)
            self._said.italic -= italic

    def _note(self, mark: str, note: Any) -> None:
        """A note of the page, below the paragraph that refers to it."""
        self._item(note, [])
        text = note_words(mark, fold(self._said.take()))
        self._waiting, self._said.plain = [], False
        if text:
            line = next(filter(None, map(_line, note.iter())), self._line)
            self.items.append(Text(text, Locator(line=line)))

    def _skipped(self, element: Any) -> bool:
        return element in self._said.told or (element.tag not in _SAID and (element in self._left_out or boilerplate(element)))

    def _words(self, words: str | None) -> None:
        if self._said.say(words):
            self._text_came_first = self._text_came_first or not self._waiting

    def _framed(self, element: Any) -> None:
        """The words of a page that is written into another."""
        page = element.get("srcdoc") or ""
        if page.strip() and self._frames < _MOST_FRAMES and len(page) < _LARGEST_FRAME:
            self._frames += 1
            inner = etree.fromstring(
                page.encode("utf-8", "replace"), etree.HTMLParser(no_network=True, remove_comments=True, encoding="utf-8")
            )
            if inner is not None:
                make_seen(inner)
                self.block(inner)

    def _areas(self, element: Any) -> None:
        """What the parts of a picture are called that can be clicked on."""
        names = [fold(area.get("alt") or area.get("title") or "") for area in element.iter("area")]
        if any(names):
            self.flush()
            self.items.append(Text("; ".join(filter(None, names)), Locator(line=self._line)))

    def _heading(self, element: Any, level: int) -> None:
        self.inside(element)
        text = self._mark + fold(self._said.take()).replace("\n", " ")
        self._mark = ""
        if text:
            self.items.append(Heading(level, text, Locator(line=self._line)))

    def _picture(self, element: Any) -> None:
        if shown := shown_by(element, self._captions.of.get(element)):
            self._waiting.append(shown)

    def _code(self, element: Any) -> None:
        text = "".join(piece for piece in _code_pieces(element)).expandtabs(4).strip("\n").rstrip()
        line = next(filter(None, map(_line, element.iter())), self._line)  # on the <code> in it where it was Markdown
        if text.strip():
            self.items.append(Text(text, Locator(line=line), "code"))
        for image in element.iter("img"):
            self._picture(image)

    def _walked_list(self, element: Any) -> None:
        """A list of more than words: the blocks of each item, its number before the first words."""
        items = [item for item in element if isinstance(item.tag, str)]
        for item, mark in zip(items, marks(element, items), strict=True):
            if not self._skipped(item):
                self.flush()
                self._mark = "" if mark == "- " else mark
                self._child(item)
                self.flush()
                self._mark = ""

    def _list(self, element: Any) -> None:
        lines = self._list_lines(element, "")
        self._said.take()
        figures, self._waiting = self._waiting, []
        if lines:
            self.items.append(Text("\n".join(lines), Locator(line=self._line)))
        self.items.extend(replace(figure, locator=Locator(line=self._line)) for figure in figures)

    def _list_lines(self, element: Any, indent: str) -> list[str]:
        lines: list[str] = []
        term = ""
        items = [item for item in element if isinstance(item.tag, str) and (item in self._said.told or not self._skipped(item))]
        for item, mark in zip(items, marks(element, items), strict=True):
            if item in self._said.told:
                continue
            if item.tag in ("ul", "ol", "menu", "dl"):
                lines.extend(self._list_lines(item, indent + "  "))
                continue
            mark = {"dt": "", "dd": "  "}.get(item.tag, mark)
            nested = [child for child in item.iter("ul", "ol", "menu") if next(child.iterancestors("ul", "ol", "menu", "dl")) is element]
            first = len(self._waiting)
            self._said.take()
            self._item(item, nested)
            text = fold(self._said.take())
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
                self._said.pieces.append(BREAK)
                self._item(child, nested)
                self._said.pieces.append(BREAK)
            elif child.tag in ("br", *PICTURES, *SPOKEN):
                self._child(child)
            else:
                self._said.around(child, lambda inner: self._item(inner, nested), self._words)
            self._words(child.tail)

    def _table(self, element: Any) -> None:
        rows = [row for row in rows_of(element) if row and not self._skipped(row[0].getparent())]
        cells = [shown for row in rows if (shown := [cell for cell in row if not self._skipped(cell)])]
        caption = element.find("caption")
        if not cells or is_layout(element, cells):
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
            grid.append([(self._cell(cell), *spans(cell)) for cell in row])
            self._own(first, "\n".join(text for text, *_ in grid[-1]))
        figures, self._waiting = self._waiting, []
        in_head = sum(row[0].getparent().getparent().tag == "thead" for row in cells)
        title, tables = parts(cells, grid, in_head)
        if title:
            self.items.append(Text(title, Locator(line=self._line)))
            lead = f"{lead}: {lead_of(title)}" if lead else lead_of(title)
        single = len(grid) == 1 and not tables[0][1] and caption is None and not title and not self._titled()
        if single:
            if text := ": ".join(filter(None, (text for text, *_ in grid[0]))):
                self.items.append(Text(text, Locator(line=self._line)))
        else:
            for rows, heads in tables:
                lines = plain_rows(rows, heads)
                if lines and len(lines[0]) == 1:
                    self.items.append(Text("\n".join(filter(None, (line[0] for line in lines))), Locator(line=self._line)))
                elif lines:
                    self.items.append(Text(written(lines), Locator(line=self._line), "table", lead))
        self.items.extend(replace(figure, locator=Locator(line=self._line)) for figure in figures)

    def _titled(self) -> bool:
        """Whether what was met last is the title of a table."""
        last = self.items[-1] if self.items else None
        return isinstance(last, Text) and (label(last.text) or "").lower().startswith("table")

    def _cell(self, cell: Any) -> str:
        self._said.take()
        self._item(cell, [])
        return fold(self._said.take())


def _has_blocks(element: Any) -> bool:
    """Whether a list holds more than words: then it is walked as a sequence of blocks."""
    within = ("table", "pre", "listing", "figure", "blockquote", *HEADINGS, "dl")
    return any(each is not element for each in element.iter(*within))


def _code_pieces(element: Any) -> Iterator[str]:
    yield element.text or ""
    for child in element:
        if child.tag == "br":
            yield "\n"
        elif isinstance(child.tag, str) and child.tag != "svg" and not boilerplate(child):
            yield from _code_pieces(child)
        yield child.tail or ""


def _line(element: Any) -> int | None:
    return integer(element.get("data-line"), None)
