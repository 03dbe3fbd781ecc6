"""What stands around the parts of a mail: its headers and the names of its parts, decoded whatever encoded them, and their bytes."""

from __future__ import annotations

import base64
import binascii
import mimetypes
import re
from email.message import Message
from itertools import groupby, islice
from urllib.parse import unquote_to_bytes

from ingest.readers.text import decode
from rag.errors import ReadError

_FIRST_PARTS = 8  # of which one may tell the charset of headers
_ENCODED = re.compile(r"=\?([^?\s]{2,40})\?([bBqQ])\?([^?]*)\?=")
_EXTENDED = re.compile(r"([\w-]{2,40})'[\w-]{0,20}'(.*)")


def charset_of(part: Message) -> str:
    """The charset that a part names, or the first of its own parts."""
    for each in islice(part.walk(), _FIRST_PARTS):
        try:
            if named := each.get_content_charset(""):
                return named
        except (LookupError, ValueError, TypeError):
            continue
    return ""


def bytes_of(part: Message) -> bytes:
    try:
        data = part.get_payload(decode=True)
    except Exception as error:  # what a transfer encoding can be wrong in, each Python has its own word for
        raise ReadError(f"A part of it is damaged ({error}).", "Save it anew in your mail program.") from error
    return data if isinstance(data, bytes) else b""


def name_of(part: Message) -> str:
    """The file name of what is attached, without folders; of an attached message its subject; made from its kind where it has none."""
    try:
        named = part.get_param("filename", None, "content-disposition") or part.get_param("name", "")
        if isinstance(named, tuple):  # after RFC 2231: the charset, the language, and the bytes
            name = " ".join(decode((named[2] or "").encode("latin-1", "replace"), named[0] or "").split())
        else:
            name = _decoded(str(named or ""), charset_of(part))
        if broken := _EXTENDED.fullmatch(name):
            name = decode(unquote_to_bytes(broken[2]), broken[1])
    except Exception:  # damaged by what RFC 2231 makes of file names
        name = ""
    name = re.sub(r"[\x00-\x1f\x7f]", "", name).replace("\\", "/").rstrip("/").rpartition("/")[2].strip()[-200:]
    if name or part.get_content_type() == "message/rfc822":
        return name or "message.eml"
    return "attachment" + (mimetypes.guess_extension(part.get_content_type()) or "")


def header(message: Message, name: str) -> str:
    """A header as one line, its encoded words decoded, as far as they can be."""
    return _decoded(str(message.get(name, "")), charset_of(message))


def _decoded(header: str, charset: str = "") -> str:
    """A header whose encoded words (RFC 2047) are decoded wherever they stand, also where a letter of several bytes is parted between two
    of them; bytes that are not encoded are taken as of `charset`, where they can be."""
    words: list[str] = []
    parts: list[tuple[str, bytes]] = []
    at = 0

    def flush() -> None:
        for name, pieces in groupby(parts, lambda part: part[0]):
            words.append(_as_text(b"".join(data for _, data in pieces), name))
        parts.clear()

    for word in _ENCODED.finditer(header):
        between = header[at : word.start()]
        if between.strip() or not parts:
            flush()
            words.append(_readable(between, charset))
        parts.append((word[1].partition("*")[0].lower(), _word_bytes(word[2], word[3])))
        at = word.end()
    flush()
    words.append(_readable(header[at:], charset))
    return " ".join("".join(words).split())


def _word_bytes(encoding: str, word: str) -> bytes:
    data = word.encode("ascii", "ignore")
    if encoding in "qQ":
        return binascii.a2b_qp(data.replace(b"_", b" "), header=False)
    data = re.sub(rb"[^A-Za-z0-9+/]", b"", data)
    data = data[:-1] if len(data) % 4 == 1 else data
    return base64.b64decode(data + b"=" * (-len(data) % 4))


def _as_text(data: bytes, charset: str) -> str:
    try:
        return decode(data, charset)
    except ReadError:
        return data.decode("ascii", "ignore")


def _readable(text: str, charset: str = "") -> str:
    """`text` with the bytes in it that no charset was named for (surrogates) decoded."""
    try:
        text.encode()
    except UnicodeEncodeError:
        try:
            return decode(text.encode("utf-8", "surrogateescape"), charset)
        except (UnicodeEncodeError, ReadError):
            return text.encode("utf-8", "replace").decode()
    return text
