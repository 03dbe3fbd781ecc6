"""What the styles of an OpenDocument file mean: headings, captions and code, what is hidden, struck out or raised, how lists count."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from ingest.readers import captions
from ingest.readers.line import Look
from ingest.readers.numerals import numeral
from ingest.readers.odt.markup import get, local, number

_CAPTIONS = {"caption", "illustration", "figure", "drawing", "table"}
_CODE = {"preformatted text", "source code", "code", "html preformatted"}
_HEADING = re.compile(r"heading (\d+)")
_BASED_ON = 20  # styles above a style
_LEVELS = 9
_MAX_LABEL = 80
_SHARE = re.compile(r"[0-9]{1,3}(?:\.[0-9]{1,6})?%?")
_PLACE = re.compile(r"%(\d{1,2})%")
_FORMATS = {"1": "decimal", "a": "lowerLetter", "A": "upperLetter", "i": "lowerRoman", "I": "upperRoman"}


@dataclass(frozen=True)
class Level:
    """How a level of a list counts and writes; `form` has the places of all numbers ("%1%.%2%"), where it is known."""

    kind: str = ""
    before: str = ""
    after: str = ""
    shown: int = 1
    start: int = 1
    form: str = ""


class Styles:
    """The styles of a file; chains of those that are based on each other are followed for twenty, as they may loop."""

    def __init__(self, *trees: Any):
        self._styles: dict[tuple[str, str], Any] = {}
        self._lists: dict[str, dict[int, Level]] = {}
        self._said: dict[tuple[str, str], dict[str, str]] = {}
        self.outline: dict[int, Level] = {}
        for tree in trees:
            if tree is None:
                continue
            for style in tree.iter("{*}style"):
                if name := get(style, "name"):
                    self._styles[get(style, "family") or "", name] = style
            for style in tree.iter("{*}list-style", "{*}outline-style"):
                levels = {number(get(each, "level")): _level(each) for each in style if isinstance(each.tag, str)}
                if local(style) == "outline-style":
                    self.outline = levels
                else:
                    self._lists[get(style, "name") or ""] = levels

    def _chain(self, family: str, name: str | None) -> Iterator[tuple[str, Any]]:
        for _ in range(_BASED_ON):
            style = self._styles.get((family, name or ""))
            yield name or "", style
            if style is None:
                return
            name = get(style, "parent-style-name")

    def tag(self, element: Any) -> str:
        """What a paragraph is, by its own element or by the style that its style is based on."""
        if local(element) == "h":
            return f"h{min(max(number(get(element, 'outline-level')), 1), _LEVELS) + 1}"  # above them all is the title
        for name, _ in self._chain("paragraph", get(element, "style-name")):
            plain = name.replace("_20_", " ").lower()
            if plain == "title":
                return "h1"
            if heading := _HEADING.fullmatch(plain):
                return f"h{min(int(heading[1]), _LEVELS) + 1}"
            if plain in _CAPTIONS:
                return captions.CLASS
            if plain in _CODE:
                return "pre"
        return "p"

    def said(self, family: str, name: str | None) -> dict[str, str]:
        """What a style says of the words in it, those that it is based on first."""
        key = family, name or ""
        if key not in self._said:
            said: dict[str, str] = {}
            for _, style in self._chain(family, name):
                if style is not None:
                    said = _said(style) | said
            self._said[key] = said
        return self._said[key]

    def list_of(self, paragraph: Any) -> str:
        """The style of lists that the style of a paragraph names."""
        styles = (style for _, style in self._chain("paragraph", get(paragraph, "style-name")) if style is not None)
        return next(filter(None, (get(style, "list-style-name") for style in styles)), "")

    def levels(self, name: str) -> dict[int, Level]:
        return self._lists.get(name, {})

    def hidden_page(self, page: Any) -> bool:
        style = self._styles.get(("drawing-page", get(page, "style-name") or ""))
        return style is not None and any(get(each, "visibility") == "hidden" for each in style.iterfind("{*}drawing-page-properties"))


def look(said: dict[str, str]) -> Look:
    """How words look of which the styles say this."""
    through = said.get("text-line-through-style") or said.get("text-line-through-type") or "none"
    unseen = said.get("display") == "none" or through != "none"
    position = (said.get("text-position") or "").split(" ")[0]
    low = position == "sub" or position.startswith("-")
    high = position == "super" or (bool(_SHARE.fullmatch(position)) and float(position.rstrip("%")) > 0)
    return Look(unseen, "low" if low else "high" if high else "", said.get("font-style") == "italic")


def written(levels: dict[int, Level], counts: dict[int, int], level: int) -> str | None:
    """The number of an item; None where it has a bullet or none."""
    shown = levels.get(level)
    if shown is None or not shown.kind:
        return None

    def at(place: int) -> str:
        of = levels.get(place)
        return numeral(counts.get(place, of.start), of.kind) if of is not None and of.kind else ""

    if shown.form:
        text = _PLACE.sub(lambda found: at(int(found[1])), shown.form)
    else:
        places = range(max(level - shown.shown, 0) + 1, level + 1)
        text = shown.before + ".".join(filter(None, map(at, places))) + shown.after
    return " ".join(text.split())[:_MAX_LABEL]


def _level(element: Any) -> Level:
    kind = get(element, "num-format") or "" if local(element) in ("list-level-style-number", "outline-level-style") else ""
    return Level(
        _FORMATS.get(kind, "decimal" if kind else ""),
        get(element, "num-prefix") or "",
        get(element, "num-suffix") or "",
        max(number(get(element, "display-levels"), 1), 1),
        number(get(element, "start-value"), 1),
        get(element, "num-list-format") or "",
    )


def _said(style: Any) -> dict[str, str]:
    wanted = ("display", "text-line-through-style", "text-line-through-type", "text-position", "font-style")
    said = {}
    for properties in style.iterfind("{*}text-properties"):
        for key, value in properties.items():
            if (name := key.rpartition("}")[2]) in wanted:
                said[name] = str(value)
    return said
