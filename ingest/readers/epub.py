"""E-books (EPUB): the documents of the book in reading order, as HTML goes, under the book's title and the chapter."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ingest.blocks import Block, Document, Figure, Text
from ingest.readers.epub_package import Package, package, resolve
from ingest.readers.html import parse, walk, walk_tree
from ingest.readers.packed import open_packed, part
from ingest.readers.references import Fetch
from ingest.readers.text import MAX_WHOLE, decode
from rag.errors import ReadError
from rag.pictures.open import MAX_BYTES
from rag.records import HEADING_SEPARATOR, Locator

if TYPE_CHECKING:
    from rag.pictures.ocr import Ocr

_PREFIXED = re.compile(r"(?:m|mml|math|mathml|svg):([a-z]+)", re.I)
_MOST_SHEETS = 10
_LARGEST_SHEET = 200_000  # bytes
_HEADINGS = tuple(f"h{level}" for level in range(1, 7))


def read(path: Path, source: str, root: Path, ocr: Ocr | None) -> Iterator[Block]:
    """What the book says of itself (title, author, ...) as a first Text, its cover, and its documents; pictures are parts of the archive.

    Raises ReadError where it is no e-book, is damaged, or is protected against copying.
    """
    with open_packed(path) as archive:
        book = package(archive)
        yield Document(book.title or "")
        if book.facts:
            yield Text(book.facts, Locator(heading=book.title))
        cover = None
        for figure in _cover(archive, book):
            cover = figure.data
            yield figure
        labels: tuple[str, ...] = ()
        for document in book.documents:
            tree = _tree(archive, document)
            if tree is None:
                continue
            first = next(tree.iter(*_HEADINGS), None)
            own = " ".join("".join(first.itertext()).split()) if first is not None else ""
            labels = book.chapters.get(document, () if own else labels)  # without either, it goes on with the chapter before it
            for block in walk_tree(tree, _parts(archive, document), _path(book.title, labels, own)):
                if not (isinstance(block, Figure) and cover and block.data == cover):
                    yield block


def _path(title: str | None, labels: tuple[str, ...], own: str) -> str:
    """The heading path that a document stands under: what its own first heading says again is left to that."""
    path = [label for label in labels if label != title]
    if path and _same(path[-1], own):
        path.pop()
    if title and (path or title != own):
        path.insert(0, title)
    return HEADING_SEPARATOR.join(path)


def _same(label: str, heading: str) -> bool:
    """Whether one of them is the other, or a part of it ("Chapter 2", "Chapter 2: The lamp")."""
    one, other = (set(re.findall(r"\w+", text.casefold())) for text in (label, heading))
    return bool(one and other) and (one <= other or other <= one)


def _tree(archive: zipfile.ZipFile, document: str) -> Any:
    """A document of the book as a tree, None where it is missing or empty; what only marks the pages of a printed edition is gone."""
    try:
        size = archive.getinfo(document).file_size
    except KeyError:
        return None
    if size > MAX_WHOLE:
        raise ReadError(f"A chapter of it is over {MAX_WHOLE // 1_000_000} MB.", "Split it into smaller ones.")
    data = part(archive, document) or b""
    if not data.strip():
        return None
    if document.lower().endswith((".svg", ".png", ".jpg", ".jpeg", ".gif", ".webp")):  # a page that is a picture
        return parse(f'<img src="{document.rpartition("/")[2]}">')
    tree = parse(decode(data))
    if tree is None:
        return None
    for mark in tree.xpath("//*[contains(@*[name()='epub:type'], 'pagebreak') or @role='doc-pagebreak']"):
        mark.text = None
        del mark[:]
    _bare_names(tree)
    _with_styles(tree, _parts(archive, document))
    return tree


def _bare_names(tree: Any) -> None:
    """Takes the prefix off the names of formulas and drawings (`m:math`), as books of the older kind have them."""
    for element in tree.iter():
        if isinstance(element.tag, str) and (named := _PREFIXED.fullmatch(element.tag)):
            element.tag = named[1]


def _with_styles(tree: Any, fetch: Fetch) -> None:
    """Puts the style sheets of the book that a document links to into it, as they hide, raise and strike out words."""
    for link in tree.xpath("//link[@rel='stylesheet'][@href]")[:_MOST_SHEETS]:
        data = fetch(link.get("href"))
        if data and len(data) <= _LARGEST_SHEET:
            style = decode(data)
            link.tag = "style"
            link.text = "".join(letter for letter in style if letter.isprintable() or letter.isspace())


def _parts(archive: zipfile.ZipFile, document: str) -> Fetch:
    """Gives the parts of the archive that `document` refers to."""

    def fetch(reference: str) -> bytes | None:
        path = resolve(document, reference)
        try:
            return part(archive, path) if path and archive.getinfo(path).file_size <= MAX_BYTES else None
        except (KeyError, ReadError):
            return None

    return fetch


def _cover(archive: zipfile.ZipFile, book: Package) -> Iterator[Figure]:
    if book.cover:
        for block in walk(f'<img src="/{book.cover}">', _parts(archive, ""), ""):
            if isinstance(block, Figure):
                yield Figure(block.image, book.title, "Cover", book.cover, Locator(heading=book.title), block.data)
