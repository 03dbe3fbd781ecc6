"""OpenDocument texts and presentations: their markup mapped to an HTML tree, which is then walked; heads and feet once, at the end."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lxml import etree

from ingest.blocks import Block, Document, Figure, Passed, Text
from ingest.readers import captions, office
from ingest.readers.furniture import Told
from ingest.readers.html import walk_tree
from ingest.readers.odt.mapping import Mapping
from ingest.readers.odt.markup import content, get, local
from ingest.readers.packed import open_packed, part
from ingest.readers.titles import packed_title, page_title
from rag.errors import ReadError

if TYPE_CHECKING:
    from rag.pictures.ocr import Ocr

_HEADS = re.compile(r"(?:header|footer)(?:-left|-first)?")


def read(path: Path, source: str, root: Path, ocr: Ocr | None) -> Iterator[Block]:
    """The blocks of an .odt or .odp file, those of a presentation with `slide` (1-based). A title is the first part of every heading
    path; lists of contents, and what is deleted, struck out or hidden, are left out."""
    with open_packed(path) as archive:
        if b"encryption-data" in (part(archive, "META-INF/manifest.xml") or b""):
            raise ReadError("It is protected by a password.", "Save a copy without the password.")
        document = content(archive, "content.xml")
        if document is None:
            raise ReadError("It is not an OpenDocument file.", "Give it the suffix of what it is.")
        styles = content(archive, "styles.xml")
        mapping = Mapping(archive, document, styles)
        body = document.find("{*}body")
        pages = [] if body is None else body.findall("{*}presentation/{*}page")
        if body is not None and not pages:
            tree = mapping.tree(body)
            captions.adopt(tree)
            yield Document(page_title(tree) or packed_title(archive, "meta.xml"))
            told = Told()
            yield from told.heard(walk_tree(tree, lambda name: office.embedded(archive, name)))
            yield from _furniture(mapping, styles, told)
        elif pages:
            yield Document(packed_title(archive, "meta.xml") or page_title(mapping.slide(pages[0])))
        for number, page in enumerate(pages, 1):
            if mapping.styles.hidden_page(page):
                mapping.passed["hidden slides"] += 1
                continue
            for block in _walked(archive, mapping.slide(page)):
                yield replace(block, locator=replace(block.locator, slide=number))
        yield from (Passed(kind, count) for kind, count in sorted(mapping.passed.items()))


def _walked(archive: zipfile.ZipFile, tree: Any) -> Iterator[Text | Figure]:
    captions.adopt(tree)
    yield from walk_tree(tree, lambda name: office.embedded(archive, name))


def _furniture(mapping: Mapping, styles: Any, told: Told) -> Iterator[Text]:
    """What heads and feet of pages say of their own."""
    pages = [] if styles is None else styles.findall("{*}master-styles/{*}master-page")
    for element in (each for page in pages for each in page if _HEADS.fullmatch(local(each)) and get(each, "display") != "false"):
        holder = etree.Element("holder")
        holder.append(element)
        yield from told.new(walk_tree(mapping.tree(holder, furniture=True), lambda name: None))
