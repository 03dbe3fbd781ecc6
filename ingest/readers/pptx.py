"""PowerPoint presentations: text, tables, charts, pictures and speaker notes, slide by slide in reading order."""

from __future__ import annotations

import logging
import zipfile
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lxml import etree

from ingest.blocks import Block, Document, Figure, Text
from ingest.figures import beside, describes, label, worth_keeping
from ingest.readers import office
from ingest.readers.chart import chart_words
from ingest.readers.headings import Heading, under_headings
from ingest.readers.packed import markup, open_packed
from ingest.readers.tables import Cell, markdown_table
from ingest.readers.titles import own_title, packed_title
from rag.errors import ReadError
from rag.pictures.open import open_image
from rag.records import Locator

if TYPE_CHECKING:
    from rag.pictures.ocr import Ocr

_log = logging.getLogger(__name__)

_SAME_ROW = 0.05  # of the slide's height, between the tops of what stands side by side
_CAPTION_DISTANCE = 0.08
_MAX_CAPTION = 400
_REPEATED = 3  # slides at least, and over half of them: what all these show is a logo
_REL = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"

Box = tuple[float, float, float, float]  # left, top, right, bottom as fractions of the slide


@dataclass(frozen=True)
class _Picture:
    """A picture not yet opened: the part that holds it, and its description."""

    part: str
    alt: str | None


@dataclass(frozen=True)
class _Placed:
    box: Box | None
    item: Text | _Picture


def read(path: Path, source: str, root: Path, ocr: Ocr | None) -> Iterator[Block]:
    """The blocks of a .pptx file, with `slide` (1-based), the slide's title as heading, and the `bbox` of pictures.

    Left out: what only the master or the layout shows, dates, footers and slide numbers, and pictures that over half of the slides
    (three at least) show.
    """
    with open_packed(path) as archive:
        if not any(name.startswith("ppt/") for name in archive.NameToInfo):
            raise ReadError("It is not a PowerPoint presentation.", "Give it the suffix of what it is.")
        presentation = _presentation(archive)
        size = float(presentation.slide_width or 9_144_000), float(presentation.slide_height or 6_858_000)
        first = next(iter(presentation.slides), None)
        yield Document(packed_title(archive, "docProps/core.xml") or (own_title(_heading(first)) if first is not None else ""))
        logos = _logos(archive, presentation.slides)
        for number, slide in enumerate(presentation.slides, 1):
            yield from _slide(archive, slide, number, size, logos)


def _presentation(archive: zipfile.ZipFile) -> Any:
    from pptx import Presentation

    package = office.light(archive, _rewrite)
    try:
        return Presentation(package)
    except Exception as error:  # XML that cannot be parsed, parts and relationships that are missing
        _log.debug("damaged presentation: %r", error)
        raise ReadError("The presentation is damaged inside.", "Open it where it was made, and save it anew.") from error


def _rewrite(name: str, data: bytes) -> bytes:
    """Puts one alternative in the place of several, which python-pptx passes over: the first where it has words, else the fallback.
    Calls a slide show a presentation, which differs in nothing else."""
    if name == "[Content_Types].xml":
        return data.replace(b".slideshow.", b".presentation.")
    if not name.startswith("ppt/slides/") or b"AlternateContent" not in data:
        return data
    tree = markup(data)
    for several in list(tree.iter("{*}AlternateContent")):
        choice, fallback = several.find("{*}Choice"), several.find("{*}Fallback")
        worded = choice is not None and any((text.text or "").strip() for text in choice.iter("{*}t"))
        chosen = choice if worded or fallback is None else fallback
        for child in reversed(chosen if chosen is not None else []):
            several.addnext(child)
        several.getparent().remove(several)
    return bytes(etree.tostring(tree))


def _slide(archive: zipfile.ZipFile, slide: Any, number: int, size: tuple[float, float], logos: set[str]) -> Iterator[Block]:
    locator = Locator(slide=number)
    title = slide.shapes.title
    heading = _heading(slide)
    shapes = [shape for shape in slide.shapes if title is None or shape.shape_id != title.shape_id]
    placed = list(_placed(shapes, (0.0, 0.0, 1 / size[0], 1 / size[1]), locator))
    notes = slide.notes_slide.notes_text_frame if slide.has_notes_slide else None
    spoken = "\n".join(_lines(notes, False)) if notes is not None else ""
    items: list[Any] = [Heading(1, heading, locator)] if heading else []
    for each in placed:
        if isinstance(each.item, Text):
            items.append(each.item)
        elif each.item.part not in logos and (figure := _figure(archive, each, placed, spoken, locator)):
            items.append(figure)
    if spoken:
        items.append(Text(spoken, locator))
    yield from under_headings(items)


def _heading(slide: Any) -> str:
    title = slide.shapes.title
    return " ".join(title.text_frame.text.split()) if title is not None and title.has_text_frame else ""


def _placed(shapes: Iterable[Any], frame: Box, locator: Locator) -> Iterator[_Placed]:
    """What the shapes show, from top to bottom and left to right, groups together. `frame` brings their coordinates to fractions of
    the slide: what is added to x and y, then what they are multiplied with."""
    boxed = [(shape, _box(shape, frame)) for shape in shapes]
    for shape, box in _in_reading_order(boxed):
        if hasattr(shape, "shapes"):
            yield from _placed(shape.shapes, _frame_in(shape, box, frame), locator)
        else:
            for item in _items(shape, locator):
                yield _Placed(box, item)


def _box(shape: Any, frame: Box) -> Box | None:
    left, top, width, height = shape.left, shape.top, shape.width, shape.height
    if None in (left, top, width, height):
        return None
    x, y, across, down = frame
    return (left + x) * across, (top + y) * down, (left + width + x) * across, (top + height + y) * down


def _frame_in(group: Any, box: Box | None, frame: Box) -> Box:
    """The frame of what is in a group, whose own coordinates are stretched to its box."""
    inner = group._element.find("{*}grpSpPr/{*}xfrm")
    start, extent = (None, None) if inner is None else (inner.find("{*}chOff"), inner.find("{*}chExt"))
    if box is None or start is None or extent is None:
        return frame
    width, height = float(extent.get("cx") or 0), float(extent.get("cy") or 0)
    across = (box[2] - box[0]) / width if width > 0 else frame[2]
    down = (box[3] - box[1]) / height if height > 0 else frame[3]
    if not across or not down:
        return frame
    return box[0] / across - float(start.get("x") or 0), box[1] / down - float(start.get("y") or 0), across, down


def _in_reading_order(boxed: Sequence[tuple[Any, Box | None]]) -> Iterator[tuple[Any, Box | None]]:
    """Row by row, the rows from left to right; what has no place comes last."""
    rows: list[list[tuple[Any, Box]]] = []
    for shape, box in sorted(((s, b) for s, b in boxed if b), key=lambda pair: pair[1][1]):
        if not rows or box[1] - rows[-1][0][1][1] > _SAME_ROW:
            rows.append([])
        rows[-1].append((shape, box))
    for row in rows:
        yield from sorted(row, key=lambda pair: pair[1][0])
    yield from ((shape, box) for shape, box in boxed if box is None)


def _items(shape: Any, locator: Locator) -> Iterator[Text | _Picture]:
    if shape.is_placeholder and _kind(shape) in ("DATE", "FOOTER", "HEADER", "SLIDE_NUMBER"):
        return
    blip = next(iter(shape._element.xpath("./p:blipFill/a:blip/@r:embed | ./p:spPr/a:blipFill/a:blip/@r:embed")), None)
    if blip and (part := _related(shape, blip)) is not None:
        named = shape._element._nvXxPr.cNvPr
        words = [" ".join(text.split()) for text in (named.get("descr") or "", named.get("title") or "") if describes(text)]
        yield _Picture(part.blob.decode("utf-8", "replace"), words[0] if words else None)
    if shape.has_text_frame:
        listed = shape.is_placeholder and _kind(shape) in ("BODY", "OBJECT", "VERTICAL_BODY", "VERTICAL_OBJECT")
        if text := "\n".join(_lines(shape.text_frame, listed)):
            yield Text(text, locator)
    elif getattr(shape, "has_table", False) and shape.has_table:
        rows: list[list[Cell]] = [
            [(_folded(cell.text), cell.span_width, cell.span_height) for cell in row.cells if not cell.is_spanned]
            for row in shape.table.rows
        ]
        if table := markdown_table(rows):
            yield Text(table, locator, "table")
    elif getattr(shape, "has_chart", False) and shape.has_chart:
        chart = chart_words(shape.chart_part._element)
        yield from [Text(chart.title, locator)] if chart.title else []
        yield from (Text(table, locator, "table", chart.title) for table in chart.markdown())
    else:
        yield from _diagram(shape, locator)


def _kind(shape: Any) -> str:
    kind = shape.placeholder_format.type
    return kind.name if kind is not None else "OBJECT"


def _related(shape: Any, id: str) -> Any:
    try:
        return shape.part.related_part(id)
    except KeyError:
        return None


def _diagram(shape: Any, locator: Locator) -> Iterator[Text]:
    """The words of a SmartArt drawing, one line a node."""
    for ids in shape._element.iter("{*}relIds"):
        part = _related(shape, ids.get(_REL + "dm") or "")
        if part is None:
            continue
        nodes = ("".join(text.text or "" for text in node.iter("{*}t")) for node in markup(part.blob).iter("{*}pt"))
        if lines := [_folded(node) for node in nodes if node.strip()]:
            yield Text("\n".join(f"- {line}" for line in lines), locator)


def _lines(frame: Any, listed: bool) -> Iterator[str]:
    """The paragraphs of a text frame; those with a bullet or a number as Markdown's lists. `listed` where bullets are the default."""
    paragraphs = [paragraph for paragraph in frame.paragraphs if paragraph.text.strip()]
    numbers: dict[int, int] = {}
    for paragraph in paragraphs:
        properties, level = paragraph._p.pPr, paragraph.level
        marks = set() if properties is None else {etree.QName(child).localname for child in properties}
        text = _folded(paragraph.text)
        numbers = {at: number for at, number in numbers.items() if at <= level}
        if "buAutoNum" in marks:
            numbers[level] = numbers.get(level, 0) + 1
            yield f"{'  ' * level}{numbers[level]}. {text}"
            continue
        numbers.pop(level, None)
        bullet = "buNone" not in marks and (listed or bool(marks & {"buChar", "buBlip"})) and len(paragraphs) > 1
        yield f"{'  ' * level}- {text}" if bullet else text


def _folded(text: str) -> str:
    return " ".join(text.split())


def _figure(archive: zipfile.ZipFile, at: _Placed, placed: Sequence[_Placed], spoken: str, locator: Locator) -> Figure | None:
    assert isinstance(at.item, _Picture)
    data = office.embedded(archive, at.item.part)
    try:
        image = open_image(data) if data else None
    except ReadError as error:
        _log.debug("passed over: %s: %s", at.item.part, error)
        return None
    if image is None or not worth_keeping(image):
        return None
    texts = [each for each in placed if isinstance(each.item, Text) and each.item.kind == "prose"]
    caption = _caption(at.box, texts) or at.item.alt
    near = [each.item.text for each in sorted(texts, key=lambda each: _distance(at.box, each.box)) if isinstance(each.item, Text)]
    around = beside([text for text in (*near, spoken) if text and text != caption], caption)
    if at.item.alt and at.item.alt != caption:
        around = "\n".join(filter(None, [at.item.alt, around]))
    bbox = at.box and (_share(at.box[0]), _share(at.box[1]), _share(at.box[2]), _share(at.box[3]))
    return Figure(image, caption, around, None, Locator(slide=locator.slide, bbox=bbox), data)


def _caption(box: Box | None, texts: Sequence[_Placed]) -> str | None:
    """The text right below the picture, or else right above it, that begins with a label ("Figure 3")."""
    below: list[tuple[float, str]] = []
    for each in texts:
        if box is None or each.box is None or min(box[2], each.box[2]) <= max(box[0], each.box[0]):
            continue
        words = each.item.text if isinstance(each.item, Text) else ""
        gap = each.box[1] - box[3]
        gap = abs(gap) if gap > -_CAPTION_DISTANCE / 2 else _CAPTION_DISTANCE + abs(box[1] - each.box[3])
        if gap <= 2 * _CAPTION_DISTANCE and len(words) <= _MAX_CAPTION and label(words):
            below.append((gap, words.replace("\n", " ")))
    return min(below)[1] if below else None


def _distance(a: Box | None, b: Box | None) -> float:
    if a is None or b is None:
        return 2.0
    across, down = max(a[0] - b[2], b[0] - a[2], 0.0), max(a[1] - b[3], b[1] - a[3], 0.0)
    return float((across**2 + down**2) ** 0.5)


def _share(value: float) -> float:
    return round(min(max(value, 0.0), 1.0), 4)


def _logos(archive: zipfile.ZipFile, slides: Any) -> set[str]:
    """The parts whose picture (told by its checksum and size) is on three slides at least, and on over half of them."""
    on: Counter[tuple[int, int]] = Counter()
    names: dict[tuple[int, int], set[str]] = {}
    for slide in slides:
        shown: set[tuple[int, int]] = set()
        for id in slide._element.xpath("./p:cSld/p:spTree//a:blip/@r:embed"):
            part = _related(slide, id)
            info = archive.NameToInfo.get(part.blob.decode("utf-8", "replace")) if part is not None else None
            if info:
                shown.add((info.CRC, info.file_size))
                names.setdefault((info.CRC, info.file_size), set()).add(info.filename)
        on.update(shown)
    repeated = [key for key, count in on.items() if count >= _REPEATED and count > len(slides) / 2]
    return {name for key in repeated for name in names[key]}
