"""Citations: the answer's text with its marks, and under it what each mark opens, as HTML that holds no unescaped text."""

from __future__ import annotations

import re

from app.chat.language import _
from app.chat.parts.panel import source_anchor
from app.chat.parts.reading import read_html
from app.chat.parts.text import escaped, place
from rag.records import Answer

_MARKS = re.compile(r"\s*\[(\d+|unverified)\]")


def answer_html(answer: Answer, turn: int) -> str:
    """The answer; each [n] that stands for a citation is a link that opens it, each [unverified] a mark with its reason."""
    known = {str(citation.n): citation for citation in answer.citations}
    reasons = {each.sentence: each.reason for each in answer.grounding.unsupported} if answer.grounding else {}

    def mark(found: re.Match[str]) -> str:
        n = found[1]
        if n == "unverified":
            before = found.string[: found.start()].strip()
            reason = next((why for sentence, why in reasons.items() if before.endswith(sentence)), _("no passage bears it"))
            return f' <span class="d-unverified" title="{escaped(reason)}">{_("unverified")}</span>'
        if n in known:
            source = known[n].source
            label = escaped(_("Source {n}: {source}").format(n=n, source=source))
            link = f'<a class="d-cite" href="#{source_anchor(turn, int(n))}" title="{escaped(source)}" aria-label="{label}">{n}</a>'
            return f"&#8288;{link}"
        return f" [{n}]"

    written = answer.model != "quote" and not answer.fallback
    return f'<div class="d-answer">{read_html(answer.answer or "", _MARKS, mark, written)}</div>'


def sources_html(answer: Answer, turn: int) -> str:
    """The sources under an answer: number, file and place of each, as links that open them."""
    rows = "".join(
        f'<a class="d-source" href="#{source_anchor(turn, each.n)}"><span class="d-n">{each.n}</span>'
        f'<span class="d-file">{escaped(each.source)}</span><span class="d-where">{escaped(place(each.locator))}</span></a>'
        for each in answer.citations
    )
    return f'<div class="d-sources"><div class="d-label">{_("Sources")}</div>{rows}</div>'
