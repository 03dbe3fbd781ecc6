"""From the elements of an OpenDocument file to those of HTML: paragraphs with their numbers, lists, tables, notes and comments."""

from __future__ import annotations

import zipfile
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from lxml import etree

from ingest.readers import captions
from ingest.readers.items import Lists, is_item
from ingest.readers.line import Line, grow, last_child
from ingest.readers.odt.markup import get, length, local, number
from ingest.readers.odt.numbers import Counting, Numbers
from ingest.readers.odt.objects import Objects
from ingest.readers.odt.styles import Styles, look
from ingest.readers.odt.tables import table

_SKIPPED = {
    "table-of-content", "illustration-index", "table-index", "object-index", "user-index", "alphabetical-index", "tracked-changes",
    "forms", "sequence-decls", "variable-decls", "user-field-decls", "annotation-end", "note-citation", "page-thumbnail",
    "soft-page-break", "settings", "event-listeners", "script", "binary-data", "shapes", "dde-connection-decls", "title", "desc",
    "hidden-paragraph", "creator", "date-string",
}  # fmt: skip
_FURNITURE = {"date-time", "footer", "header", "page-number"}
_PAGES = {"page-number", "page-count", "page-continuation"}
_BLOCKS = {"p", "h", "list", "table", "section", "numbered-paragraph", "index-body"}
_SHAPES = {
    "frame", "image", "custom-shape", "rect", "ellipse", "circle", "line", "path", "polygon", "polyline", "regular-polygon", "connector",
    "caption", "g", "control", "measure", "scene",
}  # fmt: skip
_HEADINGS = frozenset(f"h{level}" for level in range(2, 11))
_DEEP = 40  # tables, frames and lists in each other
_MAX_SPACES = 200


@dataclass
class Holder:
    """An element that blocks are put into, and the lists that its last item is in. `boxed` where headings are none of the document's."""

    into: Any
    cell: bool = False
    body: bool = False
    boxed: bool = False
    lists: Lists = field(default_factory=Lists)
    item: Any = None


class Mapping:
    """From the elements of one document to those of HTML; `passed` counts what is not read."""

    def __init__(self, archive: zipfile.ZipFile, content: Any, styles: Any):
        self.styles = Styles(styles, content)
        self.passed: Counter[str] = Counter()
        self._objects = Objects(archive, content, self.passed)
        self._notes: list[Any] = []
        self._boxes: list[Any] = []
        self._numbers = Numbers(self.styles)
        self._furniture = False
        self._depth = 0

    def tree(self, body: Any, furniture: bool = False) -> Any:
        """The blocks of all that is in an element, as a document of HTML."""
        self._furniture = furniture
        html = etree.Element("html")
        for each in body:
            self.blocks(each, Holder(etree.SubElement(html, "body"), body=True))
        return html

    def slide(self, page: Any) -> Any:
        """The title, what else is on the slide from top to bottom and left to right, the speaker's notes, and comments."""
        html = etree.Element("html")
        body = etree.SubElement(html, "body")
        holder = Holder(body, body=True)
        shown = [each for each in page if isinstance(each.tag, str) and local(each) not in ("notes", "annotation") and not _skipped(each)]
        titles = [each for each in shown if get(each, "class") == "title"]
        if words := " ".join(" ".join(self._words(text) for title in titles for text in title.iter("{*}p")).split()):
            etree.SubElement(body, "h1").text = words
        for each in sorted(shown, key=lambda each: (round(length(each, "y")), length(each, "x"))):
            if each not in titles:
                self.block(each, holder)
        for other in (*page.iterfind("{*}notes"), *page.iterfind("{*}annotation")):
            self.block(other, holder)
        return html

    def _words(self, paragraph: Any) -> str:
        line = Line()
        self._inline(paragraph, line, self._said(paragraph))
        self._boxes.clear()
        return line.text()

    def _said(self, paragraph: Any) -> dict[str, str]:
        return self.styles.said("paragraph", get(paragraph, "style-name"))

    def blocks(self, element: Any, holder: Holder) -> None:
        for child in element:
            if isinstance(child.tag, str):
                self.block(child, holder)

    def block(self, element: Any, holder: Holder) -> None:
        name = local(element)
        if _skipped(element):
            return
        if name == "annotation":
            self._comment(element)
        elif name in ("p", "h"):
            self._paragraph(element, holder, self._numbers.heading(element) if name == "h" else None)
        elif self._depth >= _DEEP:
            line = Line()
            line.add(" ".join("".join(element.itertext()).split()))
            self._write(line, "p", holder)
        elif name == "list":
            self._list(element, holder)
        elif name == "numbered-paragraph":
            self._numbered(element, holder)
        elif name == "table":
            self._table(element, holder)
        elif name in _SHAPES:
            line = Line()
            self._shape(element, line)
            self._write(line, "p", holder)
        elif get(element, "is-hidden") != "true":
            self._depth += 1
            self.blocks(element, holder)
            self._depth -= 1
        self._noted(holder)

    def _noted(self, holder: Holder) -> None:
        """Puts notes and comments below the block of the body that refers to them."""
        if holder.body:
            waiting, self._notes = self._notes, []
            for each in waiting:
                holder.into.append(each)

    def _paragraph(self, element: Any, holder: Holder, mark: str | None = None, level: int = 0, listed: bool = False) -> None:
        line = Line()
        hidden = any(get(each, "is-hidden") == "true" for each in element.iter("{*}hidden-paragraph"))
        if not hidden:
            self._inline(element, line, self._said(element))
        tag = self.styles.tag(element)
        if holder.boxed and tag in _HEADINGS:
            tag = "p"
        if listed and tag == "p" and not holder.cell and is_item(mark):
            if not line.empty:
                holder.item = holder.lists.item(holder.into, level, mark)
                line.into(holder.item)
            self._put_boxes(holder)
            return
        if mark and (holder.cell or not line.empty):
            line.begin(mark if line.empty else f"{mark} ")
        self._write(line, tag, holder)

    def _write(self, line: Line, tag: str, holder: Holder) -> None:
        last = last_child(holder.into)
        if tag == "pre" and line.empty and last is not None and last.tag == "pre":
            grow(last, "\n")
        elif not line.empty:
            holder.lists.end()
            holder.item = None
            if tag == "pre" and last is not None and last.tag == "pre":
                grow(last, "\n")
                line.into(last)
            else:
                made = etree.SubElement(holder.into, "p" if tag == captions.CLASS else tag)
                if tag == captions.CLASS:
                    made.set("class", tag)
                line.into(made)
        self._put_boxes(holder)

    def _put_boxes(self, holder: Holder) -> None:
        boxes, self._boxes = self._boxes, []
        for box in boxes:
            holder.lists.end()
            holder.into.append(box)

    def _list(self, element: Any, holder: Holder) -> None:
        self._items(element, holder, self._numbers.begun(element))
        holder.lists.end()
        holder.item = None

    def _items(self, element: Any, holder: Holder, counting: Counting) -> None:
        self._depth += 1
        for item in element:
            name = local(item)
            if name not in ("list-item", "list-header"):
                continue
            first, inner = name == "list-item", 0
            for child in item:
                kind = local(child)
                if kind in ("p", "h"):
                    self._item(child, holder, counting, get(item, "start-value"), first)
                    first = False
                elif kind == "list" and self._depth < _DEEP:
                    self._items(child, holder, counting.inner(child, inner > 0))
                    inner += 1
                elif kind:
                    self.block(child, holder)
        self._depth -= 1

    def _item(self, element: Any, holder: Holder, counting: Counting, start: str | None, first: bool) -> None:
        """A paragraph of an item: the first has its number or bullet, the others follow in it."""
        if not first:
            within = holder.item is not None and local(element) == "p"
            self._paragraph(element, Holder(holder.item, boxed=holder.boxed) if within else holder)
            return
        mark = self._numbers.item(element, counting, start)
        self._paragraph(element, holder, mark, counting.level, listed=local(element) != "h" or mark is not None)

    def _numbered(self, element: Any, holder: Holder) -> None:
        """A paragraph that says itself which list it is of."""
        for child in element:
            if local(child) in ("p", "h"):
                self._item(child, holder, self._numbers.alone(element), get(element, "start-value"), first=True)

    def _table(self, element: Any, holder: Holder) -> None:
        def fill(cell: Any, made: Any) -> None:
            self.blocks(cell, Holder(made, cell=True))

        self._depth += 1
        made = table(element, fill)
        self._depth -= 1
        if made is not None:
            holder.lists.end()
            holder.into.append(made)

    def _inline(self, element: Any, line: Line, said: dict[str, str]) -> None:
        shown = look(said)

        def add(words: str | None) -> None:
            if words and not shown.unseen:
                line.add(words, shown.script, shown.italic)

        add(element.text)
        for child in element:
            name = local(child)
            if name == "s":
                add(" " * min(number(get(child, "c")) or 1, _MAX_SPACES))
            elif name == "tab":
                add("\t")
            elif name == "line-break":
                line.put(etree.Element("br"))
            elif name == "note":
                if not shown.unseen:
                    add(f"[{self._note(child)}]")
            elif name == "annotation":
                self._comment(child)
            elif name == "ruby":
                self._ruby(child, line, said)
            elif name in _BLOCKS:  # in a shape
                self._box(child, wrapped=False)
            elif name in _SHAPES:
                if not (shown.unseen or _skipped(child)):
                    self._shape(child, line)
            elif name and not _skipped(child) and not (self._furniture and name in _PAGES) and get(child, "is-hidden") != "true":
                style = get(child, "style-name")
                add(get(child, "string-value") if name == "hidden-text" and not child.text else None)
                self._inline(child, line, said | self.styles.said("text", style) if name in ("span", "a") and style else said)
            add(child.tail)

    def _ruby(self, element: Any, line: Line, said: dict[str, str]) -> None:
        """Words with a reading aid, which stands in brackets behind them."""
        for base in element.iterfind("{*}ruby-base"):
            self._inline(base, line, said)
        aid = " ".join("".join("".join(each.itertext()) for each in element.iterfind("{*}ruby-text")).split())
        if aid:
            line.add(f"({aid})")

    def _note(self, element: Any) -> str:
        """The mark of a note, which comes below with it."""
        citation = element.find("{*}note-citation")
        mark = "*" if citation is None else " ".join((get(citation, "label") or "".join(citation.itertext())).split()) or "*"
        made = Holder(etree.Element("div"), boxed=True)
        for body in element.iterfind("{*}note-body"):
            self._apart(body, made)
        self._mark(made.into, f"[{mark}] ")
        return mark

    def _comment(self, element: Any) -> None:
        made = Holder(etree.Element("div"), boxed=True)
        self._apart(element, made)
        author = " ".join((element.findtext("{*}creator") or "").split())[:80]
        self._mark(made.into, f"Comment by {author}: " if author else "Comment: ")

    def _apart(self, element: Any, holder: Holder) -> None:
        """The blocks of what stands within a paragraph, its boxes not among those of the paragraph."""
        boxes, self._boxes = self._boxes, []
        self._depth += 1
        self.blocks(element, holder) if self._depth < _DEEP else grow(holder.into, " ".join("".join(element.itertext()).split()))
        self._depth -= 1
        self._boxes = boxes

    def _mark(self, made: Any, before: str) -> None:
        first = next(made.iter("p", "li", "td", "pre"), None)
        if first is not None:
            first.text = before + (first.text or "")
            self._notes.append(made)

    def _box(self, element: Any, wrapped: bool = True) -> None:
        """What is in a text box, or a block in a shape."""
        made = Holder(etree.Element("div"), boxed=True)
        holder = element if wrapped else [element]
        boxes, self._boxes = self._boxes, []
        self._depth += 1
        for child in holder if self._depth < _DEEP else ():
            if isinstance(child.tag, str):
                self.block(child, made)
        self._depth -= 1
        self._boxes = boxes
        if last_child(made.into) is not None:
            self._boxes.append(made.into)

    def _shape(self, element: Any, line: Line) -> None:
        """A picture with its title and description, the words of a text box, the table of a chart, the text of a formula."""
        before = len(self._boxes)
        found = self._objects.read(element)
        if found.words:
            line.add(f" {found.words} ")
        for picture in found.pictures:
            line.put(picture)
        self._boxes += found.blocks
        for each in found.tables:
            self._box(each, wrapped=False)
        if not found.whole:
            for child in element:
                if local(child) not in ("image", "object", "object-ole", "plugin"):
                    self._box(child, wrapped=False)
        if found.alt and not (found.pictures or found.words or len(self._boxes) > before):
            words = etree.Element("p")
            words.text = found.alt
            self._boxes.append(words)


def _skipped(element: Any) -> bool:
    """Whether an element is not for the reader, or is read where it belongs."""
    return local(element) in _SKIPPED or get(element, "class") in _FURNITURE or get(element, "display") == "none"
