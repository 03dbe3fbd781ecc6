"""The tables of OpenDocument as tables of HTML."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from typing import Any

from lxml import etree

from ingest.readers.line import last_child
from ingest.readers.nested import fold_in
from ingest.readers.odt.markup import get, number

_MAX_REPEATED = 30  # cells
_HIDDEN = ("collapse", "filter")


def table(element: Any, fill: Callable[[Any, Any], None]) -> Any:
    """The table, its cells filled by `fill` from theirs; None where it has no rows that are shown."""
    made = etree.Element("table")
    within = made
    for row in element.iter("{*}table-row"):
        if next(row.iterancestors("{*}table")) is not element or get(row, "visibility") in _HIDDEN:
            continue
        kind = "thead" if next(row.iterancestors("{*}table-header-rows", "{*}table")) is not element else "tbody"
        if within.tag != kind and (kind == "thead" or within is not made):
            within = etree.SubElement(made, kind)
        _row(row, etree.SubElement(within, "tr"), fill)
    if last_child(made) is None:
        return None
    fold_in(made)
    return made


def _row(row: Any, line: Any, fill: Callable[[Any, Any], None]) -> None:
    for cell in row.iterfind("{*}table-cell"):
        made = etree.SubElement(line, "td")
        fill(cell, made)
        for name, spans in (("colspan", "number-columns-spanned"), ("rowspan", "number-rows-spanned")):
            if value := get(cell, spans):
                made.set(name, value)
        for _ in range(min(number(get(cell, "number-columns-repeated"), 1), _MAX_REPEATED) - 1):
            line.append(deepcopy(made))
