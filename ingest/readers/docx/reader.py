"""Word documents: the body in its order with notes and comments below what they are about, then what heads and feet say of their own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lxml import etree

from ingest.blocks import Block, Document, Passed, Text
from ingest.readers import captions, office
from ingest.readers.docx.numbering import Numbering
from ingest.readers.docx.package import Package, child, get, value
from ingest.readers.docx.story import Shared, Story
from ingest.readers.docx.styles import Styles
from ingest.readers.embedded import embedded_files
from ingest.readers.furniture import Told
from ingest.readers.html import walk_tree
from ingest.readers.packed import open_packed
from ingest.readers.titles import packed_title, page_title
from rag.errors import ReadError

if TYPE_CHECKING:
    from rag.pictures.ocr import Ocr

_NOTES = {"footnotes": "footnote", "endnotes": "endnote", "comments": "comment"}
_NO_NOTE = {"separator", "continuationSeparator", "continuationNotice"}
_MAX_FURNITURE = 60  # heads and feet


def read(path: Path, source: str, root: Path, ocr: Ocr | None) -> Iterator[Block]:
    """The blocks of a .docx or .docm file. A title is the first part of every heading path; what Word itself made of the headings (lists
    of contents and of figures), and what is deleted, struck out or hidden, is left out."""
    with open_packed(path) as archive:
        if not any(name.startswith("word/") for name in archive.NameToInfo):
            raise ReadError("It is not a Word document.", "Give it the suffix of what it is.")
        package = Package(archive)
        document = package.tree(package.document)
        body = child(document, "body")
        if body is None:
            raise ReadError("It is not a Word document.", "Give it the suffix of what it is.")
        shared = _shared(package)
        tree = _html()
        Story(shared, package.document, body).into(body, tree[0], body=True)
        captions.adopt(tree)
        yield Document(page_title(tree) or packed_title(archive, "docProps/core.xml"))
        told = Told()
        yield from told.heard(walk_tree(tree, lambda name: office.embedded(archive, name)))
        yield from _furniture(shared, body, told)
        yield from embedded_files(archive, shared.embedded, ocr)
        yield from (Passed(kind, count) for kind, count in sorted(shared.passed.items()))


def _shared(package: Package) -> Shared:
    styles = Styles(_part(package, "styles"))
    shared = Shared(package, styles, Numbering(_part(package, "numbering"), styles))
    for kind, name in _NOTES.items():
        for part in package.of_kind(package.document, kind):
            found = package.tree(part)
            for note in found.iterfind(f"{{*}}{name}") if found is not None else ():
                if get(note, "type") not in _NO_NOTE:
                    shared.notes.setdefault((kind, get(note, "id") or ""), (part, note))
    settings = _part(package, "settings")
    for kind, name in (("footnotes", "footnotePr"), ("endnotes", "endnotePr")):
        if form := value(settings, f"{name}/numFmt"):
            shared.kinds[kind] = form
    return shared


def _part(package: Package, kind: str) -> Any:
    return next((package.tree(name) for name in package.of_kind(package.document, kind)), None)


def _html() -> Any:
    html = etree.Element("html")
    etree.SubElement(html, "body")
    return html


def _furniture(shared: Shared, body: Any, told: Told) -> Iterator[Text]:
    """What heads and feet of pages say of their own."""
    package = shared.package
    used = (get(each, "id") for each in body.iter("{*}headerReference", "{*}footerReference"))
    names = dict.fromkeys(name for id in used if (name := package.target(package.document, id)))
    for name in list(names)[:_MAX_FURNITURE]:
        element = package.tree(name)
        if element is not None:
            tree = _html()
            Story(shared, name, element, furniture=True).into(element, tree[0], body=True)
            yield from told.new(walk_tree(tree, lambda name: None))
