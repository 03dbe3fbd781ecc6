"""Readers: one module a format, each a function from a file to blocks; a new format is a module and a line in `_FORMATS`.

A reader is imported with the first file of its format: who asks only for kinds waits for none, and a reading process only for its own.
"""

from __future__ import annotations

import hashlib
import logging
import re
from collections.abc import Callable, Iterator
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path, PurePath
from typing import TYPE_CHECKING

from ingest.blocks import Block
from ingest.readers import disguised
from ingest.readers.code import SUFFIXES as CODE
from rag import pictures
from rag.errors import ReadError
from rag.language import tabular

if TYPE_CHECKING:
    from rag.pictures.ocr import Ocr

Reader = Callable[[Path, str, Path, "Ocr | None"], Iterator[Block]]

_FORMATS = [  # a name, the suffixes, and the reader: a module of this room, and its function where that is not `read`
    ("html", ".html .htm .xhtml", "html"),
    ("markdown", ".md .markdown .mdown .mkd", "markdown"),
    ("text", ".txt .text .log .rst", "text"),
    ("pdf", ".pdf", "pdf"),
    ("image", ".png .jpg .jpeg .webp .gif .tif .tiff .bmp .jp2 .j2k .avif .heic .heif", "image"),
    ("drawing", ".svg .svgz", "drawing"),
    ("docx", ".docx .docm", "docx"),
    ("doc", ".doc .dot", "doc"),
    ("pptx", ".pptx .pptm .ppsx", "pptx"),
    ("ppt", ".ppt .pps .pot", "ppt"),
    ("odt", ".odt .odp", "odt"),
    ("rtf", ".rtf", "rtf"),
    ("epub", ".epub", "epub"),
    ("mail", ".eml", "mail"),
    ("mail", ".emlx", "mail:read_emlx"),
    ("mail", ".msg", "mail:read_msg"),
    ("mail", ".mbox", "mail:read_mailbox"),
    ("saved page", ".mht .mhtml", "mail:read_page"),
    ("calendar", ".ics", "calendar"),
    ("contacts", ".vcf", "contacts"),
    ("sheet", ".xlsx .xlsm .xls .xlsb .ods", "sheet"),
    ("table", ".csv .tsv", "delimited"),
    ("data", ".json", "json_text"),
    ("data", ".jsonl .ndjson", "json_text:read_lines"),
    ("recording", ".wav .mp3 .m4a .m4b .aac .ogg .oga .opus .flac .wma .amr", "recording.reader"),
    ("film", ".mp4 .m4v .mov .mkv .webm .avi .wmv", "recording.reader"),
    ("transcript", ".srt .vtt .sbv .lrc .ttml", "recording.reader:read_transcript"),
    ("pairs", ".qa.jsonl .qa.csv", "pairs"),
    ("documents", ".documents", "documents"),
    ("notebook", ".ipynb", "notebook"),
    ("code", CODE, "code"),
]

READERS = {suffix: reader for _, suffixes, reader in _FORMATS for suffix in suffixes.split()}
HEARD = {"recording", "film"}  # kinds of which what is said is recognised, in bounded memory but not soon
SUFFIXES: dict[str, str] = {suffix: name for name, suffixes, _ in _FORMATS for suffix in suffixes.split()}

_IN_MAILDIR = re.compile(r"\d{9,11}\.[^.\s]+\.\S+(?:,\S*)?$")  # time.unique.host, then what a program knows of it

_log = logging.getLogger(__name__)


def kind(path: PurePath) -> str | None:
    """The kind of file that `path` names ("pdf", "html", ...), by its suffix in any case; None where no reader knows it."""
    return SUFFIXES.get(suffix(path).lower())


def suffix(path: PurePath) -> str:
    """The suffix that tells the kind, as it stands: two parts of it where a reader goes by both; that of a mail for one in a Maildir."""
    if path.parent.name in ("cur", "new") and _IN_MAILDIR.match(path.name):
        return ".eml"
    both = "".join(path.suffixes[-2:])
    return both if both.lower() in SUFFIXES else path.suffix


def belongs_to_recording(path: Path) -> bool:
    """Whether a transcript stands beside the recording or film of its name, with which it is read."""
    if kind(path) != "transcript":
        return False
    named = path.with_suffix("")
    alone = (
        [named] if kind(named) in HEARD else [named.with_name(named.name + suffix) for suffix, each in SUFFIXES.items() if each in HEARD]
    )
    return any(each.is_file() for each in alone)


def signature(sound_model: str | None = None) -> str:
    """Changes with anything that may let a file be read that could not be, or be cut otherwise: our own code, an optional library, or the
    setting of that name."""
    digest = hashlib.blake2b(digest_size=12)
    own = [*Path(__file__).parents[1].rglob("*.py"), *Path(pictures.__file__).parent.glob("*.py"), Path(tabular.__file__)]
    for module in sorted(own):
        digest.update(module.read_bytes())
    return digest.hexdigest() + ("+heif" if find_spec("pi_heif") else "") + (f"+{sound_model}" if sound_model else "")


def read(path: Path, source: str, root: Path, ocr: Ocr | None) -> Iterator[Block]:
    """The text and figures of the file at `path`, in reading order, and before them what it says of itself (a Document), where it does.

    `source` is its name in the library and decides the format, unless the file is an Office file of another (`disguised`); `root` is the
    folder that its references may not leave; without `ocr`, scanned pages stay unread. Raises ReadError, also in the middle, where the file
    cannot be read.
    """
    named = next((each for each in (suffix(PurePath(source)).lower(), suffix(path).lower()) if each in READERS), None)
    if named is None:
        raise ReadError("No reader knows this kind of file.", f"The kinds that can be read: {', '.join(sorted(SUFFIXES))}.")
    try:
        if path.stat().st_size == 0:
            raise ReadError("The file is empty.", "Put something in it, or take it out.")
        yield from _reader(disguised.really(path, named))(path, source, root, ocr)
    except ReadError:
        raise
    except OSError as error:
        reason = f"The file cannot be opened: {error.strerror or error}."
        raise ReadError(reason, "Check that it is there and that you may read it.") from error
    except MemoryError as error:
        raise ReadError("It does not fit into memory.", "Split it into smaller files.") from error
    except Exception as error:  # a parser that chokes on one file must not end the ingest
        _log.debug("%s: %r", source, error, exc_info=True)
        raise ReadError(f"The file cannot be read ({type(error).__name__}: {error}).", "It may be damaged: save it anew.") from error


def _reader(suffix: str) -> Reader:
    module, _, function = READERS[suffix].partition(":")
    reader: Reader = getattr(import_module(f"{__name__}.{module}"), function or "read")
    return reader
