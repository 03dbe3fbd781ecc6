"""Charts of Office files (DrawingML, ECMA-376 part 1, 21.2) as words: the title, and the values as Markdown tables."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from ingest.readers.tables import Cell, markdown_table

_MAX_POINTS = 20_000
_DAY_ZERO = date(1899, 12, 30)
_MAX_DAY = 2_000_000


def chart_words(root: Any) -> tuple[str | None, list[str]]:
    """The title and the tables of a chart part: categories (or x) down, series across; series of other categories have another table."""
    title = root.find("{*}chart/{*}title")
    by_labels: dict[tuple[str, ...], list[tuple[str, dict[int, str]]]] = {}
    for series in root.iter("{*}ser"):
        values = _points(series, "val", "yVal")
        labels = _points(series, "cat", "xVal")
        rows = tuple(labels.get(at, str(at + 1)) for at in range(max([*values, *labels], default=-1) + 1))
        name = series.find("{*}tx")
        by_labels.setdefault(rows, []).append(("" if name is None else _words(name, "v"), values))
    tables = []
    for rows, named in by_labels.items():
        head: list[Cell] = [("", 1, 1), *((name, 1, 1) for name, _ in named)]
        body: list[list[Cell]] = [[(row, 1, 1), *((values.get(at, ""), 1, 1) for _, values in named)] for at, row in enumerate(rows)]
        tables.append(markdown_table([head, *body]))
    return (None if title is None else _words(title, "t")) or None, [table for table in tables if table]


def _points(series: Any, *names: str) -> dict[int, str]:
    """Number to text of the points that the file keeps of a reference; the levels of a category from the outermost."""
    found: dict[int, list[str]] = {}
    holder = next((each for name in names if (each := series.find(f"{{*}}{name}")) is not None), None)
    if holder is None:
        return {}
    dated = "y" in _words(holder, "formatCode").lower().replace("[yellow]", "")
    for group in holder.findall(".//{*}lvl") or [holder]:
        for point in group.iter("{*}pt"):
            at, value = point.get("idx") or "", point.find("{*}v")
            if at.isascii() and at.isdigit() and len(at) < 7 and int(at) < _MAX_POINTS and value is not None:
                found.setdefault(int(at), []).insert(0, _value((value.text or "").strip(), dated))
    return {at: " / ".join(parts) for at, parts in found.items()}


def _value(text: str, dated: bool) -> str:
    try:
        number = float(text)
    except ValueError:
        return text
    if dated and 0 < number < _MAX_DAY:
        return (_DAY_ZERO + timedelta(days=int(number))).isoformat()
    return f"{number:.12g}" if len(text) > 12 else text


def _words(element: Any, name: str) -> str:
    return " ".join("".join(each.text or "" for each in element.iter(f"{{*}}{name}")).split())
