"""A conversation to take along: as Markdown, and as one HTML file with its pictures and sources."""

from __future__ import annotations

import re
from pathlib import Path

from app.chat.conversation import Conversation
from app.chat.language import ENGLISH, _, spoken
from app.chat.parts.citation import answer_html
from app.chat.parts.panel import source_anchor, source_html
from app.chat.parts.text import escaped, where
from app.chat.turn import Turn
from rag.records import Citation

NAME = 60  # characters
STYLE = Path(__file__).with_name("parts") / "style.css"


def file_name(title: str) -> str:
    """A name for the file, without an ending."""
    return re.sub(r"[^\w-]+", "-", title).strip("-")[:NAME].strip("-") or "conversation"


def turn_markdown(turn: Turn) -> str:
    """An answer with its sources, as Markdown."""
    if turn.answer is None or not turn.answer.answer:
        return turn.told
    sources = [f"[{each.n}] {where(each.source, each.locator)}" for each in turn.answer.citations]
    return "\n".join([turn.answer.answer.strip(), *([""] if sources else []), *sources])


def as_markdown(title: str, conversation: Conversation, language: str = ENGLISH) -> str:
    """All questions with their answers and sources; the words between them in `language`."""
    with spoken(language):
        return _markdown(title, conversation)


def as_html(title: str, conversation: Conversation, language: str = ENGLISH) -> str:
    """The same as one page that needs nothing else: sources opened, pictures inside."""
    with spoken(language):
        turns = "".join(_turn_html(turn) for turn in conversation.turns if turn.settled)
    return (
        f'<!doctype html><html lang="{language}"><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
        f"<title>{escaped(title)}</title><style>{STYLE.read_text('utf-8')}\nbody {{ max-width: 44rem; margin: 2rem auto; padding: 0 1rem;"
        f" font-family: sans-serif; }}</style><body><h1>{escaped(title)}</h1>{turns}</body></html>"
    )


def _markdown(title: str, conversation: Conversation) -> str:
    parts = [f"# {title}"]
    for turn in conversation.turns:
        if not turn.settled:
            continue
        parts.append(f"## {turn.question or _('A picture')}")
        parts.append(turn_markdown(turn) or (f"*{turn.error}*" if turn.error else f"*{_('Stopped.')}*"))
        if turn.answer and turn.answer.citations:
            quotes = "\n".join(f"> [{each.n}] {' '.join(each.quote.split())}" for each in turn.answer.citations)
            parts.append(quotes.replace("\n", "\n>\n"))
        if turn.by:
            parts.append(f"*{turn.by}*")
    return "\n\n".join(parts) + "\n"


def _turn_html(turn: Turn) -> str:
    answer = turn.answer
    told = answer_html(answer, turn.number) if answer and answer.answer else f'<div class="d-answer d-draft">{escaped(turn.told)}</div>'
    fault = f'<p class="d-small">{escaped(turn.error)}</p>' if turn.error else ""
    sources = "".join(_source_html(turn, each) for each in answer.citations) if answer else ""
    by = f'<p class="d-small">{escaped(turn.by)}</p>' if turn.by else ""
    return f'<section><h2 class="d-question">{escaped(turn.question or _("A picture"))}</h2>{told}{fault}{sources}{by}</section>'


def _source_html(turn: Turn, citation: Citation) -> str:
    told = escaped(where(citation.source, citation.locator))
    hit = next((hit for hit in turn.hits if hit.rank == citation.rank), None)
    return (
        f'<section id="{source_anchor(turn.number, citation.n)}"><p><span class="d-n">{citation.n}</span> {told}</p>'
        f'<div class="d-passage">{source_html(citation, hit)}</div></section>'
    )
