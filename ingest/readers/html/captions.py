"""Which words of a page are the caption of which picture: those in its own frame, cell or table before any that stand beside it."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Any, NamedTuple

from ingest.figures import label

MAX_CAPTION = 400  # characters
_PICTURES = ("img", "picture", "svg", "object")
_SILENT = ("svg", "object", "script", "style")
_FRAMES = {"figure", "informalfigure", "mediaobject", "imageblock", "image", "thumb", "thumbinner", "thumbnail", "gallerybox", "wp-caption"}
_TITLED = {"figure", "informalfigure", "imageblock"}  # whose `title` is the figure's
_NO_CAPTION_CELL = ("table", "pre", "ul", "ol", "dl", "h1", "h2", "h3", "h4", "h5", "h6")
_LEVELS = 4  # that a caption's own wrappers are followed up
_BESIDE = 6  # elements without words that may lie between a caption and its picture
_LOOK = 60  # elements looked at in one of them


class Captions(NamedTuple):
    """`of`: the caption of a picture's element. `elements`: those whose words are captions; `words`: these."""

    of: dict[Any, str]
    elements: set[Any]
    words: frozenset[str] = frozenset()


def captions(tree: Any) -> Captions:
    """The captions of the page's pictures, by containment.

    A caption is a <figcaption>, an element with "caption" in a class, or the `title` of a figure of DocBook or AsciiDoc. It goes to the
    pictures of its frame (<figure>, `mediaobject`, ...): to each its own where there are as many captions as pictures, else to all. That
    of an outer frame comes before those in inner ones. Without a frame it goes to the pictures that stand right before it, else right
    after it. In a table of pictures the row below has the captions, or the row above; in a cell the words around its only picture.
    """
    found = Captions({}, set())
    framed: dict[Any, list[Any]] = {}
    loose: list[Any] = []
    empty: set[Any] = set()  # frames without pictures
    for element in tree.iter():
        tag = element.tag
        classes = element.get("class") if isinstance(tag, str) else None
        if tag == "figcaption" or (classes and _is_caption(element, tag, classes.lower())):
            if any(above in found.elements for above in element.iterancestors()):
                continue
            frame = next(filter(_is_frame, element.iterancestors()), None)
            if frame is not None and frame not in framed and frame not in empty and next(_pictures(frame), None) is None:
                empty.add(frame)
            if frame is None or frame in empty:
                loose.append(element)
            else:
                framed.setdefault(frame, []).append(element)
                found.elements.add(element)
    for frame in sorted(framed, key=_depth, reverse=True):
        _give(found, list(_pictures(frame)), [words(each) for each in framed[frame]])
    for caption in loose:
        if not any(above in found.elements for above in caption.iterancestors()) and (shown := _beside(caption, found.of)):
            found.elements.add(caption)
            found.of.update(dict.fromkeys(shown, words(caption)))
    for table in tree.iter("table"):
        _tabulated(found, table)
    return found._replace(words=frozenset(map(words, found.elements)))


def words(element: Any) -> str:
    """The words of an element in one line, without those in its drawings."""
    return " ".join("".join(_spoken(element)).split())


def _spoken(element: Any) -> Iterator[str]:
    yield element.text or ""
    for child in element:
        if isinstance(child.tag, str) and child.tag not in _SILENT:
            yield from _spoken(child)
        yield child.tail or ""


def _depth(element: Any) -> int:
    return sum(1 for _ in element.iterancestors())


def _is_frame(element: Any) -> bool:
    return element.tag == "figure" or bool((classes := element.get("class")) and not _FRAMES.isdisjoint(classes.lower().split()))


def _is_caption(element: Any, tag: str, classes: str) -> bool:
    if tag in ("caption", "table", "body"):
        return False
    named = "caption" in classes or "gallerytext" in classes
    if not named and "title" in classes.split():
        holder = element.getparent()
        named = holder is not None and not _TITLED.isdisjoint((holder.get("class") or "").lower().split())
    return named and next(_pictures(element), None) is None


def _pictures(element: Any) -> Iterator[Any]:
    """The pictures in an element, those in another one not."""
    for each in element.iter(*_PICTURES):
        holder = each.getparent()
        if holder is None or each is element or holder.tag not in _PICTURES:
            yield each


def _give(found: Captions, shown: list[Any], texts: list[str]) -> None:
    texts = [text for text in texts if text]
    whole = " ".join(texts)
    for at, picture in enumerate(shown):
        text = texts[at] if len(texts) == len(shown) else whole
        inner = found.of.get(picture)
        mark = "" if text.endswith((".", ":", "!", "?")) else ":"
        both = f"{text}{mark} {inner}" if inner and text and not text.endswith(inner) else text or inner
        if both:
            found.of[picture] = both


def _beside(caption: Any, taken: dict[Any, str]) -> list[Any]:
    """The pictures right before a caption without a frame that have none yet, else those right after it."""
    text, branch = words(caption), caption
    for _ in range(_LEVELS):
        before, after = list(islice(branch.itersiblings(preceding=True), _BESIDE)), list(islice(branch.itersiblings(), _BESIDE))
        if (label(text) or "").lower().startswith("table") and any(each.tag == "table" for each in (before[:1] + after[:1])):
            return []
        shown = _run(before, taken, [each.tail for each in before])
        shown = shown or _run(after, taken, [branch.tail, *(each.tail for each in after)])
        holder = branch.getparent()
        if shown or holder is None or before or after or (holder.text or "").strip() or (branch.tail or "").strip():
            return shown
        branch = holder
    return []


def _run(siblings: list[Any], taken: dict[Any, str], between: list[str | None]) -> list[Any]:
    """The pictures in the nearest siblings, up to the first words."""
    shown: list[Any] = []
    for sibling, text in zip(siblings, between, strict=False):
        if (text or "").strip() or not isinstance(sibling.tag, str):
            break
        if sibling.tag not in _SILENT and "".join(islice(_spoken(sibling), _LOOK)).strip():
            break
        here = list(islice(_pictures(sibling), _LOOK))
        if any(picture in taken for picture in here):
            break
        shown += here
    return shown


def _tabulated(found: Captions, table: Any) -> None:
    """Gives the pictures of a table the words of their cell, or of the cell below or above."""
    if next(_pictures(table), None) is None or next(table.iterdescendants("table"), None) is not None:
        return
    rows = [[cell for cell in row if cell.tag in ("td", "th")] for row in table.iter("tr")]
    kinds = [_kind(row) for row in rows]
    for at, (row, kind) in enumerate(zip(rows, kinds, strict=True)):
        if kind == "words":
            continue
        for cell in row if kind == "mixed" else ():
            _cell(found, cell)
        if kind == "pictures":
            below = rows[at + 1] if at + 1 < len(rows) and kinds[at + 1] == "words" else []
            above = rows[at - 1] if at and kinds[at - 1] == "words" else []
            swapped = kinds[0] == "words" and kinds[-1] == "pictures"
            for beside in (above, below) if swapped else (below, above):
                if len(beside) in (1, len(row)):
                    _pair(found, row, beside)
                    break


def _kind(row: list[Any]) -> str:
    """Whether the cells of a row hold "pictures" only, "words" only, or are "mixed"."""
    shown = [next(_pictures(cell), None) is not None for cell in row]
    said = [bool(words(cell)) for cell in row]
    if not any(shown):
        return "words"
    return "mixed" if any(said) else "pictures"


def _pair(found: Captions, row: list[Any], beside: list[Any]) -> None:
    for cell, other in zip(row, beside if len(beside) > 1 else beside * len(row), strict=True):
        text = words(other)
        free = [picture for picture in _pictures(cell) if picture not in found.of]
        if free and 0 < len(text) <= MAX_CAPTION and next(other.iter(*_NO_CAPTION_CELL), None) is None:
            found.of.update(dict.fromkeys(free, text))
            found.elements.add(other)


def _cell(found: Captions, cell: Any) -> None:
    """The words of a cell are the caption of its only picture, where all come after it, or all before it."""
    shown = list(_pictures(cell))
    text = words(cell)
    if len(shown) != 1 or shown[0] in found.of or not 0 < len(text) <= MAX_CAPTION or next(cell.iter(*_NO_CAPTION_CELL), None) is not None:
        return
    before = _words_before(cell, shown[0])
    if not before or before == text:
        found.of[shown[0]] = text
        found.elements.add(cell)


def _words_before(cell: Any, picture: Any) -> str:
    pieces: list[str] = []

    def collect(element: Any) -> bool:
        if element is picture:
            return True
        pieces.append(element.text or "")
        for child in element:
            if collect(child):
                return True
            pieces.append(child.tail or "")
        return False

    collect(cell)
    return " ".join("".join(pieces).split())
