r"""Formulas in text: LaTeX between `$` or `$$`, or in `\(` or `\[`, is marked, and KaTeX sets it on the page; prices stay prices."""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import escape
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.rules_block import StateBlock
    from markdown_it.rules_inline import StateInline
    from markdown_it.token import Token

_LARGE = r"\$\$(?P<dollars>[^$]{1,2000}?)\$\$|\\\[(?P<square>.{1,2000}?)\\\]"
_SMALL = r"\\\((?P<round>.{1,500}?)\\\)|(?<![\w$\\])\$(?![\s$])(?P<dollar>(?:[^$\\]|\\.){1,500}?)(?<!\s)\$(?![\w$])"
_INLINE = re.compile(f"{_LARGE}|{_SMALL}", re.DOTALL)
_BLOCK = re.compile(rf"[ \t]*(?:{_LARGE})[ \t]*(?=\n|\Z)", re.DOTALL)

_COMMAND = re.compile(r"\\[A-Za-z]")
_SCRIPT = re.compile(r"[\w)}\]']\s*[\^_]\s*[\w{(+-]")
_TERM = re.compile(r"[^\W\d_]'?|[^\W\d_].*[=<>≤≥].*", re.DOTALL)
_WORD = re.compile(r"[^\W\d_]{3,}")

_SENTINELS = re.compile("[\ue000\ue001]")
_SLOT = re.compile("\ue000(\\d+)\ue001")


def formulas_plugin(parser: MarkdownIt) -> None:
    """Have `parser` mark formulas. What reading.py marks inside one is marked around it; what has a slot in it (`env`) is its own text."""
    parser.inline.ruler.before("newline", "formula", _inline)
    parser.block.ruler.before("paragraph", "formula", _block, {"alt": ["paragraph"]})
    parser.add_render_rule("formula", _render)


def is_latex(text: str) -> bool:
    """Whether what stands between signs of money is a formula: it has a command, or scripts or an equation without a word in it."""
    text = _SENTINELS.sub("", _SLOT.sub("", text)).strip()
    if _COMMAND.search(text):
        return True
    return not _WORD.search(text) and bool(_SCRIPT.search(text) or _TERM.fullmatch(text))


def _inline(state: StateInline, silent: bool) -> bool:
    if state.src[state.pos] not in "$\\":
        return False
    found = _INLINE.match(state.src, state.pos, state.posMax)
    if found is None or not is_latex(found[found.lastgroup or 0]):
        return False
    if not silent:
        _note(state, found)
    state.pos = found.end()
    return True


def _block(state: StateBlock, first: int, last: int, silent: bool) -> bool:
    start = state.bMarks[first]
    found = _BLOCK.match(state.src, start, state.eMarks[last - 1])
    if found is None or not is_latex(found[found.lastgroup or 0]):
        return False
    if not silent:
        _note(state, found)
        state.line = next(at for at in range(first, last) if state.eMarks[at] >= found.end()) + 1
    return True


def _note(state: StateInline | StateBlock, found: re.Match[str]) -> None:
    token = state.push("formula", "span", 0)
    token.content = found[0].strip(" \t")
    token.info = found[found.lastgroup or 0]
    token.meta = {"large": found.lastgroup in ("dollars", "square")}


def _render(_self: object, tokens: Sequence[Token], at: int, _options: object, env: dict[str, Any]) -> str:
    token = tokens[at]
    slots: Sequence[str] = env.get("slots", ())

    def own(text: str) -> str:
        return _SENTINELS.sub("", _SLOT.sub(lambda each: slots[int(each[1])], text) if slots else text)

    marked = _SLOT.sub("", token.content) if slots else token.content
    before, after = "\ue000" * marked.count("\ue000"), "\ue001" * marked.count("\ue001")
    large = " d-large" if token.meta["large"] else ""
    return f'{before}<span class="d-math{large}" data-tex="{escape(own(token.info).strip())}">{escape(own(token.content))}</span>{after}'
