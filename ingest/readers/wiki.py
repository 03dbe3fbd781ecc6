"""What note-takers' Markdown has beyond CommonMark: [[links]] by the name of a note, ![[embeds]] by that of a file, %%comments%%."""

from __future__ import annotations

import os
import re
import time
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, unquote

from ingest.readers.references import Fetch

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.rules_inline import StateInline

_PICTURE = re.compile(r".+\.(?:png|jpe?g|gif|webp|svg|bmp|tiff?|avif|heic)", re.I)
_SIZE = re.compile(r"\s*(?:\d+\s*(?:x\s*\d+)?|left|right|center|inline)\s*", re.I)
_LINK = re.compile(r"(!?)\[\[([^\[\]\n]{1,400})\]\](?![(\[])")
_COMMENT = re.compile(r"%%[^%](?:[^%]|%(?!%)){0,2000}%%")
_MOST_FILES = 100_000
_FRESH = 30  # seconds that the names in a folder are remembered


def wiki_plugin(parser: MarkdownIt) -> None:
    """Teaches a parser these marks. The names of embedded pictures are put to `embeds` in its environment."""
    parser.inline.ruler.before("link", "wiki_link", _link)
    parser.inline.ruler.before("image", "wiki_embed", _link)
    parser.inline.ruler.before("emphasis", "wiki_comment", _comment)
    parser.inline.add_terminator_char("%")


def _link(state: StateInline, silent: bool) -> bool:
    found = _LINK.match(state.src, state.pos)
    if found is None or not any(map(str.isalpha, found[2])):
        return False
    target, _, shown = found[2].replace("\\|", "|").partition("|")
    if not silent:
        _told(state, found[1] == "!", target.strip(), shown.strip())
    state.pos = found.end()
    return True


def _told(state: StateInline, embedded: bool, target: str, shown: str) -> None:
    name, _, heading = target.partition("#")
    if embedded and _PICTURE.fullmatch(name):
        parts = [part for part in shown.split("|") if part.strip() and not _SIZE.fullmatch(part)]
        reference = quote(name.strip())
        state.env.setdefault("embeds", set()).add(reference)
        token = state.push("image", "img", 0)
        token.attrs = {"src": reference, "alt": ""}
        token.content = " ".join(parts)
        token.children = list(_text(token.content))
        return
    page = name.rpartition("/")[2].removesuffix(".md")
    token = state.push("text", "", 0)
    token.content = shown or " > ".join(part.strip() for part in (page, *heading.split("#")) if part.strip() and not part.startswith("^"))


def _text(words: str) -> Iterator[Any]:
    from markdown_it.token import Token

    yield Token("text", "", 0, content=words)


def _comment(state: StateInline, silent: bool) -> bool:
    found = _COMMENT.match(state.src, state.pos)
    if found is None or state.src[max(state.pos - 1, 0)].isalnum():  # "100%%" is none
        return False
    state.pos = found.end()
    return True


def vault_files(folder: Path, root: Path, files: Fetch, embeds: set[str]) -> Fetch:
    """As `files`; a picture that is embedded by its name is looked for in the whole of `root`, where it is not beside the note."""

    def fetch(reference: str) -> bytes | None:
        data = files(reference)
        if data is not None or reference not in embeds:
            return data
        wanted = unquote(reference).replace("\\", "/").strip("/")
        named = _names(root.resolve(), int(time.monotonic() / _FRESH)).get(wanted.rpartition("/")[2].casefold(), [])
        fitting = [path for path in named if f"/{path}".casefold().endswith(f"/{wanted}".casefold())]
        near = sorted(fitting, key=lambda path: (_apart(path, folder.resolve(), root.resolve()), path))
        return files(f"/{quote(near[0])}") if near else None

    return fetch


@lru_cache(maxsize=2)
def _names(root: Path, _: int) -> dict[str, list[str]]:
    """The pictures below a folder, by their names in small letters; hidden folders are passed over."""
    found: dict[str, list[str]] = {}
    seen = 0
    for folder, folders, names in os.walk(root):
        folders[:] = [name for name in folders if not name.startswith(".") and name != "node_modules"]
        seen += len(names) + 1
        if seen > _MOST_FILES:
            break
        for name in names:
            if _PICTURE.fullmatch(name):
                found.setdefault(name.casefold(), []).append((Path(folder) / name).relative_to(root).as_posix())
    return found


def _apart(path: str, folder: Path, root: Path) -> int:
    """How many folders lie between a file and a note."""
    one = Path(path).parent.parts
    other = folder.relative_to(root).parts if folder.is_relative_to(root) else ()
    common = next((n for n, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    return len(one) + len(other) - 2 * common
