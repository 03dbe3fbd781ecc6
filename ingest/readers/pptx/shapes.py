"""What the shapes of a slide hold: words, tables, charts, diagrams, pictures not yet opened."""

from __future__ import annotations

import zipfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from ingest.blocks import Text
from ingest.figures import describes
from ingest.readers import office
from ingest.readers.chart import chart_words
from ingest.readers.diagram import diagram_lines
from ingest.readers.embedded import readable
from ingest.readers.packed import markup
from ingest.readers.pptx.words import lines, one_line
from ingest.readers.tables import Cell, head_rows, markdown_table
from rag.records import Locator

_MAX_PROGRAM = 40
_REL = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"


@dataclass
class Deck:
    """What all slides share; `passed` counts what is not read."""

    archive: zipfile.ZipFile
    size: tuple[float, float]
    logos: set[str]
    authors: dict[str, str]
    passed: Counter[str] = field(default_factory=Counter)
    embedded: list[str] = field(default_factory=list)  # files in the shapes of the last slide


@dataclass(frozen=True)
class Picture:
    """A picture not yet opened: the part that holds it, and its description."""

    part: str
    alt: str | None


def items(deck: Deck, shape: Any, locator: Locator) -> Iterator[Text | Picture]:
    if shape.is_placeholder and _kind(shape) in ("DATE", "FOOTER", "HEADER", "SLIDE_NUMBER"):
        return
    alt = _alt(shape)
    blips = shape._element.xpath("./p:blipFill/a:blip/@r:embed | ./p:spPr/a:blipFill/a:blip/@r:embed | .//p:oleObj//a:blip/@r:embed")
    pictured = False
    if blips and (part := related(shape, blips[0])) is not None:
        name = part.blob.decode("utf-8", "replace")
        if office.drawn(name):
            deck.passed[office.DRAWINGS] += 1
        else:
            pictured = True
            yield Picture(name, alt)
    _count(deck, shape)
    text, told = "", False
    if shape.has_text_frame:
        listed = shape.is_placeholder and _kind(shape) in ("BODY", "OBJECT", "VERTICAL_BODY", "VERTICAL_OBJECT")
        if text := "\n".join(lines(shape.text_frame._txBody, listed)):
            yield Text(text, locator)
    elif getattr(shape, "has_table", False) and shape.has_table:
        rows = _cells(shape.table)
        if text := markdown_table(rows, head_rows(rows)):
            yield Text(text, locator, "table")
    elif getattr(shape, "has_chart", False) and shape.has_chart:
        told = True
        yield from _chart(deck, shape.chart_part._element, alt or "", locator)
    else:
        for each in _framed(deck, shape, alt or "", locator):
            told = True
            yield each
    if alt and not (pictured or text or told):
        yield Text(alt, locator)


def _cells(table: Any) -> list[list[Cell]]:
    return [
        [
            (one_line(cell._tc.txBody) if cell._tc.txBody is not None else "", cell.span_width, cell.span_height)
            for cell in row.cells
            if not cell.is_spanned
        ]
        for row in table.rows
    ]


def _alt(shape: Any) -> str | None:
    """The alternative text of a shape, where it says something."""
    named = shape._element._nvXxPr.cNvPr
    texts = (" ".join((named.get(name) or "").split()) for name in ("descr", "title"))
    return next(filter(describes, texts), None)


def _count(deck: Deck, shape: Any) -> None:
    """Keeps the files in a shape to be read, and counts what is not."""
    element = shape._element
    for embedded in element.iter("{*}oleObj"):
        part = related(shape, embedded.get(_REL + "id") or "")
        if part is not None and readable(deck.archive, name := part.blob.decode("utf-8", "replace")):
            deck.embedded.append(name)
            continue
        program = (embedded.get("progId") or "")[:_MAX_PROGRAM]
        deck.passed[f"embedded objects ({program})" if program and program.isprintable() else "embedded objects"] += 1
    if next(element.iter("{*}videoFile", "{*}audioFile", "{*}wavAudioFile", "{*}quickTimeFile"), None) is not None:
        deck.passed["films and sounds"] += 1


def _chart(deck: Deck, root: Any, alt: str, locator: Locator) -> Iterator[Text]:
    chart = chart_words(root)
    title = chart.title or alt
    if not chart.tables:
        deck.passed["charts without data"] += 1
    yield from (Text(words, locator) for words in dict.fromkeys([alt, title]) if words)
    yield from (Text(table, locator, "table", title) for table in chart.markdown())


def _framed(deck: Deck, shape: Any, alt: str, locator: Locator) -> Iterator[Text]:
    """What other frames hold: a diagram, one line a node, or a chart of the newer kinds."""
    for ids in shape._element.iter("{*}relIds"):
        part = related(shape, ids.get(_REL + "dm") or "")
        found = diagram_lines(markup(part.blob)) if part is not None else []
        if found:
            yield from [Text(alt, locator)] if alt else []
            yield Text("\n".join(f"{'  ' * depth}- {line}" for depth, line in found), locator)
        else:
            deck.passed["diagrams without words"] += 1
    for chart in shape._element.iter("{*}chart"):
        if (part := related(shape, chart.get(_REL + "id") or "")) is not None:
            yield from _chart(deck, markup(part.blob), alt, locator)


def _kind(shape: Any) -> str:
    kind = shape.placeholder_format.type
    return kind.name if kind is not None else "OBJECT"


def related(shape: Any, id: str) -> Any:
    try:
        return shape.part.related_part(id)
    except KeyError:
        return None
