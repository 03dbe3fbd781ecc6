"""What a page's own style makes of its words, by an attribute or by a plain rule of a <style>: struck out, hidden, raised, counted."""

from __future__ import annotations

import re
from itertools import islice
from typing import Any, NamedTuple

from ingest.readers.html.invisible import out_of_sight

_STRUCK = re.compile(r"text-decoration(?:-line)?\s*:[^;]*\bline-through\b", re.I)
_HIDDEN = re.compile(r"(?:display\s*:\s*none|visibility\s*:\s*(?:hidden|collapse)|mso-hide\s*:\s*all)", re.I)
_SHOWN = re.compile(r"(?:display\s*:\s*(?!\s*none)|visibility\s*:\s*visible|opacity\s*:\s*0?[.1-9]|(?:left|top|right)\s*:\s*\d)", re.I)
_COMMENT = re.compile(r"/\*.*?(?:\*/|$)", re.S)
_RULE = re.compile(r"([^{}]*)\{([^{}]*)\}")
_MEDIA = re.compile(r"@media\s+(?:only\s+)?(?:screen|all)\s*\{((?:[^{}]*\{[^{}]*\})*)\s*\}", re.I)
_AT_BLOCK = re.compile(r"@[a-z-]+[^{};]*\{(?:[^{}]*\{[^{}]*\})*[^{}]*\}", re.I)
_SELECTOR = re.compile(r"([a-z][a-z0-9]*)?(?:([.#])([A-Za-z_][\w-]*))?")
_TELLING = re.compile(
    r"line-through|display|visibility|list-style|vertical-align|opacity|clip|text-indent|font-size\s*:\s*0|(?<![-\w])(?:left|top|right)\s*:\s*-",
    re.I,
)
_WHOLE = {("body", "", ""), ("html", "", "")}
_STRUCK_CLASSES = {"line-through", "strikethrough", "strike-through"}
_MOST_RULES = 2_000
_MOST_OF_A_KIND = 20
_MOST_STEPS = 2_000_000  # elements above others that are looked at
_DEEP = 50  # of them above one
_MOST = 200_000  # characters of style that are looked at

_STRUCK_TAGS = {"s", "strike", "del"}


def struck(element: Any) -> bool:
    """Whether the words of an element are struck out by its tag or its own style."""
    if element.tag in _STRUCK_TAGS or ((classes := element.get("class")) and not _STRUCK_CLASSES.isdisjoint(classes.lower().split())):
        return True
    return bool((style := element.get("style")) and _STRUCK.search(style))


def hidden(element: Any) -> bool:
    """Whether an element's own style hides it."""
    return bool((style := element.get("style")) and _hides(style))


def _hides(style: str) -> bool:
    return bool(_HIDDEN.search(style)) or out_of_sight(style)


class Styled(NamedTuple):
    """What the rules of a page's <style> make of its elements: those that are not read, and the style of the others."""

    unread: frozenset[Any] = frozenset()
    styles: dict[Any, str] = {}  # noqa: RUF012


def styled(tree: Any) -> Styled:
    """What the rules of the page's <style> strike out, hide, raise, lower or count in another way.

    Only plain selectors count ("td.old", "ol ol"). None hides whose name a further rule shows again, or a script of the page knows: what
    a click opens is read.
    """
    style = "\n".join("".join(each.itertext()) for each in tree.iter("style") if "print" not in (each.get("media") or ""))[:_MOST]
    rules = [(selector.strip(), body) for selector, body in _RULE.findall(_plain(style)) if _TELLING.search(body)]
    if not rules:
        return Styled()
    shown = " ".join(selector for selector, body in _RULE.findall(_plain(style)) if _SHOWN.search(body))
    script = "\n".join("".join(each.itertext()) for each in tree.iter("script"))[:_MOST]
    found: _Found = {}
    for selectors, body in rules[:_MOST_RULES]:
        hides = _hides(body)
        for selector in selectors.split(","):
            chain = [_simple(each) for each in selector.replace(">", " ").split()]
            if not chain or None in chain or chain[-1] in _WHOLE:
                continue
            last = chain[-1]
            name = last[2]  # type: ignore[index]
            known = not name or re.search(rf"(?<![\w-]){re.escape(name)}(?![\w-])", f"{shown}\n{script}")
            if not hides or (len(chain) == 1 and not known):
                gone = hides or bool(_STRUCK.search(body))
                rule = tuple(chain[:-1]), "" if gone else body
                if len(own := found.setdefault(last, {})) < _MOST_OF_A_KIND:  # type: ignore[arg-type]
                    own[rule] = None  # type: ignore[index]
    return _applied(tree, found)


_Simple = tuple[str, str, str]  # tag, sign, name
_Found = dict[_Simple, dict[tuple[tuple[_Simple, ...], str], None]]  # what stands above; the style, "" where that is not read


def _simple(selector: str) -> _Simple | None:
    match = _SELECTOR.fullmatch(selector)
    return ((match[1] or "").lower(), match[2] or "", match[3] or "") if match and (match[1] or match[3]) else None


def _applied(tree: Any, found: _Found) -> Styled:
    unread: set[Any] = set()
    styles: dict[Any, str] = {}
    left = _MOST_STEPS
    for element in tree.iter() if found else ():
        if not isinstance(element.tag, str):
            continue
        for own in _names(element):
            for chain, body in found.get(own, ()):
                left -= _DEEP if chain else 0
                if chain and (left < 0 or not _below(element, chain)):
                    continue
                if not body:
                    unread.add(element)
                else:
                    styles[element] = f"{styles.get(element, '')};{body}"
    return Styled(frozenset(unread), styles)


def _names(element: Any) -> list[_Simple]:
    """The plain selectors that an element has."""
    names = [("", "")] + [(".", name) for name in (element.get("class") or "").split()[:20]]
    names += [("#", ident)] if (ident := element.get("id")) else []
    return [(tag, sign, name) for sign, name in names for tag in ("", element.tag) if tag or name]


def _below(element: Any, chain: tuple[_Simple, ...]) -> bool:
    """Whether an element stands below others that the selectors name, in their order."""
    wanted = list(chain)
    for above in islice(element.iterancestors(), _DEEP):
        if wanted[-1] in _names(above):
            wanted.pop()
            if not wanted:
                break
    return not wanted


def _plain(style: str) -> str:
    """The rules for the screen, without comments and those of other @-blocks."""
    style = _COMMENT.sub("", style)
    return _AT_BLOCK.sub("", _MEDIA.sub(r"\1", style))
