"""Files of mail programs that hold more than a message: mailboxes (.mbox), read one message after the other, and Apple's (.emlx)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from ingest.blocks import Block, Lost
from ingest.readers.mail.reader import MAX_BYTES, read_bytes
from rag.errors import ReadError

if TYPE_CHECKING:
    from rag.pictures.ocr import Ocr

_SPLIT = "Split the mailbox, or save the message as a file."
_FROM = re.compile(rb"From .*\d{2}:\d{2}.*|From \S+@\S+.*|From -.*|From MAILER-DAEMON.*")
_HEADER = re.compile(rb"[!-9;-~]{1,100}:")
_QUOTED = re.compile(rb"(?m)^>(>*From )")
_LONGEST_LINE = 1 << 20


def read_mailbox(path: Path, source: str, root: Path, ocr: Ocr | None) -> Iterator[Block]:
    """The blocks of all messages of a mailbox, each as a message by itself; a message that cannot be read is Lost. The file is read as a
    stream, whatever its size. Raises ReadError where it is no mailbox."""
    number = read = 0
    for number, data in enumerate(_messages(path), 1):
        name = f"message {number}"
        if data is None:
            yield Lost(name, f"It is over {MAX_BYTES // 1_000_000} MB.", _SPLIT)
            continue
        try:
            for block in read_bytes(data, ocr):
                yield replace(block, name=f"{name} > {block.name}") if isinstance(block, Lost) else block
            read += 1
        except ReadError as error:
            yield Lost(name, str(error), error.hint)
    if not read:
        raise ReadError("It is no mailbox: no message in it can be read.", "Save its messages as files (.eml), and take those in.")


def read_emlx(path: Path, source: str, root: Path, ocr: Ocr | None) -> Iterator[Block]:
    """The blocks of a message as Apple Mail keeps it: the number of its bytes, the message, and what the program notes."""
    if path.stat().st_size > MAX_BYTES:
        raise ReadError(f"The message is over {MAX_BYTES // 1_000_000} MB.", "Save what is attached to it as files, and take those in.")
    first, _, rest = path.read_bytes().partition(b"\n")
    if not first.strip().isdigit():
        raise ReadError("It is no message of Apple Mail.", "Give it the suffix of what it is.")
    yield from read_bytes(rest[: int(first[:12])], ocr)


def _messages(path: Path) -> Iterator[bytes | None]:
    """The bytes of each message; None for one that is too long. One begins with a line "From ..." behind an empty one, or at the start."""
    lines: list[bytes] = []
    size, blank, begun = 0, True, False
    with path.open("rb") as file:
        waiting = b""
        while line := waiting or file.readline(_LONGEST_LINE):
            waiting = b""
            if blank and line.startswith(b"From ") and _FROM.match(line):
                waiting = file.readline(_LONGEST_LINE)
                if _HEADER.match(waiting):  # else somebody wrote of somebody
                    if begun:
                        yield _whole(lines, size)
                    lines, size, begun, blank = [], 0, True, False
                    continue
            blank = not line.strip()
            size += len(line)
            if size <= MAX_BYTES:
                lines.append(line)
    if begun or lines:
        yield _whole(lines, size)


def _whole(lines: list[bytes], size: int) -> bytes | None:
    return _QUOTED.sub(rb"\1", b"".join(lines)) if size <= MAX_BYTES else None
