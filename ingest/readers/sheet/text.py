"""Strings of Excel's with runs of their own looks."""

from __future__ import annotations

from typing import Any

from ingest.readers.scripts import lowered, raised

_OFF = {"0", "false", "off", "none"}


def rich(element: Any) -> str:
    """The text of a string with its runs: what is struck out goes, raised and lowered figures are told as such."""
    pieces: list[str] = []
    for child in element:
        name = child.tag.rpartition("}")[2] if isinstance(child.tag, str) else ""
        if name == "t":
            pieces.append(child.text or "")
        elif name == "r":
            text = "".join(each.text or "" for each in child.iterfind("{*}t"))
            marks = child.find("{*}rPr")
            if marks is not None and any(is_on(each.get("val", "1")) for each in marks.iterfind("{*}strike")):
                continue
            place = next((each.get("val") for each in marks.iterfind("{*}vertAlign")), "") if marks is not None else ""
            if place == "superscript":
                text = raised(text, "".join(pieces)[-20:])
            elif place == "subscript":
                text = lowered(text)
            pieces.append(text)
    return "".join(pieces)


def clean(text: str) -> str:
    """A string of a cell without what XML made of its line ends."""
    return text.replace("\r\n", "\n").replace("_x000D_", "").replace("\x00", "").strip()


def is_on(text: str | None) -> bool:
    """Whether an attribute is set, and to what means yes."""
    return text is not None and text.strip().lower() not in _OFF
