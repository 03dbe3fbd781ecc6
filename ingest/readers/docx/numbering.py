"""Automatic numbers of paragraphs as Word counts them: "Article 2", "2.1", "(b)"."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Any

from ingest.readers.docx.package import child, get, local, number, on, value
from ingest.readers.docx.styles import Styles
from ingest.readers.numerals import numeral

_LEVELS = 9
_LINKS = 8  # from a list to the list that a style says
_MAX_LABEL = 80  # characters
_PLACE = re.compile(r"%([1-9])")
_MOST = 1_000_000


@dataclass(frozen=True)
class Level:
    """How a level of a list counts and writes. `restart` is the number of the level (from 1) whose items let it begin anew, None for
    any above it, 0 for none."""

    start: int = 1
    kind: str = "decimal"
    text: str = ""
    restart: int | None = None
    legal: bool = False
    style: str | None = None
    zeros: int = 0


@dataclass(frozen=True)
class Label:
    """The number of a paragraph as it is written; None where it has a bullet. `level` is counted from 0."""

    text: str | None
    level: int


class Numbering:
    """Counts through the numbered paragraphs of a document in their order."""

    def __init__(self, tree: Any, styles: Styles):
        self._styles = styles
        self._abstract: dict[str, Any] = {}
        self._numbers: dict[str, Any] = {}
        self._lists: dict[str, tuple[str, dict[int, Level], dict[int, int]] | None] = {}
        self._counts: dict[str, dict[int, int]] = {}
        self._begun: set[tuple[str, int]] = set()
        for element in () if tree is None else tree:
            if local(element) == "abstractNum":
                self._abstract.setdefault(get(element, "abstractNumId") or "", element)
            elif local(element) == "num":
                self._numbers.setdefault(get(element, "numId") or "", element)

    def label(self, paragraph: Any, style: str | None) -> Label | None:
        """The next number of its list for a paragraph of this style; None where it has none."""
        found = self._place(paragraph, style)
        if found is None:
            return None
        id, level = found
        known = self._list(id)
        if known is None or level not in known[1]:
            return None
        abstract, levels, starts = known
        counts = self._counts.setdefault(abstract, {})
        if level in starts and (id, level) not in self._begun:
            counts[level] = starts[level]
        elif level in counts:
            counts[level] = min(counts[level] + 1, _MOST)
        else:
            counts[level] = levels[level].start
        self._begun.add((id, level))
        for below in [each for each in counts if each > level]:
            restart = levels[below].restart if below in levels else None
            if restart is None or (restart and level < restart):
                del counts[below]
        shown = levels[level]
        return Label(None, level) if shown.kind == "bullet" else Label(self._written(shown, levels, counts), level)

    def _written(self, shown: Level, levels: dict[int, Level], counts: dict[int, int]) -> str:
        def at(place: re.Match[str]) -> str:
            level = int(place[1]) - 1
            of = levels.get(level, Level())
            count = counts.get(level, of.start - 1 if of.start else 0)
            if shown.legal and of.kind not in ("bullet", "none"):
                return str(count)
            return str(count).zfill(of.zeros) if of.zeros else numeral(count, of.kind)

        return " ".join(_PLACE.sub(at, shown.text).split())[:_MAX_LABEL]

    def _place(self, paragraph: Any, style: str | None) -> tuple[str, int] | None:
        """The list and the level of a paragraph, by what it says itself, then by its style."""
        own = child(paragraph, "pPr/numPr")
        id, level = (value(own, "numId"), value(own, "ilvl")) if own is not None else (None, None)
        if id is None:
            for name, of_style in self._styles.numbering(style):
                id = value(of_style, "numId")
                if id is None:
                    level = level or value(of_style, "ilvl")
                    continue
                known = self._list(id)
                tied = next((at for at, each in (known[1] if known else {}).items() if each.style == name), None)
                level = level or (str(tied) if tied is not None else value(of_style, "ilvl"))
                break
        return None if id in (None, "", "0") else (str(id), min(max(number(level), 0), _LEVELS - 1))

    def _list(self, id: str) -> tuple[str, dict[int, Level], dict[int, int]] | None:
        """The list that counts for a `numId`, its levels, and where it starts anew."""
        if id not in self._lists:
            self._lists[id] = self._made(id)
        return self._lists[id]

    def _made(self, id: str) -> tuple[str, dict[int, Level], dict[int, int]] | None:
        at = id
        for _ in range(_LINKS):
            element = self._numbers.get(at)
            abstract = value(element, "abstractNumId") if element is not None else None
            definition = self._abstract.get(abstract or "")
            if element is None or definition is None:
                return None
            link = value(definition, "numStyleLink")
            linked = self._styles.list_number(link) if link else None
            if not linked or linked == at:
                break
            at = linked
        else:
            return None
        levels = {number(get(each, "ilvl")): _level(each) for each in definition.iterfind("{*}lvl")}
        starts: dict[int, int] = {}
        for change in self._numbers[id].iterfind("{*}lvlOverride"):
            level = number(get(change, "ilvl"))
            if (other := child(change, "lvl")) is not None:
                levels[level] = _level(other)
            if (start := value(change, "startOverride")) is not None:
                starts[level] = number(start, 1)
                levels[level] = replace(levels.get(level, Level()), start=starts[level])
        return abstract or "", levels, starts


def _level(element: Any) -> Level:
    form = next(element.iter("{*}numFmt"), None)
    kind = (None if form is None else get(form, "val")) or "decimal"
    pattern = (None if form is None else get(form, "format")) or ""
    text = value(element, "lvlText")
    restart = value(element, "lvlRestart")
    zeros = re.match(r"0+1", pattern) if kind == "custom" else None
    return Level(
        number(value(element, "start"), 1) if child(element, "start") is not None else 1,
        "bullet" if child(element, "lvlPicBulletId") is not None else kind,
        f"%{number(get(element, 'ilvl')) + 1}." if text is None and child(element, "lvlText") is None else text or "",
        None if restart is None else number(restart),
        on(child(element, "isLgl")),
        value(element, "pStyle"),
        len(zeros[0]) if zeros else 0,
    )
