"""What is said in a recording, sentence by sentence with its times, each of which plays it."""

from __future__ import annotations

from app.chat.language import _
from app.chat.parts.text import escaped
from rag.language.split import folded
from rag.records import Locator


def transcript_html(text: str, locator: Locator, quote: str, plays: bool) -> str:
    """The lines of a passage, those of the `quote` marked; its times are buttons where a player stands beside it."""
    lines = [line for line in text.split("\n") if line.strip()]
    if len(lines) != len(locator.said):
        return f'<p class="d-said">{_moment(locator, plays)}<span>{_marked(text, quote)}</span></p>'
    return "".join(
        f'<p class="d-said">{_moment(locator.lines(at, at), plays)}<span>{_marked(line, quote)}</span></p>' for at, line in enumerate(lines)
    )


def _marked(line: str, quote: str) -> str:
    line, quote = folded(line), folded(quote)
    if quote and line in quote:
        return f"<mark>{escaped(line)}</mark>"
    before, found, after = line.partition(quote) if quote else (line, "", "")
    return f"{escaped(before)}<mark>{escaped(found)}</mark>{escaped(after)}" if found else escaped(line)


def _moment(locator: Locator, plays: bool) -> str:
    if not plays or locator.time is None:
        return f'<span class="d-at">{locator.moment}</span>'
    label = escaped(_("Play from {moment}").format(moment=locator.moment))
    return f'<button type="button" class="d-at" data-at="{locator.time[0]:g}" aria-label="{label}">{locator.moment}</button>'
