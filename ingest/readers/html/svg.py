"""An <svg> inside HTML as a drawing of its own: the parser has put its names in lower case, which SVG does not know."""

from __future__ import annotations

import base64
import re
from typing import Any

from lxml import etree

_SVG = "http://www.w3.org/2000/svg"
_DRAWN = ("path", "rect", "circle", "ellipse", "line", "polyline", "polygon", "text", "image", "use", "foreignobject")
_NAME = re.compile(r"[a-z][a-z0-9_.-]*")
_NOT_XML = re.compile("[^\\t\\n\\r\\x20-\\ud7ff\\ue000-\\ufffd\\U00010000-\\U0010ffff]")  # what HTML may hold and XML may not
_FEW = 4  # parts drawn: with fewer, and no size, it is an icon that a style sheet makes small
# Names with capitals (HTML, section 13.2.6.1 "adjust SVG attributes" and 13.2.6.5), of those that can be seen in a still picture.
_NAMES = {
    name.lower(): name
    for name in """
    clipPath feBlend feColorMatrix feComponentTransfer feComposite feConvolveMatrix feDiffuseLighting feDisplacementMap feDistantLight
    feDropShadow feFlood feFuncA feFuncB feFuncG feFuncR feGaussianBlur feImage feMerge feMergeNode feMorphology feOffset fePointLight
    feSpecularLighting feSpotLight feTile feTurbulence foreignObject linearGradient radialGradient textPath
    baseFrequency clipPathUnits diffuseConstant edgeMode filterUnits gradientTransform gradientUnits kernelMatrix kernelUnitLength
    lengthAdjust limitingConeAngle markerHeight markerUnits markerWidth maskContentUnits maskUnits numOctaves pathLength
    patternContentUnits patternTransform patternUnits pointsAtX pointsAtY pointsAtZ preserveAlpha preserveAspectRatio primitiveUnits
    refX refY specularConstant specularExponent spreadMethod startOffset stdDeviation stitchTiles surfaceScale systemLanguage
    tableValues targetX targetY textLength viewBox xChannelSelector yChannelSelector
    """.split()
}


def drawing_in(element: Any) -> str | None:
    """The <svg> element as a `data:` reference; where all that it does is to frame a picture, the reference to that; None where it is an
    icon without a size of its own."""
    parts = list(element.iter(*_DRAWN))
    if len(parts) == 1 and parts[0].tag == "image":
        return parts[0].get("xlink:href") or parts[0].get("href")
    sized = element.get("width") or element.get("height") or "width" in (element.get("style") or "")
    if not parts or (len(parts) < _FEW and not sized and element.find(".//text") is None):
        return None
    return "data:image/svg+xml;base64," + base64.b64encode(etree.tostring(_rebuilt(element), encoding="utf-8")).decode()


def _rebuilt(element: Any) -> Any:
    made = etree.Element(f"{{{_SVG}}}{_cased(element.tag)}", nsmap={None: _SVG})  # type: ignore[dict-item]
    for name, value in element.items():
        name = "href" if name == "xlink:href" else name
        if _NAME.fullmatch(name):
            made.set(_cased(name), _clean(value))
    made.text = _clean(element.text)
    for child in element:
        if isinstance(child.tag, str) and _NAME.fullmatch(child.tag):
            made.append(_rebuilt(child))
            made[-1].tail = _clean(child.tail)
    return made


def _cased(name: str) -> str:
    return _NAMES.get(name, name)


def _clean(text: str | None) -> str:
    return _NOT_XML.sub("", text or "")
