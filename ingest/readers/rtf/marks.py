"""Marks for what striprtf has no words for: they go through it as signs that no text holds, and come out where they stood."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from ingest.readers.rtf.math import with_formulas
from ingest.readers.symbols import symbol

_WORD = re.compile(r"([{}])|\\([a-z]{1,32})(-?\d{1,10})? ?|\\[^a-z]", re.S)
_NEAREST_SET = {"78": 128, "79": 136, "80": 129, "82": 177, "85": 134, "86": 238, "87": 204, "88": 222, "89": 238}  # Mac's to Windows'

# Marks are noncharacters of Unicode.
LEVEL = 0xFDD0  # the first of nine
COMMENT = chr(0xFDD9)
CELL, ROW, ROW_BEGINS, BREAK, PICTURE, END, NOTE, APART_END = map(chr, range(0xFDE0, 0xFDE8))
UNSEEN, SEEN, HIGH, LOW, NORMAL, AUTHOR, BOX, HEAD = map(chr, range(0xFDE8, 0xFDF0))
STRAY = dict.fromkeys(range(0xFDD0, 0xFDF0))
PLACE = "diptychpicture"  # a control word for where a picture was
_MARKS = {
    "cell": CELL,
    "line": BREAK,
    "pntext": "",
    "shp": "",
    "shpinst": "",
    "shpgrp": "",
    "sn": "",
    "sv": "",
    "nestcell": "; ",
    "nestrow": BREAK,
}
_APART = {
    "footnote": NOTE, "annotation": COMMENT, "atnauthor": AUTHOR, "shptxt": BOX, "dptxbxtext": BOX, "header": HEAD, "headerf": HEAD,
    "headerl": HEAD, "headerr": HEAD, "footer": HEAD, "footerf": HEAD, "footerl": HEAD, "footerr": HEAD,
}  # fmt: skip
_OPENED = re.compile(r"\s*\\(?:annotation|atnauthor|shpinst|shpgrp)(?![a-z])")  # groups that may be passed over, but are not
_HIDING = {"v", "strike", "striked", "deleted"}
_FORM = re.compile(r"FORM(CHECKBOX|DROPDOWN)")
_SIGN = re.compile(r'SYMBOL\s+([0-9]{1,5})\s+\\\\f\s*"([^"]{1,40})"')
_RESULT = re.compile(r"\\ff(?:res|defres)(\d{1,3})")
_CHOICE = re.compile(r"\\ffl ([^{}\\]{1,200})")
_CONTENTS = re.compile(r"[\s{}]*(?:\\[a-z]+-?\d* ?[\s{}]*)*TOC\s")
_FLAGS = {"clvmgf": "v", "clvmrg": "V", "clmgf": "h", "clmrg": "H"}
_UNDEFINED = 25  # the result of a field of a form that is as it was by default
_LOOK = 3_000  # characters of a field's code
_NOTE_MARK = 300


@dataclass(frozen=True)
class _Look:
    """How words look in a group: which of the things that hide them hold, and whether they are raised or lowered."""

    hiding: frozenset[str] = frozenset()
    script: str = NORMAL


class _Marker:
    """Goes through the control words and keeps what holds in each group."""

    def __init__(self, rtf: str):
        self._rtf = rtf
        self._looks = [_Look()]
        self._apart: list[int] = []  # depths of the groups whose text is told apart
        self._notes = 0
        self._filled = ""  # what stands in the next result of a field
        self._contents = False
        self._cells: list[str] = []
        self._flags = ""
        self._head = ""

    def __call__(self, found: re.Match[str]) -> str:
        brace, word, number = found.groups()
        if brace == "{":
            self._looks.append(self._looks[-1])
            return "\n{"
        if brace:
            return self._closed()
        if word is None:
            return "" if found[0] == "\\*" and _OPENED.match(self._rtf, found.end()) else found[0]
        if word in _HIDING or word in ("super", "sub", "nosupersub", "up", "dn", "plain", "sp"):
            return self._looks_now(word, number, found[0])
        if word in _APART:
            return self._begun(word, found)
        if word in ("trowd", "cellx", "row", "trhdr") or word in _FLAGS:
            return self._row(word, number)
        if word in ("fldinst", "fldrslt"):
            return self._field(word, found)
        return self._other(word, number, found[0])

    def _closed(self) -> str:
        made = ""
        if len(self._looks) > 1:
            before, after = self._looks.pop(), self._looks[-1]
            made = _change(before, after)
        if self._apart and len(self._looks) - 1 < self._apart[-1]:
            self._apart.pop()
            made += APART_END
        return made + "}"

    def _looks_now(self, word: str, number: str | None, whole: str) -> str:
        before = self._looks[-1]
        if word == "plain":
            after = _Look(before.hiding & {"sp", "contents", "deleted"})
        elif word == "sp":
            after = replace(before, hiding=before.hiding | {"sp"})
        elif word in _HIDING:
            after = replace(before, hiding=before.hiding - {word} if number == "0" else before.hiding | {word})
        else:
            script = {"super": HIGH, "up": HIGH, "sub": LOW, "dn": LOW}.get(word, NORMAL)
            after = replace(before, script=NORMAL if number == "0" else script)
        self._looks[-1] = after
        return _change(before, after) + ("" if word == "sp" else whole)

    def _begun(self, word: str, found: re.Match[str]) -> str:
        if self._apart:  # in what is told apart already: with it
            return " "
        self._apart.append(len(self._looks) - 1)
        if word != "footnote" or self._rtf.find("\\chftn", found.end(), found.end() + _NOTE_MARK) < 0:
            return _APART[word]
        self._notes += 1
        return f"[{self._notes}]{NOTE}[{self._notes}] "

    def _row(self, word: str, number: str | None) -> str:
        """Begins and ends rows; these end with the right edges of their cells, and how cells are merged."""
        if word == "trowd":
            self._cells, self._flags, self._head = [], "", ""
            return ROW_BEGINS
        if word == "trhdr":
            self._head = "t"
        elif word == "cellx":
            self._cells.append(f"{number or 0}{self._flags}")
            self._flags = ""
        elif word == "row":
            return f"{END}{self._head}{','.join(self._cells)}{ROW}"
        else:
            self._flags += _FLAGS[word]
        return ""

    def _field(self, word: str, found: re.Match[str]) -> str:
        if word == "fldinst":
            end = self._rtf.find("\\fldrslt", found.end(), found.end() + _LOOK)
            code = self._rtf[found.end() : end if end >= 0 else found.end() + 200]
            self._filled = _form(code)
            self._contents = bool(_CONTENTS.match(code))
            return found[0]
        made, self._filled = self._filled, ""
        if self._contents:
            before = self._looks[-1]
            self._looks[-1] = replace(before, hiding=before.hiding | {"contents"})
            self._contents = False
            made = _change(before, self._looks[-1])
        return f"{found[0]}{made}"

    def _other(self, word: str, number: str | None, whole: str) -> str:
        if word == "ansicpg":  # known by now; striprtf takes an unknown one for UTF-8
            return ""
        if word == "u" and number:  # of 16 bits; others end striprtf's reading
            return f"\\u{int(number) % 0x10000} "
        if word == "uc" and not number:
            return ""
        if word == "fcharset" and number in _NEAREST_SET:
            return f"\\fcharset{_NEAREST_SET[number]}"
        if word == "outlinelevel" and number and number in "012345678":
            return chr(LEVEL + int(number))
        if word == PLACE and number:
            return f"{PICTURE}{number}{END}"
        return _MARKS.get(word, whole)


def _change(before: _Look, after: _Look) -> str:
    made = ""
    if bool(before.hiding) != bool(after.hiding):
        made = UNSEEN if after.hiding else SEEN
    return made + (after.script if before.script != after.script else "")


def _form(code: str) -> str:
    """What is ticked or chosen in a field of a form, or the sign of a font that a field is for."""
    if sign := _SIGN.search(code):
        return symbol(int(sign[1]), sign[2])
    kind = _FORM.search(code)
    results = [int(each) for each in _RESULT.findall(code)]
    if not kind:
        return ""
    chosen = next((each for each in results if each != _UNDEFINED), 0)
    if kind[1] == "CHECKBOX":
        return "☒" if chosen else "☐"
    choices = _CHOICE.findall(code)
    return choices[chosen] if chosen < len(choices) else ""


def marked(rtf: str) -> str:
    """The RTF text with marks. A line break before each group, which means nothing in RTF, keeps striprtf's patterns, some of which are
    tried from every group to the end of the line, from taking forever."""
    rtf = with_formulas(rtf.translate(STRAY).replace("\\*\\shppict", ""))
    return _WORD.sub(_Marker(rtf), rtf)


_SHOWN = re.compile(f"{PICTURE}\\d+{END}")
_STRUCTURE = f"\n{CELL}{ROW}{ROW_BEGINS}{NOTE}{APART_END}{COMMENT}{AUTHOR}{BOX}{HEAD}"
_KEPT = re.compile(f"{_SHOWN.pattern}|{END}[^{ROW}]*{ROW}|[{_STRUCTURE}]")


def seen(text: str) -> str:
    """The text without what is hidden, but for pictures and what parts paragraphs and cells."""
    kept: list[str] = []
    hidden = False
    for part in re.split(f"([{UNSEEN}{SEEN}])", text):
        if part in (UNSEEN, SEEN):
            hidden = part == UNSEEN
        else:
            kept.append("".join(_KEPT.findall(part)) if hidden else part)
    return "".join(kept)
