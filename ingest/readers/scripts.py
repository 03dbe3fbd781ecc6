"""Raised and lowered letters as plain text: 10⁶, H₂O, x^(n+1)."""

from __future__ import annotations

import re

_MANY = 24  # letters: what is longer is a remark that is set high or low, no exponent
_RAISED = dict(zip("0123456789+-−=()", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾", strict=True))
_LOWERED = dict(zip("0123456789+-−=()", "₀₁₂₃₄₅₆₇₈₉₊₋₋₌₍₎", strict=True))
_ALONE = {"n": "ⁿ", "i": "ⁱ"}
_ORDINALS = {"st", "nd", "rd", "th", "er", "re", "ère", "e", "ème", "eme", "es", "èmes"}
_WHOLE = re.compile(r"(?<![\d.,])\d{1,3}$")
_PLAIN = {"tm", "sm", "®", "©", "™", "℠", "℗"}
_ALREADY = re.compile(r"[⁰-ₜ²³¹ª°º'′″‴*†‡§¶#]+")
_DEGREE = {"o", "0", "°"}  # before C, F or K


def raised(text: str, before: str = "", after: str = "") -> str:
    """What stands for raised letters: superscripts of Unicode where all of them have one, else `^(…)`, one letter without brackets.
    Ordinals, signs of trade marks, and what has nothing `before` it to be raised on, stay as they are."""
    words = text.strip()
    if not words or _ALREADY.fullmatch(words):
        return text
    last = before[-1:]
    if words.lower() in _PLAIN or (words.lower() in _ORDINALS and _WHOLE.search(before)):
        return text
    if words in _DEGREE and re.match(r"\s?[CFK]\b", after) and (last.isdigit() or last.isspace()):
        return "°"
    if signs := _signs(words, _RAISED) or _ALONE.get(words, ""):
        return text.replace(words, signs)
    if len(words) > _MANY or not last or last.isspace() or words.startswith(("^", "(", "[")):
        return text
    return text.replace(words, f"^{words}" if len(words) == 1 else f"^({words})")


def lowered(text: str) -> str:
    """What stands for lowered letters: subscripts of Unicode for digits and signs, else the letters."""
    words = text.strip()
    return text.replace(words, signs) if (signs := _signs(words, _LOWERED)) else text


def exponent(text: str) -> str:
    """As `raised`, in a formula, where whatever is raised is an exponent."""
    return "".join(text.split()) if _ALREADY.fullmatch(text) else _signs(text, _RAISED) or _ALONE.get(text, "") or _bracketed("^", text)


def index(text: str) -> str:
    """What stands for lowered letters in a formula."""
    return _signs(text, _LOWERED) or _bracketed("_", text)


def _signs(text: str, signs: dict[str, str]) -> str:
    known = all(sign in signs for sign in text) and (any(map(str.isdigit, text)) or text in ("+", "-", "−"))
    return "".join(signs[sign] for sign in text) if known else ""


def _bracketed(sign: str, text: str) -> str:
    if not text:
        return ""
    return sign + (text if len(text) == 1 else f"({text})")
