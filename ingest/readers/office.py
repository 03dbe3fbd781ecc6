"""Office Open XML packages (.docx, .pptx), made light and safe before a library opens them."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable

from ingest.readers.packed import part
from rag.errors import ReadError
from rag.pictures.open import MAX_BYTES

MAX_MARKUP = 40_000_000  # bytes of all XML parts together
MAX_TAGS = 1_500_000  # in them; a tree takes some 100 to 200 bytes for each

_TOO_MUCH = "Split it into smaller ones."

_SCHEME = "embedded:"
_DRAWN = (".emf", ".wmf", ".emz", ".wmz", ".pct", ".pict", ".eps", ".wdp", ".svm")

DRAWINGS = "drawings as EMF, WMF or the like"  # how they are counted


def light(archive: zipfile.ZipFile, rewrite: Callable[[str, bytes], bytes]) -> io.BytesIO:
    """The package without its media: each part that is not XML holds its own name instead, XML parts are what `rewrite` makes of them.

    So a library that loads all parts at once does not load pictures and films, and whoever asks it for a picture gets the name that
    `part` knows. Raises ReadError where a part is damaged or encrypted, or where the XML is over 40 MB or has over 1.5 million tags.
    """
    infos = {info.filename: info for info in archive.infolist()}
    names = [name for name in infos if name.lower().endswith((".xml", ".rels"))]
    weigh(sum(infos[name].file_size for name in names), 0)
    made, tags = io.BytesIO(), 0
    with zipfile.ZipFile(made, "w") as package:
        for name in infos:
            data = name.encode()
            if name in names:
                data = part(archive, name) or b""
                tags += data.count(b"<")
                weigh(0, tags)
                data = rewrite(name, data)
            package.writestr(name, data)
    return made


def weigh(size: int, tags: int, most: int = MAX_TAGS) -> None:
    """Raises ReadError where markup of so many bytes, or so many tags, would take too much memory and time."""
    if size > MAX_MARKUP:
        raise ReadError(f"It unpacks to over {MAX_MARKUP // 1_000_000} MB of markup.", _TOO_MUCH)
    if tags > most:
        raise ReadError(f"It has over {most:,} tags of markup.", _TOO_MUCH)


def drawn(name: str) -> bool:
    """Whether a picture is in a format of drawings that nothing here reads."""
    return name.lower().endswith(_DRAWN)


def reference(name: str) -> str:
    """What an `<img>` refers to a part by: with a scheme, as it is no file that a document refers to."""
    return _SCHEME + name


def embedded(archive: zipfile.ZipFile, reference: str) -> bytes | None:
    """The bytes behind such a reference; None where there are none, or where they are damaged or too large for a picture."""
    name = reference.removeprefix(_SCHEME)
    try:
        return part(archive, name) if name in archive.NameToInfo and archive.getinfo(name).file_size <= MAX_BYTES else None
    except ReadError:
        return None
