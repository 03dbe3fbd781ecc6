"""What an image file says of its picture: descriptions in EXIF, IPTC, XMP and the texts of PNG and GIF, as photo programs write them.

Taken are titles, headlines, captions, descriptions for those who do not see it, comments and keywords. What cameras, scanners and programs
put there by themselves is left out.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

from ingest.figures import describes
from rag.pictures.open import formats

MOST = 4000  # characters of all together
_MAX_PACKET = 2_000_000  # bytes of an XMP packet
_MAX_TEXTS = 300

_DESCRIPTION, _COMMENT, _TITLE, _XP_COMMENT, _XP_KEYWORDS, _XP_SUBJECT = 0x010E, 0x9286, 0x9C9B, 0x9C9C, 0x9C9E, 0x9C9F
_EXIF = 0x8769
_IPTC = {(2, 5): "title", (2, 105): "title", (2, 120): "description", (2, 25): "keyword"}
_PNG = {"title": "title", "description": "description", "comment": "description", "caption": "description", "keywords": "keyword"}
_DC, _PHOTOSHOP = "{http://purl.org/dc/elements/1.1/}", "{http://ns.adobe.com/photoshop/1.0/}"
_CORE, _EXTENSION = "{http://iptc.org/std/Iptc4xmpCore/1.0/xmlns/}", "{http://iptc.org/std/Iptc4xmpExt/2008-02-29/}"
_XMP = {
    f"{_DC}title": "title",
    f"{_PHOTOSHOP}Headline": "title",
    f"{_DC}description": "description",
    f"{_CORE}AltTextAccessibility": "description",
    f"{_CORE}ExtDescrAccessibility": "description",
    "{http://ns.adobe.com/exif/1.0/}UserComment": "description",
    f"{_DC}subject": "keyword",
    f"{_EXTENSION}PersonInImage": "keyword",
}
_RDF = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}"
_LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"
_BY_ITSELF = re.compile(
    r"olympus digital camera|(?:sony|samsung|minolta|kodak|konica|ricoh|nikon|canon|casio|fuji\w*|panasonic|lg|htc)\b.{0,30}"
    r"|.{0,20}\bdigital (?:still )?camera|dcim.*|\W*|default|ascii|unicode|jis"
    r"|(?:created|made|edited|generated|processed) (?:with|by|in) .*|file (?:source|written by) .*|creator:.*"
    r"|(?:optimi[sz]ed|compressed|resized) (?:by|with|using) .*|lead technologies.*|software:.*"
    r"|lavc.*|intel\(r\).*|appleMark|.*ezgif\.com.*|handmade software.*|screenshot|scan(?:ned)?(?: (?:image|document|by .*))?"
    r"|type:.*|charset=.*|date:.*|xp comment|image description|\S*[0-9a-f]{16,}\S*|[{<\[].*",
    re.I | re.S,
)


def said_of(data: bytes) -> tuple[str | None, str | None]:
    """The title and description of the picture in the image file `data`, and its keywords; None where it has none."""
    found: dict[str, list[str]] = {"title": [], "description": [], "keyword": []}
    for kind, text in islice(_texts(data), _MAX_TEXTS):
        text = " ".join(text.replace("\x00", " ").replace("\ufffd", "").split())[:MOST]
        if describes(text) and not _BY_ITSELF.fullmatch(text) and sum(map(str.isalpha, text)) > 1:
            found[kind].append(text)
    told = _distinct([*found["title"], *found["description"]])
    keywords = _distinct(found["keyword"], told)
    sentences = [text if text.endswith((".", "!", "?", ":", "。")) or text is told[-1] else f"{text}." for text in told]
    return " ".join(sentences)[:MOST] or None, ", ".join(keywords)[:MOST] or None


def _distinct(texts: Iterable[str], said: Iterable[str] = ()) -> list[str]:
    """The texts that no other text says too."""
    kept: list[str] = []
    for text in sorted(dict.fromkeys(texts), key=len, reverse=True):
        whole = re.compile(rf"(?<!\w){re.escape(text)}(?!\w)", re.I)
        if not any(whole.search(other) for other in (*kept, *said)):
            kept.append(text)
    return [text for text in dict.fromkeys(texts) if text in kept]


def _texts(data: bytes) -> Iterator[tuple[str, str]]:
    """Every text with what it is: a title, a description, a keyword. What is damaged is passed over."""
    from PIL import Image

    try:
        with Image.open(io.BytesIO(data), formats=formats()) as image:
            for part in (_png, _exif, _iptc, _xmp):
                try:
                    yield from part(image)
                except Exception:  # every one of these formats has its own ways to be broken, and the picture is there without it
                    continue
    except Exception:
        return


def _png(image: Any) -> Iterator[tuple[str, str]]:
    texts = dict(image.info)
    if image.format == "PNG" and len(getattr(image, "text", {})) == 0:
        image.load()  # texts may stand behind the pixels
    texts |= getattr(image, "text", {})
    for name, text in texts.items():
        kind = _PNG.get(str(name).lower())
        if kind and isinstance(text, str | bytes):
            yield kind, text if isinstance(text, str) else _decoded(text)


def _exif(image: Any) -> Iterator[tuple[str, str]]:
    exif = image.getexif()
    inner = exif.get_ifd(_EXIF)
    for tag, kind in ((_TITLE, "title"), (_DESCRIPTION, "description"), (_XP_SUBJECT, "description"), (_XP_COMMENT, "description")):
        yield kind, _text(exif.get(tag), wide=tag != _DESCRIPTION)
    yield from (("keyword", word.strip()) for word in _text(exif.get(_XP_KEYWORDS), wide=True).split(";"))
    comment = inner.get(_COMMENT)
    if isinstance(comment, bytes):
        code, rest = comment[:8].rstrip(b"\x00 "), comment[8:]
        yield "description", _wide(rest) if code == b"UNICODE" else _decoded(rest if code in (b"ASCII", b"JIS", b"") else comment)
    else:
        yield "description", _text(comment)


def _text(value: Any, wide: bool = False) -> str:
    if isinstance(value, tuple) and all(isinstance(each, int) and 0 <= each < 256 for each in value):
        value = bytes(value)
    if isinstance(value, bytes):
        return value.decode("utf-16-le", "ignore") if wide else _decoded(value)
    if not isinstance(value, str):
        return ""
    try:
        return value.encode("latin-1").decode()  # EXIF is read as Latin-1, and most programs write UTF-8
    except UnicodeError:
        return value


def _wide(data: bytes) -> str:
    """UTF-16 in whichever order of bytes makes more letters of the first plane of Latin; programs do not agree."""
    both = [data.decode(code, "ignore") for code in ("utf-16-le", "utf-16-be")]
    return max(both, key=lambda text: sum(each < "\u0250" for each in text))


def _decoded(data: bytes) -> str:
    try:
        return data.rstrip(b"\x00").decode()
    except UnicodeDecodeError:
        return data.decode("cp1252", "ignore")


def _iptc(image: Any) -> Iterator[tuple[str, str]]:
    from PIL import IptcImagePlugin

    for key, values in (IptcImagePlugin.getiptcinfo(image) or {}).items():
        if kind := _IPTC.get(key):
            for value in values if isinstance(values, list) else [values]:
                yield kind, _decoded(value)


def _xmp(image: Any) -> Iterator[tuple[str, str]]:
    from ingest.readers.packed import markup

    packet = image.info.get("xmp") or image.info.get("XML:com.adobe.xmp") or b""
    packet = packet.encode() if isinstance(packet, str) else packet
    if not packet or len(packet) > _MAX_PACKET:
        return
    for element in markup(packet.strip(b"\x00 \n\r\t")).iter():
        for name, value in element.items():
            if name in _XMP:
                yield _XMP[name], value
        if kind := _XMP.get(element.tag):
            items = list(element.iter(f"{_RDF}li"))
            usual = [item for item in items if item.get(_LANGUAGE) in ("x-default", None)]
            for item in usual or items or [element]:
                yield kind, "".join(item.itertext())
