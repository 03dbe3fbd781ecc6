"""Raised and lowered characters of a PDF page as what they mean: powers and indices, marks of footnotes, fractions, ordinals."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import groupby
from statistics import median

from rag.pictures.layout import Box, Line

SMALL = 0.88  # of the height of the type around: raised and lowered characters are smaller
_RAISED = 0.15, 0.85  # of it: how much higher they end
_LOWERED = 0.08, 0.5  # how much lower

_UP = dict(zip("0123456789+-−–=()abcdefghijklmnoprstuvwxyz", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁻⁼⁽⁾ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖʳˢᵗᵘᵛʷˣʸᶻ", strict=True))
_DOWN = dict(zip("0123456789+-−–=()", "₀₁₂₃₄₅₆₇₈₉₊₋₋₋₌₍₎", strict=True))
_PLAIN = re.compile(r"(?:st|nd|rd|th|er|re|ère|ème|e|o|a|º|ª|tm|sm|®|©|™)|[^\w]+|\(.*\)|\[.*\]", re.I)
_LIGATURES = ("ff", "fi", "fl", "ffi", "ffl")  # whose boxes are those of their ink, and so higher than those of the letters beside them
_MARK = re.compile(r"\d{1,3}(?:[,;–-]\s?\d{1,3})*")
_LAST = re.compile(r"(?:[^\W\d_]+|\d[\d.,]*|.)$", re.S)
_UNITS = frozenset("m cm mm km dm nm µm μm ft yd mi s ms sec h kg g l cal in inch hm ha rad".split())
_INDEX = re.compile(r"[+−–-]?\d{1,3}[+−–-]?")
_INSIDE = re.compile(r"\(([^()]*)\)$")

MOST_SMALL = 5  # characters of a run that may be raised as a whole
MOST_COMPARED = 400_000

RAISED, LEVEL, LOWERED = 1, 0, -1


def place(box: Box, base: Box) -> int:
    """Whether a character or word in `box` is raised or lowered beside type that stands in `base`."""
    height = base[3] - base[1]
    if height <= 0 or box[3] - box[1] >= SMALL * height:
        return LEVEL
    over = (base[3] - box[3]) / height
    return RAISED if _RAISED[0] < over < _RAISED[1] else LOWERED if _LOWERED[0] < -over < _LOWERED[1] else LEVEL


def written(letters: Sequence[str], boxes: Sequence[Box], before: str, beside: Box | None = None) -> str:
    """The characters of a word, raised and lowered ones as what they mean; `before` is what stands before it on its line, `beside` the box
    of a word there."""
    base = max([*boxes, *filter(None, [beside])], key=lambda box: box[3] - box[1])
    marked = [(place(box, base), letter, box) for letter, box in zip(letters, boxes, strict=True)]
    pieces = [(kind, "".join(letter for _, letter, _ in group), group) for kind, group in _grouped(marked)]
    text = ""
    at = 0
    while at < len(pieces):
        kind, piece, group = pieces[at]
        following = pieces[at + 1] if at + 1 < len(pieces) else None
        beyond = pieces[at + 2] if at + 2 < len(pieces) else None
        if kind == RAISED and piece.isdigit() and following and (fraction := _fraction(group, following, beyond)):
            denominator, used = fraction
            text += f"{' ' if (before + text)[-1:].isdigit() else ''}{piece}/{denominator}"
            at += used
            continue
        text += raised(piece, before + text) if kind == RAISED else lowered(piece) if kind == LOWERED else piece
        at += 1
    return text


def attached(runs: Sequence[Line]) -> list[Line]:
    """The runs, raised and lowered ones that come by themselves put to what they stand beside."""
    usual = SMALL * median(run.height for run in runs) if runs else 0.0
    small = [run for run in runs if len(run.text) <= MOST_SMALL and run.height < usual and run.text.strip("()[],–-").isalnum()]
    if not small or len(small) * len(runs) > MOST_COMPARED:
        return list(runs)
    joined: dict[int, Line] = {}
    gone: set[int] = set()
    for run in small:
        for other in runs:
            beside = -0.2 * run.height < run.left - other.right < 0.5 * other.height
            if not beside or other is run or id(other) in gone or (kind := place(run.box, other.box)) == LEVEL:
                continue
            base = joined.get(id(other), other)
            text = raised(run.text, base.text) if kind == RAISED else lowered(run.text)
            joined[id(other)] = replace(base, text=f"{base.text}{' ' if text[0] == '(' else ''}{text}", right=max(base.right, run.right))
            gone.add(id(run))
            break
    return [joined.get(id(run), run) for run in runs if id(run) not in gone]


Piece = tuple[int, str, list[tuple[int, str, Box]]]


def _grouped(marked: list[tuple[int, str, Box]]) -> list[tuple[int, list[tuple[int, str, Box]]]]:
    return [(kind, list(group)) for kind, group in groupby(marked, key=lambda each: each[0])]


def _fraction(group: list[tuple[int, str, Box]], following: Piece, beyond: Piece | None) -> tuple[str, int] | None:
    """The denominator of a fraction that begins with raised figures, and how many pieces it takes: below them, or after a slash."""
    kind, piece, below = following
    if kind == LOWERED and piece.isdigit() and below[0][2][0] < group[-1][2][2] - 0.5:
        return piece, 2
    if piece[:1] in "/⁄∕" and len(piece) > 1 and piece[1:].isdigit():
        return piece[1:], 2
    if piece in ("/", "⁄", "∕") and beyond and beyond[1].isdigit() and beyond[0] != RAISED:
        return beyond[1], 3
    return None


def raised(text: str, before: str) -> str:
    """Raised characters after the words `before`: a power, the mark of a footnote in brackets, or plain where that is what they mean."""
    if text in _LIGATURES and before[-1:].isalpha():
        return text
    if _PLAIN.fullmatch(text) or (text.isalpha() and not before[-1:].isalnum() and before[-1:] != ")"):
        return text
    number = text.strip(",; ")
    if _MARK.fullmatch(number) and (number != text or _is_mark(text, before)):
        return f"[{number}]"
    return "".join(_UP[letter] for letter in text) if all(letter in _UP for letter in text) else f"^({text})"


def lowered(text: str) -> str:
    """Lowered figures as such; other lowered characters stay as they are."""
    return "".join(_DOWN[letter] for letter in text) if _INDEX.fullmatch(text) else text


def _is_mark(text: str, before: str) -> bool:
    """Whether a raised number points to a footnote: what stands before it has no power."""
    last = _LAST.search(before)
    if last is None or last[0].isspace():
        return True
    word = last[0]
    if word[0].isdigit():
        bare = word.strip(".,")
        return word != bare or len(bare) > 2
    if word.isalpha():
        return len(word) > 1 and not (word.lower() in _UNITS and text in ("2", "3"))
    if word == ")" and text in ("2", "3") and (inside := _INSIDE.search(before)):
        return bool(re.search(r"[^\W\d_]{3}", inside[1]))
    return True
