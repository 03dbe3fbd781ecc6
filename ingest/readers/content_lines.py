"""Content lines, of which calendars (iCalendar) and cards of addresses (vCard) are made: names, parameters and values."""

from __future__ import annotations

import quopri
import re
from collections.abc import Iterator
from typing import NamedTuple

from ingest.readers.text import decode

_LINE = re.compile(r"(?:[\w-]+\.)?([\w-]+)((?:;(?:\"[^\"]*\"|[^\":])*)?):(.*)", re.S)
_PARAMETER = re.compile(r';([\w-]+)(?:=("[^"]*"|[^;]*))?')
_ESCAPED = re.compile(r"\\([nN\\,;:])")
_FOLD = re.compile(r"\n[ \t]")
_SOFT = re.compile(r"^([^\n:]*ENCODING=QUOTED-PRINTABLE[^\n]*(?:(?<==)\n[^\n]*)*)", re.I | re.M)


class ContentLine(NamedTuple):
    """`name` and the names in `parameters` are in capitals; `value` is as it is written."""

    name: str
    parameters: dict[str, str]
    value: str

    @property
    def text(self) -> str:
        """The value without its escapes."""
        return _plain(self.value).strip()

    @property
    def parts(self) -> list[str]:
        """The parts of a value that has several, without their escapes."""
        return [_plain(part).strip() for part in re.split(r"(?<!\\);", self.value)]


def content_lines(text: str) -> Iterator[ContentLine]:
    """The lines of `text`, folded ones made whole; what is no such line is passed over."""
    whole = _FOLD.sub("", _SOFT.sub(lambda found: found[1].replace("=\n", ""), text))
    for line in whole.split("\n"):
        found = _LINE.fullmatch(line)
        if not found:
            continue
        parameters = {each[1].upper(): (each[2] or "").strip('"') for each in _PARAMETER.finditer(found[2])}
        value = found[3]
        if parameters.get("ENCODING", "").upper() == "QUOTED-PRINTABLE" or "QUOTED-PRINTABLE" in parameters:
            value = decode(quopri.decodestring(value.encode()), parameters.get("CHARSET", ""))
        yield ContentLine(found[1].upper(), parameters, value)


def _plain(value: str) -> str:
    return _ESCAPED.sub(lambda found: "\n" if found[1] in "nN" else found[1], value)
