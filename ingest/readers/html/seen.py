"""A page as one sees it: what is struck out or hidden is emptied, and formulas stand as the text that they show."""

from __future__ import annotations

import re
from typing import Any

from lxml import etree

from ingest.readers.html.invisible import blank
from ingest.readers.html.style import hidden, struck, styled
from ingest.readers.math import mathml_text

_FORMULAS = {"katex", "katex-display", "mwe-math-element", "mathjax", "mathjax_chtml", "mathjax_svg", "mathjax_display"}
_PREVIEWS = {"mathjax_preview"}
_PICTURED = re.compile(r"\b(?:math|latex|tex|equation|formula)\b|mwe-math|mathjax|texhtml|katex", re.I)
_TEX = re.compile(r"math/(?:tex|asciimath)\b", re.I)
_DISPLAY = re.compile(r"^\{\\(?:display|text)style\s+(.*)\}$", re.S)
_RAISED = re.compile(r"vertical-align\s*:\s*(super|sub)\b", re.I)
_WORDS = {"span", "font", "small", "b", "i", "em", "strong", "a"}
_MOST = 20_000  # characters of a formula kept in an attribute
_FEW_WORDS = 3


def make_seen(tree: Any) -> None:
    """Changes the tree so that its text is what the page shows. Formulas come first: what says them is often hidden."""
    for element in list(tree.iter("math", "span", "div", "mjx-container", "img", "script")):
        if (formula := _formula(element)) is not None:
            _replace(element, formula)
    rules = styled(tree)
    bare = _is_bare(tree)
    for element in list(tree.iter()):
        if not isinstance(element.tag, str):
            continue
        style = element.get("style") or ""
        if more := rules.styles.get(element, ""):
            style = f"{style};{more}"
            element.set("style", style)
        if style and element.tag in _WORDS and (place := _RAISED.search(style)):
            element.tag = "sup" if place[1].lower() == "super" else "sub"
        elif element.tag == "a" and _marks_note(element):
            element.tag = "sup"
        if element in rules.unread or _unseen(element) or ((style or element.tag == "font") and blank(element, style, bare)):
            if element.tag in ("html", "body"):
                continue
            _empty(element, keep=element.tag in ("td", "th", "li") and not _hides(element))


def _marks_note(link: Any) -> bool:
    """Whether a link says that it is the mark of a note, which then is raised whatever style there is."""
    told = "noteref" in f"{link.get('role') or ''} {link.get('epub:type') or ''}"
    return told and next(link.iter("sup"), None) is None and next(link.iterancestors("sup"), None) is None


def _is_bare(tree: Any) -> bool:
    """Whether a page has no style that could lay a ground behind its words, but the elements' own."""
    sheets = any("stylesheet" in (link.get("rel") or "").lower() for link in tree.iter("link"))
    rules = any("background" in "".join(each.itertext()) or "@import" in "".join(each.itertext()) for each in tree.iter("style"))
    return not sheets and not rules and next(tree.iter("script"), None) is None


def _unseen(element: Any) -> bool:
    return struck(element) or _hides(element)


def _hides(element: Any) -> bool:
    if element.tag == "template":
        return True
    if element.get("hidden", "until-found") != "until-found" or hidden(element):
        return (element.get("role") or "").lower() != "tabpanel"  # a click shows it
    if element.tag == "dialog":
        return element.get("open") is None
    return element.get("aria-hidden") == "true" and _decorates(element)


def _decorates(element: Any) -> bool:
    """Whether what screen readers are not told has too few words to be more than a sign."""
    return len(re.findall(r"\w{2,}", "".join(element.itertext()))) < _FEW_WORDS


def _formula(element: Any) -> str | None:
    """The formula that an element shows; None where it is none."""
    tag = element.tag
    if tag == "math":
        return mathml_text(element)
    if tag == "script":
        return "".join(element.itertext()).strip() if _TEX.match(element.get("type") or "") else None
    if tag == "img":
        alt = element.get("alt") or ""
        return _bare(alt) if alt.strip() and len(alt) < _MOST and _PICTURED.search(element.get("class") or "") else None
    classes = set((element.get("class") or "").lower().split())
    if classes & _PREVIEWS:
        return ""
    if tag != "mjx-container" and classes.isdisjoint(_FORMULAS):
        return None
    inside = next(element.iter("math"), None)
    if inside is not None:
        return mathml_text(inside)
    kept = next((each.get("data-mathml") for each in element.iter() if each.get("data-mathml")), "")[:_MOST]
    parsed = etree.fromstring(kept, etree.HTMLParser(no_network=True)) if kept.strip() else None
    inside = next(parsed.iter("math"), None) if parsed is not None else None
    if inside is not None:
        return mathml_text(inside)
    after = element.getnext()
    if after is not None and after.tag == "script" and _TEX.match(after.get("type") or ""):
        return ""
    return None


def _bare(tex: str) -> str:
    return _DISPLAY.sub(r"\1", " ".join(tex.split())).strip()


def _replace(element: Any, text: str) -> None:
    line, tail = element.get("data-line"), element.tail
    element.clear()
    element.tag, element.text, element.tail = "span", text, tail
    if line:
        element.set("data-line", line)


def _empty(element: Any, keep: bool) -> None:
    """Takes out what an element holds; `keep`: it stays a cell or an item, which is counted."""
    if keep:
        element.text = None
        del element[:]
    else:
        _replace(element, "")
