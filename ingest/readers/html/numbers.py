"""The numbers that a browser puts before the items of a list: where it starts, which way it counts, in figures, letters or Roman."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

MARK = "data-diptych-mark"  # the number of an item, where the document that the HTML was made from writes it
_STYLE = re.compile(r"list-style(?:-type)?\s*:\s*([^;]+)", re.I)
_KINDS = {"a": "lower-alpha", "A": "upper-alpha", "i": "lower-roman", "I": "upper-roman", "1": "decimal"}
_UNNUMBERED = {"none", "disc", "circle", "square"}
_NUMBERED = {"decimal", "decimal-leading-zero", *_KINDS.values(), "lower-latin", "upper-latin"}
_ROMAN = (
    (1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl"), (10, "x"), (9, "ix"), (5, "v"),
    (4, "iv"), (1, "i"),
)  # fmt: skip


def marks(element: Any, items: list[Any]) -> Iterator[str]:
    """What stands before each of the items of a list: what they say of themselves, else by their number."""
    for item, mark in zip(items, _counted(element, items), strict=True):
        yield f"{item.get(MARK)} " if item.get(MARK) else mark


def _counted(element: Any, items: list[Any]) -> Iterator[str]:
    kind = _kind(element)
    if kind is None:
        yield from ("- " for _ in items)
        return
    counted = [item for item in items if item.tag == "li"]
    step = -1 if element.get("reversed") is not None else 1
    number = integer(element.get("start"), len(counted) if step < 0 else 1)
    for item in items:
        if item.tag != "li":
            yield ""
            continue
        number = integer(item.get("value"), number)
        yield f"{written(number, kind)}. "
        number += step


def _kind(element: Any) -> str | None:
    """How the items are counted; None where they are not."""
    style = _STYLE.search(element.get("style") or "")
    for word in style[1].lower().split() if style else ():
        if word in _UNNUMBERED:
            return None
        if word in _NUMBERED:
            return word
    return _KINDS.get(element.get("type") or "1", "decimal") if element.tag == "ol" else None


def written(number: int, kind: str) -> str:
    """A number in the style of CSS that is called `kind`."""
    text = str(number)
    if kind.endswith(("alpha", "latin")) and number > 0:
        text = ""
        while number > 0:
            number, letter = divmod(number - 1, 26)
            text = chr(97 + letter) + text
    elif kind.endswith("roman") and 0 < number < 4000:
        text = ""
        for value, letters in _ROMAN:
            times, number = divmod(number, value)
            text += letters * times
    elif kind == "decimal-leading-zero":
        return text.zfill(2)
    return text.upper() if kind.startswith("upper") else text


def integer(text: str | None, default: Any) -> Any:
    """The whole number that an attribute is; `default` where it is none, or one of more than eight digits."""
    text = (text or "").strip()
    return int(text) if re.fullmatch(r"-?[0-9]{1,8}", text) else default
