"""Answers and passages as they are meant to be read: tables, code and formulas as such; nothing in them can fetch or run."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from functools import cache
from typing import TYPE_CHECKING

from app.chat.parts.code import in_blocks
from app.chat.parts.formulas import formulas_plugin

if TYPE_CHECKING:
    from markdown_it import MarkdownIt

_FETCHES = ["link", "image", "autolink", "html_inline", "html_block", "reference"]
_SLOT = re.compile("\ue000(\\d+)\ue001")
_PRIVATE = re.compile("[\ue000\ue001]")


def read_html(text: str, marks: re.Pattern[str], mark: Callable[[re.Match[str]], str], written: bool) -> str:
    """`text` as HTML, with what `marks` finds as `mark` gives it (HTML).

    What a model has `written` is Markdown; what is quoted is shown letter by letter, but for its tables, blocks of code and formulas.
    """
    found: list[str] = []
    replaced: list[str] = []

    def slot(each: re.Match[str]) -> str:
        found.append(mark(each))
        replaced.append(each[0])
        return f"\ue000{len(found) - 1}\ue001"

    html = _markdown(written).render(marks.sub(slot, _PRIVATE.sub("", text)), {"slots": replaced})
    return _SLOT.sub(lambda each: found[int(each[1])], html)


def marked_html(text: str, quote: str, code: Collection[str] = ()) -> str:
    """A passage with the quote marked, white space folded while looking for it; in a table, each cell of it. Its lines that are in `code`
    are blocks of it."""
    words = quote.split()
    found = re.search(r"\s+".join(map(re.escape, words)), text) if words else None
    start, end = found.span() if found else (0, 0)
    lines, at = [], 0
    for line in text.splitlines(keepends=True):
        first, last = max(start - at, 0), min(end - at, len(line))
        at += len(line)
        lines.append((_marked(line, first, last) if first < last else line, line))
    ends = {"\ue000": "<mark>", "\ue001": "</mark>"}
    html = _markdown(False).render(in_blocks(lines, code))
    return _PRIVATE.sub(lambda each: ends[each[0]], html)


def _marked(line: str, first: int, last: int) -> str:
    """The line with sentinels around what is marked of it: of each cell, where it is a row of a table."""
    ranges = [each.span() for each in re.finditer(r"[^|\s](?:[^|]*[^|\s])?", line)] if line.startswith("|") else [(first, last)]
    out, at = [], 0
    for begin, end in ranges:
        begin, end = max(begin, first), min(end, last)
        if begin < end and not re.fullmatch(r"\W*", line[begin:end]):
            inside = line[begin:end].rstrip()
            out += [line[at:begin], "\ue000", inside, "\ue001"]
            at = begin + len(inside)
    return "".join([*out, line[at:]])


@cache
def _markdown(written: bool) -> MarkdownIt:
    from markdown_it import MarkdownIt

    parser = MarkdownIt("commonmark").enable("table").disable(_FETCHES) if written else MarkdownIt("zero").enable(["table", "fence"])
    parser.add_render_rule("table_open", lambda *_: '<div class="d-scroll"><table>')
    parser.add_render_rule("table_close", lambda *_: "</table></div>")
    return parser.use(formulas_plugin)
