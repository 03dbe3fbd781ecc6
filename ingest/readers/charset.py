"""Which encoding the name of a charset means: as browsers take it, for what mails and pages name is often a little less than they use.

After the labels of the WHATWG's "Encoding Standard".
"""

from __future__ import annotations

import codecs
import re

_MEANT = {  # what Python takes to the letter, by the name that it has there
    "ascii": "cp1252", "iso8859-1": "cp1252", "iso8859-9": "cp1254", "iso8859-11": "cp874", "tis-620": "cp874",
    "gb2312": "gb18030", "gbk": "gb18030", "hz": "hz", "euc_kr": "cp949", "johab": "johab", "shift_jis": "cp932", "big5": "big5hkscs",
    "cp950": "big5hkscs", "iso2022_jp": "iso2022_jp_ext", "utf-16": "utf-8", "utf-16-le": "utf-8", "utf-16-be": "utf-8",
}  # fmt: skip
_ALIASES = {  # names that Python does not know
    "ks_c_5601": "cp949", "windows-949": "cp949", "x-windows-949": "cp949", "uhc": "cp949", "x-sjis": "cp932", "windows-31j": "cp932",
    "ms_kanji": "cp932", "x-euc-jp": "euc_jp", "x-gbk": "gb18030", "x-big5": "big5hkscs", "big5-hkscs": "big5hkscs", "cn-big5": "big5hkscs",
    "cn-gb": "gb18030", "gb_2312-80": "gb18030", "iso-8859-8-i": "iso8859-8", "iso-8859-8-e": "iso8859-8", "iso-8859-6-i": "iso8859-6",
    "x-mac-roman": "mac_roman", "macintosh": "mac_roman", "x-mac-cyrillic": "mac_cyrillic", "x-mac-ukrainian": "mac_cyrillic",
    "windows-874": "cp874", "dos-874": "cp874", "koi": "koi8_r", "koi8": "koi8_r", "koi8-ru": "koi8_u", "ansi": "cp1252",
    "x-ansi": "cp1252", "x-user-defined": "cp1252", "cp-850": "cp850", "ibm-850": "cp850", "iso-2022-jp-ms": "iso2022_jp_ext",
    "cp50220": "iso2022_jp_ext", "utf8mb4": "utf-8", "unicode-1-1-utf-8": "utf-8", "x-unicode20utf8": "utf-8", "visual": "iso8859-8",
}  # fmt: skip
DOUBLE = {"gb18030", "cp949", "johab", "cp932", "big5hkscs", "euc_jp"}
_ESCAPES = {
    b"\x1b$(Q": "iso2022_jp_2004",
    b"\x1b$B": "iso2022_jp_ext",
    b"\x1b$@": "iso2022_jp_ext",
    b"\x1b(J": "iso2022_jp_ext",
    b"\x1b$)C": "iso2022_kr",
}
_SIGNS = frozenset("€‚„…‹‘’“”•–—›™\xa0¡£§©«®°²·»½¿")  # beside letters; the others are letters in Windows-1250
_WITHIN = re.compile(r"(?<=[a-zA-Z])[^\w\s\x00-\x7f’\xa0·–—](?=[^\W\d_])|(?<=[a-z])[²³¹ªº](?=[a-z])|(?<=[a-z])[^\Wa-z\d_](?=[a-z])")
_LATIN = ("cp1252", "cp1250", "iso8859-2", "cp850", "mac_roman")  # the likelier first
_NO_TEXT = {"idna", "punycode", "unicode_escape", "raw_unicode_escape", "utf_7", "undefined", "mbcs", "oem"}
_NAMED = re.compile(
    rb"""<\?xml[^>]{0,200}\bencoding\s*=\s*["']([\w.:-]{2,40})"""
    rb"""|<meta\b[^>]{0,400}?\bcharset\s*=\s*["']?\s*([\w.:-]{2,40})"""
    rb"""|\A@charset\s+["']([\w.:-]{2,40})["']"""
    rb"""|\A(?:[^\n]{0,200}\n)?[^\n]{0,80}?\bcoding[:=]\s*([\w.-]{2,40})""",
    re.I,
)
_FIRST = 4096  # bytes in which a document says what it is written in


def meant(label: str) -> str | None:
    """Python's name of the encoding that is meant by this name of a charset; None where nothing is known of it."""
    label = label.strip(" \t\r\n\f'\"").lower()
    known = _ALIASES.get(label) or _ALIASES.get(re.sub(r"[-_]?(19|20)\d\d$", "", label))
    if known:
        return known
    for spelled in (label, re.sub(r"^(?:x-|cs)(?=\w{4})", "", label)):
        try:
            found = codecs.lookup(spelled)
        except (LookupError, ValueError):
            continue
        if found.name.replace("-", "_") not in _NO_TEXT and getattr(found, "_is_text_encoding", True):
            return _MEANT.get(found.name, found.name)
    return None


def named(head: bytes) -> str:
    """The charset that the beginning of a page, a style sheet, a program or a piece of XML names; "" where it names none."""
    found = _NAMED.search(head[:_FIRST])
    return next((name for name in found.groups() if name), b"").decode("ascii", "ignore") if found else ""


def escaped(head: bytes) -> str | None:
    """The encoding whose escape sequences these bytes have: ASCII else."""
    return next((encoding for escape, encoding in _ESCAPES.items() if escape in head), None)


def with_vendor_signs(data: bytes) -> bytes:
    """Japanese with escapes so that signs can be read which programs put there (①) though the set that they name has none of them."""
    if b"\x1b$B" in data:
        try:
            data.decode("iso2022_jp_ext")
        except UnicodeDecodeError:
            return data.replace(b"\x1b$B", b"\x1b$(Q")  # the larger set, in which they are where vendors put them
    return data


def latin_encoding(data: bytes) -> str | None:
    """The likeliest encoding of Latin letters: one that gives letters and typographers' signs, and no signs nor capitals within words.
    None where each gives some."""
    for encoding in _LATIN:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        signs = {sign for sign in text if sign > "\x7f"}
        if not all((sign.isalpha() and sign < "\u0250" and sign not in "ªº") or sign in _SIGNS for sign in signs):
            continue
        if any(not found.isalpha() or found.isupper() for found in _WITHIN.findall(text)):
            continue
        if encoding == "cp1252":
            if signs & set("ýþð") and not signs & set("áéíóúæÁÉÍÓÚÆ"):
                return "cp1254"  # Turkish; what Icelandic has, too, is there with others
            if signs & set("šžŠŽ") and signs & set("èìøùæð"):
                return "cp1250"  # Czech, Slovak, Slovene, Croatian
            if {"û", "õ"} <= {sign.lower() for sign in signs}:
                return "iso8859-2"  # Hungarian
        return encoding
    return None
