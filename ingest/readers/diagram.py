"""Diagrams of Office (SmartArt, ECMA-376 part 1, 21.4) as words: the nodes of the data model in their order, each with its depth."""

from __future__ import annotations

from typing import Any

_MAX_NODES = 5_000
_SHAPES = {"node", "asst", ""}


def diagram_lines(root: Any) -> list[tuple[int, str]]:
    """The words of the nodes, those below a node after it; the outermost have depth 0. What hangs on nothing comes last."""
    words: dict[str, str] = {}
    roots: list[str] = []
    for point in root.iter("{*}pt"):
        kind, id = point.get("type") or "", point.get("modelId") or ""
        if kind == "doc":
            roots.append(id)
        elif kind in _SHAPES and id:
            paragraphs = ("".join(text.text or "" for text in each.iter("{*}t")) for each in point.iterfind("{*}t/{*}p"))
            words[id] = " ".join(" ".join(paragraphs).split())
    below: dict[str, list[tuple[int, str]]] = {}
    for link in root.iter("{*}cxn"):
        if (link.get("type") or "parOf") == "parOf" and link.get("destId") in words:
            place = link.get("srcOrd") or ""
            order = int(place) if place.isascii() and place.isdigit() and len(place) < 7 else 0
            below.setdefault(link.get("srcId") or "", []).append((order, link.get("destId") or ""))
    lines: list[tuple[int, str]] = []
    waiting = [(0, id) for id in reversed(words)] + [(0, id) for top in reversed(roots) for id in _children(below, top)]
    seen: set[str] = set()
    while waiting and len(seen) < _MAX_NODES:
        depth, id = waiting.pop()
        if id in seen:
            continue
        seen.add(id)
        if words[id]:
            lines.append((depth, words[id]))
        waiting += [(depth + bool(words[id]), each) for each in _children(below, id)]
    return lines


def _children(below: dict[str, list[tuple[int, str]]], id: str) -> list[str]:
    """Those below a node, the first of them last."""
    return [each for _, each in sorted(below.get(id, ()), key=lambda pair: pair[0], reverse=True)]
