"""The fields of a form with what is filled in: the words that a saved form holds outside its text."""

from __future__ import annotations

import re
from typing import Any

FIELDS = ("input", "textarea", "select", "meter", "progress")
_WRITTEN = {
    "", "text", "email", "number", "tel", "url", "date", "time", "datetime-local", "datetime", "month", "week", "search", "range",
}  # fmt: skip
_TICKED = {"checkbox", "radio"}
_FEW = 2
_NAME = re.compile(r"[a-z]{3,}(?:[_-][a-z]{2,}){0,3}", re.I)
_MACHINERY = re.compile(r"toggle|menu|nav|drawer|accordion|collapse|hamburger|theme|dark", re.I)


def filled(element: Any) -> str:
    """What a field shows: its value, the options that are chosen, [x] or [ ]; nothing where it is empty, a button, or not to be seen."""
    tag = element.tag
    if tag == "textarea":
        return "".join(element.itertext()).strip()
    if tag == "select":
        chosen = [option for option in element.iter("option") if option.get("selected") is not None]
        return ", ".join(filter(None, (" ".join("".join(option.itertext()).split()) or option.get("label") or "" for option in chosen)))
    if tag in ("meter", "progress"):
        value = (element.get("value") or "").strip()
        said = " ".join("".join(element.itertext()).split())
        most = (element.get("max") or "").strip()
        return said or (f"{value} of {most}" if value and most else value)
    kind = (element.get("type") or "").strip().lower()
    if kind in _TICKED:
        return "[x]" if element.get("checked") is not None else "[ ]"
    known = kind in _WRITTEN or kind not in ("hidden", "password", "submit", "button", "reset", "image", "file", "color")
    return " ".join((element.get("value") or "").split()) if known else ""


def ticked(element: Any) -> bool:
    """Whether a field is one that is ticked: its label stands after it."""
    return element.tag == "input" and (element.get("type") or "").strip().lower() in _TICKED


def called(element: Any) -> str:
    """What a field is called that no words stand before: for those who hear the page, by what is asked in it, by its name."""
    for name in ("aria-label", "title", "placeholder"):
        if told := " ".join((element.get(name) or "").split()).rstrip(" :*"):
            return told
    name = (element.get("name") or "").strip()
    return " ".join(re.split(r"[_-]+", name)) if _NAME.fullmatch(name) else ""


def is_machinery(box: Any) -> bool:
    """Whether a box opens a menu or the like and is no question."""
    return bool(_MACHINERY.search(f"{box.get('id') or ''} {box.get('class') or ''} {box.get('name') or ''}"))


def holds_answers(form: Any) -> bool:
    """Whether somebody filled a form in: a field with a label, or two fields, hold something; a box to search in is no such form."""
    found = 0
    for field in form.iter("input", "textarea", "select"):
        told = filled(field)
        if told and told != "[ ]":
            labelled = next(field.iterancestors("label"), None) is not None or _label_of(form, field) is not None
            found += _FEW if labelled else 1
        if found >= _FEW:
            return True
    return False


def _label_of(form: Any, field: Any) -> Any:
    name = field.get("id")
    return next((label for label in form.iter("label") if label.get("for") == name), None) if name else None
