"""The plots of a report: recall by k, routes apart, refusal and its curve, latency. Each takes outcomes and gives a PNG, or None without
data."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from statistics import mean
from typing import TYPE_CHECKING, Any

import numpy as np

from rag.answer.refuse import THRESHOLD
from rag.evaluate.metrics import retrieval_metrics, roc_auc
from rag.evaluate.run import FUSED, LEAST_K, ROUTES, Outcome
from rag.evaluate.summary import ranks_of, refusal_scores, retrieve_ms

if TYPE_CHECKING:
    from matplotlib.axes import Axes

INK, SOFT, LINE = "#22303a", "#66727a", "#e3ddd0"
COLOURS = {"all": "#22303a", "text": "#1d5a63", "image": "#c9a45c"}
NAMED = {"all": "all", "text": "passages", "image": "pictures"}
WAYS = {**dict.fromkeys(ROUTES), FUSED: None, "as asked": None}
STYLE: Any = {
    "font.size": 9,
    "text.color": INK,
    "axes.labelcolor": SOFT,
    "axes.edgecolor": LINE,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
    "axes.axisbelow": True,
    "grid.color": LINE,
    "grid.linewidth": 0.6,
    "xtick.color": SOFT,
    "ytick.color": SOFT,
    "legend.frameon": False,
}


def plots(outcomes: Sequence[Outcome]) -> dict[str, bytes]:
    """PNG files by name, of the plots that there is data for."""
    drawn = {"recall": recall, "routes": routes, "refusal": refusal, "refusal_curve": refusal_curve, "latency": latency}
    return {name: png for name, draw in drawn.items() if (png := draw(outcomes)) is not None}


def recall(outcomes: Sequence[Outcome]) -> bytes | None:
    """Recall within k, by modality: the share of a question's needs met, mean over questions."""
    curves = {}
    for modality in ("text", "image"):
        asked = [ranks for ranks in ranks_of(outcomes, modality) if ranks]
        if asked:
            curves[modality] = [
                mean(sum(rank is not None and rank <= k for rank in ranks) / len(ranks) for ranks in asked) for k in range(1, LEAST_K + 1)
            ]

    def draw(axes: Axes) -> None:
        for modality, values in curves.items():
            axes.plot(range(1, LEAST_K + 1), values, "o-", markersize=4, color=COLOURS[modality], label=NAMED[modality])
        axes.set(xlabel="hits looked at (k)", ylabel="recall", ylim=(0, 1.03), xticks=range(1, LEAST_K + 1))
        axes.legend(loc="lower right")

    return _png(draw) if curves else None


def ablation(outcomes: Sequence[Outcome], measure: str = "hit@5") -> dict[str, dict[str, float | None]]:
    """A measure by modality for each route alone, for the fused routes without a rerank, and for all as asked."""
    probed = [outcome for outcome in outcomes if outcome.apart]
    return {
        way: {
            modality: retrieval_metrics(ranks_of(probed, modality, None if at == len(WAYS) - 1 else way))[measure]
            for modality in ("text", "image")
        }
        for at, way in enumerate(WAYS)
        if probed
    }


def routes(outcomes: Sequence[Outcome]) -> bytes | None:
    """hit@5 of each route alone, fused, and as asked, by modality."""
    measured = ablation(outcomes)

    def draw(axes: Axes) -> None:
        for side, modality in ((-0.19, "text"), (0.19, "image")):
            values = [row[modality] or 0 for row in measured.values()]
            if any(row[modality] is not None for row in measured.values()):
                bars = axes.bar(np.arange(len(values)) + side, values, 0.36, color=COLOURS[modality], label=NAMED[modality])
                axes.bar_label(bars, fmt="%.2f", fontsize=7, color=SOFT, padding=2)
        axes.set_xticks(range(len(measured)), [way.replace(", ", ",\n") for way in measured])
        axes.set(ylabel="hit@5", ylim=(0, 1.12), yticks=np.arange(0, 1.01, 0.2))
        axes.grid(False, axis="x")
        axes.legend(loc="lower center", bbox_to_anchor=(0.5, 1.0), ncols=2)

    return _png(draw) if measured else None


def refusal(outcomes: Sequence[Outcome]) -> bytes | None:
    """How sure the refusal was that the library does not hold the answer: answerable questions against unanswerable."""
    unanswerable, answerable = refusal_scores(outcomes)

    def draw(axes: Axes) -> None:
        edges = np.linspace(0, 1, 21).tolist()
        for scores, colour, label in ((answerable, COLOURS["text"], "answerable"), (unanswerable, COLOURS["image"], "unanswerable")):
            axes.hist(scores, edges, color=colour, alpha=0.75, label=f"{label} ({len(scores)})")
        axes.axvline(1 - THRESHOLD, color=INK, linewidth=1, linestyle="--", label="refused from here on")
        axes.set(xlabel="how sure that the answer is not there", ylabel="questions", xlim=(0, 1))
        axes.locator_params(axis="y", integer=True)
        axes.legend(loc="lower center", bbox_to_anchor=(0.5, 1.0), ncols=3, fontsize=8, columnspacing=1)

    return _png(draw) if unanswerable or answerable else None


def refusal_curve(outcomes: Sequence[Outcome]) -> bytes | None:
    """Precision and recall of the refusal at every threshold that it might have, with the one in use."""
    from sklearn.metrics import precision_recall_curve

    unanswerable, answerable = refusal_scores(outcomes)
    if not unanswerable or not answerable:
        return None
    truth, scores = [1] * len(unanswerable) + [0] * len(answerable), [*unanswerable, *answerable]
    precision, found, _ = precision_recall_curve(truth, scores)
    refused = np.asarray(scores) > 1 - THRESHOLD
    right = int((refused & np.asarray(truth, bool)).sum())

    def draw(axes: Axes) -> None:
        axes.plot(
            found[:-1], precision[:-1], color=COLOURS["text"], linewidth=1.8, label=f"AUC {roc_auc(unanswerable, answerable):.3f} (ROC)"
        )
        if refused.any():
            axes.plot(right / len(unanswerable), right / refused.sum(), "o", color=COLOURS["image"], markersize=7, label="in use")
        axes.set(xlabel="unanswerable questions refused (recall)", ylabel="refusals that were right", xlim=(0, 1.02), ylim=(0, 1.03))
        axes.legend(loc="lower left")

    return _png(draw)


def latency(outcomes: Sequence[Outcome]) -> bytes | None:
    """The share of questions done within so many milliseconds: the search, and the whole answer."""
    answered = [outcome for outcome in outcomes if outcome.answer]
    times = {
        "search": (COLOURS["text"], [retrieve_ms(outcome.answer) for outcome in answered if outcome.answer]),
        "all": (COLOURS["image"], [1000 * outcome.seconds for outcome in answered]),
    }

    def draw(axes: Axes) -> None:
        for label, (colour, values) in times.items():
            axes.ecdf(values, color=colour, linewidth=1.8, label=f"{label}, half within {np.median(values):,.0f} ms")
        axes.set(xscale="log", xlabel="milliseconds", ylabel="share of questions", ylim=(0, 1.03))
        axes.xaxis.set_major_formatter("{x:,.0f}")
        axes.legend(loc="lower right")

    return _png(draw) if answered else None


def _png(draw: Callable[[Axes], None]) -> bytes:
    """A figure of one pair of axes as PNG; no window, and no state of matplotlib is touched."""
    import matplotlib
    from matplotlib.figure import Figure

    with matplotlib.rc_context(STYLE):
        figure = Figure(figsize=(5.2, 3.1), dpi=160, layout="constrained")
        draw(figure.add_subplot())
        out = io.BytesIO()
        figure.savefig(out, format="png", metadata={"Software": None})
    return out.getvalue()
