"""The parts of a Word document, opened when they are asked for and weighed before; and how its markup says yes, no and how much."""

from __future__ import annotations

import posixpath
import zipfile
from functools import cache
from typing import Any
from urllib.parse import unquote

from ingest.readers import office
from ingest.readers.packed import markup, part
from rag.errors import ReadError

_MAX_TEXT = 8_000_000  # characters of all parts
_OFF = {"0", "false", "off", "none"}
_USUAL = "word/document.xml"


class Package:
    """A package of parts that refer to each other by relationships (ECMA-376 part 2)."""

    def __init__(self, archive: zipfile.ZipFile):
        self.archive = archive
        self._size = self._tags = self._text = 0
        self._known: dict[str, dict[str, tuple[str, str]]] = {}
        found = next((name for kind, name in self._related("").values() if kind == "officeDocument"), "")
        self.document = found if found in archive.NameToInfo else _USUAL

    def tree(self, name: str) -> Any:
        """The root of a part that is XML; None where there is no such part. Raises ReadError where it is damaged, or where all that was
        opened is over 40 MB, 1.5 million tags or 8 million characters."""
        if name not in self.archive.NameToInfo:
            return None
        self._size += self.archive.getinfo(name).file_size
        office.weigh(self._size, 0)
        data = part(self.archive, name) or b""
        self._tags += data.count(b"<")
        office.weigh(0, self._tags)
        root = markup(data)
        self._text += sum(len(element.text or "") for element in root.iter())
        if self._text > _MAX_TEXT:
            raise ReadError(f"It has over {_MAX_TEXT // 1_000_000} MB of text.", "Split it into smaller ones.")
        return root

    def target(self, of: str, id: str | None) -> str | None:
        """The name of the part that a part means by the id of a relationship; None where it lies outside, or nowhere."""
        return self._related(of).get(id or "", ("", None))[1]

    def of_kind(self, of: str, kind: str) -> list[str]:
        """The names of the parts that a part is related to as such ("footnotes"), each once."""
        return list(dict.fromkeys(name for each, name in self._related(of).values() if each == kind))

    def _related(self, of: str) -> dict[str, tuple[str, str]]:
        """The relationships of a part: id to kind and name of the other."""
        if of not in self._known:
            folder, _, file = of.rpartition("/")
            root = self._small(posixpath.join(folder, "_rels", f"{file}.rels"))
            found = self._known[of] = {}
            for each in () if root is None else root.iterfind("{*}Relationship"):
                name = self._name(folder, unquote(each.get("Target") or ""))
                if each.get("TargetMode") != "External" and name:
                    found[each.get("Id") or ""] = ((each.get("Type") or "").rpartition("/")[2], name)
        return self._known[of]

    def _name(self, folder: str, target: str) -> str:
        for name in (target, target.replace("\\", "/")):
            path = posixpath.normpath(posixpath.join("/", folder, name)).lstrip("/")
            if path in self.archive.NameToInfo:
                return path
        return ""

    def _small(self, name: str) -> Any:
        try:
            return self.tree(name)
        except ReadError:
            return None


def local(element: Any) -> str:
    """The name of an element without its namespace, as files of the strict kind have others."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def get(element: Any, name: str) -> str | None:
    """An attribute by its name without its namespace."""
    return next((str(value) for key, value in element.items() if key.rpartition("}")[2] == name), None)


def value(element: Any, path: str, name: str = "val") -> str | None:
    """The attribute of what is found at the path ("pPr/pStyle")."""
    found = child(element, path)
    return None if found is None else get(found, name)


def child(element: Any, path: str) -> Any:
    return None if element is None else element.find(_any_namespace(path))


@cache
def _any_namespace(path: str) -> str:
    return "/".join(f"{{*}}{name}" for name in path.split("/"))


def on(element: Any) -> bool:
    """Whether a property that is there holds: it does, unless it says no."""
    return element is not None and (get(element, "val") or "").lower() not in _OFF


def number(text: str | None, default: int = 0) -> int:
    """A whole number of at most six digits."""
    digits = (text or "").removeprefix("-")
    return int(text or "") if digits.isascii() and digits.isdigit() and len(digits) < 7 else default
