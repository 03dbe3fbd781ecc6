"""Formulas as text on one line: MathML, and the equations of Word and PowerPoint (OMML), in the signs that one writes in a mail."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from ingest.readers.formula import Piece, accented, fraction, joined, limited, line, matrix, prescripted, root, scripted, tidy

_DEEP = 80  # elements in each other; what is deeper is read as bare words
_OPERATORS = frozenset("=≠<>≤≥≈≡≅∼≃∝→←↔⇒⇐⇔∈∉⊂⊆∪∩+−-±∓×·⋅÷∗∧∨≔≪≫")
_TOKENS = {"mi", "mn", "mo", "mtext", "ms"}
_UNSEEN = {"mphantom", "annotation", "annotation-xml", "mprescripts", "none", "malignmark", "maligngroup"}
_NO_LINE = re.compile(r"0+(?:\.0*)?\D*")
_OFF = {"0", "off", "false"}

Read = Callable[[Any], list[Piece]]


def mathml_text(element: Any) -> str:
    """The formula in an element of MathML (with or without its namespace): `3/4`, `10⁶`, `x^(n+1)`, `√(x)`, `∑_(i=1)^n x_i`.

    Where nothing of it is read, the source that an annotation holds, or its alternative text.
    """
    words = line(_mathml(element, 0))
    if not words:
        sources = ("".join(each.itertext()) for each in element.iter() if _name(each) == "annotation")
        words = tidy(next((text for text in sources if text.strip()), ""))
    return words or tidy(element.get("alttext") or "")


def omml_text(element: Any) -> str:
    """The same of an `m:oMath`, or of the several of an `m:oMathPara`, with semicolons between them. What is struck out, hidden or
    deleted is left out."""
    lines = list(element.iter("{*}oMath")) if _name(element) == "oMathPara" else [element]
    return "; ".join(filter(None, (line(_omml(each, 0)) for each in lines)))


def _name(element: Any) -> str:
    return element.tag.rpartition("}")[2].rpartition(":")[2] if isinstance(element.tag, str) else ""


def _parts(element: Any) -> list[Any]:
    return [child for child in element if isinstance(child.tag, str)]


def _mathml(element: Any, depth: int) -> list[Piece]:
    if depth > _DEEP:
        return [Piece("".join(element.itertext()))]
    name, parts = _name(element), _parts(element)

    def read(part: Any) -> list[Piece]:
        return _mathml(part, depth + 1)

    def at(place: int) -> list[Piece]:
        return read(parts[place]) if place < len(parts) else []

    if name in _TOKENS:
        return _token(element, name)
    if name in _UNSEEN or "display:none" in (element.get("style") or "").replace(" ", ""):
        return []
    if name == "mfrac":
        return [fraction(at(0), at(1), not _NO_LINE.fullmatch(element.get("linethickness") or ""))]
    if name in ("msup", "mover"):
        return [(scripted if name == "msup" else limited)(at(0), None, at(1))]
    if name in ("msub", "munder"):
        return [(scripted if name == "msub" else limited)(at(0), at(1), None)]
    if name in ("msubsup", "munderover"):
        return [(scripted if name == "msubsup" else limited)(at(0), at(1), at(2))]
    if name == "mmultiscripts":
        return _multiscripts(parts, read)
    if name == "mroot":
        return [root(at(0), at(1))]
    if name == "mtable":
        return [matrix([[read(cell) for cell in _cells(row)] for row in parts])]
    if name == "mfenced":
        return _fenced(element, parts, read)
    if name == "semantics":
        return at(0)
    if name == "maction":
        chosen = element.get("selection") or ""
        return at(int(chosen) - 1 if chosen.isascii() and chosen.isdigit() and 0 < len(chosen) < 4 else 0)
    if name == "mspace":
        return [Piece(" ")]
    inside = [Piece(tidy(element.text or ""))] if not parts else [piece for part in parts for piece in read(part)]
    return [root(inside, [])] if name == "msqrt" else inside


def _token(element: Any, name: str) -> list[Piece]:
    whole = "".join(element.itertext())
    text = tidy(whole)
    if name == "mo":
        infix = text in _OPERATORS and element.get("form", "infix") == "infix"
        return [Piece(text + " " if text in (",", ";") else text, infix=infix, apart=text.isalpha() and len(text) > 1)]
    if name == "mtext":
        before, after = (" " if whole[place : place + 1].isspace() else "" for place in (0, len(whole) - 1 if whole else 0))
        return [Piece(before + text + after, apart=len(text) > 1)]
    return [Piece(text, apart=name == "mi" and len(text) > 1 and text.isalpha())]


def _fenced(element: Any, parts: list[Any], read: Read) -> list[Piece]:
    signs = [sign for sign in element.get("separators", ",") if not sign.isspace()]
    inside: list[Piece] = []
    for place, part in enumerate(parts):
        if place and signs:
            inside.append(Piece(signs[min(place, len(signs)) - 1] + " "))
        inside += read(part)
    return [Piece(element.get("open", "(")[:8] + joined(inside) + element.get("close", ")")[:8])]


def _multiscripts(parts: list[Any], read: Read) -> list[Piece]:
    names = [_name(part) for part in parts]
    split = names.index("mprescripts") if "mprescripts" in names else len(parts)
    behind, before = parts[1:split], parts[split + 1 :]
    low, high, low_before, high_before = (
        [piece for part in side for piece in read(part)] for side in (behind[::2], behind[1::2], before[::2], before[1::2])
    )
    made = scripted(read(parts[0]) if parts else [], low, high)
    return [prescripted([made], low_before, high_before)] if before else [made]


def _cells(row: Any) -> list[Any]:
    """The cells of a row, the number of a formula left out."""
    cells = _parts(row)
    return cells[1:] if _name(row) == "mlabeledtr" else cells if _name(row) == "mtr" else [row]


def _omml(element: Any, depth: int) -> list[Piece]:
    """The parts of an element of OMML (ECMA-376 part 1, 22.1)."""
    if depth > _DEEP:
        return [Piece("".join(text.text or "" for text in element.iter("{*}t")))]
    name = _name(element)

    def of(part: str) -> list[Piece]:
        found = element.find(f"{{*}}{part}")
        return [] if found is None else _omml(found, depth + 1)

    def said(what: str, default: str) -> str:
        found = element.find(f"{{*}}{name}Pr/{{*}}{what}")
        return default if found is None else _value(found)

    if name == "r":
        return _run(element)
    if name == "f":
        return [fraction(of("num"), of("den"), said("type", "bar") != "noBar")]
    if name in ("sSup", "sSub", "sSubSup"):
        return [scripted(of("e"), of("sub") if name != "sSup" else None, of("sup") if name != "sSub" else None)]
    if name == "sPre":
        return [prescripted(of("e"), of("sub"), of("sup"))]
    if name == "rad":
        return [root(of("e"), [] if _on(element, "degHide") else of("deg"))]
    if name == "nary":
        sign = [Piece(said("chr", "∫") or "")]
        shown = limited(sign, None if _on(element, "subHide") else of("sub"), None if _on(element, "supHide") else of("sup"))
        return [shown, Piece(" "), *of("e")]
    if name == "d":
        return _delimited(element, depth, said)
    if name in ("limLow", "limUpp", "func", "groupChr"):
        return _named(name, of, said)
    if name == "acc":
        return [accented(of("e"), said("chr", "\u0302"))]
    if name == "bar":
        return [accented(of("e"), "\u0304")]
    if name == "phant" and (shown := element.find("{*}phantPr/{*}show")) is not None and _value(shown) in _OFF:
        return []
    if name in ("m", "eqArr"):
        return [_rows(element, depth)]
    if name in ("del", "moveFrom", "ctrlPr") or name.endswith("Pr"):
        return []
    return [piece for child in _parts(element) for piece in _omml(child, depth + 1)]


def _run(element: Any) -> list[Piece]:
    for style in element.iterfind("{*}rPr"):
        if any(_name(each) in ("strike", "dstrike", "vanish") and _value(each) not in _OFF for each in style):
            return []
    words = "".join((child.text or "") if _name(child) == "t" else " " for child in element if _name(child) in ("t", "br", "tab"))
    return [Piece(words)]


def _value(element: Any) -> str:
    return next((str(value) for key, value in element.items() if key.rpartition("}")[2] == "val"), "")


def _on(element: Any, what: str) -> bool:
    found = element.find(f"{{*}}{_name(element)}Pr/{{*}}{what}")
    return found is not None and _value(found) not in _OFF


def _delimited(element: Any, depth: int, said: Callable[[str, str], str]) -> list[Piece]:
    """What stands in brackets; a single matrix, fraction or term brings none of its own."""
    inside: list[Piece] = []
    for place, part in enumerate(element.iterfind("{*}e")):
        between = said("sepChr", "|")
        inside += [Piece(between + " " if between in (",", ";") else between)] if place else []
        inside += _omml(part, depth + 1)
    words = joined(inside)
    opening, closing = said("begChr", "("), said("endChr", ")")
    return [Piece(f"{opening[:8]}{words}{closing[:8]}")]


def _named(name: str, of: Callable[[str], list[Piece]], said: Callable[[str, str], str]) -> list[Piece]:
    if name == "limLow":
        return [limited(of("e"), of("lim"), None)]
    if name == "limUpp":
        return [limited(of("e"), None, of("lim"))]
    if name == "groupChr":
        return [limited(of("e"), None, [Piece(said("chr", "⏟"))])]
    called = line(of("fName"))
    return [Piece(called, apart=True), *of("e")]


def _rows(element: Any, depth: int) -> Piece:
    if _name(element) == "eqArr":
        rows = matrix([[_omml(row, depth + 1)] for row in element.iterfind("{*}e")])
        return Piece(rows.text.replace("&", "").replace("#", " "))  # where its lines are aligned, and their numbers set off
    return matrix([[_omml(cell, depth + 1) for cell in row.iterfind("{*}e")] for row in element.iterfind("{*}mr")])
