"""The figures of an evaluation as tables and charts, from the rows that a run keeps; text is escaped, and charts fetch nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from statistics import mean
from typing import TYPE_CHECKING, Any

from app.chat.language import _, number
from app.chat.parts.text import escaped
from rag.evaluate.metrics import NAMES, is_image_need, retrieval_metrics
from rag.evaluate.run import FUSED, LEAST_K, ROUTES

if TYPE_CHECKING:
    import altair
    from pandas import DataFrame

    from rag.evaluate.compare import Comparison

CLEAR = 0.05  # a p-value below it is marked
SMALL = 10  # a figure below it is shown with two places
COLOURS = ["#1d7a86", "#c9a45c", "#8a6fae", "#b5543a", "#6b8f3f"]


def table_html(head: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    """A table whose first column names the row; the others are numbers. Without a head it is narrow."""
    heads = "".join(f'<th scope="col">{escaped(each)}</th>' for each in head)
    lines = "".join(
        f'<tr><th scope="row">{escaped(first)}</th>{"".join(f"<td>{escaped(each)}</td>" for each in rest)}</tr>' for first, *rest in rows
    )
    above, kind = (f"<thead><tr>{heads}</tr></thead>", "d-figures") if heads else ("", "d-figures d-narrow")
    return f'<div class="d-scroll" tabindex="0"><table class="{kind}">{above}<tbody>{lines}</tbody></table></div>'


def figure(value: float | int | None) -> str:
    """ "0.83", "1,204", "–"."""
    if value is None:
        return "–"
    return number(value, 2) if isinstance(value, float) and abs(value) < SMALL else number(value)


def retrieval_html(metrics: Mapping[str, Any]) -> str:
    """What was found, by kind of need."""
    named = _groups()
    measured = {kind: values for kind, values in metrics["retrieval"].items() if values["n"]}
    rows = [[named[kind], values["n"], *(figure(values[name]) for name in NAMES)] for kind, values in measured.items()]
    return table_html(["", _("Questions"), *NAMES], rows)


def answers_html(metrics: Mapping[str, Any]) -> str:
    """What was answered, and how long it took; nothing where only the search was measured."""
    answer, times = metrics["answer"], metrics["latency_ms"]
    named = _of_answers()
    rows: list[list[object]] = [
        [words, figure(answer[name])] for name, words in named.items() if answer["n"] and answer.get(name) is not None
    ]
    timed = {"retrieve_p50": _("Search, half within (ms)"), "retrieve_p95": _("Search, 95 of 100 within (ms)")}
    timed["total_p50"] = _("Whole answer, half within (ms)")
    rows += [[words, figure(times[name])] for name, words in timed.items() if times[name] is not None]
    return table_html([], rows)


def _groups() -> dict[str, str]:
    return {"all": _("All"), "text": _("Passages"), "image": _("Pictures")}


def _of_answers() -> dict[str, str]:
    return {
        "keyword_recall": _("Keywords in the answer"),
        "citation_precision": _("Citations that bear their sentence"),
        "supported": _("Sentences that are borne"),
        "fallback_rate": _("Answers replaced by quotes"),
        "words": _("Words of an answer"),
        "refused_rightly": _("Rightly answered or refused"),
        "refusal_precision": _("Refusals that were right"),
        "refusal_recall": _("Unanswerable questions refused"),
        "refusal_auc": _("Answerable told from unanswerable (AUC)"),
        "retrieve": _("Search (ms)"),
        "total": _("Whole answer (ms)"),
    }


def charts(rows: Sequence[Mapping[str, Any]]) -> dict[str, altair.Chart]:
    """The charts that there is data for, by their titles."""
    drawn = {
        _("Needs met within the first k hits"): _recall(rows),
        _("Each route alone, and together (hit@5)"): _routes(rows),
        _("How sure that the answer is not there"): _refusal(rows),
        _("Time of a question (ms)"): _times(rows),
    }
    return {title: chart for title, chart in drawn.items() if chart is not None}


def comparison_html(found: Comparison) -> str:
    """A line a measure: both means, their difference, and whether it may be chance."""
    head = ["", "n", "A", "B", "B - A", "95 %", "p", _("better"), _("worse"), _("same")]
    groups, named = _groups(), _of_answers()
    rows = [
        [
            named.get(name) or f"{groups[group]} · {name}",
            each.n,
            figure(each.a),
            figure(each.b),
            _signed(each.difference),
            f"{_signed(each.interval[0])} … {_signed(each.interval[1])}",
            f"{each.p:.3f}{' *' * (each.p < CLEAR)}",
            each.wins,
            each.losses,
            each.ties,
        ]
        for group, measures in found.measures.items()
        for name, each in measures.items()
    ]
    return table_html(head, rows)


def _signed(value: float) -> str:
    return f"{'+' if value > 0 else ''}{number(value, 2 if abs(value) < SMALL else 0)}"


def _ranks(row: Mapping[str, Any], image: bool, ranks: Sequence[int | None]) -> list[int | None]:
    return [rank for rank, need in zip(ranks, row["needs"], strict=False) if is_image_need(need) is image]


def _kinds() -> dict[str, bool]:
    return {_("Passages"): False, _("Pictures"): True}


def _recall(rows: Sequence[Mapping[str, Any]]) -> altair.Chart | None:
    points = []
    for kind, image in _kinds().items():
        asked = [ranks for row in rows if (ranks := _ranks(row, image, row["ranks"]))]
        for k in range(1, LEAST_K + 1) if asked else ():
            met = mean(sum(rank is not None and rank <= k for rank in ranks) / len(ranks) for ranks in asked)
            points.append({"k": k, "share": met, "kind": kind})
    if not points:
        return None
    import altair

    base = altair.Chart(_frame(points)).mark_line(point=True)
    return base.encode(
        _axis("k:O", "k"), _share("share:Q"), _colour("kind:N"), tooltip=["kind:N", "k:O", altair.Tooltip("share:Q", format=".2f")]
    )


def _routes(rows: Sequence[Mapping[str, Any]]) -> altair.Chart | None:
    probed = [row for row in rows if row["apart"]]
    named: dict[str | None, str] = {
        **dict(zip(ROUTES, (_("meaning"), _("words"), _("looks")), strict=True)),
        FUSED: _("fused"),
        None: _("as asked"),
    }
    bars = []
    for way, words in named.items():
        for kind, image in _kinds().items():
            ranks = [_ranks(row, image, row["ranks"] if way is None else row["apart"].get(way, [])) for row in probed]
            value = retrieval_metrics(ranks)["hit@5"]
            if value is not None:
                bars.append({"way": words, "share": value, "kind": kind})
    if not bars:
        return None
    import altair

    base = altair.Chart(_frame(bars)).mark_bar()
    return base.encode(
        altair.X("way:N", sort=list(named.values()), axis=altair.Axis(labelAngle=0)).title(None),
        _share("share:Q"),
        _colour("kind:N"),
        xOffset="kind:N",
        tooltip=["way:N", "kind:N", altair.Tooltip("share:Q", format=".2f")],
    )


def _refusal(rows: Sequence[Mapping[str, Any]]) -> altair.Chart | None:
    scores = [
        {"sure": 1 - row["chance"], "kind": _("answerable") if row["answerable"] else _("unanswerable")}
        for row in rows
        if row["chance"] is not None
    ]
    if not scores:
        return None
    import altair

    base = altair.Chart(_frame(scores)).mark_bar(opacity=0.75)
    binned = altair.X("sure:Q", bin=altair.Bin(step=0.1, extent=[0, 1])).title(None)
    return base.encode(binned, altair.Y("count()", title=_("Questions"), stack=None), _colour("kind:N"), tooltip=["kind:N", "count()"])


def _times(rows: Sequence[Mapping[str, Any]]) -> altair.Chart | None:
    named = {"retrieve": _("search"), "total": _("all")}
    points = []
    for name, words in named.items():
        taken = sorted(value for row in rows if (value := row["measures"]["latency_ms"][name]))
        points += [{"ms": value, "share": at / len(taken), "kind": words} for at, value in enumerate(taken, 1)]
    if not points:
        return None
    import altair

    base = altair.Chart(_frame(points)).mark_line(interpolate="step-after")
    scale = altair.X("ms:Q", scale=altair.Scale(type="log")).title(None)
    return base.encode(scale, _share("share:Q"), _colour("kind:N"), tooltip=["kind:N", altair.Tooltip("ms:Q", format=",.0f")])


def _frame(values: Sequence[Mapping[str, Any]]) -> DataFrame:
    from pandas import DataFrame

    return DataFrame(values)


def _axis(field: str, title: str) -> altair.X:
    import altair

    return altair.X(field, title=title, axis=altair.Axis(labelAngle=0))


def _share(field: str) -> altair.Y:
    import altair

    return altair.Y(field, scale=altair.Scale(domain=[0, 1])).title(None)


def _colour(field: str) -> altair.Color:
    import altair

    return altair.Color(field, scale=altair.Scale(range=COLOURS), legend=altair.Legend(orient="top")).title(None)
