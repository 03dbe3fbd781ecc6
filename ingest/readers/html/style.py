"""What a page's own style makes of its words: struck out or hidden, by an attribute or by a plain rule of a <style>."""

from __future__ import annotations

import re
from typing import Any, NamedTuple

_STRUCK = re.compile(r"text-decoration(?:-line)?\s*:[^;]*\bline-through\b", re.I)
_HIDDEN = re.compile(r"(?:display\s*:\s*none|visibility\s*:\s*(?:hidden|collapse))", re.I)
_SHOWN = re.compile(r"(?:display\s*:\s*(?!\s*none)|visibility\s*:\s*visible)", re.I)
_COMMENT = re.compile(r"/\*.*?(?:\*/|$)", re.S)
_RULE = re.compile(r"([^{}]*)\{([^{}]*)\}")
_MEDIA = re.compile(r"@media\s+(?:only\s+)?(?:screen|all)\s*\{((?:[^{}]*\{[^{}]*\})*)\s*\}", re.I)
_AT_BLOCK = re.compile(r"@[a-z-]+[^{};]*\{(?:[^{}]*\{[^{}]*\})*[^{}]*\}", re.I)
_SELECTOR = re.compile(r"([a-z][a-z0-9]*)?(?:([.#])([A-Za-z_][\w-]*))?")
_MOST = 200_000  # characters of style that are looked at

_STRUCK_TAGS = {"s", "strike", "del"}


def struck(element: Any) -> bool:
    """Whether the words of an element are struck out by its tag or its own style."""
    return element.tag in _STRUCK_TAGS or bool((style := element.get("style")) and _STRUCK.search(style))


def hidden(element: Any) -> bool:
    """Whether an element's own style hides it."""
    return bool((style := element.get("style")) and _HIDDEN.search(style))


class _Rules(NamedTuple):
    """Selectors "tag", ".class", "#id", "tag.class" whose elements are not read."""

    selectors: frozenset[tuple[str, str, str]]

    def match(self, element: Any) -> bool:
        names = [("", "")]
        names += [(".", name) for name in (element.get("class") or "").split()]
        names += [("#", ident)] if (ident := element.get("id")) else []
        return any((tag, sign, name) in self.selectors for sign, name in names for tag in ("", element.tag))


def unread(tree: Any) -> frozenset[Any]:
    """The elements that the rules of the page's <style> strike out or hide.

    Only plain selectors count, and none whose name a further rule shows again, or a script of the page knows: what a click opens is
    read.
    """
    style = "\n".join("".join(each.itertext()) for each in tree.iter("style") if "print" not in (each.get("media") or ""))[:_MOST]
    if not (_STRUCK.search(style) or _HIDDEN.search(style)):
        return frozenset()
    rules = [(selector.strip(), body) for selector, body in _RULE.findall(_plain(style))]
    shown = " ".join(selector for selector, body in rules if _SHOWN.search(body))
    script = "\n".join("".join(each.itertext()) for each in tree.iter("script"))[:_MOST]
    found: set[tuple[str, str, str]] = set()
    for selectors, body in rules:
        cut, gone = _STRUCK.search(body), _HIDDEN.search(body)
        for selector in selectors.split(",") if cut or gone else ():
            match = _SELECTOR.fullmatch(selector.strip())
            if not match or not (match[1] or match[3]):
                continue
            tag, sign, name = match[1] or "", match[2] or "", match[3] or ""
            known = bool(name) and bool(re.search(rf"(?<![\w-]){re.escape(name)}(?![\w-])", f"{shown}\n{script}"))
            if (cut or (name and not known)) and (tag, sign, name) not in (("body", "", ""), ("html", "", "")):
                found.add((tag.lower(), sign, name))
    if not found:
        return frozenset()
    rules_ = _Rules(frozenset(found))
    return frozenset(each for each in tree.iter() if isinstance(each.tag, str) and rules_.match(each))


def _plain(style: str) -> str:
    """The rules for the screen, without comments and those of other @-blocks."""
    style = _COMMENT.sub("", style)
    return _AT_BLOCK.sub("", _MEDIA.sub(r"\1", style))
