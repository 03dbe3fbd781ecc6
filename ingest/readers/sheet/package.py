"""The parts of Excel's packages and how they relate to each other."""

from __future__ import annotations

import posixpath
import zipfile
from typing import Any, NamedTuple
from urllib.parse import unquote

from lxml import etree

from ingest.cells import Cells
from ingest.readers.packed import part
from rag.errors import ReadError

_BOOK = "xl/workbook.xml"
_MAX_TABLES = 1_000
_MAX_PEOPLE = 10_000


class Related(NamedTuple):
    """What a part relates to: the names of parts by the ids of the relations, and each with the end of its kind."""

    targets: dict[str, str]
    kinds: list[tuple[str, str]]

    def all(self, kind: str) -> list[str]:
        """The parts whose kind ends so."""
        return [target for each, target in self.kinds if each.endswith(kind)]

    def named(self, kind: str) -> str:
        """The first of these; "" where there is none."""
        return next(iter(self.all(kind)), "")


def main_part(archive: zipfile.ZipFile) -> str:
    """The name of the part that is the workbook."""
    return next((name for name in related(archive, "").all("/officeDocument") if name in archive.NameToInfo), _BOOK)


def related(archive: zipfile.ZipFile, name: str) -> Related:
    """What a part relates to inside the package; nothing where that is damaged. "" is the package itself."""
    folder, file = posixpath.split(name)
    found = Related({}, [])
    for relation in elements(parsed(archive, posixpath.join(folder, "_rels", f"{file}.rels")), "Relationship"):
        if relation.get("TargetMode") != "External":
            target = posixpath.normpath(posixpath.join("/", folder, unquote(relation.get("Target") or ""))).lstrip("/")
            found.targets[relation.get("Id") or ""] = target
            found.kinds.append((relation.get("Type") or "", target))
    return found


def parsed(archive: zipfile.ZipFile, name: str) -> Any:
    """The part's tree; None where there is none, or where it is damaged."""
    try:
        data = part(archive, name)
        parser = etree.XMLParser(resolve_entities=False, no_network=True, remove_comments=True, remove_pis=True)
        return etree.fromstring(data, parser) if data else None
    except (ReadError, etree.XMLSyntaxError, ValueError):
        return None


def elements(root: Any, *names: str) -> Any:
    """The elements of these names under `root`, in order; none where that is None."""
    return iter(()) if root is None else root.iter(*(f"{{*}}{name}" for name in names))


def filtered(archive: zipfile.ZipFile, name: str) -> list[Cells]:
    """The tables on a sheet some of whose rows a filter of their own hides."""
    found = []
    for table in related(archive, name).all("/table")[:_MAX_TABLES]:
        for each in elements(parsed(archive, table), "autoFilter"):
            cells = Cells.parse((each.get("ref") or "").replace("$", ""))
            if cells and each.find("{*}filterColumn") is not None:
                found.append(cells)
    return found


def people(archive: zipfile.ZipFile, book: Related) -> dict[str, str]:
    """The names of those who wrote comments, by their ids."""
    found: dict[str, str] = {}
    for name in book.all("/person"):
        for each in elements(parsed(archive, name), "person"):
            if len(found) < _MAX_PEOPLE:
                found[each.get("id") or ""] = each.get("displayName") or ""
    return found
