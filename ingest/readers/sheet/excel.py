"""Excel's workbooks (.xlsx, .xlsm): the cells as they are shown, read as a stream after ECMA-376 part 1, 18."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from lxml import etree

from ingest.cells import Cells
from ingest.readers.rows import Row
from ingest.readers.sheet import package
from ingest.readers.sheet.book import Merged, Sheet, Visible, numbered, without
from ingest.readers.sheet.formats import BUILT_IN, plain, shown, worded
from ingest.readers.sheet.remarks import header_and_footer, on_sheet
from ingest.readers.sheet.text import clean, is_on, rich
from rag.errors import ReadError

_DAMAGED = "The file is damaged or cut short.", "Open it in a spreadsheet program and save it anew."
_MAX_COLUMN = 16_384
_MAX_FILTERS = 100
_MAX_HIDDEN = 200_000
_MAX_FORMULA = 200  # characters that are told


@dataclass
class _Book:
    """What the sheets share: strings, the format of each style and whether it strikes out, when days are counted from."""

    strings: list[str] = field(default_factory=list)
    formats: list[tuple[str, bool]] = field(default_factory=list)
    from_1904: bool = False
    recalculated: bool = False  # when it is opened: a kept 0 is none that was calculated


def sheets(archive: zipfile.ZipFile) -> Iterator[Sheet]:
    """The shown sheets in order; those that are charts have no rows. Raises ReadError where the workbook is damaged."""
    name = package.main_part(archive)
    tree = package.parsed(archive, name)
    if tree is None:
        raise ReadError(*_DAMAGED)
    related = package.related(archive, name)
    book = _Book(formats=_formats(archive, related.named("/styles")), strings=_strings(archive, related.named("/sharedStrings")))
    for settings in tree.iter("{*}workbookPr"):
        book.from_1904 = is_on(settings.get("date1904"))
    book.recalculated = any(is_on(each.get("fullCalcOnLoad")) for each in tree.iter("{*}calcPr"))
    people = package.people(archive, related)
    for sheet in tree.iter("{*}sheet"):
        if sheet.get("state", "visible") != "visible":
            continue
        relation = next((value for key, value in sheet.attrib.items() if str(key).endswith("}id")), "")
        target = related.targets.get(str(relation), "")
        if target not in archive.NameToInfo:
            continue
        made = _Frame(archive, target)
        read = Sheet(str(sheet.get("name") or ""), made.rows(book), made.columns, made.lines)
        read.remarks += header_and_footer(made.margins)
        on_sheet(read, archive, package.related(archive, target), made.prompts, people)
        yield read


class _Frame:
    """What stands around the rows of a sheet: which are hidden, which cells are one; read before the rows, some of it stands after."""

    def __init__(self, archive: zipfile.ZipFile, name: str):
        self._archive, self._name = archive, name
        self.lines = Visible()
        self.margins: list[str] = []
        self.prompts: list[tuple[str, str]] = []  # cells, words
        merged: list[Cells] = []
        hidden: list[tuple[int, int]] = []
        self._filtered = package.filtered(archive, name)
        for element in _elements(archive, name, "mergeCell", "col", "row", "autoFilter", "dataValidation", "oddHeader", "oddFooter"):
            kind = etree.QName(element).localname
            if kind == "mergeCell" and (cells := Cells.parse(element.get("ref") or "")):
                merged.append(cells)
            elif kind == "col" and is_on(element.get("hidden")) and not _level(element):
                hidden.append((_whole(element.get("min")), _whole(element.get("max"))))
            elif kind == "autoFilter" and element.find("{*}filterColumn") is not None:
                self._filtered.append(Cells.parse((element.get("ref") or "").replace("$", "")) or Cells(1, 1, 1, 1 << 20))
            elif kind == "dataValidation" and (element.get("prompt") or element.get("promptTitle")):
                words = ": ".join(filter(None, (element.get("promptTitle"), element.get("prompt"))))
                self.prompts.append((element.get("sqref") or "", words))
            elif kind in ("oddHeader", "oddFooter"):
                self.margins.append("".join(element.itertext()))
        self._filtered = self._filtered[:_MAX_FILTERS]
        self.columns = Visible(islice(numbered(hidden), _MAX_HIDDEN))
        self._merged = Merged(merged)

    def rows(self, book: _Book) -> Iterator[Row]:
        """The rows that are shown, numbered without the others."""
        number = gone = 0
        masters: dict[str, str] = {}
        for element in _elements(self._archive, self._name, "row"):
            number = max(_whole(element.get("r")), number + 1)
            values = _values(element, book, masters, number)
            self._merged.fill(number, values)
            hidden = is_on(element.get("hidden")) and not _level(element)
            if hidden and not any(each.top <= number <= each.bottom for each in self._filtered):
                self.lines.hide(number)
                gone += 1
                continue
            if values:
                yield Row(number - gone, without(values, self.columns))


def _values(row: Any, book: _Book, masters: dict[str, str], number: int) -> list[str]:
    values: list[str] = []
    for cell in row:
        if not isinstance(cell.tag, str) or not cell.tag.endswith("}c"):
            continue
        column = _column(cell.get("r"), len(values) + 1)
        text = _shown(cell, book, masters)
        if text and len(values) < column <= _MAX_COLUMN:
            values += [""] * (column - len(values))
            values[column - 1] = text
        elif len(values) < column <= _MAX_COLUMN:
            values += [""] * (column - len(values))
    while values and not values[-1]:
        values.pop()
    return values


def _shown(cell: Any, book: _Book, masters: dict[str, str]) -> str:
    """The text of a cell."""
    kind, value, formula, inline = cell.get("t", "n"), None, None, None
    for child in cell:
        name = child.tag.rpartition("}")[2] if isinstance(child.tag, str) else ""
        if name == "v":
            value = child.text
        elif name == "f":
            formula = child
        elif name == "is":
            inline = child
    style = _whole(cell.get("s"))
    code, struck = book.formats[style] if style < len(book.formats) else ("", False)
    if struck:
        return ""
    if formula is not None:
        told = _formula(formula, masters)
        if kind != "str" and (not value or (book.recalculated and value == "0")):
            return f"={told} (not calculated)" if told else ""
    if kind == "inlineStr":
        return clean(worded(rich(inline), code)) if inline is not None else ""
    if value is None:
        return ""
    if kind == "s":
        at = _whole(value, -1)
        return worded(book.strings[at], code) if 0 <= at < len(book.strings) else ""
    if kind == "b":
        return "TRUE" if value.strip() == "1" else "FALSE"
    if kind == "str":
        return clean(worded(value, code))
    if kind in ("e", "d"):
        return value.strip().removesuffix("T00:00:00").replace("T", " ") if kind == "d" else value.strip()
    try:
        number = float(value)
        return shown(number, code, book.from_1904) if code else plain(number)
    except (ValueError, OverflowError):
        return value.strip()


def _formula(element: Any, masters: dict[str, str]) -> str:
    """A formula as it stands; one that is shared stands in the first of its cells alone."""
    text = " ".join((element.text or "").replace("_xlfn.", "").split())
    if element.get("t") == "shared":
        shared = element.get("si") or ""
        if text and len(masters) < 100_000:
            masters[shared] = text
        elif shared in masters:
            text = f"… as {masters[shared]}"
    return text if len(text) <= _MAX_FORMULA else text[:_MAX_FORMULA] + "…"


def _strings(archive: zipfile.ZipFile, name: str) -> list[str]:
    return [clean(rich(element)) for element in _elements(archive, name, "si")] if name else []


def _formats(archive: zipfile.ZipFile, name: str) -> list[tuple[str, bool]]:
    """For each style of a cell the code of its format, and whether it strikes out."""
    tree = package.parsed(archive, name) if name else None
    if tree is None:
        return []
    codes = {_whole(each.get("numFmtId")): each.get("formatCode") or "" for each in tree.iter("{*}numFmt")}
    fonts = tree.find("{*}fonts")
    struck = [any(is_on(each.get("val", "1")) for each in font.iterfind("{*}strike")) for font in fonts] if fonts is not None else []
    found = []
    for style in tree.iterfind("{*}cellXfs/{*}xf"):
        number, font = _whole(style.get("numFmtId")), _whole(style.get("fontId"))
        found.append((codes.get(number, BUILT_IN.get(number, "")), font < len(struck) and struck[font]))
    return found


def _elements(archive: zipfile.ZipFile, name: str, *names: str) -> Iterator[Any]:
    """The elements of a part that have one of the names, one after the other, each gone when the next comes."""
    tags = [f"{{*}}{each}" for each in names]
    try:
        with archive.open(name) as file:
            for _, element in etree.iterparse(
                file, tag=tags, no_network=True, resolve_entities=False, remove_comments=True, remove_pis=True
            ):
                yield element
                element.clear()
                while element.getprevious() is not None:
                    del element.getparent()[0]
    except RuntimeError as error:  # zipfile's word for a password
        raise ReadError("It is protected by a password.", "Save a copy without the password.") from error
    except (etree.XMLSyntaxError, zipfile.BadZipFile, EOFError, ValueError, KeyError) as error:
        raise ReadError(*_DAMAGED) from error


def _column(reference: str | None, default: int) -> int:
    number = 0
    for letter in reference or "":
        if not "A" <= letter <= "Z":
            break
        number = number * 26 + ord(letter) - 64
    return number or default


def _level(element: Any) -> int:
    """How deep in an outline: what is folded away there is shown by a click."""
    return _whole(element.get("outlineLevel"))


def _whole(text: str | None, default: int = 0) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 10 else default
