"""Elements within a line that say more, or other, than their text: raised figures, marks of notes, quotes, abbreviations, fields."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import unquote

from ingest.readers.html.fields import FIELDS, called, filled, is_machinery, ticked
from ingest.readers.html.shown import BREAK
from ingest.readers.scripts import lowered, raised

SPOKEN = ("sup", "sub", "rp", *FIELDS)

_NOTE_ELSEWHERE = re.compile(r"#[^#]*(?:fn|note|cite)", re.I)
_NOTE_MARK = re.compile(r"\W*(?:\d{1,3}|[a-zA-Z]|[ivx]{1,5}|[*†‡§¶#]{1,4})\W*")
_POWER = re.compile(r"(?<![\d.,])10$")
_TIED = ("label", "li", "td", "th", "p", "dd")  # what holds a box that is ticked, where it is none of the page's own machinery
_BESIDE = ("label", "span", "b", "strong", "i", "em", "a", "font")
_BLOCKS = {"p", "li", "td", "th", "div", "dd", "dt", "body", "section", "aside", "footer", "figcaption", "small"}


def note_marks(tree: Any) -> frozenset[str]:
    """The marks that begin a paragraph, an item or a cell with words after them: what is raised with the same mark points there."""
    found = set()
    for mark in tree.iter("sup"):
        text = "".join(mark.itertext()).strip()
        if text and len(text) < 6 and _begins(mark) and (mark.tail or "").strip():
            found.add(text)
    return frozenset(found)


def _begins(mark: Any) -> bool:
    """Whether an element is the first thing in its block."""
    holder = mark
    for _ in range(3):
        above = holder.getparent()
        if above is None or (above.text or "").strip() or holder.getprevious() is not None:
            return False
        if above.tag in _BLOCKS:
            return True
        holder = above
    return False


def spoken(element: Any, before: str, notes: frozenset[str], taken: bool = False) -> str:
    """What is said for an element of `SPOKEN` after the words `before`, which are `taken` where another field has them."""
    tag = element.tag
    if tag in FIELDS:
        return _field(element, before, taken)
    if tag == "rp":
        return ""
    text = "".join(element.itertext())
    folded = " ".join(text.split())
    if tag == "sub":
        return lowered(text)
    if folded and _points(element, folded):
        return folded if folded[0] in "[(" else f"[{folded}]"
    if folded in notes and not _POWER.search(before):
        return f"[{folded}]"
    if " " in folded or not (folded.strip("+-−") != folded or any(map(str.isalnum, folded))):  # a remark, or a sign of a grammar
        return f" {text} " if " " in folded else text
    return raised(text, before, (element.tail or "")[:8])


def _points(mark: Any, text: str) -> bool:
    """Whether a raised mark is a link to a note."""
    links = [mark] if mark.get("href") else mark.findall(".//a")
    above = mark.getparent()
    if not links and above is not None and above.tag == "a" and len(above) == 1 and not (above.text or "").strip():
        links = [above]
    if not links or not all(link.get("href") for link in links):
        return False
    if any("noteref" in f"{link.get('role') or ''} {link.get('epub:type') or ''}" for link in links):
        return True
    near = all(link.get("href").startswith("#") and len(link.get("href")) > 1 for link in links)
    return near or (all(_NOTE_ELSEWHERE.search(link.get("href")) for link in links) and bool(_NOTE_MARK.fullmatch(text)))


def _field(element: Any, before: str, taken: bool) -> str:
    text = filled(element)
    if not text:
        return ""
    if ticked(element):
        return f" {text} " if _tied(element) and (element.get("role") or "") != "switch" else ""
    label = before.rstrip()
    if taken or not label.strip(BREAK):
        name = called(element)
        return f"{BREAK}{name}: {text} " if name else f"{BREAK}{text} "
    mark = ":" if label[-1].isalnum() and element.tag not in ("meter", "progress") else ""
    return f"{mark} {text} "


def _tied(box: Any) -> bool:
    """Whether a box that is ticked has words beside it, and is none of the page's own machinery."""
    holder = box.getparent()
    if holder is not None and (holder.tag in _TIED or next(box.iterancestors("form"), None) is not None):
        return True
    beside = [each for each in (box.getprevious(), box.getnext()) if each is not None and each.tag in _BESIDE]
    said = (box.tail or "").strip() or any("".join(each.itertext()).strip() for each in beside)
    return bool(said) and not is_machinery(box)


def around(element: Any) -> tuple[str, str]:
    """What is said before and after the words of an element."""
    tag = element.tag
    if tag == "q":
        return "“", "”"
    if tag == "rt":
        return "(", ")"
    said = " ".join("".join(element.itertext()).split())
    if tag in ("abbr", "acronym", "dfn"):
        title = " ".join((element.get("title") or "").split())
        return "", f" ({title})" if title and title.casefold() != said.casefold() else ""
    if tag == "time":
        day = (element.get("datetime") or "").strip()
        return "", f" ({day})" if day and said and not any(map(str.isdigit, said)) else "" if said else day
    if tag == "a":
        scheme, _, address = (element.get("href") or "").partition(":")
        address = unquote(address.partition("?")[0]).strip()
        return "", f" ({address})" if scheme.lower() in ("mailto", "tel") and said and address and _new(address, said) else ""
    return "", ""


def _new(address: str, said: str) -> bool:
    return "".join(filter(str.isalnum, address)).casefold() not in "".join(filter(str.isalnum, said)).casefold()
