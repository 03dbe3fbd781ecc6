"""Parts of formulas put together as text on one line, so that no two of them run into each other: 2 3/4, x_i y, √(2)/2."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ingest.readers.scripts import exponent, index

_INVISIBLE = dict.fromkeys(map(ord, "\u2061\u2062\u2063\u2064\u200b\u200c\u200d\u2060\ufeff\u00ad"))
_FONTS = re.compile("[\U0001d400-\U0001d7ff\u210a-\u2115\u2118-\u211d\u2124\u2128\u212c-\u2138\u2145-\u2149]")
_SPACE = re.compile(r"\s+")
_ATOM = re.compile(r"\w+(?:[.,]\d+)?[⁰-₎²³¹ⁿ′%°]*")
_SIGNS = re.compile(r" ?([^\w\s()\[\],;]) ?")
_BIG = frozenset("∑∏∐∫∬∭∮∯⋃⋂⋁⋀")
_ROOTS = {"": "√", "2": "√", "3": "∛", "4": "∜"}
_PAIRS = {"[": "]", "|": "|", "‖": "‖", "⟨": "⟩", "⌊": "⌋", "⌈": "⌉", "{": "}", "√": ")", "∛": ")", "∜": ")"}
_BRACES = frozenset("⏞⏟︷︸⎴⎵⏜⏝")
_ACCENTS = {
    "\u0302": ("^\u02c6\u0302", "hat"),
    "\u0303": ("~\u02dc\u0303", "tilde"),
    "\u0304": ("\u00af\u203e\u0304\u0305_\u0332\u2015\u2500", "bar"),
    "\u20d7": ("→\u20d7\u20d1\u21c0", "vec"),
    "\u0307": (".˙\u0307", "dot"),
    "\u0308": ("¨\u0308", "ddot"),
    "\u030c": ("ˇ\u030c", "check"),
    "\u0306": ("˘\u0306", "breve"),
}
_ACCENT_OF = {sign: (mark, name) for mark, (signs, name) in _ACCENTS.items() for sign in signs}


@dataclass(frozen=True)
class Piece:
    """A part of a formula. `apart` where it would mean something else if it touched a letter or digit: a fraction, a name like sin.
    `closed` where only what follows would: x_i. `infix` for a sign between two terms."""

    text: str
    apart: bool = False
    closed: bool = False
    infix: bool = False


Pieces = Sequence[Piece]


def joined(pieces: Iterable[Piece]) -> str:
    text, before = "", Piece("")
    for piece in pieces:
        if not piece.text:
            continue
        if piece.infix:
            term = bool(text) and not before.infix and not text.endswith(("(", "[", "{", "|", ", ", "; "))
            text += f" {piece.text} " if term else piece.text
        else:
            first = piece.text[0]
            follows = first.isalnum() or (before.apart and first in "([√∛∜")
            parted = (piece.apart and _touches(text)) or ((before.apart or before.closed) and follows)
            text += f" {piece.text}" if parted else piece.text
        before = piece
    return text


def _touches(text: str) -> bool:
    return bool(text) and (text[-1].isalnum() or text[-1] in ")]}′!%°⁾₎")


def tidy(text: str) -> str:
    """White space folded; letters that only look another way (𝑥, ℎ) as they are written elsewhere."""
    text = _FONTS.sub(lambda sign: unicodedata.normalize("NFKC", sign[0]), text.translate(_INVISIBLE))
    return _SPACE.sub(" ", text).strip()


def line(pieces: Iterable[Piece]) -> str:
    return tidy(joined(pieces))


def _tight(pieces: Iterable[Piece]) -> str:
    """As it stands in an exponent or an index, without spaces around its signs."""
    return _SIGNS.sub(r"\1", line(pieces))


def fraction(top: Pieces, bottom: Pieces, bar: bool = True) -> Piece:
    above, below = line(top), line(bottom)
    if not bar:
        return Piece(f"{_operand(above)} choose {_operand(below)}", apart=True)
    return Piece(f"{_operand(above)}/{_operand(below)}" if above or below else "", apart=True)


def _operand(text: str) -> str:
    """In brackets, unless it is one word, a number, or already in brackets."""
    return text if _ATOM.fullmatch(text) or _enclosed(text) else f"({text})"


def _enclosed(text: str) -> bool:
    """Whether the bracket that it begins with is closed by its last letter."""
    if text[:1] in _PAIRS and text[-1:] == _PAIRS[text[0]]:
        return text[0] not in "√∛∜" or _enclosed(text[1:])
    if not (text.startswith("(") and text.endswith(")")):
        return False
    depth = 0
    for at, sign in enumerate(text):
        depth += (sign == "(") - (sign == ")")
        if not depth:
            return at == len(text) - 1
    return False


def scripted(base: Pieces, low: Pieces | None, high: Pieces | None) -> Piece:
    """Something with an index, an exponent, or both."""
    holder = line(base)
    if holder and holder in _BIG:
        return limited(base, low, high)
    below, above = _tight(low or ()), _tight(high or ())
    if holder and not _ATOM.fullmatch(holder) and not _enclosed(holder) and (len(holder) > 1 or holder in _PAIRS):
        holder = holder if holder[-1] in ")]}|" else f"({holder})"
    written = index(below) + exponent(above)
    return Piece(holder + written, apart=len(holder) > 1 and holder.isalpha(), closed=written[-2:-1] in ("_", "^"))


def limited(base: Pieces, low: Pieces | None, high: Pieces | None) -> Piece:
    """A sign with what stands below and above it: a sum, a limit, an accent, a brace."""
    holder, below, above = line(base), _tight(low or ()), _tight(high or ())
    for mark in (above, below):
        if mark in _ACCENT_OF:
            return accented(base, mark)
    if _BRACES & {above, below}:
        return Piece(holder)
    if holder in ("→", "⟶", "=", "⇒", "⇌", "←"):  # what happens is written over the arrow
        return Piece(f" {holder}({', '.join(filter(None, (above, below)))}) ")
    return Piece(holder + _limit("_", below) + _limit("^", above), apart=holder.isalpha() or holder in _BIG, closed=True)


def _limit(sign: str, text: str) -> str:
    return "" if not text else sign + (text if len(text) == 1 else f"({text})")


def accented(base: Pieces, sign: str) -> Piece:
    holder = line(base)
    mark, name = _ACCENT_OF.get(sign, ("", ""))
    if len(holder) == 1 and mark:
        return Piece(unicodedata.normalize("NFC", holder + mark))
    return Piece(f"{name}({holder})" if name and holder else holder, apart=bool(name))


def root(inside: Pieces, degree: Pieces) -> Piece:
    under, order = line(inside), line(degree)
    if order in _ROOTS:
        return Piece(f"{_ROOTS[order]}({under})")
    raised = exponent(order)
    return Piece(f"root({order}, {under})" if raised.startswith("^") else f"{raised}√({under})", apart=True)


def matrix(rows: Iterable[Iterable[Pieces]]) -> Piece:
    """Rows parted by semicolons."""
    return Piece("; ".join(", ".join(line(cell) for cell in row) for row in rows))


def prescripted(base: Pieces, low: Pieces, high: Pieces) -> Piece:
    """What stands before its letter: ²³⁵₉₂U."""
    return Piece(exponent(_tight(high)) + index(_tight(low)) + line(base), apart=True)
