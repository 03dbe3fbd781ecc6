"""Citations: the answer's text with its marks, and under it what each mark opens, as HTML that holds no unescaped text."""

from __future__ import annotations

import re

from app.chat.parts.picture import img, name
from app.chat.parts.reading import marked_html, read_html
from app.chat.parts.text import escaped, place
from rag.records import Answer, Citation, Hit

_MARKS = re.compile(r"\s*\[(\d+|unverified)\]")


def anchor(turn: int, n: int) -> str:
    """The id of what citation `n` of a turn opens."""
    return f"turn-{turn}-source-{n}"


def answer_html(answer: Answer, turn: int) -> str:
    """The answer; each [n] that stands for a citation is a link that opens it, each [unverified] a mark with its reason."""
    known = {str(citation.n): citation for citation in answer.citations}
    reasons = {each.sentence: each.reason for each in answer.grounding.unsupported} if answer.grounding else {}

    def mark(found: re.Match[str]) -> str:
        n = found[1]
        if n == "unverified":
            before = found.string[: found.start()].strip()
            reason = next((why for sentence, why in reasons.items() if before.endswith(sentence)), "no passage bears it")
            return f' <span class="d-unverified" title="{escaped(reason)}">unverified</span>'
        if n in known:
            source = escaped(known[n].source)
            link = f'<a class="d-cite" href="#{anchor(turn, int(n))}" title="{source}" aria-label="Source {n}: {source}">{n}</a>'
            return f"&#8288;{link}"
        return f" [{n}]"

    written = answer.model != "quote" and not answer.fallback
    return f'<div class="d-answer">{read_html(answer.answer or "", _MARKS, mark, written)}</div>'


def citation_html(citation: Citation, hit: Hit | None, turn: int, page: str = "") -> str:
    """One source, closed: its number, file and place; open: the passage with the quote marked, or the picture and its words, and the
    `page` that it stands on."""
    where = place(citation.locator)
    inside = marked_html(hit.text if hit else citation.quote, citation.quote)
    if hit is not None and hit.media:
        inside = f"{img(hit.media, 640, name(hit))}{inside}"
    return (
        f'<details class="d-source"><summary><span class="d-n">{citation.n}</span>'
        f'<span class="d-file">{escaped(citation.source)}</span><span class="d-where">{escaped(where)}</span></summary>'
        f'<div class="d-passage" id="{anchor(turn, citation.n)}">{inside}{page}</div></details>'
    )
