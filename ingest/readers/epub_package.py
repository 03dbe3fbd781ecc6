"""The package of an e-book (EPUB 2 and 3): what it is called, its documents in reading order, and what its contents call them."""

from __future__ import annotations

import posixpath
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote

from lxml import etree

from ingest.readers.packed import markup, part
from ingest.readers.references import local_name
from rag.errors import ReadError

_CONTAINER = "META-INF/container.xml"
_FONT_OBFUSCATION = {"http://www.idpf.org/2008/embedding", "http://ns.adobe.com/pdf/enc#RC"}
_TYPE = "{http://www.idpf.org/2007/ops}type"
_NOT_WHOLE = "The e-book is not complete: "
_ANEW = "Fetch it again, or save it anew."


@dataclass(frozen=True)
class Package:
    """What an e-book says of itself. `documents`: the paths of its spine in reading order. `chapters`: for a document's path, the labels
    that lead to it in the book's contents, outermost first. `facts`: title, authors and so on, a line each."""

    title: str | None
    facts: str
    documents: list[str]
    chapters: dict[str, tuple[str, ...]] = field(default_factory=dict)
    cover: str | None = None


def resolve(base: str, reference: str) -> str | None:
    """The path in the archive that `reference` means in the document at `base`, None where it leads out of the archive."""
    name = local_name(reference)
    if not name or "\0" in name:
        return None
    joined = name.lstrip("/") if name.startswith("/") else posixpath.join(posixpath.dirname(base), name)
    path = posixpath.normpath(joined)
    return None if path in (".", "..") or path.startswith("../") else path


def package(archive: zipfile.ZipFile) -> Package:
    """The package of the e-book in `archive`. Raises ReadError where there is none, or where it is protected against copying."""
    prefix = _prefix(archive)
    _refuse_protection(archive, prefix)
    path = _package_path(archive, prefix)
    data = part(archive, path)
    if data is None:
        raise ReadError(f"{_NOT_WHOLE}its package file is missing.", _ANEW)
    root = markup(data)
    items = {
        item.get("id"): (resolved, item.get("media-type") or "", (item.get("properties") or "").split())
        for item in _all(root, "item")
        if (resolved := resolve(path, item.get("href") or ""))
    }
    contents = {resolved for resolved, _, properties in items.values() if "nav" in properties}
    contents |= {resolve(path, each.get("href") or "") or "" for each in _all(root, "reference") if each.get("type") == "toc"}
    spine = [items[ref.get("idref")][0] for ref in _all(root, "itemref") if ref.get("idref") in items]
    documents = [each for each in dict.fromkeys(spine) if each not in contents]
    if not documents:
        raise ReadError(f"{_NOT_WHOLE}it names no document to read.", _ANEW)
    title = next((text for each in _all(root, "title") if (text := _words(each))), None)
    return Package(title, _facts(root), documents, _chapters(archive, items), _cover(root, items))


def _prefix(archive: zipfile.ZipFile) -> str:
    """The folder that the whole book was packed in: "" as it should be, or what some programs put around it."""
    names = [name for name in archive.namelist() if name == _CONTAINER or name.endswith("/" + _CONTAINER)]
    return min(names, key=len)[: -len(_CONTAINER)] if names else ""


def _refuse_protection(archive: zipfile.ZipFile, prefix: str) -> None:
    data = part(archive, prefix + "META-INF/encryption.xml")
    if data is None:
        return
    used = {each.get("Algorithm") for data_of in _all(markup(data), "EncryptedData") for each in _all(data_of, "EncryptionMethod")[:1]}
    if used - _FONT_OBFUSCATION:
        raise ReadError("The e-book is protected against copying (DRM).", "Read it in the program that it was bought for.")


def _package_path(archive: zipfile.ZipFile, prefix: str) -> str:
    data = part(archive, prefix + _CONTAINER)
    if data is None:
        found = [name for name in archive.namelist() if name.endswith(".opf")]
        if not found:
            raise ReadError("It is no e-book (EPUB): it has no package file.", "Give it the suffix of what it is.")
        return found[0]
    paths = [each.get("full-path") for each in _all(markup(data), "rootfile") if each.get("full-path")]
    if not paths:
        raise ReadError(f"{_NOT_WHOLE}it does not say where its package file is.", _ANEW)
    return prefix + paths[0] if prefix + paths[0] in archive.namelist() else prefix + unquote(paths[0])


def _facts(root: Any) -> str:
    """What the package says of the book, in its own words, a line a kind."""
    lines = []
    for name in ("title", "creator", "publisher", "date", "subject", "description"):
        words = [text for each in _all(root, name) if (text := _words(each))]
        if words:
            lines.append(f"{name.capitalize()}: {', '.join(words)}")
    return "\n".join(lines)


def _cover(root: Any, items: dict[Any, Any]) -> str | None:
    """The path of the cover's picture: as EPUB 3 names it, else as EPUB 2 does."""
    for path, _, properties in items.values():
        if "cover-image" in properties:
            return path
    named = [each.get("content") for each in _all(root, "meta") if each.get("name") == "cover"]
    return next((items[name][0] for name in named if name in items and items[name][1].startswith("image/")), None)


def _chapters(archive: zipfile.ZipFile, items: dict[Any, Any]) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for path, kind, properties in sorted(items.values(), key=lambda item: "nav" not in item[2]):  # EPUB 3's first, if it has both
        if "nav" not in properties and kind != "application/x-dtbncx+xml":
            continue
        try:
            data = part(archive, path)
            root = markup(data) if data else None
        except ReadError:  # the documents have headings of their own
            continue
        if root is None:
            continue
        for labels, reference in _nav_entries(root) if "nav" in properties else _ncx_entries(root):
            if target := resolve(path, reference):
                found.setdefault(target, labels)
        if found:
            break
    return found


def _ncx_entries(element: Any, above: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], str]]:
    for child in element:
        name = _name(child)
        if name == "navMap":
            yield from _ncx_entries(child, above)
        elif name == "navPoint":
            label = next((_words(each) for each in child if _name(each) == "navLabel"), "")
            labels = (*above, label) if label else above
            yield labels, next((each.get("src") or "" for each in child if _name(each) == "content"), "")
            yield from _ncx_entries(child, labels)


def _nav_entries(root: Any) -> Iterator[tuple[tuple[str, ...], str]]:
    navs = _all(root, "nav")
    for nav in [nav for nav in navs if "toc" in (nav.get(_TYPE) or "").split()] or navs[:1]:
        yield from _list_entries(nav, ())


def _list_entries(element: Any, above: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], str]]:
    labels = above
    for child in element:
        name = _name(child)
        if name in ("a", "span"):
            label = _words(child)
            labels = (*above, label) if label else above
            yield labels, child.get("href") or ""
        elif name == "ol":
            yield from _list_entries(child, labels)
        elif name == "li":
            yield from _list_entries(child, above)


def _all(root: Any, name: str) -> list[Any]:
    """The elements of that name, whatever their namespace."""
    return list(root.iter(f"{{*}}{name}"))


def _name(element: Any) -> str | None:
    return etree.QName(element).localname if isinstance(element.tag, str) else None


def _words(element: Any) -> str:
    return " ".join("".join(element.itertext()).split())
