"""What frames and shapes of OpenDocument hold beside words: pictures, charts, formulas, tables of other documents, fields of forms."""

from __future__ import annotations

import zipfile
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from lxml import etree

from ingest.figures import describes
from ingest.readers import office
from ingest.readers.chart import Chart
from ingest.readers.math import mathml_text
from ingest.readers.odt.markup import content, get, local
from rag.errors import ReadError

_RASTER = (".png", ".jpg", ".jpeg", ".gif", ".webp", ".bmp", ".tif", ".tiff")
_MAX_OBJECTS = 2_000
_BUTTONS = {"button", "image", "hidden", "frame", "image-frame"}


@dataclass
class Found:
    """What a shape holds. `whole`: nothing else in it is read. `tables` are those of an embedded sheet, `alt` is what describes it."""

    pictures: list[Any] = field(default_factory=list)
    blocks: list[Any] = field(default_factory=list)
    tables: list[Any] = field(default_factory=list)
    words: str = ""
    whole: bool = False
    alt: str = ""


class Objects:
    """Reads the shapes of one document."""

    def __init__(self, archive: zipfile.ZipFile, tree: Any, passed: Counter[str]):
        self._archive = archive
        self._passed = passed
        self._opened = 0
        self._controls: dict[str, Any] = {}
        for forms in tree.iter("{*}forms"):
            for control in forms.iter():
                if isinstance(control.tag, str) and (id := get(control, "id")):
                    self._controls.setdefault(id, control)

    def read(self, element: Any) -> Found:
        alt = next(filter(describes, (" ".join((element.findtext(f"{{*}}{name}") or "").split()) for name in ("desc", "title"))), "")
        found = Found(alt=alt)
        if local(element) == "control":
            found.words, found.whole = self._filled(self._controls.get(get(element, "control") or "")), True
            return found
        for child in element:
            name = local(child)
            if name == "object":
                self._object(child, found)
            elif name == "object-ole":
                self._passed["embedded objects"] += 1
            elif name == "plugin":
                self._passed["films and sounds"] += 1
        if not found.whole:
            self._picture(element, found)
        return found

    def _picture(self, element: Any, found: Found) -> None:
        images = [element] if local(element) == "image" else element.findall("{*}image")
        names = [(get(image, "href") or "").removeprefix("./") for image in images]
        name = next((each for each in names if each.lower().endswith(_RASTER)), names[0] if names else "")
        if not name:
            return
        if office.drawn(name):
            self._passed[office.DRAWINGS] += 1
            return
        image = etree.Element("img", src=office.reference(name))
        for attribute, path in (("alt", "{*}desc"), ("title", "{*}title")):
            if (words := element.findtext(path)) and words.strip():
                image.set(attribute, words)
        found.pictures.append(image)

    def _object(self, element: Any, found: Found) -> None:
        """An embedded document: a chart, a formula or a sheet."""
        self._opened += 1
        name = (get(element, "href") or "").removeprefix("./").rstrip("/")
        try:
            tree = content(self._archive, f"{name}/content.xml") if name and self._opened < _MAX_OBJECTS else None
        except ReadError:
            tree = None
        inside = next((each for each in element if isinstance(each.tag, str)), None)
        tree = inside if tree is None else tree
        if tree is None:
            self._passed["embedded objects"] += 1
            return
        if local(tree) == "math":
            found.words = mathml_text(tree)
            found.whole = bool(found.words)
            return
        chart = tree.find(".//{*}chart/{*}chart")
        if chart is not None:
            made = _chart(chart)
            if not made.tables:
                self._passed["charts without data"] += 1
            found.blocks, found.whole = made.html(found.alt), bool(made.tables)
            return
        found.tables = tree.findall(".//{*}spreadsheet/{*}table")
        found.whole = bool(found.tables)
        if not found.tables:
            self._passed["embedded objects"] += 1

    def _filled(self, control: Any) -> str:
        """What a field of a form holds: what is written, chosen or ticked."""
        kind = "" if control is None else local(control)
        if not kind or kind in _BUTTONS:
            return ""
        label = " ".join((get(control, "label") or "").split())
        if kind in ("checkbox", "radio"):
            state = get(control, "current-state") or get(control, "state") or ""
            ticked = state == "checked" or get(control, "current-selected") == "true" or (get(control, "selected") == "true")
            return f"{'☒' if ticked else '☐'} {label}".strip()
        if kind == "listbox":
            chosen = [option for option in control.iter("{*}option") if get(option, "current-selected") == "true"]
            chosen = chosen or [option for option in control.iter("{*}option") if get(option, "selected") == "true"]
            return ", ".join(get(option, "label") or "" for option in chosen)
        value = get(control, "current-value") or get(control, "value") or label
        return " ".join((value or "").split())


def _chart(chart: Any) -> Chart:
    """The title and the table of values of a chart; titles of axes are the heads of their columns."""
    title = _text(chart.find("{*}title"))
    axes = {get(axis, "dimension"): _text(axis.find("{*}title")) for axis in chart.iterfind("{*}plot-area/{*}axis")}
    table = chart.find("{*}table")
    rows = [] if table is None else [[_text(cell) for cell in row.iterfind("{*}table-cell")] for row in table.iter("{*}table-row")]
    rows = [row for row in rows if any(row)]
    if len(rows) < 2:
        return Chart(title, [])
    head, measure = rows[0], axes.get("y") or ""
    head[0] = head[0] or axes.get("x") or ""
    if measure:
        head[1:] = [f"{name} ({measure})" if name and measure not in name else name or measure for name in head[1:]]
    return Chart(title, [rows])


def _text(element: Any) -> str:
    return "" if element is None else " ".join(" ".join("".join(each.itertext()) for each in element.iter("{*}p")).split())
