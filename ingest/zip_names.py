"""The names in a ZIP archive: what bytes they are is often told wrongly or not at all, so the likeliest reading of all of them is taken.

After PKWARE's APPNOTE (flag 11: UTF-8; else code page 437) and Info-ZIP's Unicode path (extra field 0x7075); what Windows wrote without
either is in the code page of its country.
"""

from __future__ import annotations

import struct
import unicodedata
import zipfile
import zlib
from collections.abc import Sequence
from functools import cache

_FLAG = 0x800
_UNICODE_PATH = 0x7075
_DOS, _ANSI = ("cp437", "cp850", "cp852", "cp866", "cp737", "cp862"), ("cp1252", "cp1250", "cp1251", "cp1253", "cp1255", "cp1256", "cp874")
_DOUBLE = ("gb18030", "cp932", "cp949", "big5")
_BY_DOS = 0  # the system that most programs of Windows name
_SIGNS = frozenset("–—’‘“”„«»©®°€№´…·¿¡§")
_WEST, _EAST = frozenset("äöüßéèêëàâáçñóôòíîïúûùœæøåã"), frozenset("čšžřěůýąęłśćżźńőű")
_SAMPLE = 4000  # bytes of names that decide
_HANGUL = 5  # letters, all of them Korean: Chinese with none of its other signs is unlikely by then


def names(members: Sequence[zipfile.ZipInfo]) -> list[str]:
    """The name of each member, with `/` between folders, whatever the program that packed it wrote there."""
    told = [_told(info) for info in members]
    untold = [_raw(info) for info, name in zip(members, told, strict=True) if name is None]
    sample = b"\n".join(untold)
    if len(sample) > _SAMPLE:
        sample = sample[: sample.find(b"\n", _SAMPLE) + 1] or sample  # whole names: a cut letter is none in any encoding
    encoding = likeliest(sample, any(info.create_system == _BY_DOS for info in members)) if untold else ""
    found = (_raw(info).decode(encoding, "replace") if name is None else name for info, name in zip(members, told, strict=True))
    return [name.split("\0")[0].replace("\\", "/") for name in found]


def likeliest(data: bytes, dos: bool = True) -> str:
    """The encoding in which names read best; `dos` where a program of DOS or Windows packed them."""
    if data.isascii():
        return "ascii"
    first, second = (_DOS, _ANSI) if dos else (_ANSI, _DOS)
    best, most = "", float("-inf")
    for encoding in ("utf-8", *first, *_DOUBLE, *second):
        score = _score(data, encoding)
        if encoding == "utf-8" and score is not None:
            return encoding
        if score is not None and score > most:
            best, most = encoding, score
    return best or "cp437"


def _told(info: zipfile.ZipInfo) -> str | None:
    """The name as the archive says for certain that it is; None where it does not."""
    if info.flag_bits & _FLAG:
        return info.orig_filename
    raw, extra = _raw(info), info.extra
    while len(extra) >= 4:
        kind, length = struct.unpack_from("<HH", extra)
        field, extra = extra[4 : 4 + length], extra[4 + length :]
        if kind == _UNICODE_PATH and len(field) > 5 and field[0] == 1 and int.from_bytes(field[1:5], "little") == zlib.crc32(raw):
            return field[5:].decode("utf-8", "replace")
    return raw.decode() if raw.isascii() else None


def _raw(info: zipfile.ZipInfo) -> bytes:
    return info.orig_filename.encode("utf-8" if info.flag_bits & _FLAG else "cp437")


def _score(data: bytes, encoding: str) -> float | None:
    """How well names read in an encoding, for each byte beyond ASCII: 1 where all are letters as words have them. None where it fails."""
    try:
        text = unicodedata.normalize("NFC", data.decode(encoding))
    except UnicodeDecodeError:
        return None
    points, hangul, above, before = 0.0, 0, "", ""
    for sign in text:
        script = _script(sign)
        if sign > "\x7f":
            if not script:
                points -= 0.5 if sign == "’" or (sign in _SIGNS and not before) else 4
            elif sign >= "\u2e80":
                points += 2 * _usual(sign, encoding)
                hangul += script == "HANGUL"
            else:
                points += 1 if script != "LATIN" or sign.lower() in _WEST else 0.9 if sign.lower() in _EAST else 0.6
                points -= script == "LATIN" and before > "\x7f" and _script(before) == "LATIN"  # umlauts stand alone in words
        if script and before:
            points -= 2 * (script != _script(before) and not _CJK.issuperset((script, _script(before))))
            odd = (sign.isupper() and before.islower()) or (sign.islower() and before.isupper() and above.isupper())
            points -= 2 * (odd and max(sign, before, above) > "\x7f")
        above, before = before, sign if script else ""
    if encoding == "cp949" and hangul >= _HANGUL and 2 * hangul == sum(byte > 127 for byte in data):
        points += 1
    return points / sum(byte > 127 for byte in data)


_CJK = frozenset(("CJK", "HIRAGANA", "KATAKANA", "KATAKANA-HIRAGANA", "FULLWIDTH", "IDEOGRAPHIC"))


@cache
def _script(sign: str) -> str:
    """The first word of a letter's name in Unicode, which is its script; "" for what is no letter."""
    return unicodedata.name(sign, "").split(" ")[0] if sign.isalpha() or unicodedata.category(sign) == "Mn" else ""


def _usual(sign: str, encoding: str) -> float:
    """1 for signs of everyday writing, less for those that words hardly ever have, as the code charts tell them apart."""
    code = sign.encode(encoding)
    if len(code) != 2:
        return -1
    lead, trail = code
    if encoding == "gb18030":
        return 1 if 0xB0 <= lead <= 0xD7 and trail >= 0xA1 else 0.5 if 0xA1 <= lead <= 0xF7 and trail >= 0xA1 else -0.5
    if encoding == "cp932":
        return 1 if lead in (0x81, 0x82, 0x83) or 0x88 <= lead <= 0x97 else 0.3
    if encoding == "big5":
        return 1 if 0xA4 <= lead <= 0xC6 else 0.3
    return 1 if 0xB0 <= lead <= 0xC8 and trail >= 0xA1 else 0
