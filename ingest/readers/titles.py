"""A document's own title and date, where what stands in their fields says something."""

from __future__ import annotations

import re
import zipfile
from datetime import date
from email.utils import parsedate_to_datetime
from typing import Any

from ingest.readers.packed import markup, part
from rag.errors import ReadError

_MAX_TITLE = 300  # characters
_MAX_PART = 1_000_000  # bytes
_BY_PROGRAMS = {
    "untitled", "untitled document", "untitled presentation", "untitled spreadsheet", "no title", "title", "document", "new document",
    "text document", "powerpoint presentation", "presentation", "workbook", "book", "slide", "template", "normal", "blank", "none", "null",
    "unknown", "anonymous", "scan", "scanned document", "scanned image", "home", "home page", "index", "main", "page", "print", "layout",
    "ohne titel", "unbenannt", "sans titre", "sin título", "senza titolo",
}  # fmt: skip
_PROGRAM = re.compile(r"microsoft (?:word|powerpoint|excel|office)\b|adobe \w+|(?:https?|file|about):|[a-z]:\\|[/\\]", re.I)
_SCANNER = re.compile(
    r"scan(?:ned)?\b.*\b(?:from|by|at|to)\b|scan[-_ ]?\d|\S*(?:workcentre|scanjet|scansnap|bizhub|imagerunner|km_|xerox)", re.I
)
_FILE = re.compile(
    r".*\.(?:docx?|dotx?|rtf|odt|ods|odp|pdf|ps|eps|dvi|tex|indd|qxp|qxd|fm|pmd|p65|pptx?|xlsx?|html?|xml|md|txt|wpd|pub|vsd|ai|tiff?|jpe?g|png)",
    re.I,
)
_NAME = re.compile(r"\S*(?:_|-\S*-|-\d|\d-)\S*")  # of a file, too: "keeper-report-1907"
_ISO = re.compile(r"\s*(\d{4})(?:([-/.])(\d{1,2})(?:\2(\d{1,2}))?)?(?!\d)")


def own_title(text: str | None) -> str:
    """A title as one line; nothing where it only names a program, a scanner or a file, or is mostly digits."""
    from ingest.readers.html.shown import fold  # its room imports this module

    title = fold(text or "")
    title = " ".join("".join(letter for letter in title if letter.isprintable()).split())[:_MAX_TITLE]
    letters, digits = sum(map(str.isalpha, title)), sum(map(str.isdigit, title))
    bare = re.sub(r"[\W\d_]+", " ", title.casefold()).strip()
    if letters < 2 or digits > letters or bare in _BY_PROGRAMS or _NAME.fullmatch(title):
        return ""
    return "" if _PROGRAM.match(title) or _SCANNER.match(title) or _FILE.fullmatch(title) else title


def packed_title(archive: zipfile.ZipFile, name: str) -> str:
    """The title in the part of an office file that holds its properties (docProps/core.xml, meta.xml)."""
    try:
        if archive.getinfo(name).file_size > _MAX_PART:
            return ""
        title = markup(part(archive, name) or b"").find(".//{http://purl.org/dc/elements/1.1/}title")
    except (KeyError, ReadError):  # the document reads without it
        return ""
    return own_title("".join(title.itertext())) if title is not None else ""


def page_title(tree: Any) -> str:
    """The <title> of an HTML tree, else its <h1> where it has only one."""
    named = next(iter(tree.xpath("//title[not(ancestor::svg)]")), None)
    if named is not None and (title := own_title("".join(named.itertext()))):
        return title
    return first_heading(tree) if len(tree.findall(".//h1")) == 1 else ""


def first_heading(tree: Any) -> str:
    """The first <h1> of an HTML tree."""
    heading = tree.find(".//h1")
    return own_title("".join(heading.itertext())) if heading is not None else ""


def iso_date(text: str | None) -> str:
    """A date as written in ISO's order or in the form of e-mail, as ISO writes it (2024-05-01, 2024-05, 2024); nothing where it is none."""
    found = _ISO.match(text or "")
    try:
        if found:
            day = date(int(found[1]), int(found[3] or 1), int(found[4] or 1)).isoformat()
            return day if found[4] else day[:7] if found[3] else day[:4]
        return parsedate_to_datetime(text or "").date().isoformat()
    except (ValueError, TypeError, IndexError, OverflowError):
        return ""
