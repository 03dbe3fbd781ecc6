"""What in a page is only there to find one's way: link bars, menus, tables of contents, the icons of notes, logos.

Left out, but never the whole of a page (`html.walk_tree` sees to that):
- by its tag, role or a class of its own: <nav>, <footer>, role=navigation, bread crumbs (`boilerplate`);
- by class or id, where few words in it stand outside links: DocBook's headers and footers, pagination, menus, side bars, banners;
- tables of contents: links within the same documents, with next to no other words, that a class, an id or the words above them name so;
- bars of links by their words: "Prev | Up | Next", "A | B | C", "Report a bug".
A list of links with explanations stays, and so does a list of links that nothing calls contents.
"""

from __future__ import annotations

import re
from itertools import islice
from typing import Any, NamedTuple

from lxml import etree

from ingest.figures import ICON_SIDE
from ingest.readers.html.fields import holds_answers

HEADINGS = tuple(f"h{level}" for level in range(1, 11))  # HTML has six; office documents have ten
_DROPPED = {
    "script", "style", "template", "noscript", "head", "nav", "footer", "canvas", "iframe", "embed", "video", "audio",
    "button", "select", "input", "textarea", "datalist", "dialog", "map", "annotation", "annotation-xml",
}  # fmt: skip
_ROLES = {"navigation", "search", "banner", "contentinfo", "complementary", "menu", "menubar", "toolbar", "dialog"}
_CLASSES = {
    "headerlink", "footnote-backref", "linenos", "sr-only", "visually-hidden", "breadcrumb", "breadcrumbs", "toc-backref",
}  # fmt: skip

_LISTS = {"ul", "ol", "dl", "menu", "dir"}
_BARS = {"p", "div", "center", "table", *_LISTS}
_JUDGED = {"section", "header", "aside", *_BARS}
_PAGE = ("main", "article", "h1")
_NAVIGATION = {"navheader", "navfooter", "docnav", "navpath", "pagination", "pager"}
_FOOTERS = {"footer", "page-footer", "site-footer"}
_MENUS = {"nav", "navbar", "navigation", "topnav", "subnav", "sidenav", "menu", "banner", "topbar", "masthead", *_NAVIGATION}
_SIDES = {"sidebar", "sphinxsidebar"}
_CONTENTS = {"toc", "toc2", "toctree", "tableofcontents", "contents"}
_CONTENTS_TITLE = re.compile(
    r"\W*(?:table of contents|contents|on this page|in this (?:chapter|section|article|document|page|manual)|inhalt(?:sverzeichnis)?"
    r"|sommaire|table des mati\u00e8res|\u00edndice|contenido|indice)\W*",
    re.I,
)
_WAYS = {"prev", "previous", "next", "up", "home", "top", "back", "contents", "index", "first", "last", "forward"}
_FILLERS = {"page", "section", "chapter", "to", "of", "the", "table", "start"}
_RELATIONS = {"prev", "previous", "next", "up", "home", "start", "contents", "index", "first", "last", "toc"}
_SERVICE = re.compile(
    r"\W*(?:report (?:an?|this) (?:\w+ )?(?:bug|error|issue|problem)\b.*|(?:edit|improve) (?:this|the) page\b.*|edit on \w+"
    r"|(?:view|show|page) source\b.*|(?:back|return|skip|jump) to (?:the )?(?:top|main content|content|navigation)\b.*)",
    re.I,
)
_SEPARATORS = re.compile("[|\u2022\u00b7\u00bb\u203a>\u2192/]")
_REMOTE = re.compile(r"(?:[a-z][a-z0-9+.-]*:|//)", re.I)
_FRONT_PAGE = re.compile(r"(?:(?:https?:)?//[^/?#]+/?|(?:\.{0,2}/)*(?:index\.x?html?)?)", re.I)

_MOST_BESIDE_LINKS = 300  # letters, in the header or the footer of a page
_MOST_IN_A_BAR = 400  # letters
_MOST_PARTS = 200  # elements in a bar
_MOST_OF_A_LINK = 40  # characters, in "A | B | C"

_ADMONITIONS = {"note", "tip", "warning", "caution", "important", "hint", "danger", "attention", "admonition", "admonitionblock"}
_ADMONITION_ALT = re.compile(r"\s*\[(?:note|tip|warning|caution|important|hint|danger|attention)\]\s*", re.I)
_FRAMES = {"figure", "informalfigure", "mediaobject", "inlinemediaobject", "imageblock"}


def boilerplate(element: Any) -> bool:
    """Whether an element is left out for what it is, whatever else the page holds."""
    tag, get = element.tag, element.get
    if tag == "footer":
        return next(element.iterancestors("blockquote", "figure"), None) is None
    if tag in _DROPPED or (get("role") or "").lower() in _ROLES:
        return tag != "dialog" or get("open") is None
    if (classes := get("class")) and not _CLASSES.isdisjoint(classes.lower().split()):
        return True
    if tag == "aside":
        words = len("".join(element.itertext()).split())
        return sum(len("".join(link.itertext()).split()) for link in element.iter("a")) > words / 2
    if tag == "form":  # some sites wrap the whole page in one
        return next(element.iter("p", "h1", "h2", "h3", "article", "img"), None) is None and not holds_answers(element)
    return False


class _Count(NamedTuple):
    """What a part of the page holds: letters in all and inside links, links and those that leave the documents, elements."""

    letters: int = 0
    linked: int = 0
    links: int = 0
    away: int = 0
    parts: int = 0

    def since(self, start: _Count) -> _Count:
        return _Count(*(now - then for now, then in zip(self, start, strict=True)))

    @property
    def beside(self) -> int:
        return self.letters - self.linked


def navigation(tree: Any) -> frozenset[Any]:
    """The elements of the page that are link bars, menus and tables of contents (see the head of this module); one walk."""
    found: set[Any] = set()
    letters = linked = links = away = parts = inside = 0
    starts: list[_Count] = []
    walk = etree.iterwalk(tree, events=("start", "end"))
    for event, element in walk:
        tag = element.tag
        if event == "start":
            parts += 1
            text = element.text
            if tag in ("script", "style", "head"):
                walk.skip_subtree()
                text = None
            elif tag in _JUDGED:
                starts.append(_Count(letters, linked, links, away, parts))
            elif tag == "a" and (target := element.get("href")) is not None:
                inside += 1
                links += 1
                away += _REMOTE.match(target) is not None
        else:
            text = element.tail
            if tag in _JUDGED:
                count = _Count(letters, linked, links, away, parts).since(starts.pop())
                found.update(_judged(element, tag, count))
            elif tag == "a" and element.get("href") is not None:
                inside -= 1
        if text:
            count_of_text = sum(map(str.isalpha, text))
            letters += count_of_text
            linked += count_of_text if inside else 0
    return frozenset(found)


def _judged(element: Any, tag: str, count: _Count) -> tuple[Any, ...]:
    """The element, where it is navigation, and the title above it."""
    classes = (element.get("class") or "").lower().split()
    ident = (element.get("id") or "").lower()
    if (classes or ident) and _named(element, {*classes, *(part for each in classes for part in re.split("[-_]", each))}, ident, count):
        return (element,)
    if not count.links:
        return ()
    if tag == "header" and _few_beside(count) and _of_the_page(element) and next(element.iter(*HEADINGS), None) is None:
        return (element,)
    if tag in _LISTS and count.links > 1 and not count.away and _few_beside(count) and (title := _contents_title(element)) is not None:
        return (element, title)
    if tag in _BARS and count.letters <= _MOST_IN_A_BAR and count.parts <= _MOST_PARTS and _bar(element, tag, count):
        return (element,)
    return ()


def _named(element: Any, classes: set[str], ident: str, count: _Count) -> bool:
    """Whether a class or the id of the element says that it is navigation, and its words do not gainsay it."""

    def called(names: set[str]) -> bool:
        return ident in names or not names.isdisjoint(classes)

    little = count.beside <= _MOST_BESIDE_LINKS
    if little and not _NAVIGATION.isdisjoint(classes):
        return next(element.iter(*HEADINGS), None) is None
    if little and element.tag == "div" and called(_FOOTERS):
        quoted = next(element.iterancestors("blockquote", "figure", "td"), None) is not None
        return not quoted and next(element.iter("img", *HEADINGS), None) is None
    if not count.links or not _few_beside(count) or next(element.iter(*_PAGE), None) is not None:
        return False
    contents = called(_CONTENTS) or ident == "table-of-contents"
    return called(_MENUS) or (contents and not count.away) or (called(_SIDES) and count.links > 2 and count.away * 2 <= count.links)


def _few_beside(count: _Count) -> bool:
    return count.beside <= min(30, count.linked) + 0.3 * count.linked


def _of_the_page(header: Any) -> bool:
    return next(header.iterancestors("main", "article", "section"), None) is None


def _contents_title(element: Any) -> Any:
    """What stands right above the element, where it says that this is a table of contents."""
    above = element.getprevious()
    if above is None or not isinstance(above.tag, str) or (above.tail or "").strip():
        return None
    title = "".join(islice(above.itertext(), 8)).strip()
    return above if len(title) <= _MOST_OF_A_LINK and _CONTENTS_TITLE.fullmatch(title) else None


def _bar(element: Any, tag: str, count: _Count) -> bool:
    """Whether a short block is a bar of links by its words."""
    links = [each for each in element.iter("a") if each.get("href") is not None]
    names = [_name(link) for link in links]
    if not count.beside and all(map(_SERVICE.fullmatch, names)):
        return True
    beside = "".join(_beside_links(element))
    words = re.findall(r"[^\W\d_]+", beside.lower())
    if _of_ways(words):
        ways = sum(_is_way(link, name) for link, name in zip(links, names, strict=True)) + sum(word in _WAYS for word in words)
        if ways * 2 >= len(links) and ways:
            return True
    if count.beside or any(map(str.isdigit, beside)) or tag not in ("p", "div", "center"):
        return False
    listed = len(links) > 2 and count.away < len(links) and all(0 < len(name) <= _MOST_OF_A_LINK for name in names)
    return listed and len(_SEPARATORS.findall(beside)) > 1 and next(element.iterancestors("td", "li", "dd", "dt"), None) is None


def _is_way(link: Any, name: str) -> bool:
    words = re.findall(r"[^\W\d_]+", name.lower())
    named = not _WAYS.isdisjoint(words) and _of_ways(words)
    return named or not _RELATIONS.isdisjoint((link.get("rel") or "").lower().split())


def _of_ways(words: list[str]) -> bool:
    return all(word in _WAYS or word in _FILLERS for word in words)


def _name(link: Any) -> str:
    text = " ".join("".join(link.itertext()).split())
    return text or next((each.get("alt") or "" for each in link.iter("img")), "")


def _beside_links(element: Any) -> list[str]:
    pieces = [element.text or ""]
    for child in element:
        if not (child.tag == "a" and child.get("href") is not None) and isinstance(child.tag, str):
            pieces += _beside_links(child)
        pieces.append(child.tail or "")
    return pieces


def decoration(picture: Any) -> int | None:
    """None for a picture that its page marks as mere decoration; else the side, in pixels, below which both its sides have to be for it
    to be one: 0 in most places, ICON_SIDE for what opens a note, a tip or a warning, twice that for what links to a front page."""
    alt = picture.get("alt")
    presentation = (picture.get("role") or "").lower() in ("presentation", "none")
    if alt is not None and ((presentation and not alt.strip()) or _ADMONITION_ALT.fullmatch(alt)):
        return None
    side, framed = 0, False
    for holder in picture.iterancestors():
        classes = {part for each in (holder.get("class") or "").lower().split() for part in re.split("[-_]", each)}
        framed = framed or holder.tag == "figure" or not _FRAMES.isdisjoint(classes)
        if not framed and not _ADMONITIONS.isdisjoint(classes) and _opens(picture, holder):
            side = max(side, ICON_SIDE)
        elif holder.tag == "a" and (target := holder.get("href")) is not None and not "".join(holder.itertext()).strip():
            logo = _FRONT_PAGE.fullmatch(target.strip()) or _in_page_header(holder)
            side = 2 * ICON_SIDE if logo else side
    return side


def _in_page_header(element: Any) -> bool:
    header = next(element.iterancestors("header"), None)
    return header is not None and _of_the_page(header)


def _opens(picture: Any, holder: Any) -> bool:
    """Whether the picture comes before all the words of its holder."""
    for event, element in etree.iterwalk(holder, events=("start", "end")):
        if element is picture:
            return True
        if ((element.text if event == "start" else element.tail) or "").strip():
            return False
    return False
