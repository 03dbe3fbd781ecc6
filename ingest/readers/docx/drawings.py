"""What is drawn in a Word document: pictures with their descriptions, text boxes, charts, diagrams, WordArt, embedded files."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

from lxml import etree

from ingest.figures import describes
from ingest.readers import office
from ingest.readers.chart import chart_words
from ingest.readers.diagram import diagram_lines
from ingest.readers.docx.package import get, local
from rag.errors import ReadError

if TYPE_CHECKING:
    from ingest.readers.docx.story import Shared

_TOLD = {"docPr", "cNvPr"}
_VML = {"shape", "rect", "roundrect", "oval", "line", "polyline", "group"}
_MAX_NAME = 40


class Drawings:
    """Reads the drawings of one part; `story` makes an element of what is in a text box."""

    def __init__(self, shared: Shared, part: str, story: Callable[[Any], Any]):
        self._shared = shared
        self._part = part
        self._story = story

    def read(self, element: Any, name: str) -> tuple[list[Any], list[Any]]:
        """The pictures of a drawing (`<img>`), and what else it holds, as blocks."""
        pictures: list[Any] = []
        boxes: list[Any] = []
        alt = ""
        for each in _walk(element):
            kind = local(each)
            if kind in _TOLD or kind in _VML:
                alt = _told(each) or alt
            elif kind in ("blip", "imagedata"):
                self._picture(each, alt, pictures)
            elif kind == "txbxContent":
                boxes.append(self._story(each))
            elif kind == "chart":
                boxes += self._chart(each, alt)
            elif kind == "relIds":
                boxes += self._diagram(each, alt)
            elif kind == "textpath":
                boxes += _paragraph(get(each, "string") or "")
            elif kind == "OLEObject":
                program = (get(each, "ProgID") or "")[:_MAX_NAME]
                counted = f"embedded objects ({program})" if program.isprintable() and program else "embedded objects"
                self._shared.embed(self._shared.package.target(self._part, get(each, "id")), counted)
            elif kind == "contentPart":
                self._shared.passed["drawings in ink"] += 1
            elif kind == "control":
                self._shared.passed["ActiveX controls"] += 1
        if not pictures and not boxes and describes(alt):
            boxes += _paragraph(alt)
        return pictures, boxes

    def _picture(self, element: Any, alt: str, pictures: list[Any]) -> None:
        name = self._shared.package.target(self._part, get(element, "embed") or get(element, "id"))
        if name is None:
            return
        if office.drawn(name):
            self._shared.passed[office.DRAWINGS] += 1
            return
        made = etree.Element("img", src=office.reference(name))
        if alt:
            made.set("alt", alt)
        if (title := get(element, "title")) and not alt:
            made.set("alt", title)
        pictures.append(made)

    def _related(self, id: str | None) -> Any:
        name = self._shared.package.target(self._part, id)
        try:
            return None if name is None else self._shared.package.tree(name)
        except ReadError:
            return None

    def _chart(self, element: Any, alt: str) -> list[Any]:
        root = self._related(get(element, "id"))
        made = chart_words(root) if root is not None else None
        if made is None or not made.tables:
            self._shared.passed["charts without data"] += 1
        told = alt if describes(alt) else ""
        if made is None:
            return _paragraph(told)
        return [*(_paragraph(told) if made.title and told != made.title else []), *made.html(told)]

    def _diagram(self, element: Any, alt: str) -> list[Any]:
        root = self._related(get(element, "dm"))
        lines = diagram_lines(root) if root is not None else []
        if not lines:
            self._shared.passed["diagrams without words"] += 1
            return []
        lists: list[tuple[int, Any]] = [(0, etree.Element("ul"))]
        for depth, words in lines:
            while lists[-1][0] > depth:
                lists.pop()
            if lists[-1][0] < depth:
                within = next(lists[-1][1].iterchildren(reversed=True), lists[-1][1])
                lists.append((lists[-1][0] + 1, etree.SubElement(within, "ul")))
            etree.SubElement(lists[-1][1], "li").text = words
        return [*(_paragraph(alt) if describes(alt) else []), lists[0][1]]


def _walk(element: Any) -> Iterator[Any]:
    """What is in a drawing, not going into text boxes, hidden shapes, and the poorer of two forms of the same."""
    waiting = [iter(element)]
    while waiting:
        each = next(waiting[-1], None)
        if each is None:
            waiting.pop()
            continue
        name = local(each)
        if name == "Fallback" and any(local(other) == "Choice" for other in each.itersiblings(preceding=True)):
            continue
        if any(local(first) in _TOLD and (get(first, "hidden") or "") in ("1", "true") for first in each):
            continue
        if "visibility:hidden" in (get(each, "style") or "").replace(" ", ""):
            continue
        yield each
        if name not in ("txbxContent", "blip"):
            waiting.append(iter(each))


def _told(element: Any) -> str:
    """The alternative text of a shape, nothing where it is its name or that of a file."""
    words = (" ".join((get(element, name) or "").split()) for name in ("descr", "alt", "title"))
    return next(filter(describes, words), "")


def _paragraph(words: str) -> list[Any]:
    if not words.strip():
        return []
    made = etree.Element("p")
    made.text = " ".join(words.split())
    return [made]
