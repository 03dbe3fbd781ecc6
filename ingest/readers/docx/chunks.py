"""Documents that are put into a Word document as files (`altChunk`): web pages, alone or as a mail would hold them, and plain text."""

from __future__ import annotations

import email
import email.policy
from typing import TYPE_CHECKING, Any

from lxml import etree

from ingest.readers.html import parse
from ingest.readers.packed import part
from ingest.readers.text import decode
from rag.errors import ReadError

if TYPE_CHECKING:
    from ingest.readers.docx.package import Package

_MAX = 8_000_000  # bytes


def chunk(package: Package, name: str | None) -> list[Any]:
    """The blocks of such a file, as elements of HTML; none where it is of another kind, damaged or too large."""
    if name is None or package.archive.getinfo(name).file_size > _MAX:
        return []
    try:
        data = part(package.archive, name) or b""
        kind = name.rpartition(".")[2].lower()
        if kind in ("mht", "mhtml"):
            data, kind = _page(data), "html"
        if kind in ("htm", "html", "xhtml"):
            tree = parse(decode(data))
            body = None if tree is None else tree.find("body")
            return [] if body is None else [_within(body)]
        if kind == "txt":
            return [_paragraph(line) for line in decode(data).splitlines() if line.strip()]
    except (ReadError, ValueError, LookupError):
        return []
    return []


def _page(data: bytes) -> bytes:
    """The page in a file of the kind that browsers save."""
    message = email.message_from_bytes(data, policy=email.policy.default)
    page = next((each for each in message.walk() if each.get_content_type() == "text/html"), None)
    content = b"" if page is None else page.get_payload(decode=True)
    return content if isinstance(content, bytes) else b""


def _within(body: Any) -> Any:
    body.tag = "div"
    for image in list(body.iter("img")):  # a file that is put in brings none that it refers to
        image.attrib.pop("src", None)
        image.attrib.pop("srcset", None)
    return body


def _paragraph(line: str) -> Any:
    made = etree.Element("p")
    made.text = "".join(letter for letter in line if letter.isprintable() or letter == "\t")
    return made
