"""Fields of Word: what stands in their place. A field keeps the result that was last shown; a few have none, and say it in their code."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from ingest.readers.docx.package import child, get, local, number, on, value
from ingest.readers.formula import Piece, fraction, root
from ingest.readers.scripts import exponent, index
from ingest.readers.symbols import symbol

_DEEP = 20  # fields in fields
_CONTENTS = {"toc", "rd"}
_SILENT = {"set", "ask", "xe", "tc", "ta"}
_PICKED = {"formcheckbox", "formdropdown"}
_FORMS = {*_PICKED, "formtext"}
_PAGES = {"page", "numpages", "sectionpages"}
_WORD = re.compile(r'\s*(?:"((?:[^"\\]|\\.)*)"|(\S+))')
_EQUATION = re.compile(r"\\([a-z]+)((?:\\[a-z]+\d*)*)\(", re.I)


@dataclass
class Field:
    """One field: its code, whether a result was kept, and (of a form) what fills it."""

    code: str = ""
    result: bool = False
    form: Any = None

    @property
    def kind(self) -> str:
        first = _WORD.match(self.code)
        return (first[1] or first[2] or "").lower() if first else ""

    @property
    def shown(self) -> bool:
        """Whether the result is for the reader: lists of contents are left out."""
        return self.kind not in _CONTENTS | _SILENT

    @property
    def page(self) -> bool:
        return self.kind in _PAGES

    def instead(self) -> str:
        """What is shown where no result was kept."""
        kind = self.kind
        if kind in _FORMS:
            return _filled(self.form)
        rest = self.code[_WORD.match(self.code).end() :] if self.code.strip() else ""  # type: ignore[union-attr]
        if kind == "mergefield":
            return f"«{_first(rest)}»" if _first(rest) else ""
        if kind in ("macrobutton", "gotobutton"):
            name = _WORD.match(rest)
            return rest[name.end() :].strip() if name else ""
        if kind == "symbol":
            return _sign(rest)
        if kind == "eq":
            return equation(rest)
        return _first(rest) if kind == "quote" else ""


def fields(tree: Any) -> dict[Any, tuple[str, Field]]:
    """What the marks of the complex fields of a story do, by their elements: "begin", "separate" or "end", and of which field. One that is
    never closed has no marks: what follows it is read."""
    found: dict[Any, tuple[str, Field]] = {}
    open_: list[tuple[list[tuple[Any, str]], Field]] = []
    told: set[int] = set()  # fields with words in their result, by `id`
    for element in tree.iter("{*}fldChar", "{*}instrText", "{*}t"):
        if local(element) == "t":
            told.update(id(field) for _, field in open_ if field.result and (element.text or "").strip())
            continue
        if local(element) == "instrText":
            if open_ and not open_[-1][1].result:
                open_[-1][1].code += element.text or ""
            continue
        kind = get(element, "fldCharType")
        if kind == "begin":
            open_.append(([], Field(form=child(element, "ffData"))))
        if not open_ or kind not in ("begin", "separate", "end"):
            continue
        open_[-1][0].append((element, kind))
        if kind == "separate":
            open_[-1][1].result = True
        elif kind == "end":
            marks, field = open_.pop()
            if field.kind in _PICKED and id(field) not in told:
                field.result = False  # Word keeps an empty one beside what is ticked or chosen
            if len(open_) < _DEEP:
                found.update((mark, (what, field)) for mark, what in marks)
    return found


def simple(element: Any) -> Field:
    """A field that is one element."""
    return Field(code=get(element, "instr") or "", result=any((text.text or "").strip() for text in element.iter("{*}t")))


def _filled(form: Any) -> str:
    """What is chosen, ticked or written in a field of a form of the old kind."""
    if (box := child(form, "checkBox")) is not None:
        ticked = child(box, "checked") if child(box, "checked") is not None else child(box, "default")
        return "☒" if on(ticked) else "☐"
    if (choices := child(form, "ddList")) is not None:
        entries = [get(entry, "val") or "" for entry in choices.iterfind("{*}listEntry")]
        at = number(value(choices, "result") or value(choices, "default"))
        return entries[at] if 0 <= at < len(entries) else ""
    return value(form, "textInput/default") or ""


def _first(text: str) -> str:
    found = _WORD.match(text)
    return (found[1] or found[2] or "").strip() if found and not text.lstrip().startswith("\\") else ""


def _sign(code: str) -> str:
    text = _first(code)
    base = 16 if text.lower().startswith("0x") else 10
    try:
        point = int(text, base)
    except ValueError:
        return text[:1]
    font = re.search(r'\\f\s*"?([\w ]+)', code)
    return symbol(point, font[1].strip() if font else "") if 0 < point < 0x10000 else ""


def equation(code: str, depth: int = 0) -> str:
    """An EQ field, by which equations were written before there were any: \\f(a,b), \\r(3,x), \\s\\up(2), \\x(...), \\b(...)."""
    made, at = "", 0
    while (found := _EQUATION.search(code, at)) and depth < _DEEP:
        made += _plain(code[at : found.start()])
        end = _closing(code, found.end())
        parts = [equation(part, depth + 1).strip() for part in _parts(code[found.end() : end])]
        made += _switched(found[1].lower(), found[2].lower(), parts, made)
        at = end + 1
    return " ".join((made + _plain(code[at:])).split()) if not depth else made + _plain(code[at:])


def _plain(code: str) -> str:
    return re.sub(r"\\([(),;\\])", r"\1", re.sub(r"\\[a-z]+\d*", "", code))


def _closing(code: str, at: int) -> int:
    depth = 1
    while at < len(code):
        if code[at] == "\\":
            at += 1
        depth += {"(": 1, ")": -1}.get(code[at : at + 1], 0)
        if not depth:
            break
        at += 1
    return at


def _parts(code: str) -> list[str]:
    parts, depth, at = [""], 0, 0
    while at < len(code):
        sign = code[at : at + 2] if code[at] == "\\" else code[at]
        depth += {"(": 1, ")": -1}.get(sign, 0)
        if sign in (",", ";") and not depth:
            parts.append("")
        else:
            parts[-1] += sign
        at += len(sign)
    return parts


def _switched(name: str, options: str, parts: list[str], before: str) -> str:
    first, second = parts[0], parts[1] if len(parts) > 1 else ""
    space = " " if before[-1:].isalnum() else ""
    if name == "f":
        return space + fraction([Piece(first)], [Piece(second)]).text
    if name == "r":
        return root([Piece(second or first)], [Piece(first)] if second else []).text
    if name == "s":
        return index(first) if "\\do" in options and "\\up" not in options else exponent(first) + (index(second) if second else "")
    if name == "b":
        return f"({first})"
    if name == "i":
        sign = "∑" if "\\su" in options else "∏" if "\\pr" in options else "∫"
        return f"{sign}_({first})^({second}) {parts[2] if len(parts) > 2 else ''}"
    return ", ".join(filter(None, parts))
