"""What an old Office file says of itself: the title among its properties ([MS-OLEPS])."""

from __future__ import annotations

import struct

from ingest.readers.charset import meant
from ingest.readers.compound import Compound
from ingest.readers.titles import own_title

_STREAM = "\x05SummaryInformation"
_CODE_PAGE, _TITLE = 1, 2
_MOST = 1000  # properties


def title_of(opened: Compound) -> str:
    """The title; nothing where there is none, or what says it is damaged."""
    try:
        data = opened.stream(_STREAM) or b""
        (at,) = struct.unpack_from("<I", data, 0x2C)
        _, count = struct.unpack_from("<II", data, at)
        places = {}
        for number in range(min(count, _MOST)):
            name, where = struct.unpack_from("<II", data, at + 8 + 8 * number)
            places[name] = at + where
        page = struct.unpack_from("<H", data, places[_CODE_PAGE] + 4)[0] if _CODE_PAGE in places else 1252
        kind, size = struct.unpack_from("<II", data, places[_TITLE])
        raw = data[places[_TITLE] + 8 :]
        if kind == 0x1F:
            return own_title(raw[: 2 * size].decode("utf-16-le", "replace").split("\0")[0])
        encoding = {65001: "utf-8", 1200: "utf-16-le"}.get(page) or meant(f"cp{page}") or "cp1252"
        return own_title(raw[:size].decode(encoding, "replace").split("\0")[0])
    except (struct.error, KeyError, IndexError):
        return ""
