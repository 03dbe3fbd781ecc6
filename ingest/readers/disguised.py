"""Office files under the suffix of another format: what a file really is, told by its first bytes, decides on its reader.

Programs write RTF, HTML and plain text as .doc, tables of HTML or of plain text as .xls, and people give suffixes as they please.
"""

from __future__ import annotations

import re
import zipfile
from pathlib import Path

from ingest.readers.compound import MAGIC, open_compound
from rag.errors import ReadError

_OFFICE = frozenset(
    ".doc .dot .docx .docm .xls .xlsx .xlsm .xlsb .ppt .pps .pot .pptx .pptm .ppsx .rtf .odt .ods .odp .msg .pdf .mht .mhtml".split()
)
_STREAMS = {"WordDocument": ".doc", "PowerPoint Document": ".ppt", "Workbook": ".xls", "Book": ".xls", "__properties_version1.0": ".msg"}
_PARTS = {"word/": ".docx", "ppt/": ".pptx", "xl/": ".xlsx"}
_TYPES = {
    b"application/vnd.oasis.opendocument.text": ".odt",
    b"application/vnd.oasis.opendocument.spreadsheet": ".ods",
    b"application/vnd.oasis.opendocument.presentation": ".odp",
    b"application/epub+zip": ".epub",
}
_ALIKE = ({".doc", ".dot"}, {".docx", ".docm"}, {".xlsx", ".xlsm", ".xlsb"}, {".ppt", ".pps", ".pot"}, {".pptx", ".pptm", ".ppsx"})
_HTML = re.compile(
    rb"\A(?:\xef\xbb\xbf)?\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|body|table|meta)\b", re.I | re.S
)
_MESSAGE = re.compile(rb"\A(?:\xef\xbb\xbf)?(?:[!-9;-~]{1,60}:[^\n]*\n(?:[ \t][^\n]*\n)*){0,40}?mime-version:", re.I)
_FIRST = 4096  # bytes
_NO_TEXT = re.compile(rb"[\x00-\x08\x0e-\x1f]")


def really(path: Path, suffix: str) -> str:
    """The suffix to read the file at `path` by: that of what it is, where it has that of another format of documents."""
    if suffix not in _OFFICE:
        return suffix
    found = _told(path)
    if not found and suffix in (".xls", ".doc"):  # as text, which such programs open without a word
        found = _plain(path, suffix)
    if not found or any({suffix, found} <= alike for alike in _ALIKE):
        return suffix
    return found


def _told(path: Path) -> str:
    with path.open("rb") as file:
        head = file.read(_FIRST)
    if head.startswith(MAGIC):
        return _of_compound(path)
    if head.startswith(b"PK\x03\x04"):
        return _of_zip(path)
    if head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{\\rtf"):
        return ".rtf"
    if b"%PDF-" in head[:1024]:
        return ".pdf"
    if _MESSAGE.match(head):
        return ".mht"
    return ".html" if _HTML.match(head) else ""


def _of_compound(path: Path) -> str:
    try:
        opened = open_compound(path)
    except ReadError:  # its reader says why
        return ""
    if "EncryptedPackage" in opened:
        return ""
    return next((suffix for stream, suffix in _STREAMS.items() if stream in opened), "")


def _of_zip(path: Path) -> str:
    try:
        with zipfile.ZipFile(path) as archive:
            names = archive.namelist()
            kind = archive.read("mimetype")[:80].strip() if "mimetype" in names and archive.getinfo("mimetype").file_size < 200 else b""
    except Exception:  # damaged: its reader says how
        return ""
    if kind in _TYPES:
        return _TYPES[kind]
    if "[Content_Types].xml" not in names:
        return ""
    return next((suffix for folder, suffix in _PARTS.items() if any(name.startswith(folder) for name in names)), "")


def _plain(path: Path, suffix: str) -> str:
    with path.open("rb") as file:
        head = file.read(_FIRST)
    wide = head.startswith((b"\xff\xfe", b"\xfe\xff"))
    if (not wide and _NO_TEXT.search(head)) or head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<?xml"):  # of Office 2003
        return ""
    if suffix == ".doc":
        return ".txt"
    return ".tsv" if b"\t" in head else ".csv" if re.search(rb"[,;]", head) else ""
