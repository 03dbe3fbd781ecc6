"""Sheets of OpenDocument (.ods): the cells as they are shown, read as a stream after OpenDocument 1.3, part 3, 9."""

from __future__ import annotations

import posixpath
import re
import zipfile
from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote

from lxml import etree

from ingest.cells import Cells
from ingest.figures import describes
from ingest.readers.rows import Row
from ingest.readers.scripts import lowered, raised
from ingest.readers.sheet.book import Drawn, Merged, Remark, Sheet, Visible, without
from ingest.readers.sheet.formats import plain
from rag.errors import ReadError

_DAMAGED = "The file is damaged or cut short.", "Open it in a spreadsheet program and save it anew."
_MOST_REMARKS = 5_000
_MAX_COLUMN = 16_384
_MAX_ROW = 1_048_576
_MAX_FORMULA = 200
_ADDRESS = re.compile(r"\[\.?([^\]]*)\]")
_MONTH = re.compile(r"[^\W\d]{3,}")
_UNSEEN = ("annotation", "frame", "custom-shape", "line", "g", "control", "event-listeners", "detective", "shapes")


class _Styles:
    """What of the styles of a document says that something is not shown, or raised."""

    def __init__(self) -> None:
        self.struck: set[str] = set()
        self.raised: dict[str, str] = {}
        self.hidden: set[str] = set()  # sheets

    def learn(self, style: Any) -> None:
        name = _get(style, "name")
        for look in style.iter("{*}text-properties"):
            if _get(look, "text-line-through-style", "none") != "none" or _get(look, "text-line-through-type", "none") != "none":
                self.struck.add(name)
            position = _get(look, "text-position")
            if position.startswith("super") or (position[:1].isdigit() and not position.startswith("0")):
                self.raised[name] = "high"
            elif position.startswith(("sub", "-")):
                self.raised[name] = "low"
        for look in style.iter("{*}table-properties"):
            if _get(look, "display") == "false":
                self.hidden.add(name)


def sheets(archive: zipfile.ZipFile) -> Iterator[Sheet]:
    """The shown sheets in order. Raises ReadError where the content is damaged."""
    styles = _Styles()
    for name in ("styles.xml", "content.xml"):
        for event, style in _parsed(archive, name, "style", "table") if name in archive.NameToInfo else ():
            if _local(style) == "table":
                break  # styles stand before all sheets
            if event == "end":
                styles.learn(style)
    made: _Making | None = None
    for event, element in _parsed(archive, "content.xml", "table", "table-column", "table-row"):
        name = _local(element)
        if name == "table" and _local(element.getparent()) == "spreadsheet":
            if event == "start":
                shown = _get(element, "style-name") not in styles.hidden and _get(element, "display") != "false"
                made = _Making(_get(element, "name"), styles) if shown else None
            elif made:
                for shapes in element.iterfind("{*}shapes"):
                    _shapes(shapes, made.sheet, Cells(1, 1, 1, 1), styles)
                yield made.done()
        elif event == "end" and sum(1 for each in element.iterancestors() if _local(each) == "table") == 1:
            if made and name == "table-column":
                made.column(element)
            elif made and name == "table-row":
                made.row(element)
            element.clear()


class _Making:
    """A sheet while it is read."""

    def __init__(self, name: str, styles: _Styles):
        self.sheet = Sheet(name)
        self._styles = styles
        self._column = self._number = self._gone = 0
        self._hidden: list[int] = []
        self._merged: list[Cells] = []
        self._rows: list[Row] = []

    def column(self, column: Any) -> None:
        times = min(_repeated(column, "number-columns-repeated"), _MAX_COLUMN - self._column)
        if _get(column, "visibility") == "collapse":
            self._hidden.extend(range(self._column + 1, self._column + times + 1))
        self._column += max(times, 0)

    def row(self, row: Any) -> None:
        times = _repeated(row, "number-rows-repeated")
        values = _values(row, self._styles, self.sheet, self._merged, self._number + 1)
        if _get(row, "visibility") == "collapse":
            for _ in range(min(times, _MAX_ROW)):
                self._number += 1
                self._gone += 1
                self.sheet.lines.hide(self._number)
            return
        for _ in range(times if values else 0):
            self._number += 1
            self._rows.append(Row(self._number - self._gone, list(values)))
        self._number += 0 if values else times

    def done(self) -> Sheet:
        self.sheet.columns = Visible(self._hidden)
        over = Merged(self._merged)
        for row in self._rows:
            over.fill(self.sheet.lines.true(row.number), row.values)
        self.sheet.rows = (row._replace(values=without(row.values, self.sheet.columns)) for row in self._rows)
        return self.sheet


def _values(row: Any, styles: _Styles, sheet: Sheet, merged: list[Cells], number: int) -> list[str]:
    values: list[str] = []
    column = 0
    for cell in row:
        name = _local(cell)
        if name not in ("table-cell", "covered-table-cell"):
            continue
        times = _repeated(cell, "number-columns-repeated")
        here = Cells(column + 1, number, column + 1, number)
        text = "" if name.startswith("covered") else _shown(cell, styles)
        if len(cell):
            _beside(cell, sheet, here, styles)
        wide, down = (_repeated(cell, f"number-{each}-spanned") for each in ("columns", "rows"))
        if text and (wide > 1 or down > 1):
            merged.append(Cells(here.left, number, column + wide, number + down - 1))
        if text:
            values += [""] * (column - len(values))
            values += [text] * max(min(times, _MAX_COLUMN - column), 0)
        column += times
    return values


def _shown(cell: Any, styles: _Styles) -> str:
    """The text of a cell as the program showed it; of a day in figures its date."""
    if _get(cell, "style-name") in styles.struck:
        return ""
    words = "\n".join("".join(_words(each, styles)).strip() for each in cell if _local(each) in ("p", "h")).strip()
    kind = _get(cell, "value-type") or _get(cell, "calcext:value-type")
    kept = any(_get(cell, name) for name in ("value", "date-value", "time-value", "boolean-value", "string-value"))
    formula = _get(cell, "formula")
    if formula and not kept and not words and kind != "string":
        return f"={_formula(formula)} (not calculated)"
    if kind == "date" and not _MONTH.search(words):
        moment = _get(cell, "date-value").removesuffix("T00:00:00").replace("T", " ")
        return moment.removesuffix(":00") if moment.count(":") == 2 else moment or words
    if words or kind in ("", "string"):
        return words or _get(cell, "string-value")
    if kind == "boolean":
        return _get(cell, "boolean-value").upper()
    value = _get(cell, "value")
    try:
        return f"{plain(float(value) * 100)}%" if kind == "percentage" else f"{plain(float(value))} {_get(cell, 'currency')}".strip()
    except ValueError:
        return value or _get(cell, "time-value")


def _formula(text: str) -> str:
    """A formula of OpenDocument as one types it."""
    bare = _ADDRESS.sub(lambda found: found[1].replace(":.", ":"), text.partition(":=")[2] or text.removeprefix("="))
    return " ".join(bare.split())[:_MAX_FORMULA]


def _words(element: Any, styles: _Styles) -> Iterator[str]:
    """The words of a paragraph without what is struck out and what is pinned to it."""
    yield element.text or ""
    for child in element:
        name = _local(child)
        style = _get(child, "style-name")
        if name == "s":
            yield " " * min(_repeated(child, "c"), 100)
        elif name in ("tab", "line-break"):
            yield "\t" if name == "tab" else "\n"
        elif name == "span" and style in styles.raised and style not in styles.struck:
            text = "".join(_words(child, styles))
            yield raised(text, _before(child)) if styles.raised[style] == "high" else lowered(text)
        elif name and name not in _UNSEEN and style not in styles.struck:
            yield from _words(child, styles)
        yield child.tail or ""


def _before(span: Any) -> str:
    above = span.getprevious()
    text = (above.tail or "".join(above.itertext())) if above is not None else span.getparent().text
    return (text or "")[-20:]


def _beside(cell: Any, sheet: Sheet, here: Cells, styles: _Styles) -> None:
    """What is pinned to a cell, or lies on it."""
    for note in cell.iterfind("{*}annotation"):
        words = "\n".join(filter(None, ("".join(_words(each, styles)).strip() for each in note.iter("{*}p"))))
        author = " ".join((note.findtext("{*}creator") or "").split())
        if words and len(sheet.remarks) < _MOST_REMARKS:
            sheet.remarks.append(Remark(f"Note by {author} on" if author else "Note on", words, here))
    _shapes(cell, sheet, here, styles)


def _shapes(holder: Any, sheet: Sheet, here: Cells, styles: _Styles) -> None:
    for shape in holder.iter("{*}frame", "{*}custom-shape", "{*}rect", "{*}ellipse"):
        if len(sheet.remarks) >= _MOST_REMARKS:
            return
        alt = shape.findtext("{*}desc") or shape.findtext("{*}title")
        lines = ["".join(_words(each, styles)).strip() for each in shape.iter("{*}p") if not _in_note(each)]
        if words := "\n".join(filter(None, lines)):
            sheet.remarks.append(Remark("", words, here))
        target = next((_get(each, "href") for each in shape.iterfind("{*}object")), "")
        image = next((_get(each, "href") for each in shape.iterfind("{*}image")), "")
        if target:
            sheet.charts.append(Drawn(here, _part(f"{target}/content.xml"), alt))
        elif image:
            sheet.drawn.append(Drawn(here, _part(image), alt))
        elif describes(alt) and alt:
            sheet.remarks.append(Remark("Drawing at", " ".join(alt.split()), here))


def _in_note(paragraph: Any) -> bool:
    return any(_local(each) == "annotation" for each in paragraph.iterancestors())


def _part(reference: str) -> str:
    return posixpath.normpath(unquote(reference)).lstrip("/")


def _parsed(archive: zipfile.ZipFile, name: str, *names: str) -> Iterator[tuple[str, Any]]:
    """Where the elements of a part begin and end that have one of the names."""
    tags = [f"{{*}}{each}" for each in names]
    try:
        with archive.open(name) as file:
            yield from etree.iterparse(file, ("start", "end"), tag=tags, no_network=True, resolve_entities=False)
    except RuntimeError as error:  # zipfile's word for a password
        raise ReadError("It is protected by a password.", "Save a copy without the password.") from error
    except (etree.XMLSyntaxError, zipfile.BadZipFile, EOFError, ValueError, KeyError) as error:
        raise ReadError(*_DAMAGED) from error


def _get(element: Any, name: str, default: str = "") -> str:
    """An attribute by its name without its prefix."""
    bare = name.rpartition(":")[2]
    return next((str(value) for key, value in element.attrib.items() if str(key).rpartition("}")[2] == bare), default)


def _repeated(element: Any, name: str) -> int:
    number = _get(element, name)
    return max(int(number), 1) if number.isascii() and number.isdigit() and len(number) < 10 else 1


def _local(element: Any) -> str:
    tag = element.tag if element is not None else None
    return tag.rpartition("}")[2].rpartition(":")[2] if isinstance(tag, str) else ""
