"""The words of text frames in DrawingML: without what is struck out, raised digits as such, numbers of lists as they are shown."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from lxml import etree

from ingest.readers.line import Line, Script
from ingest.readers.math import omml_text
from ingest.readers.numerals import numeral

_FORMS = {"ParenBoth": "({})", "ParenR": "{})", "Period": "{}.", "Plain": "{}", "Minus": "- {} -"}
_KINDS = {
    "arabic": "decimal", "alphaLc": "lowerLetter", "alphaUc": "upperLetter", "romanLc": "lowerRoman", "romanUc": "upperRoman",
    "circleNum": "decimalEnclosedCircle", "ea1": "chineseCounting", "thaiAlpha": "thaiLetters", "hebrew2": "hebrew2",
}  # fmt: skip
_MAX_START = 32_767


def words(paragraph: Any) -> str:
    """The words of an `a:p` on lines as they are broken, in any wrapper."""
    line = Line()
    _into(paragraph, line)
    return "\n".join(filter(None, (" ".join(part.split()) for part in line.text().split("\n"))))


def one_line(frame: Any) -> str:
    """All words of a text body (`p:txBody`, `a:txBody`)."""
    return " ".join(" ".join(words(paragraph) for paragraph in frame.iterfind("{*}p")).split())


def _into(element: Any, line: Line) -> None:
    for child in element:
        name = etree.QName(child).localname if isinstance(child.tag, str) else ""
        if name in ("r", "fld"):
            _run(child, line)
        elif name == "br":
            line.add("\n")
        elif name in ("oMath", "oMathPara"):
            line.add(omml_text(child))
        elif name and not name.endswith("Pr"):
            _into(child, line)


def _run(run: Any, line: Line) -> None:
    style = run.find("{*}rPr")
    look = {} if style is None else style.attrib
    text = "".join(each.text or "" for each in run.iterfind("{*}t"))
    if (look.get("strike") or "noStrike") == "noStrike":
        line.add(text.replace("\v", "\n"), _script(look.get("baseline") or ""))


def _script(baseline: str) -> Script:
    share = baseline.rstrip("%0.") if baseline.endswith("%") else baseline
    if not share or share == "0":
        return ""
    return "low" if share.startswith("-") else "high"


def lines(frame: Any, listed: bool) -> Iterator[str]:
    """The paragraphs of a text body; those with a bullet or a number as Markdown's lists. `listed` where bullets are the default."""
    paragraphs = [(paragraph, text) for paragraph in frame.iterfind("{*}p") if (text := words(paragraph))]
    numbers: dict[int, tuple[str, int]] = {}
    for paragraph, text in paragraphs:
        properties = paragraph.find("{*}pPr")
        level = _level(properties)
        marks = {} if properties is None else {etree.QName(child).localname: child for child in properties if isinstance(child.tag, str)}
        numbers = {at: number for at, number in numbers.items() if at <= level}
        text = text.replace("\n", " ")
        if (auto := marks.get("buAutoNum")) is not None:
            kind, start = auto.get("type") or "", _start(auto)
            last = numbers.get(level)
            number = last[1] + 1 if last and last[0] == kind else start
            numbers[level] = kind, number
            yield f"{'  ' * level}{_mark(kind, number)} {text}"
            continue
        numbers.pop(level, None)
        bullet = "buNone" not in marks and (listed or bool({"buChar", "buBlip"} & set(marks))) and len(paragraphs) > 1
        yield f"{'  ' * level}- {text}" if bullet else text


def _level(properties: Any) -> int:
    level = "" if properties is None else properties.get("lvl") or ""
    return int(level) if level.isascii() and level.isdigit() and len(level) == 1 else 0


def _start(auto: Any) -> int:
    start = auto.get("startAt") or ""
    return min(int(start), _MAX_START) if start.isascii() and start.isdigit() and len(start) < 6 else 1


def _mark(kind: str, number: int) -> str:
    """A number as `arabicPeriod`, `alphaLcParenR` and the like write it."""
    form = next((form for name, form in _FORMS.items() if kind.endswith(name)), "{}.")
    counted = next((numerals for name, numerals in _KINDS.items() if kind.startswith(name)), "decimal")
    return form.format(numeral(number, counted))
