"""What was found: every hit with its rank by route, and what the answer cost, as HTML that holds no unescaped text."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from app.chat.language import _, later, number, several
from app.chat.parts.panel import hit_anchor
from app.chat.parts.picture import img, name
from app.chat.parts.text import escaped, place
from rag.language.tabular import told
from rag.records import Answer, Hit

ROUTES = {
    "dense": later("words by meaning"),
    "bm25": later("the words themselves"),
    "visual": later("the look of pictures"),
    "rerank": later("question against passage, token by token"),
}
STAGES = {
    "encode": later("encode"),
    "retrieve": later("retrieve"),
    "rerank": later("rerank"),
    "first_token": later("first token"),
    "generate": later("write"),
    "total": later("in all"),
}
SNIPPET = 260


def hits_html(hits: Sequence[Hit], turn: int, cited: Mapping[int, Sequence[int]], packed: Collection[int] | None = None) -> str:
    """The hits as cards; `cited` gives the citation numbers of a hit by its rank, `packed` the ranks of those that a model was given."""
    cards = (_card(hit, turn, cited.get(hit.rank, ()), packed is not None and hit.rank not in packed) for hit in hits)
    return f'<div class="d-hits">{"".join(cards)}</div>'


def found_html(answer: Answer, turn: int) -> str:
    """The hits, the context and the timings, closed under "What was found"."""
    cited: dict[int, list[int]] = {}
    for citation in answer.citations:
        cited.setdefault(citation.rank, []).append(citation.n)
    pictures = sum(hit.modality == "image" for hit in answer.hits)
    passages = len(answer.hits) - pictures
    kinds = (
        several("{n} passage", "{n} passages", passages) if passages else "",
        several("{n} picture", "{n} pictures", pictures) if pictures else "",
    )
    what = ", ".join(filter(None, kinds))
    query = escaped(_("Searched for: {query}").format(query=answer.query))
    searched = f'<p class="d-small">{query}</p>' if answer.query and answer.query != answer.question else ""
    return (
        f'<details class="d-found"><summary>{_("What was found")} <span class="d-where">{what}</span></summary>'
        f"{searched}{hits_html(answer.hits, turn, cited, answer.packed)}{_cost(answer)}</details>"
    )


def _card(hit: Hit, turn: int, cited: Sequence[int], left_out: bool) -> str:
    kind = _("Picture") if hit.modality == "image" else _("Passage")
    routes = "".join(
        f'<span class="d-route{"" if rank else " d-none"}" title="{escaped(meant)}">{route} <b>{rank or "–"}</b></span>'
        for route, meant in ROUTES.items()
        for rank in [getattr(hit.routes, route)]
    )
    text = " ".join((hit.caption or told(hit.own)).split())
    snippet = text if len(text) <= SNIPPET else text[: SNIPPET - 1].rstrip() + "…"
    others = len({appearance.source for appearance in hit.appearances} - {hit.source})
    elsewhere = several("and in {n} other document", "and in {n} other documents", others)
    also = f'<span class="d-where"> {elsewhere}</span>' if others else ""
    thumb = f'<div class="d-thumb">{img(hit.media, 144, name(hit))}</div>' if hit.media else ""
    marks = "".join(f'<span class="d-n">{n}</span>' for n in cited)
    if left_out:
        marks += f'<span class="d-left-out" title="{_("The model was not given this hit.")}">{_("not in the prompt")}</span>'
    file = f'<a class="d-file" href="#{hit_anchor(turn, hit.rank)}">{escaped(hit.source)}</a>'
    return (
        f'<div class="d-hit"><div class="d-rank">{hit.rank}</div><div class="d-hit-body">'
        f'<div><span class="d-kind">{kind}</span>{file}{also}{marks}</div>'
        f'<div class="d-where">{escaped(place(hit.locator))}</div><div class="d-snippet">{escaped(snippet)}</div>'
        f'<div class="d-routes">{routes}</div></div>{thumb}</div>'
    )


def _cost(answer: Answer) -> str:
    usage, facts = answer.usage, []
    if usage.context_budget:
        room = several("The prompt had room for {n} token of hits", "The prompt had room for {n} tokens of hits", usage.context_budget)
        why = ", " + _("what is read in time at {speed} tokens a second").format(speed=number(usage.speed)) if usage.speed else ""
        facts.append(f"{room}{why}")
    times = [f"{label} {number(answer.timings_ms[stage])} ms" for stage, label in STAGES.items() if answer.timings_ms.get(stage)]
    facts.append(" · ".join(times))
    return "".join(f'<p class="d-small">{escaped(fact)}</p>' for fact in facts if fact)
