"""PowerPoint presentations: text, tables, charts, pictures and speaker notes, slide by slide in reading order."""

from __future__ import annotations

import logging
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lxml import etree

from ingest.blocks import Block, Document, Figure, Passed, Text
from ingest.readers import office
from ingest.readers.embedded import embedded_files
from ingest.readers.headings import Heading, under_headings
from ingest.readers.packed import markup, open_packed
from ingest.readers.pptx.comments import authors, comments
from ingest.readers.pptx.figures import Box, Placed, figure, logos
from ingest.readers.pptx.shapes import Deck, items
from ingest.readers.pptx.words import lines, one_line
from ingest.readers.titles import own_title, packed_title
from rag.errors import ReadError
from rag.records import Locator

if TYPE_CHECKING:
    from rag.pictures.ocr import Ocr

_log = logging.getLogger(__name__)

_SAME_ROW = 0.05  # of the slide's height, between the tops of what stands side by side


def read(path: Path, source: str, root: Path, ocr: Ocr | None) -> Iterator[Block]:
    """The blocks of a .pptx file, with `slide` (1-based), the slide's title as heading, and the `bbox` of pictures.

    Left out: what only the master or the layout shows, hidden slides and shapes, dates, footers and slide numbers, and pictures that over
    half of the slides (three at least) show.
    """
    with open_packed(path) as archive:
        if not any(name.startswith("ppt/") for name in archive.NameToInfo):
            raise ReadError("It is not a PowerPoint presentation.", "Give it the suffix of what it is.")
        presentation = _presentation(archive)
        size = float(presentation.slide_width or 9_144_000), float(presentation.slide_height or 6_858_000)
        first = next(iter(presentation.slides), None)
        yield Document(packed_title(archive, "docProps/core.xml") or (own_title(_heading(first)) if first is not None else ""))
        deck = Deck(archive, size, logos(archive, presentation.slides), authors(presentation.part))
        for number, slide in enumerate(presentation.slides, 1):
            if (slide._element.get("show") or "1") in ("0", "false"):
                deck.passed["hidden slides"] += 1
            else:
                yield from _slide(deck, slide, number)
                names, deck.embedded = deck.embedded, []
                for block in embedded_files(archive, names, ocr):
                    yield replace(block, locator=replace(block.locator, slide=number)) if isinstance(block, Text | Figure) else block
        yield from (Passed(kind, count) for kind, count in sorted(deck.passed.items()))


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
        worded = choice is not None and any(
            (text.text or "").strip() or text.tag.endswith("}chart") for text in choice.iter("{*}t", "{*}chart")
        )
        chosen = choice if worded or fallback is None else fallback
        for child in reversed(chosen if chosen is not None else []):
            several.addnext(child)
        several.getparent().remove(several)
    return bytes(etree.tostring(tree))


def _slide(deck: Deck, slide: Any, number: int) -> Iterator[Block]:
    locator = Locator(slide=number)
    title = slide.shapes.title
    heading = _heading(slide)
    shapes = [shape for shape in slide.shapes if title is None or shape.shape_id != title.shape_id]
    placed = list(_placed(deck, shapes, (0.0, 0.0, 1 / deck.size[0], 1 / deck.size[1]), locator))
    notes = slide.notes_slide.notes_text_frame if slide.has_notes_slide else None
    spoken = "\n".join(lines(notes._txBody, False)) if notes is not None else ""
    found: list[Any] = [Heading(1, heading, locator)] if heading else []
    for each in placed:
        if isinstance(each.item, Text):
            found.append(each.item)
        elif each.item.part not in deck.logos and (shown := figure(deck.archive, each, placed, spoken, locator)):
            found.append(shown)
    if spoken:
        found.append(Text(spoken, locator))
    found += [Text(comment, locator) for comment in comments(slide.part, deck.authors)]
    yield from under_headings(found)


def _heading(slide: Any) -> str:
    title = slide.shapes.title
    return one_line(title.text_frame._txBody) if title is not None and title.has_text_frame and not _hidden(title) else ""


def _hidden(shape: Any) -> bool:
    return (shape._element._nvXxPr.cNvPr.get("hidden") or "0") in ("1", "true")


def _placed(deck: Deck, shapes: Iterable[Any], frame: Box, locator: Locator) -> Iterator[Placed]:
    """What the shapes show, from top to bottom and left to right, groups together. `frame` brings their coordinates to fractions of
    the slide: what is added to x and y, then what they are multiplied with."""
    boxed: list[tuple[Any, Box | None]] = []
    for shape in shapes:
        with _damaged(deck):
            box = _box(shape, frame)
            if not (_hidden(shape) or (box and _is_off(box))):
                boxed.append((shape, box))
    for shape, box in _in_reading_order(boxed):
        found: list[Placed] = []
        with _damaged(deck):
            if hasattr(shape, "shapes"):
                found = list(_placed(deck, shape.shapes, _frame_in(shape, box, frame), locator))
            else:
                found = [Placed(box, item) for item in items(deck, shape, locator)]
        yield from found


@contextmanager
def _damaged(deck: Deck) -> Iterator[None]:
    """Counts a shape that python-pptx cannot take, where the rest of the slide can be read."""
    try:
        yield
    except (ReadError, MemoryError):
        raise
    except Exception as error:  # each kind of damage has its own
        _log.debug("passed over: %r", error)
        deck.passed["damaged shapes"] += 1


def _box(shape: Any, frame: Box) -> Box | None:
    left, top, width, height = shape.left, shape.top, shape.width, shape.height
    if None in (left, top, width, height):
        return None
    x, y, across, down = frame
    return (left + x) * across, (top + y) * down, (left + width + x) * across, (top + height + y) * down


def _is_off(box: Box) -> bool:
    """Whether nothing of a shape is on its slide, where people put aside what is not to be shown."""
    return box[2] < 0 or box[3] < 0 or box[0] > 1 or box[1] > 1


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
