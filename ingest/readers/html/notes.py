"""Which note of a page belongs to which raised mark, so that it is told where it is referred to and not at the end of the page."""

from __future__ import annotations

from typing import Any

_HOLDERS = {"li", "p", "div", "aside", "dd", "td", "blockquote", "section"}
_FEW = 2_000  # characters
_LISTED = ("references", "bibliography", "reflist", "citation", "csl-")  # works that a text cites stay a list
_CITED = ("cite_note", "bib", "cr", "ref-", "references")


def notes_by_mark(tree: Any) -> dict[Any, Any]:
    """The notes by the <sup> that refers to them: they come after it, and refer back to it or are called a note."""
    marks = [(mark, link) for mark in tree.iter("sup") if (link := _link(mark)) is not None]
    if not marks:
        return {}
    wanted = {link.get("href")[1:] for _, link in marks}
    order: dict[Any, int] = {}
    targets: dict[str, Any] = {}
    for at, element in enumerate(tree.iter()):
        ident = (element.get("id") or element.get("name") or "") if isinstance(element.tag, str) else ""
        if ident in wanted:
            targets.setdefault(ident, element)
            order[element] = at
        elif element.tag in ("sup", "a"):
            order[element] = at
    found: dict[Any, Any] = {}
    for mark, link in marks:
        target = targets.get(link.get("href")[1:])
        note = _holder(target) if target is not None and order[target] > order[mark] else None
        if note is not None and not _cites(note, target) and _is_note(note, mark, link):
            found[mark] = note
            for back in note.iter("a"):  # the way back is no part of the note
                if back.get("href") in _places(mark, link):
                    back.text = None
                    del back[:]
    return found


def _places(mark: Any, link: Any) -> set[str]:
    """What links to a mark name."""
    return {f"#{each.get('id')}" for each in (mark, link, mark.getparent(), *mark.iter()) if each is not None and each.get("id")}


def _link(mark: Any) -> Any:
    """The link to a place on the page that is raised, or raised in."""
    above = mark.getparent()
    links = [each for each in (mark, *mark.iter("a"), above) if each is not None and (each.get("href") or "").startswith("#")]
    return next((each for each in links if len(each.get("href")) > 1), None)


def _holder(target: Any) -> Any:
    """The block that is the note, of which the target may be but the beginning."""
    for _ in range(3):
        if target is None or target.tag in _HOLDERS:
            break
        target = None if target.getprevious() is not None else target.getparent()
    return target if target is not None and target.tag in _HOLDERS else None


def _is_note(note: Any, mark: Any, link: Any) -> bool:
    if sum(map(len, note.itertext())) > _FEW or next(note.iter("table", "pre", "h1", "h2", "h3"), None) is not None:
        return False
    places = _places(mark, link)
    if any(each.get("href") in places for each in note.iter("a")):
        return True
    return any("footnote" in _said(each) or "endnote" in _said(each) for each in (note, note.getparent()) if each is not None)


def _cites(note: Any, target: Any) -> bool:
    ident = (target.get("id") or "").lower()
    return ident.startswith(_CITED) or any(word in _said(each) for each in (note, note.getparent()) if each is not None for word in _LISTED)


def _said(element: Any) -> str:
    return " ".join(str(element.get(name) or "") for name in ("class", "role", "epub:type", "id")).lower()
