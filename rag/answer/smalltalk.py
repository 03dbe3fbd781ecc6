"""What is answered to small talk, and to questions about the library itself: nothing is searched for these."""

from __future__ import annotations

import re
from pathlib import Path

from rag.language.smalltalk import kind
from rag.storage.catalog import Catalog

NAMED = 12  # files that an answer names
LONGEST_NAME = 80
NOTHING_SEARCHED = "Nothing was searched for this."

_MARK = re.compile(r"\[(\d+|unverified)\]")

_TOLD = {
    "greeting": "Hello. Ask me about the documents and pictures in this library.",
    "thanks": "You are welcome.",
    "farewell": "Goodbye.",
    "assent": "Good. Ask whenever you want to know more.",
    "self": "I am Diptych. I look for what you ask in the documents and pictures of this library, and answer from what they say and show, "
    "with the passage that each sentence rests on; what they do not hold I do not know.",
}


def told(catalog: Catalog, folder: Path, said: str) -> str | None:
    """The answer to small talk, and to a question about the library itself; None where the documents are to be asked. `folder` is the
    library's own."""
    which = kind(said)
    if which is None:
        return None
    return f"{_holdings(catalog, folder) if which == 'library' else _TOLD[which]} {NOTHING_SEARCHED}"


def _holdings(catalog: Catalog, folder: Path) -> str:
    counts = catalog.counts()
    sources = [each.source for each in catalog.sources()]
    if not sources:
        return "The library is empty. Add files in the chat, or with `diptych ingest PATH`."
    held = ", ".join([_count(counts["files"], "file"), _count(counts["passages"], "passage")])
    roots = [str(root) for root in catalog.roots() if not root.is_relative_to(folder.resolve())]
    where = f" They come from {', '.join(map(_name, roots[:NAMED]))}." if roots else ""
    names = ", ".join(map(_name, sources[:NAMED]))
    more = f" and {len(sources) - NAMED:,} more (diptych list names them)" if len(sources) > NAMED else ""
    return (
        f"The library holds {held} and {_count(counts['pictures'], 'picture')}.{where} The files: {names}{more}. "
        "Ask about what they say or show."
    )


def _count(number: int, what: str) -> str:
    return f"{number:,} {what}" + "s" * (number != 1)


def _name(name: str) -> str:
    """A file's name as a piece of a sentence: one line, not too long, and nothing in it that looks like a citation."""
    name = _MARK.sub(r"(\1)", " ".join(name.split()))
    return name if len(name) <= LONGEST_NAME else f"{name[: LONGEST_NAME // 2]}…{name[-LONGEST_NAME // 2 :]}"
