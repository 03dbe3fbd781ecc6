"""OpenDocument texts and presentations: their markup mapped to an HTML tree, which is then walked."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lxml import etree

from ingest.blocks import Block, Document, Figure, Text
from ingest.readers import captions, office
from ingest.readers.html import walk_tree
from ingest.readers.packed import markup, open_packed, part
from ingest.readers.titles import packed_title, page_title
from rag.errors import ReadError

if TYPE_CHECKING:
    from rag.pictures.ocr import Ocr

_SKIPPED = {
    "table-of-content", "illustration-index", "table-index", "object-index", "user-index", "alphabetical-index", "tracked-changes",
    "forms", "sequence-decls", "variable-decls", "user-field-decls", "annotation", "annotation-end", "note-citation", "page-thumbnail",
    "soft-page-break", "settings", "bookmark-ref", "event-listeners",
}  # fmt: skip
_SVG = "{urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0}"
_FURNITURE = {"date-time", "footer", "header", "page-number"}
_CAPTIONS = {"caption", "illustration", "figure", "drawing", "table"}
_CODE = {"preformatted text", "source code", "code", "html preformatted"}
_HEADING = re.compile(r"heading (\d+)")
_RASTER = (".png", ".jpg", ".jpeg", ".gif", ".webp", ".bmp", ".tif", ".tiff")
_LENGTH = re.compile(r"(-?[\d.]{1,12})(cm|mm|in|pt)")
_CENTIMETRES = {"cm": 1.0, "mm": 0.1, "in": 2.54, "pt": 2.54 / 72}
_BASED_ON = 20  # styles above a style
_LEVELS = 9
_MAX_TAGS = 800_000  # of a part


def read(path: Path, source: str, root: Path, ocr: Ocr | None) -> Iterator[Block]:
    """The blocks of an .odt or .odp file, those of a presentation with `slide` (1-based). A title is the first part of every heading
    path; lists of contents, comments and deleted words are left out."""
    with open_packed(path) as archive:
        if b"encryption-data" in (part(archive, "META-INF/manifest.xml") or b""):
            raise ReadError("It is protected by a password.", "Save a copy without the password.")
        content = _content(archive, "content.xml")
        if content is None:
            raise ReadError("It is not an OpenDocument file.", "Give it the suffix of what it is.")
        mapping = _Mapping(archive, content, _content(archive, "styles.xml"))
        body = content.find("{*}body")
        pages = [] if body is None else body.findall("{*}presentation/{*}page")
        if body is not None and not pages:
            tree = mapping.tree(body)
            yield Document(page_title(tree) or packed_title(archive, "meta.xml"))
            yield from _walked(archive, tree)
        elif pages:
            yield Document(packed_title(archive, "meta.xml") or page_title(mapping.slide(pages[0])))
        for number, page in enumerate(pages, 1):
            for block in _walked(archive, mapping.slide(page)):
                yield replace(block, locator=replace(block.locator, slide=number))


def _walked(archive: zipfile.ZipFile, tree: Any) -> Iterator[Text | Figure]:
    captions.adopt(tree)
    yield from walk_tree(tree, lambda name: office.embedded(archive, name))


def _content(archive: zipfile.ZipFile, name: str) -> Any:
    if name not in archive.NameToInfo:
        return None
    office.weigh(archive.getinfo(name).file_size, 0)
    data = part(archive, name) or b""
    office.weigh(0, data.count(b"<"), _MAX_TAGS)
    return markup(data)


class _Mapping:
    """From the elements of one document to those of HTML."""

    def __init__(self, archive: zipfile.ZipFile, content: Any, styles: Any):
        self._archive = archive
        self._styles: dict[str, Any] = {}
        self._numbered: set[tuple[str, int]] = set()  # list style and level
        self._notes: list[Any] = []
        for tree in (styles, content):
            if tree is not None:
                self._learn(tree)

    def _learn(self, tree: Any) -> None:
        for style in tree.iter("{*}style"):
            if _get(style, "family") == "paragraph" and (name := _get(style, "name")):
                self._styles[name] = style
        for style in tree.iter("{*}list-style"):
            for level in style.iterfind("{*}list-level-style-number"):
                if _get(level, "num-format"):
                    self._numbered.add((_get(style, "name") or "", _number(_get(level, "level"))))

    def tree(self, body: Any) -> Any:
        html = etree.Element("html")
        for holder in body:
            self._blocks(holder, etree.SubElement(html, "body"))
        return html

    def slide(self, page: Any) -> Any:
        """The title, what else is on the slide from top to bottom and left to right, and the speaker's notes."""
        html = etree.Element("html")
        body = etree.SubElement(html, "body")
        shown = [each for each in page if isinstance(each.tag, str) and _name(each) != "notes" and not _skipped(each)]
        titles = [each for each in shown if _get(each, "class") == "title"]
        if words := " ".join(word for title in titles for text in title.iter("{*}p") for word in "".join(text.itertext()).split()):
            etree.SubElement(body, "h1").text = words
        for each in sorted(shown, key=lambda each: (round(_length(each, "y")), _length(each, "x"))):
            if each not in titles:
                self._block(each, body)
        for notes in page.iterfind("{*}notes"):
            self._blocks(notes, body)
        return html

    def _blocks(self, element: Any, into: Any) -> None:
        for child in element:
            if isinstance(child.tag, str):
                self._block(child, into)

    def _block(self, element: Any, into: Any, level: int = 0, style: str = "") -> None:
        name = _name(element)
        if _skipped(element):
            return
        if name in ("p", "h"):
            self._paragraph(element, into)
        elif name == "list":
            self._list(element, into, level + 1, _get(element, "style-name") or style)
        elif name == "table":
            self._table(element, into)
        elif name in ("frame", "image"):
            self._frame(element, etree.SubElement(into, "p"))
        else:
            self._blocks(element, into)
        if into.tag == "body":
            into.extend(self._notes)
            self._notes = []

    def _paragraph(self, element: Any, into: Any) -> None:
        tag = self._tag(element)
        last = _last(into)
        if tag == "pre" and last is not None and last.tag == "pre":
            _add(last, "\n")
            made = last
        else:
            made = etree.SubElement(into, "p" if tag == captions.CLASS else tag)
        if tag == captions.CLASS:
            made.set("class", tag)
        self._inline(element, made)
        if made.tag == "p" and _last(made) is None and not (made.text or "").strip():
            into.remove(made)  # an empty line would part a picture from its caption

    def _tag(self, element: Any) -> str:
        """What a paragraph is, by its own element or by the style that its style is based on."""
        if _name(element) == "h":
            return f"h{min(max(_number(_get(element, 'outline-level')), 1), _LEVELS) + 1}"  # above them all is the title
        name = _get(element, "style-name")
        for _ in range(_BASED_ON):
            plain = (name or "").replace("_20_", " ").lower()
            if plain == "title":
                return "h1"
            if heading := _HEADING.fullmatch(plain):
                return f"h{min(int(heading[1]), _LEVELS) + 1}"
            if plain in _CAPTIONS:
                return captions.CLASS
            if plain in _CODE:
                return "pre"
            style = self._styles.get(name or "")
            if style is None:
                break
            name = _get(style, "parent-style-name")
        return "p"

    def _inline(self, element: Any, into: Any) -> None:
        _add(into, element.text)
        for child in element:
            name = _name(child) if isinstance(child.tag, str) else ""
            if name == "s":
                _add(into, " " * min(_number(_get(child, "c")) or 1, 200))
            elif name == "tab":
                _add(into, "\t")
            elif name == "line-break":
                etree.SubElement(into, "br")
            elif name == "frame":
                self._frame(child, into)
            elif name == "note":
                note = etree.Element("div")
                self._notes.append(note)
                for body in child.iterfind("{*}note-body"):
                    self._blocks(body, note)
            elif name in ("p", "h", "list", "table"):  # in a shape or a text box
                self._block(child, into)
            elif name and not _skipped(child):
                self._inline(child, into)
            _add(into, child.tail)

    def _list(self, element: Any, into: Any, level: int, style: str) -> None:
        made = etree.SubElement(into, "ol" if (style, level) in self._numbered else "ul")
        for item in element:
            if isinstance(item.tag, str) and _name(item) in ("list-item", "list-header"):
                point = etree.SubElement(made, "li")
                for child in item:
                    if isinstance(child.tag, str):
                        self._block(child, point, level, style)

    def _table(self, element: Any, into: Any) -> None:
        made = etree.SubElement(into, "table")
        for row in element.iter("{*}table-row"):
            if next(row.iterancestors("{*}table")) is not element:
                continue
            line = etree.SubElement(made, "tr")
            for cell in row.iterfind("{*}table-cell"):
                made_cell = etree.SubElement(line, "td")
                if spans := _get(cell, "number-columns-spanned") or _get(cell, "number-columns-repeated"):
                    made_cell.set("colspan", spans)
                if down := _get(cell, "number-rows-spanned"):
                    made_cell.set("rowspan", down)
                self._blocks(cell, made_cell)

    def _frame(self, element: Any, into: Any) -> None:
        """A picture with its title and description, the words of a text box, the table of a chart, or the text of a formula."""
        images = [element] if _name(element) == "image" else element.findall("{*}image")
        names = [(_get(image, "href") or "").removeprefix("./") for image in images]
        if any(self._object(child, into) for child in element.iterfind("{*}object")):
            return
        name = next((each for each in names if each.lower().endswith(_RASTER)), names[0] if names else "")
        if name:
            image = etree.SubElement(into, "img", src=office.reference(name))
            for attribute, path in (("alt", "{*}desc"), ("title", "{*}title")):
                if (words := element.findtext(path)) and words.strip():
                    image.set(attribute, words)
        for child in element:
            if isinstance(child.tag, str) and _name(child) not in ("image", "object", "object-ole"):
                self._block(child, into)

    def _object(self, element: Any, into: Any) -> bool:
        """Whether the embedded document of a chart or a formula has words; they are in `into` then."""
        tree = _content(self._archive, (_get(element, "href") or "").removeprefix("./").rstrip("/") + "/content.xml")
        if tree is None:
            return False
        if _name(tree) == "math":
            words = tree.findtext(".//{*}annotation") or " ".join("".join(tree.itertext()).split())
            _add(into, f" {words} ")
            return bool(words.strip())
        found = [*tree.iterfind(".//{*}chart/{*}title/{*}p"), *tree.iterfind(".//{*}chart/{*}table")]
        for each in found:
            self._block(each, into)
        return bool(found)


def _skipped(element: Any) -> bool:
    """Whether an element is not for the reader, or (a title or description of a drawing) is read where the drawing is."""
    return _name(element) in _SKIPPED or _get(element, "class") in _FURNITURE or element.tag.startswith(_SVG)


def _name(element: Any) -> str:
    return str(etree.QName(element).localname)


def _get(element: Any, name: str) -> str | None:
    """An attribute by its name without its namespace, which no two attributes of an element share here."""
    return next((str(value) for key, value in element.items() if key.rpartition("}")[2] == name), None)


def _number(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 7 else 0


def _length(element: Any, name: str) -> float:
    """A length in centimetres, 0 where there is none."""
    found = _LENGTH.fullmatch(_get(element, name) or "")
    try:
        return float(found[1]) * _CENTIMETRES[found[2]] if found else 0.0
    except ValueError:
        return 0.0


def _add(element: Any, words: str | None) -> None:
    """Puts words at the end of what is in the element."""
    if not words:
        return
    last = _last(element)
    if last is not None:
        last.tail = (last.tail or "") + words
    else:
        element.text = (element.text or "") + words


def _last(element: Any) -> Any:
    """The last child, None where there is none; `len` counts all of them."""
    return next(element.iterchildren(reversed=True), None)
