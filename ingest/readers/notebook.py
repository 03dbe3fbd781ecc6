"""Jupyter notebooks: words, code, and what the code gave out, made one HTML page that is walked as every other."""

from __future__ import annotations

import base64
import binascii
import json
import re
import warnings
from collections.abc import Iterator
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from lxml import etree

from ingest.blocks import Block, Document
from ingest.readers.html import parse, walk_tree
from ingest.readers.markdown import to_html
from ingest.readers.office import reference
from ingest.readers.references import Fetch, local_files
from ingest.readers.text import whole, without_blobs
from ingest.readers.titles import first_heading
from rag.errors import ReadError

if TYPE_CHECKING:
    from rag.pictures.ocr import Ocr

MAX_NOTEBOOK = 64_000_000  # bytes: pictures are in it as text
MAX_OUTPUT = 4_000  # characters; of a longer one the head and the end are kept
MAX_CAPTION = 200

_PICTURES = ("image/png", "image/jpeg", "image/svg+xml", "image/gif", "image/webp")
_TERMINAL = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)|[@-Z\\-_])")
_TITLE = re.compile(r"""(?:title|suptitle|set_title)\s*\(\s*[rf]?(["'])(.{3,200}?)\1|\btitle\s*=\s*[rf]?(["'])(.{3,200}?)\3""")


def read(path: Path, source: str, root: Path, ocr: Ocr | None) -> Iterator[Block]:
    """The cells in order under the headings of the Markdown ones. Output is kept as text, tables and pictures; of an error, its message.

    A picture's caption is the title that its code gives it, else the words before it where they are short. Raises ReadError where the
    file is no notebook, or is over 64 MB.
    """
    page = _Page(local_files(path.parent, root))
    for cell in _cells(path):
        if isinstance(cell, dict):
            page.add(cell)
    tree = parse(page.html())
    if tree is not None:
        yield Document(first_heading(tree))
        yield from walk_tree(tree, page.fetch)


def _cells(path: Path) -> list[Any]:
    """The cells of the notebook, of whatever version. Those of today's are not validated: many programs leave something out."""
    import nbformat

    text = whole(path, MAX_NOTEBOOK)
    try:
        notebook = json.loads(text)
        if not isinstance(notebook.get("cells"), list):
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                notebook = nbformat.reads(text, as_version=4)
        return notebook["cells"]
    except RecursionError as error:
        raise ReadError("The notebook is nested too deeply.", "Open it in Jupyter and save it anew.") from error
    except Exception as error:  # what a broken one meets in there is of no one kind
        hint = "Open it in Jupyter; if it shows there, save it anew."
        raise ReadError("The file is not a notebook, or a damaged one.", hint) from error


class _Page:
    """The HTML of the cells, each whole in itself, and the bytes of the pictures that it refers to."""

    def __init__(self, files: Fetch) -> None:
        self._parser = to_html()
        self._files = files
        self._parts: list[str] = []
        self._pictures: dict[str, str] = {}
        self._words = ""  # of the last Markdown cell, where they are short enough for a caption

    def html(self) -> str:
        return "\n".join(self._parts)

    def fetch(self, name: str) -> bytes | None:
        """The picture of an output or an attachment, or a file beside the notebook."""
        data = self._pictures.get(name)
        if data is None:
            return self._files(name)
        if data.lstrip().startswith("<"):
            return data.encode("utf-8", "replace")
        try:
            return base64.b64decode(data)
        except (binascii.Error, ValueError):
            return None

    def add(self, cell: dict[str, Any]) -> None:
        source = _joined(cell.get("source"))
        kind = cell.get("cell_type")
        if kind == "markdown":
            self._markdown(source, cell)
        elif kind == "code":
            self._preformatted(without_blobs(source))
            titles = [found[2] or found[4] for found in _TITLE.finditer(source)]
            for output in _items(cell.get("outputs")):
                self._output(output, titles or [self._words])
            self._words = ""
        else:
            self._preformatted(source)

    def _markdown(self, source: str, cell: dict[str, Any]) -> None:
        attached = cell.get("attachments")
        for name, bundle in attached.items() if isinstance(attached, dict) else ():
            if (picture := self._picture(bundle)) is not None:
                source = source.replace(f"attachment:{name}", picture).replace(f"attachment:{quote(name)}", picture)
        self._parts.append(_whole(self._parser.render(source)))
        last = source.strip().rsplit("\n\n", 1)[-1]
        self._words = " ".join(last.strip("#*_ ").split()) if len(last) <= MAX_CAPTION and "](" not in last else ""

    def _output(self, output: dict[str, Any], captions: list[str]) -> None:
        if output.get("output_type") == "stream":
            self._preformatted(_shortened(_joined(output.get("text"))))
        elif output.get("output_type") == "error":
            self._preformatted(_plain(f"{_joined(output.get('ename'))}: {_joined(output.get('evalue'))}").strip(": ")[:MAX_OUTPUT])
        else:
            data = output.get("data")
            self._shown(data if isinstance(data, dict) else {}, captions)

    def _shown(self, data: dict[str, Any], captions: list[str]) -> None:
        """One output, in the form of it that says most; a picture takes the next of the captions, the last as often as need be."""
        if (picture := self._picture(data)) is not None:
            caption = captions.pop(0) if len(captions) > 1 else captions[0]
            self._parts.append(f'<p><img src="{picture}" alt="{escape(caption)}"></p>')
        elif tables := _tables(_joined(data.get("text/html"))):
            self._parts.append(tables)
        elif "text/markdown" in data:
            self._parts.append(_whole(self._parser.render(_joined(data["text/markdown"]))))
        else:
            self._preformatted(_shortened(_joined(data.get("text/plain") or data.get("text/latex"))))

    def _picture(self, data: Any) -> str | None:
        """The reference to the picture of an output or an attachment; None where it has none."""
        for kind in _PICTURES if isinstance(data, dict) else ():
            if content := _joined(data.get(kind)):
                name = reference(str(len(self._pictures)))
                self._pictures[name] = content
                return name
        return None

    def _preformatted(self, text: str) -> None:
        if text.strip():
            self._parts.append(f"<pre>{escape(text)}</pre>")


def _items(value: Any) -> Iterator[dict[str, Any]]:
    return (each for each in value if isinstance(each, dict)) if isinstance(value, list) else iter(())


def _joined(value: Any) -> str:
    """A text of a notebook, which may be a list of its lines."""
    return "".join(each for each in value if isinstance(each, str)) if isinstance(value, list) else value if isinstance(value, str) else ""


def _plain(text: str) -> str:
    """Text for a terminal as one reads it: no colours, and of a line written over again only its last state."""
    lines = _TERMINAL.sub("", text).replace("\r\n", "\n").split("\n")
    return "\n".join(line.rstrip("\r").rsplit("\r", 1)[-1] for line in lines)


def _shortened(text: str) -> str:
    text = without_blobs(_plain(text))
    if len(text) <= MAX_OUTPUT:
        return text
    return f"{text[: MAX_OUTPUT * 3 // 4].rsplit(chr(10), 1)[0]}\n…\n{text[-MAX_OUTPUT // 4 :].split(chr(10), 1)[-1]}"


def _tables(html: str) -> str:
    """The outermost tables of an HTML text, each whole in itself."""
    tree = _tree(html) if "<table" in html.lower() else None
    found = [] if tree is None else tree.xpath("//table[not(ancestor::table)]")
    return "".join(etree.tostring(table, encoding="unicode", method="html", with_tail=False) for table in found)


def _whole(html: str) -> str:
    """The HTML with everything closed in it that it opens, so that it cannot reach into what follows."""
    tree = _tree(html)
    return "" if tree is None else f"<div>{etree.tostring(tree, encoding='unicode', method='html')}</div>"


def _tree(html: str) -> Any:
    parser = etree.HTMLParser(no_network=True, remove_comments=True, remove_pis=True, encoding="utf-8")
    try:
        return etree.fromstring(html.encode("utf-8", "replace"), parser)
    except (etree.XMLSyntaxError, ValueError):
        return None
