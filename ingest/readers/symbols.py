"""Signs that a document takes from fonts of symbols, as Unicode has them."""

from __future__ import annotations

# the font Symbol, from 0x20 on; Adobe's encoding
_SYMBOL = " !∀#∃%&∋()∗+,−./0123456789:;<=>?≅ΑΒΧΔΕΦΓΗΙϑΚΛΜΝΟΠΘΡΣΤΥςΩΞΨΖ[∴]⊥_‾αβχδεφγηιϕκλμνοπθρστυϖωξψζ{|}∼"
_SYMBOL_HIGH = (  # from 0xA1 on
    "ϒ′≤⁄∞ƒ♣♦♥♠↔←↑→↓°±″≥×∝∂•÷≠≡≈…⏐⎯↵ℵℑℜ℘⊗⊕∅∩∪⊃⊇⊄⊂⊆∈∉∠∇®©™∏√⋅¬∧∨⇔⇐⇑⇒⇓◊〈®©™∑⎛⎜⎝⎡⎢⎣⎧⎨⎩⎪€〉∫⌠⎮⌡⎞⎟⎠⎤⎥⎦⎫⎬⎭"
)
_WINGDINGS = {
    0x6C: "●", 0x6E: "■", 0x6F: "□", 0x70: "□", 0x71: "□", 0x72: "□", 0x76: "❖", 0xA7: "▪", 0xA8: "☐", 0xD8: "➢", 0xDF: "←", 0xE0: "→",
    0xE1: "↑", 0xE2: "↓", 0xE7: "←", 0xE8: "→", 0xF0: "⇨", 0xFB: "✗", 0xFC: "✓", 0xFD: "☒", 0xFE: "☑", 0x28: "☎", 0x2A: "✉", 0x4A: "☺",
}  # fmt: skip
_WINGDINGS_2 = {0x4F: "✗", 0x50: "✓", 0x51: "☒", 0x52: "☑", 0x53: "☒", 0x54: "☒", 0xA3: "☐"}


_FONTS = {"symbol", "wingdings", "wingdings 2"}


def symbol(point: int, font: str) -> str:
    """The sign at this place of a font; nothing where it is a mere ornament."""
    font = font.lower()
    place = point - 0xF000 if 0xF000 <= point <= 0xF0FF else point
    if font == "symbol":
        return _SYMBOL[place - 0x20] if 0x20 <= place < 0x20 + len(_SYMBOL) else _high(place, point)
    if font == "wingdings 2":
        return _WINGDINGS_2.get(place, "")
    if font.startswith("wingdings"):
        return _WINGDINGS.get(place, "") if font == "wingdings" else ""
    return chr(point) if not 0xD800 <= point <= 0xF8FF else ""


def symbols(text: str, font: str) -> str:
    """Words as a font of symbols shows them, whether they are its private signs or letters that stand for these."""
    if font not in _FONTS:
        return text
    return "".join(sign if sign.isspace() else symbol(ord(sign), font) for sign in text)


def _high(place: int, point: int) -> str:
    at = place - 0xA1
    if 0 <= at < len(_SYMBOL_HIGH):
        return _SYMBOL_HIGH[at]
    return chr(point) if 0x20 < point < 0xD800 else ""
