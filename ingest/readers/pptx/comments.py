"""Comments on slides, of the old kind and of the new, with their authors."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ingest.readers.packed import markup
from ingest.readers.pptx.words import one_line
from rag.errors import ReadError

_MAX = 2_000


def comments(part: Any, authors: dict[str, str]) -> Iterator[str]:
    """What was noted on the slide of this part, replies after what they reply to."""
    found = 0
    for root in _related(part, "comments"):
        for comment in root.iter("{*}cm", "{*}reply"):
            body = comment.find("{*}txBody")
            text = one_line(body) if body is not None else " ".join((comment.findtext("{*}text") or "").split())
            if not text or found >= _MAX:
                continue
            found += 1
            author = authors.get(comment.get("authorId") or "", "")
            yield f"Comment by {author}: {text}" if author else f"Comment: {text}"


def authors(part: Any) -> dict[str, str]:
    """The names of those who commented, by the ids that the part of the presentation gives them."""
    found: dict[str, str] = {}
    for kind in ("commentAuthors", "authors"):
        for root in _related(part, kind):
            for author in root:
                if isinstance(author.tag, str) and author.get("id"):
                    found.setdefault(author.get("id"), " ".join((author.get("name") or "").split())[:80])
    return found


def _related(part: Any, kind: str) -> Iterator[Any]:
    for relation in part.rels.values():
        if not relation.is_external and relation.reltype.rpartition("/")[2] == kind:
            try:
                yield markup(relation.target_part.blob)
            except ReadError:
                continue
