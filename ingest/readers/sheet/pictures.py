"""The pictures in an Excel workbook, by the cells that they lie on."""

from __future__ import annotations

import posixpath
import zipfile
from typing import Any, NamedTuple
from urllib.parse import unquote

from lxml import etree

from ingest.cells import Cells
from ingest.readers.packed import part
from rag.errors import ReadError

_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"


class Anchored(NamedTuple):
    """`part` is the name of the picture's part in the package, `alt` its alt text."""

    cells: Cells
    part: str
    alt: str | None


def pictures(archive: zipfile.ZipFile) -> dict[str, list[Anchored]]:
    """The pictures by the name of their sheet; none where the package is not Excel's or its relations are damaged."""
    book = "xl/workbook.xml"
    sheets = _related(archive, book)
    found: dict[str, list[Anchored]] = {}
    for sheet in _elements(_parsed(archive, book), "sheet"):
        target = sheets.get(sheet.get(f"{_RELATION}id") or "")
        for drawing in _related(archive, target, "/drawing").values() if target else ():
            images = _related(archive, drawing, "/image")
            found.setdefault(sheet.get("name") or "", []).extend(_anchored(_parsed(archive, drawing), images))
    return found


def _anchored(drawing: Any, images: dict[str, str]) -> list[Anchored]:
    found = []
    for anchor in drawing if drawing is not None else ():
        corners = [_corner(anchor, name) for name in ("from", "to")]
        start = corners[0] or (1, 1)
        end = corners[1] or start
        cells = Cells(*start, max(start[0], end[0]), max(start[1], end[1]))
        for picture in _elements(anchor, "pic"):
            described = next(_elements(picture, "cNvPr"), None)
            for blip in _elements(picture, "blip"):
                name = images.get(blip.get(f"{_RELATION}embed") or "")
                if name:
                    found.append(Anchored(cells, name, described.get("descr") if described is not None else None))
    return found


def _corner(anchor: Any, name: str) -> tuple[int, int] | None:
    """Column and row of a corner, from 1."""
    numbers = [anchor.findtext(f"{{*}}{name}/{{*}}{axis}") or "" for axis in ("col", "row")]
    column, row = (int(number) + 1 if number.isascii() and number.isdigit() and len(number) < 8 else 0 for number in numbers)
    return (column, row) if column and row else None


def _related(archive: zipfile.ZipFile, name: str, kind: str = "") -> dict[str, str]:
    """The parts that the part `name` relates to, by the relation's id; only those whose kind ends as given."""
    folder, file = posixpath.split(name)
    relations = _parsed(archive, f"{folder}/_rels/{file}.rels")
    return {
        relation.get("Id") or "": posixpath.normpath(posixpath.join("/", folder, unquote(relation.get("Target") or ""))).lstrip("/")
        for relation in _elements(relations, "Relationship")
        if relation.get("TargetMode") != "External" and (relation.get("Type") or "").endswith(kind)
    }


def _elements(root: Any, name: str) -> Any:
    return iter(()) if root is None else root.iter(f"{{*}}{name}")


def _parsed(archive: zipfile.ZipFile, name: str) -> Any:
    """The part's tree; None where there is none, or where it is damaged."""
    try:
        data = part(archive, name)
        parser = etree.XMLParser(resolve_entities=False, no_network=True)
        return etree.fromstring(data, parser) if data else None
    except (ReadError, etree.XMLSyntaxError, ValueError):
        return None
