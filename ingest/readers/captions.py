"""Captions that a document has as paragraphs of their own, put to the pictures that they stand beside."""

from __future__ import annotations

from typing import Any

from lxml import etree

from ingest.figures import label

CLASS = "caption"


def adopt(tree: Any) -> None:
    """Makes a `<figure>` with a `<figcaption>` of every `<p class="caption">` of the HTML tree and the picture beside it: in it, above
    it, or else below it. One that begins with "Table" or stands beside no picture goes to the table below or above; else it stays."""
    for caption in tree.xpath(f"//p[@class='{CLASS}']"):
        above, below = caption.getprevious(), caption.getnext()
        if caption.find(".//img") is not None:
            _part(caption)
        elif not _of_table(caption, above, below) and (owner := next(filter(_only_pictures, (above, below)), None)) is not None:
            owner.tag, caption.tag = "figure", "figcaption"
            owner.append(caption)
        elif (table := next(filter(_uncaptioned, (below, above)), None)) is not None:
            caption.tag = "caption"
            table.insert(0, caption)


def _part(paragraph: Any) -> None:
    """The pictures of a paragraph, and under them its words."""
    text, images = "".join(paragraph.itertext()), paragraph.findall(".//img")
    for child in list(paragraph):
        paragraph.remove(child)
    paragraph.tag, paragraph.text = "figure", None
    for image in images:
        image.tail = None
        paragraph.append(image)
    if text.strip():
        etree.SubElement(paragraph, "figcaption").text = text


def _of_table(caption: Any, *beside: Any) -> bool:
    named = label("".join(caption.itertext()).strip())
    return bool(named and named.lower().startswith("table")) and any(each is not None and each.tag == "table" for each in beside)


def _uncaptioned(element: Any) -> bool:
    return element is not None and element.tag == "table" and element.find("caption") is None


def _only_pictures(element: Any) -> bool:
    return element is not None and element.tag == "p" and element.find(".//img") is not None and not "".join(element.itertext()).strip()
