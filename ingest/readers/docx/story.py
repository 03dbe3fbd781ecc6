"""The stories of a Word document (its body, a note, a comment, a text box) mapped to a tree of HTML: paragraphs, lists and tables."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from typing import Any

from lxml import etree

from ingest.figures import describes
from ingest.readers import captions
from ingest.readers.docx.chunks import chunk
from ingest.readers.docx.numbering import Label, Numbering
from ingest.readers.docx.package import Package, child, get, local, number, on, value
from ingest.readers.docx.runs import DEEP, Runs
from ingest.readers.docx.styles import SKIPPED, Styles
from ingest.readers.docx.tables import GONE, HEADINGS, MAX_COLUMNS, Cell, Row, Table, cells_of, plain_headings, rows
from ingest.readers.embedded import readable
from ingest.readers.items import Lists, is_item
from ingest.readers.line import Line, grow, last_child
from ingest.readers.nested import fold_in
from ingest.readers.numerals import numeral

_DROPPED = ("drop", "margin")  # a large first letter, which is a paragraph of its own


@dataclass
class Shared:
    """What all stories of a document share. `notes` has the part and the element of each note or comment by its kind and id; `passed`
    counts what is not read."""

    package: Package
    styles: Styles
    numbering: Numbering
    notes: dict[tuple[str, str], tuple[str, Any]] = field(default_factory=dict)
    passed: Counter[str] = field(default_factory=Counter)
    kinds: dict[str, str] = field(default_factory=dict)  # how the marks of footnotes and endnotes are written
    embedded: list[str] = field(default_factory=list)  # parts that are files of their own
    _counts: Counter[str] = field(default_factory=Counter)

    def embed(self, name: str | None, kind: str) -> None:
        """Keeps an embedded file to be read, or counts it among those of its kind that cannot be."""
        if name is not None and readable(self.package.archive, name):
            self.embedded.append(name)
        else:
            self.passed[kind] += 1

    def mark(self, kind: str) -> str:
        """The mark of the next footnote or endnote."""
        self._counts[kind] += 1
        return numeral(self._counts[kind], self.kinds.get(kind, "lowerRoman" if kind == "endnotes" else "decimal"))


@dataclass
class _Holder:
    """An element that blocks are put into, and the lists that its last item is in."""

    into: Any
    cell: bool = False
    body: bool = False
    lists: Lists = field(default_factory=Lists)
    line: Line | None = None  # of a paragraph whose end was deleted: the next goes on from it
    waiting: list[Any] = field(default_factory=list)  # notes and comments on the list


class Story:
    """One story, from the part that it stands in. `furniture` of a head or foot, where numbers of pages are left out."""

    def __init__(self, shared: Shared, part: str, root: Any, furniture: bool = False, depth: int = 0):
        self._shared = shared
        self._depth = depth
        self._boxed = depth > 0
        self._part = part
        self._runs = Runs(shared, part, root, furniture, depth)

    def into(self, element: Any, made: Any, body: bool = False) -> None:
        """Puts the blocks of an element at the end of `made`."""
        holder = _Holder(made, body=body)
        self._blocks(element, holder)
        self._ended(holder)

    def _ended(self, holder: _Holder) -> None:
        if holder.line is not None:
            line, holder.line = holder.line, None
            self._write(line, "p", None, holder)
        self._unlist(holder)

    def _blocks(self, element: Any, holder: _Holder) -> None:
        for each in element:
            name = local(each)
            if name == "p":
                self._paragraph(each, holder)
            elif name == "tbl":
                self._table(each, holder)
            elif name in ("oMath", "oMathPara"):
                line = Line()
                self._runs.formula(each, line)
                self._write(line, "p", None, holder)
            elif name == "AlternateContent":
                self._blocks(self._runs.alternative(each), holder)
            elif name == "sdt":
                if not self._runs.unfilled(each):
                    self._blocks(each, holder)
            elif name in ("altChunk", "subDoc"):
                self._chunk(each, holder)
            elif name and name not in GONE:
                self._blocks(each, holder)

    def _chunk(self, element: Any, holder: _Holder) -> None:
        package = self._shared.package
        found = chunk(package, package.target(self._part, get(element, "id")))
        if not found:
            self._shared.embed(package.target(self._part, get(element, "id")), "documents that are put in as files")
            return
        self._unlist(holder)
        for each in found:
            holder.into.append(each)

    def _paragraph(self, element: Any, holder: _Holder) -> None:
        hidden = self._runs.hidden  # in a field that is not shown
        line, holder.line = holder.line or Line(), None
        style = value(element, "pPr/pStyle")
        self._runs.read(element, line, style)
        mark = child(element, "pPr/rPr")
        if child(mark, "del") is not None or child(mark, "moveFrom") is not None or value(element, "pPr/framePr", "dropCap") in _DROPPED:
            holder.line = line
            return
        tag = self._shared.styles.tag(element)
        if tag == SKIPPED or (hidden and line.empty):
            self._runs.boxes.clear()
            return
        unseen = line.empty and on(child(mark, "vanish"))
        label = None if unseen else self._shared.numbering.label(element, style)
        if self._boxed and tag in HEADINGS and tag != "h1":
            tag = "p"
        self._write(line, tag, label, holder)

    def _write(self, line: Line, tag: str, label: Label | None, holder: _Holder) -> None:
        boxes, self._runs.boxes = self._runs.boxes, []
        listed = label is not None and tag == "p" and not holder.cell and is_item(label.text)
        if label is not None and label.text and not listed and (holder.cell or not line.empty):
            line.begin(label.text if line.empty else f"{label.text} ")
        if not listed and (boxes or not line.empty):
            self._unlist(holder)
        if not line.empty or (tag == "pre" and not holder.lists):
            self._element(line, tag, label if listed else None, holder)
        if listed and holder.body:
            holder.waiting += boxes
        else:
            for box in boxes:
                holder.into.append(box)
        self._keep(holder)

    def _keep(self, holder: _Holder) -> None:
        """Puts the notes and comments of a block of the body below it, those of an item below its list."""
        if not holder.body:
            return
        holder.waiting += self._runs.pending
        self._runs.pending = []
        if not holder.lists:
            self._unlist(holder)

    def _element(self, line: Line, tag: str, label: Label | None, holder: _Holder) -> None:
        if label is not None:
            line.into(holder.lists.item(holder.into, label.level, label.text))
            return
        last = last_child(holder.into)
        if line.empty and (last is None or last.tag != "pre"):
            return
        if tag == "pre" and last is not None and last.tag == "pre":
            grow(last, "\n")
            line.into(last)
            return
        made = etree.SubElement(holder.into, "p" if tag == captions.CLASS else tag)
        if tag == captions.CLASS:
            made.set("class", captions.CLASS)
        line.into(made)

    def _unlist(self, holder: _Holder) -> None:
        """Ends the list; what waits for its end comes below it."""
        holder.lists.end()
        for each in holder.waiting:
            holder.into.append(each)
        holder.waiting.clear()

    def _table(self, element: Any, holder: _Holder) -> None:
        if self._depth >= DEEP:
            line = Line()
            line.add(" ".join(text.text or "" for text in element.iter("{*}t")))
            self._write(line, "p", None, holder)
            return
        made = etree.Element("table")
        outer, self._runs.table = self._runs.table, value(element, "tblPr/tblStyle")
        self._depth = self._runs.depth = self._depth + 1
        Table(made).fill([self._row(row) for row in rows(element) if not self._row_gone(row)])
        self._depth = self._runs.depth = self._depth - 1
        self._runs.table = outer
        if last_child(made) is None:
            return
        for words in (value(element, "tblPr/tblCaption"), value(element, "tblPr/tblDescription")):
            if describes(words):
                line = Line()
                line.add(words or "")
                self._write(line, "p", None, holder)
        plain_headings(made)
        fold_in(made)
        self._unlist(holder)
        holder.into.append(made)
        self._keep(holder)

    def _row_gone(self, row: Any) -> bool:
        properties = child(row, "trPr")
        return child(properties, "del") is not None or (child(properties, "hidden") is not None and on(child(properties, "hidden")))

    def _row(self, row: Any) -> Row:
        cells: list[Cell] = []
        for cell in cells_of(row):
            made = etree.Element("td")
            holder = _Holder(made, cell=True)
            properties = child(cell, "tcPr")
            if child(properties, "cellDel") is None:
                self._blocks(cell, holder)
                self._ended(holder)
            merged, across = child(properties, "vMerge"), child(properties, "hMerge")
            goes_on = merged is not None and (get(merged, "val") or "continue") == "continue"
            joined = across is not None and (get(across, "val") or "continue") == "continue"
            width = min(max(number(value(properties, "gridSpan"), 1), 1), MAX_COLUMNS)
            if joined and cells:
                cells[-1] = replace(cells[-1], width=min(cells[-1].width + width, MAX_COLUMNS))
            else:
                cells.append(Cell(made, width, merged is not None and not goes_on, goes_on))
        before = min(max(number(value(row, "trPr/gridBefore")), 0), MAX_COLUMNS)
        if before:
            cells.insert(0, Cell(etree.Element("td"), before))
        return Row(cells, on(child(row, "trPr/tblHeader")))
