"""What stands on a sheet of Excel's beside its cells: notes and comments, boxes of text, diagrams, charts, pictures, head and foot."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterable, Iterator
from typing import Any

from ingest.cells import Cells
from ingest.figures import describes
from ingest.readers.pptx.words import lines
from ingest.readers.sheet.book import Drawn, Remark, Sheet
from ingest.readers.sheet.package import Related, elements, parsed, related
from ingest.readers.sheet.text import rich

_MOST = 5_000  # of a kind, on one sheet
_THREAD = "tc="  # what the author of a note is called that only stands for a comment
_CODES = re.compile(r'&(?:"[^"]*"|K[0-9A-Fa-f]{6}|K\d\d[+-]\d{3}|\d{1,3}|[A-Z&])')
_PARTS = re.compile(r"&[LCR]")


def on_sheet(
    sheet: Sheet, archive: zipfile.ZipFile, relations: Related, prompts: Iterable[tuple[str, str]], people: dict[str, str]
) -> None:
    """Puts what the parts beside it say to a sheet."""
    for name in relations.all("/comments"):
        sheet.remarks += _notes(parsed(archive, name))
    for name in relations.all("/threadedComment"):
        sheet.remarks += _comments(parsed(archive, name), people)
    for where, words in list(prompts)[:_MOST]:
        sheet.remarks.append(Remark("Hint for", " ".join(words.split()), _first(where)))
    for name in relations.all("/drawing"):
        _drawing(sheet, archive, name)


def header_and_footer(margins: Iterable[str]) -> Iterator[Remark]:
    """What is printed above and below a sheet, without codes for the page, the day and the file."""
    for text in dict.fromkeys(margins):
        parts = [" ".join(_CODES.sub(" ", part).split()) for part in _PARTS.split(text)]
        words = " | ".join(
            part for part in parts if re.search(r"[^\W\d]{3,}", part) and part.lower().strip(" :/") not in ("page", "page of")
        )
        if words:
            yield Remark("Head or foot of the printed page", words)


def _first(where: str) -> Cells | None:
    return Cells.parse(where.replace("$", "").split(" ")[0])


def _notes(root: Any) -> Iterator[Remark]:
    authors = [" ".join("".join(each.itertext()).split()) for each in elements(root, "author")]
    for note, _ in zip(elements(root, "comment"), range(_MOST), strict=False):
        at = note.get("authorId") or ""
        author = authors[int(at)] if at.isascii() and at.isdigit() and len(at) < 8 and int(at) < len(authors) else ""
        text = note.find("{*}text")
        if author.startswith(_THREAD) or text is None:
            continue
        words = _lines(rich(text))
        if author and words.startswith(f"{author}:"):
            words = words.removeprefix(f"{author}:").strip()
        if words:
            yield Remark(f"Note by {author} on" if author else "Note on", words, _first(note.get("ref") or ""))


def _comments(root: Any, people: dict[str, str]) -> Iterator[Remark]:
    for comment, _ in zip(elements(root, "threadedComment"), range(_MOST), strict=False):
        author = people.get(comment.get("personId") or "", "")
        kind = "Answer" if comment.get("parentId") else "Comment"
        done = " (done)" if comment.get("done") in ("1", "true") else ""
        if words := _lines("".join(each.text or "" for each in comment.iterfind("{*}text"))):
            yield Remark(f"{kind}{done} by {author} on" if author else f"{kind}{done} on", words, _first(comment.get("ref") or ""))


def _lines(text: str) -> str:
    return "\n".join(filter(None, (" ".join(line.split()) for line in text.split("\n"))))


def _drawing(sheet: Sheet, archive: zipfile.ZipFile, name: str) -> None:
    relations = related(archive, name)
    root = parsed(archive, name)
    for anchor in root if root is not None else ():
        if not isinstance(anchor.tag, str):
            continue
        cells = _anchored(anchor)
        for shape in elements(anchor, "pic", "sp", "graphicFrame", "cxnSp", "grpSp"):
            if not _is_shown(shape) or len(sheet.remarks) > 2 * _MOST:
                continue
            kind = shape.tag.rpartition("}")[2]
            described = next(elements(shape, "cNvPr"), None)
            alt = described.get("descr") if described is not None else None
            if kind == "pic":
                for blip in elements(shape, "blip"):
                    if target := relations.targets.get(_id(blip, "embed")):
                        sheet.drawn.append(Drawn(cells, target, alt))
            elif kind == "graphicFrame":
                _framed(sheet, archive, relations, shape, cells, alt)
            else:
                body = shape.find("{*}txBody") if kind != "grpSp" else None
                words = "\n".join(lines(body, False)) if body is not None else ""
                if words:
                    sheet.remarks.append(Remark("", words, cells))
                if describes(alt) and alt and alt not in words:
                    sheet.remarks.append(Remark("Drawing at", " ".join(alt.split()), cells))


def _framed(sheet: Sheet, archive: zipfile.ZipFile, relations: Related, frame: Any, cells: Cells, alt: str | None) -> None:
    """A chart or a diagram."""
    for chart in elements(frame, "chart"):
        if target := relations.targets.get(_id(chart, "id")):
            sheet.charts.append(Drawn(cells, target, alt))
    for diagram in elements(frame, "relIds"):
        data = parsed(archive, relations.targets.get(_id(diagram, "dm"), ""))
        words = ["\n".join(lines(body, False)) for point in elements(data, "pt") if (body := point.find("{*}t")) is not None]
        if text := "\n".join(filter(None, words)):
            sheet.remarks.append(Remark("", text, cells))


def _is_shown(shape: Any) -> bool:
    """Whether a shape is neither hidden, nor the copy of another for programs that do not know that."""
    if any(each.tag.endswith("}Fallback") for each in shape.iterancestors() if isinstance(each.tag, str)):
        return False
    own = next(elements(shape, "cNvPr"), None)
    return own is None or own.get("hidden") not in ("1", "true")


def _id(element: Any, name: str) -> str:
    return next((str(value) for key, value in element.attrib.items() if str(key).endswith(f"}}{name}")), "")


def _anchored(anchor: Any) -> Cells:
    corners = [_corner(anchor, name) for name in ("from", "to")]
    start = corners[0] or (1, 1)
    end = corners[1] or start
    return Cells(*start, max(start[0], end[0]), max(start[1], end[1]))


def _corner(anchor: Any, name: str) -> tuple[int, int] | None:
    """Column and row of a corner, from 1."""
    numbers = [anchor.findtext(f"{{*}}{name}/{{*}}{axis}") or "" for axis in ("col", "row")]
    column, row = (int(number) + 1 if number.isascii() and number.isdigit() and len(number) < 8 else 0 for number in numbers)
    return (column, row) if column and row else None
