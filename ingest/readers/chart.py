"""Charts of Office files (DrawingML, ECMA-376 part 1, 21.2, and the newer kinds of Microsoft) as words: title, axes, and the values."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from math import isfinite
from typing import Any

from lxml import etree

from ingest.readers.tables import Cell, markdown_table

_MAX_POINTS = 20_000
_DAY_ZERO = date(1899, 12, 30)
_MAX_DAY = 2_000_000
_VALUES = ("valAx",)
_LABELS = ("catAx", "dateAx")


@dataclass(frozen=True)
class Chart:
    """What a chart says. Each table is rows of words, the first the heads: categories (or x) down, series across."""

    title: str = ""
    tables: list[list[list[str]]] = field(default_factory=list)

    def markdown(self) -> list[str]:
        tables: list[list[list[Cell]]] = [[[(cell, 1, 1) for cell in row] for row in table] for table in self.tables]
        return list(filter(None, map(markdown_table, tables)))

    def html(self, title: str = "") -> list[Any]:
        """The tables as elements of HTML under the title, or under another where it has none; the title alone where there is no table."""
        shown = self.title or title
        if not self.tables and shown:
            made = etree.Element("p")
            made.text = shown
            return [made]
        return [_table(rows, shown) for rows in self.tables]


def chart_words(root: Any) -> Chart:
    """What a chart part holds; series of other categories have another table. The titles of the axes are the heads of their columns."""
    if root.find("{*}chartData") is not None:
        return _newer(root)
    title = root.find("{*}chart/{*}title")
    across, down = _axis(root, _LABELS), _axis(root, _VALUES)
    by_labels: dict[tuple[str, ...], list[tuple[str, dict[int, str]]]] = {}
    for series in root.iter("{*}ser"):
        values = _points(series, "val", "yVal")
        labels = _points(series, "cat", "xVal")
        if not values and not labels:
            continue
        rows = tuple(labels.get(at, str(at + 1)) for at in range(max([*values, *labels], default=-1) + 1))
        name = series.find("{*}tx")
        columns = by_labels.setdefault(rows, [])
        columns.append(("" if name is None else _words(name, "v"), values))
        if sizes := _points(series, "bubbleSize"):
            columns.append((f"{columns[-1][0]} (size)".strip(), sizes))
    if not across and len(down) > 1:  # of x and y, which have axes of the same kind
        across, down = down[:1], down[1:]
    measure = down[0] if len(set(down)) == 1 else ""
    tables = []
    for rows, named in by_labels.items():
        heads = [_head(name, measure) for name, _ in named]
        body = [[row, *(values.get(at, "") for _, values in named)] for at, row in enumerate(rows)]
        tables.append([[next(iter(across), ""), *heads], *body])
    return Chart("" if title is None else _words(title, "t") or _words(title, "v"), tables)


def _newer(root: Any) -> Chart:
    """A chart of the kinds of 2016: waterfall, funnel, treemap, histogram, ..."""
    title = root.find("{*}chart/{*}title")
    names = {
        (each.get("val") or ""): _words(name, "v")
        for series in root.iter("{*}series")
        for each in series.iterfind("{*}dataId")
        if (name := series.find("{*}tx")) is not None
    }
    tables = []
    for data in root.iterfind("{*}chartData/{*}data"):
        columns = [_levels(each) for each in data if isinstance(each.tag, str) and each.tag.endswith("Dim")]
        length = max((max(column, default=-1) + 1 for column in columns), default=0)
        kinds = [each.get("type") or "" for each in data if isinstance(each.tag, str) and each.tag.endswith("Dim")]
        heads = ["" if kind == "cat" else names.get(data.get("id") or "", "") for kind in kinds]
        if length:
            tables.append([heads, *([column.get(at, "") for column in columns] for at in range(length))])
    return Chart("" if title is None else _words(title, "t") or _words(title, "v"), tables)


def _levels(dimension: Any) -> dict[int, str]:
    found: dict[int, list[str]] = {}
    for level in dimension.iterfind("{*}lvl"):
        for point in level.iterfind("{*}pt"):
            if (at := _place(point)) is not None:
                found.setdefault(at, []).insert(0, _value((point.text or "").strip(), level.get("formatCode") or ""))
    return {at: " / ".join(parts) for at, parts in found.items()}


def _axis(root: Any, kinds: tuple[str, ...]) -> list[str]:
    """The titles of the axes of some kinds."""
    axes = (axis for kind in kinds for axis in root.iterfind(f"{{*}}chart/{{*}}plotArea/{{*}}{kind}"))
    titles = (axis.find("{*}title") for axis in axes)
    return [words for title in titles if title is not None and (words := _words(title, "t") or _words(title, "v"))]


def _head(name: str, measure: str) -> str:
    if not name or not measure or measure.lower() in name.lower():
        return name or measure
    return f"{name} ({measure})"


def _points(series: Any, *names: str) -> dict[int, str]:
    """Number to text of the points that the file keeps of a reference; the levels of a category from the outermost."""
    found: dict[int, list[str]] = {}
    holder = next((each for name in names if (each := series.find(f"{{*}}{name}")) is not None), None)
    if holder is None:
        return {}
    form = _words(holder, "formatCode")
    for group in holder.findall(".//{*}lvl") or [holder]:
        for point in group.iter("{*}pt"):
            at, value = _place(point), point.find("{*}v")
            if at is not None and value is not None:
                found.setdefault(at, []).insert(0, _value((value.text or "").strip(), point.get("formatCode") or form))
    return {at: " / ".join(parts) for at, parts in found.items()}


def _place(point: Any) -> int | None:
    at = point.get("idx") or ""
    return int(at) if at.isascii() and at.isdigit() and len(at) < 7 and int(at) < _MAX_POINTS else None


def _value(text: str, form: str) -> str:
    """A value as the format of its cells shows it; a date as ISO writes it."""
    from ingest.readers.sheet.formats import shown  # a workbook reads charts

    try:
        number = float(text)
    except ValueError:
        return text
    if "y" in form.lower().replace("[yellow]", "") and 0 < number < _MAX_DAY:
        return (_DAY_ZERO + timedelta(days=int(number))).isoformat()
    if form and form != "General" and isfinite(number):
        return shown(number, form) or text
    return f"{number:.12g}" if len(text) > 12 else text


def _words(element: Any, name: str) -> str:
    return " ".join("".join(each.text or "" for each in element.iter(f"{{*}}{name}")).split())


def _table(rows: list[list[str]], title: str) -> Any:
    table = etree.Element("table")
    if title:
        etree.SubElement(table, "caption").text = title
    for at, row in enumerate(rows):
        line = etree.SubElement(etree.SubElement(table, "tbody" if at else "thead") if at < 2 else table[-1], "tr")
        for cell in row:
            etree.SubElement(line, "td" if at else "th").text = cell
    return table
