"""Words that a style leaves on a page and nobody sees: without size, see-through, clipped, off the screen, in the colour behind them."""

from __future__ import annotations

import re
from itertools import islice
from typing import Any

_DECLARED = re.compile(r"([\w-]+)\s*:\s*([^;{}]+)")
_NOTHING = re.compile(r"(?:0|0?\.0+|0\.\d{1,2}|1)(?:px|pt)|0*\.?0+(?:em|rem|%|ex|ch)?", re.I)  # of a size: up to a pixel
_SEE_THROUGH = re.compile(r"0*\.?0+%?|0?\.0\d*", re.I)
_MOVES = ("transform", "transition", "animation", "will-change")  # what a page brings in by and by
_CLIPPED = re.compile(r"rect\(\s*(?:[01](?:px)?[\s,]*){4}\)", re.I)
_CLIPPED_PATH = re.compile(
    r"inset\(\s*(?:[5-9]\d|100)%|circle\(\s*0|polygon\(\s*0(?:px|%)?\s+0(?:px|%)?(?:\s*,\s*0(?:px|%)?\s+0(?:px|%)?)+", re.I
)
_FAR = re.compile(r"-\s*(?:\d{4,}|[5-9]\d\d)(?:\.\d+)?px|-\s*\d{2,}(?:\.\d+)?r?em|-\s*\d{3,}(?:\.\d+)?(?:%|vw|vh)", re.I)
_WHITE = "ffffff"
_NAMES = {"white": _WHITE, "black": "000000", "red": "ff0000", "yellow": "ffff00", "blue": "0000ff", "gray": "808080", "grey": "808080"}
_HEX = re.compile(r"#([0-9a-f]{6}|[0-9a-f]{3})(?![0-9a-f])", re.I)
_RGB = re.compile(r"rgba?\(\s*(\d{1,3})\s*[\s,]\s*(\d{1,3})\s*[\s,]\s*(\d{1,3})", re.I)
_DEEP = 50  # elements above one


def out_of_sight(style: str) -> bool:
    """Whether a style makes all that stands in an element invisible, whatever its parts say of themselves."""
    told = _declared(style)
    if _SEE_THROUGH.fullmatch(told.get("opacity", "")) and not any(name.endswith(_MOVES) for name in told):
        return True
    loose = told.get("position") in ("absolute", "fixed")
    if loose and (
        _CLIPPED.match(told.get("clip", "")) or any(_FAR.match(told.get(side, "")) for side in ("left", "top", "right", "bottom"))
    ):
        return True
    return bool(_CLIPPED_PATH.match(told.get("clip-path", "")) or _FAR.match(told.get("text-indent", "")))


def blank(element: Any, style: str, bare: bool) -> bool:
    """Whether the words of an element have no size, or the colour of what is behind them. On a page that is `bare`, with no style but the
    elements' own, what has no ground stands on white."""
    told = _declared(style)
    inside = islice(element.iterdescendants(), _DEEP)
    if _NOTHING.fullmatch(told.get("font-size", "")) and not any(isinstance(each.tag, str) and _is_styled(each) for each in inside):
        return True
    colour = told.get("color", "") or (element.get("color") or "" if element.tag == "font" else "")
    if not colour:
        return False
    if colour.startswith("transparent"):
        return not any(name.endswith(("background-clip", "text-shadow", "text-stroke", "text-fill-color")) for name in told)
    own = _colour(colour)
    if own is None:
        return False
    for each in [element, *islice(element.iterancestors(), _DEEP)]:
        behind = _declared(each.get("style") or "")
        ground = behind.get("background-color") or behind.get("background") or each.get("bgcolor") or ""
        if "background-image" in behind or "url(" in ground or "gradient" in ground:
            return False
        if ground:
            return _colour(ground) == own
    return bare and own == _WHITE


def _is_styled(element: Any) -> bool:
    return bool(element.get("class") or "font" in (element.get("style") or "") or element.get("size"))


def _declared(style: str) -> dict[str, str]:
    return {name.lower(): value.replace("!important", "").strip().lower() for name, value in _DECLARED.findall(style)}


def _colour(text: str) -> str | None:
    """A colour as six hexadecimal digits; None where it is told in another way."""
    if found := _HEX.search(text):
        digits = found[1].lower()
        return digits if len(digits) == 6 else "".join(2 * digit for digit in digits)
    if found := _RGB.search(text):
        return "".join(f"{min(int(channel), 255):02x}" for channel in found.groups())
    return _NAMES.get(text.split()[0].lower())
