"""What note-takers' Markdown marks beyond CommonMark: callouts, ==highlights==, H~2~O, 10^4^, %%comments%% over lines, names of blocks."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.rules_block import StateBlock
    from markdown_it.rules_core import StateCore
    from markdown_it.rules_inline import StateInline

_HIGHLIGHT = re.compile(r"==(?=[^\s=])([^=\n]{1,400}(?:=[^=\n]+)*)(?<=\S)==(?!=)")
_SHIFTED = re.compile(r"([~^])([^\s~^*\[\]]{1,16})\1(?![~^])")
_TAGS = {"~": "sub", "^": "sup"}
_CALLOUT = re.compile(r"\[!([\w -]{1,40})(?:\|[^\]\n]*)?\][+-]?[ \t]*([^\n]*)\n?")
_BLOCK_NAME = re.compile(r"(?:(?<=\s)|^)\^[A-Za-z0-9-]{1,60}\s*\Z")
_MOST_LINES = 2_000  # of a comment


def notes_plugin(parser: MarkdownIt) -> None:
    """Teaches a parser these marks."""
    parser.block.ruler.before("fence", "notes_comment", _comment, {"alt": ["paragraph", "reference", "blockquote", "list"]})
    parser.core.ruler.before("inline", "notes_callouts", _callouts)
    parser.inline.ruler.before("emphasis", "notes_highlight", _highlight)
    parser.inline.ruler.before("strikethrough", "notes_shifted", _shifted)
    for mark in "=~^":
        parser.inline.add_terminator_char(mark)


def _comment(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """A comment that opens a line and is closed at the end of a later one."""
    first = _line(state, start)
    if not first.startswith("%%") or "%%" in first[2:] or state.is_code_block(start):
        return False
    closed = next((n for n in range(start + 1, min(end, start + _MOST_LINES)) if _line(state, n).rstrip().endswith("%%")), None)
    if closed is None:
        return False
    if not silent:
        state.line = closed + 1
    return True


def _line(state: StateBlock, n: int) -> str:
    return state.src[state.bMarks[n] + state.tShift[n] : state.eMarks[n]]


def _callouts(state: StateCore) -> None:
    """The first line of a quote that is a callout is its title, else what kind it is; the names of blocks go."""
    for n, token in enumerate(state.tokens):
        if token.type != "inline":
            continue
        token.content = _BLOCK_NAME.sub("", token.content)
        if n > 1 and state.tokens[n - 2].type == "blockquote_open" and (found := _CALLOUT.match(token.content)):
            title, rest = found[2].strip() or found[1].strip().capitalize(), token.content[found.end() :]
            token.content = f"{title}  \n{rest}" if rest else title


def _highlight(state: StateInline, silent: bool) -> bool:
    found = _HIGHLIGHT.match(state.src, state.pos, state.posMax)
    if found is None or (state.pos and state.src[state.pos - 1].isalnum()):  # a==b
        return False
    if not silent:
        last, state.pos, state.posMax = state.posMax, found.start(1), found.end(1)
        state.push("mark_open", "mark", 1)
        state.md.inline.tokenize(state)
        state.push("mark_close", "mark", -1)
        state.posMax = last
    state.pos = found.end()
    return True


def _shifted(state: StateInline, silent: bool) -> bool:
    """Lowered or raised letters, right behind a word."""
    found = _SHIFTED.match(state.src, state.pos, state.posMax)
    before = state.src[state.pos - 1] if state.pos else " "
    if found is None or not (before.isalnum() or before in ")]}"):
        return False
    if not silent:
        tag = _TAGS[found[1]]
        state.push(f"{tag}_open", tag, 1)
        state.push("text", "", 0).content = found[2]
        state.push(f"{tag}_close", tag, -1)
    state.pos = found.end()
    return True
