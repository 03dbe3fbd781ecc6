"""What is said and shown in a recording or film, each sentence and picture with its time, which plays it."""

from __future__ import annotations

from app.chat.language import _
from app.chat.parts.text import escaped
from app.transcript import lines
from rag.language.split import folded
from rag.records import Locator


def lines_html(text: str, locator: Locator, quote: str, plays: bool) -> list[tuple[float, str]]:
    """The lines of a passage, each with the second at which it begins, those of the `quote` marked; its times are buttons where a player
    stands beside it."""
    return [
        (_begin(place), f'<p class="d-said">{moment_html(place, plays)}<span>{_marked(line, quote)}</span></p>')
        for place, line in lines(text, locator)
    ]


def scene_html(locator: Locator, picture: str, plays: bool) -> list[tuple[float, str]]:
    """A picture of a film with its time, in the same way."""
    return [(_begin(locator), f'<p class="d-said d-scene">{moment_html(locator, plays)}{picture}</p>')]


def _begin(locator: Locator) -> float:
    return locator.time[0] if locator.time else 0.0


def _marked(line: str, quote: str) -> str:
    line, quote = folded(line), folded(quote)
    if quote and line in quote:
        return f"<mark>{escaped(line)}</mark>"
    before, found, after = line.partition(quote) if quote else (line, "", "")
    return f"{escaped(before)}<mark>{escaped(found)}</mark>{escaped(after)}" if found else escaped(line)


def moment_html(locator: Locator, plays: bool) -> str:
    """The time at which it begins, a button where a player stands beside it; nothing where it has none."""
    if locator.time is None:
        return ""
    if not plays:
        return f'<span class="d-at">{locator.moment}</span>'
    label = escaped(_("Play from {moment}").format(moment=locator.moment))
    return f'<button type="button" class="d-at" data-at="{locator.time[0]:g}" aria-label="{label}">{locator.moment}</button>'
