"""Drawings (SVG): rendered to pixels, and their words taken as they are written; nothing outside the drawing is ever read."""

from __future__ import annotations

import base64
import io
import re
import subprocess
import sys
import zlib
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from lxml import etree

from ingest import svg_process
from ingest.readers.references import inline_data
from rag.errors import ReadError
from rag.pictures.open import open_image, rgb

if TYPE_CHECKING:
    from PIL.Image import Image

MAX_BYTES = 32_000_000  # unpacked
MAX_PARTS = 200_000  # elements, roughly
MAX_PIXELS_INSIDE = 40_000_000  # of all pictures in it together
MAX_SIDE = 2000
LARGE_SIDE = 1000  # pixels to which smaller drawings are enlarged, so that small print can be read
TIMEOUT = 8.0  # seconds

_GZIP = b"\x1f\x8b"
_LENGTH = re.compile(r"\s*\+?(\d+\.?\d*(?:e[+-]?\d+)?|\.\d+(?:e[+-]?\d+)?)\s*(px|pt|pc|mm|cm|in|q|em|rem|ex|ch)?\s*", re.I)
_PIXELS = {
    "px": 1,
    "pt": 4 / 3,
    "pc": 16,
    "mm": 96 / 25.4,
    "cm": 96 / 2.54,
    "in": 96,
    "q": 24 / 25.4,
    "em": 16,
    "rem": 16,
    "ex": 8,
    "ch": 8,
}
_NOT_DISPLAYED = re.compile(r"(?:^|;)\s*display\s*:\s*none", re.I)
_RUNNING = {"tspan", "a", "b", "i", "em", "strong", "span", "font", "code", "sub", "sup", "u"}
_FAMILIES = re.compile(r"(font-family\s*:\s*)([^;{}!]+)", re.I)
_MONOSPACE = re.compile(r"mono|courier|consol|menlo|code", re.I)
_SERIF = re.compile(r"(?<!sans-)(?<!sans )serif|times|roman|georgia|garamond|palatino|cambria|century|antiqua|bookman|cmr", re.I)
_PICTURES_INSIDE = ("PNG", "JPEG", "GIF", "WEBP")
_TOO_MUCH = "Save it in simpler form, or as PNG."


def is_svg(data: bytes) -> bool:
    """Whether `data` looks like a drawing, packed (.svgz) or not; cheap, and no promise that it can be parsed."""
    return data.startswith(_GZIP) or (data.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"<" and b"<svg" in data[:100_000])


def render(data: bytes, max_side: int = MAX_SIDE) -> Image:
    """The drawing in `data` (SVG or .svgz) as RGB on white; see `Drawing.render`. Raises ReadError."""
    return Drawing(data).render(max_side)


def words(data: bytes) -> str:
    """The words of the drawing in `data`, a line each; see `Drawing.words`. Raises ReadError."""
    return Drawing(data).words


class Drawing:
    """A drawing, parsed. Entities that it defines itself are filled in within libxml2's bounds, outer ones are errors.

    `size`: its natural width and height in CSS pixels, None where it names none. `title`: its <title>, None where it has none.
    `words`: its title, descriptions and texts in their order, a line each, none twice; what is not displayed is left out.
    Raises ReadError where it is no SVG, or over 32 MB unpacked.
    """

    def __init__(self, data: bytes):
        self._root = _parse(_unpacked(data))
        self.size = _size(self._root)
        lines = list(dict.fromkeys(_lines(self._root)))
        self.title = next((_folded(child) for child in self._root if _name(child) == "title"), "") or None
        self.words = "\n".join(lines)

    def render(self, max_side: int = MAX_SIDE, enlarge: bool = True) -> Image:
        """RGB on white, the longer side at most `max_side` pixels, and with `enlarge` at least 1000 of them.

        Pictures inside are drawn where they are written into the drawing (`data:`); nothing else that it refers to is looked up.
        Raises ReadError where it cannot be rendered within 8 seconds and 700 MB.
        """
        _close(self._root)
        _name_fonts(self._root)
        if self.size:
            scale = min(max(max(self.size), LARGE_SIDE if enlarge else 0), max_side) / max(self.size)
            width, height = (max(1, round(side * scale)) for side in self.size)
            if not self._root.get("viewBox"):
                self._root.set("viewBox", f"0 0 {self.size[0]} {self.size[1]}")
            self._root.set("width", str(width))
            self._root.set("height", str(height))
        image = rgb(open_image(_rendered(etree.tostring(self._root, encoding="utf-8"))))
        image.thumbnail((max_side, max_side))
        return image


def _unpacked(data: bytes) -> bytes:
    if data.startswith(_GZIP):
        unpacker = zlib.decompressobj(wbits=31)
        try:
            data = unpacker.decompress(data, MAX_BYTES + 1)
        except zlib.error:
            raise ReadError("The drawing is damaged or cut short.", "Save it anew.") from None
        if not unpacker.eof and len(data) <= MAX_BYTES:
            raise ReadError("The drawing is cut short.", "Save it anew.")
    if len(data) > MAX_BYTES or data.count(b"<") > MAX_PARTS:
        raise ReadError(f"The drawing is too large: over {MAX_BYTES // 1_000_000} MB, or over {MAX_PARTS:,} parts.", _TOO_MUCH)
    return data


def _parse(data: bytes) -> Any:
    parser = etree.XMLParser(
        resolve_entities="internal",  # type: ignore[arg-type]
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise ReadError(f"The drawing cannot be parsed: {error}.", "Open it in a browser; if it shows there, save it anew.") from None
    if _name(root) != "svg":
        raise ReadError("It is not a drawing: its root is not <svg>.", "Give it the suffix of what it is.")
    return root


def _name(element: Any) -> str | None:
    """An element's name without its namespace."""
    return etree.QName(element).localname if isinstance(element.tag, str) else None


def _size(root: Any) -> tuple[float, float] | None:
    width, height = (_length(root.get(side)) for side in ("width", "height"))
    box = _view_box(root.get("viewBox"))
    if box and not (width and height):
        if width:
            height = width * box[1] / box[0]
        elif height:
            width = height * box[0] / box[1]
        else:
            width, height = box
    return (width, height) if width and height else None


def _length(text: str | None) -> float | None:
    """A length in CSS pixels; None for shares of a page that there is not (100%), and for what is no positive length."""
    match = _LENGTH.fullmatch(text or "")
    return _sane(float(match[1]) * _PIXELS[(match[2] or "px").lower()]) if match else None


def _view_box(text: str | None) -> tuple[float, float] | None:
    try:
        _, _, width, height = (float(part) for part in (text or "").replace(",", " ").split())
    except ValueError:
        return None
    return (width, height) if _sane(width) and _sane(height) else None


def _sane(length: float) -> float | None:
    return length if 0 < length < 1e9 else None


def _lines(element: Any) -> Iterator[str]:
    for child in element:
        name = _name(child)
        if name in ("title", "desc"):
            yield from filter(None, [_folded(child)])
        elif name in ("text", "foreignObject") and not _hidden(child):
            text = "".join(_pieces(child))
            yield from filter(None, (" ".join(line.split()) for line in text.split("\x00")))
        elif name and name not in ("metadata", "style", "script") and not _hidden(child):
            yield from _lines(child)


def _pieces(element: Any) -> Iterator[str]:
    """The words of a text; a part that is set at a place of its own begins a new line."""
    yield element.text or ""
    for child in element:
        if _name(child) not in (None, "style", "script") and not _hidden(child):
            apart = _name(child) not in _RUNNING or not {"x", "y", "dy"}.isdisjoint(child.keys())
            yield "\x00" if apart else ""
            yield from _pieces(child)
            yield "\x00" if apart and _name(child) != "tspan" else ""
        yield child.tail or ""


def _hidden(element: Any) -> bool:
    return element.get("display") == "none" or bool(_NOT_DISPLAYED.search(element.get("style") or ""))


def _folded(element: Any) -> str:
    return " ".join("".join(element.itertext()).split())


def _close(root: Any) -> None:
    """Takes out of the tree every reference that is neither to a part of it nor a picture written into it."""
    pixels = 0
    for element in root.iter(etree.Element):
        for name, value in element.items():
            if etree.QName(name).localname != "href" or value.startswith("#"):
                continue
            inside = _picture_inside(value)
            if inside is None:
                del element.attrib[name]
                continue
            reference, count = inside
            pixels += count
            if pixels > MAX_PIXELS_INSIDE:
                raise ReadError(
                    f"The pictures in the drawing have over {MAX_PIXELS_INSIDE:,} pixels.", "Save it with smaller ones, or as PNG."
                )
            element.set(name, reference)


def _name_fonts(root: Any) -> None:
    """Ends every list of fonts with a general one: for what is not installed, resvg takes a serif, whatever was asked for."""
    for element in root.iter(etree.Element):
        if families := element.get("font-family"):
            element.set("font-family", _with_general(families))
        if "font-family" in (style := element.get("style") or ""):
            element.set("style", _FAMILIES.sub(lambda found: found[1] + _with_general(found[2]), style))
        if _name(element) == "style" and element.text:
            element.text = _FAMILIES.sub(lambda found: found[1] + _with_general(found[2]), element.text)


def _with_general(families: str) -> str:
    kind = "monospace" if _MONOSPACE.search(families) else "serif" if _SERIF.search(families) else "sans-serif"
    return f"{families.rstrip(' ,')}, {kind}"


def _picture_inside(reference: str) -> tuple[str, int] | None:
    """A `data:` picture with the kind that it really is, and its pixels; None for anything else (a drawing in the drawing, too)."""
    from PIL import Image

    data = inline_data(reference) if reference.strip()[:5].lower() == "data:" else None
    if not data:
        return None
    try:
        with Image.open(io.BytesIO(data), formats=_PICTURES_INSIDE) as image:
            kind, (width, height) = image.format, image.size
    except Exception:  # whatever is wrong with it, the drawing goes without it
        return None
    return f"data:image/{kind.lower()};base64,{base64.b64encode(data).decode()}", width * height  # type: ignore[union-attr]


def _rendered(svg: bytes) -> bytes:
    command = [sys.executable, "-P", svg_process.__file__]
    try:
        done = subprocess.run(command, input=svg, capture_output=True, timeout=TIMEOUT, check=False)
    except subprocess.TimeoutExpired:
        raise ReadError(f"The drawing cannot be rendered within {TIMEOUT:.0f} seconds.", _TOO_MUCH) from None
    if done.returncode == 0:
        return done.stdout
    if done.returncode == svg_process.REFUSED:
        reason = done.stderr.decode("utf-8", "replace").strip().splitlines()[-1:] or ["no reason given"]
        raise ReadError(f"The drawing cannot be rendered: {reason[0][:200]}.", "Open it in a browser; if it shows there, save it as PNG.")
    raise ReadError("The drawing cannot be rendered: it takes too much memory, or is nested too deeply.", _TOO_MUCH)
