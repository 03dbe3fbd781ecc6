"""The parts of an OpenDocument file, weighed before they are opened, and how its markup names things."""

from __future__ import annotations

import re
import zipfile
from typing import Any

from ingest.readers import office
from ingest.readers.packed import markup, part

_MAX_TAGS = 800_000  # of a part
_LENGTH = re.compile(r"(-?[\d.]{1,12})(cm|mm|in|pt)")
_CENTIMETRES = {"cm": 1.0, "mm": 0.1, "in": 2.54, "pt": 2.54 / 72}


def content(archive: zipfile.ZipFile, name: str) -> Any:
    """The root of a part; None where there is none."""
    if name not in archive.NameToInfo:
        return None
    office.weigh(archive.getinfo(name).file_size, 0)
    data = part(archive, name) or b""
    office.weigh(0, data.count(b"<"), _MAX_TAGS)
    return markup(data)


def local(element: Any) -> str:
    """The name of an element without its namespace; nothing for what is none."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def get(element: Any, name: str) -> str | None:
    """An attribute by its name without its namespace, which no two attributes of an element share here."""
    return next((str(value) for key, value in element.items() if key.rpartition("}")[2] == name), None)


def number(text: str | None, default: int = 0) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 7 else default


def length(element: Any, name: str) -> float:
    """A length in centimetres, 0 where there is none."""
    found = _LENGTH.fullmatch(get(element, name) or "")
    try:
        return float(found[1]) * _CENTIMETRES[found[2]] if found else 0.0
    except ValueError:
        return 0.0
