"""Formulas of RTF, which spell out those of Word (OMML) in groups of control words, as text."""

from __future__ import annotations

import re

from lxml import etree

from ingest.readers.math import omml_text

_FORMULA = re.compile(r"\{\s*\\\*\s*\\moMath(?![a-zA-Z])")
_AROUND = re.compile(r"\\\*\s*\\moMathPara(?![a-zA-Z])|\\mmath(?![a-zA-Z])")  # what would let a reader pass over them
_TOKEN = re.compile(r"([{}])|\\([a-zA-Z]{1,32})(-?\d{1,10})? ?|\\'([0-9a-f]{2})|\\([^a-zA-Z])|([^\\{}\r\n]+)|[\r\n]+")
_MAX = 200_000  # characters of one
_DEEP = 120


def with_formulas(rtf: str) -> str:
    """The RTF text with each formula as text in its place."""
    made: list[str] = []
    at = 0
    rtf = _AROUND.sub("", rtf)
    while found := _FORMULA.search(rtf, at):
        tree, end = _tree(rtf, found.start())
        made += [rtf[at : found.start()], "{", _escaped(omml_text(tree)), "}"]
        at = end
    return "".join([*made, rtf[at:]])


def _tree(rtf: str, start: int) -> tuple[etree._Element, int]:
    """The formula that begins at a brace, as OMML, and where it ends."""
    root = etree.Element("{m}oMath")
    stack = [root]
    fresh = skip = 0
    for token in _TOKEN.finditer(rtf, start, start + _MAX):
        brace, word, number, code, _, text = token.groups()
        if brace == "{":
            stack.append(stack[-1])
            fresh = len(stack)
        elif brace:
            stack.pop()
            if len(stack) < 2:
                return root, token.end()
        elif word == "u" and number:
            _say(stack[-1], chr(int(number) % 0x10000))
            skip = 1
        elif word and word.startswith("m") and len(word) > 1 and fresh == len(stack) and len(stack) < _DEEP:
            if word != "moMath":
                stack[-1] = etree.SubElement(stack[-1], f"{{m}}{word[1:]}")
            fresh = 0
        elif text or code:
            words = text or bytes.fromhex(code).decode("cp1252", "replace")
            _say(stack[-1], words[skip:] if skip else words)
            skip = 0
    return root, min(start + _MAX, len(rtf))


def _say(element: etree._Element, words: str) -> None:
    """Puts words where OMML has them: the text of a run, the value of a property."""
    name = element.tag.rpartition("}")[2]
    if name == "r":
        last = element.find("{m}t")
        last = etree.SubElement(element, "{m}t") if last is None else last
        last.text = (last.text or "") + "".join(letter for letter in words if letter.isprintable())
    elif words.strip():
        element.set("{m}val", (element.get("{m}val") or "") + "".join(filter(str.isprintable, words.strip())))


def _escaped(text: str) -> str:
    """Text as RTF writes it."""
    units = text.encode("utf-16-le", "replace")
    made = []
    for at in range(0, len(units), 2):
        unit = units[at] | units[at + 1] << 8
        letter = chr(unit)
        made.append(f"\\{letter}" if letter in "\\{}" else letter if unit < 128 else f"\\u{unit - 65536 if unit > 32767 else unit}?")
    return "".join(made)
