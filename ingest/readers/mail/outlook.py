"""Outlook's messages (.msg), a compound file of properties: made into a message as others are, with its attachments and inner messages.

After [MS-OXMSG], "Outlook Item (.msg) File Format"; text that is kept as RTF alone, compressed, after [MS-OXRTFCP].
"""

from __future__ import annotations

import base64
import mimetypes
import struct
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.message import Message
from email.utils import format_datetime
from pathlib import Path
from typing import TYPE_CHECKING

from ingest.blocks import Block
from ingest.readers.compound import Compound, open_compound
from ingest.readers.mail.reader import MAX_ATTACHED, MAX_BYTES, MAX_DEPTH, read_message
from ingest.readers.text import decode
from rag.errors import ReadError

if TYPE_CHECKING:
    from rag.pictures.ocr import Ocr

_SUBJECT, _SENDER, _ADDRESS, _SMTP, _TO, _CC = 0x0037, 0x0C1A, 0x0C1F, 0x5D01, 0x0E04, 0x0E03
_BODY, _HTML, _RTF = 0x1000, 0x1013, 0x1009
_SENT, _RECEIVED = 0x0039, 0x0E06
_CODE_PAGE, _TEXT_PAGE = 0x3FDE, 0x3FFD
_DATA, _LONG_NAME, _SHORT_NAME, _KIND, _ID, _SHOWN_NAME = 0x3701, 0x3707, 0x3704, 0x370E, 0x3712, 0x3001
_ATTACHMENT = "__attach_version1.0_#"
_INNER = "__substg1.0_3701000D/"
_HEADS = {"": 32, _INNER: 24}  # bytes before the entries of a message's properties, by whether it is an inner one
_EPOCH = datetime(1601, 1, 1, tzinfo=UTC)
_LABELS = {65001: "utf-8", 20127: "us-ascii", 20866: "koi8-r", 21866: "koi8-u", 50220: "iso-2022-jp", 50222: "iso-2022-jp",
           51932: "euc-jp", 51949: "euc-kr", 54936: "gb18030", 10000: "macintosh"}  # fmt: skip
_DICTIONARY = (
    rb"{\rtf1\ansi\mac\deff0\deftab720{\fonttbl;}{\f0\fnil \froman \fswiss \fmodern \fscript \fdecor MS Sans SerifSymbolArialTimes New "
    rb"RomanCourier{\colortbl\red0\green0\blue0" + b"\r\n" + rb"\par \pard\plain\f0\fs20\b\i\u\tab\tx"
)


def read_msg(path: Path, source: str, root: Path, ocr: Ocr | None) -> Iterator[Block]:
    """The blocks of a message of Outlook, as of any other. Raises ReadError where it is damaged, is none, or is over 40 MB."""
    if path.stat().st_size > MAX_BYTES:
        raise ReadError(f"The message is over {MAX_BYTES // 1_000_000} MB.", "Save what is attached to it as files, and take those in.")
    opened = open_compound(path)
    if not any(name.startswith("__substg1.0_") for name in opened.paths):
        raise ReadError("It is no message of Outlook.", "Give it the suffix of what it is.")
    try:
        message = _Store(opened, path.stat().st_size).message("", 0)
    except (struct.error, IndexError, ValueError) as error:
        raise ReadError("The message is damaged or cut short.", "Save it anew in your mail program.") from error
    yield from read_message(message, ocr)


class _Store:
    """The properties in one file, by the path of what they belong to. What is attached may not have twice the bytes of the file."""

    def __init__(self, opened: Compound, size: int):
        self._opened = opened
        self._left = 2 * size

    def message(self, at: str, depth: int) -> Message:
        """The message whose properties stand below `at`."""
        numbers = self._numbers(at, _HEADS[_INNER if at else ""])
        page = _charset(numbers.get(_CODE_PAGE) or numbers.get(_TEXT_PAGE) or 1252)
        text_page = _charset(numbers.get(_TEXT_PAGE) or numbers.get(_CODE_PAGE) or 1252)
        made = Message()
        made["Subject"] = self._words(at, _SUBJECT, text_page)
        address = self._words(at, _SMTP, text_page) or self._words(at, _ADDRESS, text_page)
        sender = self._words(at, _SENDER, text_page)
        made["From"] = f"{sender} <{address}>" if "@" in address and address != sender else sender or address
        for name, tag in (("To", _TO), ("Cc", _CC)):
            made[name] = self._words(at, tag, text_page).rstrip("\0")
        if when := _date(numbers.get(_SENT) or numbers.get(_RECEIVED) or 0):
            made["Date"] = when
        made["Content-Type"] = "multipart/mixed"
        made.set_payload([])
        for part in (self._body(at, page, text_page), *self._attached(at, depth)):
            made.attach(part)
        return made

    def _body(self, at: str, page: str, text_page: str) -> Message:
        if html := self._stream(at, _HTML, "0102") or self._words(at, _HTML, page).encode():
            return _part(html, "text/html", page if self._stream(at, _HTML, "0102") else "utf-8")
        if text := self._words(at, _BODY, text_page):
            return _part(text.encode("utf-8", "replace"), "text/plain", "utf-8")
        if rtf := _decompressed(self._stream(at, _RTF, "0102") or b""):
            return _part(rtf, "application/rtf", "", "message.rtf")
        return _part(b"", "text/plain", "utf-8")

    def _attached(self, at: str, depth: int) -> Iterator[Message]:
        folders = sorted(
            {path[: len(at)] + path[len(at) :].split("/")[0] for path in self._opened.paths if path.startswith(at + _ATTACHMENT)}
        )
        for folder in folders[: MAX_ATTACHED + 1]:
            below = folder + "/"
            name = self._words(below, _LONG_NAME, "") or self._words(below, _SHORT_NAME, "") or self._words(below, _SHOWN_NAME, "")
            if any(path.startswith(below + _INNER) for path in self._opened.paths):
                if depth > MAX_DEPTH:
                    continue
                part = Message()
                part["Content-Type"] = "message/rfc822"
                part.add_header("Content-Disposition", "attachment", filename=name or "message.eml")
                part.set_payload([self.message(below + _INNER, depth + 1)])
                yield part
                continue
            data = self._stream(below, _DATA, "0102") or b""
            self._left -= len(data)
            if self._left < 0:
                raise ReadError("What is attached has more bytes than the message.", "Save the message anew in your mail program.")
            kind = self._words(below, _KIND, "").strip().lower()
            guessed = mimetypes.guess_type(name)[0] or "application/octet-stream"
            part = _part(data, kind if kind.count("/") == 1 else guessed, "", name or "attachment")
            if id := self._words(below, _ID, "").strip():
                part["Content-ID"] = f"<{id.strip('<>')}>"
            yield part

    def _words(self, at: str, tag: int, charset: str) -> str:
        wide = self._stream(at, tag, "001F")
        text = wide.decode("utf-16-le", "replace") if wide is not None else _text(self._stream(at, tag, "001E") or b"", charset)
        return text.replace("\0", "").strip()

    def _stream(self, at: str, tag: int, kind: str) -> bytes | None:
        name = f"{at}__substg1.0_{tag:04X}{kind}"
        return self._opened.stream(name) if name in self._opened.paths else None

    def _numbers(self, at: str, head: int) -> dict[int, int]:
        """The properties of a fixed size, by their tags."""
        data = self._opened.stream(at + "__properties_version1.0") or b""
        found = {}
        for place in range(head, len(data) - 15, 16):
            _, tag, _, value = struct.unpack_from("<HHIQ", data, place)
            found[tag] = value
        return found


def _part(data: bytes, kind: str, charset: str, name: str = "") -> Message:
    part = Message()
    part["Content-Type"] = kind
    if charset:
        part.set_param("charset", charset)
    if name:
        part.add_header("Content-Disposition", "attachment", filename=name.replace('"', "'"))
    part["Content-Transfer-Encoding"] = "base64"
    part.set_payload(base64.b64encode(data).decode())
    return part


def _charset(page: int) -> str:
    page &= 0xFFFFFFFF
    return _LABELS.get(page) or (f"iso-8859-{page - 28590}" if 28591 <= page <= 28605 else f"cp{page}")


def _text(data: bytes, charset: str) -> str:
    try:
        return decode(data, charset)
    except ReadError:
        return ""


def _date(filetime: int) -> str:
    try:
        return format_datetime(_EPOCH + timedelta(microseconds=filetime // 10)) if filetime else ""
    except (OverflowError, ValueError):
        return ""


def _decompressed(data: bytes) -> bytes:
    """RTF as it was before it was compressed; nothing where it is damaged. No more comes out than the property says, and 40 MB."""
    if len(data) < 16:
        return b""
    _, raw, mark, _ = struct.unpack_from("<4I", data)
    if mark == 0x414C454D:  # not compressed at all
        return data[16 : 16 + raw]
    if mark != 0x75465A4C or raw > MAX_BYTES:
        return b""
    window = bytearray(_DICTIONARY.ljust(4096, b"\0"))
    at, write, out = 16, len(_DICTIONARY), bytearray()
    while at < len(data) and len(out) < raw:
        flags, at = data[at], at + 1
        for bit in range(8):
            if at >= len(data) or len(out) >= raw:
                break
            if not flags >> bit & 1:
                piece, at = data[at : at + 1], at + 1
            else:
                if at + 2 > len(data):
                    break
                token, at = int.from_bytes(data[at : at + 2], "big"), at + 2
                start = token >> 4
                if start == write:
                    return bytes(out)
                piece = b""
                for step in range((token & 15) + 2):  # what it copies may be what it has just written
                    byte = window[(start + step) % 4096]
                    window[(write + step) % 4096] = byte
                    piece += bytes((byte,))
            for step, byte in enumerate(piece):
                window[(write + step) % 4096] = byte
            write = (write + len(piece)) % 4096
            out += piece
    return bytes(out[:raw])
