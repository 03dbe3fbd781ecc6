"""Citations: the answer's text with its marks, and under it what each mark opens, as HTML that holds no unescaped text."""

from __future__ import annotations

import re

from app.chat.parts.picture import img, name
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
    pieces = _MARKS.split(answer.answer or "")
    out = [escaped(pieces[0])]
    for mark, before, after in zip(pieces[1::2], pieces[0::2], pieces[2::2], strict=False):
        if mark == "unverified":
            reason = next((why for sentence, why in reasons.items() if before.strip().endswith(sentence)), "no passage bears it")
            out.append(f' <span class="d-unverified" title="{escaped(reason)}">unverified</span>')
        elif mark in known:
            source = escaped(known[mark].source)
            link = f'<a class="d-cite" href="#{anchor(turn, int(mark))}" title="{source}" aria-label="Source {mark}: {source}">{mark}</a>'
            out.append(f"&#8288;{link}")
        else:
            out.append(f" [{mark}]")
        out.append(escaped(after))
    return f'<div class="d-answer">{"".join(out)}</div>'


def citation_html(citation: Citation, hit: Hit | None, turn: int, page: str = "") -> str:
    """One source, closed: its number, file and place; open: the passage with the quote marked, or the picture and its words, and the
    `page` that it stands on."""
    where = place(citation.locator)
    inside = _passage(hit.text if hit else citation.quote, citation.quote)
    if hit is not None and hit.media:
        inside = f"{img(hit.media, 640, name(hit))}{inside}"
    return (
        f'<details class="d-source"><summary><span class="d-n">{citation.n}</span>'
        f'<span class="d-file">{escaped(citation.source)}</span><span class="d-where">{escaped(where)}</span></summary>'
        f'<div class="d-passage" id="{anchor(turn, citation.n)}">{inside}{page}</div></details>'
    )


def _passage(text: str, quote: str) -> str:
    """The text with the quote marked, white space folded while looking for it."""
    words = quote.split()
    found = re.search(r"\s+".join(map(re.escape, words)), text) if words else None
    if not found:
        return f"<p>{escaped(text)}</p>"
    before, inside, after = text[: found.start()], found.group(), text[found.end() :]
    return f"<p>{escaped(before)}<mark>{escaped(inside)}</mark>{escaped(after)}</p>"
