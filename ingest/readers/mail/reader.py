"""One message: its text under its subject, its pictures, and what is attached to it, each read as its kind is."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from email import message_from_bytes
from email.errors import MessageError
from email.message import Message
from email.policy import Compat32
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote

from ingest.blocks import Block, Document, Figure, Lost, Passed, Text
from ingest.readers.attached import attached
from ingest.readers.html.reader import walk
from ingest.readers.mail.headers import bytes_of, charset_of, header, name_of
from ingest.readers.references import Fetch
from ingest.readers.text import decode
from ingest.readers.titles import iso_date
from rag.errors import ReadError
from rag.records import HEADING_SEPARATOR, Locator

if TYPE_CHECKING:
    from rag.pictures.ocr import Ocr

MAX_BYTES = 40_000_000
MAX_DEPTH = 3  # of messages attached to messages
MAX_ATTACHED = 100  # attachments that are read, of all messages in the file together
_MAX_PARTS_DEPTH = 30
_MAX_HEADER = 20_000  # characters
_MAX_HEADERS = 100_000  # of all parts together
_MAX_BOUNDARIES = 50_000

_HEADERS = ("from", "to", "cc", "date")
_SIGNS = {*_HEADERS, "subject", "received", "message-id", "mime-version", "content-type", "return-path", "sender"}
_CALENDAR = ("text/calendar", "application/ics")
_ENCRYPTED = {"multipart/encrypted", "application/pkcs7-mime", "application/x-pkcs7-mime"}
_SAVE = "Save what is attached to it as files, and take those in."
_BROKEN_LINE = re.compile(r"(?m)(?<!^--) \n(?![>\s])")  # of a flowed text (RFC 3676), where a paragraph goes on


def read(path: Path, source: str, root: Path, ocr: Ocr | None) -> Iterator[Block]:
    """From, To, Cc, Date and the names of what is attached as a first Text, then the message under its subject, then what is attached,
    under "subject > name": of every kind that a reader knows, messages to a depth of 3. What of that cannot be read is Lost.

    Raises ReadError where the file is no message, is encrypted, or is over 40 MB.
    """
    if path.stat().st_size > MAX_BYTES:
        raise ReadError(f"The message is over {MAX_BYTES // 1_000_000} MB.", _SAVE)
    yield from read_bytes(path.read_bytes(), ocr)


def read_bytes(data: bytes, ocr: Ocr | None) -> Iterator[Block]:
    """The blocks of one message, as `read`."""
    message = _parsed(data)
    if _SIGNS.isdisjoint(name.lower() for name in message):
        raise ReadError("It is no e-mail: it has no headers.", "Give it the suffix of what it is.")
    yield from read_message(message, ocr)


def read_message(message: Message, ocr: Ocr | None) -> Iterator[Block]:
    """The blocks of a message that is taken apart already."""
    yield from _Mail(ocr).blocks(message, (), 0)


def read_page(path: Path, source: str, root: Path, ocr: Ocr | None) -> Iterator[Block]:
    """The page in a web archive (.mht, .mhtml), which is a message of it and its pictures. Raises ReadError where there is none."""
    if path.stat().st_size > MAX_BYTES:
        raise ReadError(f"The web archive is over {MAX_BYTES // 1_000_000} MB.", "Save the page as HTML with its pictures as files.")
    message = _parsed(path.read_bytes())
    content = _Content.of(message)
    if not content.texts:
        raise ReadError("There is no page in it.", "Save the page anew, or as HTML.")
    content.texts, rest = content.texts[:1], content.texts[1:]
    yield Document(header(message, "subject"))
    yield from content.body("")
    if rest:
        yield Passed("frames of saved pages", len(rest))


class _Tolerant(Compat32):
    """Headers as they stand, since the parsers of the default policy fail on broken ones. What is too long is cut, since
    they take time that grows with its square."""

    left: Iterator[int] = iter(())

    def header_source_parse(self, sourcelines: list[str]) -> tuple[str, str]:
        if next(self.left, None) is None:
            raise MessageError("it has too many headers")
        name, value = super().header_source_parse(sourcelines)
        return name, value[:_MAX_HEADER]

    def header_fetch_parse(self, name: str, value: str) -> str:
        return value  # with its bytes as they came: the charset of the message may tell what they are


def _parsed(data: bytes) -> Message:
    if data.count(b"\n--") > _MAX_BOUNDARIES:
        raise ReadError("The message has too many parts.", _SAVE)
    if b"\0" in data[:4]:  # saved as text in UTF-16; a message itself begins with ASCII
        data = decode(data).encode()
    try:
        return message_from_bytes(data, policy=_Tolerant(left=iter(range(_MAX_HEADERS))))  # type: ignore[call-arg]
    except RecursionError:
        raise ReadError("The message is nested too deeply.", _SAVE) from None
    except (MessageError, ValueError, LookupError, TypeError, AttributeError) as error:
        raise ReadError(f"The message cannot be parsed: {error}.", "Save it anew in your mail program.") from error


@dataclass
class _Mail:
    """One file: its messages are walked one in the other, what is attached is counted over all of them."""

    ocr: Ocr | None
    attached: int = 0
    title: str = ""
    invitations: set[bytes] = field(default_factory=set)

    def blocks(self, message: Message, above: tuple[str, ...], depth: int) -> Iterator[Block]:
        if message.get_content_type() in _ENCRYPTED and "signed" not in str(message.get_param("smime-type") or ""):
            raise ReadError("The message is encrypted.", "Save a decrypted copy of it.")
        path = (*above, *filter(None, [header(message, "subject")]))
        self.title = self.title or "".join(path[:1])
        document = Document(self.title, iso_date(header(message, "date")))
        yield document
        content = _Content.of(message)
        lines = [f"{name.capitalize()}: {words}" for name in _HEADERS if (words := header(message, name))]
        names = [name_of(part) for part in content.attached if not (part.get("content-id") and part.get_content_maintype() == "image")]
        if names:
            lines.append(f"Attachments: {', '.join(names)}")
        if lines:
            yield Text("\n".join(lines), Locator(heading=HEADING_SEPARATOR.join(path) or None))
        said = False
        for block in content.body(HEADING_SEPARATOR.join(path)):
            said = said or isinstance(block, Text | Figure)
            yield block
        if not said:
            yield Passed("messages without words")
        for part in content.attached:
            if id(part) not in content.shown:
                yield from self._attachment(part, path, depth)
                yield document  # after a message with one of its own

    def _attachment(self, part: Message, path: tuple[str, ...], depth: int) -> Iterator[Block]:
        name = name_of(part)
        self.attached += 1
        if self.attached > MAX_ATTACHED:
            if self.attached == MAX_ATTACHED + 1:
                yield Lost(name, f"Only the first {MAX_ATTACHED} attachments of a message are read.", _SAVE)
            return
        try:
            if part.get_content_type() == "message/rfc822" or name.lower().endswith(".eml"):
                inner = part.get_payload(0) if part.is_multipart() else _parsed(bytes_of(part))
                if depth >= MAX_DEPTH:
                    yield Lost(name, f"Messages in messages are read to a depth of {MAX_DEPTH}.", _SAVE)
                elif isinstance(inner, Message):
                    yield from self.blocks(inner, path, depth + 1)
            elif data := bytes_of(part):
                if part.get_content_type() in _CALENDAR:  # which comes as another form of the words, and once more as a file
                    if (known := b"".join(data.split())) in self.invitations:
                        return
                    self.invitations.add(known)
                yield from attached(name, data, path, self.ocr, paged=True)
        except ReadError as error:
            yield Lost(name, str(error), error.hint)


@dataclass
class _Content:
    """One message taken apart: `texts` are its body, in order; `attached` the rest; `shown` what of that a text shows by its id."""

    texts: list[Message] = field(default_factory=list)
    attached: list[Message] = field(default_factory=list)
    shown: set[int] = field(default_factory=set)  # by `id`
    plain: list[Message] = field(default_factory=list)  # what could stand in for `texts`

    @classmethod
    def of(cls, message: Message, depth: int = 0) -> _Content:
        content = cls()
        content._take(message, depth)
        return content

    def _take(self, part: Message, depth: int) -> None:
        kind, parts = part.get_content_type(), part.get_payload()
        if kind == "message/rfc822" or not isinstance(parts, list):
            if (kind in ("text/html", "text/plain") and part.get_content_disposition() != "attachment") or kind.startswith("multipart/"):
                self.texts.append(part)
            else:
                self.attached.append(part)
        elif depth > _MAX_PARTS_DEPTH:
            return
        elif kind == "multipart/alternative":
            found = [_Content.of(each, depth + 1) for each in parts if isinstance(each, Message)]
            best = max(found, key=lambda each: any(text.get_content_type() == "text/html" for text in each.texts), default=_Content())
            self.texts += best.texts
            self.plain += [text for each in found if each is not best for text in each.texts]
            self.attached += [attached for each in found for attached in each.attached]
        elif kind.startswith("multipart/"):
            for each in parts:
                if isinstance(each, Message):
                    self._take(each, depth + 1)

    def body(self, heading: str) -> Iterator[Block]:
        empty = True
        for part in [*self.texts, None, *self.plain]:
            if part is None:
                if not empty:
                    return
                continue
            try:
                text = _text(part)
            except ReadError:  # what calls itself text and is none
                continue
            blocks = walk(text, self._fetch(), heading) if part.get_content_type() == "text/html" else _paragraphs(text, part, heading)
            for block in blocks:
                empty = empty and not isinstance(block, Text)
                yield block

    def _fetch(self) -> Fetch:
        """Gives the pictures that came with the message, by their id or the address that they stood at; nothing else."""
        known = {}
        for part in self.attached:
            known["cid:" + str(part.get("content-id") or "").strip().strip("<>")] = part
            known[str(part.get("content-location") or "").strip()] = part

        def fetch(reference: str) -> bytes | None:
            part = known.get(unquote(reference.strip())) or known.get(reference.strip())
            if part is None or not reference.strip():
                return None
            self.shown.add(id(part))
            return bytes_of(part)

        return fetch


def _paragraphs(text: str, part: Message, heading: str) -> Iterator[Text]:
    if part.get_param("format") == "flowed":
        text = _BROKEN_LINE.sub(" ", text)
    for paragraph in re.split(r"\n[ \t]*\n", text):
        if paragraph.strip():
            yield Text(paragraph.strip("\n").rstrip(), Locator(heading=heading or None))


def _text(part: Message) -> str:
    """The words of a text part, as the charset that it names has them."""
    return decode(bytes_of(part), charset_of(part))
