"""What the styles of a Word document mean: which are headings, captions and code, which hide or strike out, which number."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from ingest.readers import captions
from ingest.readers.docx.package import child, get, local, number, on, value
from ingest.readers.line import Look, Script

_BASED_ON = 20  # styles above a style
_LEVELS = 9
_HEADING = re.compile(r"heading ([1-9])")
_HEADING_ID = re.compile(r"Heading([1-9])")
_LISTS_OF_CONTENTS = re.compile(r"toc [1-9]|toc heading|table of figures|table of authorities|toa heading")
_CODE = {"code", "source code", "html preformatted", "preformatted text", "macro text", "plain text", "verbatim"}
_BODY_TEXT = 9
_RAISED = 4  # half points off the line at least
_TOGGLES = ("vanish", "strike", "i")  # of which two in styles undo each other (17.7.3)
_OTHERS = ("dstrike", "specVanish")

_SCRIPTS: dict[str, Script] = {"superscript": "high", "subscript": "low"}

SKIPPED = "!"


class Styles:
    """The styles of one document, by their ids. Chains of styles that are based on each other are followed for twenty, as they may loop."""

    def __init__(self, tree: Any):
        self._styles: dict[tuple[str, str], Any] = {}
        self._defaults: dict[str, str] = {}
        self._tags: dict[str, str] = {}
        self._said: dict[tuple[str, str], dict[str, str]] = {}
        self._base = {} if tree is None else _said(child(tree, "docDefaults/rPrDefault/rPr"))
        for style in () if tree is None else tree.iterfind("{*}style"):
            kind, id = get(style, "type") or "paragraph", get(style, "styleId") or ""
            self._styles.setdefault((kind, id), style)
            if get(style, "default") in ("1", "true", "on"):
                self._defaults.setdefault(kind, id)

    def _chain(self, kind: str, id: str | None) -> Iterator[tuple[str, Any]]:
        at: str | None = id if id is not None else self._defaults.get(kind)
        for _ in range(_BASED_ON):
            style = self._styles.get((kind, at or ""))
            if style is None:
                return
            yield at or "", style
            at = value(style, "basedOn")
            if at is None:
                return

    def tag(self, paragraph: Any) -> str:
        """The HTML for a paragraph: `h2` and so on, `p`, `pre`, `captions.CLASS`; SKIPPED where Word itself made it of the headings."""
        level = number(value(paragraph, "pPr/outlineLvl"), -1)
        id = value(paragraph, "pPr/pStyle")
        key = id or ""
        if key not in self._tags:
            self._tags[key] = self._element(id)
        tag = self._tags[key]
        if 0 <= level < _BODY_TEXT and tag == "p":
            return f"h{level + 2}"
        return "p" if level == _BODY_TEXT and tag.startswith("h") else tag

    def _element(self, id: str | None) -> str:
        for key, style in self._chain("paragraph", id):
            level = number(value(style, "pPr/outlineLvl"), -1)
            if found := _named((value(style, "name") or "").lower()):
                return found
            if 0 <= level < _BODY_TEXT:
                return f"h{level + 2}"
            if level == _BODY_TEXT:
                return "p"
            if (heading := _HEADING_ID.fullmatch(key)) and child(style, "name") is None:
                return f"h{int(heading[1]) + 1}"
        heading = _HEADING_ID.fullmatch(id or "")  # a document without its styles
        if heading and ("paragraph", id) not in self._styles:
            return f"h{int(heading[1]) + 1}"
        return "h1" if id == "Title" and ("paragraph", id) not in self._styles else "p"

    def numbering(self, id: str | None) -> Iterator[tuple[str, Any]]:
        """The styles of a paragraph that number it, nearest first: their ids and `numPr`."""
        for key, style in self._chain("paragraph", id):
            if (found := child(style, "pPr/numPr")) is not None:
                yield key, found

    def list_number(self, id: str | None) -> str | None:
        """The `numId` of a style of lists."""
        return next((found for _, style in self._chain("numbering", id) if (found := value(style, "pPr/numPr/numId"))), None)

    def look(self, run: Any, paragraph: str | None, table: str | None = None) -> Look:
        """How a run looks, in a paragraph and a table of these styles."""
        direct = _said(child(run, "rPr"))
        styles = [self._of("table", table) if table else {}, self._of("paragraph", paragraph)]
        styles += [self._of("character", direct["rStyle"])] if "rStyle" in direct else []
        said = dict(self._base)
        for style in styles:
            said.update((key, each) for key, each in style.items() if key not in _TOGGLES)
        for key in _TOGGLES:
            if any(key in style for style in styles):
                said[key] = "1" if sum(style.get(key) == "1" for style in styles) % 2 or self._base.get(key) == "1" else ""
        said |= direct
        unseen = any(said.get(key) == "1" for key in ("vanish", "strike", "dstrike", "specVanish"))
        script = _SCRIPTS.get(said.get("vertAlign", ""), "")
        return Look(unseen, script, said.get("i") == "1", said.get("font", ""))

    def _of(self, kind: str, id: str | None) -> dict[str, str]:
        key = kind, id or ""
        if key not in self._said:
            said: dict[str, str] = {}
            for _, style in self._chain(kind, id):
                said = _said(child(style, "rPr")) | said
            self._said[key] = said
        return self._said[key]


def _said(properties: Any) -> dict[str, str]:
    """What the properties of a run say, "1" and "" for yes and no."""
    said: dict[str, str] = {}
    for each in () if properties is None else properties:
        name = local(each)
        if name in _TOGGLES or name in _OTHERS:
            said[name] = "1" if on(each) else ""
        elif name in ("rStyle", "vertAlign"):
            said[name] = get(each, "val") or ""
        elif name == "position" and abs(number(get(each, "val"))) >= _RAISED:
            said.setdefault("vertAlign", "superscript" if number(get(each, "val")) > 0 else "subscript")
        elif name == "rFonts":
            said["font"] = (get(each, "ascii") or get(each, "hAnsi") or "").lower()
    return said


def _named(name: str) -> str:
    """What a style of this name is for; nothing where the name does not say."""
    if name == "title":
        return "h1"
    if name == "caption":
        return captions.CLASS
    if name in _CODE:
        return "pre"
    if _LISTS_OF_CONTENTS.fullmatch(name):
        return SKIPPED
    heading = _HEADING.fullmatch(name)
    return f"h{int(heading[1]) + 1}" if heading else ""  # above them all is the title
