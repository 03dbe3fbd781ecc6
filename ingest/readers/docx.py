"""Word documents: mammoth turns them into HTML by the meaning of their styles, which is then walked; footnotes and captions are put
where they belong."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lxml import etree

from ingest.blocks import Block, Document
from ingest.readers import captions, office
from ingest.readers.html import parse, walk_tree
from ingest.readers.packed import markup, open_packed
from ingest.readers.titles import packed_title, page_title
from rag.errors import ReadError

if TYPE_CHECKING:
    from rag.pictures.ocr import Ocr

_MAX_SIMPLE = 8_000_000  # bytes of a part
_MAX_TAGS = 600_000  # in it; mammoth takes about a millisecond and 8 kB for ten
_LEVELS = 9
_HEADING = re.compile(r"heading ([1-9])")
_LISTS_OF_CONTENTS = re.compile(r"toc [1-9]|toc heading|table of figures")
_CODE = {"code", "source code", "html preformatted", "preformatted text", "macro text", "plain text", "verbatim"}
_BASED_ON = 20  # styles above a style
_OUTLINE = set("012345678")
_BODY_TEXT = "9"
_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_KEPT = {
    "rPr": {"rStyle", "b", "i", "strike", "vertAlign", "del"},
    "pPr": {"pStyle", "numPr", "rPr"},
    "tblPr": {"tblStyle"},
    "tcPr": {"gridSpan", "vMerge"},
    "trPr": {"tblHeader", "del"},
    "tblGrid": set[str](),
    "sectPr": set[str](),
}
_UNSEEN = {"proofErr", "lastRenderedPageBreak", "bookmarkStart", "bookmarkEnd", "commentRangeStart", "commentRangeEnd", "permStart"}
_NOISE = re.compile(r"rsid|paraId|textId")


def read(path: Path, source: str, root: Path, ocr: Ocr | None) -> Iterator[Block]:
    """The blocks of a .docx or .docm file. A title is the first part of every heading path; what Word itself made of the headings
    (lists of contents and of figures), headers, footers, comments and deleted words are left out."""
    from mammoth import convert_to_html
    from mammoth.images import img_element

    styles: list[str] = []

    def rewrite(name: str, data: bytes) -> bytes:
        if not name.startswith(("word/", "_rels/", "[Content_Types]")):
            return b"<none/>"
        tree = markup(data)
        if etree.QName(tree).localname == "styles":
            styles.extend(_style_map(tree))
        _simplify(tree)
        simple = bytes(etree.tostring(tree))
        if len(simple) > _MAX_SIMPLE:
            raise ReadError(f"It has over {_MAX_SIMPLE // 1_000_000} MB of text.", "Split it into smaller ones.")
        office.weigh(0, simple.count(b"<"), _MAX_TAGS)
        return simple

    def image(image: Any) -> dict[str, str]:
        try:
            with image.open() as file:
                return {"src": office.reference(file.read().decode("utf-8", "replace"))}
        except KeyError:  # the part is missing; so is the picture
            return {}

    with open_packed(path) as archive:
        if not any(name.startswith("word/") for name in archive.NameToInfo):
            raise ReadError("It is not a Word document.", "Give it the suffix of what it is.")
        html = convert_to_html(
            office.light(archive, rewrite),
            style_map="\n".join([*styles, *_STANDARD]),
            convert_image=img_element(image),
            include_embedded_style_map=False,
            external_file_access=False,
        ).value
        tree = parse(html)
        if tree is not None:
            captions.adopt(tree)
            _notes_to_their_places(tree)
            yield Document(page_title(tree) or packed_title(archive, "docProps/core.xml"))
            yield from walk_tree(tree, lambda name: office.embedded(archive, name))


def _element(name: str, level: int | None) -> str | None:
    """The HTML for paragraphs of the style of this name, in mammoth's notation; None where the name says nothing."""
    if name == "title":
        return "h1:fresh"
    if name == "caption":
        return f"p.{captions.CLASS}:fresh"
    if name in _CODE:
        return "pre:separator('\\n')"
    if _LISTS_OF_CONTENTS.fullmatch(name):
        return "!"
    heading = _HEADING.fullmatch(name)
    level = int(heading[1]) if heading else level
    return f"h{level + 1}:fresh" if level else None  # above them all is the title


_NAMED = ["Title", "Caption", *(f"heading {level}" for level in range(1, _LEVELS + 1))]
_STANDARD = [f"p[style-name='{name}'] => {_element(name.lower(), None)}" for name in _NAMED]
_STANDARD += [f"p.Heading{level} => h{level + 1}:fresh" for level in range(1, _LEVELS + 1)]


def _style_map(tree: Any) -> list[str]:
    """What the paragraph styles of a document mean, by their own names and outline levels, or by those of the styles that they are
    based on; as lines of mammoth's notation."""
    styles = {_value(style, ".", "styleId"): style for style in tree.iterfind("{*}style") if _value(style, ".", "type") == "paragraph"}
    lines = []
    for key, style in styles.items():
        name, at, element = _value(style, "{*}name", "val") or "", key, None
        for _ in range(_BASED_ON):
            above = styles.get(at)
            if above is None or element:
                break
            level = _value(above, "{*}pPr/{*}outlineLvl", "val") or ""
            element = _element((_value(above, "{*}name", "val") or "").lower(), int(level) + 1 if level in _OUTLINE else None)
            if level == _BODY_TEXT:
                break
            at = _value(above, "{*}basedOn", "val")
        if element and name and name.isprintable():
            lines.append("p[style-name='{}'] => {}".format(name.replace("\\", "\\\\").replace("'", "\\'"), element))
    return lines


def _value(element: Any, path: str, name: str) -> str | None:
    found = element.find(path)
    return None if found is None else next((value for key, value in found.items() if etree.QName(key).localname == name), None)


def _simplify(tree: Any) -> None:
    """Takes out of the markup what is not read, as mammoth's trees are large, and puts in its terms what it passes over: formulas,
    and text boxes without a fallback."""
    for _, element in etree.iterwalk(tree):
        name = etree.QName(element).localname
        for key in list(filter(_NOISE.search, element.attrib)):
            del element.attrib[key]
        if name in _KEPT:
            for child in [child for child in element if etree.QName(child).localname not in _KEPT[name]]:
                element.remove(child)
        elif name == "AlternateContent":
            _one_alternative(element)
        elif name == "oMath":
            _as_run(element)
        elif name in ("p", "hyperlink", "ins"):
            _join_runs(element)


def _join_runs(holder: Any) -> None:
    """Makes one of runs that follow each other and differ in nothing that is read: Word parts them by language, spelling and session."""
    before = None
    for child in list(holder):
        name = etree.QName(child).localname
        if name in _UNSEEN:
            holder.remove(child)
            continue
        parts = [etree.QName(part).localname for part in child] if name == "r" else []
        if not parts or set(parts) - {"rPr", "t"} or parts.count("t") != 1 or parts[-1] != "t":
            before = None
            continue
        style = b"".join(etree.tostring(part) for part in child[0]) if parts[0] == "rPr" else b""
        if before is not None and before[1] == style:
            before[0].text = (before[0].text or "") + (child[-1].text or "")
            holder.remove(child)
        else:
            before = child[-1], style


def _one_alternative(element: Any) -> None:
    fallback, choice = element.find("{*}Fallback"), element.find("{*}Choice")
    if choice is None:
        return
    if fallback is not None and len(fallback):
        element.remove(choice)
        return
    boxes = list(choice.iter("{*}txbxContent"))
    if fallback is not None:
        element.remove(fallback)
    choice.tag = etree.QName(etree.QName(element).namespace, "Fallback")
    for box in boxes:
        choice.append(box)


def _as_run(formula: Any) -> None:
    words = "".join(text.text or "" for text in formula.iter("{*}t"))
    for child in list(formula):
        formula.remove(child)
    formula.tag = f"{{{_W}}}r"
    etree.SubElement(formula, f"{{{_W}}}t").text = words


def _notes_to_their_places(tree: Any) -> None:
    """Footnotes and endnotes, which mammoth lists at the end, below the paragraph, list or table that refers to them."""
    notes = {f"#{note.get('id')}": note for note in tree.xpath("//li[starts-with(@id, 'footnote-') or starts-with(@id, 'endnote-')]")}
    last: dict[Any, Any] = {}
    for link in tree.xpath("//sup/a[starts-with(@href, '#footnote-') or starts-with(@href, '#endnote-')]"):
        note = notes.pop(link.get("href"), None)
        if note is None:
            continue
        holder = link
        while holder.getparent() is not None and holder.getparent().tag != "body":
            holder = holder.getparent()
        for back in note.xpath(".//a[starts-with(@href, '#footnote-ref-') or starts-with(@href, '#endnote-ref-')]"):
            back.text = None
        note.getparent().remove(note)
        note.tag = "div"
        last.get(holder, holder).addnext(note)
        last[holder] = note
